//! Commands that talk to others: nc, wget, curl, httpd, nslookup.

use std::sync::Arc;

use super::job::{Job, done};
use super::server::Server;
use crate::sim::program::net::{Connect, HttpReply};
use crate::sim::program::process::Process;
use crate::sim::program::world::World;
use crate::time::SimDuration;

/// A connection that nobody answers is given up after this time, where the command has no limit of its own.
const CONNECT_TIMEOUT: SimDuration = SimDuration::from_secs(127);

/// Begins one of them.
pub(super) fn begin(name: &str, args: &[String], process: &Process, world: &mut World<'_>) -> Job {
    match name {
        "telnet" => netcat(args, process, world),
        "httpd" => httpd(args, process, world),
        "nslookup" => nslookup(args, process, world),
        _ => get(name, args, process, world),
    }
}

fn own_ip(world: &World<'_>) -> Arc<str> {
    Arc::clone(&world.table.ip)
}

pub(super) fn resolve(name: &str, world: &World<'_>) -> Option<Arc<str>> {
    world.os.net.resolve(name, &own_ip(world)).or_else(|| (*name == *world.table.hostname).then(|| own_ip(world)))
}

/// `nc HOST PORT`, `nc -l -p PORT`.
pub(super) fn netcat(args: &[String], process: &Process, world: &mut World<'_>) -> Job {
    let (mut listens, mut local, mut timeout, mut words) = (false, None, None, Vec::new());
    let mut rest = args.iter();
    while let Some(arg) = rest.next() {
        match arg.as_str() {
            "-p" => local = rest.next().and_then(|p| p.parse().ok()),
            "-w" | "-i" | "-q" => timeout = rest.next().and_then(|s| crate::time::parse_duration(s)),
            "-e" => break,
            flag if flag.starts_with('-') => {
                listens |= flag.contains('l');
                if flag.ends_with('p') {
                    local = rest.next().and_then(|p| p.parse().ok());
                } else if let Some(seconds) = flag.strip_prefix("-w") {
                    timeout = crate::time::parse_duration(seconds);
                }
            }
            word => words.push(word),
        }
    }
    if listens {
        let port = local.or_else(|| words.last().and_then(|p| p.parse().ok())).unwrap_or_default();
        return Job::Server(Server::plain("nc", port).into());
    }
    let [host, port, ..] = words.as_slice() else {
        return done(world, process, (String::new(), "BusyBox v1.36.1 multi-call binary.\n\nUsage: nc [OPTIONS] HOST PORT\n".into(), 1));
    };
    let Some(ip) = resolve(host, world) else {
        return done(world, process, (String::new(), format!("nc: bad address '{host}'\n"), 1));
    };
    match world.os.net.connect(&ip, port.parse().unwrap_or_default()) {
        Connect::Open => done(world, process, (String::new(), String::new(), 0)),
        Connect::Refused => {
            done(world, process, (String::new(), format!("nc: can't connect to remote host ({ip}): Connection refused\n"), 1))
        }
        Connect::Unreachable => {
            let message = if timeout.is_some() {
                "nc: timed out\n".into()
            } else {
                format!("nc: can't connect to remote host ({ip}): Connection timed out\n")
            };
            Job::Fails { at: world.now + timeout.unwrap_or(CONNECT_TIMEOUT), message, code: 1 }
        }
    }
}

/// An address in its parts.
struct Url<'a> {
    host: &'a str,
    port: u16,
    path: String,
}

fn parse_url(url: &str) -> Url<'_> {
    let tls = url.starts_with("https://");
    let rest = url.split_once("://").map_or(url, |(_, r)| r);
    let (authority, path) = rest.split_once('/').map_or((rest, String::from("/")), |(a, p)| (a, format!("/{p}")));
    let (host, port) = authority.split_once(':').unwrap_or((authority, if tls { "443" } else { "80" }));
    Url { host, port: port.parse().unwrap_or(80), path }
}

/// What a download is asked to do.
#[derive(Default)]
struct Download<'a> {
    url: Option<&'a String>,
    file: Option<String>,
    timeout: Option<SimDuration>,
    flags: String,
}

fn download_of<'a>(name: &str, args: &'a [String]) -> Download<'a> {
    let takes_value = ["-O", "-T", "-o", "-m", "-H", "-X", "-d", "--max-time", "--connect-timeout", "--retry", "-w", "-U", "--header"];
    let mut found = Download::default();
    let mut rest = args.iter();
    while let Some(arg) = rest.next() {
        let joined = name == "wget" && arg.starts_with('-') && arg.len() > 2 && arg.ends_with('O');
        if joined || takes_value.contains(&arg.as_str()) {
            let value = rest.next();
            match arg.as_str() {
                "-T" | "-m" | "--max-time" | "--connect-timeout" => found.timeout = value.and_then(|v| crate::time::parse_duration(v)),
                "-H" | "-X" | "-d" | "--retry" | "-w" | "-U" | "--header" => {}
                _ => found.file = value.cloned(),
            }
            found.flags.push_str(arg);
        } else if arg.starts_with('-') {
            found.flags.push_str(arg);
        } else {
            found.url = Some(arg);
        }
    }
    found
}

/// `wget` and `curl`.
fn get(name: &str, args: &[String], process: &Process, world: &mut World<'_>) -> Job {
    let Download { url, file, timeout, flags } = download_of(name, args);
    let Some(url) = url else { return done(world, process, (String::new(), format!("{name}: missing URL\n"), 1)) };
    let parts = parse_url(url);
    let wget = name == "wget";
    let Some(ip) = resolve(parts.host, world) else {
        let (text, code) = if wget {
            (format!("wget: bad address '{}'\n", parts.host), 1)
        } else {
            (format!("curl: (6) Could not resolve host: {}\n", parts.host), 6)
        };
        return done(world, process, (String::new(), text, code));
    };
    let silent = !wget && flags.contains('s');
    let mut reply = world.os.net.http_get(&world.os.files, &ip, parts.port, &parts.path);
    if let HttpReply::Status { location: Some(path), .. } = &reply
        && (wget || flags.contains('L'))
    {
        reply = world.os.net.http_get(&world.os.files, &ip, parts.port, path);
    }
    match reply {
        HttpReply::Status { code, body, .. } if code < 400 || (!wget && !flags.contains('f')) => {
            store(body, file.as_deref(), wget, process, world)
        }
        HttpReply::Status { code, .. } => {
            let phrase = if code == 404 { "404 Not Found".to_owned() } else { code.to_string() };
            let said = if wget {
                (format!("wget: server returned error: HTTP/1.1 {phrase}\n"), 1)
            } else {
                (format!("curl: (22) The requested URL returned error: {code}\n"), 22)
            };
            done(world, process, (String::new(), said.0, said.1))
        }
        HttpReply::Refused => {
            let said = if wget {
                (format!("wget: can't connect to remote host ({ip}): Connection refused\n"), 1)
            } else {
                (format!("curl: (7) Failed to connect to {} port {} after 0 ms: Could not connect to server\n", parts.host, parts.port), 7)
            };
            done(world, process, (String::new(), if silent { String::new() } else { said.0 }, said.1))
        }
        HttpReply::NotHttp => done(world, process, (String::new(), format!("{name}: error getting response\n"), 1)),
        HttpReply::Timeout => {
            let (message, code) = if wget { ("wget: download timed out\n", 1) } else { ("curl: (28) Connection timed out\n", 28) };
            Job::Fails { at: world.now + timeout.unwrap_or(CONNECT_TIMEOUT), message: message.into(), code }
        }
    }
}

fn store(body: String, file: Option<&str>, wget: bool, process: &Process, world: &mut World<'_>) -> Job {
    match file {
        Some("-") => done(world, process, (body, String::new(), 0)),
        None if !wget => done(world, process, (body, String::new(), 0)),
        Some("/dev/null") => done(world, process, (String::new(), String::new(), 0)),
        other => {
            let path = super::absolute(&process.cwd, other.unwrap_or("index.html"));
            let now = world.now;
            let written = world.table.view.write(&mut world.os.files, &path, &body, now);
            let (err, code) = written.map_or_else(|e| (format!("wget: can't open '{path}': {e}\n"), 1), |()| (String::new(), 0));
            done(world, process, (String::new(), err, code))
        }
    }
}

fn httpd(args: &[String], process: &Process, world: &mut World<'_>) -> Job {
    let (mut port, mut root, mut foreground) = (80_u16, process.cwd.to_string(), false);
    let mut rest = args.iter();
    while let Some(arg) = rest.next() {
        match arg.as_str() {
            "-p" => {
                let value = rest.next().map(String::as_str).unwrap_or_default();
                port = value.rsplit(':').next().and_then(|p| p.parse().ok()).unwrap_or(80);
            }
            "-h" => root = super::absolute(&process.cwd, rest.next().map(String::as_str).unwrap_or("/")),
            flag => foreground |= flag.starts_with('-') && flag.contains('f'),
        }
    }
    let server = Server::files("httpd", port, root, world.table.view.clone());
    if foreground {
        return Job::Server(server.into());
    }
    let body = crate::sim::program::process::Body::Job(Job::Server(server.into()));
    world.spawn(process, body, (process.io.clone(), process.env.clone()), &[String::from("httpd")].into());
    done(world, process, (String::new(), String::new(), 0))
}

fn nslookup(args: &[String], process: &Process, world: &mut World<'_>) -> Job {
    let Some(name) = args.iter().find(|a| !a.starts_with('-')) else { return done(world, process, (String::new(), String::new(), 1)) };
    let head = "Server:\t\t10.96.0.10\nAddress:\t10.96.0.10:53\n\n";
    match resolve(name, world) {
        Some(ip) => done(world, process, (format!("{head}Name:\t{name}\nAddress: {ip}\n\n"), String::new(), 0)),
        None => done(world, process, (format!("{head}** server can't find {name}: NXDOMAIN\n\n"), String::new(), 1)),
    }
}
