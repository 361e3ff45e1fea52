//! The proof of an item: what is stored as right passes everywhere, what is stored as wrong fails where it says.

use super::grade::{Response, Score, grade};
use super::item::{Item, Kind};
use super::lab::{Lab, Solution, Wrong};
use super::question::Choice;

fn first_failure(score: &Score) -> String {
    score.checks.iter().find(|c| !c.passed).map_or_else(|| "nothing fails".to_owned(), |c| format!("`{}`: {}", c.name, c.message))
}

/// What does not hold of an item; nothing if it is proved.
pub fn prove(item: &Item) -> Vec<String> {
    let of_variant =
        |(number, variant): (usize, &Item)| prove_one(variant).into_iter().map(move |found| format!("variant {number}: {found}"));
    let others = (2..).zip(&item.variants).flat_map(of_variant);
    prove_one(item).into_iter().chain(others).collect()
}

fn prove_one(item: &Item) -> Vec<String> {
    let right = |index: &Choice| index.options.iter().position(|o| o.right);
    match &item.kind {
        Kind::Lab(lab) => of_lab(lab, &|text| grade(item, &Response::Manifest(text.to_owned()))),
        Kind::Debug(lab) => {
            let diagnosis = lab.diagnosis.as_ref().and_then(right);
            of_lab(lab, &|text| grade(item, &Response::Debug(diagnosis, text.to_owned())))
        }
        Kind::Order(order) => {
            let names: Vec<String> = order.steps.iter().map(|s| s.name.clone()).collect();
            let turned: Vec<String> = names.iter().rev().cloned().collect();
            two(item, &Response::Order(names), &Response::Order(turned))
        }
        Kind::Choice(choice) => two(item, &Response::Choice(right(choice).unwrap_or(usize::MAX)), &Response::Choice(usize::MAX)),
        Kind::Multiple(multiple) => {
            let all = multiple.options.iter().enumerate();
            let right = all.filter(|(_, o)| o.right).map(|(i, _)| i).collect();
            two(item, &Response::Multiple(right), &Response::Multiple((0..multiple.options.len()).collect()))
        }
        Kind::Match(pairs) => {
            let right: Vec<String> = pairs.pairs.iter().map(|p| p.right.clone()).collect();
            let turned = right.iter().rev().cloned().collect();
            two(item, &Response::Match(right), &Response::Match(turned))
        }
        Kind::Blank(blank) => two(item, &Response::Blank(blank.gaps.iter().map(|g| g.answer()).collect()), &Response::Blank(Vec::new())),
        Kind::Predict(predict) => {
            let all = predict.variants.iter().enumerate();
            all.flat_map(|(n, case)| two(item, &Response::Predict(n, case.key.clone()), &Response::Predict(n, Vec::new()))).collect()
        }
        Kind::Rubric(rubric) => two(item, &Response::Rubric(rubric.model.clone(), None), &Response::Rubric(String::new(), None)),
    }
}

/// A right answer has full marks, and a wrong one has not.
fn two(item: &Item, right: &Response, wrong: &Response) -> Vec<String> {
    let mut found = Vec::new();
    let score = grade(item, right);
    if !score.is_full() {
        found.push(format!("the right answer fails at {}", first_failure(&score)));
    }
    if grade(item, wrong).is_full() {
        found.push("a wrong answer has full marks".to_owned());
    }
    found
}

fn of_lab(lab: &Lab, play: &dyn Fn(&str) -> Score) -> Vec<String> {
    let mut found = Vec::new();
    if play(&lab.start).is_full() {
        found.push("the start passes already".to_owned());
    }
    if lab.solutions.len() < 2 || lab.wrong.len() < 2 {
        found.push("a lab needs two right solutions and two wrong answers".to_owned());
    }
    for solution in &lab.solutions {
        let score = play(&solution.manifest);
        if score.is_full() {
            found.extend(needless(lab, solution, play));
        } else {
            found.push(format!("the solution “{}” fails at {}", solution.about, first_failure(&score)));
        }
    }
    found.extend(lab.wrong.iter().filter_map(|wrong| of_wrong(wrong, play)));
    found
}

/// Lines that a solution added and that it passes without, unless it says so.
fn needless(lab: &Lab, solution: &Solution, play: &dyn Fn(&str) -> Score) -> Vec<String> {
    let lines: Vec<&str> = solution.manifest.lines().collect();
    let is_new = |line: &str| !line.trim().is_empty() && !lab.start.lines().any(|old| old.trim() == line.trim());
    let mut found = Vec::new();
    for (index, line) in lines.iter().enumerate().filter(|(_, line)| is_new(line)) {
        let shorter: String = lines.iter().enumerate().filter(|(i, _)| *i != index).map(|(_, l)| format!("{l}\n")).collect();
        let is_harmless = solution.harmless.iter().any(|h| h.trim() == line.trim());
        if !is_harmless && play(&shorter).is_full() {
            found.push(format!("the solution “{}” passes without `{}`: leave it out, or list it as harmless", solution.about, line.trim()));
        }
    }
    found
}

fn of_wrong(wrong: &Wrong, play: &dyn Fn(&str) -> Score) -> Option<String> {
    let score = play(&wrong.manifest);
    let said = match score.checks.iter().find(|c| c.name == wrong.fails) {
        Some(check) if !check.passed => return None,
        Some(_) => format!("passes `{}`", wrong.fails),
        None => format!("names `{}`, which is no check", wrong.fails),
    };
    Some(format!("the wrong answer “{}” {said}; it fails at {}", wrong.about, first_failure(&score)))
}
