//! `podlab grade ITEM ANSWER_FILE`: an answer graded as the page grades it.

use std::path::PathBuf;
use std::process::ExitCode;

use podlab::course::{self, Response};
use serde_json::json;

use crate::input::{self, Failure};

/// The item and the answer.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// An item: a file, or an id below `content/items`.
    item: String,
    /// The answer. lab: the manifest; debug: the number of the cause, then the manifest; choice, multiple: numbers of options from 1;
    /// order: names of steps, a line each; match: right sides, a line each; blank, predict: a line for each gap or column; rubric: text.
    answer: PathBuf,
}

/// Prints score and checks as JSON; the exit code is 1 for an answer that is not wholly right.
pub(crate) fn run(args: &Args) -> Result<ExitCode, Failure> {
    let path =
        if args.item.contains(['/', '.']) { PathBuf::from(&args.item) } else { PathBuf::from(format!("content/items/{}.yaml", args.item)) };
    let text = input::read_text(&path)?;
    let answer = input::read_text(&args.answer)?;
    let item = match course::read_item(&text) {
        Ok(item) => item,
        Err(found) => {
            input::show(&path, &text, &found);
            return Ok(ExitCode::from(2));
        }
    };
    let response = Response::read(&item.kind, &answer);
    let score = course::grade(&item, &response);
    let checks: Vec<_> = score
        .checks
        .iter()
        .map(|c| json!({ "name": c.name, "passed": c.passed, "at": c.at.map(|t| f64::from(u32::try_from(t.ms()).unwrap_or(u32::MAX)) / 1000.0), "message": c.message }))
        .collect();
    let points = |hundredths: u32| f64::from(hundredths) / 100.0;
    let answer = json!({ "score": points(score.hundredths), "max": points(score.max_hundredths), "checks": checks });
    sayln!("{}", serde_json::to_string_pretty(&answer).unwrap_or_default());
    Ok(if score.is_full() { ExitCode::SUCCESS } else { ExitCode::from(1) })
}
