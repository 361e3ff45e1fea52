//! The scheduler, for one node: gates, node selectors and resources; binding, or the message why not.
//!
//! Affinity, taints and preemption are left out; pods that use them are told so by the manifest's hints.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::apiserver;
use super::cluster::Cluster;
use super::ctx::Ctx;
use super::event::Event;
use super::kubelet::Message;
use crate::api::{Condition, ConditionType, EventType, Pod, PodSpec, Quantity};
use crate::text::FieldPath;
use crate::time::SimDuration;
use crate::trace::{ObjectId, Rule};

static BOUND: Rule = Rule {
    id: "scheduler/bind",
    says: "The scheduler found a node with room for the pod's requests and bound the pod to it.",
    source: "pkg/scheduler/schedule_one.go: bindingCycle",
};
static UNSCHEDULABLE: Rule = Rule {
    id: "scheduler/unschedulable",
    says: "No node has enough free resources for the pod's effective requests, so it stays Pending.",
    source: "pkg/scheduler/framework/plugins/noderesources/fit.go: fitsRequest",
};

pub(crate) fn rules() -> Vec<&'static Rule> {
    vec![&BOUND, &UNSCHEDULABLE]
}

/// From binding to the kubelet's first sight of the pod.
const TO_KUBELET: SimDuration = SimDuration::from_ms(20);

/// The scheduler looks at a pod.
pub(crate) fn on_schedule(cluster: &mut Cluster, id: ObjectId, ctx: &mut Ctx) {
    let Some(pod) = cluster.store.pod(id).map(Arc::clone) else { return };
    if !pod.spec.node_name.is_empty() || !pod.spec.scheduling_gates.is_empty() || pod.is_terminating() {
        return;
    }
    match misfit(cluster, &pod) {
        None => bind(cluster, ctx, id, &pod),
        Some(reason) => refuse(cluster, ctx, id, &pod, &reason),
    }
}

fn bind(cluster: &mut Cluster, ctx: &mut Ctx, id: ObjectId, pod: &Pod) {
    let node = cluster.scenario.node.name.clone();
    let text = format!("Successfully assigned {}/{} to {node}", pod.metadata.namespace, pod.metadata.name);
    let message = Message { kind: EventType::Normal, reason: "Scheduled", text, rule: &BOUND };
    cluster.scheduler_events.emit(ctx, id, ("default-scheduler", FieldPath::root()), message);
    let now = ctx.now;
    apiserver::update_pod(cluster, ctx, id, &BOUND, |p| {
        Arc::make_mut(&mut p.spec).node_name = node;
        set_scheduled(p, Condition { reason: String::new(), message: String::new(), ..condition(true, now) });
    });
    ctx.after(TO_KUBELET, Event::PodChanged(id));
}

fn refuse(cluster: &mut Cluster, ctx: &mut Ctx, id: ObjectId, pod: &Pod, reason: &str) {
    let text = format!(
        "0/1 nodes are available: 1 {reason}. no new claims to deallocate, preemption: 0/1 nodes are available: \
         1 Preemption is not helpful for scheduling."
    );
    let field = if pod.spec.node_selector.is_empty() { "spec.containers" } else { "spec.nodeSelector" };
    let message = Message { kind: EventType::Warning, reason: "FailedScheduling", text: text.clone(), rule: &UNSCHEDULABLE };
    cluster.scheduler_events.emit(ctx, id, ("default-scheduler", FieldPath::from(field)), message);
    let now = ctx.now;
    apiserver::update_pod(cluster, ctx, id, &UNSCHEDULABLE, |p| {
        set_scheduled(p, Condition { reason: "Unschedulable".into(), message: text, ..condition(false, now) });
    });
}

fn condition(status: bool, now: crate::time::SimTime) -> Condition {
    Condition {
        kind: ConditionType::PodScheduled,
        status,
        reason: String::new(),
        message: String::new(),
        last_transition_time: now,
        observed_generation: None,
    }
}

fn set_scheduled(pod: &mut Pod, condition: Condition) {
    pod.status.conditions.retain(|c| c.kind != ConditionType::PodScheduled);
    pod.status.conditions.push(condition);
}

/// Why the pod does not fit the node, in the words of the message. (noderesources: Insufficient reasons)
fn misfit(cluster: &Cluster, pod: &Pod) -> Option<String> {
    let node = &cluster.scenario.node;
    let labels =
        BTreeMap::from([("kubernetes.io/hostname", node.name.as_str()), ("kubernetes.io/os", "linux"), ("kubernetes.io/arch", "amd64")]);
    if pod.spec.node_selector.iter().any(|(k, v)| labels.get(k.as_str()) != Some(&v.as_str())) {
        return Some("node(s) didn't match Pod's node affinity/selector".into());
    }
    let used = |resource: &str| -> i64 {
        let bound =
            cluster.store.iter().filter_map(|(_, o)| o.pod()).filter(|p| !p.spec.node_name.is_empty() && !p.status.phase.is_terminal());
        bound.map(|p| effective_request(&p.spec, resource)).sum()
    };
    let mut reasons = Vec::new();
    for (resource, free) in [("cpu", node.cpu_milli), ("memory", node.memory_bytes)] {
        let wanted = effective_request(&pod.spec, resource);
        if wanted > 0 && wanted > free - used(resource) {
            reasons.push(format!("Insufficient {resource}"));
        }
    }
    if reasons.is_empty() { None } else { Some(reasons.join(", 1 ")) }
}

/// What a pod asks of the node, in millicores or bytes: the largest of its steps. (component-helpers: PodRequests)
pub(crate) fn effective_request(spec: &PodSpec, resource: &str) -> i64 {
    let measure = |q: &Quantity| if resource == "cpu" { q.milli() } else { q.value() };
    if let Some(whole) = spec.resources.as_ref().and_then(|r| r.requests.get(resource)) {
        return measure(whole);
    }
    let of = |c: &crate::api::Container| c.resources.requests.get(resource).map_or(0, measure);
    let (mut sidecars, mut peak) = (0, 0);
    for container in &spec.init_containers {
        if container.is_sidecar() {
            sidecars += of(container);
            peak = peak.max(sidecars);
        } else {
            peak = peak.max(of(container) + sidecars);
        }
    }
    let running: i64 = spec.containers.iter().map(of).sum::<i64>() + sidecars;
    running.max(peak) + spec.overhead.get(resource).map_or(0, measure)
}
