//! The pod's status as the kubelet computes it from the snapshot. (kubelet_pods.go: generateAPIPodStatus)

use std::sync::Arc;

use super::actions::should_restart;
use super::conditions::{self, ConditionInput};
use super::phase::{self, PhaseInput};
use super::plan::{ContainerPlan, Role};
use super::prober::ProbeResult;
use super::restart_all;
use super::worker::{PodWorker, RunState, RunView};
use crate::api::{Allocated, ContainerState, ContainerStatus, Phase, PodStatus, StateRunning, StateTerminated, StateWaiting};
use crate::text::Shared;
use crate::time::SimTime;
use crate::trace::ProbeKind;

/// The node's address.
pub(crate) const HOST_IP: &str = "192.168.49.2";

/// When a status is computed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Moment {
    /// While the pod shall run or is being stopped.
    Syncing,
    /// After everything has stopped: nothing restarts, what never ran is declared lost.
    Ended,
}

/// The status that the snapshot shows.
pub(crate) fn compute(worker: &PodWorker, now: SimTime, moment: Moment) -> PodStatus {
    let old = &worker.status;
    let mut statuses: Vec<ContainerStatus> =
        worker.plan.containers.iter().enumerate().map(|(slot, c)| container_status(worker, slot, c)).collect();
    if moment == Moment::Ended {
        declare_lost(worker, &mut statuses);
    }
    let has_initialized = worker.plan.slots(|r| r == Role::App).any(|(slot, _)| worker.seen(slot).is_some());
    let mut phase =
        phase::compute(PhaseInput { plan: &worker.plan, statuses: &statuses, terminal: moment == Moment::Ended, has_initialized });
    if moment == Moment::Ended && !phase.is_terminal() {
        phase = Phase::Failed;
    }
    let (phase, reason, message) = verdict(worker, phase);
    let sandbox_ready = worker.seen.sandbox_ready;
    let restarting_all = restart_all::is_used(&worker.plan).then(|| restart_all::is_due(worker));
    let conditions = conditions::compute(ConditionInput {
        plan: &worker.plan,
        statuses: &statuses,
        phase,
        sandbox_ready,
        allocation: &worker.allocation,
        restarting_all,
        old,
        now,
    });
    let ip = worker.seen.ip.as_ref().map_or_else(|| old.pod_ip.clone(), |ip| ip.into());
    let (init, app, ephemeral) = by_group(worker, statuses);
    PodStatus {
        observed_generation: Some(worker.plan.pod.metadata.generation),
        phase,
        conditions,
        message,
        reason,
        host_ip: HOST_IP.into(),
        pod_ip: ip,
        start_time: Some(worker.start_time),
        init_container_statuses: init,
        container_statuses: app,
        ephemeral_container_statuses: ephemeral,
        qos_class: old.qos_class,
        nominated_node_name: old.nominated_node_name.clone(),
        resize: old.resize.clone(),
    }
}

/// What the kubelet itself has decided overrides the phase of the containers, and gives it a reason. (kubelet_pods.go: generateAPIPodStatus)
fn verdict(worker: &PodWorker, phase: Phase) -> (Phase, Shared, Shared) {
    let old = &worker.status;
    if worker.deadline_exceeded {
        let text = "Pod was active on the node longer than the specified deadline";
        return (Phase::Failed, "DeadlineExceeded".into(), text.into());
    }
    if let Some(text) = worker.evicted.as_ref().filter(|_| phase != Phase::Succeeded) {
        return (Phase::Failed, "Evicted".into(), text.into());
    }
    let kept = if phase == old.phase { (old.reason.clone(), old.message.clone()) } else { Default::default() };
    let phase = if old.phase.is_terminal() && worker.evicted.is_none() { old.phase } else { phase };
    (phase, kept.0, kept.1)
}

/// Init statuses in spec order, the others by name. (pkg/kubelet/types: SortInitContainerStatuses)
fn by_group(worker: &PodWorker, statuses: Vec<ContainerStatus>) -> (Vec<ContainerStatus>, Vec<ContainerStatus>, Vec<ContainerStatus>) {
    let (mut init, mut app, mut ephemeral) = (Vec::new(), Vec::new(), Vec::new());
    for (container, status) in worker.plan.containers.iter().zip(statuses) {
        match container.role {
            Role::Init | Role::Sidecar => init.push(status),
            Role::App => app.push(status),
            Role::Ephemeral => ephemeral.push(status),
        }
    }
    crate::order::sort_by(&mut app, |a, b| a.name.cmp(&b.name));
    crate::order::sort_by(&mut ephemeral, |a, b| a.name.cmp(&b.name));
    (init, app, ephemeral)
}

/// The last published status of a container.
pub(crate) fn published<'a>(status: &'a PodStatus, container: &ContainerPlan) -> Option<&'a ContainerStatus> {
    let list = match container.role {
        Role::Init | Role::Sidecar => &status.init_container_statuses,
        Role::App => &status.container_statuses,
        Role::Ephemeral => &status.ephemeral_container_statuses,
    };
    list.iter().find(|s| s.name == container.name)
}

/// One container. (kubelet_pods.go: convertToAPIContainerStatuses)
fn container_status(worker: &PodWorker, slot: usize, container: &ContainerPlan) -> ContainerStatus {
    let old = published(&worker.status, container);
    let mut status = first_status(worker, slot, container, old);
    let runs = worker.seen.slots.get(slot).map_or(&[][..], Vec::as_slice);
    if let Some((newest, before)) = runs.split_last() {
        status.state = state_of(newest);
        status.restart_count = newest.restart_count;
        status.container_id = (&newest.container_id).into();
        status.image = (&newest.image_name).into();
        status.image_id = (&newest.image_id).into();
        if let Some(previous) = before.last() {
            status.last_state = state_of(previous);
        } else if newest.restart_count == 0 {
            status.last_state = ContainerState::Unset;
        }
    }
    tell_resources(worker, slot, &mut status);
    waiting_to_restart(worker, slot, container, &mut status);
    status.started = is_started(worker, slot, container, &status);
    status.ready = is_ready(worker, slot, container, &status);
    status
}

/// What the node has promised, and what the container has: the same, unless it runs and a resize is not done yet.
/// (kubelet_pods.go: convertContainerStatusResources)
fn tell_resources(worker: &PodWorker, slot: usize, status: &mut ContainerStatus) {
    let Some(promised) = worker.allocation.promised.get(slot).filter(|p| !p.limits.is_empty() || !p.requests.is_empty()) else { return };
    let run = worker.newest(slot).filter(|_| status.state.is_running());
    status.allocated_resources = Some(Allocated(Arc::clone(promised)));
    status.resources = Some(Arc::clone(run.map_or(promised, |r| &r.resources)));
}

/// What a container without a record shows: waiting, or how it ended before.
fn first_status(worker: &PodWorker, slot: usize, container: &ContainerPlan, old: Option<&ContainerStatus>) -> ContainerStatus {
    if let Some(old) = old.filter(|_| worker.slots.get(slot).is_some_and(|s| s.removed)) {
        return removed_status(old);
    }
    if let Some(old) = old.filter(|o| o.state.terminated().is_some()) {
        return old.clone();
    }
    let reason = if worker.plan.has_init() { "PodInitializing" } else { "ContainerCreating" };
    ContainerStatus {
        name: container.name.clone(),
        state: ContainerState::Waiting(StateWaiting { reason: reason.into(), message: Shared::default() }),
        last_state: old.map(|o| o.last_state.clone()).unwrap_or_default(),
        restart_count: old.map_or(0, |o| o.restart_count),
        image: container.spec.image.clone().into(),
        ..ContainerStatus::default()
    }
}

/// A container that was removed so that the pod starts over: said once, then it stays until it is made again.
fn removed_status(old: &ContainerStatus) -> ContainerStatus {
    if matches!(old.state, ContainerState::Waiting(_)) {
        return old.clone();
    }
    let (reason, message) = (Shared::from(restart_all::REASON), Shared::from(restart_all::MESSAGE));
    let last = StateTerminated { exit_code: 137, reason: reason.clone(), message: message.clone(), ..StateTerminated::default() };
    ContainerStatus {
        state: ContainerState::Waiting(StateWaiting { reason, message }),
        last_state: ContainerState::Terminated(last.into()),
        restart_count: old.restart_count + 1,
        ..old.clone()
    }
}

fn state_of(run: &RunView) -> ContainerState {
    match &run.state {
        RunState::Created => ContainerState::Waiting(StateWaiting::default()),
        RunState::Running { started_at } => ContainerState::Running(StateRunning { started_at: *started_at }),
        RunState::Exited(e) => ContainerState::Terminated(Box::new(StateTerminated {
            exit_code: e.code,
            reason: e.reason.into(),
            message: (&e.message).into(),
            started_at: e.started_at,
            finished_at: Some(e.finished_at),
            container_id: (&run.container_id).into(),
        })),
    }
}

/// A container that the next sync would start, and whose last start failed, waits with that failure as its reason.
fn waiting_to_restart(worker: &PodWorker, slot: usize, container: &ContainerPlan, status: &mut ContainerStatus) {
    let done = container.role == Role::Init && status.state.terminated().is_some_and(|t| t.exit_code == 0);
    if done || !should_restart(worker, slot) {
        return;
    }
    let Some(failure) = worker.slots.get(slot).and_then(|s| s.failure.as_ref()) else { return };
    if status.state.terminated().is_some() {
        status.last_state = std::mem::take(&mut status.state);
    }
    status.state = ContainerState::Waiting(StateWaiting { reason: failure.reason.into(), message: (&failure.message).into() });
}

/// (prober_manager.go: isContainerStarted)
fn is_started(worker: &PodWorker, slot: usize, container: &ContainerPlan, status: &ContainerStatus) -> bool {
    if !status.state.is_running() || container.role == Role::Ephemeral {
        return false;
    }
    container.probe(ProbeKind::Startup).is_none() || result(worker, slot, ProbeKind::Startup) == Some(ProbeResult::Success)
}

/// (prober_manager.go: UpdatePodStatus)
fn is_ready(worker: &PodWorker, slot: usize, container: &ContainerPlan, status: &ContainerStatus) -> bool {
    match container.role {
        Role::Ephemeral => false,
        Role::Init => status.state.terminated().is_some_and(|t| t.exit_code == 0),
        Role::Sidecar | Role::App => {
            status.started
                && (container.probe(ProbeKind::Readiness).is_none()
                    || result(worker, slot, ProbeKind::Readiness) == Some(ProbeResult::Success))
        }
    }
}

fn result(worker: &PodWorker, slot: usize, kind: ProbeKind) -> Option<ProbeResult> {
    let run = worker.seen(slot)?;
    worker.probes.iter().find(|p| p.slot == slot && p.kind == kind)?.result_for(run.id)
}

/// A pod that died before it ran: what never started is declared lost. (status_manager.go: TerminatePod)
fn declare_lost(worker: &PodWorker, statuses: &mut [ContainerStatus]) {
    let has_init = worker.plan.has_init();
    let app_ran = worker.plan.slots(|r| r == Role::App).any(|(slot, _)| worker.seen(slot).is_some());
    let inits_done = worker.plan.containers.iter().zip(statuses.iter()).filter(|(c, _)| c.role.is_init()).all(|(c, s)| match c.role {
        Role::Init => s.state.terminated().is_some_and(|t| t.exit_code == 0),
        Role::Sidecar => !matches!(s.state, ContainerState::Waiting(_)),
        Role::App | Role::Ephemeral => true,
    });
    let initialized = !has_init || app_ran || inits_done;
    for (container, status) in worker.plan.containers.iter().zip(statuses) {
        let waiting = matches!(status.state, ContainerState::Waiting(_) | ContainerState::Unset);
        if container.role == Role::App && waiting && initialized {
            status.state = ContainerState::Terminated(Box::new(StateTerminated {
                exit_code: 137,
                reason: "ContainerStatusUnknown".into(),
                message: "The container could not be located when the pod was terminated".into(),
                ..StateTerminated::default()
            }));
        }
    }
}

/// `docker.io/library/busybox:1.36`, as the runtime names an image.
pub(crate) fn canonical(image: &str) -> String {
    let tagged = if image.rsplit('/').next().is_some_and(|last| last.contains(':') || last.contains('@')) {
        image.to_owned()
    } else {
        format!("{image}:latest")
    };
    match image.split_once('/') {
        None => format!("docker.io/library/{tagged}"),
        Some((host, _)) if host.contains('.') || host.contains(':') || host == "localhost" => tagged,
        Some(_) => format!("docker.io/{tagged}"),
    }
}

/// The digest under which the registry gave the image out; an image that was loaded onto the node has none, and its own id
/// stands for it. (kuberuntime_image.go: getImageRef over containerd's repo digests)
pub(crate) fn image_id(canonical: &str, container: &ContainerPlan) -> String {
    let was_loaded = container.profile.present && container.spec.image_pull_policy != "Always";
    let last = canonical.rfind('/').map_or(0, |i| i + 1);
    let name_ends = canonical.get(last..).and_then(|n| n.find([':', '@'])).map_or(canonical.len(), |i| last + i);
    let repository = canonical.get(..name_ends).unwrap_or(canonical);
    if let Some((_, digest)) = canonical.split_once('@') {
        return format!("{repository}@{digest}");
    }
    // FNV-1a with four starts for 256 bits.
    let word = |n: u64| canonical.bytes().fold(0xcbf2_9ce4_8422_2325 ^ n, |h, b| (h ^ u64::from(b)).wrapping_mul(0x0100_0000_01b3));
    let hex: String = (0..4).map(|n| format!("{:016x}", word(n))).collect();
    if was_loaded { format!("sha256:{hex}") } else { format!("{repository}@sha256:{hex}") }
}
