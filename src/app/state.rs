//! What the lab remembers: a few sources, and what follows from them.

use std::sync::Arc;

use leptos::prelude::*;

use super::chunks::use_desk;
use crate::api::ApiError;
use crate::first;
use crate::manifest::Manifest;
use crate::scenario::Scenario;
use crate::sim::{self, Budget, Commands, Parts};
use crate::text::Span;
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
    Effective,
    Terminal,
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
    /// The place in the text that was asked for last.
    pub(super) goto: RwSignal<Option<Span>>,
    pub(super) played: Memo<Played>,
}

impl LabState {
    /// A lab that begins with a text; `world` is what surrounds it where the text says nothing. Until the desk has come only the
    /// first example can be played.
    pub(super) fn new(text: String, world: Option<Scenario>) -> Self {
        let text = RwSignal::new(text);
        let desk = use_desk();
        let played = Memo::new(move |old: Option<&Played>| match desk.get() {
            Some(desk) => text.with(|t| (desk.play)(t, world.as_ref(), old)),
            None => old.cloned().unwrap_or_else(first),
        });
        Self {
            text,
            playhead: RwSignal::new(SimTime::from_ms(5000)),
            view: RwSignal::new(None),
            selected: RwSignal::new(None),
            panel: RwSignal::new(Panel::Kubectl),
            goto: RwSignal::new(None),
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

/// The life of the first example, which needs no reading.
fn first() -> Played {
    let input = first::input();
    let cannot = |_: &_, _: &_, _, _: Option<&str>| Err(ApiError::bad_request("the first example changes nothing"));
    let parts = Parts { update: cannot, commands: Commands::few() };
    let run = Arc::new(sim::simulate_with(&input, Budget::default(), parts));
    let lanes = Arc::new(lanes(&run, &input.scenario));
    Played { manifest: Arc::default(), run, lanes, stale: false }
}
