//! In-place resize: what the node has promised to a pod's containers, and bringing what runs in line with it.
//! (pkg/kubelet/allocation/allocation_manager.go; pkg/kubelet/events/resize.go)
//!
//! Left out: pod-level resources, static CPU and memory managers, and runtimes that refuse a change.

use std::sync::Arc;

use serde_json::{Map, Value, json};

use super::events::Message;
use super::plan::{PodPlan, Role};
use super::pod_workers;
use super::worker::{PodWorker, RunView};
use crate::api::{Resources, Wire};
use crate::sim::cluster::Cluster;
use crate::sim::ctx::Ctx;
use crate::sim::scheduler::{Rejected, effective_request, shortage};
use crate::text::FieldPath;
use crate::time::SimDuration;
use crate::trace::{ObjectId, Rule};

pub(crate) static RESIZE: Rule = Rule {
    id: "kubelet/resize",
    says: "A resize is first promised (if the node has room), then carried out: in place, or by a restart where resizePolicy asks for one.",
    source: "pkg/kubelet/allocation/allocation_manager.go: handlePodResourcesResize",
};

pub(crate) fn rules() -> Vec<&'static Rule> {
    vec![&RESIZE]
}

/// Changing the limits of a running container takes this long.
pub(crate) const TAKES: SimDuration = SimDuration::from_ms(15);

/// What a pod's containers may use, and where a change of it stands.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct Allocation {
    /// By slot.
    pub(crate) promised: Vec<Arc<Resources>>,
    /// A change that the node has no room for now, with its message.
    pub(crate) deferred: Option<String>,
    /// A change that was promised and is not done yet.
    pub(crate) in_progress: bool,
}

impl Allocation {
    /// What a new pod asks for.
    pub(crate) fn of(plan: &PodPlan) -> Self {
        Self { promised: plan.containers.iter().map(|c| Arc::new(c.spec.resources.clone())).collect(), ..Self::default() }
    }
}

/// The pod's specification may ask for other resources than it was promised.
pub(crate) fn consider(cluster: &mut Cluster, id: ObjectId, ctx: &mut Ctx) {
    let Some(worker) = cluster.kubelet.workers.get(&id) else { return };
    let wanted = Allocation::of(&worker.plan).promised;
    if wanted == worker.allocation.promised {
        return;
    }
    let lack = lack(cluster, worker);
    let summary = summary(&worker.plan, lack.as_ref().map(|(_, error)| error.as_str()));
    let known = worker.allocation.deferred.is_some();
    let message = match &lack {
        Some((reason, _)) => Message::warning("ResizeDeferred", format!("Pod resize {reason}: {summary}"), &RESIZE),
        None => Message::normal("ResizeStarted", format!("Pod resize started: {summary}"), &RESIZE),
    };
    let Some(worker) = cluster.worker(id) else { return };
    worker.allocation.deferred = lack.map(|(_, error)| error);
    if worker.allocation.deferred.is_none() {
        worker.allocation.promised = wanted;
        worker.allocation.in_progress = true;
    } else if known {
        return;
    }
    tell(cluster, id, message, ctx);
    pod_workers::wake(cluster, id, ctx);
}

fn tell(cluster: &mut Cluster, id: ObjectId, message: Message, ctx: &mut Ctx) {
    let record = cluster.kubelet.events.emit(ctx, id, ("kubelet", FieldPath::root()), message);
    if let Some(record) = record {
        ctx.cause = crate::trace::Cause::Record(record);
    }
}

/// The first resource that the node cannot give: the reason and message of its admission. (lifecycle/predicate.go)
fn lack(cluster: &Cluster, worker: &PodWorker) -> Option<Rejected> {
    let node = &cluster.scenario.node;
    [("cpu", node.cpu_milli), ("memory", node.memory_bytes)].into_iter().find_map(|(resource, capacity)| {
        let others = cluster.kubelet.workers.values().filter(|w| w.id != worker.id && !w.status.phase.is_terminal() && !w.removed);
        let used: i64 = others.map(|w| effective_request(&w.plan.pod.spec, resource)).sum();
        shortage(resource, (effective_request(&worker.plan.pod.spec, resource), used, capacity))
    })
}

/// The resources of the pod as the events tell them.
fn summary(plan: &PodPlan, error: Option<&str>) -> Value {
    let list = |role: Role| -> Vec<Value> {
        plan.slots(|r| r == role).map(|(_, c)| json!({"name": c.name.as_str(), "resources": c.spec.resources.write()})).collect()
    };
    let mut all = Map::new();
    for (key, list) in [("initContainers", list(Role::Sidecar)), ("containers", list(Role::App))] {
        if !list.is_empty() {
            all.insert(key.into(), list.into());
        }
    }
    all.insert("generation".into(), plan.pod.metadata.generation.into());
    if let Some(error) = error {
        all.insert("error".into(), error.into());
    }
    Value::Object(all)
}

/// Once everything that runs has what it was promised, the resize is over. (kubelet.go: isPodResizeInProgress)
pub(crate) fn complete(cluster: &mut Cluster, id: ObjectId, ctx: &mut Ctx) {
    let Some(worker) = cluster.worker(id) else { return };
    let open = (0..worker.slots.len()).any(|slot| change(worker, slot).is_some());
    if worker.allocation.in_progress && !open {
        worker.allocation.in_progress = false;
        let text = format!("Pod resize completed: {}", summary(&worker.plan, None));
        let cause = ctx.cause;
        tell(cluster, id, Message::normal("ResizeCompleted", text, &RESIZE), ctx);
        ctx.cause = cause;
    }
}

/// How a running container's resources have to change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Resize {
    /// While it runs.
    InPlace,
    /// By a restart. (`resizePolicy`)
    Restart,
}

/// Whether the run in a slot has to be resized. (kuberuntime_manager.go: computePodResizeAction)
pub(crate) fn change(worker: &PodWorker, slot: usize) -> Option<Resize> {
    let (promised, container) = (worker.allocation.promised.get(slot)?, worker.plan.get(slot)?);
    let run = worker.newest(slot).filter(|_| worker.seen(slot).is_some_and(RunView::is_running))?;
    if run.resources == *promised {
        return None;
    }
    let differs = |resource: &str| {
        run.resources.limits.get(resource) != promised.limits.get(resource)
            || run.resources.requests.get(resource) != promised.requests.get(resource)
    };
    let policies = container.spec.resize_policy.as_ref().and_then(Value::as_array);
    let restarts = |policy: &Value| {
        policy.get("restartPolicy").and_then(Value::as_str) == Some("RestartContainer")
            && policy.get("resourceName").and_then(Value::as_str).is_some_and(differs)
    };
    let restart = policies.is_some_and(|list| list.iter().any(restarts));
    Some(if restart { Resize::Restart } else { Resize::InPlace })
}

/// The runtime has changed a running container's limits; the kubelet looks again at once.
pub(crate) fn applied(cluster: &mut Cluster, pod: ObjectId, slot: usize, ctx: &mut Ctx) {
    let Some(worker) = cluster.worker(pod) else { return };
    let Some(promised) = worker.allocation.promised.get(slot).cloned() else { return };
    let limit = promised.limits.get("memory").and_then(|q| u64::try_from(q.value()).ok());
    if let Some(run) = worker.newest_mut(slot) {
        run.resources = promised;
        if let Some(processes) = run.processes.as_mut() {
            processes.set_memory_limit(limit);
        }
    }
    pod_workers::wake(cluster, pod, ctx);
}

/// Resizes that wait for room are looked at again.
pub(crate) fn retry_deferred(cluster: &mut Cluster, ctx: &mut Ctx) {
    let waiting: Vec<ObjectId> = cluster.kubelet.workers.values().filter(|w| w.allocation.deferred.is_some()).map(|w| w.id).collect();
    for id in waiting {
        consider(cluster, id, ctx);
    }
}
