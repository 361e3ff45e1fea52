//! Publishing a status: what changed is sent at once, a terminal phase only when nothing runs any more.
//! (pkg/kubelet/status/status_manager.go)

use super::conditions::{self, ConditionInput};
use super::plan::ContainerPlan;
use super::worker::{PodWorker, Stage};
use crate::api::{ConditionType, ContainerStatus, PodStatus};
use crate::sim::apiserver;
use crate::sim::cluster::Cluster;
use crate::sim::ctx::Ctx;
use crate::trace::{ObjectId, Rule};

static PUBLISH: Rule = Rule {
    id: "kubelet/publish-status",
    says: "The kubelet sends a changed status to the API server at once. Succeeded and Failed wait until every container has stopped.",
    source: "pkg/kubelet/status/status_manager.go: mergePodStatus",
};

pub(crate) fn rules() -> Vec<&'static Rule> {
    vec![&PUBLISH]
}

/// Caches a status and publishes it.
pub(crate) fn set(cluster: &mut Cluster, pod: ObjectId, status: PodStatus, ctx: &mut Ctx) {
    let Some(worker) = cluster.worker(pod) else { return };
    worker.status = status;
    let mut sent = worker.status.clone();
    let may_run = worker.stage < Stage::Terminated;
    if worker.removed {
        return;
    }
    apiserver::update_pod(cluster, ctx, pod, &PUBLISH, |p| {
        if may_run && sent.phase.is_terminal() && !p.status.phase.is_terminal() {
            sent.phase = p.status.phase;
            sent.reason.clone_from(&p.status.reason);
            sent.message.clone_from(&p.status.message);
        }
        let theirs = p.status.conditions.iter().filter(|c| !conditions::is_own(&c.kind)).cloned();
        sent.conditions = theirs.chain(sent.conditions.into_iter().filter(|c| conditions::is_own(&c.kind))).collect();
        // Every version is kept in the trace.
        sent.conditions.shrink_to_fit();
        p.status = sent;
    });
}

/// A probe's result changes the published flags directly, past the worker. (status_manager.go: SetContainerReadiness, SetContainerStartup)
pub(crate) fn set_flag(cluster: &mut Cluster, pod: ObjectId, slot: usize, ctx: &mut Ctx, change: impl FnOnce(&mut ContainerStatus)) {
    let Some(worker) = cluster.worker(pod) else { return };
    let mut status = worker.status.clone();
    let Some(container) = worker.plan.get(slot) else { return };
    let Some(published) = published_mut(&mut status, container) else { return };
    change(published);
    let by_slot = in_plan_order(worker, &status);
    status.conditions = conditions::compute(ConditionInput {
        plan: &worker.plan,
        statuses: &by_slot,
        phase: status.phase,
        sandbox_ready: worker.status.is_true(&crate::api::ConditionType::PodReadyToStartContainers),
        allocation: &worker.allocation,
        restarting_all: worker.status.condition(&ConditionType::AllContainersRestarting).map(|c| c.status),
        old: &worker.status,
        now: ctx.now,
    });
    set(cluster, pod, status, ctx);
}

fn published_mut<'a>(status: &'a mut PodStatus, container: &ContainerPlan) -> Option<&'a mut ContainerStatus> {
    let list = if container.role.is_init() { &mut status.init_container_statuses } else { &mut status.container_statuses };
    list.iter_mut().find(|s| s.name == container.name)
}

fn in_plan_order(worker: &PodWorker, status: &PodStatus) -> Vec<ContainerStatus> {
    worker.plan.containers.iter().map(|c| super::status::published(status, c).cloned().unwrap_or_default()).collect()
}
