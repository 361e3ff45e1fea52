//! The processes of one run of a container and what they share: who can run, who has ended, who gets a signal.

use std::sync::Arc;

use super::commands::{self, Job};
use super::container::{Effect, ExecId, StartError, script_index};
use super::fs::Done;
use super::images::Profile;
use super::process::{Argv, Body, Pid, PipeId, Process, Sink, State};
use super::process_table::Processes;
use super::shell::machine;
use super::shell::variables::Env;
use super::view::View;
use super::world::World;
use super::{Os, TreeId};
use crate::order::SortedMap;
use crate::text::FieldPath;
use crate::time::SimTime;
use crate::trace::{Exit, FileChange, ProgramPoint};

/// What a probe or hook runs as it begins, where its script is, and its command line.
pub(super) type Prepared = (Body, Option<FieldPath>, Argv);

/// The processes and what they share.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Table {
    pub(crate) processes: Processes,
    pub(super) next_pid: Pid,
    pub(super) pipes: Vec<String>,
    pub(super) execs: SortedMap<ExecId, (String, String)>,
    pub(super) next_exec: u32,
    pub(crate) view: View,
    pub(crate) profile: Arc<Profile>,
    pub(super) env: Env,
    pub(crate) ip: Arc<str>,
    pub(crate) hostname: Arc<str>,
    pub(crate) ports: Vec<u16>,
    pub(crate) memory_limit: Option<u64>,
    /// Set when the limit is exceeded.
    pub(crate) out_of_memory: bool,
    /// Bytes that its programs have put into volumes of memory: they count as its own.
    pub(super) in_volumes: i64,
    /// Ports in use, and by whom.
    pub(crate) listening: SortedMap<u16, Pid>,
    pub(super) field: FieldPath,
    /// What the probe or hook of a field runs, as it begins: it is the same again and again.
    pub(super) prepared: SortedMap<FieldPath, Prepared>,
    pub(super) steps: u64,
    pub(super) output_bytes: usize,
    /// What was written to the log last: programs often say the same again.
    pub(super) said: Arc<str>,
    pub(super) effects: Vec<Effect>,
    /// Whether it was told that not all files are kept.
    pub(super) files_told: bool,
    /// The mounted volumes by their files, and how many changes of them may still be told.
    pub(super) volumes: Vec<(TreeId, Arc<str>)>,
    pub(super) changes_left: usize,
    /// How much memory the image's program uses from when on, in bytes.
    pub(super) memory: Vec<(SimTime, u64)>,
    pub(super) exit: Option<Exit>,
    pub(super) crash_at: Option<(SimTime, i32)>,
}

/// Steps of one call, before virtual time moves on by a millisecond.
pub(super) const STEPS_AT_ONCE: u64 = 5_000;
/// Steps of a container's whole life.
pub(super) const STEPS: u64 = 500_000;
pub(super) const OUTPUT_BYTES: usize = 512 * 1024;
pub(super) const PROCESSES: usize = 200;
/// What a small program takes itself, in bytes.
const PROCESS_MEMORY: u64 = 1 << 20;
/// How many changes of files one run tells of.
pub(super) const FILE_CHANGES: usize = 2000;
/// Runs one process until it waits; tells how many steps are left.
pub(super) fn step(table: &mut Table, pid: Pid, now: SimTime, os: &mut Os, left: u64) -> u64 {
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
    pub(super) fn prepare(&mut self, argv: &[String], field: &FieldPath) -> Result<Prepared, StartError> {
        let argv: Argv = argv.into();
        let body =
            commands::program(&self.profile, &argv, &self.env, commands::Place::Exec).map_err(|(message, _)| StartError { message })?;
        let prepared = (body, script_index(&argv).map(|i| field.index(i)), argv);
        self.prepared.insert(field.clone(), prepared.clone());
        Ok(prepared)
    }

    /// When the image's program uses more memory than the limit allows.
    pub(super) fn full_at(&self) -> Option<SimTime> {
        let limit = self.memory_limit?;
        self.memory.iter().find(|(_, bytes)| *bytes > limit).map(|(at, _)| *at)
    }

    /// Its programs have put bytes into volumes of memory, or taken them out.
    pub(super) fn took_memory(&mut self, bytes: i64, now: SimTime) {
        if bytes == 0 {
            return;
        }
        self.in_volumes += bytes;
        let own = self.memory.iter().rev().find(|(at, _)| *at <= now).map_or(PROCESS_MEMORY, |(_, bytes)| *bytes);
        let all = u64::try_from(self.in_volumes).unwrap_or_default().saturating_add(own);
        self.out_of_memory |= self.memory_limit.is_some_and(|limit| all > limit);
    }

    /// The kernel kills the container that uses more memory than its limit.
    pub(super) fn kill_if_full(&mut self) {
        if self.out_of_memory && self.exit.is_none() {
            self.exit = Some(Exit { code: 137, oom: true, signal: Some("KILL"), point: self.point_of(1) });
        }
    }

    /// Tells what was done to files of volumes.
    pub(super) fn tell_files(&mut self, os: &mut Os) {
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
    pub(super) fn is_ready(&self, process: &Process, now: SimTime) -> bool {
        match process.state {
            State::Ready => true,
            State::Until(at) => at <= now,
            State::Child(pid) => self.processes.get(pid).is_none_or(|p| matches!(p.state, State::Ended(_))),
            State::Pipe(pipe) => self.pipe_has_news(pipe),
            State::Never | State::Ended(_) => false,
        }
    }

    pub(super) fn next_ready(&self, now: SimTime) -> Option<Pid> {
        self.processes.values().find(|p| self.is_ready(p, now)).map(|p| p.pid)
    }

    pub(super) fn wakes(&self) -> Option<SimTime> {
        let timed = self.processes.values().filter_map(|p| if let State::Until(at) = p.state { Some(at) } else { None });
        timed.chain(self.crash_at.map(|(at, _)| at)).chain(self.full_at()).min().filter(|_| self.steps < u64::MAX)
    }

    /// Whether a pipe holds data, or nobody writes to it any more.
    pub(super) fn pipe_has_news(&self, pipe: PipeId) -> bool {
        self.pipes.get(pipe).is_some_and(|p| !p.is_empty()) || self.is_closed(pipe)
    }

    pub(super) fn is_closed(&self, pipe: PipeId) -> bool {
        let writes =
            |p: &Process| !matches!(p.state, State::Ended(_)) && (p.io.stdout == Sink::Pipe(pipe) || p.io.stderr == Sink::Pipe(pipe));
        !self.processes.values().any(writes)
    }

    /// Where a process's script is, for the reason of its end.
    pub(super) fn point_of(&self, pid: Pid) -> Option<Box<ProgramPoint>> {
        let process = self.processes.get(pid)?;
        let Body::Shell(shell) = &process.body else { return None };
        let (line, text) = shell.point.clone()?;
        Some(Box::new(ProgramPoint { field: process.source.clone()?, line, text }))
    }

    /// A process has ended.
    pub(super) fn finish(&mut self, pid: Pid, code: i32, signal: Option<&'static str>, os: &mut Os) {
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

    pub(super) fn close_ports(&mut self, pid: Pid, os: &mut Os) {
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
    pub(super) fn close_all(&mut self, os: &mut Os) -> Vec<Effect> {
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
