//! What a pod is: phase, conditions, container states.
//!
//! Instants are [`SimTime`]s with full precision; they are published truncated to whole seconds.

use serde::ser::SerializeMap as _;
use serde::{Deserialize, Serialize};

use crate::time::{SimTime, rfc3339};

use super::Opaque;

fn published<S: serde::Serializer>(t: &SimTime, s: S) -> Result<S::Ok, S::Error> {
    s.serialize_str(&rfc3339(*t))
}

#[expect(clippy::ref_option, reason = "the signature serde asks for")]
fn published_option<S: serde::Serializer>(t: &Option<SimTime>, s: S) -> Result<S::Ok, S::Error> {
    match t {
        Some(t) => published(t, s),
        None => s.serialize_none(),
    }
}

/// The status of a pod.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[expect(missing_docs, reason = "fields are documented by the Kubernetes API")]
pub struct PodStatus {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub observed_generation: Option<i64>,
    pub phase: Phase,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub conditions: Vec<Condition>,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub message: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub reason: String,
    #[serde(rename = "hostIP", skip_serializing_if = "String::is_empty")]
    pub host_ip: String,
    #[serde(rename = "podIP", skip_serializing_if = "String::is_empty")]
    pub pod_ip: String,
    #[serde(skip_serializing_if = "Option::is_none", serialize_with = "published_option", skip_deserializing)]
    pub start_time: Option<SimTime>,
    #[serde(skip_serializing_if = "Vec::is_empty", skip_deserializing)]
    pub init_container_statuses: Vec<ContainerStatus>,
    /// Sorted by name. (kubelet types: SortedContainerStatuses)
    #[serde(skip_serializing_if = "Vec::is_empty", skip_deserializing)]
    pub container_statuses: Vec<ContainerStatus>,
    #[serde(skip_serializing_if = "Vec::is_empty", skip_deserializing)]
    pub ephemeral_container_statuses: Vec<ContainerStatus>,
    pub qos_class: QosClass,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub resize: Option<Opaque>,
}

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
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[expect(missing_docs, reason = "documented by the Kubernetes API")]
pub enum Phase {
    #[default]
    Pending,
    Running,
    Succeeded,
    Failed,
}

impl Phase {
    /// Succeeded or Failed: never left again.
    pub const fn is_terminal(self) -> bool {
        matches!(self, Self::Succeeded | Self::Failed)
    }

    /// As the API writes it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Pending => "Pending",
            Self::Running => "Running",
            Self::Succeeded => "Succeeded",
            Self::Failed => "Failed",
        }
    }
}

/// Quality of service, fixed at creation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[expect(missing_docs, reason = "documented by the Kubernetes API")]
pub enum QosClass {
    Guaranteed,
    Burstable,
    #[default]
    BestEffort,
}

impl QosClass {
    /// As the API writes it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Guaranteed => "Guaranteed",
            Self::Burstable => "Burstable",
            Self::BestEffort => "BestEffort",
        }
    }
}

/// The type of a pod condition.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
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
    #[serde(untagged)]
    Custom(String),
}

impl ConditionType {
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
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[expect(missing_docs, reason = "fields are documented by the Kubernetes API")]
pub struct Condition {
    #[serde(rename = "type")]
    pub kind: ConditionType,
    #[serde(with = "truth")]
    pub status: bool,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub reason: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub message: String,
    #[serde(serialize_with = "published", skip_deserializing)]
    pub last_transition_time: SimTime,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub observed_generation: Option<i64>,
}

/// `"True"` and `"False"`, the way conditions write booleans.
mod truth {
    use serde::Deserialize;

    #[expect(clippy::trivially_copy_pass_by_ref, reason = "the signature serde asks for")]
    pub(super) fn serialize<S: serde::Serializer>(b: &bool, s: S) -> Result<S::Ok, S::Error> {
        s.serialize_str(if *b { "True" } else { "False" })
    }

    pub(super) fn deserialize<'de, D: serde::Deserializer<'de>>(d: D) -> Result<bool, D::Error> {
        Ok(String::deserialize(d)? == "True")
    }
}

/// The published status of one container.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
#[serde(rename_all = "camelCase")]
#[expect(missing_docs, reason = "fields are documented by the Kubernetes API")]
pub struct ContainerStatus {
    pub name: String,
    pub state: ContainerState,
    pub last_state: ContainerState,
    pub ready: bool,
    pub restart_count: u32,
    pub image: String,
    #[serde(rename = "imageID")]
    pub image_id: String,
    #[serde(rename = "containerID", skip_serializing_if = "String::is_empty")]
    pub container_id: String,
    pub started: bool,
}

/// Waiting, running or terminated; `Unset` is an empty `lastState`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[expect(missing_docs, reason = "documented by the Kubernetes API")]
pub enum ContainerState {
    #[default]
    Unset,
    Waiting(StateWaiting),
    Running(StateRunning),
    Terminated(StateTerminated),
}

impl Serialize for ContainerState {
    fn serialize<S: serde::Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        let mut map = s.serialize_map(None)?;
        match self {
            Self::Unset => {}
            Self::Waiting(state) => map.serialize_entry("waiting", state)?,
            Self::Running(state) => map.serialize_entry("running", state)?,
            Self::Terminated(state) => map.serialize_entry("terminated", state)?,
        }
        map.end()
    }
}

impl ContainerState {
    /// The end of a run, if this is one.
    pub const fn terminated(&self) -> Option<&StateTerminated> {
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

#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
#[expect(missing_docs, reason = "documented by the Kubernetes API")]
pub struct StateWaiting {
    #[serde(skip_serializing_if = "String::is_empty")]
    pub reason: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub message: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
#[serde(rename_all = "camelCase")]
#[expect(missing_docs, reason = "documented by the Kubernetes API")]
pub struct StateRunning {
    #[serde(serialize_with = "published")]
    pub started_at: SimTime,
}

/// How a container ended. `started_at` is empty for one that never ran (published as 1970).
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
#[serde(rename_all = "camelCase")]
#[expect(missing_docs, reason = "fields are documented by the Kubernetes API")]
pub struct StateTerminated {
    pub exit_code: i32,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub reason: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub message: String,
    #[serde(serialize_with = "published_option")]
    pub started_at: Option<SimTime>,
    #[serde(serialize_with = "published_option")]
    pub finished_at: Option<SimTime>,
    #[serde(rename = "containerID", skip_serializing_if = "String::is_empty")]
    pub container_id: String,
}
