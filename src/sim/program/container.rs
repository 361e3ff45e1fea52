//! One run of a container: how it starts, what runs beside it, and driving it through time.

use std::sync::Arc;

use super::commands;
use super::images::{self, Profile};
use super::process::{Argv, Io, Process, Sink, Source, State};
use super::process_table::Processes;
use super::shell::variables::Env;
use super::table::{FILE_CHANGES, STEPS, STEPS_AT_ONCE, Table, step};
use super::view::View;
use super::{Os, TreeId};
use crate::order::SortedMap;
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
    pub env: SortedMap<String, String>,
    pub working_dir: &'a str,
    pub mounts: Vec<Mount>,
    pub read_only_root: bool,
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

impl Container {
    /// Starts a container's main process.
    ///
    /// # Errors
    /// The command is no program of the image.
    pub fn start(start: Start<'_>, now: SimTime, os: &mut Os) -> Result<Self, StartError> {
        start.mounts.iter().for_each(|m| os.files.make_sub_path(m.tree, &m.sub_path));
        let mounts = start.mounts.iter().map(|m| (m.path.clone(), m.tree, m.sub_path.clone(), m.read_only)).collect();
        let view = View::new(os.files.new_tree(), images::files(&start.profile), mounts);
        let view = if start.read_only_root { view.sealed() } else { view };
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
            in_volumes: 0,
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

    /// The bytes of disk that the container's own files and its log take.
    pub fn disk_used(&self, os: &Os) -> u64 {
        self.table.view.layer_used(&os.files) + u64::try_from(self.table.output_bytes).unwrap_or(u64::MAX)
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
            table.took_memory(std::mem::take(&mut os.files.in_memory), now);
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
fn environment(hostname: &str, mut own: SortedMap<String, String>) -> Env {
    let path = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
    for (name, value) in [("PATH", path), ("HOSTNAME", hostname), ("HOME", "/root")] {
        if !own.contains_key(name) {
            own.insert(name.to_owned(), value.to_owned());
        }
    }
    Arc::new(own)
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
pub(super) fn script_index(argv: &[String]) -> Option<usize> {
    let shell = argv.first().is_some_and(|a| commands::is_shell(a));
    let flag = argv.iter().position(|a| a.starts_with('-') && a.ends_with('c'));
    flag.filter(|_| shell).map(|i| i + 1).filter(|i| *i < argv.len())
}
