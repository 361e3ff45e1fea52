//! The pod's conditions. (pkg/kubelet/status/generate.go)

use super::allocation::Allocation;
use super::plan::{PodPlan, Role};
use crate::api::{Condition, ConditionType, ContainerStatus, Phase, PodStatus};
use crate::time::SimTime;

/// A condition's value, reason and message.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
struct Value {
    status: bool,
    reason: &'static str,
    message: String,
}

impl Value {
    fn yes() -> Self {
        Self { status: true, ..Self::default() }
    }

    fn no(reason: &'static str, message: String) -> Self {
        Self { status: false, reason, message }
    }
}

/// What conditions are computed from.
#[derive(Debug, Clone, Copy)]
pub(crate) struct ConditionInput<'a> {
    pub(crate) plan: &'a PodPlan,
    /// Statuses by slot.
    pub(crate) statuses: &'a [ContainerStatus],
    pub(crate) phase: Phase,
    pub(crate) sandbox_ready: bool,
    pub(crate) allocation: &'a Allocation,
    /// Whether all containers are being restarted; nothing for a pod that has no rule for it.
    pub(crate) restarting_all: Option<bool>,
    pub(crate) old: &'a PodStatus,
    pub(crate) now: SimTime,
}

/// All conditions that the kubelet owns, in its order, behind those of others.
pub(crate) fn compute(input: ConditionInput<'_>) -> Vec<Condition> {
    let own = [
        (ConditionType::PodReadyToStartContainers, Value { status: input.sandbox_ready, ..Value::default() }),
        (ConditionType::Initialized, initialized(&input)),
        (ConditionType::Ready, ready(&input)),
        (ConditionType::ContainersReady, containers_ready(&input)),
        (ConditionType::PodScheduled, Value::yes()),
    ];
    let over = input.restarting_all.map(|now| (ConditionType::AllContainersRestarting, restarting(now)));
    let own = resize(input.allocation).into_iter().chain(own).chain(over);
    let foreign = input.old.conditions.iter().filter(|c| !is_own(&c.kind)).cloned();
    let generation = input.plan.pod.metadata.generation;
    let mine = own.map(|(kind, value)| build(input.old, kind, &value, input.now, generation));
    foreign.chain(mine).collect()
}

/// Whether a condition is the kubelet's to say; others are left as the API has them. (pkg/kubelet/types: PodConditionByKubelet)
pub(crate) fn is_own(kind: &ConditionType) -> bool {
    match kind {
        ConditionType::DisruptionTarget | ConditionType::Custom(_) => false,
        ConditionType::PodReadyToStartContainers
        | ConditionType::Initialized
        | ConditionType::Ready
        | ConditionType::ContainersReady
        | ConditionType::PodScheduled
        | ConditionType::AllContainersRestarting
        | ConditionType::PodResizePending
        | ConditionType::PodResizeInProgress => true,
    }
}

fn restarting(now: bool) -> Value {
    if now {
        Value { status: true, reason: "RestartAllContainersStarted", message: "container exited with restart policy rule".into() }
    } else {
        Value::default()
    }
}

/// Present only while a resize waits or goes on. (generate.go: allocation manager's conditions)
fn resize(allocation: &Allocation) -> Vec<(ConditionType, Value)> {
    let pending = allocation.deferred.clone().map(|message| Value { status: true, reason: "Deferred", message });
    let going_on = allocation.in_progress.then(Value::yes);
    let both = [(ConditionType::PodResizePending, pending), (ConditionType::PodResizeInProgress, going_on)];
    both.into_iter().filter_map(|(kind, value)| Some((kind, value?))).collect()
}

/// A condition keeps its transition time while its status value stays. (status_manager.go: updateLastTransitionTime)
fn build(old: &PodStatus, kind: ConditionType, value: &Value, now: SimTime, generation: i64) -> Condition {
    let since = old.condition(&kind).filter(|c| c.status == value.status).map_or(now, |c| c.last_transition_time);
    Condition {
        kind,
        status: value.status,
        reason: value.reason.into(),
        message: value.message.clone().into(),
        last_transition_time: since,
        observed_generation: Some(generation),
    }
}

fn names<'a>(list: impl Iterator<Item = &'a str>) -> String {
    list.collect::<Vec<_>>().join(" ")
}

/// (generate.go: GeneratePodInitializedCondition)
fn initialized(input: &ConditionInput<'_>) -> Value {
    if input.phase == Phase::Succeeded {
        return Value { status: true, reason: "PodCompleted", message: String::new() };
    }
    let both = || input.plan.containers.iter().zip(input.statuses);
    let begun = both().any(|(c, s)| c.role == Role::App && (s.state.is_running() || s.state.terminated().is_some()));
    let was = input.old.is_true(&ConditionType::Initialized);
    let open = both().filter(|(c, s)| match c.role {
        Role::Init => !s.ready,
        Role::Sidecar => !s.started,
        Role::App | Role::Ephemeral => false,
    });
    let open = names(open.map(|(c, _)| c.name.as_str()));
    if open.is_empty() || begun || (was && input.plan.has_init()) {
        Value::yes()
    } else {
        Value::no("ContainersNotInitialized", format!("containers with incomplete status: [{open}]"))
    }
}

/// (generate.go: GenerateContainersReadyCondition)
fn containers_ready(input: &ConditionInput<'_>) -> Value {
    match input.phase {
        Phase::Succeeded => return Value::no("PodCompleted", String::new()),
        Phase::Failed => return Value::no("PodFailed", String::new()),
        Phase::Pending | Phase::Running => {}
    }
    let both = input.plan.containers.iter().zip(input.statuses);
    let unready = both.filter(|(c, s)| matches!(c.role, Role::Sidecar | Role::App) && !s.ready);
    let unready = names(unready.map(|(c, _)| c.name.as_str()));
    if unready.is_empty() { Value::yes() } else { Value::no("ContainersNotReady", format!("containers with unready status: [{unready}]")) }
}

/// (generate.go: GeneratePodReadyCondition)
fn ready(input: &ConditionInput<'_>) -> Value {
    let containers = containers_ready(input);
    if !containers.status {
        return containers;
    }
    let missing: Vec<String> = input
        .plan
        .pod
        .spec
        .readiness_gates
        .iter()
        .filter_map(|gate| {
            let name = &gate.condition_type;
            match input.old.conditions.iter().find(|c| c.kind.as_str() == name) {
                None => Some(format!("corresponding condition of pod readiness gate \"{name}\" does not exist.")),
                Some(c) if !c.status => Some(format!("the status of pod readiness gate \"{name}\" is not \"True\", but False")),
                Some(_) => None,
            }
        })
        .collect();
    if missing.is_empty() { Value::yes() } else { Value::no("ReadinessGatesNotReady", missing.join(", ")) }
}

/// Patches one condition, as the sandbox's readiness is patched while a sync goes on.
pub(crate) fn set_ready_to_start(status: &mut PodStatus, ready: bool, now: SimTime) {
    let old = status.clone();
    if let Some(c) = status.conditions.iter_mut().find(|c| c.kind == ConditionType::PodReadyToStartContainers) {
        let generation = c.observed_generation.unwrap_or_default();
        *c = build(&old, ConditionType::PodReadyToStartContainers, &Value { status: ready, ..Value::default() }, now, generation);
    }
}
