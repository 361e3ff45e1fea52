//! The restart rule that starts a pod over: every container is killed and removed, then the first init container runs again.
//! (kuberuntime_manager.go: getContainersToReset; gate RestartAllContainersOnContainerExits)

use super::actions::{self, KillOrder};
use super::kill;
use super::plan::{PodPlan, Role};
use super::pod_workers;
use super::script::Flow;
use super::worker::{PodWorker, RunView};
use crate::sim::cluster::Cluster;
use crate::sim::ctx::Ctx;
use crate::trace::{ObjectId, Rule};

static RESTART_ALL: Rule = Rule {
    id: "kubelet/restart-all-containers",
    says: "A container ended with an exit code for which its rule asks to restart all: every container is removed and the pod starts over, in the same sandbox and with the same volumes.",
    source: "kuberuntime_manager.go: SyncPod",
};

pub(crate) fn rules() -> Vec<&'static Rule> {
    vec![&RESTART_ALL]
}

/// What a container shows that was removed and is not made again yet.
pub(crate) const REASON: &str = "RestartingAllContainers";
pub(crate) const MESSAGE: &str = "The container is removed because RestartAllContainers in place";

const ACTION: &str = "RestartAllContainers";

/// Whether any rule of the pod has this action: such pods carry its condition.
pub(crate) fn is_used(plan: &PodPlan) -> bool {
    plan.containers.iter().any(|c| c.spec.restart_policy_rules.iter().any(|r| r.action == ACTION))
}

/// Whether a container's end asks for it. (helpers.go: ShouldAllContainersRestart)
fn triggers(worker: &PodWorker, slot: usize) -> bool {
    let ended = worker.seen(slot).and_then(RunView::ended);
    let rule = ended.zip(worker.plan.get(slot)).and_then(|(ended, c)| actions::matching_rule(c, ended));
    rule.is_some_and(|r| r.action == ACTION)
}

/// Whether it is asked for now.
pub(crate) fn is_due(worker: &PodWorker) -> bool {
    !worker.is_deleted() && worker.plan.slots(|r| r != Role::Ephemeral).any(|(slot, _)| triggers(worker, slot))
}

/// The containers in the order of their removal: those that asked for it last.
pub(crate) fn order(worker: &PodWorker) -> Vec<usize> {
    let of = |init: bool, asked: bool| {
        let fits = move |r: Role| r != Role::Ephemeral && r.is_init() == init;
        worker.plan.slots(fits).map(|(slot, _)| slot).filter(move |slot| triggers(worker, *slot) == asked)
    };
    of(false, false).chain(of(true, false)).chain(of(false, true)).chain(of(true, true)).collect()
}

/// Kills a container if it runs, without preStop and with the shortest grace.
pub(crate) fn begin(cluster: &mut Cluster, pod: ObjectId, slot: usize, ctx: &mut Ctx) -> Flow {
    let order = KillOrder { slot, message: "killing".into(), grace_seconds: 0, rule: &RESTART_ALL };
    kill::begin_one(cluster, pod, &order, ctx)
}

/// All have stopped: their records go, and the kubelet looks again at once.
pub(crate) fn remove(cluster: &mut Cluster, pod: ObjectId, ctx: &mut Ctx) -> Flow {
    let Some(worker) = cluster.worker(pod) else { return Flow::Abort };
    let slots: Vec<usize> = worker.plan.slots(|r| r != Role::Ephemeral).map(|(slot, _)| slot).collect();
    for slot in slots {
        if let Some(state) = worker.slots.get_mut(slot)
            && let Some(last) = state.runs.last()
        {
            state.restarts_before = last.view.restart_count + 1;
            state.removed = true;
            state.runs.clear();
        }
    }
    pod_workers::wake(cluster, pod, ctx);
    Flow::Next
}
