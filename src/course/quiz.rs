//! Quizzes and the files that a class hands in. A result holds answers, never a score: it is graded where it is opened.

use serde::Deserialize;
use serde_json::{Value, json};

use super::grade::{Response, grade};
use super::item::Item;
use crate::decode;
use crate::order::SortedMap;
use crate::rng::Stream;
use crate::yaml;

/// A quiz: chosen items and how they are taken.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Quiz {
    /// `quiz`: what this file is.
    podlab: String,
    /// Its title.
    pub title: String,
    /// The ids of its items.
    pub items: Vec<String>,
    /// No feedback before the end.
    #[serde(default)]
    pub exam: bool,
    /// The time in minutes, 0 for as long as one likes.
    #[serde(default)]
    pub minutes: u32,
    /// Whether each learner gets an order of their own.
    #[serde(default)]
    pub shuffle: bool,
}

/// What a learner hands in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Handed {
    /// Who it is.
    pub learner: String,
    /// The quiz.
    pub quiz: Quiz,
    /// The answers by item, in the form of [`Response::read`].
    pub answers: SortedMap<String, String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct HandedFile {
    podlab: String,
    learner: String,
    quiz: Quiz,
    answers: Vec<Answer>,
    sum: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Answer {
    item: String,
    answer: String,
}

/// A document of ours, or what is wrong with it.
fn read<T: serde::de::DeserializeOwned>(text: &str, what: &str) -> Result<T, String> {
    let parsed = yaml::parse(text);
    let root = parsed.value.first().filter(|d| d.error.is_none()).map(|d| &d.root);
    let root = root.ok_or_else(|| format!("This file is damaged, or no {what} of Podlab."))?;
    match root.get("podlab").and_then(yaml::Node::text) {
        Some(kind) if kind == what => decode::from_node(root).map_err(|found| format!("This {what} is damaged: {}", found.message)),
        Some(kind) => Err(format!("This is a {kind} of Podlab, not a {what}.")),
        None => Err(format!("This is no {what} of Podlab.")),
    }
}

impl Quiz {
    /// A quiz of these items.
    pub fn new(title: impl Into<String>, items: Vec<String>) -> Self {
        Self { podlab: "quiz".into(), title: title.into(), items, exam: false, minutes: 0, shuffle: false }
    }

    /// Reads a quiz.
    ///
    /// # Errors
    /// What is wrong with it, for people.
    pub fn read(text: &str) -> Result<Self, String> {
        let quiz: Self = read(text, "quiz")?;
        if quiz.items.is_empty() { Err("This quiz has no items.".into()) } else { Ok(quiz) }
    }

    fn value(&self) -> Value {
        json!({"podlab": "quiz", "title": self.title, "items": self.items, "exam": self.exam, "minutes": self.minutes, "shuffle": self.shuffle})
    }

    /// The quiz as text, for a link or a file.
    pub fn text(&self) -> String {
        self.value().to_string()
    }

    /// The items in the order in which a learner gets them.
    pub fn order(&self, learner: &str) -> Vec<String> {
        let mut left = self.items.clone();
        if !self.shuffle {
            return left;
        }
        let mut random = Stream::new(1, learner.trim(), left.len() as u64);
        let mut out = Vec::new();
        while !left.is_empty() {
            let at = usize::try_from(random.below(left.len() as u64)).unwrap_or(0);
            out.push(left.remove(at));
        }
        out
    }
}

/// A sum over what was handed in. It finds damage; it keeps nobody from writing a file of their own.
fn sum(body: &str) -> String {
    format!("{:016x}", Stream::new(0, body, body.len() as u64).draw())
}

impl Handed {
    fn body(&self) -> Value {
        let answers: Vec<Value> = self.answers.iter().map(|(item, answer)| json!({"item": item, "answer": answer})).collect();
        json!({"podlab": "result", "learner": self.learner, "quiz": self.quiz.value(), "answers": answers})
    }

    /// The file that is handed in.
    pub fn text(&self) -> String {
        let mut body = self.body();
        let sum = sum(&body.to_string());
        if let Some(fields) = body.as_object_mut() {
            fields.insert("sum".into(), sum.into());
        }
        format!("{body:#}\n")
    }

    /// Reads a file that was handed in.
    ///
    /// # Errors
    /// It is of another kind, damaged or changed.
    pub fn read(text: &str) -> Result<Self, String> {
        let file: HandedFile = read(text, "result")?;
        let answers = file.answers.into_iter().map(|a| (a.item, a.answer)).collect();
        let handed = Self { learner: file.learner, quiz: file.quiz, answers };
        if file.podlab == "result" && sum(&handed.body().to_string()) == file.sum {
            Ok(handed)
        } else {
            Err("This result is damaged or was changed: its sum does not fit its answers.".into())
        }
    }
}

/// One learner's line in the gradebook.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// Who it is.
    pub learner: String,
    /// Hundredths of a point for each item of the quiz; nothing where the item is not in this content.
    pub points: Vec<Option<u32>>,
}

impl Line {
    /// Grades what was handed in again, item by item in the quiz's order.
    pub fn grade(handed: &Handed, items: &[Item]) -> Self {
        let of_item = |id: &String| {
            let item = items.iter().find(|i| i.id == *id)?.of_learner(&handed.learner);
            Some(handed.answers.get(id).map_or(0, |answer| grade(item, &Response::read(&item.kind, answer)).hundredths))
        };
        Self { learner: handed.learner.clone(), points: handed.quiz.items.iter().map(of_item).collect() }
    }

    /// All points together.
    pub fn sum(&self) -> u32 {
        self.points.iter().flatten().sum()
    }
}

/// Hundredths as points: `0.75`.
pub fn points(hundredths: u32) -> String {
    format!("{}.{:02}", hundredths / 100, hundredths % 100)
}

/// The gradebook for a spreadsheet.
pub fn csv(items: &[String], lines: &[Line]) -> String {
    let cell = |text: &str| if text.contains([',', '"', '\n']) { format!("\"{}\"", text.replace('"', "\"\"")) } else { text.to_owned() };
    let head = std::iter::once("learner".to_owned()).chain(items.iter().map(|i| cell(i))).chain(std::iter::once("sum".to_owned()));
    let mut out = head.collect::<Vec<_>>().join(",") + "\n";
    for line in lines {
        let all = line.points.iter().map(|p| p.map(points).unwrap_or_default());
        let row = std::iter::once(cell(&line.learner)).chain(all).chain(std::iter::once(points(line.sum())));
        out.push_str(&(row.collect::<Vec<_>>().join(",") + "\n"));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn handed() -> Handed {
        let mut quiz = Quiz::new("Friday, \"first\"", vec!["a".into(), "b".into(), "c".into()]);
        quiz.shuffle = true;
        let answers = SortedMap::from([("a".to_owned(), "2".to_owned()), ("b".to_owned(), "line 1\nline 2: x\n".to_owned())]);
        Handed { learner: "Ada".into(), quiz, answers }
    }

    #[test]
    fn a_result_survives_its_file_and_damage_is_told() {
        let text = handed().text();
        assert_eq!(Handed::read(&text), Ok(handed()));
        for (from, to) in [("line 2", "line 3"), ("Ada", "Bob")] {
            let problem = Handed::read(&text.replace(from, to)).unwrap_err();
            assert!(problem.contains("damaged or was changed"), "{problem}");
        }
        let half: String = text.chars().take(text.len() / 2).collect();
        assert!(Handed::read(&half).unwrap_err().contains("damaged"));
        assert!(Handed::read(&handed().quiz.text()).unwrap_err().contains("a quiz of Podlab, not a result"));
        assert!(Handed::read("hello: 1\n").unwrap_err().contains("no result of Podlab"));
    }

    #[test]
    fn each_learner_has_an_order_of_their_own_and_keeps_it() {
        let quiz = handed().quiz;
        let orders: Vec<_> = ["Ada", "Bob", "Cem", "Dot", "Eve"].iter().map(|name| quiz.order(name)).collect();
        assert!(orders.iter().any(|o| o != orders.first().unwrap()));
        assert_eq!(quiz.order("Ada "), quiz.order("Ada"));
        for order in orders {
            let mut sorted = order.clone();
            sorted.sort();
            assert_eq!(sorted, quiz.items);
        }
    }

    #[test]
    fn the_table_fits_a_spreadsheet() {
        let lines = [Line { learner: "Doe, Jane".into(), points: vec![Some(100), Some(33), None] }];
        let items = ["a".to_owned(), "b".to_owned(), "c".to_owned()];
        assert_eq!(csv(&items, &lines), "learner,a,b,c,sum\n\"Doe, Jane\",1.00,0.33,,1.33\n");
    }
}
