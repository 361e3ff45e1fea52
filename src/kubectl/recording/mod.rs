//! A run in the form in which real clusters were recorded: what a watcher of the API saw.
//!
//! Consecutive equal states are one entry, as the recorder writes them. The namespace is masked as `<ns>`.

mod case;
mod states;
mod wire;

use crate::order::SortedMap;

pub use case::Case;
pub use wire::Recording;
use wire::{Action, Endpoint, Endpoints, Event, Log, Response, Row, Seconds};

use super::store::{PodWrite, pod_writes, pods_at};
use super::{LogAnswer, container_log};
use crate::api::{ApiError, Kind, Pod};
use crate::printers::pod_columns;
use crate::scenario::{Do, Scenario};
use crate::time::SimTime;
use crate::trace::{Change, ObjectId, Run, Trace};

/// The recording of a case that was played with a scenario, after the API had refused some of its objects.
pub fn recording(case: &str, run: &Run, scenario: &Scenario, refused: &[ApiError]) -> Recording {
    let (trace, end) = (&run.trace, run.end);
    let writes = pod_writes(trace, end);
    let mask = Mask::of(trace);
    Recording {
        case: case.into(),
        kubernetes: "v1.36.2",
        rows: rows(&writes),
        pods: pods(&writes, &mask),
        events: events(trace, &mask),
        endpoints: endpoints(trace),
        workloads: Vec::new(),
        actions: actions(trace, scenario),
        responses: responses(trace, refused),
        logs: logs(trace, end),
    }
}

/// What stands for the namespace in texts.
pub(super) struct Mask(Vec<String>);

impl Mask {
    fn of(trace: &Trace) -> Self {
        let mut names: Vec<String> = trace.objects().map(|(_, key)| key.namespace.clone()).filter(|n| !n.is_empty()).collect();
        names.sort();
        names.dedup();
        Self(names)
    }

    /// A text without namespaces: `demo/web` is `<ns>/web`, `web_demo(...)` is `web_<ns>(...)`.
    pub(super) fn text(&self, text: &str) -> String {
        self.0.iter().fold(text.to_owned(), |text, ns| text.replace(&format!(" {ns}/"), " <ns>/").replace(&format!("_{ns}("), "_<ns>("))
    }
}

fn rows(writes: &[PodWrite<'_>]) -> Vec<Row> {
    let mut last: SortedMap<ObjectId, (String, String, u32)> = SortedMap::new();
    let mut rows = Vec::new();
    for write in writes {
        let pod = write.pod.metadata.name.clone();
        let t = Seconds::from(write.at);
        if write.deleted {
            rows.push(Row { t, pod, deleted: Some(true), ..Row::default() });
            continue;
        }
        let printed = pod_columns(write.pod);
        let now = (printed.ready_text(), printed.status.to_string(), printed.restarts);
        if last.get(&write.id) != Some(&now) {
            let (ready, status, restarts) = now.clone();
            rows.push(Row { t, pod, ready: Some(ready), status: Some(status), restarts: Some(restarts.to_string()), deleted: None });
            last.insert(write.id, now);
        }
    }
    rows
}

fn pods(writes: &[PodWrite<'_>], mask: &Mask) -> Vec<wire::Pod> {
    let mut last: SortedMap<ObjectId, wire::Pod> = SortedMap::new();
    let mut pods = Vec::new();
    for write in writes {
        let t = Seconds::from(write.at);
        if write.deleted {
            pods.push(wire::Pod { t, ..states::gone(write.pod) });
            continue;
        }
        let now = states::pod(write.pod, mask);
        if last.get(&write.id) != Some(&now) {
            pods.push(wire::Pod { t, ..now.clone() });
            last.insert(write.id, now);
        }
    }
    pods
}

fn events(trace: &Trace, mask: &Mask) -> Vec<Event> {
    trace
        .events()
        .map(|(record, e)| Event {
            t: record.at.into(),
            kind: e.kind.as_str(),
            reason: e.reason,
            from: e.component,
            object: format!("{}/{}", e.object.kind.as_str(), e.object.name),
            message: mask.text(&e.message),
            field_path: e.field_path.to_string(),
            count: (e.count > 1).then_some(e.count),
        })
        .collect()
}

fn endpoints(trace: &Trace) -> Vec<Endpoints> {
    let endpoint =
        |e: &crate::api::Endpoint| Endpoint { pod: e.pod.clone(), ready: e.ready, serving: e.serving, terminating: e.terminating };
    trace
        .endpoints()
        .map(|(record, slice)| Endpoints {
            t: record.at.into(),
            service: slice.service.clone(),
            endpoints: slice.endpoints.iter().map(endpoint).collect(),
        })
        .collect()
}

fn actions(trace: &Trace, scenario: &Scenario) -> Vec<Action> {
    let mut actions = Vec::new();
    for record in trace.records() {
        let Change::Action { index, code, message } = &record.change else { continue };
        let Some(action) = scenario.actions.get(usize::from(*index)) else { continue };
        let (verb, name) = match &action.what {
            Do::Delete { name, .. } => ("delete", name.clone()),
            Do::Patch { name, .. } => ("patch", name.clone()),
            Do::Apply { object } => ("apply", object.metadata().name.clone()),
            Do::Kill { pod, .. } => ("kill", pod.clone()),
        };
        let message = (!message.is_empty()).then(|| message.to_string());
        actions.push(Action { t: record.at.into(), verb, name, code: *code, message });
    }
    actions
}

fn responses(trace: &Trace, refused: &[ApiError]) -> Vec<Response> {
    let at_once = refused.iter().map(|e| Response { t: Seconds::default(), code: Some(e.code), message: e.message.clone() });
    let later = trace.records().iter().filter_map(|r| {
        let Change::Refused { message } = &r.change else { return None };
        Some(Response { t: r.at.into(), code: None, message: message.to_string() })
    });
    at_once.chain(later).collect()
}

/// The logs at the end; a container that wrote nothing has no entry.
fn logs(trace: &Trace, end: SimTime) -> SortedMap<String, Log> {
    let mut namespaces: Vec<&str> = trace.objects().filter(|(_, k)| k.kind == Kind::Pod).map(|(_, k)| k.namespace.as_str()).collect();
    namespaces.sort_unstable();
    namespaces.dedup();
    let mut logs = SortedMap::new();
    for (id, pod) in namespaces.iter().flat_map(|ns| pods_at(trace, end, ns)) {
        for container in containers(pod) {
            let key = format!("{}/{container}", pod.metadata.name);
            let answer = container_log(trace, end, (id, pod), container, false);
            if let Some(log) = log(answer) {
                logs.insert(key.clone(), log);
            }
            if let LogAnswer::Text(text) = container_log(trace, end, (id, pod), container, true)
                && !text.is_empty()
            {
                logs.insert(format!("{key}/previous"), Log::Text(text));
            }
        }
    }
    logs
}

fn containers(pod: &Pod) -> impl Iterator<Item = &str> {
    let spec = &pod.spec;
    spec.init_containers.iter().chain(&spec.containers).chain(&spec.ephemeral_containers).map(|c| c.name.as_str())
}

fn log(answer: LogAnswer) -> Option<Log> {
    match answer {
        LogAnswer::Text(text) if text.is_empty() => None,
        LogAnswer::Text(text) => Some(Log::Text(text)),
        LogAnswer::NoNode => Some(Log::Refused { code: 204, message: String::new() }),
        LogAnswer::Refused(message) => Some(Log::Refused { code: 400, message }),
    }
}
