//! What the first picture does without: reading manifests, the other panels, reasons, links. It loads after the first paint.

use std::sync::Arc;

use js_sys::Array;
use leptos::prelude::*;
use wasm_bindgen::JsValue;

use super::panels::{Said, containers, logs, pods};
use super::state::{LabState, Panel, Played};
use super::{advice, browser, documents, events, share, terminal, world};
use crate::api::Wire as _;
use crate::assist;
use crate::kubectl;
use crate::manifest;
use crate::scenario::Scenario;
use crate::sim::{self, Input};
use crate::text::Span;
use crate::time::SimTime;
use crate::trace::{RecordId, Trace};
use crate::view::effective::effective;
use crate::view::field::first_of_field;
use crate::view::place::place_of;
use crate::view::table;
use crate::view::timeline::lanes;
use crate::view::why::{Why, why};
use crate::yaml;

/// One entry of the examples' index.
#[derive(Debug, Clone, PartialEq, Eq, serde::Deserialize)]
pub(super) struct Example {
    pub(super) file: String,
    pub(super) title: String,
    pub(super) group: String,
}

/// A chain of causes, with the places in the text that its steps name.
pub(super) type Reasons = (Why, Vec<Option<Span>>);

/// The functions of the desk.
#[derive(Debug, Clone, Copy)]
pub(super) struct Desk {
    /// Plays a text in a world; a refused one keeps the run before it.
    pub(super) play: fn(&str, Option<&Scenario>, Option<&Played>) -> Played,
    /// What a panel other than the first says at a moment.
    pub(super) say: fn(&Played, SimTime, Panel) -> Vec<Said>,
    /// Why a record is there.
    pub(super) why: fn(&Played, RecordId) -> Option<Reasons>,
    /// The life as rows of a table.
    pub(super) table: fn(&Trace) -> String,
    /// The part of a link that carries a text and a moment.
    pub(super) share: fn(&str, u64) -> String,
    /// The text and moment of a link.
    pub(super) open: fn(&str) -> Result<(String, u64), String>,
    /// What fits at a place of the text, or what stands there.
    pub(super) help: fn(&str, u32, bool) -> JsValue,
    /// A command line at the playhead.
    pub(super) terminal: fn(LabState) -> AnyView,
    /// The events of a moment, each with its reasons.
    pub(super) events: fn(LabState, SimTime) -> AnyView,
    /// The world as a form.
    pub(super) world: fn(LabState) -> AnyView,
    /// What a reviewer would say.
    pub(super) advice: fn(LabState) -> AnyView,
    /// The documents as tabs, and what is done with the whole text.
    pub(super) documents: fn(LabState, RwSignal<Option<usize>>, RwSignal<String>) -> AnyView,
    /// The first record of the life that a field at a byte of the text decides.
    pub(super) first_of_field: fn(&Played, usize) -> Option<(RecordId, SimTime)>,
    /// The list of examples.
    pub(super) examples: fn(&str) -> Result<Vec<Example>, String>,
}

/// The desk.
pub(super) fn desk() -> Desk {
    Desk {
        play,
        say,
        why: reasons,
        table: table::rows,
        share: share::encode,
        open: share::decode,
        help,
        terminal: terminal::panel,
        events: events::panel,
        world: world::form,
        advice: advice::list,
        documents: documents::bar,
        first_of_field: |played, offset| {
            let id = first_of_field(&played.manifest, &played.run.trace, offset)?;
            played.run.trace.get(id).map(|record| (id, record.at))
        },
        examples,
    }
}

/// The longest text that the page reads as it is typed, in bytes: more would be felt at every key.
const MAX_TYPED: usize = 512 << 10;

fn play(text: &str, world: Option<&Scenario>, old: Option<&Played>) -> Played {
    let manifest = Arc::new(match yaml::too_long(text, MAX_TYPED) {
        Some(error) => manifest::Manifest { diagnostics: vec![error], ..manifest::Manifest::default() },
        None => manifest::read(text),
    });
    if let Some(old) = old.filter(|_| manifest.has_errors() || manifest.objects.is_empty()) {
        return Played { manifest, stale: true, ..old.clone() };
    }
    let scenario = manifest.scenario.clone().or_else(|| world.cloned()).unwrap_or_default();
    let run = Arc::new(sim::simulate(&Input { objects: manifest.admitted(), scenario: scenario.clone() }));
    let lanes = Arc::new(lanes(&run, &scenario));
    Played { stale: manifest.has_errors(), manifest, run, lanes }
}

fn say(played: &Played, at: SimTime, panel: Panel) -> Vec<Said> {
    let trace = &played.run.trace;
    match panel {
        Panel::Kubectl | Panel::Events | Panel::Terminal => Vec::new(),
        Panel::Effective => {
            let one = |(name, text): (String, String)| (format!("kubectl create -f manifest.yaml -o yaml  # {name}"), text);
            effective(&played.manifest).into_iter().map(one).collect()
        }
        Panel::Describe => {
            let one = |name: String| {
                let text = kubectl::describe_pod(trace, at, super::panels::NAMESPACE, &name);
                (format!("kubectl describe pod {name}"), text)
            };
            pods(trace, at).into_iter().map(|(_, name)| one(name)).collect()
        }
        Panel::Logs => {
            let one = |(pod, c): (String, String)| (format!("kubectl logs {pod} -c {c}"), logs(trace, at, &pod, &c));
            containers(trace, at).into_iter().map(one).collect()
        }
        Panel::Status => {
            let status = |id| trace.pod_at(id, at).map(|p| format!("{:#}", p.status.write())).unwrap_or_default();
            let one = |(id, name)| (format!("kubectl get pod {name} -o jsonpath={{.status}} | jq"), status(id));
            pods(trace, at).into_iter().map(one).collect()
        }
    }
}

fn reasons(played: &Played, id: RecordId) -> Option<Reasons> {
    let trace = &played.run.trace;
    let told = why(trace, id);
    let places = told.steps.iter().map(|step| place_of(&played.manifest, trace, trace.get(step.record)?)).collect();
    (!told.steps.is_empty()).then_some((told, places))
}

/// For the editor: `[from, [[label, detail, info, insert, "snippet" or ""], ...]]`, or `[path, detail, info]` of the field that is there.
fn help(text: &str, at: u32, hover: bool) -> JsValue {
    let units = usize::try_from(at).unwrap_or(usize::MAX);
    let offset = byte_of(text, units);
    let list = |parts: &[&str]| parts.iter().map(|part| JsValue::from_str(part)).collect::<Array>();
    if hover {
        let told = |h: assist::Hover| {
            let values = if h.values.is_empty() { h.detail.to_owned() } else { h.values.join(", ") };
            JsValue::from(list(&[&h.path, &values, h.info]))
        };
        return assist::hover(text, offset).map_or(JsValue::NULL, told);
    }
    let Some((from, all)) = assist::complete(text, offset) else { return JsValue::NULL };
    let back = text.get(from..offset).map_or(0, |typed| typed.encode_utf16().count());
    let from = u32::try_from(units.saturating_sub(back)).unwrap_or(at);
    let kind = |c: &assist::Completion| if c.is_snippet { "snippet" } else { "" };
    let options: Array = all.iter().map(|c| list(&[&c.label, c.detail, c.info, &c.insert, kind(c)])).collect();
    Array::of2(&from.into(), &options).into()
}

/// The byte at which a place in UTF-16 units is.
fn byte_of(text: &str, units: usize) -> usize {
    let mut passed = 0;
    for (byte, c) in text.char_indices() {
        if passed >= units {
            return byte;
        }
        passed += c.len_utf16();
    }
    text.len()
}

fn examples(text: &str) -> Result<Vec<Example>, String> {
    browser::parse("content/examples/index.json", text)
}
