//! Commands that move many bytes without meaning: files are filled with zeros, and only their size is kept.

use super::absolute;
use super::job::{Job, done};
use crate::sim::program::fs::Node;
use crate::sim::program::process::{Process, Sink};
use crate::sim::program::view::Fault;
use crate::sim::program::world::World;
use crate::time::SimDuration;

/// How fast a disk takes bytes, a millisecond.
const DISK: u64 = 1_000_000;

/// Begins such a command; nothing if it is none.
pub(super) fn begin(name: &str, args: &[String], process: &Process, world: &mut World<'_>) -> Option<Job> {
    let endless = |a: &String| matches!(a.trim_start_matches("if="), "/dev/zero" | "/dev/urandom" | "/dev/random");
    match name {
        "dd" => {
            let value = |key: &str| args.iter().find_map(|a| a.strip_prefix(key));
            let blocks = value("count=").and_then(|n| n.parse().ok());
            let block = value("bs=").and_then(size).unwrap_or(512);
            let target = match (value("of="), &process.io.stdout) {
                (Some(path), _) if !path.starts_with("/dev/") => {
                    (absolute(&process.cwd, path), value("conv=").is_some_and(|c| c.contains("notrunc")))
                }
                (None, Sink::File(path)) => (path.clone(), true),
                _ => return None,
            };
            let count = if args.iter().any(endless) { blocks.unwrap_or(u64::MAX) } else { 0 };
            let told = value("status=") == Some("none");
            Some(fill(target, (count, block), told, process, world))
        }
        "head" if args.iter().any(endless) => {
            let Sink::File(path) = process.io.stdout.clone() else { return None };
            let count = args.iter().skip_while(|a| !a.starts_with("-c")).find_map(|a| size(a.trim_start_matches("-c")))?;
            let written = world.table.view.write_zeros(&mut world.os.files, &path, (count, true), world.now);
            Some(written_job(written.map_err(|e| format!("head: write error: {e}\n")), count, process, world))
        }
        "fallocate" | "truncate" => {
            let flag = if name == "fallocate" { "-l" } else { "-s" };
            let count = args.iter().skip_while(|a| !a.starts_with(flag)).find_map(|a| size(a.trim_start_matches(flag)))?;
            let path = absolute(&process.cwd, args.last()?);
            // What truncate makes is a hole: it takes nothing.
            let count = if name == "truncate" { 0 } else { count };
            let written = world.table.view.write_zeros(&mut world.os.files, &path, (count, false), world.now);
            Some(written_job(written.map_err(|e| format!("{name}: {path}: {e}\n")), 0, process, world))
        }
        "du" => Some(du(args, process, world)),
        _ => None,
    }
}

/// `dd`: so many blocks, and what it says about them.
fn fill((path, append): (String, bool), (blocks, block): (u64, u64), told: bool, process: &Process, world: &mut World<'_>) -> Job {
    let count = blocks.saturating_mul(block);
    let written = world.table.view.write_zeros(&mut world.os.files, &path, (count, append), world.now);
    if written.is_ok() && !told {
        world.error(&process.io, &format!("{blocks}+0 records in\n{blocks}+0 records out\n"));
    }
    written_job(written.map_err(|e: Fault| format!("dd: error writing '{path}': {e}\n")), count, process, world)
}

/// The end of writing so many bytes.
fn written_job(written: Result<(), String>, count: u64, process: &Process, world: &mut World<'_>) -> Job {
    match written {
        Ok(()) => Job::Ends { at: world.now + SimDuration::from_ms(1 + count / DISK), code: 0 },
        Err(message) => done(world, process, (String::new(), message, 1)),
    }
}

/// `10`, `4k`, `1M`, `1MB`, `2G`: bytes.
pub(super) fn size(text: &str) -> Option<u64> {
    let end = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    let (digits, unit) = text.split_at(end);
    let shift = match unit.bytes().next().map(|b| b.to_ascii_lowercase()) {
        None | Some(b'c') => 0,
        Some(b'k') => 10,
        Some(b'm') => 20,
        Some(b'g') => 30,
        Some(_) => return None,
    };
    digits.parse::<u64>().ok()?.checked_mul(1 << shift)
}

/// `du -s`: what lies below a folder, in KiB or as asked.
fn du(args: &[String], process: &Process, world: &mut World<'_>) -> Job {
    let flags: String = args.iter().filter(|a| a.starts_with('-')).map(|a| a.trim_start_matches('-')).collect();
    let here = ".".to_owned();
    let mut paths: Vec<&String> = args.iter().filter(|a| !a.starts_with('-')).collect();
    if paths.is_empty() {
        paths.push(&here);
    }
    let (mut out, mut err) = (String::new(), String::new());
    for path in paths {
        match below(&absolute(&process.cwd, path), 0, world) {
            Some(bytes) => out.push_str(&format!("{}\t{path}\n", shown(bytes, &flags))),
            None => err.push_str(&format!("du: {path}: No such file or directory\n")),
        }
    }
    let code = i32::from(!err.is_empty());
    done(world, process, (out, err, code))
}

/// The bytes of a file, or of all in a folder.
fn below(path: &str, depth: usize, world: &World<'_>) -> Option<u64> {
    let (view, files) = (&world.table.view, &world.os.files);
    match view.node(files, path)? {
        Node::File(file) => Some(file.size),
        Node::Folder if depth > DEPTH => Some(0),
        Node::Folder => {
            let inner = view.list(files, path).into_iter();
            Some(inner.filter_map(|name| below(&format!("{}/{name}", path.trim_end_matches('/')), depth + 1, world)).sum())
        }
    }
}

/// How deep folders are looked into.
const DEPTH: usize = 20;

fn shown(bytes: u64, flags: &str) -> String {
    if flags.contains('b') {
        bytes.to_string()
    } else if flags.contains('m') {
        bytes.div_ceil(1 << 20).to_string()
    } else if flags.contains('h') {
        if bytes >= 1 << 20 { format!("{}.0M", bytes.div_ceil(1 << 20)) } else { format!("{}.0K", bytes.div_ceil(1 << 10)) }
    } else {
        bytes.div_ceil(1 << 10).to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::size;

    #[test]
    fn sizes_have_units_of_1024() {
        for (text, bytes) in [("10", Some(10)), ("4k", Some(4096)), ("1M", Some(1 << 20)), ("1MB", Some(1 << 20)), ("x", None), ("", None)]
        {
            assert_eq!(size(text), bytes, "{text}");
        }
    }
}
