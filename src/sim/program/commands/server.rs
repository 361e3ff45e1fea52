//! Programs that stay and listen.

use std::sync::Arc;

use super::job::Reaction;
use crate::sim::program::images::Profile;
use crate::sim::program::net::Listener;
use crate::sim::program::process::{Process, State};
use crate::sim::program::view::View;
use crate::sim::program::world::World;
use crate::time::{SimDuration, SimTime};
use crate::trace::Stream;

/// A server in progress.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Server {
    name: String,
    ports: Vec<u16>,
    startup: SimDuration,
    stop: SimDuration,
    stop_code: i32,
    answers: Answers,
    greeting: &'static str,
    /// Whether it takes the ports that the container declares.
    declared: bool,
    /// Whether it is a guess that this is a server.
    guessed: bool,
    stage: Stage,
    tries: u32,
    /// From then on it answers with an error.
    fails: Fails,
}

/// Whether a server begins to answer with errors.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fails {
    Never,
    After(SimDuration),
    At(SimTime),
}

#[derive(Debug, Clone, PartialEq)]
enum Answers {
    Nothing,
    Ok,
    Files(Box<View>, String),
    /// gRPC's health check for a service of this name.
    Grpc(Arc<str>),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stage {
    New,
    Starting(SimTime),
    Up,
    Stopping(SimTime),
}

/// nginx tries to bind this often, half a second apart. (ngx_open_listening_sockets)
const NGINX_TRIES: u32 = 5;

/// What nginx makes when it starts, in the image's own folder.
const NGINX_CACHE: &str = "/var/cache/nginx/client_temp";

impl Server {
    /// The server of an image.
    pub(crate) fn new(profile: &Profile, name: &str) -> Self {
        let server = &profile.server;
        Self {
            name: name.to_owned(),
            ports: server.ports.clone(),
            startup: server.startup,
            stop: server.stop,
            stop_code: server.stop_code,
            answers: if server.http { Answers::Ok } else { Answers::Nothing },
            greeting: server.greeting,
            declared: profile.assumed && server.ports.is_empty(),
            guessed: false,
            stage: Stage::New,
            tries: 0,
            fails: Fails::Never,
        }
    }

    /// One that only accepts connections.
    pub(crate) fn plain(name: &str, port: u16) -> Self {
        Self {
            name: name.to_owned(),
            ports: vec![port],
            startup: SimDuration::ZERO,
            stop: SimDuration::ZERO,
            stop_code: 143,
            answers: Answers::Nothing,
            greeting: "",
            declared: false,
            guessed: false,
            stage: Stage::New,
            tries: 0,
            fails: Fails::Never,
        }
    }

    /// A program of which nothing is known: taken for a server of the ports that the container declares.
    pub(crate) fn assumed(profile: &Profile, name: &str) -> Self {
        let startup = profile.server.startup.max(SimDuration::from_ms(500));
        Self {
            startup,
            stop: SimDuration::from_ms(500),
            stop_code: 0,
            declared: true,
            guessed: true,
            answers: Answers::Ok,
            ..Self::new(profile, name)
        }
    }

    /// One that answers well for some time, then with status 500. (test/images/agnhost/liveness/server.go)
    pub(crate) fn failing(name: &str, port: u16, after: SimDuration) -> Self {
        Self { answers: Answers::Ok, fails: Fails::After(after), stop_code: 2, ..Self::plain(name, port) }
    }

    /// A subcommand of the test image agnhost; nothing for one that is no server. (test/images/agnhost)
    pub(crate) fn agnhost(args: &[String]) -> Option<Self> {
        let (name, flags) = args.split_first()?;
        let value = |flag: &str| flags.iter().find_map(|a| a.trim_start_matches('-').strip_prefix(flag)?.strip_prefix('='));
        let port = |flag: &str, default: u16| value(flag).and_then(|p| p.parse().ok()).unwrap_or(default);
        let http = |port: u16| Self { answers: Answers::Ok, stop_code: 2, ..Self::plain("agnhost", port) };
        match name.as_str() {
            "liveness" => Some(Self::failing("agnhost", 8080, SimDuration::from_secs(10))),
            "netexec" => Some(http(port("http-port", 8080))),
            "serve-hostname" => Some(http(port("port", 9376))),
            "grpc-health-checking" => {
                let seconds = value("delay-unhealthy-sec").and_then(|s| s.parse::<i64>().ok()).unwrap_or(60);
                // A negative delay never ends.
                let fails = u64::try_from(seconds).map_or(Fails::Never, |s| Fails::After(SimDuration::from_secs(s)));
                let answers = Answers::Grpc(value("service").unwrap_or_default().into());
                Some(Self { answers, fails, ..http(port("port", 5000)) })
            }
            _ => None,
        }
    }

    /// One that serves files.
    pub(crate) fn files(name: &str, port: u16, root: String, view: View) -> Self {
        Self { answers: Answers::Files(Box::new(view), root), ..Self::plain(name, port) }
    }

    /// Goes on.
    pub(super) fn run(&mut self, process: &Process, world: &mut World<'_>) -> State {
        match self.stage {
            Stage::New => {
                if self.guessed {
                    world.not_simulated(&format!("what `{}` does; it is taken for a server", self.name));
                }
                let at = world.now + self.startup;
                self.stage = Stage::Starting(at);
                if self.startup == SimDuration::ZERO { self.bind(process, world) } else { State::Until(at) }
            }
            Stage::Starting(at) if at > world.now => State::Until(at),
            Stage::Starting(_) => self.bind(process, world),
            Stage::Up => self.turn(process, world),
            Stage::Stopping(at) if at > world.now => State::Until(at),
            Stage::Stopping(_) => State::Ended(self.stop_code),
        }
    }

    fn bind(&mut self, process: &Process, world: &mut World<'_>) -> State {
        if self.declared && (self.ports.is_empty() || !self.guessed) {
            self.ports.clone_from(&world.table.ports);
        }
        if self.name == "nginx" {
            if let Some(fault) = world.table.view.refuses(NGINX_CACHE) {
                let text = format!("nginx: [emerg] mkdir() \"{NGINX_CACHE}\" failed (30: {fault})\n");
                world.error(&process.io, &text);
                return State::Ended(1);
            }
            self.answers = Answers::Files(Box::new(world.table.view.clone()), "/usr/share/nginx/html".into());
        }
        for port in self.ports.clone() {
            let listener = match &self.answers {
                Answers::Nothing => Listener::Tcp,
                Answers::Ok => Listener::Http(200),
                Answers::Files(view, root) => Listener::Files(view.clone(), root.clone()),
                Answers::Grpc(service) => Listener::Grpc { service: Arc::clone(service), serving: true },
            };
            if world.listen(process.pid, port, listener).is_err() {
                return self.taken(port, process, world);
            }
        }
        self.stage = Stage::Up;
        if !self.greeting.is_empty() {
            let stream = Stream::Stdout;
            world.write(&crate::sim::program::process::Sink::Log(stream), self.greeting);
        }
        self.turn(process, world)
    }

    /// Waits, perhaps for the moment from which it fails.
    fn turn(&mut self, process: &Process, world: &mut World<'_>) -> State {
        match self.fails {
            Fails::Never => State::Never,
            Fails::After(time) => {
                self.fails = Fails::At(world.now + time);
                State::Until(world.now + time)
            }
            Fails::At(at) if at > world.now => State::Until(at),
            Fails::At(_) => {
                self.fails = Fails::Never;
                let sick = match &self.answers {
                    Answers::Grpc(service) => Listener::Grpc { service: Arc::clone(service), serving: false },
                    Answers::Nothing | Answers::Ok | Answers::Files(..) => Listener::Http(500),
                };
                for port in self.ports.clone() {
                    world.replace_listener(process.pid, port, sick.clone());
                }
                State::Never
            }
        }
    }

    /// The port is taken: what each server says, and its end.
    fn taken(&mut self, port: u16, process: &Process, world: &mut World<'_>) -> State {
        let text = match self.name.as_str() {
            "nginx" => {
                self.tries += 1;
                world.error(&process.io, &format!("nginx: [emerg] bind() to 0.0.0.0:{port} failed (98: Address already in use)\n"));
                if self.tries < NGINX_TRIES {
                    let at = world.now + SimDuration::from_ms(500);
                    self.stage = Stage::Starting(at);
                    return State::Until(at);
                }
                "nginx: [emerg] still could not bind()\n".to_owned()
            }
            "httpd" => "httpd: bind: Address already in use\n".into(),
            "nc" => "nc: bind: Address already in use\n".into(),
            name => format!("{name}: listen tcp :{port}: bind: address already in use\n"),
        };
        world.error(&process.io, &text);
        State::Ended(1)
    }

    /// Servers handle the usual stop signals; busybox's little ones do not.
    pub(super) fn on_signal(&mut self, name: &str, profile: &Profile, now: SimTime) -> Reaction {
        let little = matches!(self.name.as_str(), "httpd" | "nc") && self.stop == SimDuration::ZERO;
        match name {
            "TERM" | "INT" | "QUIT" if !little => {
                let _ = profile;
                let at = now + self.stop;
                self.stage = Stage::Stopping(at);
                Reaction::Stops(at)
            }
            "HUP" | "USR1" | "USR2" | "CHLD" | "CONT" => Reaction::Ignores,
            _ => Reaction::Default,
        }
    }
}
