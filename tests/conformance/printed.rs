//! kubectl's STATUS, READY and RESTARTS, computed from the objects that a watcher recorded, against the rows that the
//! real server printed of them.

use std::collections::BTreeMap;
use std::sync::Arc;

use podlab::api::{
    Condition, ConditionType, ContainerState, ContainerStatus, Kind, ObjectMeta, Phase, Pod, PodSpec, PodStatus, StateRunning,
    StateTerminated, StateWaiting,
};
use podlab::kubectl::{Columns, get_pods, pod_row};
use podlab::manifest;
use podlab::time::SimTime;
use podlab::trace::{Cause, Change, NewRecord, Rule, Subject, Trace};
use serde_json::Value;

use crate::cases::{Case, cases};

static RECORDED: Rule = Rule { id: "test/recorded", says: "A watcher saw it.", source: "recording.json" };

fn text<'v>(of: &'v Value, key: &str) -> &'v str {
    of[key].as_str().unwrap_or_default()
}

/// The specification of a pod: its own, or its controller's template.
fn spec_of(case: &Case, pod: &str) -> PodSpec {
    for answer in manifest::answers(&case.manifest()) {
        let admitted = answer.unwrap();
        let name = &admitted.object.metadata().name;
        let spec = match admitted.object.kind() {
            Kind::Pod if name == pod => admitted.stored.pointer("/spec"),
            Kind::Pod => None,
            _ if pod.starts_with(&format!("{name}-")) => admitted.stored.pointer("/spec/template/spec"),
            _ => None,
        };
        if let Some(spec) = spec {
            return serde_json::from_value(spec.clone()).unwrap();
        }
    }
    panic!("{}: nothing in the manifest makes {pod}", case.name);
}

fn moment(value: &Value) -> Option<SimTime> {
    value.as_f64().map(|s| SimTime::from_ms(milliseconds(s)))
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "seconds of a recording")]
fn milliseconds(seconds: f64) -> u64 {
    (seconds.max(0.0) * 1000.0).round() as u64
}

fn ended(c: &Value) -> StateTerminated {
    StateTerminated {
        exit_code: i32::try_from(c["exitCode"].as_i64().unwrap()).unwrap(),
        reason: text(c, "reason").into(),
        message: text(c, "message").into(),
        started_at: moment(&c["startedAt"]),
        finished_at: moment(&c["finishedAt"]),
        container_id: "containerd://x".into(),
    }
}

fn container(name: &str, c: &Value) -> ContainerStatus {
    let state = match text(c, "state") {
        "running" => ContainerState::Running(StateRunning { started_at: moment(&c["startedAt"]).unwrap_or_default() }),
        "terminated" => ContainerState::Terminated(ended(c)),
        _ => ContainerState::Waiting(StateWaiting { reason: text(c, "reason").into(), message: text(c, "message").into() }),
    };
    ContainerStatus {
        name: name.into(),
        state,
        last_state: c.get("last").map(ended).map_or(ContainerState::Unset, ContainerState::Terminated),
        ready: c["ready"] == true,
        restart_count: u32::try_from(c["restarts"].as_u64().unwrap()).unwrap(),
        started: c["started"] == true,
        ..ContainerStatus::default()
    }
}

/// Statuses in the order of the specification.
fn statuses(of: &Value, order: &[podlab::api::Container]) -> Vec<ContainerStatus> {
    let place = |s: &ContainerStatus| order.iter().position(|c| c.name == s.name);
    let mut list: Vec<ContainerStatus> = of.as_object().into_iter().flatten().map(|(name, c)| container(name, c)).collect();
    list.sort_by_key(place);
    list
}

fn condition((name, c): (&String, &Value)) -> Condition {
    Condition {
        kind: serde_json::from_value::<ConditionType>(name.clone().into()).unwrap(),
        status: c["status"] == "True",
        reason: text(c, "reason").into(),
        message: text(c, "message").into(),
        last_transition_time: SimTime::ZERO,
        observed_generation: None,
    }
}

/// A pod as a watcher saw it.
fn pod(entry: &Value, spec: &Arc<PodSpec>) -> Pod {
    let mut status = PodStatus {
        phase: serde_json::from_value::<Phase>(entry["phase"].clone()).unwrap(),
        reason: text(entry, "reason").into(),
        message: text(entry, "message").into(),
        conditions: entry["conditions"].as_object().into_iter().flatten().map(condition).collect(),
        init_container_statuses: statuses(&entry["init"], &spec.init_containers),
        container_statuses: statuses(&entry["containers"], &spec.containers),
        ..PodStatus::default()
    };
    status.container_statuses.sort_by(|a, b| a.name.cmp(&b.name));
    let deleting = entry.get("deleting").map(|_| "2026-01-05T10:00:30Z".to_owned());
    let metadata = ObjectMeta {
        name: text(entry, "pod").into(),
        namespace: "default".into(),
        creation_timestamp: Some("2026-01-05T10:00:00Z".into()),
        deletion_timestamp: deleting,
        ..ObjectMeta::default()
    };
    Pod { metadata: Arc::new(metadata), spec: Arc::clone(spec), status }
}

/// READY, STATUS and RESTARTS without its age.
fn cells(row: &[String]) -> [String; 3] {
    let restarts = row[3].split(' ').next().unwrap();
    [row[1].clone(), row[2].clone(), restarts.to_owned()]
}

/// A gate is told by the condition's reason, which recordings have; what a patch changed in the specification they have not.
#[test]
fn pods_print_as_the_real_server_printed_them() {
    let mut compared = 0;
    for case in cases() {
        let recording = case.recording();
        let mut specs: BTreeMap<String, Arc<PodSpec>> = BTreeMap::new();
        let mut last: BTreeMap<String, [String; 3]> = BTreeMap::new();
        let mut printed: BTreeMap<String, Vec<[String; 3]>> = BTreeMap::new();
        for entry in recording["pods"].as_array().unwrap().iter().filter(|e| e["deleted"] != true) {
            let name = text(entry, "pod").to_owned();
            let spec = specs.entry(name.clone()).or_insert_with(|| Arc::new(spec_of(&case, &name)));
            let row = cells(&pod_row(&pod(entry, spec), SimTime::from_ms(milliseconds(entry["t"].as_f64().unwrap())), Columns::Default));
            if last.get(&name) != Some(&row) {
                printed.entry(name.clone()).or_default().push(row.clone());
                last.insert(name, row);
            }
        }
        let mut recorded: BTreeMap<String, Vec<[String; 3]>> = BTreeMap::new();
        for row in recording["rows"].as_array().unwrap().iter().filter(|r| r["deleted"] != true) {
            let cells = ["ready", "status", "restarts"].map(|k| text(row, k).to_owned());
            recorded.entry(text(row, "pod").to_owned()).or_default().push(cells);
        }
        for (name, rows) in &recorded {
            assert_eq!(printed.get(name), Some(rows), "{}: {name}", case.name);
            compared += rows.len();
        }
    }
    assert!(compared > 500, "only {compared} rows were compared");
}

#[test]
fn the_restarts_column_tells_when_the_last_run_ended() {
    let case = cases().into_iter().find(|c| c.name == "crash-after-3s").unwrap();
    let spec = Arc::new(spec_of(&case, "crash"));
    let mut trace = Trace::default();
    let mut id = None;
    for entry in case.recording()["pods"].as_array().unwrap() {
        let object = podlab::api::Object::Pod(Arc::new(pod(entry, &spec)));
        let created = id.is_none();
        let id = *id.get_or_insert_with(|| trace.add_object(object.key()));
        let change = if created { Change::Created(object) } else { Change::Updated(object) };
        let at = moment(&entry["t"]).unwrap();
        trace.push(NewRecord { at, subject: Subject::Object(id), change, cause: Cause::Manifest, rule: &RECORDED, field: None });
    }
    let cases = [
        (2000, "NAME    READY   STATUS    RESTARTS   AGE\ncrash   1/1     Running   0          2s\n"),
        (30_000, "NAME    READY   STATUS   RESTARTS      AGE\ncrash   0/1     Error    2 (24s ago)   30s\n"),
        (150_000, "NAME    READY   STATUS   RESTARTS       AGE\ncrash   0/1     Error    4 (102s ago)   2m30s\n"),
    ];
    for (at, table) in cases {
        assert_eq!(get_pods(&trace, SimTime::from_ms(at), "default", Columns::Default), table);
    }
    assert_eq!(get_pods(&trace, SimTime::ZERO, "other", Columns::Default), "No resources found in other namespace.\n");
}
