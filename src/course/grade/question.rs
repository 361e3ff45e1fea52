//! Grading everything but a manifest.

use super::{CheckResult, Score, even, grade_lab};
use crate::course::lab::Lab;
use crate::course::predict::Predict;
use crate::course::question::{Blank, Choice, Match, Multiple, Order, Rubric};

/// The one right option.
pub(super) fn choice(choice: &Choice, chosen: usize) -> Score {
    let option = choice.options.get(chosen);
    let passed = option.is_some_and(|o| o.right);
    let message = option.map_or_else(|| "there is no such option".to_owned(), |o| o.because.clone());
    let check = CheckResult { name: "choice".into(), sentence: "The right answer is chosen".into(), passed, at: None, message };
    Score { hundredths: if passed { 100 } else { 0 }, max_hundredths: 100, checks: vec![check] }
}

/// Any order that respects what has to come first is right; else the share of respected pairs counts.
pub(super) fn order(order: &Order, names: &[String]) -> Score {
    let position = |name: &str| names.iter().position(|n| n == name);
    let complete = names.len() == order.steps.len() && order.steps.iter().all(|s| position(&s.name).is_some());
    let pairs = order.steps.iter().flat_map(|step| step.after.iter().map(move |first| (first, step)));
    let checks: Vec<CheckResult> = pairs
        .map(|(first, step)| {
            let text = |name: &str| order.steps.iter().find(|s| s.name == name).map(|s| s.text.clone()).unwrap_or_default();
            let passed = complete && position(first) < position(&step.name);
            let sentence = format!("“{}” comes after “{}”", step.text, text(first));
            let message = if passed { "it does".to_owned() } else { "it stands before it".to_owned() };
            CheckResult { name: format!("{first} before {}", step.name), sentence, passed, at: None, message }
        })
        .collect();
    even(checks)
}

/// A check of one part of an answer.
fn part(name: impl Into<String>, sentence: impl Into<String>, passed: bool, message: impl Into<String>) -> CheckResult {
    CheckResult { name: name.into(), sentence: sentence.into(), passed, at: None, message: message.into() }
}

/// A right option that is chosen counts, a wrong one that is chosen takes as much away.
pub(super) fn multiple(multiple: &Multiple, chosen: &[usize]) -> Score {
    let check = |(index, option): (usize, &crate::course::question::Option_)| {
        let sentence = format!("“{}” is {}", option.text, if option.right { "right" } else { "wrong" });
        part(format!("option {}", index + 1), sentence, chosen.contains(&index) == option.right, option.because.clone())
    };
    let checks: Vec<CheckResult> = multiple.options.iter().enumerate().map(check).collect();
    let is_right = |index: &&usize| multiple.options.get(**index).is_some_and(|o| o.right);
    let hits = chosen.iter().filter(is_right).count();
    let misses = chosen.len() - hits;
    let right = multiple.options.iter().filter(|o| o.right).count();
    let hundredths = u32::try_from(hits.saturating_sub(misses) * 100 / right.max(1)).unwrap_or(0);
    Score { hundredths, max_hundredths: 100, checks }
}

/// Each pair counts the same.
pub(super) fn matching(pairs: &Match, chosen: &[String]) -> Score {
    let check = |(index, pair): (usize, &crate::course::question::Pair)| {
        let passed = chosen.get(index) == Some(&pair.right);
        let message = if passed { pair.because.clone() } else { format!("It belongs to “{}”. {}", pair.right, pair.because) };
        part(format!("pair {}", index + 1), pair.left.clone(), passed, message)
    };
    even(pairs.pairs.iter().enumerate().map(check).collect())
}

/// Each gap counts the same.
pub(super) fn blank(blank: &Blank, filled: &[String]) -> Score {
    let check = |(index, gap): (usize, &crate::course::question::Gap)| {
        let passed = filled.get(index).is_some_and(|text| gap.takes(text));
        let message = if passed { gap.because.clone() } else { format!("It is {}. {}", gap.answer(), gap.because) };
        part(format!("gap {}", index + 1), gap.label.clone(), passed, message)
    };
    even(blank.gaps.iter().enumerate().map(check).collect())
}

/// Each column counts the same; capitals count, as kubectl prints them.
pub(super) fn predict(predict: &Predict, variant: usize, cells: &[String]) -> Score {
    let Some(case) = predict.variants.get(variant) else { return even(Vec::new()) };
    let check = |(index, (column, key)): (usize, (&String, &String))| {
        let passed = cells.get(index).is_some_and(|cell| cell.trim() == key);
        let message = if passed { "as kubectl prints it".to_owned() } else { format!("kubectl prints {key}") };
        CheckResult { at: Some(case.at), ..part(column.to_lowercase(), column.clone(), passed, message) }
    };
    even(predict.columns.iter().zip(&case.key).enumerate().map(check).collect())
}

/// Each key point counts the same: as the learner finds it, or as its words are found.
pub(super) fn rubric(rubric: &Rubric, text: &str, found: Option<&[bool]>) -> Score {
    let check = |(index, point): (usize, &crate::course::question::KeyPoint)| {
        let passed = found.and_then(|f| f.get(index).copied()).unwrap_or_else(|| point.is_in(text));
        part(format!("point {}", index + 1), point.text.clone(), passed, if passed { "it is there" } else { "it is missing" })
    };
    even(rubric.points.iter().enumerate().map(check).collect())
}

/// What is wrong is worth a quarter, the repair the rest.
pub(super) fn debug(lab: &Lab, diagnosis: Option<usize>, text: &str) -> Score {
    let repaired = grade_lab(lab, text, true);
    let Some(question) = &lab.diagnosis else { return repaired };
    let found = choice(question, diagnosis.unwrap_or(usize::MAX));
    let hundredths = repaired.hundredths * 3 / 4 + found.hundredths / 4;
    let mut checks: Vec<CheckResult> =
        found.checks.into_iter().map(|c| CheckResult { name: "diagnosis".into(), sentence: "The cause is found".into(), ..c }).collect();
    checks.extend(repaired.checks);
    Score { hundredths, max_hundredths: 100, checks }
}
