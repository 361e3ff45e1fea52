//! What a process can reach while it runs: its container's table, files and network.

use std::sync::Arc;

use super::Os;
use super::commands::{self, Job};
use super::container::Effect;
use super::fs::BYTES_A_STEP;
use super::net::Listener;
use super::process::{Argv, Body, Io, Pid, PipeId, Process, Sink, State};
use super::shell::variables::Env;
use super::table::{OUTPUT_BYTES, PROCESSES, STEPS, STEPS_AT_ONCE, Table};
use super::view::Fault;
use crate::time::{SimDuration, SimTime};
use crate::trace::{ProgramPoint, Stream};

/// What a process can reach while it runs.
pub(crate) struct World<'a> {
    pub(crate) now: SimTime,
    pub(crate) os: &'a mut Os,
    pub(crate) table: &'a mut Table,
    /// Signals that the process sends.
    pub(crate) signals: Vec<(Pid, String)>,
    /// What `exec` puts in the shell's place.
    pub(crate) replace: Option<Body>,
    /// The pipe that a builtin waits for.
    pub(crate) blocked: Option<PipeId>,
    pub(super) left: u64,
}

impl World<'_> {
    /// One step of CPU time; false when it is time for others.
    pub(crate) fn spend(&mut self) -> bool {
        self.table.steps = self.table.steps.saturating_add(1);
        self.left = self.left.saturating_sub(1);
        self.left > 0 && self.table.steps <= STEPS
    }

    /// When a busy process goes on.
    pub(crate) fn pause(&mut self) -> SimTime {
        self.left = STEPS_AT_ONCE;
        self.now + SimDuration::from_ms(10)
    }

    /// Writes text; what does not fit is lost.
    pub(crate) fn write(&mut self, sink: &Sink, text: &str) {
        let _ = self.try_write(sink, text).is_ok();
    }

    /// Writes text.
    ///
    /// # Errors
    /// The file cannot take it.
    pub(crate) fn try_write(&mut self, sink: &Sink, text: &str) -> Result<(), Fault> {
        if text.is_empty() {
            return Ok(());
        }
        self.os.files.costs(text.len() / BYTES_A_STEP);
        match sink {
            Sink::Null => {}
            Sink::Log(stream) => {
                self.table.output_bytes += text.len();
                if self.table.output_bytes <= OUTPUT_BYTES {
                    if *self.table.said != *text {
                        self.table.said = text.into();
                    }
                    self.table.effects.push(Effect::Output { stream: *stream, text: Arc::clone(&self.table.said) });
                } else if self.table.output_bytes - text.len() <= OUTPUT_BYTES {
                    self.table.effects.push(Effect::Budget("log of a container"));
                }
            }
            Sink::File(path) => {
                return self.table.view.append(&mut self.os.files, path, text, self.now);
            }
            Sink::Pipe(pipe) => {
                if let Some(buffer) = self.table.pipes.get_mut(*pipe).filter(|b| b.len() < OUTPUT_BYTES) {
                    buffer.push_str(text);
                }
            }
            Sink::Exec(id, stream) => {
                if let Some((out, err)) = self.table.execs.get_mut(id) {
                    let buffer = if *stream == Stream::Stdout { out } else { err };
                    if buffer.len() < 10 * 1024 {
                        buffer.push_str(text);
                    }
                }
            }
        }
        Ok(())
    }

    /// Writes to standard error.
    pub(crate) fn error(&mut self, io: &Io, text: &str) {
        self.write(&io.stderr, text);
    }

    /// A new pipe.
    pub(crate) fn pipe(&mut self) -> PipeId {
        self.table.pipes.push(String::new());
        self.table.pipes.len() - 1
    }

    /// Everything in a pipe.
    pub(crate) fn drain(&mut self, pipe: PipeId) -> String {
        self.table.pipes.get_mut(pipe).map(std::mem::take).unwrap_or_default()
    }

    /// Whether nobody writes to a pipe any more.
    pub(crate) fn is_closed(&self, pipe: PipeId) -> bool {
        self.table.is_closed(pipe)
    }

    /// A line from a pipe; nothing at its end.
    ///
    /// # Errors
    /// There is none yet.
    pub(crate) fn take_line(&mut self, pipe: PipeId) -> Result<Option<String>, ()> {
        let closed = self.table.is_closed(pipe);
        let Some(buffer) = self.table.pipes.get_mut(pipe) else { return Ok(None) };
        if let Some((line, rest)) = buffer.split_once('\n') {
            let (line, rest) = (line.to_owned(), rest.to_owned());
            *buffer = rest;
            return Ok(Some(line));
        }
        match (closed, buffer.is_empty()) {
            (true, true) => Ok(None),
            (true, false) => Ok(Some(std::mem::take(buffer))),
            (false, _) => Err(()),
        }
    }

    /// The end of a child, which is then forgotten.
    pub(crate) fn reap(&mut self, pid: Pid) -> Option<i32> {
        match self.table.processes.get(pid).map(|p| p.state) {
            None => Some(0),
            Some(State::Ended(code)) => {
                self.table.processes.remove(pid);
                Some(code)
            }
            Some(_) => None,
        }
    }

    /// The children of a process.
    pub(crate) fn children_of(&self, pid: Pid) -> Vec<Pid> {
        self.table.processes.values().filter(|p| p.parent == pid).map(|p| p.pid).collect()
    }

    /// Whether a process is there.
    pub(crate) fn is_alive(&self, pid: Pid) -> bool {
        self.table.processes.get(pid).is_some_and(|p| !matches!(p.state, State::Ended(_)))
    }

    /// A child process.
    pub(crate) fn spawn(&mut self, parent: &Process, body: Body, (io, env): (Io, Env), title: &Argv) -> Pid {
        let process = Process {
            pid: 0,
            parent: parent.pid,
            exec: None,
            io,
            cwd: Arc::clone(&parent.cwd),
            env,
            body,
            state: State::Ready,
            source: parent.source.clone(),
            title: Argv::clone(title),
        };
        if self.table.processes.count() > PROCESSES {
            self.table.effects.push(Effect::Budget("processes of a container"));
            return u32::MAX;
        }
        self.table.add(process)
    }

    /// A child process that runs a command.
    ///
    /// # Errors
    /// The message and exit status of a command that is not there.
    pub(crate) fn start_command(&mut self, parent: &Process, argv: &Argv, io: Io, env: Env) -> Result<Pid, (String, i32)> {
        let body = self.replacement(parent, argv, &env)?;
        Ok(self.spawn(parent, body, (io, env), argv))
    }

    /// What a command runs.
    ///
    /// # Errors
    /// The message and exit status of a command that is not there.
    pub(crate) fn replacement(&mut self, process: &Process, argv: &Argv, env: &Env) -> Result<Body, (String, i32)> {
        let name = argv.first().map(String::as_str).unwrap_or_default();
        if name.contains('/')
            && let Ok(text) = self.table.view.read(&self.os.files, &commands::absolute(&process.cwd, name))
        {
            return commands::script(text, argv, env);
        }
        let profile = Arc::clone(&self.table.profile);
        let found = commands::program(&profile, argv, env, commands::Place::Shell);
        if let Ok(Body::Job(Job::Unknown { what })) = &found {
            let point = None;
            self.table.effects.push(Effect::NotSimulated { what: what.clone(), point });
        }
        found
    }

    /// Whether the image has a command.
    pub(crate) fn has_command(&self, name: &str) -> bool {
        commands::exists(&self.table.profile, name)
    }

    /// Listens on a port.
    ///
    /// # Errors
    /// It is taken.
    pub(crate) fn listen(&mut self, pid: Pid, port: u16, listener: Listener) -> Result<(), ()> {
        let ip = Arc::clone(&self.table.ip);
        self.os.net.listen(&ip, port, listener)?;
        self.table.listening.insert(port, pid);
        self.table.effects.push(Effect::Listening { port, open: true });
        Ok(())
    }

    /// Has a listening port answered in another way.
    pub(crate) fn replace_listener(&mut self, pid: Pid, port: u16, listener: Listener) {
        let ip = Arc::clone(&self.table.ip);
        if self.table.listening.get(&port) == Some(&pid) {
            self.os.net.close(&ip, port);
            let _ = self.os.net.listen(&ip, port, listener);
        }
    }

    /// Says that something is beyond the simulation.
    pub(crate) fn not_simulated(&mut self, what: &str) {
        let field = self.table.field.clone();
        let point = Some(ProgramPoint { field, line: 0, text: what.into() });
        self.table.effects.push(Effect::NotSimulated { what: what.to_owned(), point });
    }
}
