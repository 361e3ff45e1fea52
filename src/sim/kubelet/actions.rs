//! What one sync decides, from the snapshot alone. (kuberuntime_manager.go: computePodActions)

use super::allocation::{self, Resize};
use super::plan::{ContainerPlan, Role};
use super::prober::ProbeResult;
use super::restart_all;
use super::worker::{Ended, PodWorker, RunState, RunView};
use crate::api::{ContainerRestartRule, RestartPolicy};
use crate::trace::{ProbeKind, Rule};

pub(crate) static LIVENESS_KILL: Rule = Rule {
    id: "kubelet/liveness-kill",
    says: "When failureThreshold liveness probes in a row have failed, the kubelet stops the container and starts it again.",
    source: "kuberuntime_manager.go: computePodActions",
};
pub(crate) static STARTUP_KILL: Rule = Rule {
    id: "kubelet/startup-kill",
    says: "When the startup probe has failed failureThreshold times, the kubelet stops the container and starts it again.",
    source: "kuberuntime_manager.go: computePodActions",
};
pub(crate) static DEFINITION_CHANGED: Rule = Rule {
    id: "kubelet/definition-changed",
    says: "The container's image was changed, so the kubelet stops it and starts it with the new one.",
    source: "kuberuntime_manager.go: containerChanged",
};

/// What to do, in the order of doing.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Actions {
    /// Stop what is left of the pod.
    pub(crate) kill_pod: bool,
    /// Make a sandbox first.
    pub(crate) sandbox: bool,
    /// Remove these, so that the pod starts over.
    pub(crate) resets: Vec<usize>,
    /// Kill these.
    pub(crate) kills: Vec<KillOrder>,
    /// Change the limits of these while they run.
    pub(crate) resizes: Vec<usize>,
    /// Start these.
    pub(crate) starts: Vec<usize>,
}

/// A container to kill, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct KillOrder {
    pub(crate) slot: usize,
    /// The event's text.
    pub(crate) message: String,
    pub(crate) grace_seconds: u64,
    pub(crate) rule: &'static Rule,
}

/// Compares the snapshot with the plan.
pub(crate) fn compute(worker: &PodWorker) -> Actions {
    let mut actions = Actions::default();
    if !worker.seen.sandbox_ready {
        without_sandbox(worker, &mut actions);
        return actions;
    }
    if restart_all::is_due(worker) {
        actions.resets = restart_all::order(worker);
        return actions;
    }
    actions.starts.extend(worker.plan.slots(|r| r == Role::Ephemeral).map(|(slot, _)| slot).filter(|slot| worker.seen(*slot).is_none()));
    let initialized = init_containers(worker, &mut actions);
    if actions.kill_pod || !initialized {
        return actions;
    }
    let sidecar_starts = actions.starts.len();
    let kept = regular_containers(worker, &mut actions);
    if kept == 0 && actions.starts.len() == sidecar_starts {
        // Nothing runs and nothing will: what is left (sidecars) goes too.
        return Actions { kill_pod: true, ..Actions::default() };
    }
    actions
}

/// No sandbox: a new pod, or one whose sandbox was lost. (computePodActions: shouldRestartOnFailure, createPodSandbox)
fn without_sandbox(worker: &PodWorker, actions: &mut Actions) {
    let has_records = worker.seen.slots.iter().any(|s| !s.is_empty());
    if worker.plan.restart_policy == RestartPolicy::Never && has_records {
        actions.kill_pod = true;
        return;
    }
    let first_init = worker.plan.slots(Role::is_init).next().map(|(slot, _)| slot);
    let regular: Vec<usize> =
        worker.plan.slots(|r| r == Role::App).map(|(slot, _)| slot).filter(|slot| should_restart(worker, *slot)).collect();
    if regular.is_empty() && has_records {
        actions.kill_pod = true;
        return;
    }
    actions.sandbox = true;
    actions.starts = first_init.map_or(regular, |slot| vec![slot]);
}

/// Whether a container that does not run shall be started. (helpers.go: ShouldContainerBeRestarted)
pub(crate) fn should_restart(worker: &PodWorker, slot: usize) -> bool {
    if worker.is_deleted() {
        return false;
    }
    match worker.seen(slot).map(|run| &run.state) {
        None | Some(RunState::Created) => true,
        Some(RunState::Running { .. }) => false,
        Some(RunState::Exited(ended)) => worker.plan.get(slot).is_some_and(|c| restarts_after(worker.plan.restart_policy, c, ended)),
    }
}

/// The restart decision for an exit. (pkg/api/v1/pod/util.go: ContainerShouldRestart)
pub(crate) fn restarts_after(pod_policy: RestartPolicy, container: &ContainerPlan, ended: &Ended) -> bool {
    if container.role == Role::Ephemeral {
        return false;
    }
    if matching_rule(container, ended).is_some() {
        return true;
    }
    match container.spec.restart_policy.unwrap_or(pod_policy) {
        RestartPolicy::Always => true,
        RestartPolicy::OnFailure => ended.code != 0 || (container.role == Role::Init && ended.reason == "OOMKilled"),
        RestartPolicy::Never => false,
    }
}

/// The first rule of a container that fits an exit; rules count only beside a policy of its own.
pub(crate) fn matching_rule<'a>(container: &'a ContainerPlan, ended: &Ended) -> Option<&'a ContainerRestartRule> {
    container.spec.restart_policy?;
    container.spec.restart_policy_rules.iter().find(|rule| {
        rule.exit_codes.as_ref().is_some_and(|m| match m.operator.as_str() {
            "In" => m.values.contains(&ended.code),
            "NotIn" => !m.values.contains(&ended.code),
            _ => false,
        })
    })
}

/// A plain init container ended badly. (helpers.go: isInitContainerFailed)
fn failed(ended: &Ended) -> bool {
    ended.code != 0 || ended.reason == "OOMKilled"
}

/// Looks at init containers from last to first; tells whether the pod is initialized. (computeInitContainerActions)
fn init_containers(worker: &PodWorker, actions: &mut Actions) -> bool {
    let inits: Vec<(usize, &ContainerPlan)> = worker.plan.slots(Role::is_init).map(|(slot, c)| (slot, &**c)).collect();
    if inits.is_empty() {
        return true;
    }
    let alive = |run: &RunView| !matches!(run.state, RunState::Exited(_));
    let mut initialized = worker.plan.slots(|r| r == Role::App).any(|(slot, _)| worker.seen(slot).is_some_and(alive));
    let mut later = initialized;
    let mut starts = Vec::new();
    for (place, (slot, container)) in inits.iter().enumerate().rev() {
        let next = inits.get(place + 1).map(|(slot, _)| *slot);
        let is_sidecar = container.role == Role::Sidecar;
        let Some(run) = worker.seen(*slot) else {
            starts.extend((later && is_sidecar).then_some(*slot));
            continue;
        };
        if later && !is_sidecar {
            continue;
        }
        match &run.state {
            RunState::Created => starts.push(*slot),
            RunState::Running { .. } if is_sidecar => {
                let started = sidecar_running(worker, *slot, container, actions, &mut starts);
                if started && !later {
                    match next {
                        None => initialized = true,
                        Some(next) => starts.push(next),
                    }
                }
            }
            RunState::Running { .. } => {}
            RunState::Exited(_) if is_sidecar => starts.push(*slot),
            RunState::Exited(ended) if failed(ended) => {
                if !restarts_after(worker.plan.restart_policy, container, ended) {
                    *actions = Actions { kill_pod: true, ..Actions::default() };
                    return false;
                }
                starts.push(*slot);
            }
            RunState::Exited(_) => match next {
                None => initialized = true,
                Some(next) => starts.push(next),
            },
        }
        later = true;
    }
    starts.extend(inits.first().filter(|_| !later).map(|(slot, _)| *slot));
    crate::order::sort_by(&mut starts, Ord::cmp);
    actions.starts.extend(starts);
    initialized
}

/// A running sidecar: whether it counts as started; its probes may have it killed and started again.
fn sidecar_running(worker: &PodWorker, slot: usize, container: &ContainerPlan, actions: &mut Actions, starts: &mut Vec<usize>) -> bool {
    let name = &container.name;
    let mut restart = |message: String, kind: Option<ProbeKind>, rule| {
        actions.kills.push(KillOrder { slot, message, grace_seconds: grace_for(worker, container, kind), rule });
        starts.push(slot);
    };
    if container.probe(ProbeKind::Startup).is_some() {
        match result(worker, slot, ProbeKind::Startup) {
            Some(ProbeResult::Success) => {}
            Some(ProbeResult::Failure) => {
                restart(format!("Init container {name} failed startup probe"), Some(ProbeKind::Startup), &STARTUP_KILL);
                return false;
            }
            None => return false,
        }
    }
    if image_changed(worker, slot, container) {
        restart(format!("Init container {name} definition changed"), None, &DEFINITION_CHANGED);
    } else if result(worker, slot, ProbeKind::Liveness) == Some(ProbeResult::Failure) {
        restart(format!("Init container {name} failed liveness probe"), Some(ProbeKind::Liveness), &LIVENESS_KILL);
    } else {
        match allocation::change(worker, slot) {
            Some(Resize::Restart) => restart(format!("Init container {name} resize requires restart"), None, &allocation::RESIZE),
            Some(Resize::InPlace) => actions.resizes.push(slot),
            None => {}
        }
    }
    true
}

/// Looks at regular containers; tells how many are kept running.
fn regular_containers(worker: &PodWorker, actions: &mut Actions) -> usize {
    let mut kept = 0;
    for (slot, container) in worker.plan.slots(|r| r == Role::App) {
        let running = worker.seen(slot).is_some_and(RunView::is_running);
        if !running {
            if should_restart(worker, slot) {
                actions.starts.push(slot);
            }
            continue;
        }
        let restart = container.spec.restart_policy.unwrap_or(worker.plan.restart_policy) != RestartPolicy::Never;
        let name = &container.name;
        let suffix = if restart { ", will be restarted" } else { "" };
        let (message, kind, rule, again) = if image_changed(worker, slot, container) {
            (format!("Container {name} definition changed, will be restarted"), None, &DEFINITION_CHANGED, true)
        } else if allocation::change(worker, slot) == Some(Resize::Restart) {
            (format!("Container {name} resize requires restart"), None, &allocation::RESIZE, true)
        } else if result(worker, slot, ProbeKind::Liveness) == Some(ProbeResult::Failure) {
            (format!("Container {name} failed liveness probe{suffix}"), Some(ProbeKind::Liveness), &LIVENESS_KILL, restart)
        } else if result(worker, slot, ProbeKind::Startup) == Some(ProbeResult::Failure) {
            (format!("Container {name} failed startup probe{suffix}"), Some(ProbeKind::Startup), &STARTUP_KILL, restart)
        } else {
            kept += 1;
            actions.resizes.extend(allocation::change(worker, slot).map(|_| slot));
            continue;
        };
        actions.kills.push(KillOrder { slot, message, grace_seconds: grace_for(worker, container, kind), rule });
        if again {
            actions.starts.push(slot);
        }
    }
    kept
}

/// The stored result of a probe for the run that is seen.
fn result(worker: &PodWorker, slot: usize, kind: ProbeKind) -> Option<ProbeResult> {
    let run = worker.seen(slot)?;
    worker.probes.iter().find(|p| p.slot == slot && p.kind == kind)?.result_for(run.id)
}

fn image_changed(worker: &PodWorker, slot: usize, container: &ContainerPlan) -> bool {
    worker.seen(slot).is_some_and(|run| *run.image != *container.spec.image)
}

/// The grace period of a kill that is not the pod's end. (kuberuntime_container.go: setTerminationGracePeriod)
fn grace_for(worker: &PodWorker, container: &ContainerPlan, kind: Option<ProbeKind>) -> u64 {
    if let Some(grace) = worker.plan.pod.metadata.deletion_grace_period_seconds {
        return u64::try_from(grace).unwrap_or_default();
    }
    kind.and_then(|k| container.probe(k)).and_then(|p| p.grace_seconds).unwrap_or(worker.plan.grace_seconds)
}
