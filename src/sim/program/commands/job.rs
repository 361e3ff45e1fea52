//! A command in progress. Most are over at once; some wait for time, input, files or peers.

use super::{WITHOUT_EFFECT, bulk, client, files, network, server, text};
use crate::sim::program::images::Profile;
use crate::sim::program::process::{Argv, PipeId, Process, Source, State};
use crate::sim::program::world::World;
use crate::time::{SimDuration, SimTime};

/// What a command costs.
const TAKES: SimDuration = SimDuration::from_ms(1);

/// A command.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Job {
    /// Not begun.
    Command(Argv),
    /// Ends at a time with a code.
    Ends { at: SimTime, code: i32 },
    /// Says something on standard error, then ends.
    Fails { at: SimTime, message: String, code: i32 },
    /// Follows files.
    Follow(Box<files::Follow>),
    /// Passes lines on from a pipe.
    Filter(Box<Filter>),
    /// Eats memory.
    Grow { since: SimTime },
    /// A server, of the image's own kind or busybox's.
    Server(Box<server::Server>),
    /// Runs until it is killed.
    Forever,
    /// Exists in the image, but nobody here knows what it does.
    Unknown { what: String },
}

/// A command that reads a pipe.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Filter {
    pub(super) name: String,
    pub(super) args: Vec<String>,
    pub(super) pipe: PipeId,
    /// What has come and is no whole line yet.
    pub(super) rest: String,
    /// Lines that were passed on.
    pub(super) passed: usize,
}

impl Filter {
    pub(super) fn new(name: &str, args: Vec<String>, pipe: PipeId) -> Self {
        Self { name: name.to_owned(), args, pipe, rest: String::new(), passed: 0 }
    }
}

/// What a signal does to a command.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Reaction {
    /// It ends at this time.
    Stops(SimTime),
    /// It goes on.
    Ignores,
    /// What the kernel does by default.
    Default,
}

/// How fast `tail /dev/zero` and the like fill memory, in bytes a millisecond.
const GROWTH: u64 = 400_000;
/// A node's memory, where no limit is set.
const NODE_MEMORY: u64 = 23 << 30;

impl Job {
    /// A server program.
    pub(crate) fn server(profile: &Profile, name: &str) -> Self {
        Self::Server(server::Server::new(profile, name).into())
    }

    /// Goes on as far as it can.
    pub(crate) fn run(&mut self, process: &Process, world: &mut World<'_>) -> State {
        loop {
            if !world.spend() {
                return State::Until(world.pause());
            }
            let now = world.now;
            match self {
                Self::Command(argv) => {
                    let argv = Argv::clone(argv);
                    let Some((name, args)) = argv.split_first() else { return State::Ended(0) };
                    *self = begin(super::base(name), args, process, world);
                }
                Self::Ends { at, code } => return if *at <= now { State::Ended(*code) } else { State::Until(*at) },
                Self::Fails { at, message, code } => {
                    if *at > now {
                        return State::Until(*at);
                    }
                    let (message, code) = (std::mem::take(message), *code);
                    world.error(&process.io, &message);
                    return State::Ended(code);
                }
                Self::Follow(follow) => return follow.run(process, world),
                Self::Filter(filter) => return (world.os.commands.pass_on)(filter, process, world),
                Self::Grow { since } => return grow(*since, world),
                Self::Server(server) => return server.run(process, world),
                Self::Forever => return State::Never,
                Self::Unknown { what } => {
                    let what = format!("{what}: the command exists, its effect is not simulated");
                    world.not_simulated(&what);
                    *self = Self::Ends { at: now + TAKES, code: 0 };
                }
            }
        }
    }

    /// What a signal does.
    pub(crate) fn on_signal(&mut self, name: &str, profile: &Profile, now: SimTime) -> Reaction {
        if let Self::Server(server) = self { server.on_signal(name, profile, now) } else { Reaction::Default }
    }
}

/// Memory fills up to the limit.
fn grow(since: SimTime, world: &mut World<'_>) -> State {
    let limit = world.table.memory_limit.unwrap_or(NODE_MEMORY);
    let full = since + SimDuration::from_ms(limit / GROWTH + 1);
    if world.now < full {
        return State::Until(full);
    }
    if world.table.memory_limit.is_some() {
        world.table.out_of_memory = true;
    } else {
        world.not_simulated("memory of the whole node used up");
    }
    State::Never
}

/// The end of a command that has said this.
pub(crate) fn done(world: &mut World<'_>, process: &Process, said: (String, String, i32)) -> Job {
    let (out, err, code) = said;
    let written = world.try_write(&process.io.stdout, &out);
    world.error(&process.io, &err);
    let code = match written {
        Ok(()) => code,
        Err(fault) => {
            let name = process.title.first().map_or("sh", |t| super::base(t)).to_owned();
            world.error(&process.io, &format!("{name}: write error: {fault}\n"));
            1
        }
    };
    Job::Ends { at: world.now + TAKES, code }
}

/// The few commands that are always at hand; the others come with [`Commands`].
fn begin(name: &str, args: &[String], process: &Process, world: &mut World<'_>) -> Job {
    match (name, args) {
        ("sleep", _) => sleep(args, process, world),
        ("nc", _) => network::netcat(args, process, world),
        ("test" | "[", _) => {
            let code = text::conditional(args, process, world);
            done(world, process, (String::new(), String::new(), code))
        }
        ("touch", _) => {
            let said = files::touch_all(args, process, world);
            done(world, process, said)
        }
        ("cat", [path]) if !path.starts_with('-') => {
            let said = files::cat(path, process, world);
            done(world, process, said)
        }
        _ => (world.os.commands.begin)(name, args, process, world),
    }
}

/// All commands beyond those.
pub(super) fn begin_other(name: &str, args: &[String], process: &Process, world: &mut World<'_>) -> Job {
    if let Some(job) = bulk::begin(name, args, process, world) {
        return job;
    }
    match name {
        "tail" => return files::tail(args.to_vec(), process, world),
        "wget" | "curl" | "httpd" | "nslookup" | "telnet" => return network::begin(name, args, process, world),
        "yes" => return Job::Forever,
        "stress" => return stress(args, world),
        "busybox" | "env" | "nohup" | "setsid" | "nice" | "timeout" | "xargs" => {
            if let Some(job) = prefixed(name, args, process, world) {
                return job;
            }
        }
        "dd" if args.iter().any(|a| a == "if=/dev/zero") && !args.iter().any(|a| a.starts_with("of=") && !a.contains("/dev/")) => {
            return Job::Grow { since: world.now };
        }
        _ => {}
    }
    if let Some(job) = client::begin(name, args, process, world) {
        return job;
    }
    // A command that reads a pipe waits for its lines.
    let reads = matches!(
        name,
        "cat" | "grep" | "sed" | "tr" | "cut" | "head" | "wc" | "sort" | "uniq" | "tee" | "awk" | "base64" | "md5sum" | "sha256sum"
    );
    if let Source::Pipe(pipe) = process.io.stdin
        && reads
        && !text::names_files(name, args)
    {
        return Job::Filter(Filter::new(name, args.to_vec(), pipe).into());
    }
    if let Some(said) = files::run(name, args, process, world) {
        return done(world, process, said);
    }
    if let Some(said) = text::run(name, args, process, world) {
        return done(world, process, said);
    }
    if WITHOUT_EFFECT.contains(&name) {
        return Job::Ends { at: world.now + TAKES, code: 0 };
    }
    Job::Unknown { what: name.to_owned() }
}

/// `stress --vm 1 --vm-bytes 150M`: as much memory as it is told to take; time of the CPU costs nothing here.
fn stress(args: &[String], world: &World<'_>) -> Job {
    let value = |flag: &str| args.iter().skip_while(|a| *a != flag).nth(1).map(String::as_str);
    let workers = value("--vm").or_else(|| value("-m")).and_then(|n| n.parse::<u64>().ok()).unwrap_or_default();
    let size = value("--vm-bytes").unwrap_or("256M");
    let digits = size.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let shift = match size.chars().last() {
        Some('K' | 'k') => 10,
        Some('M' | 'm') => 20,
        Some('G' | 'g') => 30,
        _ => 0,
    };
    let bytes = digits.parse::<u64>().unwrap_or_default().saturating_mul(1 << shift).saturating_mul(workers);
    if world.table.memory_limit.is_some_and(|limit| bytes > limit) { Job::Grow { since: world.now } } else { Job::Forever }
}

/// `sleep 1.5`, `sleep 1m`, `sleep infinity`.
fn sleep(args: &[String], process: &Process, world: &mut World<'_>) -> Job {
    let mut total = SimDuration::ZERO;
    for arg in args {
        if matches!(arg.as_str(), "infinity" | "inf") {
            return Job::Forever;
        }
        let days = arg.strip_suffix('d').and_then(|d| d.parse::<u64>().ok()).map(|d| SimDuration::from_secs(d * 86_400));
        let Some(time) = days.or_else(|| crate::time::parse_duration(arg)) else {
            return done(world, process, (String::new(), format!("sleep: invalid number '{arg}'\n"), 1));
        };
        total = total + time;
    }
    if args.is_empty() {
        return done(world, process, (String::new(), "BusyBox v1.36.1 multi-call binary.\n\nUsage: sleep [N]...\n".into(), 1));
    }
    Job::Ends { at: world.now + total, code: 0 }
}

/// Commands that run another one.
fn prefixed(name: &str, args: &[String], process: &Process, world: &mut World<'_>) -> Option<Job> {
    let skip = match name {
        "env" => args.iter().take_while(|a| a.contains('=') || a.starts_with('-')).count(),
        "timeout" => args.iter().take_while(|a| a.starts_with('-')).count() + 1,
        _ => args.iter().take_while(|a| a.starts_with('-')).count(),
    };
    let inner: Argv = args.get(skip..).filter(|a| !a.is_empty())?.into();
    match world.replacement(process, &inner, &process.env) {
        Ok(body) => {
            world.replace = Some(body);
            Some(Job::Ends { at: SimTime::MAX, code: 0 })
        }
        Err((message, code)) => Some(done(world, process, (String::new(), format!("{name}: {message}\n"), code))),
    }
}
