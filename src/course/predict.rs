//! Predictions: what `kubectl get pods` prints at a moment. The engine is the key.

use serde::Deserialize;

use super::lab::world;
use super::question::Played;
use crate::check::{self, Condition};
use crate::kubectl;
use crate::manifest;
use crate::printers::pod_columns;
use crate::scenario::Scenario;
use crate::sim::{self, Input};
use crate::text::{Diagnostic, Severity, Span};
use crate::time::{SimDuration, SimTime, parse_duration};

/// A prediction. It may have variants; each learner and attempt gets one of them.
#[derive(Debug, Clone, PartialEq)]
pub struct Predict {
    /// The manifest.
    pub manifest: String,
    /// The columns that are asked for: `READY`, `STATUS`, `RESTARTS`.
    pub columns: Vec<String>,
    /// What can be picked for STATUS; nothing if it is typed.
    pub pick: Vec<String>,
    /// The cases.
    pub variants: Vec<Case>,
}

/// One world and moment of a prediction.
#[derive(Debug, Clone, PartialEq)]
pub struct Case {
    /// What the learner is told about the world.
    pub about: String,
    /// The world.
    pub world: Scenario,
    /// The moment.
    pub at: SimTime,
    /// What kubectl prints then, in the order of the columns; `gone` where there is no pod.
    pub key: Vec<String>,
}

const COLUMNS: [&str; 3] = ["READY", "STATUS", "RESTARTS"];

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PredictFile {
    manifest: String,
    #[serde(default)]
    world: String,
    at: Option<String>,
    ask: Vec<String>,
    #[serde(default)]
    pick: Vec<String>,
    #[serde(default)]
    variants: Vec<VariantFile>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct VariantFile {
    about: String,
    #[serde(default)]
    world: String,
    at: String,
}

/// Puts a prediction together and lets the engine find its key.
pub(super) fn predict(file: PredictFile, span: Span) -> Result<Predict, Vec<Diagnostic>> {
    let wrong = |message: String| vec![Diagnostic::error("item/predict", span, message)];
    if let Some(column) = file.ask.iter().find(|c| !COLUMNS.contains(&c.as_str())) {
        return Err(wrong(format!("`{column}` cannot be asked for: {}", COLUMNS.join(", "))));
    }
    let read = manifest::read(&file.manifest);
    if let Some(found) = read.diagnostics.iter().find(|d| d.severity == Severity::Error) {
        return Err(wrong(format!("the manifest is refused: {}", found.message)));
    }
    let mut sources: Vec<(String, String, String)> = file.variants.into_iter().map(|v| (v.about, v.world, v.at)).collect();
    if let Some(at) = file.at {
        sources.insert(0, (String::new(), file.world.clone(), at));
    }
    let mut variants = Vec::new();
    for (about, text, at) in sources {
        let at = parse_duration(&at).ok_or_else(|| wrong(format!("`{at}` is no moment: write `12s`")))?;
        let mut world = world(if text.is_empty() { &file.world } else { &text }, span)?;
        world.duration = world.duration.max(at + SimDuration::from_secs(1));
        let at = SimTime::ZERO + at;
        let key = key(&read, &world, at, &file.ask);
        variants.push(Case { about, world, at, key });
    }
    if variants.is_empty() {
        return Err(wrong("a prediction needs `at`, the moment".into()));
    }
    let status = file.ask.iter().position(|column| column == "STATUS");
    let mut printed = variants.iter().filter_map(|v| v.key.get(status?));
    if let Some(key) = printed.find(|key| !file.pick.is_empty() && !file.pick.contains(key)) {
        return Err(wrong(format!("STATUS will be `{key}`, which cannot be picked")));
    }
    Ok(Predict { manifest: file.manifest, columns: file.ask, pick: file.pick, variants })
}

/// The answer to a gap that the engine finds: a cell of kubectl's table, or a second.
pub(super) fn answer(played: &Played, span: Span) -> Result<String, Vec<Diagnostic>> {
    let wrong = |message: String| vec![Diagnostic::error("item/engine", span, message)];
    let read = manifest::read(&played.manifest);
    if let Some(found) = read.diagnostics.iter().find(|d| d.severity == Severity::Error) {
        return Err(wrong(format!("the manifest is refused: {}", found.message)));
    }
    let world = if played.world.is_empty() { Scenario::default() } else { world(&played.world, span)? };
    match (&played.at, &played.column, &played.when) {
        (Some(at), Some(column), None) if COLUMNS.contains(&column.as_str()) => {
            let at = parse_duration(at).ok_or_else(|| wrong(format!("`{at}` is no moment: write `12s`")))?;
            let world = Scenario { duration: world.duration.max(at + SimDuration::from_secs(1)), ..world };
            Ok(key(&read, &world, SimTime::ZERO + at, std::slice::from_ref(column)).concat())
        }
        (None, None, Some(when)) => {
            let run = sim::simulate(&Input { objects: read.admitted(), scenario: world.clone() });
            let first =
                |condition: &Condition| check::first(condition, &run, &world).ok_or_else(|| wrong("what it waits for never comes".into()));
            let since = played.since.as_ref().map_or(Ok(SimTime::ZERO), first)?;
            Ok((first(when)?.since(since).ms() / 1000).to_string())
        }
        _ => Err(wrong("`engine` needs `at` and `column` (READY, STATUS or RESTARTS), or `when`".into())),
    }
}

fn key(manifest: &manifest::Manifest, world: &Scenario, at: SimTime, columns: &[String]) -> Vec<String> {
    let run = sim::simulate(&Input { objects: manifest.admitted(), scenario: world.clone() });
    let pod = kubectl::pods_at(&run.trace, at, "default").next().map(|(_, pod)| pod_columns(pod));
    let cell = |column: &String| match (&pod, column.as_str()) {
        (None, _) => "gone".to_owned(),
        (Some(pod), "READY") => format!("{}/{}", pod.ready, pod.total),
        (Some(pod), "RESTARTS") => pod.restarts.to_string(),
        (Some(pod), _) => pod.status.as_str().to_owned(),
    };
    columns.iter().map(cell).collect()
}
