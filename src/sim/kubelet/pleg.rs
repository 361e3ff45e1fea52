//! The relist: once a second the kubelet looks at the runtime, and wakes the workers of pods in which something changed.
//! (pkg/kubelet/pleg/generic.go)

use super::allocation;
use super::backoff;
use super::eviction;
use super::pod_workers;
use super::worker::{ContainerRun, RunState, RunView, Snapshot, Stage};
use std::mem::Discriminant;

use crate::sim::cluster::Cluster;
use crate::sim::ctx::Ctx;
use crate::sim::event::Event;
use crate::time::SimDuration;
use crate::trace::{ContainerId, ObjectId};

/// Between two relists.
pub(crate) const PERIOD: SimDuration = SimDuration::from_secs(1);

/// The node's whole second: relist, then work that is due, then deadlines.
pub(crate) fn on_tick(cluster: &mut Cluster, ctx: &mut Ctx) {
    let (now, cause) = (ctx.now, ctx.cause);
    ctx.after(PERIOD, Event::Tick);
    let pods: Vec<ObjectId> = cluster.kubelet.workers.iter().filter(|(_, w)| w.stage != Stage::Finished).map(|(id, _)| *id).collect();
    for id in pods {
        relist(cluster, id, SimDuration::ZERO, ctx);
        let Some(worker) = cluster.worker(id) else { continue };
        backoff::collect_garbage(worker, now);
        let deadline = worker.plan.deadline.is_some_and(|d| worker.start_time.floor_second() + d <= now);
        let past_deadline = deadline && !worker.deadline_exceeded && worker.stage == Stage::Syncing;
        if worker.due <= now || past_deadline {
            worker.wanted |= worker.script.is_some();
            worker.taken |= worker.script.is_none();
        }
        if worker.taken {
            ctx.cause = worker.due_cause;
            ctx.at(now, Event::Worker(id));
        }
        ctx.cause = cause;
    }
    ctx.cause = cause;
    allocation::retry_deferred(cluster, ctx);
    eviction::on_tick(cluster, ctx);
}

/// Looks at one pod; a changed container or sandbox wakes its worker after `delay`.
pub(crate) fn relist(cluster: &mut Cluster, id: ObjectId, delay: SimDuration, ctx: &mut Ctx) {
    let Some(worker) = cluster.worker(id) else { return };
    worker.fresh = true;
    let cause = ctx.cause;
    ctx.cause = worker.due_cause;
    if worker.taken {
        ctx.after(delay, Event::Worker(id));
    }
    ctx.cause = cause;
    if !changed_since(&worker.seen, worker) {
        return;
    }
    let new = worker.observe();
    let worth = worth_a_sync(&worker.seen, &new);
    let told = what_changed(worker);
    worker.seen = new;
    if worth {
        ctx.cause = told.unwrap_or(worker.due_cause);
        pod_workers::request(worker, delay, ctx);
        ctx.cause = cause;
    }
}

/// A cheap test before the snapshot is copied.
fn changed_since(seen: &Snapshot, worker: &super::worker::PodWorker) -> bool {
    let sandbox = worker.sandbox.as_ref().is_some_and(|s| s.ready);
    sandbox != seen.sandbox_ready
        || worker.slots.len() != seen.slots.len()
        || worker.slots.iter().zip(&seen.slots).any(|(now, then)| !now.runs.iter().map(told).eq(then.iter().map(RunView::told)))
}

/// All of a run that can change.
fn told(run: &ContainerRun) -> (ContainerId, Discriminant<RunState>) {
    run.view.told()
}

/// The record of the newest change that the relist has found.
fn what_changed(worker: &super::worker::PodWorker) -> Option<crate::trace::Cause> {
    let differs =
        |(slot, run): &(usize, &super::worker::ContainerRun)| worker.seen.slots.get(*slot).is_none_or(|then| !then.contains(&run.view));
    let runs = worker.slots.iter().enumerate().flat_map(|(slot, s)| s.runs.iter().map(move |r| (slot, r)));
    runs.filter(differs).map(|(_, run)| run.cause).max()
}

/// Whether a container or sandbox has started or died since. (generic.go: generateEvents; kubelet.go: isSyncPodWorthy)
fn worth_a_sync(old: &Snapshot, new: &Snapshot) -> bool {
    let told = |state: &RunState| !matches!(state, RunState::Created);
    old.sandbox_ready != new.sandbox_ready
        || new.slots.iter().enumerate().any(|(slot, runs)| {
            let before = old.slots.get(slot);
            runs.iter().any(|r| told(&r.state) && before.is_none_or(|b| !b.iter().any(|o| o.id == r.id && o.state == r.state)))
        })
}
