//! The end of a pod: stop the containers, stop the sandbox, publish the end, have the object removed.
//! (kubelet.go: SyncTerminatingPod, SyncTerminatedPod)

use super::events::Message;
use super::prober;
use super::script::{self, Doing, Flow, Todo};
use super::status::{self, Moment};
use super::status_manager;
use super::worker::{PodWorker, RunState, Script, Stage};
use crate::sim::apiserver;
use crate::sim::cluster::Cluster;
use crate::sim::ctx::Ctx;
use crate::text::FieldPath;
use crate::time::SimDuration;
use crate::trace::{Change, ObjectId, Rule, Subject};

static TERMINATED: Rule = Rule {
    id: "kubelet/terminated",
    says: "When every container has stopped, the sandbox goes too, and the pod's phase becomes Succeeded if all exit codes were 0, else Failed.",
    source: "pkg/kubelet/kubelet.go: SyncTerminatingPod",
};
static DEADLINE: Rule = Rule {
    id: "kubelet/active-deadline",
    says: "activeDeadlineSeconds counts from startTime, as it is published. When it is over the pod is stopped and Failed, whatever its exit codes.",
    source: "pkg/kubelet/active_deadline.go",
};

pub(crate) fn rules() -> Vec<&'static Rule> {
    vec![&TERMINATED, &DEADLINE]
}

const SANDBOX_STOP_TAKES: SimDuration = SimDuration::from_ms(100);
/// Volumes are unmounted in this time.
const UNMOUNT_TAKES: SimDuration = SimDuration::from_ms(100);

/// The pod is being deleted or evicted: from now on its containers are stopped. (pod_workers.go: calculateEffectiveGracePeriod)
pub(crate) fn enter(worker: &mut PodWorker) {
    worker.stage = Stage::Terminating;
    let asked = worker.plan.pod.metadata.deletion_grace_period_seconds.and_then(|s| u64::try_from(s).ok());
    let forced = worker.removed && asked.is_none_or(|s| s == 0);
    worker.grace_seconds = if forced || worker.evicted.is_some() { 1 } else { asked.unwrap_or(worker.plan.grace_seconds).max(1) };
}

/// Whether activeDeadlineSeconds is over; said with every status from then on.
pub(crate) fn check_deadline(cluster: &mut Cluster, pod: ObjectId, ctx: &mut Ctx) {
    let Some(worker) = cluster.worker(pod) else { return };
    let over = worker.plan.deadline.is_some_and(|d| worker.start_time.floor_second() + d <= ctx.now);
    if over && (worker.deadline_exceeded || (worker.stage == Stage::Syncing && !worker.status.phase.is_terminal())) {
        worker.deadline_exceeded = true;
        let text = "Pod was active on the node longer than the specified deadline";
        let message = Message::normal("DeadlineExceeded", text, &DEADLINE);
        let record = cluster.kubelet.events.emit(ctx, pod, ("kubelet", FieldPath::from("spec.activeDeadlineSeconds")), message);
        if let Some(record) = record {
            ctx.cause = crate::trace::Cause::Record(record);
        }
    }
}

/// Begins to stop everything.
pub(crate) fn begin(cluster: &mut Cluster, pod: ObjectId, ctx: &mut Ctx) {
    check_deadline(cluster, pod, ctx);
    let Some(worker) = cluster.worker(pod) else { return };
    let status = status::compute(worker, ctx.now, Moment::Syncing);
    let todo = [Todo::KillAll, Todo::StopSandbox, Todo::Final].into();
    worker.script = Some(Script { todo, acted: true, transition: true, ..Script::default() });
    prober::stop_liveness_and_startup(worker);
    status_manager::set(cluster, pod, status, ctx);
}

/// Stops the sandbox.
pub(crate) fn stop_sandbox(cluster: &mut Cluster, pod: ObjectId, ctx: &mut Ctx) -> Flow {
    let Some(worker) = cluster.worker(pod) else { return Flow::Abort };
    if worker.sandbox.as_ref().is_none_or(|s| !s.ready) {
        return Flow::Next;
    }
    script::step_after(worker, ctx, SANDBOX_STOP_TAKES);
    script::doing(cluster, pod, Doing::StopSandbox)
}

/// The sandbox is gone.
pub(crate) fn sandbox_stopped(cluster: &mut Cluster, pod: ObjectId, ctx: &mut Ctx) -> Flow {
    let Some(worker) = cluster.worker(pod) else { return Flow::Abort };
    if let Some(sandbox) = worker.sandbox.as_mut() {
        sandbox.ready = false;
        let ip = sandbox.ip.clone();
        cluster.os.net.drop_ip(&ip);
    }
    ctx.because(Subject::Object(pod), Change::SandboxStopped, &TERMINATED);
    Flow::Next
}

/// Everything has stopped: the final status, from the runtime as it is now.
pub(crate) fn publish_final(cluster: &mut Cluster, pod: ObjectId, ctx: &mut Ctx) -> Flow {
    check_deadline(cluster, pod, ctx);
    let Some(worker) = cluster.worker(pod) else { return Flow::Abort };
    worker.stage = Stage::Terminated;
    worker.probes.clear();
    worker.seen = worker.observe();
    debug_assert!(worker.slots.iter().all(|s| s.runs.iter().all(|r| !matches!(r.view.state, RunState::Running { .. }))));
    let status = status::compute(worker, ctx.now, Moment::Ended);
    status_manager::set(cluster, pod, status, ctx);
    Flow::Next
}

/// Begins to clean up.
pub(crate) fn begin_clean_up(cluster: &mut Cluster, pod: ObjectId, ctx: &mut Ctx) {
    check_deadline(cluster, pod, ctx);
    if let Some(worker) = cluster.worker(pod) {
        worker.script = Some(Script { todo: [Todo::CleanUp].into(), transition: true, ..Script::default() });
    }
}

/// Unmounts the volumes.
pub(crate) fn clean_up(cluster: &mut Cluster, pod: ObjectId, ctx: &mut Ctx) -> Flow {
    if let Some(worker) = cluster.worker(pod) {
        script::step_after(worker, ctx, UNMOUNT_TAKES);
    }
    script::doing(cluster, pod, Doing::CleanUp)
}

/// Nothing is left on the node. A deleted pod's object may go now. (status_manager.go: canBeDeleted)
pub(crate) fn cleaned_up(cluster: &mut Cluster, pod: ObjectId, ctx: &mut Ctx) -> Flow {
    let Some(worker) = cluster.worker(pod) else { return Flow::Abort };
    let deleted = worker.plan.pod.is_terminating() && !worker.removed;
    worker.stage = Stage::Finished;
    if deleted {
        apiserver::finalize(cluster, ctx, pod);
    }
    Flow::Next
}
