//! The pod's phase, from the published states of its containers. (kubelet_pods.go: getPhase)

use super::actions::restarts_after;
use super::plan::{ContainerPlan, PodPlan, Role};
use super::restart_all;
use super::worker::Ended;
use crate::api::{ContainerState, ContainerStatus, Phase, RestartPolicy, StateTerminated};
use crate::time::SimTime;

#[derive(Debug, Default)]
struct Counts {
    pending_init: u32,
    pending_sidecar: u32,
    failed_init: u32,
    unknown: u32,
    running: u32,
    waiting: u32,
    stopped: u32,
    stopped_for_good: u32,
    succeeded: u32,
}

/// What to compute the phase from, beside the statuses.
#[derive(Debug, Clone, Copy)]
pub(crate) struct PhaseInput<'a> {
    pub(crate) plan: &'a PodPlan,
    /// Statuses by slot.
    pub(crate) statuses: &'a [ContainerStatus],
    /// Whether the pod has ended, so that nothing restarts any more.
    pub(crate) terminal: bool,
    /// Whether an app container was ever made in this sandbox.
    pub(crate) has_initialized: bool,
}

/// The phase; the first rule that fits decides.
pub(crate) fn compute(input: PhaseInput<'_>) -> Phase {
    let mut n = Counts::default();
    for (container, status) in input.plan.containers.iter().zip(input.statuses) {
        match container.role {
            Role::Init => count_init(&mut n, input.plan.restart_policy, container, status),
            Role::Sidecar => count_sidecar(&mut n, status),
            Role::App => count_app(&mut n, input.plan.restart_policy, container, status),
            Role::Ephemeral => {}
        }
    }
    if n.failed_init > 0 {
        Phase::Failed
    } else if n.pending_init > 0 || (n.pending_sidecar > 0 && !input.has_initialized) || n.waiting > 0 {
        Phase::Pending
    } else if n.running > 0 && n.unknown == 0 {
        Phase::Running
    } else if n.running == 0 && n.stopped > 0 && n.unknown == 0 {
        ended(&n, input.terminal)
    } else {
        Phase::Pending
    }
}

fn ended(n: &Counts, terminal: bool) -> Phase {
    let done = if n.stopped == n.succeeded { Phase::Succeeded } else { Phase::Failed };
    if terminal || n.stopped == n.stopped_for_good { done } else { Phase::Running }
}

fn ended_of(t: &StateTerminated) -> Ended {
    let reason = if t.reason == "OOMKilled" { "OOMKilled" } else { "" };
    Ended { started_at: t.started_at, finished_at: t.finished_at.unwrap_or(SimTime::ZERO), code: t.exit_code, reason, message: "".into() }
}

fn count_init(n: &mut Counts, policy: RestartPolicy, container: &ContainerPlan, status: &ContainerStatus) {
    if starts_over(status) {
        return;
    }
    let failed = |t: &StateTerminated| t.exit_code != 0 && !restarts_after(policy, container, &ended_of(t));
    match (&status.state, status.last_state.terminated()) {
        (ContainerState::Running(_), _) => n.pending_init += 1,
        (ContainerState::Terminated(t), _) if t.exit_code != 0 => {
            if failed(t) {
                n.failed_init += 1;
            } else {
                n.pending_init += 1;
            }
        }
        (ContainerState::Terminated(_), _) => {}
        (ContainerState::Waiting(_) | ContainerState::Unset, Some(t)) if t.exit_code != 0 && failed(t) => n.failed_init += 1,
        (ContainerState::Waiting(_) | ContainerState::Unset, _) => n.pending_init += 1,
    }
}

fn count_sidecar(n: &mut Counts, status: &ContainerStatus) {
    match (&status.state, status.last_state.terminated()) {
        (ContainerState::Running(_), _) => {
            n.pending_sidecar += u32::from(!status.started);
            n.running += 1;
        }
        (ContainerState::Waiting(_), None) => {
            n.pending_sidecar += 1;
            n.waiting += 1;
        }
        (ContainerState::Unset, _) => n.unknown += 1,
        (ContainerState::Terminated(_), _) | (ContainerState::Waiting(_), Some(_)) => {}
    }
}

/// A container that was removed so that the pod starts over is not over for good.
fn starts_over(status: &ContainerStatus) -> bool {
    matches!(&status.state, ContainerState::Waiting(w) if w.reason == restart_all::REASON)
}

fn count_app(n: &mut Counts, policy: RestartPolicy, container: &ContainerPlan, status: &ContainerStatus) {
    if starts_over(status) {
        n.stopped += 1;
        return;
    }
    match (&status.state, status.last_state.terminated()) {
        (ContainerState::Running(_), _) => n.running += 1,
        (ContainerState::Terminated(t), _) => {
            n.stopped += 1;
            n.succeeded += u32::from(t.exit_code == 0);
            n.stopped_for_good += u32::from(!restarts_after(policy, container, &ended_of(t)));
        }
        (ContainerState::Waiting(_), Some(t)) => {
            n.stopped += 1;
            n.stopped_for_good += u32::from(!restarts_after(policy, container, &ended_of(t)));
        }
        (ContainerState::Waiting(_), None) => n.waiting += 1,
        (ContainerState::Unset, _) => n.unknown += 1,
    }
}
