//! The format of items, read from YAML with places for what is wrong. `content/README.md` teaches it.

use serde::Deserialize;

use super::lab::{Lab, LabFile, lab};
use super::predict::{Predict, PredictFile, predict};
use super::question::{self, Blank, Choice, Match, Multiple, Order, Rubric};
use super::variant;
use crate::decode;
use crate::rng::Stream;
use crate::text::{Diagnostic, Span};
use crate::yaml::{self, Node};

/// One exercise.
#[derive(Debug, Clone, PartialEq)]
pub struct Item {
    /// Its id, the same as its file's name.
    pub id: String,
    /// Its title.
    pub title: String,
    /// The module it belongs to, e.g. `m05`.
    pub module: String,
    /// 1 (recall) to 5 (design).
    pub difficulty: u8,
    /// About how long it takes.
    pub minutes: u8,
    /// The task, in Markdown.
    pub prompt: String,
    /// Help in steps.
    pub hints: Vec<String>,
    /// What to take home, in Markdown.
    pub debrief: String,
    /// The follow-up of an interviewer, in Markdown.
    pub interview: String,
    /// The item that an interviewer would ask next.
    pub follow_up: Option<String>,
    /// What is asked.
    pub kind: Kind,
    /// The same with other parameters: its further variants.
    pub variants: Vec<Item>,
}

impl Item {
    /// One of its variants, counted from 0; after the last one comes the first again.
    pub fn variant(&self, number: usize) -> &Self {
        let number = number % (self.variants.len() + 1);
        number.checked_sub(1).and_then(|n| self.variants.get(n)).unwrap_or(self)
    }

    /// The variant that a learner gets, always the same one.
    pub fn of_learner(&self, learner: &str) -> &Self {
        let of = format!("{}/{}", learner.trim(), self.id);
        let number = Stream::new(1, &of, of.len() as u64).below(self.variants.len() as u64 + 1);
        self.variant(usize::try_from(number).unwrap_or(0))
    }
}

/// What an item asks for.
#[derive(Debug, Clone, PartialEq)]
pub enum Kind {
    /// Edit a manifest until its life has the properties.
    Lab(Box<Lab>),
    /// Find out what is wrong, then repair it.
    Debug(Box<Lab>),
    /// Say what kubectl will print.
    Predict(Box<Predict>),
    /// One of several is right.
    Choice(Choice),
    /// Several of them are right.
    Multiple(Multiple),
    /// Put steps in order.
    Order(Order),
    /// Put together what belongs together.
    Match(Match),
    /// Fill the gaps.
    Blank(Blank),
    /// Answer in your own words.
    Rubric(Rubric),
}

impl Kind {
    /// Its name, as items write it.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Lab(_) => "lab",
            Self::Debug(_) => "debug",
            Self::Predict(_) => "predict",
            Self::Choice(_) => "choice",
            Self::Multiple(_) => "multiple",
            Self::Order(_) => "order",
            Self::Match(_) => "match",
            Self::Blank(_) => "blank",
            Self::Rubric(_) => "rubric",
        }
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct File {
    id: String,
    title: String,
    module: String,
    #[serde(default)]
    difficulty: u8,
    #[serde(default)]
    minutes: u8,
    prompt: String,
    #[serde(default)]
    hints: Vec<String>,
    #[serde(default)]
    debrief: String,
    #[serde(default)]
    interview: String,
    follow_up: Option<String>,
    #[serde(default, rename = "variants")]
    _variants: serde_json::Value,
    lab: Option<LabFile>,
    debug: Option<LabFile>,
    predict: Option<PredictFile>,
    choice: Option<Choice>,
    multiple: Option<Multiple>,
    order: Option<Order>,
    #[serde(rename = "match")]
    pairs: Option<Match>,
    blank: Option<Blank>,
    rubric: Option<Rubric>,
}

impl File {
    /// The one kind that the file has.
    fn kind(&mut self, at: &impl Fn(&str) -> Span) -> Result<Kind, Vec<Diagnostic>> {
        let mut kinds: Vec<Result<Kind, Vec<Diagnostic>>> = Vec::new();
        kinds.extend(self.lab.take().map(|f| lab(f, at("lab")).map(|l| Kind::Lab(Box::new(l)))));
        kinds.extend(self.debug.take().map(|f| lab(f, at("debug")).map(|l| Kind::Debug(Box::new(l)))));
        kinds.extend(self.predict.take().map(|f| predict(f, at("predict")).map(|p| Kind::Predict(Box::new(p)))));
        kinds.extend(self.choice.take().map(|f| question::choice(f, at("choice.options")).map(Kind::Choice)));
        kinds.extend(self.multiple.take().map(|f| question::multiple(f, at("multiple.options")).map(Kind::Multiple)));
        kinds.extend(self.order.take().map(|f| question::order(f, at("order.steps")).map(Kind::Order)));
        kinds.extend(self.pairs.take().map(|f| question::matching(f, at("match.pairs")).map(Kind::Match)));
        kinds.extend(self.blank.take().map(|f| question::blank(f, at("blank.gaps")).map(Kind::Blank)));
        kinds.extend(self.rubric.take().map(|f| question::rubric(f, at("rubric.points")).map(Kind::Rubric)));
        let message = "an item is exactly one of `lab`, `debug`, `predict`, `choice`, `multiple`, `order`, `match`, `blank` and `rubric`";
        let last = kinds.pop().filter(|_| kinds.is_empty());
        last.unwrap_or_else(|| Err(vec![Diagnostic::error("item/kind", at(""), message)]))
    }
}

/// Reads an item.
///
/// # Errors
/// Everything that is wrong with it, with its place.
pub fn read_item(text: &str) -> Result<Item, Vec<Diagnostic>> {
    let parsed = yaml::parse(text);
    if parsed.has_errors() {
        return Err(parsed.diagnostics);
    }
    let Some(document) = parsed.value.first() else {
        return Err(vec![Diagnostic::error("item/empty", Span::default(), "the file is empty")]);
    };
    let texts = variant::texts(text, &document.root)?;
    let has_variants = document.root.get("variants").map(|node| node.span);
    let mut all = Vec::new();
    for (number, text) in (1..).zip(&texts) {
        all.push(read_one(text).map_err(|found| match has_variants {
            Some(at) => variant::of_variant(number, found, at),
            None => found,
        })?);
    }
    let mut item = all.remove(0);
    item.variants = all;
    Ok(item)
}

/// One variant, or an item without any.
fn read_one(text: &str) -> Result<Item, Vec<Diagnostic>> {
    let parsed = yaml::parse(text);
    let Some(document) = parsed.value.first().filter(|_| !parsed.has_errors()) else { return Err(parsed.diagnostics) };
    let read = decode::read::<File>(&document.root);
    let Some(mut file) = read.value.filter(|_| read.diagnostics.is_empty()) else { return Err(read.diagnostics) };
    let at = |path: &str| place(&document.root, path);
    let kind = file.kind(&at)?;
    Ok(Item {
        id: file.id,
        title: file.title,
        module: file.module,
        difficulty: file.difficulty,
        minutes: file.minutes,
        prompt: file.prompt,
        hints: file.hints,
        debrief: file.debrief,
        interview: file.interview,
        follow_up: file.follow_up,
        kind,
        variants: Vec::new(),
    })
}

/// Where a field stands, or the field above it.
fn place(root: &Node, path: &str) -> Span {
    let mut node = root;
    for name in path.split('.').filter(|n| !n.is_empty()) {
        match node.get(name) {
            Some(next) => node = next,
            None => break,
        }
    }
    node.span
}
