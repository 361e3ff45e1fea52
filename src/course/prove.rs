//! The proof of an item: its start fails, its solutions pass everywhere, its wrong answers fail where they say.

use super::grade::{Response, Score, grade};
use super::item::{Item, Kind};

fn first_failure(score: &Score) -> String {
    score.checks.iter().find(|c| !c.passed).map_or_else(|| "nothing fails".to_owned(), |c| format!("`{}`: {}", c.name, c.message))
}

/// What does not hold of an item; nothing if it is proved.
pub fn prove(item: &Item) -> Vec<String> {
    match &item.kind {
        Kind::Choice(_) => Vec::new(),
        Kind::Order(order) => {
            let names: Vec<String> = order.steps.iter().map(|s| s.name.clone()).collect();
            let turned: Vec<String> = names.iter().rev().cloned().collect();
            let mut found = Vec::new();
            if !grade(item, &Response::Order(names)).is_full() {
                found.push("the order as written is not right".to_owned());
            }
            if grade(item, &Response::Order(turned)).is_full() {
                found.push("the order turned round is right too: no step needs another".to_owned());
            }
            found
        }
        Kind::Lab(lab) => {
            let play = |text: &str| grade(item, &Response::Manifest(text.to_owned()));
            let mut found = Vec::new();
            if play(&lab.start).is_full() {
                found.push("the start passes already".to_owned());
            }
            if lab.solutions.len() < 2 || lab.wrong.len() < 2 {
                found.push("a lab needs two right solutions and two wrong answers".to_owned());
            }
            for solution in &lab.solutions {
                let score = play(&solution.manifest);
                if !score.is_full() {
                    found.push(format!("the solution “{}” fails at {}", solution.about, first_failure(&score)));
                }
            }
            for wrong in &lab.wrong {
                let score = play(&wrong.manifest);
                match score.checks.iter().find(|c| c.name == wrong.fails) {
                    Some(check) if !check.passed => {}
                    Some(_) => found.push(format!(
                        "the wrong answer “{}” passes `{}`; it fails at {}",
                        wrong.about,
                        wrong.fails,
                        first_failure(&score)
                    )),
                    None => found.push(format!(
                        "the wrong answer “{}” names `{}`, which is no check; it fails at {}",
                        wrong.about,
                        wrong.fails,
                        first_failure(&score)
                    )),
                }
            }
            found
        }
    }
}
