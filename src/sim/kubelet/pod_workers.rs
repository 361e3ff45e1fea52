//! What wakes a worker, when it may begin a sync, and when it looks again. (pkg/kubelet/pod_workers.go)

use std::sync::Arc;

use super::admission;
use super::allocation;
use super::conditions;
use super::plan::PodPlan;
use super::pleg;
use super::script::{self, Flow};
use super::sync;
use super::termination;
use super::worker::{PodWorker, Slot, Stage};
use crate::api::{Condition, Pod};
use crate::sim::cluster::Cluster;
use crate::sim::ctx::Ctx;
use crate::sim::event::Event;
use crate::sim::scheduler;
use crate::time::{SimDuration, SimTime};
use crate::trace::ObjectId;

/// The pod resync interval. (kubelet config: syncFrequency)
const RESYNC: SimDuration = SimDuration::from_secs(60);
/// After a failed sync. (pod_workers.go: backOffPeriod)
const RETRY: SimDuration = SimDuration::from_secs(10);

/// From the snapshot of an on-demand relist to the sync that it sets off.
const RELIST_TAKES: SimDuration = SimDuration::from_ms(25);

/// The kubelet's watch delivers a new, changed or removed pod. (config.go: merge)
pub(crate) fn on_pod_changed(cluster: &mut Cluster, id: ObjectId, ctx: &mut Ctx) {
    let current = cluster.store.pod(id).map(Arc::clone);
    let images = Arc::clone(&cluster.scenario);
    match (cluster.kubelet.workers.contains_key(&id), current) {
        (false, Some(pod)) if scheduler::has_node(cluster, &pod.spec.node_name) => {
            let plan = Arc::new(PodPlan::new(id, &pod, &images.images));
            cluster.kubelet.workers.insert(id, PodWorker::new(id, plan, ctx.now));
            admission::reject(cluster, id, &pod, ctx);
            wake(cluster, id, ctx);
        }
        (true, Some(pod)) => {
            if cluster.worker(id).is_some_and(|worker| adopt(worker, &pod, &images.images)) {
                allocation::consider(cluster, id, ctx);
                wake(cluster, id, ctx);
            }
        }
        (true, None) => {
            if let Some(worker) = cluster.worker(id) {
                worker.removed = true;
                wake(cluster, id, ctx);
            }
        }
        // No node, or one of that name does not exist: nobody runs the pod.
        (false, _) => {}
    }
}

/// Takes over a changed specification or deletion; a changed status alone is none of the worker's business.
fn adopt(worker: &mut PodWorker, pod: &Arc<Pod>, images: &[crate::scenario::ImageRule]) -> bool {
    let gates = take_foreign_conditions(worker, pod) && !pod.spec.readiness_gates.is_empty();
    if worker.plan.pod.spec == pod.spec && worker.plan.pod.metadata == pod.metadata {
        return gates;
    }
    worker.plan = Arc::new(PodPlan::new(worker.id, pod, images));
    worker.slots.resize_with(worker.plan.containers.len(), Slot::default);
    let new = worker.plan.containers.iter().skip(worker.allocation.promised.len()).map(|c| Arc::new(c.spec.resources.clone()));
    worker.allocation.promised.extend(new);
    worker.seen.slots.resize_with(worker.plan.containers.len(), Vec::new);
    true
}

/// Conditions that others write are taken over; tells whether any changed. (kubelet.go: HandlePodReconcile)
fn take_foreign_conditions(worker: &mut PodWorker, pod: &Arc<Pod>) -> bool {
    let foreign = |list: &[Condition]| -> Vec<Condition> { list.iter().filter(|c| !conditions::is_own(&c.kind)).cloned().collect() };
    let (old, mut new) = (foreign(&worker.status.conditions), foreign(&pod.status.conditions));
    let changed = old != new;
    if changed {
        new.extend(worker.status.conditions.iter().filter(|c| conditions::is_own(&c.kind)).cloned());
        worker.status.conditions = new;
    }
    changed
}

/// Puts an update into the worker's slot; a worker that is idle takes it out at once, and what comes while it waits for
/// its snapshot has a sync of its own.
pub(crate) fn wake(cluster: &mut Cluster, id: ObjectId, ctx: &mut Ctx) {
    if let Some(worker) = cluster.worker(id) {
        request(worker, SimDuration::ZERO, ctx);
    }
}

/// The same, where the worker is at hand and the update takes some time to get there.
pub(crate) fn request(worker: &mut PodWorker, delay: SimDuration, ctx: &mut Ctx) {
    if worker.taken || worker.script.is_some() {
        worker.wanted = true;
    } else {
        worker.taken = true;
    }
    worker.due_cause = ctx.cause;
    ctx.after(delay, Event::Worker(worker.id));
}

/// The worker begins a sync, if it is free and its snapshot is new enough.
pub(crate) fn on_worker(cluster: &mut Cluster, id: ObjectId, ctx: &mut Ctx) {
    let Some(worker) = cluster.worker(id) else { return };
    if !worker.taken || worker.script.is_some() || !worker.fresh {
        return;
    }
    worker.taken = false;
    worker.due = SimTime::MAX;
    if worker.stage == Stage::Syncing && (worker.is_deleted() || worker.evicted.is_some()) {
        termination::enter(worker);
    }
    match worker.stage {
        Stage::Syncing => sync::begin(cluster, id, ctx),
        Stage::Terminating => termination::begin(cluster, id, ctx),
        Stage::Terminated => termination::begin_clean_up(cluster, id, ctx),
        Stage::Finished => return,
    }
    script::advance(cluster, id, Flow::Next, ctx);
}

/// Every wait is stretched by up to a half, so that pods do not come in step. (wait.Jitter with workerResyncIntervalJitterFactor)
fn stretched(worker: &PodWorker, delay: SimDuration, ctx: &Ctx) -> SimDuration {
    let subject = u64::from(worker.id.0) << 32 | u64::from(worker.syncs);
    delay + SimDuration::from_ms(ctx.draw("resync", subject).below(delay.ms() / 2 + 1))
}

/// The sync is over: when to look again. (pod_workers.go: completeWork)
pub(crate) fn finish(cluster: &mut Cluster, id: ObjectId, ctx: &mut Ctx) {
    let Some(worker) = cluster.worker(id) else { return };
    let Some(script) = worker.script.take() else { return };
    worker.fresh = false;
    worker.syncs += 1;
    if !worker.wanted {
        worker.due_cause = ctx.cause;
    }
    let delay = if script.transition {
        SimDuration::ZERO
    } else if let Some(until) = script.retry_at {
        (until - ctx.now).min(RESYNC)
    } else if script.failed {
        RETRY
    } else {
        RESYNC
    };
    worker.due = ctx.now + stretched(worker, delay, ctx);
    if script.transition && worker.stage != Stage::Finished {
        worker.wanted = true;
    }
    worker.taken = std::mem::take(&mut worker.wanted);
    // An on-demand relist follows a sync that acted and met no error. (kubelet.go: SyncPod; gate PLEGOnDemandRelist)
    if script.acted && !script.failed && script.retry_at.is_none() && !script.transition {
        pleg::relist(cluster, id, RELIST_TAKES, ctx);
    }
}
