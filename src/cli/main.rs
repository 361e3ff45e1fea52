//! The tool `podlab`: simulate, record, validate, lint, defaults, grade and check from the shell.
//!
//! A command is a file with an `Args` struct and `fn run(&Args) -> Result<ExitCode, Failure>`; it gets one line in [`Command`]
//! and one in [`run`]. Exit codes: 0 all right, 1 the input is wrong, 2 the call is wrong or a file cannot be read.

/// Prints to standard output. A reader that has gone away, as `head` does, is nothing to tell of.
macro_rules! say {
    ($($what:tt)*) => {{
        use std::io::Write as _;
        let _ = write!(std::io::stdout().lock(), $($what)*).is_ok();
    }};
}

/// The same with the end of the line.
macro_rules! sayln {
    ($($what:tt)*) => { say!("{}\n", format_args!($($what)*)) };
}

mod apply;
mod check;
mod defaults;
mod grade;
mod input;
mod kubectl;
mod lint;
mod new;
mod record;
mod simulate;
mod validate;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

use input::Failure;

/// A simulation makes many small things; this allocator is quicker at that than the system's.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Plays the life of a Kubernetes pod.
#[derive(Debug, Parser)]
#[command(name = "podlab", version, about)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Plays a manifest: the lines of `kubectl get pods -w`, then the events.
    Simulate(simulate::Args),
    /// Plays a case of the conformance recordings and writes what a watcher of the API saw.
    Record(record::Args),
    /// Prints what kubectl would print at a moment of a manifest or case.
    Kubectl(kubectl::Args),
    /// Answers to each document of a manifest as the API server does, as JSON.
    Validate(validate::Args),
    /// Prints what `kubectl apply --dry-run=server` would print.
    Apply(apply::Args),
    /// Prints what a reviewer would say about a manifest.
    Lint(lint::Args),
    /// Prints each document of a manifest as the cluster would store it, as JSON.
    Defaults(defaults::Args),
    /// Grades an answer to an item, as JSON.
    Grade(grade::Args),
    /// Writes a small item that checks clean, to be changed.
    New(new::Args),
    /// Reads and proves all content of a folder.
    Check(check::Args),
}

fn run(command: &Command) -> Result<ExitCode, Failure> {
    match command {
        Command::Simulate(args) => simulate::run(args),
        Command::Record(args) => record::run(args),
        Command::Kubectl(args) => kubectl::run(args),
        Command::Validate(args) => validate::run(args),
        Command::Apply(args) => apply::run(args),
        Command::Lint(args) => lint::run(args),
        Command::Defaults(args) => defaults::run(args),
        Command::Grade(args) => grade::run(args),
        Command::New(args) => new::run(args),
        Command::Check(args) => check::run(args),
    }
}

fn main() -> ExitCode {
    run(&Cli::parse().command).unwrap_or_else(|failure| {
        eprintln!("podlab: {failure}");
        ExitCode::from(2)
    })
}
