//! `podlab defaults FILE`: each document as the cluster would store it.

use std::path::PathBuf;
use std::process::ExitCode;

use podlab::manifest;
use serde_json::{Value, json};

use crate::input::{self, Failure};

/// Arguments of `podlab defaults`.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The manifest; `-` is standard input.
    file: PathBuf,
}

/// Prints a JSON list with an object, or the API server's refusal, per document; findings go to standard error.
pub(crate) fn run(args: &Args) -> Result<ExitCode, Failure> {
    let text = input::read_text(&args.file)?;
    let answers = manifest::answers(&text);
    let shown: Vec<Value> = answers.iter().map(show).collect();
    sayln!("{:#}", Value::Array(shown));
    input::show(&args.file, &text, &manifest::read(&text).diagnostics);
    Ok(if answers.iter().all(Result::is_ok) { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn show(answer: &Result<manifest::Admitted, podlab::api::ApiError>) -> Value {
    match answer {
        Err(error) => json!({"code": error.code, "reason": error.reason, "message": error.message}),
        Ok(admitted) => admitted.stored.clone(),
    }
}
