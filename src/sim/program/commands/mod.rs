//! Commands and servers: which there are, and what each does.

mod bulk;
pub(crate) mod client;
mod files;
mod job;
mod network;
mod server;
pub(crate) mod test;
mod text;

use super::images::{Profile, Userland};
use super::process::{Argv, Body, Process, State};
use super::shell::machine::Shell;
use super::shell::parser;
use super::shell::variables::Env;
use super::world::World;

pub(crate) use job::{Job, Reaction};
pub(crate) use text::{echo, printf};

/// Where a command is started from: the words for one that is missing differ.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Place {
    /// The container's own command.
    Main,
    /// A probe or hook.
    Exec,
    /// A script.
    Shell,
}

/// Commands that busybox and the distributions have.
const COMMON: &[&str] = &[
    "sleep",
    "cat",
    "tail",
    "head",
    "grep",
    "touch",
    "rm",
    "mkdir",
    "rmdir",
    "ls",
    "date",
    "hostname",
    "env",
    "printenv",
    "seq",
    "wc",
    "cp",
    "mv",
    "ln",
    "id",
    "whoami",
    "ps",
    "cut",
    "tr",
    "sed",
    "sort",
    "uniq",
    "basename",
    "dirname",
    "mktemp",
    "uname",
    "which",
    "stat",
    "dd",
    "sync",
    "chmod",
    "chown",
    "true",
    "false",
    "echo",
    "printf",
    "test",
    "[",
    "pwd",
    "kill",
    "yes",
    "tee",
    "sh",
    "ash",
    "nproc",
    "free",
    "df",
    "du",
    "find",
    "xargs",
    "awk",
    "expr",
    "timeout",
    "nohup",
    "setsid",
    "md5sum",
    "sha256sum",
    "base64",
    "gzip",
    "tar",
    "readlink",
    "realpath",
    "truncate",
    "fallocate",
    "tac",
    "rev",
    "nice",
    "getent",
];
/// Those that busybox has beside.
const BUSYBOX: &[&str] = &["nc", "wget", "httpd", "nslookup", "ping", "telnet", "vi", "top", "less", "ifconfig", "ip", "busybox"];
/// Those that distributions have, in images that carry tools.
const DISTRIBUTION: &[&str] = &["bash", "dash", "curl", "apt-get", "stress"];
/// What is known to exist but does nothing here.
const WITHOUT_EFFECT: &[&str] =
    &["chmod", "chown", "sync", "ifconfig", "ip", "df", "free", "ping", "top", "apt-get", "apk", "tar", "gzip", "iptables"];

/// Whether a word names a shell.
pub(crate) fn is_shell(name: &str) -> bool {
    matches!(base(name), "sh" | "ash" | "dash" | "bash")
}

fn base(name: &str) -> &str {
    let start = name.bytes().rposition(|b| b == b'/').map_or(0, |slash| slash + 1);
    name.get(start..).unwrap_or(name)
}

/// Whether an image has a command.
pub(crate) fn exists(profile: &Profile, name: &str) -> bool {
    let folder = name.rsplit_once('/').map(|(f, _)| f);
    if folder.is_some_and(|f| !matches!(f, "" | "/bin" | "/usr/bin" | "/sbin" | "/usr/sbin" | "/usr/local/bin" | "bin")) {
        return profile.server.programs.first().is_some_and(|p| base(p) == base(name)) || profile.assumed;
    }
    let name = base(name);
    let server = profile.server.programs.first().is_some_and(|p| *p == name) || profile.entrypoint.first().is_some_and(|p| p == name);
    server
        || profile.tools.contains(&name)
        || match profile.userland {
            Userland::None => false,
            Userland::Busybox => COMMON.contains(&name) || BUSYBOX.contains(&name),
            Userland::Distribution => COMMON.contains(&name) || DISTRIBUTION.contains(&name) || profile.assumed && BUSYBOX.contains(&name),
        }
}

/// The commands of images, behind the few that are always at hand. They are handed in, so that a page can bring them when
/// the first life has been painted.
#[derive(Debug, Clone, Copy)]
pub struct Commands {
    begin: fn(&str, &[String], &Process, &mut World<'_>) -> Job,
    pass_on: fn(&mut job::Filter, &Process, &mut World<'_>) -> State,
}

impl Commands {
    /// All that are simulated.
    pub fn all() -> Self {
        Self { begin: job::begin_other, pass_on: text::pass_on }
    }

    /// None of them: `sleep`, `nc`, `touch`, `test` and `cat` have to do.
    pub fn few() -> Self {
        Self { begin: |name, _, _, _| Job::Unknown { what: name.to_owned() }, pass_on: |_, _, _| State::Ended(0) }
    }
}

/// Two clusters do not differ in what they are made of.
impl PartialEq for Commands {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

/// What a command line runs.
///
/// # Errors
/// The message and exit status of a command that the image does not have.
pub(crate) fn program(profile: &Profile, argv: &Argv, env: &Env, place: Place) -> Result<Body, (String, i32)> {
    let Some(name) = argv.first() else {
        return Err(("failed to generate container spec: failed to generate spec: no command specified".into(), 128));
    };
    let is_assumed = profile.assumed && place != Place::Shell;
    if !exists(profile, name) && !is_assumed {
        return Err(missing(name, place));
    }
    if is_shell(name) && profile.userland != Userland::None {
        return shell(argv, env);
    }
    let short = base(name);
    let own = profile.entrypoint.iter().any(|p| p == short) || profile.server.programs.contains(&short);
    if let Some(server) = argv.get(1..).filter(|_| own && short == "agnhost").and_then(server::Server::agnhost) {
        return Ok(Body::Job(Job::Server(server.into())));
    }
    if let Some(script) = Some(argv).filter(|_| own && short == "nginx").and_then(|argv| nginx_control(argv)) {
        return shell(&["sh".to_owned(), "-c".to_owned(), script.to_owned()], env);
    }
    if client::is_runtime(short) && argv.len() > 1 {
        return Ok(Body::Job(Job::Server(server::Server::assumed(profile, short).into())));
    }
    if own && !COMMON.contains(&short) && !DISTRIBUTION.contains(&short) {
        return Ok(Body::Job(Job::server(profile, short)));
    }
    let known = COMMON.contains(&short) || BUSYBOX.contains(&short) || DISTRIBUTION.contains(&short) || profile.tools.contains(&short);
    if !known {
        return Ok(Body::Job(Job::Server(server::Server::assumed(profile, short).into())));
    }
    Ok(Body::Job(Job::Command(Argv::clone(argv))))
}

/// `nginx -s quit` and `nginx -t` end at once: they talk to the server that is process 1, or look at its configuration.
fn nginx_control(argv: &[String]) -> Option<&'static str> {
    let words: Vec<&str> = argv.iter().map(String::as_str).collect();
    Some(match words.get(1..)? {
        ["-s", "quit"] => "kill -QUIT 1",
        ["-s", "stop"] => "kill -TERM 1",
        ["-s", "reload" | "reopen"] => "kill -HUP 1",
        ["-t" | "-T", ..] => "echo 'nginx: configuration file /etc/nginx/nginx.conf test is successful' >&2",
        _ => return None,
    })
}

fn missing(name: &str, place: Place) -> (String, i32) {
    if place == Place::Shell {
        return (format!("{name}: not found"), 127);
    }
    let detail = if name.contains('/') {
        format!("stat {name}: no such file or directory")
    } else {
        "executable file not found in $PATH".to_owned()
    };
    let text = if place == Place::Main {
        format!(
            "failed to create containerd task: failed to create shim task: OCI runtime create failed: runc create failed: unable to start \
             container process: exec: \"{name}\": {detail}: unknown"
        )
    } else {
        format!(
            "rpc error: code = Unknown desc = failed to exec in container: failed to start exec: OCI runtime exec failed: exec failed: unable to start container process: exec: \"{name}\": {detail}: unknown"
        )
    };
    (text, 128)
}

/// `sh`, `sh -c SCRIPT NAME ARGS...`, `sh FILE`.
fn shell(argv: &[String], env: &Env) -> Result<Body, (String, i32)> {
    let name = argv.first().map_or("sh", |n| base(n));
    let mut rest = argv.iter().skip(1);
    let (mut flags, mut script) = (String::new(), None);
    for arg in rest.by_ref() {
        if let Some(flag) = arg.strip_prefix('-') {
            flags.push_str(flag);
            continue;
        }
        script = Some(arg.clone());
        break;
    }
    let (text, positional) = match script {
        Some(text) if flags.contains('c') => {
            let mut rest = rest.cloned();
            rest.next();
            (text, rest.collect())
        }
        // A script file is read when the shell runs; without input a shell ends at once.
        Some(file) => (format!(". {file}"), rest.cloned().collect()),
        None => (String::new(), Vec::new()),
    };
    let mut shell = match parser::parse(&text) {
        Ok(list) => Shell::new(list, name, positional, env),
        // What bash has beyond the shell of POSIX.
        Err(e) if name == "bash" => return Ok(Body::Job(Job::Unknown { what: format!("bash, line {}: {}", e.line + 1, e.message) })),
        Err(e) => {
            let said = format!("echo '{name}: line {}: {}' >&2; exit 2", e.line, e.message.replace('\'', ""));
            Shell::new(parser::parse(&said).unwrap_or_else(|_| Vec::new().into()), name, Vec::new(), env)
        }
    };
    shell.options.exit = flags.contains('e');
    shell.options.unset = flags.contains('u');
    shell.options.trace = flags.contains('x');
    Ok(Body::Shell(Box::new(shell)))
}

/// A script file with its arguments.
pub(crate) fn script(text: &str, argv: &[String], env: &Env) -> Result<Body, (String, i32)> {
    let name = argv.first().map_or("sh", String::as_str);
    match parser::parse(text) {
        Ok(list) => Ok(Body::Shell(Box::new(Shell::new(list, name, argv.iter().skip(1).cloned().collect(), env)))),
        Err(e) => Err((format!("{name}: line {}: {}", e.line + 1, e.message), 2)),
    }
}

/// An absolute path.
pub(crate) fn absolute(cwd: &str, path: &str) -> String {
    if path.starts_with('/') { format!("/{}", super::fs::clean(path)) } else { format!("/{}", super::fs::clean(&format!("{cwd}/{path}"))) }
}

const SIGNALS: &[(&str, i32)] = &[
    ("HUP", 1),
    ("INT", 2),
    ("QUIT", 3),
    ("ABRT", 6),
    ("KILL", 9),
    ("USR1", 10),
    ("SEGV", 11),
    ("USR2", 12),
    ("PIPE", 13),
    ("ALRM", 14),
    ("TERM", 15),
    ("CHLD", 17),
    ("CONT", 18),
    ("STOP", 19),
];

/// A signal's name without `SIG`, from a name or number.
pub(crate) fn signal_name(text: &str) -> String {
    if text == "0" {
        return "EXIT".into();
    }
    let by_number = text.parse::<i32>().ok().and_then(|n| SIGNALS.iter().find(|(_, number)| *number == n));
    by_number.map_or_else(|| text.trim_start_matches("SIG").to_ascii_uppercase(), |(name, _)| (*name).to_owned())
}

/// A signal and its number.
pub(crate) fn signal_number(text: &str) -> Option<(&'static str, i32)> {
    let name = signal_name(text);
    SIGNALS.iter().find(|(known, _)| *known == name).copied()
}
