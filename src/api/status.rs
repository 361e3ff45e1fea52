//! What a pod is: phase, conditions, container states.
//!
//! Instants are [`SimTime`]s with full precision; they are published truncated to whole seconds.

use std::sync::Arc;

use serde_json::{Map, Value};

use crate::text::Shared;
use crate::time::SimTime;

use super::wire::{Mode, Wire, read_fields, wire, word, words, write_fields};
use super::{Opaque, Resources};

/// The status of a pod.
#[derive(Debug, Clone, PartialEq, Default)]
#[expect(missing_docs, reason = "fields are documented by the Kubernetes API")]
pub struct PodStatus {
    pub observed_generation: Option<i64>,
    pub phase: Phase,
    pub conditions: Vec<Condition>,
    pub message: Shared,
    pub reason: Shared,
    pub host_ip: Shared,
    pub pod_ip: Shared,
    pub start_time: Option<SimTime>,
    pub init_container_statuses: Vec<ContainerStatus>,
    /// Sorted by name. (kubelet types: SortedContainerStatuses)
    pub container_statuses: Vec<ContainerStatus>,
    pub ephemeral_container_statuses: Vec<ContainerStatus>,
    pub qos_class: QosClass,
    /// Where the scheduler made room for the pod.
    pub nominated_node_name: Shared,
    pub resize: Option<Opaque>,
}

wire!(PodStatus {
    observed_generation: "observedGeneration",
    phase: "phase" always,
    conditions: "conditions",
    message: "message",
    reason: "reason",
    host_ip: "hostIP",
    pod_ip: "podIP",
    start_time: "startTime",
    init_container_statuses: "initContainerStatuses",
    container_statuses: "containerStatuses",
    ephemeral_container_statuses: "ephemeralContainerStatuses",
    qos_class: "qosClass" always,
    nominated_node_name: "nominatedNodeName",
    resize: "resize",
});

impl PodStatus {
    /// The condition of a type, if the pod has it.
    pub fn condition(&self, kind: &ConditionType) -> Option<&Condition> {
        self.conditions.iter().find(|c| &c.kind == kind)
    }

    /// Whether the condition exists and is True.
    pub fn is_true(&self, kind: &ConditionType) -> bool {
        self.condition(kind).is_some_and(|c| c.status)
    }
}

/// Where a pod is in its life.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[expect(missing_docs, reason = "documented by the Kubernetes API")]
pub enum Phase {
    #[default]
    Pending,
    Running,
    Succeeded,
    Failed,
}

words!(Phase { Pending, Running, Succeeded, Failed });

impl Phase {
    /// Succeeded or Failed: never left again.
    pub const fn is_terminal(self) -> bool {
        matches!(self, Self::Succeeded | Self::Failed)
    }
}

/// Quality of service, fixed at creation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[expect(missing_docs, reason = "documented by the Kubernetes API")]
pub enum QosClass {
    Guaranteed,
    Burstable,
    #[default]
    BestEffort,
}

words!(QosClass { Guaranteed, Burstable, BestEffort });

impl QosClass {}

/// The type of a pod condition.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
#[expect(missing_docs, reason = "documented by the Kubernetes API")]
pub enum ConditionType {
    PodReadyToStartContainers,
    Initialized,
    Ready,
    ContainersReady,
    PodScheduled,
    AllContainersRestarting,
    DisruptionTarget,
    PodResizePending,
    PodResizeInProgress,
    Custom(String),
}

impl Default for ConditionType {
    fn default() -> Self {
        Self::Custom(String::new())
    }
}

impl Wire for ConditionType {
    fn read(&mut self, from: &Value) -> Result<(), String> {
        if let Some(name) = word(from)? {
            *self = Self::KNOWN.into_iter().find(|k| k.as_str() == name).unwrap_or_else(|| Self::Custom(name.to_owned()));
        }
        Ok(())
    }

    fn write(&self) -> Value {
        self.as_str().into()
    }
}

impl ConditionType {
    /// The types that Kubernetes itself sets.
    const KNOWN: [Self; 9] = [
        Self::PodReadyToStartContainers,
        Self::Initialized,
        Self::Ready,
        Self::ContainersReady,
        Self::PodScheduled,
        Self::AllContainersRestarting,
        Self::DisruptionTarget,
        Self::PodResizePending,
        Self::PodResizeInProgress,
    ];

    /// As the API writes it.
    pub fn as_str(&self) -> &str {
        match self {
            Self::PodReadyToStartContainers => "PodReadyToStartContainers",
            Self::Initialized => "Initialized",
            Self::Ready => "Ready",
            Self::ContainersReady => "ContainersReady",
            Self::PodScheduled => "PodScheduled",
            Self::AllContainersRestarting => "AllContainersRestarting",
            Self::DisruptionTarget => "DisruptionTarget",
            Self::PodResizePending => "PodResizePending",
            Self::PodResizeInProgress => "PodResizeInProgress",
            Self::Custom(name) => name,
        }
    }
}

/// One condition of a pod. `status` is True or False; Unknown does not occur in what is simulated.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[expect(missing_docs, reason = "fields are documented by the Kubernetes API")]
pub struct Condition {
    pub kind: ConditionType,
    pub status: bool,
    pub reason: Shared,
    pub message: Shared,
    pub last_transition_time: SimTime,
    pub observed_generation: Option<i64>,
}

impl Wire for Condition {
    fn read(&mut self, from: &Value) -> Result<(), String> {
        let mut status = String::new();
        read_fields(
            from,
            &mut [
                ("type", &mut self.kind, Mode::Always),
                ("status", &mut status, Mode::Always),
                ("reason", &mut self.reason, Mode::OmitEmpty),
                ("message", &mut self.message, Mode::OmitEmpty),
                ("observedGeneration", &mut self.observed_generation, Mode::OmitEmpty),
            ],
        )?;
        self.status = status == "True";
        Ok(())
    }

    fn write(&self) -> Value {
        let status = if self.status { "True" } else { "False" }.to_owned();
        write_fields(&[
            ("type", &self.kind, Mode::Always),
            ("status", &status, Mode::Always),
            ("reason", &self.reason, Mode::OmitEmpty),
            ("message", &self.message, Mode::OmitEmpty),
            ("lastTransitionTime", &self.last_transition_time, Mode::Always),
            ("observedGeneration", &self.observed_generation, Mode::OmitEmpty),
        ])
    }
}

/// The published status of one container.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[expect(missing_docs, reason = "fields are documented by the Kubernetes API")]
pub struct ContainerStatus {
    pub name: Shared,
    pub state: ContainerState,
    pub last_state: ContainerState,
    pub ready: bool,
    pub restart_count: u32,
    pub image: Shared,
    pub image_id: Shared,
    pub container_id: Shared,
    pub started: bool,
    pub allocated_resources: Option<Allocated>,
    pub resources: Option<Arc<Resources>>,
}

/// What the node has promised a container, of which a status tells the requests.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Allocated(pub Arc<Resources>);

/// Written by the kubelet only, so nothing is read.
impl Wire for Allocated {
    fn read(&mut self, _: &Value) -> Result<(), String> {
        Ok(())
    }

    fn write(&self) -> Value {
        self.0.requests.write()
    }

    fn is_empty(&self) -> bool {
        self.0.requests.is_empty()
    }
}

wire!(ContainerStatus {
    name: "name" always,
    state: "state" always,
    last_state: "lastState" always,
    ready: "ready" always,
    restart_count: "restartCount" always,
    image: "image" always,
    image_id: "imageID" always,
    container_id: "containerID",
    started: "started" always,
    allocated_resources: "allocatedResources",
    resources: "resources",
});

/// Waiting, running or terminated; `Unset` is an empty `lastState`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[expect(missing_docs, reason = "documented by the Kubernetes API")]
pub enum ContainerState {
    #[default]
    Unset,
    Waiting(StateWaiting),
    Running(StateRunning),
    Terminated(Box<StateTerminated>),
}

/// Written by the kubelet only, so nothing is read.
impl Wire for ContainerState {
    fn read(&mut self, _: &Value) -> Result<(), String> {
        Ok(())
    }

    fn write(&self) -> Value {
        let mut object = Map::new();
        let (name, state): (&str, &dyn Wire) = match self {
            Self::Unset => return Value::Object(object),
            Self::Waiting(state) => ("waiting", state),
            Self::Running(state) => ("running", state),
            Self::Terminated(state) => ("terminated", &**state),
        };
        object.insert(name.to_owned(), state.write());
        Value::Object(object)
    }
}

impl ContainerState {
    /// The end of a run, if this is one.
    pub fn terminated(&self) -> Option<&StateTerminated> {
        match self {
            Self::Terminated(t) => Some(t),
            Self::Unset | Self::Waiting(_) | Self::Running(_) => None,
        }
    }

    /// Whether the container runs.
    pub const fn is_running(&self) -> bool {
        matches!(self, Self::Running(_))
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[expect(missing_docs, reason = "documented by the Kubernetes API")]
pub struct StateWaiting {
    pub reason: Shared,
    pub message: Shared,
}

wire!(StateWaiting { reason: "reason", message: "message" });

#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[expect(missing_docs, reason = "documented by the Kubernetes API")]
pub struct StateRunning {
    pub started_at: SimTime,
}

wire!(StateRunning {
    started_at: "startedAt" always,
});

/// How a container ended. `started_at` is empty for one that never ran (published as 1970).
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[expect(missing_docs, reason = "fields are documented by the Kubernetes API")]
pub struct StateTerminated {
    pub exit_code: i32,
    pub reason: Shared,
    pub message: Shared,
    pub started_at: Option<SimTime>,
    pub finished_at: Option<SimTime>,
    pub container_id: Shared,
}

wire!(StateTerminated {
    exit_code: "exitCode" always,
    reason: "reason",
    message: "message",
    started_at: "startedAt" always,
    finished_at: "finishedAt" always,
    container_id: "containerID",
});
