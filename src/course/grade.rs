//! Grading: a response in, points and verdicts out. The same on the page and in the shell.

use super::item::{Choice, Item, Kind, Lab, Order};
use crate::check::{judge, sentence};
use crate::manifest::{self, Manifest};
use crate::scenario::Scenario;
use crate::sim::{self, Input};
use crate::text::{LineIndex, Severity};
use crate::time::SimTime;

/// A learner's answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Response {
    /// A manifest.
    Manifest(String),
    /// The chosen option, from 0.
    Choice(usize),
    /// The names of the steps in their order.
    Order(Vec<String>),
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
        (Kind::Choice(choice), Response::Choice(chosen)) => grade_choice(choice, *chosen),
        (Kind::Order(order), Response::Order(names)) => grade_order(order, names),
        _ => {
            let message = "this answer is of another kind than the item".to_owned();
            let check = CheckResult { name: "kind".into(), sentence: "The answer fits the item".into(), passed: false, at: None, message };
            Score { hundredths: 0, max_hundredths: 100, checks: vec![check] }
        }
    }
}

/// Grades a lab, with or without the varied worlds.
pub fn grade_lab(lab: &Lab, text: &str, everywhere: bool) -> Score {
    let manifest = manifest::read(text);
    let mut checks = vec![accepted(text, &manifest)];
    if checks.iter().all(|c| c.passed) {
        checks.extend(kept(lab, &manifest));
        checks.extend(played(lab, &manifest, &lab.world, ""));
        if everywhere && checks.iter().all(|c| c.passed) {
            for (about, world) in &lab.variations {
                checks.extend(played(lab, &manifest, world, about).into_iter().find(|c| !c.passed).or_else(|| {
                    let sentence = format!("It holds in another world: {about}");
                    Some(CheckResult { name: format!("variation: {about}"), sentence, passed: true, at: None, message: "it does".into() })
                }));
            }
        }
    }
    // The checks of the shown world are worth three quarters, the varied worlds the rest.
    let shown = 1 + usize::from(!lab.keep.is_empty()) + lab.checks.len();
    let share = |passed: usize, of: usize, worth: usize| u32::try_from(passed * worth / of.max(1)).unwrap_or(0);
    let passed = checks.iter().take(shown).filter(|c| c.passed).count();
    let varied = checks.iter().skip(shown).filter(|c| c.passed).count();
    let base = share(passed, shown, if lab.variations.is_empty() { 100 } else { 75 });
    let extra = if lab.variations.is_empty() { 0 } else { share(varied, lab.variations.len(), 25) };
    Score { hundredths: base + extra, max_hundredths: 100, checks }
}

fn accepted(text: &str, manifest: &Manifest) -> CheckResult {
    let index = LineIndex::new(text);
    let wrong = manifest.diagnostics.iter().find(|d| d.severity == Severity::Error);
    let message = wrong.map_or_else(
        || if manifest.objects.is_empty() { "there is no object".into() } else { "no field is refused".to_owned() },
        |d| format!("line {}: {}", index.position(text, d.span.start as usize).line, d.message),
    );
    let passed = wrong.is_none() && !manifest.objects.is_empty();
    CheckResult { name: "accepted".into(), sentence: "The API server accepts the manifest".into(), passed, at: None, message }
}

/// The declared check on the text: these containers keep their image, command and args.
fn kept(lab: &Lab, manifest: &Manifest) -> Option<CheckResult> {
    if lab.keep.is_empty() {
        return None;
    }
    let start = manifest::read(&lab.start);
    let find = |m: &Manifest, name: &str| {
        m.admitted().iter().filter_map(|o| o.pod().cloned()).find_map(|pod| {
            let all = pod.spec.init_containers.iter().chain(&pod.spec.containers);
            all.into_iter().find(|c| c.name == name).map(|c| (c.image.clone(), c.command.clone(), c.args.clone()))
        })
    };
    let changed = lab.keep.iter().find(|name| find(&start, name) != find(manifest, name));
    let names = lab.keep.join(" and ");
    Some(CheckResult {
        name: "unchanged".into(),
        sentence: format!("Image and command of {names} are unchanged (a check of the text)"),
        passed: changed.is_none(),
        at: None,
        message: changed.map_or_else(|| "they are".to_owned(), |name| format!("{name} is another container now")),
    })
}

fn played(lab: &Lab, manifest: &Manifest, world: &Scenario, about: &str) -> Vec<CheckResult> {
    let run = sim::simulate(&Input { objects: manifest.admitted(), scenario: world.clone() });
    let verdicts = judge(&lab.checks, &run);
    let place = if about.is_empty() { String::new() } else { format!(" (in another world: {about})") };
    lab.checks
        .iter()
        .zip(verdicts)
        .map(|(check, v)| CheckResult {
            name: check.name.clone(),
            sentence: sentence(check),
            passed: v.passed,
            at: v.at,
            message: format!("{}{place}", v.seen),
        })
        .collect()
}

fn grade_choice(choice: &Choice, chosen: usize) -> Score {
    let option = choice.options.get(chosen);
    let passed = option.is_some_and(|o| o.right);
    let message = option.map_or_else(|| "there is no such option".to_owned(), |o| o.because.clone());
    let check = CheckResult { name: "choice".into(), sentence: "The right answer is chosen".into(), passed, at: None, message };
    Score { hundredths: if passed { 100 } else { 0 }, max_hundredths: 100, checks: vec![check] }
}

/// Any order that respects what has to come first is right; else the share of respected pairs counts.
fn grade_order(order: &Order, names: &[String]) -> Score {
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
    let passed = checks.iter().filter(|c| c.passed).count();
    let hundredths = u32::try_from(passed * 100 / checks.len().max(1)).unwrap_or(0);
    Score { hundredths, max_hundredths: 100, checks }
}
