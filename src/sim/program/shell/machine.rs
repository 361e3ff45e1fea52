//! Runs a script: an explicit stack of frames, so that the shell can wait at any point.

use std::collections::VecDeque;
use std::rc::Rc;
use std::sync::Arc;

use super::ast::{Command, Compound, Item, List, Redirection, Simple, Word};
use super::expand;
use super::run::run_unit;
use super::variables::{Env, Variables};
use crate::order::SortedMap;
use crate::sim::program::process::{Body, Io, Pid, PipeId, Process, Sink, Source, State};
use crate::sim::program::world::World;

/// A shell's state.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct Shell {
    pub(crate) frames: Vec<Frame>,
    pub(crate) variables: Variables,
    pub(crate) functions: SortedMap<Arc<str>, Rc<Command>>,
    pub(crate) positional: Vec<String>,
    pub(crate) name: Arc<str>,
    pub(crate) status: i32,
    pub(crate) last_background: Option<Pid>,
    /// `$$` of a subshell is its parent's.
    pub(crate) own_pid: Option<Pid>,
    pub(crate) traps: SortedMap<String, Arc<str>>,
    /// Signals that have come and whose trap is still to run.
    pub(crate) pending: VecDeque<String>,
    pub(crate) options: Options,
    /// The line and text of the command that runs or ran last.
    pub(crate) point: Option<(u32, Arc<str>)>,
    /// Set once `exit` is under way, so that its trap runs once.
    pub(crate) exiting: Option<i32>,
}

/// `set -e`, `-u`, `-x`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Options {
    pub(crate) exit: bool,
    pub(crate) unset: bool,
    pub(crate) trace: bool,
}

/// Where the shell is.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Frame {
    List {
        list: List,
        next: usize,
    },
    AndOr {
        item: Rc<[Item]>,
        index: usize,
        next: usize,
    },
    Negate,
    /// A command whose words are to be expanded.
    Run(Unit),
    /// One whose substitutions have to run before.
    Expand(Box<Expanding>),
    Wait {
        pid: Pid,
    },
    WaitAll {
        pids: Vec<Pid>,
    },
    If {
        of: Rc<Compound>,
        arm: usize,
        tested: bool,
    },
    Loop {
        of: Rc<Compound>,
        tested: bool,
    },
    For {
        of: Rc<Compound>,
        words: VecDeque<String>,
    },
    /// The end of a function: positional parameters come back.
    Call {
        positional: Vec<String>,
    },
    /// The end of redirections: input and output come back.
    Restore(Box<Io>),
    /// The end of a trap: `$?` comes back.
    Trap {
        status: i32,
    },
}

/// What is run after its words have been expanded.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Unit {
    Simple(Rc<Simple>),
    Redirected(Rc<Compound>, Rc<[Redirection]>),
    For(Rc<Compound>),
    Case(Rc<Compound>),
}

/// How deep frames may stack.
const FRAMES: usize = 400;

impl Shell {
    /// A shell that runs a list.
    pub(crate) fn new(list: List, name: &str, positional: Vec<String>, env: &Env) -> Self {
        Self {
            frames: vec![Frame::List { list, next: 0 }],
            variables: Variables::new(env),
            positional,
            name: name.into(),
            ..Self::default()
        }
    }

    /// The variables that commands get.
    pub(crate) fn environment(&mut self) -> Env {
        self.variables.environment()
    }

    /// A copy that runs a list on its own.
    fn fork(&self, list: List, pid: Pid) -> Self {
        Self {
            frames: vec![Frame::List { list, next: 0 }],
            own_pid: Some(self.own_pid.unwrap_or(pid)),
            traps: SortedMap::new(),
            pending: VecDeque::new(),
            exiting: None,
            ..self.clone()
        }
    }

    /// Whether a failing command is somebody's condition, so that `set -e` does not count.
    fn is_condition(&self) -> bool {
        self.frames.iter().any(|f| {
            if let Frame::AndOr { item, index, next } = f {
                item.get(*index).is_some_and(|i| *next <= i.rest.len())
            } else {
                matches!(f, Frame::Negate | Frame::If { tested: false, .. } | Frame::Loop { tested: false, .. })
            }
        })
    }
}

/// Runs a shell until it waits or ends; tells what it waits for.
pub(crate) fn run(process: &mut Process, shell: &mut Shell, world: &mut World<'_>) -> State {
    loop {
        if !world.spend() {
            return State::Until(world.pause());
        }
        if let Some(signal) = shell.pending.pop_front() {
            run_trap(shell, &signal);
        }
        let Some(frame) = shell.frames.pop() else {
            if let Some(state) = finish(shell) {
                return state;
            }
            continue;
        };
        if shell.frames.len() > FRAMES {
            world.error(&process.io, "sh: recursion too deep\n");
            shell.frames.clear();
            shell.exiting = Some(2);
            continue;
        }
        if let Some(state) = step(process, shell, frame, world) {
            return state;
        }
    }
}

/// The script is over: the EXIT trap runs once, then the shell ends.
fn finish(shell: &mut Shell) -> Option<State> {
    let code = shell.exiting.unwrap_or(shell.status);
    match shell.traps.remove("EXIT") {
        Some(_) if shell.exiting == Some(-1) => None,
        Some(trap) => {
            shell.exiting = Some(code);
            push_script(shell, &trap);
            None
        }
        None => Some(State::Ended(code & 0xff)),
    }
}

fn push_script(shell: &mut Shell, text: &str) {
    if let Ok(list) = super::parser::parse(text) {
        shell.frames.push(Frame::List { list, next: 0 });
    }
}

fn run_trap(shell: &mut Shell, signal: &str) {
    if let Some(trap) = shell.traps.get(signal).cloned() {
        let status = shell.status;
        shell.frames.push(Frame::Trap { status });
        push_script(shell, &trap);
    }
}

/// One frame; nothing if the shell goes on.
fn step(process: &mut Process, shell: &mut Shell, frame: Frame, world: &mut World<'_>) -> Option<State> {
    match frame {
        Frame::List { list, next } => {
            let item = list.get(next)?;
            if next + 1 < list.len() {
                shell.frames.push(Frame::List { list: list.clone(), next: next + 1 });
            }
            if let (false, [], false, [single]) = (item.background, &*item.rest, item.first.negated, &*item.first.commands) {
                begin(process, shell, single, world);
            } else if item.background {
                let single: List = Rc::from([Item { background: false, ..item.clone() }]);
                let pid = spawn_list(process, shell, single, process.io.clone(), world);
                shell.last_background = Some(pid);
                shell.status = 0;
            } else {
                shell.frames.push(Frame::AndOr { item: list, index: next, next: 0 });
            }
        }
        Frame::AndOr { item, index, next } => and_or(process, shell, (item, index, next), world),
        Frame::Negate => shell.status = i32::from(shell.status == 0),
        Frame::Run(what) => run_unit(process, shell, what, (VecDeque::new(), false), world),
        Frame::Expand(expanding) => return expand_next(process, shell, expanding, world),
        Frame::Wait { pid } => match world.reap(pid) {
            Some(code) => {
                shell.status = code;
                errexit(shell);
            }
            None => {
                shell.frames.push(Frame::Wait { pid });
                return Some(State::Child(pid));
            }
        },
        Frame::WaitAll { pids } => return wait_all(shell, pids, world),
        Frame::If { of, arm, tested } => if_step(shell, of, arm, tested),
        Frame::Loop { of, tested } => loop_step(shell, of, tested),
        Frame::For { of, mut words } => {
            if let (Compound::For { name, body, .. }, Some(word)) = (&*of, words.pop_front()) {
                shell.variables.insert(name.clone(), word);
                let body = body.clone();
                shell.frames.push(Frame::For { of, words });
                shell.frames.push(Frame::List { list: body, next: 0 });
            }
        }
        Frame::Call { positional } => shell.positional = positional,
        Frame::Restore(io) => process.io = *io,
        Frame::Trap { status } => shell.status = status,
    }
    None
}

fn and_or(process: &mut Process, shell: &mut Shell, at: (Rc<[Item]>, usize, usize), world: &mut World<'_>) {
    let (items, index, next) = at;
    let Some(item) = items.get(index) else { return };
    let pipeline = match next.checked_sub(1) {
        None => Some(&item.first),
        Some(i) => match item.rest.get(i) {
            Some((and, pipeline)) => (*and == (shell.status == 0)).then_some(pipeline),
            None => return,
        },
    };
    shell.frames.push(Frame::AndOr { item: Rc::clone(&items), index, next: next + 1 });
    let Some(pipeline) = pipeline else { return };
    if pipeline.negated {
        shell.frames.push(Frame::Negate);
    }
    match pipeline.commands.as_slice() {
        [single] => begin(process, shell, single, world),
        commands => pipe(process, shell, commands, world),
    }
}

/// Begins a command in this shell.
pub(super) fn begin(process: &mut Process, shell: &mut Shell, command: &Command, world: &mut World<'_>) {
    match command {
        Command::Simple(simple) => {
            shell.point = Some((simple.line, Arc::clone(&simple.text)));
            if !simple.substitutes {
                return run_unit(process, shell, Unit::Simple(Rc::clone(simple)), (VecDeque::new(), false), world);
            }
            let words = simple.assignments.iter().map(|(_, w)| w).chain(&simple.words).chain(simple.redirections.iter().map(|r| &r.target));
            push_expand(shell, Unit::Simple(Rc::clone(simple)), words);
        }
        Command::Compound(compound, redirections) if redirections.is_empty() => begin_compound(shell, compound),
        Command::Compound(compound, redirections) => {
            let words = redirections.iter().map(|r| &r.target);
            push_expand(shell, Unit::Redirected(Rc::clone(compound), Rc::clone(redirections)), words);
        }
        Command::Function(name, body) => {
            shell.functions.insert(Arc::clone(name), Rc::clone(body));
            shell.status = 0;
        }
    }
}

fn push_expand<'w>(shell: &mut Shell, what: Unit, words: impl Iterator<Item = &'w Word>) {
    let lists = expand::substitutions(words);
    shell.frames.push(if lists.is_empty() {
        Frame::Run(what)
    } else {
        Frame::Expand(Box::new(Expanding { what, lists, outputs: Vec::new(), child: None }))
    });
}

pub(super) fn begin_compound(shell: &mut Shell, compound: &Rc<Compound>) {
    match &**compound {
        Compound::Group(list) => shell.frames.push(Frame::List { list: list.clone(), next: 0 }),
        Compound::Subshell(_) => {
            push_expand(shell, Unit::Redirected(Rc::clone(compound), Rc::from([])), std::iter::empty());
        }
        Compound::If { .. } => shell.frames.push(Frame::If { of: Rc::clone(compound), arm: 0, tested: true }),
        Compound::Loop { .. } => shell.frames.push(Frame::Loop { of: Rc::clone(compound), tested: true }),
        Compound::For { words, .. } => push_expand(shell, Unit::For(Rc::clone(compound)), words.iter().flatten()),
        Compound::Case { word, .. } => push_expand(shell, Unit::Case(Rc::clone(compound)), std::iter::once(word)),
    }
}

fn if_step(shell: &mut Shell, of: Rc<Compound>, arm: usize, first: bool) {
    let Compound::If { arms, otherwise } = &*of else { return };
    let enter = |shell: &mut Shell, list: &List| shell.frames.push(Frame::List { list: list.clone(), next: 0 });
    if first {
        if let Some((condition, _)) = arms.get(arm) {
            let condition = condition.clone();
            shell.frames.push(Frame::If { of, arm, tested: false });
            enter(shell, &condition);
        } else if let Some(list) = otherwise {
            enter(shell, list);
        } else {
            shell.status = 0;
        }
    } else if shell.status == 0 {
        if let Some((_, body)) = arms.get(arm) {
            enter(shell, body);
        }
    } else {
        shell.frames.push(Frame::If { of: Rc::clone(&of), arm: arm + 1, tested: true });
    }
}

/// `tested` tells that the body (or nothing) ran last, so that the condition is next.
fn loop_step(shell: &mut Shell, of: Rc<Compound>, tested: bool) {
    let Compound::Loop { until, condition, body } = &*of else { return };
    if tested {
        let condition = condition.clone();
        shell.frames.push(Frame::Loop { of, tested: false });
        shell.frames.push(Frame::List { list: condition, next: 0 });
    } else if (shell.status == 0) != *until {
        let body = body.clone();
        shell.frames.push(Frame::Loop { of, tested: true });
        shell.frames.push(Frame::List { list: body, next: 0 });
    } else {
        shell.status = 0;
    }
}

fn wait_all(shell: &mut Shell, mut pids: Vec<Pid>, world: &mut World<'_>) -> Option<State> {
    while let Some(pid) = pids.first().copied() {
        match world.reap(pid) {
            Some(code) => {
                shell.status = code;
                pids.remove(0);
            }
            None => {
                shell.frames.push(Frame::WaitAll { pids });
                return Some(State::Child(pid));
            }
        }
    }
    errexit(shell);
    None
}

/// `set -e`: a failure that is nobody's condition ends the shell.
pub(crate) fn errexit(shell: &mut Shell) {
    if shell.status != 0 && shell.options.exit && !shell.is_condition() {
        shell.exiting = Some(shell.status);
        shell.frames.clear();
    }
}

/// Runs a list as a process of its own.
pub(super) fn spawn_list(process: &Process, shell: &mut Shell, list: List, io: Io, world: &mut World<'_>) -> Pid {
    let body = Body::Shell(Box::new(shell.fork(list, process.pid)));
    world.spawn(process, body, (io, shell.environment()), &[String::from("sh")].into())
}

/// `a | b | c`: a process each, the last one's status counts.
fn pipe(process: &Process, shell: &mut Shell, commands: &[Command], world: &mut World<'_>) {
    let mut stdin = process.io.stdin.clone();
    let mut pids = Vec::new();
    for (index, command) in commands.iter().enumerate() {
        let last = index + 1 == commands.len();
        let next = world.pipe();
        let stdout = if last { process.io.stdout.clone() } else { Sink::Pipe(next) };
        let io = Io { stdin: stdin.clone(), stdout, stderr: process.io.stderr.clone() };
        let pipeline = super::ast::Pipeline { negated: false, commands: vec![command.clone()] };
        let list: List = Rc::from([Item { first: pipeline, rest: Vec::new(), background: false }]);
        pids.push(spawn_list(process, shell, list, io, world));
        stdin = Source::Pipe(next);
    }
    shell.frames.push(Frame::WaitAll { pids });
}

/// A unit, its substitutions, the outputs so far, and the one that runs.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Expanding {
    what: Unit,
    lists: Vec<List>,
    outputs: Vec<String>,
    child: Option<(Pid, PipeId)>,
}

/// Runs the next substitution of a unit, or the unit itself when all have run.
fn expand_next(process: &mut Process, shell: &mut Shell, mut frame: Box<Expanding>, world: &mut World<'_>) -> Option<State> {
    if let Some((pid, pipe)) = frame.child {
        let Some(code) = world.reap(pid) else {
            shell.frames.push(Frame::Expand(frame));
            return Some(State::Child(pid));
        };
        shell.status = code;
        frame.outputs.push(world.drain(pipe).trim_end_matches('\n').to_owned());
    }
    if let Some(list) = frame.lists.get(frame.outputs.len()).cloned() {
        let pipe = world.pipe();
        let io = Io { stdout: Sink::Pipe(pipe), ..process.io.clone() };
        let pid = spawn_list(process, shell, list, io, world);
        frame.child = Some((pid, pipe));
        shell.frames.push(Frame::Expand(frame));
        return Some(State::Child(pid));
    }
    let Expanding { what, outputs, .. } = *frame;
    run_unit(process, shell, what, (outputs.into(), true), world);
    None
}
