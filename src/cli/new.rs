//! `podlab new KIND ID`: a small item that checks clean, to be changed step by step.

use std::fs;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::ValueEnum;

use crate::input::{self, Failure};

/// The kinds of items.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub(crate) enum Kind {
    Lab,
    Debug,
    Predict,
    Choice,
    Multiple,
    Order,
    Match,
    Blank,
    Rubric,
}

/// Arguments of `podlab new`.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// What is asked.
    kind: Kind,
    /// The id of the new item, the same as its file's name: small letters, digits and dashes.
    id: String,
    /// The folder with `items/`.
    #[arg(long, default_value = "content")]
    content: PathBuf,
}

/// Writes the item and lists it.
pub(crate) fn run(args: &Args) -> Result<ExitCode, Failure> {
    let folder = args.content.join("items");
    let path = folder.join(format!("{}.yaml", args.id));
    let is_id = !args.id.is_empty() && args.id.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-');
    if !is_id {
        return Err(Failure::Content(path, "an id has small letters, digits and dashes".into()));
    }
    if path.exists() {
        return Err(Failure::Content(path, "this item exists already".into()));
    }
    let index = folder.join("index.json");
    let text = input::read_text(&index)?;
    let mut names: Vec<String> = serde_json::from_str(&text).map_err(|e| Failure::Content(index.clone(), e.to_string()))?;
    names.push(format!("{}.yaml", args.id));
    let listed = serde_json::to_string_pretty(&names).unwrap_or_default() + "\n";
    fs::write(&path, item(args)).map_err(|e| Failure::Write(path.clone(), e))?;
    fs::write(&index, listed).map_err(|e| Failure::Write(index.clone(), e))?;
    sayln!("{} is written and listed. Change it, then run: podlab check {}", path.display(), args.content.display());
    Ok(ExitCode::SUCCESS)
}

fn item(args: &Args) -> String {
    let head = format!(
        "id: {}\ntitle: A title that asks or tells\nmodule: m02\ndifficulty: 2\nminutes: 3\nprompt: |\n  What the learner reads first.\n\
         hints:\n- Help, one step at a time.\ndebrief: |\n  What to take home.\ninterview: |\n  **“What else would they ask?”** And a good answer.\n",
        args.id
    );
    head + body(args.kind)
}

const LAB: &str = include_str!("skeletons/lab.yaml");

/// The part of each kind.
fn body(kind: Kind) -> &'static str {
    match kind {
        Kind::Lab => LAB,
        Kind::Debug => include_str!("skeletons/debug.yaml"),
        Kind::Predict => include_str!("skeletons/predict.yaml"),
        Kind::Choice => {
            "choice:\n  options:\n  - text: The right answer\n    right: true\n    because: Why it is right.\n  - text: A wrong answer\n    because: Why it is wrong.\n"
        }
        Kind::Multiple => {
            "multiple:\n  options:\n  - text: A right answer\n    right: true\n    because: Why it is right.\n  - text: A wrong answer\n    because: Why it is wrong.\n"
        }
        Kind::Order => {
            "order:\n  steps:\n  - name: first\n    text: What comes first\n  - name: second\n    text: What comes then\n    after: [first]\n"
        }
        Kind::Match => {
            "match:\n  pairs:\n  - left: One thing\n    right: What belongs to it\n    because: Why.\n  - left: Another thing\n    right: What belongs to that\n    because: Why.\n"
        }
        Kind::Blank => "blank:\n  gaps:\n  - label: How many seconds?\n    number: 10\n    tolerance: 1\n    unit: s\n    because: Why.\n",
        Kind::Rubric => {
            "rubric:\n  model: A good answer with the word restart.\n  points:\n  - text: What a good answer says\n    words: [[restart, start again]]\n"
        }
    }
}
