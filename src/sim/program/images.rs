//! Image profiles as data: what an image runs, how it starts and stops, and what its files hold.

use crate::order::SortedMap;
use std::sync::Arc;

use super::fs::{File, Node};
use crate::scenario::{Crash, ImageRule, Pull};
use crate::time::{SimDuration, SimTime};

/// How an image behaves.
#[derive(Debug, Clone, PartialEq)]
pub struct Profile {
    /// Whether the node has it before any pull.
    pub present: bool,
    /// Its size, for the event of a pull.
    pub size_bytes: u64,
    /// STOPSIGNAL.
    pub stop_signal: &'static str,
    /// Whether it runs as root unless told otherwise.
    pub runs_as_root: bool,
    /// Whether the registry is known to have this tag.
    pub known_tag: bool,
    /// Whether the image is not one that the profiles know, so that its behavior is assumed.
    pub assumed: bool,
    /// How a pull ends, where the scenario says so.
    pub pull: Option<Pull>,
    /// How long a pull takes otherwise.
    pub pull_takes: SimDuration,
    /// Commands beside those of its userland.
    pub(crate) tools: &'static [&'static str],
    /// What the image runs without a command.
    pub(crate) entrypoint: Vec<String>,
    pub(crate) server: Server,
    pub(crate) userland: Userland,
    pub(crate) crash: Option<Crash>,
    /// Memory in bytes, from so long after the start on.
    pub(crate) memory: Vec<(SimDuration, u64)>,
}

/// The image's server, if it has one.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Server {
    /// Names of the program; a command that is one of them runs the server.
    pub(crate) programs: &'static [&'static str],
    pub(crate) ports: Vec<u16>,
    pub(crate) startup: SimDuration,
    /// From the stop signal to the exit.
    pub(crate) stop: SimDuration,
    /// The exit code after SIGTERM.
    pub(crate) stop_code: i32,
    pub(crate) http: bool,
    pub(crate) greeting: &'static str,
}

/// Which commands the image has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Userland {
    /// busybox's applets; no curl, no bash.
    Busybox,
    /// A Linux distribution's shell and tools.
    Distribution,
    /// Not even a shell.
    None,
}

struct Known {
    name: &'static str,
    present: bool,
    mebibytes: u64,
    entrypoint: &'static [&'static str],
    server: Option<(&'static [u16], u64, bool)>,
    userland: Userland,
    root: bool,
}

const fn shell(name: &'static str, mebibytes: u64, userland: Userland) -> Known {
    Known { name, present: false, mebibytes, entrypoint: &["sh"], server: None, userland, root: true }
}

const fn server(name: &'static str, mebibytes: u64, entrypoint: &'static [&'static str], server: (&'static [u16], u64, bool)) -> Known {
    Known { name, present: false, mebibytes, entrypoint, server: Some(server), userland: Userland::Distribution, root: true }
}

/// Well-known images: ports, milliseconds until they listen, whether they speak HTTP.
static KNOWN: &[Known] = &[
    Known { present: true, ..shell("busybox", 2, Userland::Busybox) },
    Known { present: true, ..shell("alpine", 3, Userland::Busybox) },
    shell("debian", 48, Userland::Distribution),
    shell("ubuntu", 29, Userland::Distribution),
    shell("bash", 6, Userland::Busybox),
    shell("curlimages/curl", 8, Userland::Distribution),
    shell("python", 360, Userland::Distribution),
    shell("openjdk", 230, Userland::Distribution),
    Known { entrypoint: &["stress"], ..shell("polinux/stress", 4, Userland::Distribution) },
    shell("bitnami/kubectl", 95, Userland::Distribution),
    Known { present: true, ..server("nginx", 67, &["nginx", "-g", "daemon off;"], (&[80], 20, true)) },
    server("nginxinc/nginx-unprivileged", 67, &["nginx", "-g", "daemon off;"], (&[8080], 20, true)),
    server("httpd", 55, &["httpd-foreground"], (&[80], 60, true)),
    Known { present: true, ..server("redis", 38, &["redis-server"], (&[6379], 30, false)) },
    server("memcached", 30, &["memcached"], (&[11211], 20, false)),
    server("postgres", 150, &["docker-entrypoint.sh", "postgres"], (&[5432], 2500, false)),
    server("mysql", 190, &["docker-entrypoint.sh", "mysqld"], (&[3306], 9000, false)),
    server("mariadb", 120, &["docker-entrypoint.sh", "mariadbd"], (&[3306], 5000, false)),
    server("mongo", 260, &["docker-entrypoint.sh", "mongod"], (&[27017], 2000, false)),
    server("rabbitmq", 110, &["docker-entrypoint.sh", "rabbitmq-server"], (&[5672, 15672], 8000, false)),
    server("envoyproxy/envoy", 65, &["envoy"], (&[9901, 10000, 15000, 15001, 15021], 1500, true)),
    server("istio/proxyv2", 90, &["pilot-agent", "proxy", "sidecar"], (&[15000, 15001, 15006, 15021, 15090], 2500, true)),
    server("fluent/fluentd", 45, &["fluentd"], (&[24224], 2000, false)),
    server("fluent/fluent-bit", 40, &["fluent-bit"], (&[2020], 300, true)),
    server("elastic/filebeat", 120, &["filebeat", "-e"], (&[], 800, false)),
    server("prom/statsd-exporter", 12, &["statsd_exporter"], (&[9102], 100, true)),
    server("prom/prometheus", 100, &["prometheus"], (&[9090], 1500, true)),
    server("grafana/grafana", 130, &["grafana"], (&[3000], 4000, true)),
    server("haproxy", 40, &["haproxy"], (&[80], 100, true)),
    server("traefik", 45, &["traefik"], (&[80, 8080], 500, true)),
    server("node", 350, &["node"], (&[3000], 500, true)),
    server("hashicorp/http-echo", 4, &["http-echo"], (&[5678], 30, true)),
    Known { userland: Userland::None, ..server("registry.k8s.io/pause", 1, &["pause"], (&[], 0, false)) },
    server("registry.k8s.io/e2e-test-images/agnhost", 50, &["agnhost", "pause"], (&[], 50, true)),
];

/// How an image behaves: its profile, overruled by the first of the scenario's rules that fits it.
pub fn profile(image: &str, rules: &[ImageRule]) -> Arc<Profile> {
    let reference = normalize_image(image);
    let (repository, tag) = split(&reference);
    let known = KNOWN.iter().find(|k| normalize_name(k.name) == repository);
    let mut profile = known.map_or_else(|| assumed(&repository), |k| of(k, &tag));
    let fits = |rule: &&ImageRule| {
        let wanted = normalize_image(&rule.image);
        wanted == reference || (!tagged(&rule.image) && split(&wanted).0 == repository)
    };
    if let Some(rule) = rules.iter().find(fits) {
        apply(&mut profile, rule);
    }
    Arc::new(profile)
}

fn of(known: &Known, tag: &str) -> Profile {
    let (ports, startup, http) = known.server.unwrap_or((&[], 0, false));
    let nginx = known.name.contains("nginx");
    Profile {
        present: known.present && known_tag(tag),
        size_bytes: known.mebibytes << 20,
        stop_signal: if nginx { "QUIT" } else { "TERM" },
        runs_as_root: known.root && !known.name.contains("unprivileged"),
        known_tag: known_tag(tag),
        assumed: false,
        pull: None,
        tools: super::commands::client::tools(known.name),
        pull_takes: SimDuration::from_ms(400 + known.mebibytes * 25),
        entrypoint: known.entrypoint.iter().map(|s| (*s).to_owned()).collect(),
        server: Server {
            programs: if known.server.is_some() { known.entrypoint } else { &[] },
            ports: ports.to_vec(),
            startup: SimDuration::from_ms(startup),
            stop: SimDuration::from_ms(if known.mebibytes > 100 { 800 } else { 60 }),
            stop_code: 0,
            http,
            greeting: greeting(known.name),
        },
        userland: known.userland,
        crash: None,
        memory: Vec::new(),
    }
}

fn greeting(name: &str) -> &'static str {
    match name {
        "nginx" => "/docker-entrypoint.sh: Configuration complete; ready for start up\n",
        "redis" => "1:M * Ready to accept connections tcp\n",
        "postgres" => "LOG:  database system is ready to accept connections\n",
        "mysql" | "mariadb" => "[Server] ready for connections. port: 3306\n",
        "envoyproxy/envoy" => "[info] starting main dispatch loop\n",
        _ => "",
    }
}

/// A tag as publishers use them: a version, one of the usual words, or both.
fn known_tag(tag: &str) -> bool {
    const WORDS: &[&str] = &[
        "latest",
        "stable",
        "alpine",
        "slim",
        "mainline",
        "lts",
        "bookworm",
        "bullseye",
        "glibc",
        "musl",
        "uclibc",
        "perl",
        "jammy",
        "noble",
        "otel",
        "management",
        "jdk",
        "jre",
        "edge",
        "debug",
        "distroless",
        "dev",
        "rc",
        "fpm",
        "ubuntu",
        "debian",
    ];
    let is_version = |part: &str| {
        let digits = part.trim_start_matches('v');
        digits.starts_with(|c: char| c.is_ascii_digit()) && digits.chars().all(|c| c.is_ascii_alphanumeric() || c == '.')
    };
    let is_word = |part: &str| WORDS.contains(&part.trim_end_matches(|c: char| c.is_ascii_digit() || c == '.'));
    tag.starts_with("sha256") || (!tag.is_empty() && tag.split('-').all(|part| is_version(part) || is_word(part)))
}

/// A plausible server, for an image that nobody here knows.
fn assumed(repository: &str) -> Profile {
    let name = repository.rsplit('/').next().unwrap_or(repository).to_owned();
    Profile {
        present: false,
        size_bytes: 120 << 20,
        stop_signal: "TERM",
        runs_as_root: true,
        known_tag: true,
        assumed: true,
        pull: None,
        tools: &[],
        pull_takes: SimDuration::from_secs(3),
        entrypoint: vec![name],
        server: Server {
            programs: &[],
            ports: Vec::new(),
            startup: SimDuration::from_secs(1),
            stop: SimDuration::from_ms(500),
            stop_code: 0,
            http: true,
            greeting: "",
        },
        userland: Userland::Distribution,
        crash: None,
        memory: Vec::new(),
    }
}

fn apply(profile: &mut Profile, rule: &ImageRule) {
    if let Some(present) = rule.present {
        profile.present = present;
        profile.known_tag |= present;
    }
    if let Some(pull) = rule.pull {
        profile.pull = Some(pull);
        profile.present &= rule.present == Some(true);
    }
    if let Some(startup) = rule.startup {
        profile.server.startup = startup;
    }
    if let Some(ports) = &rule.ports {
        profile.server.ports.clone_from(ports);
    }
    profile.crash = rule.crash.or(profile.crash);
    if !rule.memory.is_empty() {
        profile.memory.clone_from(&rule.memory);
    }
}

/// `nginx` is `docker.io/library/nginx:latest`.
pub fn normalize_image(image: &str) -> String {
    let name = image.split('@').next().unwrap_or(image);
    let (repository, tag) = if tagged(name) { name.rsplit_once(':').unwrap_or((name, "latest")) } else { (name, "latest") };
    let tag = image.split_once('@').map_or(tag, |(_, digest)| digest);
    format!("{}{}{tag}", normalize_name(repository), if image.contains('@') { "@" } else { ":" })
}

fn tagged(image: &str) -> bool {
    image.rsplit('/').next().is_some_and(|last| last.contains(':') || last.contains('@'))
}

fn normalize_name(repository: &str) -> String {
    match repository.split_once('/') {
        None => format!("docker.io/library/{repository}"),
        Some((host, _)) if host.contains('.') || host.contains(':') || host == "localhost" => repository.to_owned(),
        Some(_) => format!("docker.io/{repository}"),
    }
}

fn split(reference: &str) -> (String, String) {
    let at = reference.split_once('@').or_else(|| reference.rsplit_once(':'));
    at.map_or((reference.to_owned(), String::new()), |(r, t)| (r.to_owned(), t.to_owned()))
}

/// The files that an image brings.
pub(crate) fn files(profile: &Profile) -> Arc<SortedMap<String, Node>> {
    let folders = [
        "bin",
        "dev",
        "etc",
        "home",
        "lib",
        "opt",
        "proc",
        "root",
        "run",
        "sbin",
        "srv",
        "sys",
        "tmp",
        "usr",
        "usr/bin",
        "usr/local",
        "usr/share",
        "var",
        "var/lib",
        "var/log",
        "var/run",
        "var/cache",
        "data",
        "mnt",
        "usr/local/bin",
    ];
    let mut tree: SortedMap<String, Node> = folders.into_iter().map(|f| (f.to_owned(), Node::Folder)).collect();
    let mut file = |path: &str, text: &str| tree.insert(path.to_owned(), Node::File(File::new(text.into(), SimTime::ZERO)));
    file("etc/hosts", "127.0.0.1\tlocalhost\n");
    file("etc/passwd", "root:x:0:0:root:/root:/bin/sh\n");
    file("etc/resolv.conf", "search default.svc.cluster.local svc.cluster.local cluster.local\nnameserver 10.96.0.10\noptions ndots:5\n");
    if profile.server.programs.first() == Some(&"nginx") {
        file("usr/share/nginx/html/index.html", "<!DOCTYPE html>\n<html><head><title>Welcome to nginx!</title></head></html>\n");
        file("etc/nginx/nginx.conf", "events {}\nhttp { server { listen 80; } }\n");
        file("var/log/nginx/access.log", "");
        file("var/log/nginx/error.log", "");
        for folder in ["usr/share/nginx", "usr/share/nginx/html", "etc/nginx", "etc/nginx/conf.d", "var/log/nginx"] {
            tree.insert(folder.to_owned(), Node::Folder);
        }
    }
    Arc::new(tree)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_one_image_are_one() {
        for name in ["nginx", "nginx:latest", "docker.io/library/nginx", "library/nginx:latest"] {
            assert_eq!(normalize_image(name), "docker.io/library/nginx:latest", "{name}");
        }
        assert_eq!(normalize_image("quay.io/a/b:1"), "quay.io/a/b:1");
        assert_eq!(normalize_image("localhost:5000/b"), "localhost:5000/b:latest");
    }

    #[test]
    fn versions_are_known_tags_and_typos_are_not() {
        for tag in ["1.25", "1.14.2", "latest", "7-alpine", "v1.30-latest", "3.20", "1.36.1", "15-bookworm", "8u202-jre"] {
            assert!(known_tag(tag), "{tag}");
        }
        for tag in ["typo", "no-such-tag", "1.25-typo", "lates"] {
            assert!(!known_tag(tag), "{tag}");
        }
    }

    #[test]
    fn a_rule_overrules_the_profile_of_all_tags_or_of_one() {
        let rule = |image: &str| ImageRule { image: image.into(), startup: Some(SimDuration::from_secs(8)), ..ImageRule::default() };
        for (image, seconds) in [("envoyproxy/envoy", 8), ("envoyproxy/envoy:v1.30", 8), ("envoyproxy/envoy:v1.31", 1)] {
            let found = profile("envoyproxy/envoy:v1.30", &[rule(image)]);
            assert_eq!(found.server.startup.whole_secs(), seconds, "{image}");
        }
    }
}
