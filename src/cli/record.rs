//! `podlab record CASE_DIR --out OUT`: a case as a real cluster's watcher would have recorded it.

use std::fs;
use std::path::PathBuf;
use std::process::ExitCode;

use podlab::kubectl::recording::{Case, recording};
use podlab::sim;

use crate::input::{self, Failure};

/// Arguments of `podlab record`.
#[derive(Debug, clap::Args)]
#[command(after_help = "Writes OUT/CASE/recording.json, CASE being the name of the folder.")]
pub(crate) struct Args {
    /// The folder with manifest.yaml and case.yaml.
    case_dir: PathBuf,
    /// The folder that gets the recording.
    #[arg(long)]
    out: PathBuf,
}

/// Plays the case on a cluster like the recorded one.
pub(crate) fn run(args: &Args) -> Result<ExitCode, Failure> {
    let manifest = input::read_text(&args.case_dir.join("manifest.yaml"))?;
    let script = input::read_text(&args.case_dir.join("case.yaml"))?;
    let folder = fs::canonicalize(&args.case_dir).map_err(|e| Failure::Read(args.case_dir.clone(), e))?;
    let name = folder.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let case = match Case::read(&manifest, &script) {
        Ok(case) => case,
        Err(why) => {
            eprintln!("{}: {why}", args.case_dir.display());
            return Ok(ExitCode::FAILURE);
        }
    };
    let input = sim::Input { objects: case.objects, scenario: case.scenario };
    let text = recording(&name, &sim::simulate(&input), &input.scenario, &case.refused).to_json();
    let out = args.out.join(&name);
    fs::create_dir_all(&out).map_err(|e| Failure::Write(out.clone(), e))?;
    let file = out.join("recording.json");
    fs::write(&file, text).map_err(|e| Failure::Write(file.clone(), e))?;
    Ok(ExitCode::SUCCESS)
}
