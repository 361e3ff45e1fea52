//! `podlab grade ITEM ANSWER_FILE`: an answer graded as the page grades it.

use std::path::PathBuf;
use std::process::ExitCode;

use podlab::course::{self, Kind, Response};
use serde_json::json;

use crate::input::{self, Failure};

/// The item and the answer.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// An item: a file, or an id below `content/items`.
    item: String,
    /// The answer: a manifest for a lab; the number of the option, from 1, for a choice; the names of the steps, a line each, for an order.
    answer: PathBuf,
}

/// Prints score and checks as JSON; the exit code is 1 for an answer that is not wholly right.
#[expect(clippy::print_stdout, reason = "the command's output")]
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
    let response = match &item.kind {
        Kind::Lab(_) => Response::Manifest(answer),
        Kind::Choice(_) => Response::Choice(answer.trim().parse::<usize>().unwrap_or_default().wrapping_sub(1)),
        Kind::Order(_) => Response::Order(answer.lines().map(str::trim).filter(|l| !l.is_empty()).map(str::to_owned).collect()),
    };
    let score = course::grade(&item, &response);
    let checks: Vec<_> = score
        .checks
        .iter()
        .map(|c| json!({ "name": c.name, "passed": c.passed, "at": c.at.map(|t| f64::from(u32::try_from(t.ms()).unwrap_or(u32::MAX)) / 1000.0), "message": c.message }))
        .collect();
    let points = |hundredths: u32| f64::from(hundredths) / 100.0;
    let answer = json!({ "score": points(score.hundredths), "max": points(score.max_hundredths), "checks": checks });
    println!("{}", serde_json::to_string_pretty(&answer).unwrap_or_default());
    Ok(if score.is_full() { ExitCode::SUCCESS } else { ExitCode::from(1) })
}
