//! What the engine does with a manifest, as texts: the events, the condition changes and the logs of what was played.

mod gates;
mod resize;
mod spread;

use crate::manifest;
use crate::scenario::{Action, Do, PatchStyle, Scenario};
use crate::sim::{self, Input};
use crate::time::{SimDuration, SimTime};
use crate::trace::{Change, ObjectId, Run};

/// Plays a manifest for some seconds, with actions at seconds.
fn play(text: &str, seconds: u64, actions: Vec<(u64, Do)>) -> Run {
    play_in(text, Scenario { duration: SimDuration::from_secs(seconds), ..Scenario::default() }, actions)
}

/// The same in other surroundings.
fn play_in(text: &str, scenario: Scenario, actions: Vec<(u64, Do)>) -> Run {
    let manifest = manifest::read(text);
    assert!(!manifest.has_errors(), "{:#?}", manifest.diagnostics);
    let actions = actions.into_iter().map(|(at, what)| Action { at: SimTime::from_ms(at * 1000), what }).collect();
    sim::simulate(&Input { objects: manifest.admitted(), scenario: Scenario { actions, ..scenario } })
}

fn id_of(run: &Run, name: &str) -> ObjectId {
    run.trace.objects().find(|(_, key)| key.name == name).unwrap_or_else(|| panic!("no {name}")).0
}

/// `SECOND REASON MESSAGE` of every writing of an event about an object.
fn events(run: &Run, name: &str) -> Vec<String> {
    let about = run.trace.events().filter(|(_, e)| e.object.name == name);
    about.map(|(r, e)| format!("{} {} {}", (r.at - SimTime::ZERO).whole_secs(), e.reason, e.message)).collect()
}

/// Those of some reasons.
fn events_with(run: &Run, name: &str, reasons: &[&str]) -> Vec<String> {
    events(run, name).into_iter().filter(|e| reasons.iter().any(|r| e.split(' ').nth(1) == Some(r))).collect()
}

/// The pod at a second.
fn pod_at(run: &Run, name: &str, second: u64) -> crate::api::Pod {
    let pod = run.trace.pod_at(id_of(run, name), SimTime::from_ms(second * 1000));
    (**pod.unwrap_or_else(|| panic!("no {name} at {second} s"))).clone()
}

/// A strategic merge patch of a pod, of itself or a subresource.
fn patch(name: &str, subresource: Option<&str>, body: serde_json::Value) -> Do {
    let kind = crate::api::Kind::Pod;
    Do::Patch { kind, name: name.into(), patch: body, style: PatchStyle::Strategic, subresource: subresource.map(str::to_owned) }
}

/// What the API answered to the actions.
fn answers(run: &Run) -> Vec<String> {
    let answer = |r: &crate::trace::Record| {
        if let Change::Action { code, message, .. } = &r.change { Some(format!("{code} {message}")) } else { None }
    };
    run.trace.records().iter().filter_map(answer).collect()
}
