//! Labs: a manifest to change, worlds to play it in, and properties of its life.

use serde::Deserialize;

use super::question::Choice;
use crate::check::Check;
use crate::manifest;
use crate::scenario::{ImageRule, Scenario};
use crate::text::{Diagnostic, FieldPath, Span};
use crate::yaml;

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
    /// Of a debug item: what is wrong at the start.
    pub diagnosis: Option<Choice>,
}

/// A right answer.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Solution {
    /// What it does.
    pub about: String,
    /// The whole manifest.
    pub manifest: String,
    /// Lines that it adds and could do without.
    #[serde(default)]
    pub harmless: Vec<String>,
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

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct LabFile {
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
    diagnosis: Option<Choice>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Variation {
    about: String,
    world: String,
}

/// Puts a lab together.
pub(super) fn lab(file: LabFile, span: Span) -> Result<Lab, Vec<Diagnostic>> {
    let world = world(&file.world, span)?;
    let mut variations = Vec::new();
    for variation in file.variations {
        let mut varied = world_over(&world, &variation.world, span)?;
        crate::order::sort_by_key(&mut varied.actions, |a| a.at);
        variations.push((variation.about, varied));
    }
    let nameless = file.checks.iter().find(|c| c.property().is_none());
    if let Some(check) = nameless {
        let message = format!(
            "check `{}` needs exactly one of `never`, `always`, `eventually`, `not` with `until`, or `count` with `atLeast` or `atMost`",
            check.name
        );
        return Err(vec![Diagnostic::error("item/check", span, message)]);
    }
    Ok(Lab {
        start: file.start,
        world,
        variations,
        checks: file.checks,
        keep: file.keep,
        solutions: file.solutions,
        wrong: file.wrong,
        diagnosis: file.diagnosis,
    })
}

/// A world written as the `spec` of a scenario document.
pub(super) fn world(text: &str, span: Span) -> Result<Scenario, Vec<Diagnostic>> {
    world_over(&Scenario::default(), text, span)
}

/// The same, over another world: lists are put in front, so that their first entry counts.
pub(super) fn world_over(base: &Scenario, text: &str, span: Span) -> Result<Scenario, Vec<Diagnostic>> {
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
        memory: if rule.memory.is_empty() { old.memory.clone() } else { rule.memory },
        image: rule.image,
    }
}
