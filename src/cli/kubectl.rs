//! `podlab kubectl [--case DIR | FILE] [--at SECONDS] -- get pods`: what kubectl prints at a moment.

use std::path::PathBuf;
use std::process::ExitCode;

use podlab::kubectl::recording::Case;
use podlab::kubectl::{Shell, answer};
use podlab::time::{SimDuration, SimTime};
use podlab::{manifest, sim};

use crate::input::{self, Failure};

/// Arguments of `podlab kubectl`.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
The namespace is demo for a case and default for a file. Standard output, standard error and the exit code are kubectl's.")]
pub(crate) struct Args {
    /// A folder with manifest.yaml and case.yaml.
    #[arg(long, conflicts_with = "file")]
    case: Option<PathBuf>,
    /// The moment in seconds; the end if not given.
    #[arg(long, value_name = "SECONDS", value_parser = moment)]
    at: Option<SimTime>,
    /// The manifest; `-` is standard input.
    #[arg(required_unless_present = "case")]
    file: Option<PathBuf>,
    /// The words after `kubectl`.
    #[arg(last = true, required = true)]
    words: Vec<String>,
}

/// `90`, `20.01`, `90s`.
fn moment(text: &str) -> Result<SimTime, String> {
    let seconds: f64 = text.strip_suffix('s').unwrap_or(text).parse().map_err(|_| "not a number of seconds".to_owned())?;
    if !(0.0..1e6).contains(&seconds) {
        return Err("not a moment of a simulation".into());
    }
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "checked above")]
    Ok(SimTime::from_ms((seconds * 1000.0).round() as u64))
}

/// Plays until the moment and prints.
pub(crate) fn run(args: &Args) -> Result<ExitCode, Failure> {
    let (mut input, namespace) = match (&args.case, &args.file) {
        (Some(folder), _) => match case(folder)? {
            Some(input) => (input, "demo"),
            None => return Ok(ExitCode::FAILURE),
        },
        (None, file) => (file_input(file.as_deref().unwrap_or_else(|| "-".as_ref()))?, "default"),
    };
    let at = args.at.unwrap_or(SimTime::ZERO + input.scenario.duration);
    input.scenario.duration = input.scenario.duration.max(SimDuration::from_ms(at.ms()));
    let run = sim::simulate(&input);
    let answer = answer(Shell { trace: &run.trace, at, namespace }, &args.words);
    say!("{}", answer.out);
    eprint!("{}", answer.err);
    Ok(ExitCode::from(answer.code))
}

fn case(folder: &std::path::Path) -> Result<Option<sim::Input>, Failure> {
    let manifest = input::read_text(&folder.join("manifest.yaml"))?;
    let script = input::read_text(&folder.join("case.yaml"))?;
    match Case::read_in(&manifest, &script, "demo") {
        Ok(case) => Ok(Some(sim::Input { objects: case.objects, scenario: case.scenario })),
        Err(why) => {
            eprintln!("{}: {why}", folder.display());
            Ok(None)
        }
    }
}

fn file_input(path: &std::path::Path) -> Result<sim::Input, Failure> {
    let text = input::read_text(path)?;
    let manifest = manifest::read(&text);
    input::show(path, &text, &manifest.diagnostics);
    Ok(sim::Input { objects: manifest.admitted(), scenario: manifest.scenario.unwrap_or_default() })
}
