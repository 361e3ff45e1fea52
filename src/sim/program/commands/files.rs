//! Commands about files.

use super::absolute;
use super::job::{Filter, Job, done};
use crate::sim::program::fs::Node;
use crate::sim::program::process::{Process, State};
use crate::sim::program::view::NO_SUCH_FILE;
use crate::sim::program::world::World;
use crate::time::SimDuration;

/// Standard output, standard error, exit code.
type Said = (String, String, i32);

fn ok(text: impl Into<String>) -> Option<Said> {
    Some((text.into(), String::new(), 0))
}

/// Runs a command that is over at once; nothing if it is none of these.
pub(super) fn run(name: &str, args: &[String], process: &Process, world: &mut World<'_>) -> Option<Said> {
    let flags: String = args.iter().filter(|a| a.len() > 1 && a.starts_with('-')).map(|a| a.trim_start_matches('-')).collect();
    let paths: Vec<&String> = args.iter().filter(|a| *a == "-" || !a.starts_with('-')).collect();
    match name {
        "rm" | "rmdir" => Some(each(&paths, name, |p| {
            let path = absolute(&process.cwd, p);
            match world.table.view.node(&world.os.files, &path) {
                None if flags.contains('f') => return Ok(()),
                Some(Node::Folder) if name == "rm" && !flags.contains(['r', 'R']) => return Err(format!("'{p}' is a directory")),
                _ => {}
            }
            world.table.view.remove(&mut world.os.files, &path).map_err(|e| format!("can't remove '{p}': {e}"))
        })),
        "mkdir" => Some(each(&paths, "mkdir", |p| {
            let path = absolute(&process.cwd, p);
            let made = world.table.view.make_folder(&mut world.os.files, &path, flags.contains('p'));
            made.map_err(|e| format!("can't create directory '{p}': {e}"))
        })),
        "cp" | "mv" | "ln" => Some(copy(name, &paths, process, world)),
        "ls" => Some(list(&paths, &flags, process, world)),
        "find" => Some(list(&paths, "1", process, world)),
        "stat" | "readlink" | "realpath" => Some(look(name, &paths, process, world)),
        "mktemp" => {
            let path = format!("/tmp/tmp.{:06}", world.now.ms() % 1_000_000);
            let _ = touch(&path, world).is_ok();
            ok(format!("{path}\n"))
        }
        "dd" => ok(""),
        _ => None,
    }
}

/// `touch PATH...`.
pub(super) fn touch_all(args: &[String], process: &Process, world: &mut World<'_>) -> Said {
    let paths: Vec<&String> = args.iter().filter(|a| !a.starts_with('-')).collect();
    each(&paths, "touch", |p| touch(&absolute(&process.cwd, p), world))
}

/// `cat PATH`.
pub(super) fn cat(path: &str, process: &Process, world: &World<'_>) -> Said {
    match world.table.view.read(&world.os.files, &absolute(&process.cwd, path)) {
        Ok(text) => (text.to_owned(), String::new(), 0),
        Err(_) if path == "/dev/null" => (String::new(), String::new(), 0),
        Err(e) => (String::new(), format!("cat: can't open '{path}': {e}\n"), 1),
    }
}

/// Does something with each path; the failures are said.
fn each(paths: &[&String], name: &str, mut with: impl FnMut(&str) -> Result<(), String>) -> Said {
    let errors: Vec<String> = paths.iter().filter_map(|p| with(p).err()).map(|e| format!("{name}: {e}\n")).collect();
    (String::new(), errors.concat(), i32::from(!errors.is_empty()))
}

fn touch(path: &str, world: &mut World<'_>) -> Result<(), String> {
    let now = world.now;
    world.table.view.append(&mut world.os.files, path, "", now).map_err(|e| format!("{path}: {e}"))
}

fn copy(name: &str, paths: &[&String], process: &Process, world: &mut World<'_>) -> Said {
    let Some((target, sources)) = paths.split_last() else { return (String::new(), format!("{name}: missing file operand\n"), 1) };
    let target = absolute(&process.cwd, target);
    let now = world.now;
    each(sources, name, |source| {
        let from = absolute(&process.cwd, source);
        let view = &world.table.view;
        let into_folder = matches!(view.node(&world.os.files, &target), Some(Node::Folder));
        let to = if into_folder { format!("{target}/{}", source.rsplit('/').next().unwrap_or(source)) } else { target.clone() };
        let fault = |e: &str| format!("can't stat '{source}': {e}");
        let text = view.read(&world.os.files, &from).map_err(fault)?.to_owned();
        view.write(&mut world.os.files, &to, &text, now).map_err(|e| format!("can't create '{to}': {e}"))?;
        if name == "mv" {
            view.remove(&mut world.os.files, &from).map_err(fault)?;
        }
        Ok(())
    })
}

fn list(paths: &[&String], flags: &str, process: &Process, world: &World<'_>) -> Said {
    let here = ".".to_owned();
    let paths = if paths.is_empty() { vec![&here] } else { paths.to_vec() };
    let (mut out, mut err) = (String::new(), String::new());
    for path in paths {
        let full = absolute(&process.cwd, path);
        match world.table.view.node(&world.os.files, &full) {
            None => err.push_str(&format!("ls: {path}: {NO_SUCH_FILE}\n")),
            Some(Node::File(..)) => out.push_str(&format!("{path}\n")),
            Some(Node::Folder) => {
                for name in world.table.view.list(&world.os.files, &full) {
                    if flags.contains(['a', 'A']) || !name.starts_with('.') {
                        out.push_str(&format!("{name}\n"));
                    }
                }
            }
        }
    }
    let code = i32::from(!err.is_empty());
    (out, err, code)
}

fn look(name: &str, paths: &[&String], process: &Process, world: &World<'_>) -> Said {
    let Some(path) = paths.last() else { return (String::new(), String::new(), 1) };
    let full = absolute(&process.cwd, path);
    if world.table.view.node(&world.os.files, &full).is_none() {
        return (String::new(), format!("{name}: cannot stat '{path}': {NO_SUCH_FILE}\n"), 1);
    }
    (format!("{full}\n"), String::new(), 0)
}

/// `tail -f` in progress: what it has shown of which file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Follow {
    path: String,
    shown: usize,
    /// Whether the file was there when last looked at.
    found: bool,
    /// `-F`: goes on when the file is missing or made anew.
    retry: bool,
    /// How often it looks.
    every: SimDuration,
}

/// `tail`, with and without following.
pub(super) fn tail(args: Vec<String>, process: &Process, world: &mut World<'_>) -> Job {
    let (mut follow, mut retry, mut from_start, mut count) = (false, false, false, 10_usize);
    let mut path = None;
    let mut rest = args.into_iter();
    while let Some(arg) = rest.next() {
        match arg.as_str() {
            "-f" => follow = true,
            "-F" => (follow, retry) = (true, true),
            "-n" | "-c" => number(&rest.next().unwrap_or_default(), &mut from_start, &mut count),
            flag if flag.starts_with("-n") => number(flag.trim_start_matches("-n"), &mut from_start, &mut count),
            flag if flag.starts_with('-') && flag.len() > 1 => number(flag.trim_start_matches('-'), &mut from_start, &mut count),
            _ => path = Some(arg),
        }
    }
    let Some(path) = path else {
        return if let crate::sim::program::process::Source::Pipe(pipe) = process.io.stdin {
            Job::Filter(Filter::new("tail", vec![count.to_string()], pipe).into())
        } else {
            done(world, process, (String::new(), String::new(), 0))
        };
    };
    let full = absolute(&process.cwd, &path);
    if full == "/dev/zero" {
        return Job::Grow { since: world.now };
    }
    if full == "/dev/null" && follow {
        return Job::Forever;
    }
    let text = world.table.view.read(&world.os.files, &full).map(str::to_owned);
    if text.is_err() {
        world.error(&process.io, &format!("tail: can't open '{path}': {NO_SUCH_FILE}\n"));
        if !retry {
            let said = if follow { "tail: no files\n" } else { "" };
            return done(world, process, (String::new(), said.into(), 1));
        }
    }
    let found = text.is_ok();
    let text = text.unwrap_or_default();
    let lines = text.split_inclusive('\n').count();
    let skip = if from_start { count.saturating_sub(1) } else { lines.saturating_sub(count) };
    let shown: String = text.split_inclusive('\n').skip(skip).collect();
    if !follow {
        return done(world, process, (shown, String::new(), 0));
    }
    world.write(&process.io.stdout, &shown);
    Job::Follow(Follow { path: full, shown: text.len(), found, retry, every: SimDuration::from_secs(1) }.into())
}

/// `5`, `+1`, `-5`.
fn number(text: &str, from_start: &mut bool, count: &mut usize) {
    *from_start = text.starts_with('+');
    if let Ok(n) = text.trim_start_matches(['+', '-']).parse() {
        *count = n;
    }
}

impl Follow {
    /// Shows what has been added, and looks again later.
    pub(super) fn run(&mut self, process: &Process, world: &mut World<'_>) -> State {
        let text = world.table.view.read(&world.os.files, &self.path).map(str::to_owned);
        match text {
            Ok(text) => {
                if !self.found || text.len() < self.shown {
                    self.shown = 0;
                }
                let new = text.get(self.shown..).unwrap_or_default().to_owned();
                world.write(&process.io.stdout, &new);
                self.shown = text.len();
                self.found = true;
            }
            Err(_) => self.found = !self.retry && self.found,
        }
        State::Until(world.now + self.every)
    }
}
