//! Processes of a container: what each runs, where its input and output go, what it waits for.

use std::rc::Rc;
use std::sync::Arc;

use super::commands::Job;
use super::container::ExecId;
use super::shell::machine::Shell;
use super::shell::variables::Env;
use crate::text::FieldPath;
use crate::time::SimTime;
use crate::trace::Stream;

/// A process number within its container; 1 is the container's own.
pub(crate) type Pid = u32;

/// A pipe of the container.
pub(crate) type PipeId = usize;

/// A command line. It is shared by those who run it again and again.
pub(crate) type Argv = Rc<[String]>;

/// One process.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Process {
    pub(crate) pid: Pid,
    pub(crate) parent: Pid,
    /// The exec that it is the root of.
    pub(crate) exec: Option<ExecId>,
    pub(crate) io: Io,
    pub(crate) cwd: Arc<str>,
    pub(crate) env: Env,
    pub(crate) body: Body,
    pub(crate) state: State,
    /// The field that holds its script.
    pub(crate) source: Option<FieldPath>,
    /// Its command line, for `ps`.
    pub(crate) title: Argv,
}

/// What it runs.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Body {
    Shell(Box<Shell>),
    Job(Job),
}

/// What it waits for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum State {
    Ready,
    Until(SimTime),
    /// The end of a child; 0 stands for all children.
    Child(Pid),
    /// Data, or the end of all writers.
    Pipe(PipeId),
    /// Only a signal ends it.
    Never,
    Ended(i32),
}

/// Where input comes from and output goes to.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Io {
    pub(crate) stdin: Source,
    pub(crate) stdout: Sink,
    pub(crate) stderr: Sink,
}

/// Where input comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Source {
    Empty,
    Text(Arc<str>),
    Pipe(PipeId),
}

/// Where output goes to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Sink {
    Log(Stream),
    Null,
    File(String),
    Pipe(PipeId),
    Exec(ExecId, Stream),
}
