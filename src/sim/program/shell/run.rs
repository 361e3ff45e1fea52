//! Runs a command once its words are known: expansion, redirections, functions, builtins, programs.

use std::collections::VecDeque;
use std::sync::Arc;

use super::ast::{Compound, List, Simple};
use super::builtins::{self, Builtin};
use super::expand::Expander;
use super::machine::{Frame, Shell, Unit, begin, begin_compound, errexit, spawn_list};
use super::pattern;
use super::redirect::redirect;
use crate::sim::program::process::{Argv, Io, Process};
use crate::sim::program::world::World;

/// Runs a unit with the outputs of its substitutions, if it had any.
pub(super) fn run_unit(process: &mut Process, shell: &mut Shell, what: Unit, outputs: (VecDeque<String>, bool), world: &mut World<'_>) {
    if let Err(message) = execute(process, shell, what, outputs, world) {
        let text = format!("{}: {message}\n", shell.name);
        world.error(&process.io, &text);
        shell.exiting = Some(2);
        shell.frames.clear();
    }
}

fn execute(
    process: &mut Process,
    shell: &mut Shell,
    what: Unit,
    outputs: (VecDeque<String>, bool),
    world: &mut World<'_>,
) -> Result<(), String> {
    let (outputs, substituted) = outputs;
    let cwd = Arc::clone(&process.cwd);
    let mut expander = Expander { shell, view: &world.table.view, files: &world.os.files, cwd: &cwd, pid: process.pid, outputs };
    match what {
        Unit::Simple(simple) => {
            let assignments =
                simple.assignments.iter().map(|(n, w)| Ok((n.clone(), expander.text(w)?))).collect::<Result<Vec<_>, String>>()?;
            let words = words_of(&simple, &mut expander)?;
            let targets = simple.redirections.iter().map(|r| expander.text(&r.target)).collect::<Result<Vec<_>, _>>()?;
            if !substituted && words.is_empty() {
                shell.status = 0;
            }
            let mut io = process.io.clone();
            if !redirect(&mut io, &simple.redirections, &targets, (process, shell), world) {
                return Ok(());
            }
            call(process, shell, (assignments, words), io, world);
        }
        Unit::Redirected(compound, redirections) => {
            let targets = redirections.iter().map(|r| expander.text(&r.target)).collect::<Result<Vec<_>, _>>()?;
            let mut io = process.io.clone();
            if !redirect(&mut io, &redirections, &targets, (process, shell), world) {
                return Ok(());
            }
            if let Compound::Subshell(list) = &*compound {
                let pid = spawn_list(process, shell, list.clone(), io, world);
                shell.frames.push(Frame::Wait { pid });
            } else {
                shell.frames.push(Frame::Restore(Box::new(std::mem::replace(&mut process.io, io))));
                begin_compound(shell, &compound);
            }
        }
        Unit::For(compound) => {
            let words = loop_words(&compound, &mut expander)?;
            shell.status = 0;
            shell.frames.push(Frame::For { of: compound, words });
        }
        Unit::Case(compound) => {
            let body = chosen_arm(&compound, &mut expander)?;
            match body {
                Some(list) => shell.frames.push(Frame::List { list, next: 0 }),
                None => shell.status = 0,
            }
        }
    }
    Ok(())
}

/// The words of a command, expanded if they are not always the same.
fn words_of(simple: &Simple, expander: &mut Expander<'_>) -> Result<Argv, String> {
    if let Some(words) = &simple.plain {
        return Ok(Argv::clone(words));
    }
    let mut words = Vec::new();
    for word in &simple.words {
        expander.add_fields(word, &mut words)?;
    }
    Ok(words.into())
}

/// What a `for` goes through.
fn loop_words(compound: &Compound, expander: &mut Expander<'_>) -> Result<VecDeque<String>, String> {
    let Compound::For { words: Some(list), .. } = compound else { return Ok(expander.shell.positional.clone().into()) };
    let mut words = VecDeque::new();
    for word in list {
        words.extend(expander.fields(word)?);
    }
    Ok(words)
}

/// The list of the first pattern of a `case` that fits.
fn chosen_arm(compound: &Compound, expander: &mut Expander<'_>) -> Result<Option<List>, String> {
    let Compound::Case { word, arms } = compound else { return Ok(None) };
    let text = expander.text(word)?;
    for (patterns, body) in arms {
        for candidate in patterns {
            if pattern::matches(&expander.pattern(candidate)?, &text) {
                return Ok(Some(body.clone()));
            }
        }
    }
    Ok(None)
}

fn assign(shell: &mut Shell, assignments: Vec<(String, String)>) {
    for (name, value) in assignments {
        shell.variables.insert(name, value);
    }
}

/// Runs a command whose words are known.
fn call(process: &mut Process, shell: &mut Shell, what: (Vec<(String, String)>, Argv), io: Io, world: &mut World<'_>) {
    let (assignments, words) = what;
    let Some(name) = words.first() else {
        assign(shell, assignments);
        errexit(shell);
        return;
    };
    if shell.options.trace {
        let text = format!("+ {}\n", words.join(" "));
        world.error(&process.io, &text);
    }
    if let Some(body) = shell.functions.get(name.as_str()).cloned() {
        assign(shell, assignments);
        let positional = std::mem::replace(&mut shell.positional, words.get(1..).unwrap_or_default().to_vec());
        shell.frames.push(Frame::Restore(Box::new(std::mem::replace(&mut process.io, io))));
        shell.frames.push(Frame::Call { positional });
        begin(process, shell, &body, world);
        return;
    }
    match builtins::run(process, shell, &words, &io, world) {
        Builtin::Done(status) => {
            assign(shell, assignments);
            shell.status = status;
            errexit(shell);
        }
        Builtin::Goes => {}
        Builtin::Unknown => {
            let (mut env, stderr) = (shell.environment(), io.stderr.clone());
            if !assignments.is_empty() {
                Arc::make_mut(&mut env).extend(assignments);
            }
            match world.start_command(process, &words, io, env) {
                Ok(pid) => shell.frames.push(Frame::Wait { pid }),
                Err((message, code)) => {
                    let text = format!("{}: {message}\n", shell.name);
                    world.write(&stderr, &text);
                    shell.status = code;
                    errexit(shell);
                }
            }
        }
    }
}
