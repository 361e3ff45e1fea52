//! The format of items, read from YAML with places for what is wrong. `content/README.md` teaches it.

use serde::Deserialize;

use crate::check::Check;
use crate::decode;
use crate::manifest;
use crate::scenario::{ImageRule, Scenario};
use crate::text::{Diagnostic, FieldPath, Span};
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
    /// What is asked.
    pub kind: Kind,
}

/// What an item asks for.
#[derive(Debug, Clone, PartialEq)]
pub enum Kind {
    /// Edit a manifest until its life has the properties.
    Lab(Box<Lab>),
    /// One of several is right.
    Choice(Choice),
    /// Put steps in order.
    Order(Order),
}

/// A lab.
#[derive(Debug, Clone, PartialEq)]
pub struct Lab {
    /// The manifest to begin with.
    pub start: String,
    /// The world that is shown.
    pub world: Scenario,
    /// Worlds that are checked when the shown one passes: what differs, and the world.
    pub variations: Vec<(String, Scenario)>,
    /// The properties.
    pub checks: Vec<Check>,
    /// Fields of containers that may not change: a check on the text, and said to be one.
    pub keep: Vec<String>,
    /// Answers that pass.
    pub solutions: Vec<Solution>,
    /// Answers that fail, and where.
    pub wrong: Vec<Wrong>,
}

/// A right answer.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Solution {
    /// What it does.
    pub about: String,
    /// The whole manifest.
    pub manifest: String,
}

/// A wrong answer.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Wrong {
    /// What it tries.
    pub about: String,
    /// The check at which it fails.
    pub fails: String,
    /// The whole manifest.
    pub manifest: String,
}

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
    lab: Option<LabFile>,
    choice: Option<Choice>,
    order: Option<Order>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct LabFile {
    start: String,
    #[serde(default)]
    world: String,
    #[serde(default)]
    variations: Vec<Variation>,
    checks: Vec<Check>,
    #[serde(default)]
    keep: Vec<String>,
    #[serde(default)]
    solutions: Vec<Solution>,
    #[serde(default)]
    wrong: Vec<Wrong>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Variation {
    about: String,
    world: String,
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
    let read = decode::read::<File>(&document.root);
    let Some(file) = read.value.filter(|_| read.diagnostics.is_empty()) else { return Err(read.diagnostics) };
    let at = |path: &str| place(&document.root, path);
    let kind = match (file.lab, file.choice, file.order) {
        (Some(lab), None, None) => Kind::Lab(Box::new(self::lab(lab, &at)?)),
        (None, Some(choice), None) => Kind::Choice(self::choice(choice, &at)?),
        (None, None, Some(order)) => Kind::Order(self::order(order, &at)?),
        _ => return Err(vec![Diagnostic::error("item/kind", at(""), "an item is one of `lab`, `choice` and `order`")]),
    };
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
        kind,
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

fn lab(file: LabFile, at: &impl Fn(&str) -> Span) -> Result<Lab, Vec<Diagnostic>> {
    let world = world(&file.world, at("lab.world"))?;
    let mut variations = Vec::new();
    for variation in file.variations {
        let mut varied = world_over(&world, &variation.world, at("lab.variations"))?;
        crate::order::sort_by_key(&mut varied.actions, |a| a.at);
        variations.push((variation.about, varied));
    }
    let nameless = file.checks.iter().find(|c| c.property().is_none());
    if let Some(check) = nameless {
        let message = format!("check `{}` needs exactly one of `never`, `always`, `eventually` or `not` with `until`", check.name);
        return Err(vec![Diagnostic::error("item/check", at("lab.checks"), message)]);
    }
    Ok(Lab { start: file.start, world, variations, checks: file.checks, keep: file.keep, solutions: file.solutions, wrong: file.wrong })
}

/// A world written as the `spec` of a scenario document.
fn world(text: &str, span: Span) -> Result<Scenario, Vec<Diagnostic>> {
    world_over(&Scenario::default(), text, span)
}

/// The same, over another world: lists are put in front, so that their first entry counts.
fn world_over(base: &Scenario, text: &str, span: Span) -> Result<Scenario, Vec<Diagnostic>> {
    let indented: String = text.lines().map(|l| format!("  {l}\n")).collect();
    let document = format!("apiVersion: podlab/v1\nkind: Scenario\nspec:\n{indented}");
    let parsed = yaml::parse(&document);
    let Some(node) = parsed.value.first().filter(|_| !parsed.has_errors()) else {
        let message = parsed.diagnostics.first().map_or("the world is no YAML", |d| d.message.as_str()).to_owned();
        return Err(vec![Diagnostic::error("item/world", span, message)]);
    };
    let read = manifest::scenario(&node.root);
    let Some(mut own) = read.value.filter(|_| read.diagnostics.is_empty()) else {
        return Err(read.diagnostics.into_iter().map(|d| Diagnostic { span, field: FieldPath::root(), ..d }).collect());
    };
    if !text.contains("duration:") {
        own.duration = base.duration;
    }
    let images: Vec<ImageRule> = own.images.into_iter().map(|rule| over(rule, &base.images)).collect();
    let kept = base.images.iter().filter(|b| !images.iter().any(|i| i.image == b.image)).cloned().collect();
    own.images = [images, kept].concat();
    own.hosts.extend(base.hosts.clone());
    own.actions.extend(base.actions.clone());
    Ok(own)
}

/// What a varied rule does not say stays as it was.
fn over(rule: ImageRule, base: &[ImageRule]) -> ImageRule {
    let Some(old) = base.iter().find(|b| b.image == rule.image) else { return rule };
    ImageRule {
        present: rule.present.or(old.present),
        pull: rule.pull.or(old.pull),
        startup: rule.startup.or(old.startup),
        ports: rule.ports.or_else(|| old.ports.clone()),
        crash: rule.crash.or(old.crash),
        image: rule.image,
    }
}

fn choice(choice: Choice, at: &impl Fn(&str) -> Span) -> Result<Choice, Vec<Diagnostic>> {
    let right = choice.options.iter().filter(|o| o.right).count();
    if right == 1 && choice.options.len() > 1 {
        return Ok(choice);
    }
    Err(vec![Diagnostic::error(
        "item/choice",
        at("choice.options"),
        format!("a choice has exactly one right option, this one has {right}"),
    )])
}

fn order(order: Order, at: &impl Fn(&str) -> Span) -> Result<Order, Vec<Diagnostic>> {
    for (index, step) in order.steps.iter().enumerate() {
        for name in &step.after {
            let earlier = order.steps.iter().take(index).any(|s| s.name == *name);
            if !earlier {
                let message = format!("step `{}` comes after `{name}`, which is no step above it", step.name);
                return Err(vec![Diagnostic::error("item/order", at("order.steps"), message)]);
            }
        }
    }
    Ok(order)
}

/// Markdown as HTML; HTML of the author's own is shown as text.
pub fn markdown(text: &str) -> String {
    use pulldown_cmark::{Event, Parser, html};
    #[expect(clippy::wildcard_enum_match_arm, reason = "only raw HTML is treated apart")]
    let plain = Parser::new(text).map(|event| match event {
        Event::Html(raw) | Event::InlineHtml(raw) => Event::Text(raw),
        other => other,
    });
    let mut out = String::new();
    html::push_html(&mut out, plain);
    out
}
