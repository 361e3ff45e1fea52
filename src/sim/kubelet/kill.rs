//! Killing containers: preStop, the turn of sidecars, the stop signal, and at last SIGKILL.
//! (kuberuntime_container.go: killContainer; kuberuntime_termination_order.go)

use super::actions::KillOrder;
use super::events::Message;
use super::hooks::{self, HookRun};
use super::plan::Role;
use super::script::{self, Doing, Flow};
use super::start::Starting;
use super::worker::{PodWorker, RunState};
use crate::sim::cluster::Cluster;
use crate::sim::ctx::Ctx;
use crate::sim::event::Event;
use crate::sim::runtime;
use crate::time::{SimDuration, SimTime};
use crate::trace::{Change, ContainerId, HookKind, ObjectId, Rule, Subject};

static STOP: Rule = Rule {
    id: "kubelet/stop-container",
    says: "Stopping a container: preStop first, then the stop signal, and SIGKILL when the grace period is over. preStop's time counts against the grace, but 2 s remain for the signal.",
    source: "kuberuntime_container.go: killContainer",
};
static FORCED: Rule = Rule {
    id: "kubelet/grace-exceeded",
    says: "The process was still there when its grace period ended, so the runtime sent SIGKILL: exit code 137.",
    source: "containerd internal/cri/server/container_stop.go: stopContainer",
};

pub(crate) fn rules() -> Vec<&'static Rule> {
    vec![&STOP, &FORCED]
}

/// What the runtime is given at least. (kuberuntime_manager.go: minimumGracePeriodInSeconds)
const MINIMUM_SECONDS: u64 = 2;

/// A container being killed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Kill {
    pub(crate) slot: usize,
    pub(crate) id: ContainerId,
    /// Seconds of grace that are left.
    grace_seconds: u64,
    stage: Stage,
    /// When the stage began, and when it is cut off.
    since: SimTime,
    deadline: SimTime,
    /// Whether sidecars wait for their turn.
    ordered: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stage {
    PreStop,
    Turn,
    Stopping,
    Done,
}

/// Kills one container and waits for it, within a sync.
pub(crate) fn begin_one(cluster: &mut Cluster, pod: ObjectId, order: &KillOrder, ctx: &mut Ctx) -> Flow {
    start_kill(cluster, pod, order, false, ctx);
    wait(cluster, pod, None, ctx)
}

/// Kills a container whose start failed late; the start then ends as failed.
pub(crate) fn begin_failed_start(cluster: &mut Cluster, pod: ObjectId, order: &KillOrder, then: Starting, ctx: &mut Ctx) -> Flow {
    start_kill(cluster, pod, order, false, ctx);
    wait(cluster, pod, Some(then), ctx)
}

/// Kills all running containers at once, the newest first told; sidecars wait for their turn.
pub(crate) fn begin_all(cluster: &mut Cluster, pod: ObjectId, ctx: &mut Ctx) -> Flow {
    let Some(worker) = cluster.worker(pod) else { return Flow::Abort };
    let grace_seconds = if worker.grace_seconds > 0 { worker.grace_seconds } else { worker.plan.grace_seconds };
    let mut running: Vec<usize> = (0..worker.slots.len()).filter(|slot| worker.is_running(*slot)).collect();
    crate::order::sort_by_key(&mut running, |slot| std::cmp::Reverse(worker.newest(*slot).map(|r| r.view.id)));
    let orders: Vec<KillOrder> = running
        .into_iter()
        .filter_map(|slot| {
            let name = &worker.plan.get(slot)?.name;
            Some(KillOrder { slot, message: format!("Stopping container {name}"), grace_seconds, rule: &STOP })
        })
        .collect();
    let cause = ctx.cause;
    for order in &orders {
        start_kill(cluster, pod, order, true, ctx);
        ctx.cause = cause;
    }
    wait(cluster, pod, None, ctx)
}

fn start_kill(cluster: &mut Cluster, pod: ObjectId, order: &KillOrder, ordered: bool, ctx: &mut Ctx) {
    let Some(worker) = cluster.worker(pod) else { return };
    let slot = order.slot;
    let Some(field) = worker.plan.get(slot).map(|c| c.event_field.clone()) else { return };
    let Some(id) = worker.newest(slot).filter(|r| !matches!(r.view.state, RunState::Exited(_))).map(|r| r.view.id) else { return };
    let (now, grace_seconds) = (ctx.now, order.grace_seconds);
    let record = cluster.kubelet.events.emit(ctx, pod, ("kubelet", field), Message::normal("Killing", order.message.as_str(), order.rule));
    if let Some(record) = record {
        ctx.cause = crate::trace::Cause::Record(record);
    }
    let deadline = now + SimDuration::from_secs(grace_seconds);
    let kill = Kill { slot, id, grace_seconds, stage: Stage::PreStop, since: now, deadline, ordered };
    if let Some(worker) = cluster.worker(pod) {
        worker.kills.push(kill);
    }
    let hook = if grace_seconds > 0 { hooks::begin(cluster, pod, slot, HookKind::PreStop, ctx) } else { HookRun::None };
    let cutoff = match hook {
        HookRun::None => now,
        HookRun::Runs => deadline,
        HookRun::Waits(time) => (now + time).min(deadline),
        HookRun::Over(result) => {
            pre_stop_over(cluster, pod, slot, &result, ctx);
            now
        }
    };
    if let Some(kill) = cluster.worker(pod).and_then(|w| w.kills.iter_mut().find(|k| k.id == id)) {
        kill.deadline = cutoff;
    }
    if cutoff > now {
        ctx.at(cutoff, Event::KillDeadline { pod, id });
    }
}

/// Tells of a preStop hook's end. (kuberuntime_container.go: executePreStopHook)
fn pre_stop_over(cluster: &mut Cluster, pod: ObjectId, slot: usize, result: &Result<(), String>, ctx: &mut Ctx) {
    hooks::ended(cluster, (pod, slot), HookKind::PreStop, result, ctx);
    if result.is_err() {
        let field = cluster.kubelet.workers.get(&pod).and_then(|w| w.plan.get(slot)).map(|c| c.event_field.clone()).unwrap_or_default();
        let message = Message::warning("FailedPreStopHook", "PreStopHook failed", &hooks::HOOK);
        cluster.kubelet.events.emit(ctx, pod, ("kubelet", field), message);
    }
}

/// The preStop program of a container has ended.
pub(crate) fn on_pre_stop_exec(cluster: &mut Cluster, pod: ObjectId, slot: usize, result: &Result<(), String>, ctx: &mut Ctx) {
    pre_stop_over(cluster, pod, slot, result, ctx);
    let now = ctx.now;
    if let Some(kill) = cluster.worker(pod).and_then(|w| w.kills.iter_mut().find(|k| k.slot == slot && k.stage == Stage::PreStop)) {
        kill.deadline = now;
    }
    go_on(cluster, pod, ctx);
}

/// A deadline of a kill has come.
pub(crate) fn on_kill_deadline(cluster: &mut Cluster, pod: ObjectId, id: ContainerId, ctx: &mut Ctx) {
    if cluster.worker(pod).is_some_and(|w| w.kills.iter().any(|k| k.id == id && k.deadline <= ctx.now)) {
        go_on(cluster, pod, ctx);
    }
}

/// Something about the pod's kills may have changed: a container has ended, say.
pub(crate) fn go_on(cluster: &mut Cluster, pod: ObjectId, ctx: &mut Ctx) {
    let waits = cluster.worker(pod).and_then(|w| w.script.as_ref()).is_some_and(|s| matches!(s.doing, Doing::Killing { .. }));
    if waits {
        script::resume(cluster, pod, ctx);
    }
}

/// Moves every kill on as far as it goes; the step is over when all are done.
pub(crate) fn wait(cluster: &mut Cluster, pod: ObjectId, then: Option<Starting>, ctx: &mut Ctx) -> Flow {
    let cause = ctx.cause;
    let mut moved = true;
    while moved {
        moved = false;
        for index in 0..cluster.worker(pod).map_or(0, |w| w.kills.len()) {
            ctx.cause = cause;
            moved |= advance_one(cluster, pod, index, ctx);
        }
    }
    ctx.cause = cause;
    let Some(worker) = cluster.worker(pod) else { return Flow::Abort };
    if worker.kills.iter().any(|k| k.stage != Stage::Done) {
        return script::doing(cluster, pod, Doing::Killing { then });
    }
    worker.kills.clear();
    match then {
        None => Flow::Next,
        Some(starting) => super::start::proceed(cluster, pod, starting, ctx),
    }
}

/// One kill, one stage on; tells whether it moved.
fn advance_one(cluster: &mut Cluster, pod: ObjectId, index: usize, ctx: &mut Ctx) -> bool {
    let now = ctx.now;
    let Some(worker) = cluster.worker(pod) else { return false };
    let Some(kill) = worker.kills.get(index).cloned() else { return false };
    let ended = worker.newest(kill.slot).is_none_or(|r| r.view.id != kill.id || matches!(r.view.state, RunState::Exited(_)));
    let stage = match kill.stage {
        Stage::Done => return false,
        _ if ended => Stage::Done,
        Stage::PreStop if kill.deadline > now => return false,
        Stage::PreStop => Stage::Turn,
        Stage::Turn if must_wait(worker, &kill) && kill.deadline > now => return false,
        Stage::Turn => Stage::Stopping,
        Stage::Stopping if kill.deadline > now => return false,
        Stage::Stopping => {
            force(cluster, pod, &kill, ctx);
            return true;
        }
    };
    enter(cluster, pod, index, (stage, &kill), ctx);
    true
}

/// Enters a stage: time spent so far is taken off the grace in whole seconds.
fn enter(cluster: &mut Cluster, pod: ObjectId, index: usize, to: (Stage, &Kill), ctx: &mut Ctx) {
    let (stage, kill) = to;
    let now = ctx.now;
    let mut left = kill.grace_seconds.saturating_sub((now - kill.since).whole_secs());
    if stage == Stage::Stopping {
        left = left.max(MINIMUM_SECONDS);
    }
    if kill.stage == Stage::PreStop && stage != Stage::Done {
        finish_sleep_hook(cluster, pod, kill, ctx);
    }
    let deadline = now + SimDuration::from_secs(left);
    if let Some(k) = cluster.worker(pod).and_then(|w| w.kills.get_mut(index)) {
        *k = Kill { stage, since: now, deadline, grace_seconds: left, ..kill.clone() };
    }
    match stage {
        Stage::Turn => ctx.at(deadline, Event::KillDeadline { pod, id: kill.id }),
        Stage::Stopping => {
            ctx.at(deadline, Event::KillDeadline { pod, id: kill.id });
            send(cluster, pod, kill, None, ctx);
        }
        Stage::PreStop | Stage::Done => {}
    }
}

/// A sleep hook ends by itself at its time; nobody else tells.
fn finish_sleep_hook(cluster: &Cluster, pod: ObjectId, kill: &Kill, ctx: &mut Ctx) {
    let container = cluster.kubelet.workers.get(&pod).and_then(|w| w.plan.get(kill.slot));
    let hook = container.and_then(|c| c.spec.lifecycle.as_ref()).and_then(|l| l.pre_stop.as_ref());
    if hook.is_some_and(|h| h.sleep.is_some()) {
        hooks::ended(cluster, (pod, kill.slot), HookKind::PreStop, &Ok(()), ctx);
    }
}

/// A sidecar waits for all regular containers and for the sidecars behind it.
fn must_wait(worker: &PodWorker, kill: &Kill) -> bool {
    let sidecar = worker.plan.get(kill.slot).is_some_and(|c| c.role == Role::Sidecar);
    let before = |slot: usize, role: Role| role == Role::App || (role == Role::Sidecar && slot > kill.slot);
    kill.ordered && sidecar && worker.plan.slots(|_| true).any(|(slot, c)| before(slot, c.role) && worker.is_running(slot))
}

/// Sends the stop signal, or the one that is given.
fn send(cluster: &mut Cluster, pod: ObjectId, kill: &Kill, signal: Option<&'static str>, ctx: &mut Ctx) {
    let Some(container) = cluster.kubelet.workers.get(&pod).and_then(|w| w.plan.get(kill.slot)) else { return };
    let name = signal.unwrap_or(container.profile.stop_signal);
    let rule = if signal.is_some() { &FORCED } else { &STOP };
    ctx.because(Subject::Container(container.at), Change::Signal { id: kill.id, name }, rule);
    runtime::signal(cluster, pod, kill.slot, name, ctx);
}

fn force(cluster: &mut Cluster, pod: ObjectId, kill: &Kill, ctx: &mut Ctx) {
    if let Some(k) = cluster.worker(pod).and_then(|w| w.kills.iter_mut().find(|k| k.id == kill.id)) {
        k.deadline = SimTime::MAX;
    }
    send(cluster, pod, kill, Some("KILL"), ctx);
}

/// Somebody sends a signal to a container's main process, as the scenario asks.
pub(crate) fn kill_process(cluster: &mut Cluster, ctx: &mut Ctx, pod: ObjectId, container: &str, signal: &str) {
    let names = ["KILL", "TERM", "INT", "QUIT", "HUP", "USR1", "USR2", "ABRT", "SEGV"];
    let Some(name) = names.into_iter().find(|n| *n == signal.trim_start_matches("SIG")) else { return };
    let Some(worker) = cluster.worker(pod) else { return };
    let found = worker.plan.slots(|_| true).find(|(_, c)| c.name == container).map(|(slot, c)| (slot, c.at));
    let Some((slot, at)) = found.filter(|(slot, _)| worker.is_running(*slot)) else { return };
    let Some(id) = worker.newest(slot).map(|r| r.view.id) else { return };
    ctx.because(Subject::Container(at), Change::Signal { id, name }, &STOP);
    runtime::signal(cluster, pod, slot, name, ctx);
}
