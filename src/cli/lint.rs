//! `podlab lint FILE`: advice beyond the API server, with what a run of the manifest proves.

use std::path::PathBuf;
use std::process::ExitCode;

use podlab::sim::{self, Input};
use podlab::text::LineIndex;
use podlab::time::{SimDuration, SimTime, go_duration};
use podlab::{advice, manifest};

use crate::input::{self, Failure};

/// Arguments of `podlab lint`.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The manifest; `-` is standard input.
    file: PathBuf,
}

/// Prints one line per piece of advice: `file:3:5: id: what`, then why, the lesson, and whether there is a fix.
pub(crate) fn run(args: &Args) -> Result<ExitCode, Failure> {
    let text = input::read_text(&args.file)?;
    let read = manifest::read(&text);
    input::show(&args.file, &text, &read.diagnostics);
    let mut input = Input { objects: read.admitted(), ..Input::default() };
    input.scenario = read.scenario.clone().unwrap_or(input.scenario);
    let run = sim::simulate(&input);
    let lines = LineIndex::new(&text);
    for found in advice::advise(&read, Some(&run)) {
        let at = lines.position(&text, found.span.start as usize);
        sayln!("{}:{}:{}: {}: {}", args.file.display(), at.line, at.column, found.lint.id, found.message);
        sayln!("  why: {} (lesson {})", found.lint.reason, found.lint.lesson);
        if let Some(moment) = found.at {
            sayln!("  seen after {}", go_duration(SimDuration::from_ms(moment.since(SimTime::default()).ms())));
        }
        if found.fix.is_some() {
            sayln!("  can be fixed for certain");
        }
    }
    Ok(if read.has_errors() { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}
