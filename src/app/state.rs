//! What the lab remembers: a few sources, and what follows from them.

use std::sync::Arc;

use leptos::prelude::*;

use crate::manifest::{self, Manifest};
use crate::scenario::Scenario;
use crate::sim::{self, Input};
use crate::time::SimTime;
use crate::trace::{RecordId, Run};
use crate::view::timeline::{Lane, TimeView, lanes};

/// A run with its lanes. Compared by identity, so that a memo's test costs nothing.
#[derive(Debug, Clone)]
pub(super) struct Played {
    pub(super) manifest: Arc<Manifest>,
    pub(super) run: Arc<Run>,
    pub(super) lanes: Arc<Vec<Lane>>,
    /// Whether the text has been broken since.
    pub(super) stale: bool,
}

impl PartialEq for Played {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.run, &other.run) && Arc::ptr_eq(&self.manifest, &other.manifest) && self.stale == other.stale
    }
}

/// Which panel is open.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Panel {
    Kubectl,
    Events,
    Describe,
    Logs,
    Status,
}

/// The sources of one lab.
#[derive(Debug, Clone, Copy)]
pub(super) struct LabState {
    pub(super) text: RwSignal<String>,
    pub(super) playhead: RwSignal<SimTime>,
    /// The visible range; nothing is "everything".
    pub(super) view: RwSignal<Option<TimeView>>,
    pub(super) selected: RwSignal<Option<RecordId>>,
    pub(super) panel: RwSignal<Panel>,
    pub(super) played: Memo<Played>,
}

impl LabState {
    /// A lab that begins with a text; `world` is what surrounds it where the text says nothing.
    pub(super) fn new(text: String, world: Option<Scenario>) -> Self {
        let text = RwSignal::new(text);
        let played = Memo::new(move |old: Option<&Played>| text.with(|t| play(t, world.as_ref(), old)));
        Self {
            text,
            playhead: RwSignal::new(SimTime::from_ms(5000)),
            view: RwSignal::new(None),
            selected: RwSignal::new(None),
            panel: RwSignal::new(Panel::Kubectl),
            played,
        }
    }

    /// The end of the run.
    pub(super) fn end(&self) -> SimTime {
        self.played.with(|p| p.run.end)
    }

    /// The visible range.
    pub(super) fn visible(&self) -> TimeView {
        let end = self.end();
        self.view.get().filter(|v| v.to <= end).unwrap_or_else(|| TimeView::fit(end))
    }

    /// Puts the playhead somewhere within the run.
    pub(super) fn seek(&self, to: SimTime) {
        let end = self.end();
        self.playhead.set(to.min(end));
    }
}

/// Plays a text; a refused one keeps the run before it.
fn play(text: &str, world: Option<&Scenario>, old: Option<&Played>) -> Played {
    let manifest = Arc::new(manifest::read(text));
    if let Some(old) = old.filter(|_| manifest.has_errors() || manifest.objects.is_empty()) {
        return Played { manifest, stale: true, ..old.clone() };
    }
    let scenario = manifest.scenario.clone().or_else(|| world.cloned()).unwrap_or_default();
    let run = Arc::new(sim::simulate(&Input { objects: manifest.admitted(), scenario: scenario.clone() }));
    let lanes = Arc::new(lanes(&run, &scenario));
    Played { stale: manifest.has_errors(), manifest, run, lanes }
}
