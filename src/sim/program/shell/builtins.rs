//! Commands that change the shell itself.

use std::rc::Rc;
use std::sync::Arc;

use super::machine::{Frame, Shell};
use super::parser;
use crate::sim::program::commands::{absolute, signal_name, test};
use crate::sim::program::fs::Node;
use crate::sim::program::process::{Io, Process, Source};
use crate::sim::program::world::World;

/// What became of a word as a builtin.
pub(crate) enum Builtin {
    /// It has run, with this status.
    Done(i32),
    /// It set up what happens next by itself.
    Goes,
    /// It is none.
    Unknown,
}

/// `echo` and `printf`; a file that is full is an error.
fn say(name: &str, args: &[String], shell: &Shell, io: &Io, world: &mut World<'_>) -> i32 {
    let text = if name == "echo" { crate::sim::program::commands::echo(args) } else { crate::sim::program::commands::printf(args) };
    match world.try_write(&io.stdout, &text) {
        Ok(()) => 0,
        Err(fault) => {
            world.error(io, &format!("{}: write error: {fault}\n", shell.name));
            1
        }
    }
}

/// Runs a builtin, if the first word is one.
pub(crate) fn run(process: &mut Process, shell: &mut Shell, words: &[String], io: &Io, world: &mut World<'_>) -> Builtin {
    let Some((name, args)) = words.split_first() else { return Builtin::Done(0) };
    match name.as_str() {
        ":" | "true" => Builtin::Done(0),
        "false" => Builtin::Done(1),
        "echo" | "printf" => Builtin::Done(say(name, args, shell, io, world)),
        "test" | "[" | "[[" => Builtin::Done(conditional(process, name, args, io, world)),
        "exit" => leave(shell, args),
        "return" => unwind(shell, args, |f| matches!(f, Frame::Call { .. })),
        "break" | "continue" => loop_control(shell, name == "break", args),
        "cd" => Builtin::Done(change_folder(process, shell, args, io, world)),
        "pwd" => {
            world.write(&io.stdout, &format!("{}\n", process.cwd));
            Builtin::Done(0)
        }
        "export" | "readonly" | "local" | "declare" => {
            assign(shell, args, name == "export");
            Builtin::Done(0)
        }
        "unset" => {
            for name in args {
                shell.variables.remove(name);
                shell.functions.remove(name.as_str());
            }
            Builtin::Done(0)
        }
        "set" => Builtin::Done(set(shell, args, io, world)),
        "shift" => {
            let n = args.first().and_then(|a| a.parse().ok()).unwrap_or(1).min(shell.positional.len());
            shell.positional.drain(..n);
            Builtin::Done(0)
        }
        "trap" => Builtin::Done(trap(shell, args)),
        "wait" => wait(process, shell, args, world),
        "eval" => script(shell, &args.join(" "), io, world),
        "." | "source" => sourced(process, shell, args, io, world),
        "exec" => exec(process, shell, args, io, world),
        "read" => read(process, shell, args, io, world),
        "kill" => Builtin::Done(kill(process, args, io, world)),
        "command" | "type" | "hash" => command(shell, name, args, io, world),
        "umask" | "ulimit" | "alias" | "jobs" | "getopts" | "times" => Builtin::Done(0),
        _ => Builtin::Unknown,
    }
}

fn conditional(process: &Process, name: &str, args: &[String], io: &Io, world: &mut World<'_>) -> i32 {
    let args = match (name, args.split_last()) {
        ("[", Some((last, rest))) if last == "]" => rest,
        ("[[", Some((_, rest))) => rest,
        ("[", _) => {
            world.error(io, "sh: [: missing ]\n");
            return 2;
        }
        _ => args,
    };
    if name == "[[" && args.iter().any(|a| a == "=~") {
        world.not_simulated("`[[` with a regular expression");
    }
    let exists = |path: &str| world.table.view.node_from(&world.os.files, &process.cwd, path);
    match test::evaluate(args, &exists) {
        Ok(true) => 0,
        Ok(false) => 1,
        Err(message) => {
            world.error(io, &format!("sh: {message}\n"));
            2
        }
    }
}

fn leave(shell: &mut Shell, args: &[String]) -> Builtin {
    let code = args.first().map_or(shell.exiting.unwrap_or(shell.status), |a| a.parse().unwrap_or(2));
    shell.exiting = Some(code);
    shell.status = code;
    shell.frames.clear();
    Builtin::Goes
}

/// Leaves frames up to the one that fits, which still runs; without one the script is left.
fn unwind(shell: &mut Shell, args: &[String], until: fn(&Frame) -> bool) -> Builtin {
    let status = args.first().and_then(|a| a.parse().ok()).unwrap_or(shell.status);
    let mut restores = Vec::new();
    while let Some(frame) = shell.frames.pop() {
        if until(&frame) {
            shell.frames.push(frame);
            break;
        }
        if matches!(frame, Frame::Restore(_)) {
            restores.push(frame);
        }
    }
    shell.frames.extend(restores.into_iter().rev());
    shell.status = status;
    Builtin::Goes
}

fn loop_control(shell: &mut Shell, leave: bool, args: &[String]) -> Builtin {
    let mut levels: usize = args.first().and_then(|a| a.parse().ok()).unwrap_or(1).max(1);
    let inside = shell.frames.iter().filter(|f| matches!(f, Frame::For { .. } | Frame::Loop { .. })).count();
    levels = levels.min(inside);
    while levels > 0 {
        match shell.frames.pop() {
            Some(frame @ (Frame::For { .. } | Frame::Loop { .. })) => {
                levels -= 1;
                if levels == 0 && !leave {
                    shell.frames.push(if let Frame::Loop { of, .. } = frame { Frame::Loop { of, tested: true } } else { frame });
                }
            }
            Some(_) => {}
            None => break,
        }
    }
    shell.status = 0;
    Builtin::Goes
}

fn change_folder(process: &mut Process, shell: &mut Shell, args: &[String], io: &Io, world: &mut World<'_>) -> i32 {
    let target = args.first().cloned().or_else(|| shell.variables.get("HOME").cloned()).unwrap_or_else(|| "/root".into());
    let path = absolute(&process.cwd, &target);
    match world.table.view.node(&world.os.files, &path) {
        Some(Node::Folder) => {
            process.cwd = path.into();
            0
        }
        found => {
            let why = if found.is_some() { "Not a directory" } else { "No such file or directory" };
            world.error(io, &format!("sh: cd: can't cd to {target}: {why}\n"));
            2
        }
    }
}

fn assign(shell: &mut Shell, args: &[String], export: bool) {
    for arg in args.iter().filter(|a| !a.starts_with('-')) {
        let name = match arg.split_once('=') {
            Some((name, value)) => {
                shell.variables.insert(name.to_owned(), value.to_owned());
                name
            }
            None => arg,
        };
        if export {
            shell.variables.export(name);
        }
    }
}

fn set(shell: &mut Shell, args: &[String], io: &Io, world: &mut World<'_>) -> i32 {
    let mut rest = args.iter();
    while let Some(arg) = rest.next() {
        let on = arg.starts_with('-');
        match arg.as_str() {
            "--" => {
                shell.positional = rest.cloned().collect();
                return 0;
            }
            "-o" | "+o" => match rest.next().map(String::as_str) {
                Some("errexit") => shell.options.exit = on,
                Some("nounset") => shell.options.unset = on,
                Some("xtrace") => shell.options.trace = on,
                _ => {}
            },
            flags if flags.starts_with(['-', '+']) => {
                for flag in flags.chars().skip(1) {
                    match flag {
                        'e' => shell.options.exit = on,
                        'u' => shell.options.unset = on,
                        'x' => shell.options.trace = on,
                        'o' | 'a' | 'f' | 'm' | 'b' | 'h' => {}
                        other => {
                            world.error(io, &format!("sh: set: illegal option -{other}\n"));
                            return 2;
                        }
                    }
                }
            }
            _ => {
                shell.positional = std::iter::once(arg.clone()).chain(rest.cloned()).collect();
                return 0;
            }
        }
    }
    0
}

fn trap(shell: &mut Shell, args: &[String]) -> i32 {
    let Some((action, signals)) = args.split_first() else { return 0 };
    if signals.is_empty() {
        shell.traps.remove(&signal_name(action));
        return 0;
    }
    for signal in signals {
        let signal = signal_name(signal);
        if action == "-" {
            shell.traps.remove(&signal);
        } else {
            shell.traps.insert(signal, action.as_str().into());
        }
    }
    0
}

fn wait(process: &Process, shell: &mut Shell, args: &[String], world: &mut World<'_>) -> Builtin {
    let mut pids: Vec<u32> = args.iter().filter_map(|a| a.parse().ok()).collect();
    if args.is_empty() {
        pids = world.children_of(process.pid);
    }
    pids.retain(|p| world.table.processes.get(*p).is_some());
    shell.status = if args.is_empty() || !pids.is_empty() { 0 } else { 127 };
    if args.is_empty() {
        shell.frames.push(Frame::Trap { status: 0 });
    }
    shell.frames.push(Frame::WaitAll { pids });
    Builtin::Goes
}

fn script(shell: &mut Shell, text: &str, io: &Io, world: &mut World<'_>) -> Builtin {
    match parser::parse(text) {
        Ok(list) => {
            shell.frames.push(Frame::List { list, next: 0 });
            Builtin::Goes
        }
        Err(e) => {
            world.error(io, &format!("sh: {}\n", e.message));
            Builtin::Done(2)
        }
    }
}

fn sourced(process: &Process, shell: &mut Shell, args: &[String], io: &Io, world: &mut World<'_>) -> Builtin {
    let Some(name) = args.first() else { return Builtin::Done(2) };
    let path = absolute(&process.cwd, name);
    match world.table.view.read(&world.os.files, &path).map(str::to_owned) {
        Ok(text) => script(shell, &text, io, world),
        Err(_) => {
            world.error(io, &format!("sh: .: can't open '{name}': No such file or directory\n"));
            Builtin::Done(2)
        }
    }
}

/// `exec command` replaces the shell; `exec > file` keeps it with other output.
fn exec(process: &mut Process, shell: &mut Shell, args: &[String], io: &Io, world: &mut World<'_>) -> Builtin {
    if args.is_empty() {
        process.io = io.clone();
        return Builtin::Done(0);
    }
    match world.replacement(process, &args.into(), &shell.environment()) {
        Ok(body) => {
            process.io = io.clone();
            world.replace = Some(body);
            shell.frames.clear();
            Builtin::Goes
        }
        Err((message, code)) => {
            world.error(io, &format!("sh: exec: line 0: {message}\n"));
            shell.exiting = Some(code);
            shell.frames.clear();
            Builtin::Goes
        }
    }
}

/// `read`: a line from a file or pipe; at the end of input it fails.
fn read(process: &mut Process, shell: &mut Shell, args: &[String], io: &Io, world: &mut World<'_>) -> Builtin {
    let names: Vec<&String> = args.iter().filter(|a| !a.starts_with('-')).collect();
    let line = match &io.stdin {
        Source::Empty => None,
        Source::Text(text) => {
            let (line, rest) = text.split_once('\n').unwrap_or((text, ""));
            let line = (!text.is_empty()).then(|| line.to_owned());
            let rest: Arc<str> = rest.into();
            process.io.stdin = Source::Text(rest);
            line
        }
        Source::Pipe(pipe) => match world.take_line(*pipe) {
            Ok(line) => line,
            Err(()) => {
                let pipe = *pipe;
                shell.frames.push(Frame::Run(super::machine::Unit::Simple(Rc::new(builtin_again(args)))));
                world.blocked = Some(pipe);
                return Builtin::Goes;
            }
        },
    };
    let Some(line) = line else { return Builtin::Done(1) };
    let mut words = line.split_whitespace();
    for (index, name) in names.iter().enumerate() {
        let value = if index + 1 == names.len() {
            words.by_ref().collect::<Vec<_>>().join(" ")
        } else {
            words.next().unwrap_or_default().to_owned()
        };
        shell.variables.insert((*name).clone(), value);
    }
    Builtin::Done(0)
}

/// The same `read`, to be tried again when there is input.
fn builtin_again(args: &[String]) -> super::ast::Simple {
    let word = |text: &String| super::ast::Word(vec![super::ast::Part::Text { text: text.clone(), quoted: true }]);
    let words = std::iter::once("read".to_owned()).chain(args.iter().cloned()).collect::<Vec<_>>();
    super::ast::Simple { words: words.iter().map(word).collect(), ..Default::default() }
}

fn kill(process: &Process, args: &[String], io: &Io, world: &mut World<'_>) -> i32 {
    let mut signal = "TERM".to_owned();
    let mut status = 0;
    let mut rest = args.iter();
    while let Some(arg) = rest.next() {
        if arg == "-s" {
            signal = rest.next().map(|s| signal_name(s)).unwrap_or_default();
        } else if let Some(name) = arg.strip_prefix('-').filter(|n| !n.is_empty()) {
            signal = signal_name(name);
        } else if let Some(pid) = arg.trim_start_matches('%').parse::<u32>().ok().filter(|p| *p == process.pid || world.is_alive(*p)) {
            world.signals.push((pid, signal.clone()));
        } else {
            world.error(io, &format!("sh: can't kill pid {arg}: No such process\n"));
            status = 1;
        }
    }
    status
}

fn command(shell: &mut Shell, name: &str, args: &[String], io: &Io, world: &mut World<'_>) -> Builtin {
    let query = name != "command" || args.first().is_some_and(|a| a == "-v" || a == "-V");
    if !query {
        return Builtin::Unknown;
    }
    let Some(wanted) = args.iter().find(|a| !a.starts_with('-')) else { return Builtin::Done(0) };
    let found = shell.functions.contains_key(wanted.as_str()) || world.has_command(wanted);
    if found && name != "hash" {
        world.write(&io.stdout, &format!("{wanted}\n"));
    }
    Builtin::Done(if found { 0 } else { 127 })
}
