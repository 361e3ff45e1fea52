//! `podlab validate FILE`: what the API server answers to each document.

use std::path::PathBuf;
use std::process::ExitCode;

use podlab::manifest;
use serde_json::{Value, json};

use crate::input::{self, Failure};

/// Arguments of `podlab validate`.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The manifest; `-` is standard input.
    file: PathBuf,
}

/// Prints a JSON list with one answer per document; findings with their lines go to standard error.
#[expect(clippy::print_stdout, reason = "the command's output")]
pub(crate) fn run(args: &Args) -> Result<ExitCode, Failure> {
    let text = input::read_text(&args.file)?;
    let answers = manifest::answers(&text);
    let shown: Vec<Value> = answers.iter().enumerate().map(|(document, answer)| show(document, answer)).collect();
    println!("{:#}", Value::Array(shown));
    input::show(&args.file, &text, &manifest::read(&text).diagnostics);
    Ok(if answers.iter().all(Result::is_ok) { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn show(document: usize, answer: &Result<manifest::Admitted, podlab::api::ApiError>) -> Value {
    match answer {
        Err(error) => json!({"document": document, "code": error.code, "reason": error.reason, "message": error.message}),
        Ok(admitted) if admitted.warnings.is_empty() => json!({"document": document, "code": 201}),
        Ok(admitted) => json!({"document": document, "code": 201, "warnings": admitted.warnings}),
    }
}
