//! Myths: a claim that many believe, and the experiment of two runs that refutes it.

use serde::Deserialize;

use super::lab::world;
use crate::check::{Check, judge, sentence};
use crate::decode;
use crate::manifest;
use crate::scenario::Scenario;
use crate::sim::{self, Input};
use crate::text::{Diagnostic, Severity, Span};
use crate::yaml;

/// A myth.
#[derive(Debug, Clone, PartialEq)]
pub struct Myth {
    /// Its id, the same as its file's name.
    pub id: String,
    /// What people say.
    pub claim: String,
    /// What is true, in Markdown.
    pub truth: String,
    /// An item that practises it.
    pub item: Option<String>,
    /// The experiment.
    pub runs: Vec<Experiment>,
}

/// One run of the experiment.
#[derive(Debug, Clone, PartialEq)]
pub struct Experiment {
    /// What it is.
    pub about: String,
    /// The manifest.
    pub manifest: String,
    /// The world.
    pub world: Scenario,
    /// What one sees.
    pub shows: Vec<Check>,
}

/// Something that a run shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sight {
    /// In a sentence.
    pub sentence: String,
    /// Whether the run shows it.
    pub holds: bool,
    /// What was seen.
    pub seen: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    id: String,
    claim: String,
    truth: String,
    item: Option<String>,
    runs: Vec<RunFile>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RunFile {
    about: String,
    manifest: String,
    #[serde(default)]
    world: String,
    shows: Vec<Check>,
}

/// Reads a myth.
///
/// # Errors
/// Everything that is wrong with it, with its place.
pub fn read_myth(text: &str) -> Result<Myth, Vec<Diagnostic>> {
    let parsed = yaml::parse(text);
    if parsed.has_errors() {
        return Err(parsed.diagnostics);
    }
    let Some(document) = parsed.value.first() else {
        return Err(vec![Diagnostic::error("myth/empty", Span::default(), "the file is empty")]);
    };
    let read = decode::read::<File>(&document.root);
    let Some(file) = read.value.filter(|_| read.diagnostics.is_empty()) else { return Err(read.diagnostics) };
    let span = document.root.get("runs").map_or(document.span, |n| n.span);
    let wrong = |message: String| vec![Diagnostic::error("myth/runs", span, message)];
    if file.runs.len() != 2 {
        return Err(wrong("a myth has two runs, side by side".into()));
    }
    let mut runs = Vec::new();
    for run in file.runs {
        if let Some(check) = run.shows.iter().find(|c| c.property().is_none()) {
            return Err(wrong(format!("`{}` says nothing that can be judged", check.name)));
        }
        runs.push(Experiment { about: run.about, manifest: run.manifest, world: world(&run.world, span)?, shows: run.shows });
    }
    Ok(Myth { id: file.id, claim: file.claim, truth: file.truth, item: file.item, runs })
}

impl Experiment {
    /// Plays the run: what it shows.
    ///
    /// # Errors
    /// The manifest is refused.
    pub fn play(&self) -> Result<Vec<Sight>, String> {
        let read = manifest::read(&self.manifest);
        if let Some(found) = read.diagnostics.iter().find(|d| d.severity == Severity::Error) {
            return Err(format!("the manifest of “{}” is refused: {}", self.about, found.message));
        }
        let run = sim::simulate(&Input { objects: read.admitted(), scenario: self.world.clone() });
        let verdicts = judge(&self.shows, &run, &self.world);
        Ok(self.shows.iter().zip(verdicts).map(|(c, v)| Sight { sentence: sentence(c), holds: v.passed, seen: v.seen }).collect())
    }
}

/// What does not hold of a myth; nothing if both runs show what they say.
pub fn prove_myth(myth: &Myth) -> Vec<String> {
    let of_run = |run: &Experiment| match run.play() {
        Err(problem) => vec![problem],
        Ok(sights) => {
            let missing = sights.into_iter().filter(|s| !s.holds);
            missing.map(|s| format!("“{}” does not show “{}”: {}", run.about, s.sentence, s.seen)).collect()
        }
    };
    myth.runs.iter().flat_map(of_run).collect()
}
