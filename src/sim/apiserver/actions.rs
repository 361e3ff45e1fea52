//! What users and surroundings do: the scenario's actions, and hosts that come and go.

use std::sync::Arc;

use serde_json::Value;

use super::delete;
use super::store;
use crate::api::ApiError;
use crate::api::{Condition, ConditionType, Kind, Object, ObjectKey};
use crate::scenario::{Do, Node, PatchStyle};
use crate::sim::cluster::Cluster;
use crate::sim::ctx::Ctx;
use crate::sim::event::Event;
use crate::sim::kubelet;
use crate::sim::scheduler::{self, effective_request};
use crate::time::SimTime;
use crate::trace::{Cause, Change, ObjectId, Rule, Subject};

static ACTION: Rule =
    Rule { id: "scenario/action", says: "Somebody does this at this moment, as the world asks.", source: "Scenario: actions" };
static HOST: Rule = Rule {
    id: "scenario/host",
    says: "A host outside the cluster begins or ceases to answer, as the world asks.",
    source: "Scenario: hosts",
};

pub(crate) fn rules() -> Vec<&'static Rule> {
    vec![&ACTION, &HOST]
}

/// An action of the scenario is due.
pub(crate) fn on_action(cluster: &mut Cluster, index: u16, ctx: &mut Ctx) {
    let scenario = Arc::clone(&cluster.scenario);
    let Some(action) = scenario.actions.get(usize::from(index)) else { return };
    // The record of the action comes first, so that everything it brings about has it as its cause.
    let outcome = check(cluster, &action.what, ctx);
    let (code, message) = match &outcome {
        Ok(Step::Create(_)) => (201, Arc::from("")),
        Ok(_) => (200, Arc::from("")),
        Err(e) => (e.code, e.message.as_str().into()),
    };
    ctx.because(Subject::World, Change::Action { index, code, message }, &ACTION);
    match outcome {
        Ok(Step::Create(object)) => {
            store::create(cluster, ctx, object);
        }
        Ok(Step::Write(id, object)) => put(cluster, ctx, id, object),
        Ok(Step::Delete(id, grace)) => {
            delete::request_delete(cluster, ctx, id, grace);
        }
        Ok(Step::Kill { pod, container, signal }) => kubelet::kill_process(cluster, ctx, pod, &container, &signal),
        Err(_) => {}
    }
}

/// What an action comes to once it is checked.
enum Step {
    Create(Object),
    Write(ObjectId, Object),
    Delete(ObjectId, Option<i64>),
    Kill { pod: ObjectId, container: String, signal: String },
}

fn check(cluster: &Cluster, what: &Do, ctx: &Ctx) -> Result<Step, ApiError> {
    let namespace = &cluster.scenario.namespace;
    let find = |kind: Kind, name: &str| cluster.store.find_like(kind, namespace, name).ok_or_else(|| not_found(kind, name));
    match what {
        Do::Delete { kind, name, grace_seconds } => Ok(Step::Delete(find(*kind, name)?, *grace_seconds)),
        Do::Patch { kind, name, patch, style, subresource } => {
            let id = find(*kind, name)?;
            let old = cluster.store.get(id).ok_or_else(|| not_found(*kind, name))?;
            if subresource.as_deref() == Some("status") {
                return Ok(Step::Write(id, with_conditions(old, patch, ctx.now)));
            }
            let new = (ctx.update)(old, patch, *style, subresource.as_deref())?;
            if subresource.as_deref() == Some("resize") {
                resizable(&cluster.scenario.node, &new)?;
            }
            Ok(Step::Write(id, new))
        }
        Do::Apply { object } => match cluster.store.find(&key_of(object, namespace)) {
            None => Ok(Step::Create(object.clone())),
            Some((id, old)) => Ok(Step::Write(id, (ctx.update)(old, &object.to_json(), PatchStyle::Strategic, None)?)),
        },
        Do::Kill { pod, container, signal } => {
            Ok(Step::Kill { pod: find(Kind::Pod, pod)?, container: container.clone(), signal: signal.clone() })
        }
    }
}

/// A patch of the status subresource: conditions merge by type, as those of readiness gates are set. Other fields of a
/// status are the kubelet's, which would overwrite them at once.
fn with_conditions(object: &Object, patch: &Value, now: SimTime) -> Object {
    let Some(pod) = object.pod() else { return object.clone() };
    let mut pod = (**pod).clone();
    for entry in patch.pointer("/status/conditions").and_then(Value::as_array).into_iter().flatten() {
        let text = |field: &str| entry.get(field).and_then(Value::as_str).unwrap_or_default();
        let kind = ConditionType::Custom(text("type").to_owned());
        let status = text("status") == "True";
        let old = pod.status.condition(&kind).filter(|c| c.status == status).map(|c| c.last_transition_time);
        let (reason, message) = (text("reason").to_owned().into(), text("message").to_owned().into());
        let last_transition_time = old.unwrap_or(now);
        pod.status.conditions.retain(|c| c.kind != kind);
        pod.status.conditions.push(Condition { kind, status, reason, message, last_transition_time, observed_generation: None });
    }
    Object::Pod(Arc::new(pod))
}

/// No resize beyond what the node has at all. (plugin/pkg/admission/podresize)
fn resizable(node: &Node, object: &Object) -> Result<(), ApiError> {
    let Some(pod) = object.pod() else { return Ok(()) };
    for (resource, allocatable) in [("cpu", node.cpu_milli), ("memory", node.memory_bytes)] {
        let requested = effective_request(&pod.spec, resource);
        if requested > allocatable {
            let message = format!(
                "pods \"{}\" is forbidden: node didn't have enough allocatable resources: {resource}, requested: {requested}, \
                 allocatable: {allocatable}",
                pod.metadata.name
            );
            return Err(ApiError { code: 403, reason: "Forbidden", message });
        }
    }
    Ok(())
}

fn key_of(object: &Object, namespace: &str) -> ObjectKey {
    let mut key = object.key();
    if key.namespace.is_empty() {
        key.namespace = namespace.into();
    }
    key
}

fn not_found(kind: Kind, name: &str) -> ApiError {
    let plural = format!("{}s", kind.as_str().to_ascii_lowercase());
    ApiError { code: 404, reason: "NotFound", message: format!("{plural} \"{name}\" not found") }
}

/// Stores an update, with its consequences for generation and finalizers.
fn put(cluster: &mut Cluster, ctx: &mut Ctx, id: ObjectId, object: Object) {
    let removes = delete::due_for_removal(&object);
    store::write(cluster, ctx, id, bump(cluster.store.get(id), object), &store::STORED);
    if removes {
        store::remove(cluster, ctx, id);
        return;
    }
    if let Some(pod) = cluster.store.pod(id) {
        if pod.spec.node_name.is_empty() {
            scheduler::on_pod_updated(cluster, ctx, id);
        } else {
            ctx.at(ctx.now, Event::PodChanged(id));
        }
    }
}

/// A changed specification raises the generation. (pod strategy: PrepareForUpdate)
fn bump(old: Option<&Object>, new: Object) -> Object {
    match (old, new) {
        (Some(Object::Pod(old)), Object::Pod(pod)) if old.spec != pod.spec && pod.metadata.generation == old.metadata.generation => {
            let mut pod = Arc::unwrap_or_clone(pod);
            Arc::make_mut(&mut pod.metadata).generation += 1;
            Object::Pod(Arc::new(pod))
        }
        (_, new) => new,
    }
}

/// An outside host appears or vanishes.
pub(crate) fn on_host(cluster: &mut Cluster, index: u16, up: bool, ctx: &mut Ctx) {
    let scenario = Arc::clone(&cluster.scenario);
    let Some(host) = scenario.hosts.get(usize::from(index)) else { return };
    let ip: Arc<str> = format!("198.51.100.{}", index % 250 + 1).into();
    ctx.cause = Cause::Scenario;
    ctx.record(Subject::World, Change::Host { index, up }, &HOST);
    if up {
        cluster.os.net.add_host(Arc::clone(&ip), &host.ports);
        cluster.os.net.set_name(&host.name, vec![ip]);
    } else {
        cluster.os.net.remove_host(&ip);
        cluster.os.net.remove_name(&host.name);
    }
}
