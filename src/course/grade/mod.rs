//! Grading: a response in, points and verdicts out. The same on the page and in the shell.

mod lab;
mod question;

use super::item::{Item, Kind};
use crate::time::SimTime;

pub use lab::grade_lab;

/// A learner's answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Response {
    /// A manifest.
    Manifest(String),
    /// What is wrong (the option, from 0), and the repaired manifest.
    Debug(Option<usize>, String),
    /// The chosen option, from 0.
    Choice(usize),
    /// The chosen options, from 0.
    Multiple(Vec<usize>),
    /// The names of the steps in their order.
    Order(Vec<String>),
    /// The right sides in the order of the left ones.
    Match(Vec<String>),
    /// What stands in the gaps.
    Blank(Vec<String>),
    /// What kubectl will print, column by column, in this variant.
    Predict(usize, Vec<String>),
    /// A free answer, and which key points the learner finds in it; nothing of that, and the words decide.
    Rubric(String, Option<Vec<bool>>),
}

impl Response {
    /// An answer from text, as a file holds it: a line for each part.
    pub fn read(kind: &Kind, text: &str) -> Self {
        let lines = || text.lines().map(str::trim).filter(|l| !l.is_empty()).map(str::to_owned).collect::<Vec<_>>();
        let number = |word: &str| word.parse::<usize>().ok().and_then(|n| n.checked_sub(1));
        match kind {
            Kind::Lab(_) => Self::Manifest(text.to_owned()),
            Kind::Debug(_) => {
                let (first, rest) = text.split_once('\n').unwrap_or((text, ""));
                match number(first.trim()) {
                    Some(cause) => Self::Debug(Some(cause), rest.to_owned()),
                    None => Self::Debug(None, text.to_owned()),
                }
            }
            Kind::Choice(_) => Self::Choice(number(text.trim()).unwrap_or(usize::MAX)),
            Kind::Multiple(_) => Self::Multiple(text.split_whitespace().filter_map(number).collect()),
            Kind::Order(_) => Self::Order(lines()),
            Kind::Match(_) => Self::Match(lines()),
            Kind::Blank(_) => Self::Blank(lines()),
            Kind::Predict(_) => Self::Predict(0, lines()),
            Kind::Rubric(_) => Self::Rubric(text.to_owned(), None),
        }
    }
}

/// One check of an answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CheckResult {
    /// Its name.
    pub name: String,
    /// What it demands.
    pub sentence: String,
    /// Whether it holds.
    pub passed: bool,
    /// The moment that decided.
    pub at: Option<SimTime>,
    /// What was seen.
    pub message: String,
}

/// What an answer is worth, in hundredths of a point.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Score {
    /// Reached.
    pub hundredths: u32,
    /// Possible.
    pub max_hundredths: u32,
    /// Check by check.
    pub checks: Vec<CheckResult>,
}

impl Score {
    /// Whether everything was reached.
    pub const fn is_full(&self) -> bool {
        self.hundredths == self.max_hundredths
    }
}

/// Grades an answer. A lab is played in its own world and in every varied one.
pub fn grade(item: &Item, response: &Response) -> Score {
    match (&item.kind, response) {
        (Kind::Lab(lab), Response::Manifest(text)) => grade_lab(lab, text, true),
        (Kind::Debug(lab), Response::Debug(diagnosis, text)) => question::debug(lab, *diagnosis, text),
        (Kind::Choice(choice), Response::Choice(chosen)) => question::choice(choice, *chosen),
        (Kind::Multiple(multiple), Response::Multiple(chosen)) => question::multiple(multiple, chosen),
        (Kind::Order(order), Response::Order(names)) => question::order(order, names),
        (Kind::Match(pairs), Response::Match(chosen)) => question::matching(pairs, chosen),
        (Kind::Blank(blank), Response::Blank(filled)) => question::blank(blank, filled),
        (Kind::Predict(predict), Response::Predict(variant, cells)) => question::predict(predict, *variant, cells),
        (Kind::Rubric(rubric), Response::Rubric(text, found)) => question::rubric(rubric, text, found.as_deref()),
        _ => {
            let message = "this answer is of another kind than the item".to_owned();
            let check = CheckResult { name: "kind".into(), sentence: "The answer fits the item".into(), passed: false, at: None, message };
            Score { hundredths: 0, max_hundredths: 100, checks: vec![check] }
        }
    }
}

/// A score in which each check is worth the same.
fn even(checks: Vec<CheckResult>) -> Score {
    let passed = checks.iter().filter(|c| c.passed).count();
    Score { hundredths: u32::try_from(passed * 100 / checks.len().max(1)).unwrap_or(0), max_hundredths: 100, checks }
}
