//! Questions without a manifest, and what makes each of them sound.

use serde::Deserialize;

use super::predict;
use crate::check::Condition;
use crate::text::{Diagnostic, Span};

/// A choice.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Choice {
    /// The answers to choose from.
    pub options: Vec<Option_>,
}

/// One answer of a choice.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Option_ {
    /// The answer.
    pub text: String,
    /// Whether it is the right one.
    #[serde(default)]
    pub right: bool,
    /// Why it is right or wrong.
    pub because: String,
}

/// An ordering.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Order {
    /// The steps.
    pub steps: Vec<Step>,
}

/// A step of an ordering.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Step {
    /// Its name within the item.
    pub name: String,
    /// What the learner reads.
    pub text: String,
    /// The steps that have to come before it.
    #[serde(default)]
    pub after: Vec<String>,
}

/// Several of them may be right.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Multiple {
    /// The answers to choose from.
    pub options: Vec<Option_>,
}

/// Pairs to put together.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Match {
    /// What belongs together.
    pub pairs: Vec<Pair>,
    /// Right sides that belong to nothing.
    #[serde(default)]
    pub extra: Vec<String>,
}

/// Two things that belong together.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Pair {
    /// What the learner reads.
    pub left: String,
    /// What the learner chooses for it.
    pub right: String,
    /// Why they belong together.
    pub because: String,
}

/// Gaps to fill.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Blank {
    /// The gaps.
    pub gaps: Vec<Gap>,
}

/// A gap: a number with a tolerance, or a text with its accepted forms.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Gap {
    /// The question.
    pub label: String,
    /// The right number.
    pub number: Option<i64>,
    /// How far off a number may be.
    #[serde(default)]
    pub tolerance: u64,
    /// The unit of the number.
    #[serde(default)]
    pub unit: String,
    /// The accepted forms of a text; capitals and outer spaces do not matter.
    #[serde(default)]
    pub accept: Vec<String>,
    /// Why it is so.
    pub because: String,
    /// What is played to find the answer, in place of `number` or `accept`.
    pub engine: Option<Played>,
}

/// A run that holds the answer to a gap.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Played {
    /// The manifest.
    pub manifest: String,
    /// Its world.
    #[serde(default)]
    pub world: String,
    /// With `column`: the moment at which kubectl is asked.
    pub at: Option<String>,
    /// `READY`, `STATUS` or `RESTARTS` at that moment.
    pub column: Option<String>,
    /// The answer is the whole second from which on this holds.
    pub when: Option<Condition>,
    /// The seconds are counted from the moment at which this began to hold.
    pub since: Option<Condition>,
}

impl Gap {
    /// The right answer as it is shown.
    pub fn answer(&self) -> String {
        match self.number {
            Some(number) if self.unit.is_empty() => number.to_string(),
            Some(number) => format!("{number} {}", self.unit),
            None => self.accept.first().cloned().unwrap_or_default(),
        }
    }

    /// Whether this is right.
    pub fn takes(&self, answer: &str) -> bool {
        let answer = answer.trim();
        match self.number {
            Some(number) => {
                let digits = answer.strip_suffix(self.unit.as_str()).unwrap_or(answer).trim();
                digits.parse::<i64>().is_ok_and(|n| n.abs_diff(number) <= self.tolerance)
            }
            None => self.accept.iter().any(|form| form.eq_ignore_ascii_case(answer)),
        }
    }
}

/// A free answer, compared with key points.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rubric {
    /// What a good answer says.
    pub points: Vec<KeyPoint>,
    /// A good answer.
    pub model: String,
}

/// Something that a good answer says.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KeyPoint {
    /// The point.
    pub text: String,
    /// Words that show that an answer makes it: one of each group has to be there.
    pub words: Vec<Vec<String>>,
}

impl KeyPoint {
    /// Whether an answer seems to make this point.
    pub fn is_in(&self, answer: &str) -> bool {
        let answer = answer.to_lowercase();
        self.words.iter().all(|group| group.iter().any(|word| answer.contains(&word.to_lowercase())))
    }
}

type Checked<T> = Result<T, Vec<Diagnostic>>;

fn wrong<T>(rule: &'static str, at: Span, message: impl Into<String>) -> Checked<T> {
    Err(vec![Diagnostic::error(rule, at, message)])
}

/// Exactly one option is right.
pub(super) fn choice(choice: Choice, at: Span) -> Result<Choice, Vec<Diagnostic>> {
    let right = choice.options.iter().filter(|o| o.right).count();
    if right == 1 && choice.options.len() > 1 {
        return Ok(choice);
    }
    Err(vec![Diagnostic::error("item/choice", at, format!("a choice has exactly one right option, this one has {right}"))])
}

/// Some are right, some are wrong.
pub(super) fn multiple(multiple: Multiple, at: Span) -> Checked<Multiple> {
    let right = multiple.options.iter().filter(|o| o.right).count();
    if right == 0 || right == multiple.options.len() {
        return wrong("item/multiple", at, "some options are right and some are wrong");
    }
    Ok(multiple)
}

/// Steps stand after what has to come before them.
pub(super) fn order(order: Order, at: Span) -> Result<Order, Vec<Diagnostic>> {
    for (index, step) in order.steps.iter().enumerate() {
        for name in &step.after {
            let earlier = order.steps.iter().take(index).any(|s| s.name == *name);
            if !earlier {
                let message = format!("step `{}` comes after `{name}`, which is no step above it", step.name);
                return Err(vec![Diagnostic::error("item/order", at, message)]);
            }
        }
    }
    Ok(order)
}

/// Every right side is one of a kind.
pub(super) fn matching(found: Match, at: Span) -> Checked<Match> {
    let all: Vec<&String> = found.pairs.iter().map(|p| &p.right).chain(&found.extra).collect();
    let twice = all.iter().enumerate().find(|(i, text)| all.iter().take(*i).any(|t| t == *text));
    match twice {
        Some((_, text)) => wrong("item/match", at, format!("`{text}` stands there twice, so that more than one answer would be right")),
        None if found.pairs.len() < 2 => wrong("item/match", at, "at least two pairs are needed"),
        None => Ok(found),
    }
}

/// Each gap has a number or accepted forms.
pub(super) fn blank(mut blank: Blank, at: Span) -> Checked<Blank> {
    for gap in &mut blank.gaps {
        let Some(played) = &gap.engine else { continue };
        if gap.number.is_some() || !gap.accept.is_empty() {
            return wrong(
                "item/blank",
                at,
                format!("the gap `{}` has an `engine`, which finds the answer: leave out `number` and `accept`", gap.label),
            );
        }
        let answer = predict::answer(played, at)?;
        match answer.parse() {
            Ok(number) => gap.number = Some(number),
            Err(_) => gap.accept = vec![answer],
        }
    }
    match blank.gaps.iter().find(|gap| gap.number.is_some() != gap.accept.is_empty()) {
        Some(gap) => wrong("item/blank", at, format!("the gap `{}` needs either `number` or `accept`", gap.label)),
        None if blank.gaps.is_empty() => wrong("item/blank", at, "there is no gap to fill"),
        None => Ok(blank),
    }
}

/// The model answer makes every point.
pub(super) fn rubric(rubric: Rubric, at: Span) -> Checked<Rubric> {
    match rubric.points.iter().find(|point| point.words.is_empty() || !point.is_in(&rubric.model)) {
        Some(point) => wrong("item/rubric", at, format!("the model answer does not make the point `{}`", point.text)),
        None => Ok(rubric),
    }
}
