//! `podlab validate [--patch PATCH.json] FILE`: what the API server answers to each document, or to a change of it.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use podlab::api::{ApiError, Object};
use podlab::manifest;
use podlab::scenario::PatchStyle;
use serde_json::{Value, json};

use crate::input::{self, Failure};

/// Arguments of `podlab validate`.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// A strategic merge patch, in JSON or YAML, that is applied to each object once it exists.
    #[arg(long, value_name = "PATCH")]
    patch: Option<PathBuf>,
    /// The manifest; `-` is standard input.
    file: PathBuf,
}

/// Prints a JSON list with one answer per document; findings with their lines go to standard error.
pub(crate) fn run(args: &Args) -> Result<ExitCode, Failure> {
    let text = input::read_text(&args.file)?;
    let answers = manifest::answers(&text);
    if let Some(path) = &args.patch {
        return patched(path, &answers);
    }
    let shown: Vec<Value> = answers.iter().enumerate().map(|(document, answer)| show(document, answer)).collect();
    sayln!("{:#}", Value::Array(shown));
    input::show(&args.file, &text, &manifest::read(&text).diagnostics);
    Ok(if answers.iter().all(Result::is_ok) { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Answers to a patch of what the cluster took; what it refuses keeps that answer.
fn patched(path: &Path, answers: &[Result<manifest::Admitted, ApiError>]) -> Result<ExitCode, Failure> {
    let text = input::read_text(path)?;
    let parsed = podlab::yaml::parse(&text);
    let wrong = |problem: &str| Failure::Content(path.to_owned(), problem.to_owned());
    let document = parsed.value.first().ok_or_else(|| wrong("the patch is empty"))?;
    if let Some(error) = &document.error {
        return Err(wrong(&error.server));
    }
    let patch = podlab::decode::value(&document.root);
    let answer = |answer: &Result<manifest::Admitted, ApiError>| {
        let old = &answer.as_ref().map_err(Clone::clone)?.object;
        let new = manifest::apply_patch(old, &patch, PatchStyle::Strategic, None)?;
        manifest::admit_update(old, new, None)
    };
    let all: Vec<_> = answers.iter().map(answer).collect();
    let shown = |(document, answer): (usize, &Result<Object, ApiError>)| match answer {
        Ok(_) => json!({"document": document, "code": 200}),
        Err(error) => json!({"document": document, "code": error.code, "reason": error.reason, "message": error.message}),
    };
    sayln!("{:#}", Value::Array(all.iter().enumerate().map(shown).collect()));
    Ok(if all.iter().all(Result::is_ok) { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn show(document: usize, answer: &Result<manifest::Admitted, ApiError>) -> Value {
    match answer {
        Err(error) => json!({"document": document, "code": error.code, "reason": error.reason, "message": error.message}),
        Ok(admitted) if admitted.warnings.is_empty() => json!({"document": document, "code": 201}),
        Ok(admitted) => json!({"document": document, "code": 201, "warnings": admitted.warnings}),
    }
}
