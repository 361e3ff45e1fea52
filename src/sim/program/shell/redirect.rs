//! Redirections: where a command's input comes from and its output goes.

use super::ast::{Redirection, RedirectionKind};
use super::machine::{Shell, errexit};
use crate::sim::program::process::{Io, Process, Sink, Source};
use crate::sim::program::world::World;
use crate::trace::Stream;

/// Applies redirections; tells whether all could be.
pub(super) fn redirect(
    io: &mut Io,
    redirections: &[Redirection],
    targets: &[String],
    who: (&Process, &mut Shell),
    world: &mut World<'_>,
) -> bool {
    let (process, shell) = who;
    for (redirection, target) in redirections.iter().zip(targets) {
        if let Err(message) = redirect_one(io, redirection, target, process, world) {
            let text = format!("{}: {message}\n", shell.name);
            world.error(&process.io, &text);
            shell.status = if message.starts_with("can't create") || message.starts_with("can't open") { 1 } else { 2 };
            errexit(shell);
            return false;
        }
    }
    true
}

fn redirect_one(io: &mut Io, redirection: &Redirection, target: &str, process: &Process, world: &mut World<'_>) -> Result<(), String> {
    let path = crate::sim::program::commands::absolute(&process.cwd, target);
    let sink = match redirection.kind {
        RedirectionKind::Here => {
            io.stdin = Source::Text(target.into());
            return Ok(());
        }
        RedirectionKind::Read => {
            let text = if path == "/dev/null" || path == "/dev/zero" { Ok("") } else { world.table.view.read(&world.os.files, &path) };
            io.stdin = Source::Text(text.map_err(|e| format!("can't open {target}: {e}"))?.into());
            return Ok(());
        }
        RedirectionKind::Duplicate => match target {
            "1" => io.stdout.clone(),
            "2" => io.stderr.clone(),
            "-" => Sink::Null,
            _ => return Ok(()),
        },
        RedirectionKind::Write | RedirectionKind::Append => match path.as_str() {
            "/dev/null" => Sink::Null,
            "/dev/stdout" | "/proc/1/fd/1" | "/proc/self/fd/1" => Sink::Log(Stream::Stdout),
            "/dev/stderr" | "/proc/1/fd/2" | "/proc/self/fd/2" => Sink::Log(Stream::Stderr),
            _ => {
                let append = redirection.kind == RedirectionKind::Append;
                let now = world.now;
                let view = &world.table.view;
                let files = &mut world.os.files;
                let made = if append { view.append(files, &path, "", now) } else { view.write(files, &path, "", now) };
                made.map_err(|e| format!("can't create {target}: {}", if e.starts_with("No such") { "nonexistent directory" } else { e }))?;
                Sink::File(path)
            }
        },
    };
    match redirection.fd {
        0 | 1 => io.stdout = sink,
        2 => io.stderr = sink,
        _ => {}
    }
    Ok(())
}
