//! `podlab apply --dry-run FILE`: what `kubectl apply --dry-run=server -f FILE` prints.

use std::path::PathBuf;
use std::process::ExitCode;

use podlab::kubectl;

use crate::input::{self, Failure};

/// Arguments of `podlab apply`.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Must be given: there is no cluster to change. `server` is the only kind.
    #[arg(long, required = true, num_args = 0..=1, require_equals = true, default_missing_value = "server", value_parser = ["server"])]
    dry_run: String,
    /// The manifest; `-` is standard input.
    file: PathBuf,
}

/// Prints as kubectl does, with its exit code.
pub(crate) fn run(args: &Args) -> Result<ExitCode, Failure> {
    let text = input::read_text(&args.file)?;
    let name = if args.file.as_os_str() == "-" { "STDIN".to_owned() } else { args.file.display().to_string() };
    let printed = kubectl::apply_dry_run(&text, &name);
    say!("{}", printed.out);
    eprint!("{}", printed.err);
    Ok(ExitCode::from(printed.code))
}
