//! The trace that a recording stands for: the objects and events that a watcher saw, as if a simulation had written them.

use std::collections::BTreeMap;
use std::sync::Arc;

use podlab::api::{
    Condition, ConditionType, ContainerState, ContainerStatus, Event, EventType, Kind, Object, ObjectKey, ObjectMeta, Phase, Pod, PodSpec,
    PodStatus, QosClass, StateRunning, StateTerminated, StateWaiting, from_value,
};
use podlab::manifest;
use podlab::text::Shared;
use podlab::time::{SimTime, rfc3339};
use podlab::trace::{Cause, Change, NewRecord, ObjectId, Rule, Subject, Trace};
use serde_json::Value;

use crate::cases::Case;

static RECORDED: Rule = Rule { id: "test/recorded", says: "A watcher saw it.", source: "recording.json" };

fn shared(text: &str) -> Shared {
    text.to_owned().into()
}

pub(crate) fn text<'v>(of: &'v Value, key: &str) -> &'v str {
    of[key].as_str().unwrap_or_default()
}

/// The namespace of everything.
pub(crate) const NAMESPACE: &str = "demo";

/// The specification of a pod: its own, or its controller's template.
pub(crate) fn spec_of(case: &Case, pod: &str) -> PodSpec {
    for answer in manifest::answers(&case.manifest()) {
        let admitted = answer.unwrap();
        let name = &admitted.object.metadata().name;
        let is_pod = admitted.object.kind() == Kind::Pod;
        let is_it = if is_pod { name == pod } else { pod.starts_with(&format!("{name}-")) };
        let spec = admitted.stored.pointer(if is_pod { "/spec" } else { "/spec/template/spec" }).filter(|_| is_it);
        if let Some(spec) = spec {
            return from_value(spec).unwrap();
        }
    }
    panic!("{}: nothing in the manifest makes {pod}", case.name);
}

pub(crate) fn moment(value: &Value) -> Option<SimTime> {
    value.as_f64().map(|s| SimTime::from_ms(milliseconds(s)))
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "seconds of a recording")]
fn milliseconds(seconds: f64) -> u64 {
    (seconds.max(0.0) * 1000.0).round() as u64
}

fn ended(c: &Value) -> StateTerminated {
    StateTerminated {
        exit_code: i32::try_from(c["exitCode"].as_i64().unwrap()).unwrap(),
        reason: shared(text(c, "reason")),
        message: shared(text(c, "message")),
        started_at: moment(&c["startedAt"]),
        finished_at: moment(&c["finishedAt"]),
        container_id: "containerd://x".into(),
    }
}

fn container(name: &str, c: &Value) -> ContainerStatus {
    let state = match text(c, "state") {
        "running" => ContainerState::Running(StateRunning { started_at: moment(&c["startedAt"]).unwrap_or_default() }),
        "terminated" => ContainerState::Terminated(ended(c).into()),
        _ => ContainerState::Waiting(StateWaiting { reason: shared(text(c, "reason")), message: shared(text(c, "message")) }),
    };
    let ran = c.get("last").is_some() || !matches!(state, ContainerState::Waiting(_));
    ContainerStatus {
        name: shared(name),
        state,
        container_id: if ran { "containerd://0a".into() } else { Shared::default() },
        image_id: if ran { "sha256:0a".into() } else { Shared::default() },
        last_state: c.get("last").map(ended).map_or(ContainerState::Unset, |end| ContainerState::Terminated(end.into())),
        ready: c["ready"] == true,
        restart_count: u32::try_from(c["restarts"].as_u64().unwrap()).unwrap(),
        started: c["started"] == true,
        ..ContainerStatus::default()
    }
}

/// Statuses in the order of the specification.
fn statuses(of: &Value, order: &[podlab::api::Container]) -> Vec<ContainerStatus> {
    let place = |s: &ContainerStatus| order.iter().position(|c| s.name == c.name);
    let mut list: Vec<ContainerStatus> = of.as_object().into_iter().flatten().map(|(name, c)| container(name, c)).collect();
    list.sort_by_key(place);
    list
}

fn condition((name, c): (&String, &Value)) -> Condition {
    Condition {
        kind: from_value::<ConditionType>(&name.clone().into()).unwrap(),
        status: c["status"] == "True",
        reason: shared(text(c, "reason")),
        message: shared(text(c, "message")),
        last_transition_time: SimTime::ZERO,
        observed_generation: None,
    }
}

/// Conditions in the order of the API.
fn conditions(of: &Value) -> Vec<Condition> {
    const ORDER: [ConditionType; 5] = [
        ConditionType::PodReadyToStartContainers,
        ConditionType::Initialized,
        ConditionType::Ready,
        ConditionType::ContainersReady,
        ConditionType::PodScheduled,
    ];
    let mut list: Vec<Condition> = of.as_object().into_iter().flatten().map(condition).collect();
    list.sort_by_key(|c| ORDER.iter().position(|kind| *kind == c.kind));
    list
}

/// A pod as a watcher saw it. Its metadata but for deletion is the manifest's.
pub(crate) fn pod(entry: &Value, spec: &Arc<PodSpec>, metadata: &ObjectMeta) -> Pod {
    let node = entry["node"] == true;
    let conditions = conditions(&entry["conditions"]);
    let has_sandbox = conditions.iter().any(|c| c.kind == ConditionType::PodReadyToStartContainers && c.status);
    let status = PodStatus {
        phase: from_value::<Phase>(&entry["phase"]).unwrap(),
        reason: shared(text(entry, "reason")),
        message: shared(text(entry, "message")),
        conditions,
        host_ip: if node { "192.0.2.10".into() } else { Shared::default() },
        pod_ip: if has_sandbox { "198.18.1.7".into() } else { Shared::default() },
        start_time: entry.get("containers").map(|_| SimTime::ZERO),
        init_container_statuses: statuses(&entry["init"], &spec.init_containers),
        container_statuses: by_name(statuses(&entry["containers"], &spec.containers)),
        qos_class: from_value::<QosClass>(&entry["qosClass"]).unwrap(),
        ..PodStatus::default()
    };
    let metadata = ObjectMeta {
        name: text(entry, "pod").into(),
        namespace: NAMESPACE.into(),
        creation_timestamp: Some(rfc3339(SimTime::ZERO)),
        deletion_timestamp: entry.get("deleting").and_then(|d| moment(&d["at"])).map(rfc3339),
        deletion_grace_period_seconds: entry.get("deleting").and_then(|d| d["grace"].as_i64()),
        ..metadata.clone()
    };
    let mut spec = Arc::clone(spec);
    if node {
        Arc::make_mut(&mut spec).node_name = "node1".into();
    }
    Pod { metadata: Arc::new(metadata), spec, status }
}

fn by_name(mut list: Vec<ContainerStatus>) -> Vec<ContainerStatus> {
    list.sort_by(|a, b| a.name.cmp(&b.name));
    list
}

/// What happened, as records: when, about whom, what.
type Writes = Vec<(SimTime, ObjectKey, Change)>;

/// The trace of a case whose pods are the manifest's own.
pub(crate) fn trace(case: &Case) -> Trace {
    let recording = case.recording();
    let mut writes = Writes::new();
    for answer in manifest::answers(&case.manifest()) {
        let object = at_home(answer.unwrap().object);
        match &object {
            Object::Pod(of) => writes.extend(pod_writes(&recording, of)),
            Object::Service(_) | Object::ConfigMap(_) | Object::Secret(_) | Object::Other(_) => {
                writes.push((SimTime::ZERO, object.key(), Change::Created(object)));
            }
        }
    }
    writes.extend(events(&recording));
    writes.sort_by_key(|(at, ..)| *at);
    let mut trace = Trace::default();
    let mut ids: BTreeMap<ObjectKey, ObjectId> = BTreeMap::new();
    for (at, key, change) in writes {
        let id = *ids.entry(key.clone()).or_insert_with(|| trace.add_object(key));
        trace.push(NewRecord { at, subject: Subject::Object(id), change, cause: Cause::Manifest, rule: &RECORDED, field: None });
    }
    trace
}

/// An object in the namespace of the recordings.
fn at_home(object: Object) -> Object {
    let home = |meta: &mut Arc<ObjectMeta>| {
        let meta = Arc::make_mut(meta);
        meta.namespace = NAMESPACE.into();
        meta.creation_timestamp = Some(rfc3339(SimTime::ZERO));
    };
    match object {
        Object::Pod(mut o) => {
            home(&mut Arc::make_mut(&mut o).metadata);
            Object::Pod(o)
        }
        Object::Service(mut o) => {
            home(&mut Arc::make_mut(&mut o).metadata);
            Object::Service(o)
        }
        other @ (Object::ConfigMap(_) | Object::Secret(_) | Object::Other(_)) => other,
    }
}

fn pod_writes(recording: &Value, of: &Pod) -> Writes {
    let mut writes = Writes::new();
    let mut ip = Shared::default();
    for entry in recording["pods"].as_array().unwrap().iter().filter(|e| text(e, "pod") == of.metadata.name) {
        let at = moment(&entry["t"]).unwrap();
        let key = ObjectKey { kind: Kind::Pod, namespace: NAMESPACE.into(), name: of.metadata.name.clone() };
        if entry["deleted"] == true {
            writes.push((at, key, Change::Deleted));
            continue;
        }
        let mut pod = pod(entry, &of.spec, &of.metadata);
        // An address is kept when the sandbox is gone.
        if pod.status.pod_ip.is_empty() {
            pod.status.pod_ip.clone_from(&ip);
        }
        ip.clone_from(&pod.status.pod_ip);
        let object = Object::Pod(Arc::new(pod));
        writes.push((at, key, if writes.is_empty() { Change::Created(object) } else { Change::Updated(object) }));
    }
    writes
}

fn events(recording: &Value) -> Writes {
    let mut first: BTreeMap<String, SimTime> = BTreeMap::new();
    let mut writes = Writes::new();
    for e in recording["events"].as_array().unwrap() {
        let at = moment(&e["t"]).unwrap();
        let identity = ["object", "fieldPath", "type", "reason", "from", "message"].map(|k| text(e, k)).join(" ");
        let count = u32::try_from(e["count"].as_u64().unwrap_or(1)).unwrap();
        let first_seen = if count > 1 { first.get(&identity).copied().unwrap_or(at) } else { at };
        first.insert(identity, first_seen);
        let (kind, name) = text(e, "object").split_once('/').unwrap();
        let Some(kind) = Kind::ALL.into_iter().find(|k| k.as_str() == kind) else { continue };
        let object = ObjectKey { kind, namespace: NAMESPACE.into(), name: name.into() };
        let event = Event {
            object: object.clone().into(),
            field_path: text(e, "fieldPath").into(),
            kind: if text(e, "type") == "Normal" { EventType::Normal } else { EventType::Warning },
            reason: text(e, "reason").to_owned().leak(),
            message: text(e, "message").replace("<ns>", NAMESPACE).into(),
            component: text(e, "from").to_owned().leak(),
            count,
            first_seen,
            last_seen: at,
        };
        writes.push((at, object, Change::Event(Arc::new(event))));
    }
    writes
}
