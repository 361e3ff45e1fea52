//! The process table of one run of a container, and driving it through time.

use crate::order::SortedMap;
use std::sync::Arc;

use super::commands::{self, Job};
use super::fs::{Done, View};
use super::images::{self, Profile};
use super::process::{Argv, Body, Io, Pid, PipeId, Process, Sink, Source, State};
use super::process_table::Processes;
use super::shell::machine;
use super::shell::variables::Env;
use super::world::World;
use super::{Os, TreeId};
use crate::text::FieldPath;
use crate::time::SimTime;
use crate::trace::{Exit, FileChange, ProgramPoint, Stream};

/// A volume in a container's view.
#[derive(Debug, Clone, PartialEq)]
pub struct Mount {
    /// Where.
    pub path: String,
    /// Which files.
    pub tree: TreeId,
    /// The volume's name.
    pub volume: Arc<str>,
    /// A folder of them, or all.
    pub sub_path: String,
    /// Whether programs may not write.
    pub read_only: bool,
}

/// What it takes to start a container.
#[derive(Debug, Clone, PartialEq)]
#[expect(missing_docs, reason = "as in the manifest")]
pub struct Start<'a> {
    pub profile: Arc<Profile>,
    pub command: &'a [String],
    pub args: &'a [String],
    pub env: Vec<(String, String)>,
    pub working_dir: &'a str,
    pub mounts: Vec<Mount>,
    /// In bytes.
    pub memory_limit: Option<u64>,
    pub ip: Arc<str>,
    pub hostname: Arc<str>,
    /// `spec.containers[0]`.
    pub field: FieldPath,
    /// Earlier runs of the same container in this pod.
    pub runs_before: u32,
    pub seed: u64,
    /// Declared ports, which an unknown server listens on.
    pub ports: Vec<u16>,
}

/// The runtime could not start the command.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StartError {
    /// In its own words.
    pub message: String,
}

/// A program that runs beside the container's own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct ExecId(u32);

/// What happened, and when there is something to do again.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Progress {
    /// When to call again; nothing if only a signal can change anything.
    pub wakes: Option<SimTime>,
    /// In order.
    pub effects: Vec<Effect>,
}

/// Something that others can see.
#[derive(Debug, Clone, PartialEq)]
pub enum Effect {
    /// Text for the container's log.
    Output {
        /// Which stream.
        stream: Stream,
        /// The text.
        text: Arc<str>,
    },
    /// The main process has ended, and with it all others.
    Exited(Exit),
    /// A program beside it has ended.
    ExecEnded {
        /// Which.
        id: ExecId,
        /// Its exit code.
        code: i32,
        /// Standard output, then standard error; 10 KiB at most.
        output: String,
    },
    /// A port was opened or closed.
    Listening {
        /// The port.
        port: u16,
        /// Whether it is open now.
        open: bool,
    },
    /// A file of a volume was changed.
    File(FileChange),
    /// A part of the program is beyond the simulation.
    NotSimulated {
        /// What, for people.
        what: String,
        /// Where.
        point: Option<ProgramPoint>,
    },
    /// A bound of the simulation was reached.
    Budget(&'static str),
}

/// One run of a container.
#[derive(Debug, Clone, PartialEq)]
pub struct Container {
    table: Table,
}

/// What a probe or hook runs as it begins, where its script is, and its command line.
type Prepared = (Body, Option<FieldPath>, Argv);

/// The processes and what they share.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Table {
    pub(crate) processes: Processes,
    next_pid: Pid,
    pub(super) pipes: Vec<String>,
    pub(super) execs: SortedMap<ExecId, (String, String)>,
    next_exec: u32,
    pub(crate) view: View,
    pub(crate) profile: Arc<Profile>,
    env: Env,
    pub(crate) ip: Arc<str>,
    pub(crate) hostname: Arc<str>,
    pub(crate) ports: Vec<u16>,
    pub(crate) memory_limit: Option<u64>,
    /// Set when the limit is exceeded.
    pub(crate) out_of_memory: bool,
    /// Ports in use, and by whom.
    pub(crate) listening: SortedMap<u16, Pid>,
    pub(super) field: FieldPath,
    /// What the probe or hook of a field runs, as it begins: it is the same again and again.
    prepared: SortedMap<FieldPath, Prepared>,
    pub(super) steps: u64,
    pub(super) output_bytes: usize,
    /// What was written to the log last: programs often say the same again.
    pub(super) said: Arc<str>,
    pub(super) effects: Vec<Effect>,
    /// Whether it was told that not all files are kept.
    files_told: bool,
    /// The mounted volumes by their files, and how many changes of them may still be told.
    volumes: Vec<(TreeId, Arc<str>)>,
    changes_left: usize,
    /// How much memory the image's program uses from when on, in bytes.
    memory: Vec<(SimTime, u64)>,
    exit: Option<Exit>,
    crash_at: Option<(SimTime, i32)>,
}

/// Steps of one call, before virtual time moves on by a millisecond.
pub(super) const STEPS_AT_ONCE: u64 = 5_000;
/// Steps of a container's whole life.
pub(super) const STEPS: u64 = 500_000;
pub(super) const OUTPUT_BYTES: usize = 512 * 1024;
pub(super) const PROCESSES: usize = 200;
/// How many changes of files one run tells of.
const FILE_CHANGES: usize = 2000;

impl Container {
    /// Starts a container's main process.
    ///
    /// # Errors
    /// The command is no program of the image.
    pub fn start(start: Start<'_>, now: SimTime, os: &mut Os) -> Result<Self, StartError> {
        start.mounts.iter().for_each(|m| os.files.make_sub_path(m.tree, &m.sub_path));
        let mounts = start.mounts.iter().map(|m| (m.path.clone(), m.tree, m.sub_path.clone(), m.read_only)).collect();
        let view = View::new(os.files.new_tree(), images::files(&start.profile), mounts);
        let env = environment(&start.hostname, start.env);
        let crash = start.profile.crash.filter(|c| c.times.is_none_or(|times| start.runs_before < times));
        let mut table = Table {
            processes: Processes::default(),
            next_pid: 1,
            pipes: Vec::new(),
            execs: SortedMap::new(),
            next_exec: 0,
            view,
            env: Arc::clone(&env),
            ip: start.ip,
            hostname: start.hostname,
            ports: start.ports,
            memory_limit: start.memory_limit,
            out_of_memory: false,
            listening: SortedMap::new(),
            field: start.field.clone(),
            prepared: SortedMap::new(),
            steps: 0,
            output_bytes: 0,
            said: Arc::default(),
            effects: Vec::new(),
            files_told: false,
            volumes: start.mounts.iter().map(|m| (m.tree, Arc::clone(&m.volume))).collect(),
            changes_left: FILE_CHANGES,
            memory: start.profile.memory.iter().map(|(after, bytes)| (now + *after, *bytes)).collect(),
            exit: None,
            crash_at: crash.map(|c| (now + c.after, c.code)),
            profile: start.profile,
        };
        let (argv, source): (Argv, _) = main_command(&table.profile, start.command, start.args, &start.field);
        let cwd = if start.working_dir.is_empty() { "/" } else { start.working_dir };
        let body = commands::program(&table.profile, &argv, &env, commands::Place::Main).map_err(|(message, _)| StartError { message })?;
        let io = Io { stdin: Source::Empty, stdout: Sink::Log(Stream::Stdout), stderr: Sink::Log(Stream::Stderr) };
        table.add(Process { pid: 0, parent: 0, exec: None, io, cwd: cwd.into(), env, body, state: State::Ready, source, title: argv });
        Ok(Self { table })
    }

    /// Starts a program beside the main process.
    ///
    /// # Errors
    /// The command is no program of the image.
    pub fn exec(&mut self, argv: &[String], field: &FieldPath, _now: SimTime, _os: &mut Os) -> Result<ExecId, StartError> {
        let table = &mut self.table;
        let (body, source, title) = match table.prepared.get(field) {
            Some(prepared) => prepared.clone(),
            None => table.prepare(argv, field)?,
        };
        table.next_exec += 1;
        let id = ExecId(table.next_exec);
        table.execs.insert(id, (String::new(), String::new()));
        let io = Io { stdin: Source::Empty, stdout: Sink::Exec(id, Stream::Stdout), stderr: Sink::Exec(id, Stream::Stderr) };
        let env = Arc::clone(&table.env);
        let process = Process { pid: 0, parent: 0, exec: Some(id), io, cwd: "/".into(), env, body, state: State::Ready, source, title };
        table.add(process);
        Ok(id)
    }

    /// Ends such a program by force.
    pub fn kill_exec(&mut self, id: ExecId, _now: SimTime, os: &mut Os) {
        let root = self.table.processes.values().find(|p| p.exec == Some(id)).map(|p| p.pid);
        self.table.execs.remove(&id);
        if let Some(pid) = root {
            self.table.end_tree(pid, os);
        }
    }

    /// Sends a signal to the main process.
    pub fn signal(&mut self, name: &'static str, now: SimTime, os: &mut Os) {
        self.table.signal(1, name, now, os);
    }

    /// Changes the memory limit, in bytes.
    pub fn set_memory_limit(&mut self, limit: Option<u64>) {
        self.table.memory_limit = limit;
    }

    /// Whether the main process is there.
    pub fn is_alive(&self) -> bool {
        self.table.processes.get(1).is_some()
    }

    /// What the container wrote to its termination log.
    pub fn termination_message(&self, path: &str, os: &Os) -> String {
        let path = if path.is_empty() { "/dev/termination-log" } else { path };
        let text = self.table.view.read(&os.files, path).unwrap_or_default();
        let end = (0..=text.len().min(4096)).rev().find(|i| text.is_char_boundary(*i)).unwrap_or(0);
        text.get(..end).unwrap_or_default().to_owned()
    }

    /// Runs everything that can run now.
    pub fn run(&mut self, now: SimTime, os: &mut Os) -> Progress {
        let table = &mut self.table;
        if table.crash_at.is_some_and(|(at, _)| at <= now) {
            let code = table.crash_at.take().map_or(1, |(_, code)| code);
            table.finish(1, code, None, os);
        }
        table.out_of_memory |= table.full_at().is_some_and(|at| at <= now);
        table.kill_if_full();
        let mut left = STEPS_AT_ONCE;
        while table.exit.is_none()
            && let Some(pid) = table.next_ready(now)
        {
            left = step(table, pid, now, os, left);
            table.steps = table.steps.saturating_add(os.files.work.take());
            table.kill_if_full();
            if table.exit.is_some() || table.steps > STEPS {
                break;
            }
        }
        if table.steps > STEPS && table.steps < u64::MAX {
            table.steps = u64::MAX;
            table.effects.push(Effect::Budget("CPU time of a program"));
        }
        if std::mem::take(&mut os.files.exceeded) && !std::mem::replace(&mut table.files_told, true) {
            table.effects.push(Effect::Budget("files of a container"));
        }
        table.tell_files(os);
        let mut effects = std::mem::take(&mut table.effects);
        if let Some(exit) = table.exit.take() {
            effects.extend(table.close_all(os));
            effects.push(Effect::Exited(exit));
            return Progress { wakes: None, effects };
        }
        Progress { wakes: table.wakes(), effects }
    }
}

/// What every container finds in its environment, and what the manifest adds.
fn environment(hostname: &str, own: Vec<(String, String)>) -> Env {
    let mut env = SortedMap::from([
        ("PATH".to_owned(), "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin".to_owned()),
        ("HOSTNAME".to_owned(), hostname.to_owned()),
        ("HOME".to_owned(), "/root".to_owned()),
    ]);
    env.extend(own);
    Arc::new(env)
}

/// What the container runs, and the field that holds its script.
fn main_command(profile: &Profile, command: &[String], args: &[String], field: &FieldPath) -> (Argv, Option<FieldPath>) {
    let head: Vec<String> = if command.is_empty() { own_entrypoint(profile, args) } else { command.to_vec() };
    let cut = head.len();
    let argv: Argv = head.into_iter().chain(args.iter().cloned()).collect();
    let source = script_index(&argv).map(|i| match i.checked_sub(cut) {
        None => field.field("command").index(i),
        Some(i) => field.field("args").index(i),
    });
    (argv, source)
}

/// Arguments alone replace a plain shell or a server's own, as images' CMD is replaced.
fn own_entrypoint(profile: &Profile, args: &[String]) -> Vec<String> {
    // These have a true ENTRYPOINT, whose arguments alone are replaced.
    if let (Some(first), false) = (profile.entrypoint.first().filter(|e| matches!(e.as_str(), "agnhost" | "pilot-agent")), args.is_empty())
    {
        return vec![first.clone()];
    }
    let keeps = args.is_empty() || profile.assumed || args.first().is_some_and(|a| a.starts_with('-'));
    if keeps { profile.entrypoint.clone() } else { Vec::new() }
}

/// Which word of `sh -c SCRIPT` is the script.
fn script_index(argv: &[String]) -> Option<usize> {
    let shell = argv.first().is_some_and(|a| commands::is_shell(a));
    let flag = argv.iter().position(|a| a.starts_with('-') && a.ends_with('c'));
    flag.filter(|_| shell).map(|i| i + 1).filter(|i| *i < argv.len())
}

/// Runs one process until it waits; tells how many steps are left.
fn step(table: &mut Table, pid: Pid, now: SimTime, os: &mut Os, left: u64) -> u64 {
    let Some(mut process) = table.processes.take(pid) else { return left };
    let mut body = std::mem::replace(&mut process.body, Body::Job(Job::Forever));
    let mut world = World { now, os, table, signals: Vec::new(), replace: None, blocked: None, left };
    let mut state = match &mut body {
        Body::Shell(shell) => machine::run(&mut process, shell, &mut world),
        Body::Job(job) => job.run(&process, &mut world),
    };
    if let Some(pipe) = world.blocked.take() {
        state = State::Pipe(pipe);
    }
    if let Some(new) = world.replace.take() {
        body = new;
        state = State::Ready;
    }
    let (left, signals) = (world.left, std::mem::take(&mut world.signals));
    process.body = body;
    process.state = state;
    let ended = if let State::Ended(code) = state { Some(code) } else { None };
    table.processes.put(process);
    for (to, signal) in signals {
        table.signal(to, &signal, now, os);
    }
    if let Some(code) = ended {
        table.finish(pid, code, None, os);
    }
    left
}

impl Table {
    /// What a command beside the main process runs, and where its script is.
    fn prepare(&mut self, argv: &[String], field: &FieldPath) -> Result<Prepared, StartError> {
        let argv: Argv = argv.into();
        let body =
            commands::program(&self.profile, &argv, &self.env, commands::Place::Exec).map_err(|(message, _)| StartError { message })?;
        let prepared = (body, script_index(&argv).map(|i| field.index(i)), argv);
        self.prepared.insert(field.clone(), prepared.clone());
        Ok(prepared)
    }

    /// When the image's program uses more memory than the limit allows.
    fn full_at(&self) -> Option<SimTime> {
        let limit = self.memory_limit?;
        self.memory.iter().find(|(_, bytes)| *bytes > limit).map(|(at, _)| *at)
    }

    /// The kernel kills the container that uses more memory than its limit.
    fn kill_if_full(&mut self) {
        if self.out_of_memory && self.exit.is_none() {
            self.exit = Some(Exit { code: 137, oom: true, signal: Some("KILL"), point: self.point_of(1) });
        }
    }

    /// Tells what was done to files of volumes.
    fn tell_files(&mut self, os: &mut Os) {
        for done in std::mem::take(&mut os.files.done) {
            let Some((_, volume)) = self.volumes.iter().find(|(tree, _)| *tree == done.tree) else { continue };
            match self.changes_left {
                0 => return,
                1 => self.effects.push(Effect::Budget("changes of files")),
                _ => {
                    let Done { path, text, added, .. } = done;
                    self.effects.push(Effect::File(FileChange { volume: Arc::clone(volume), path: path.into(), text, added }));
                }
            }
            self.changes_left -= 1;
        }
    }

    pub(super) fn add(&mut self, mut process: Process) -> Pid {
        let pid = self.next_pid;
        self.next_pid += 1;
        process.pid = pid;
        self.processes.add(Box::new(process));
        pid
    }

    /// Whether a process can go on now.
    fn is_ready(&self, process: &Process, now: SimTime) -> bool {
        match process.state {
            State::Ready => true,
            State::Until(at) => at <= now,
            State::Child(pid) => self.processes.get(pid).is_none_or(|p| matches!(p.state, State::Ended(_))),
            State::Pipe(pipe) => self.pipe_has_news(pipe),
            State::Never | State::Ended(_) => false,
        }
    }

    fn next_ready(&self, now: SimTime) -> Option<Pid> {
        self.processes.values().find(|p| self.is_ready(p, now)).map(|p| p.pid)
    }

    fn wakes(&self) -> Option<SimTime> {
        let timed = self.processes.values().filter_map(|p| if let State::Until(at) = p.state { Some(at) } else { None });
        timed.chain(self.crash_at.map(|(at, _)| at)).chain(self.full_at()).min().filter(|_| self.steps < u64::MAX)
    }

    /// Whether a pipe holds data, or nobody writes to it any more.
    fn pipe_has_news(&self, pipe: PipeId) -> bool {
        self.pipes.get(pipe).is_some_and(|p| !p.is_empty()) || self.is_closed(pipe)
    }

    pub(super) fn is_closed(&self, pipe: PipeId) -> bool {
        let writes =
            |p: &Process| !matches!(p.state, State::Ended(_)) && (p.io.stdout == Sink::Pipe(pipe) || p.io.stderr == Sink::Pipe(pipe));
        !self.processes.values().any(writes)
    }

    /// Where a process's script is, for the reason of its end.
    fn point_of(&self, pid: Pid) -> Option<Box<ProgramPoint>> {
        let process = self.processes.get(pid)?;
        let Body::Shell(shell) = &process.body else { return None };
        let (line, text) = shell.point.clone()?;
        Some(Box::new(ProgramPoint { field: process.source.clone()?, line, text }))
    }

    /// A process has ended.
    fn finish(&mut self, pid: Pid, code: i32, signal: Option<&'static str>, os: &mut Os) {
        self.close_ports(pid, os);
        if pid == 1 {
            let point = if signal.is_some() { None } else { self.point_of(1) };
            self.exit.get_or_insert(Exit { code, oom: false, signal, point });
            return;
        }
        let Some(process) = self.processes.get_mut(pid) else { return };
        process.state = State::Ended(code);
        if let Some(id) = process.exec {
            self.processes.remove(pid);
            if let Some((out, err)) = self.execs.remove(&id) {
                let output: String = (out + &err).chars().take(10 * 1024).collect();
                self.effects.push(Effect::ExecEnded { id, code, output });
            }
        } else if self.processes.get(pid).is_some_and(|p| p.parent == 0) {
            self.processes.remove(pid);
        }
        // Children of a process that has ended belong to nobody, and are not waited for.
        for child in self.processes.values_mut().filter(|p| p.parent == pid) {
            child.parent = 0;
        }
        let forgotten = |p: &Process| p.parent == 0 && p.pid != 1 && p.exec.is_none() && matches!(p.state, State::Ended(_));
        if self.processes.values().any(forgotten) {
            self.processes.retain(|p| !forgotten(p));
        }
    }

    /// Ends a process and all below it.
    pub(super) fn end_tree(&mut self, pid: Pid, os: &mut Os) {
        let children: Vec<Pid> = self.processes.values().filter(|p| p.parent == pid).map(|p| p.pid).collect();
        for child in children {
            self.end_tree(child, os);
        }
        self.close_ports(pid, os);
        self.processes.remove(pid);
    }

    fn close_ports(&mut self, pid: Pid, os: &mut Os) {
        if self.listening.is_empty() {
            return;
        }
        let ports: Vec<u16> = self.listening.iter().filter(|(_, p)| **p == pid).map(|(port, _)| *port).collect();
        for port in ports {
            self.listening.remove(&port);
            os.net.close(&self.ip, port);
            self.effects.push(Effect::Listening { port, open: false });
        }
    }

    /// The container is over: every port is given back.
    fn close_all(&mut self, os: &mut Os) -> Vec<Effect> {
        self.processes.clear();
        let ports = std::mem::take(&mut self.listening);
        for port in ports.keys() {
            os.net.close(&self.ip, *port);
        }
        ports.keys().map(|port| Effect::Listening { port: *port, open: false }).collect()
    }

    /// Delivers a signal: a handler runs it, process 1 ignores what it does not handle, others die of it.
    pub(super) fn signal(&mut self, pid: Pid, name: &str, now: SimTime, os: &mut Os) {
        let Some(process) = self.processes.get_mut(pid) else { return };
        let Some((known, number)) = commands::signal_number(name) else { return };
        if known == "KILL" {
            self.finish(pid, 137, Some("KILL"), os);
            return;
        }
        match &mut process.body {
            Body::Shell(shell) if shell.traps.contains_key(known) => {
                if shell.traps.get(known).is_some_and(|t| !t.is_empty()) {
                    shell.pending.push_back(known.to_owned());
                    let waits_for_job = shell.frames.iter().rev().find(|f| !matches!(f, machine::Frame::Trap { .. }));
                    if matches!(waits_for_job, Some(machine::Frame::WaitAll { .. })) {
                        interrupt_wait(shell);
                        process.state = State::Ready;
                    }
                }
            }
            Body::Job(job) => match job.on_signal(known, &self.profile, now) {
                commands::Reaction::Stops(at) => process.state = State::Until(at),
                commands::Reaction::Ignores => {}
                commands::Reaction::Default if pid == 1 => {}
                commands::Reaction::Default => self.finish(pid, 128 + number, Some(known), os),
            },
            Body::Shell(_) if pid == 1 => {}
            Body::Shell(_) => self.finish(pid, 128 + number, Some(known), os),
        }
    }
}

/// A signal with a trap ends a `wait` at once; it does not end a command in the foreground.
fn interrupt_wait(shell: &mut machine::Shell) {
    shell.frames.pop();
    if matches!(shell.frames.last(), Some(machine::Frame::Trap { .. })) {
        shell.frames.pop();
    }
    shell.status = 143;
}
