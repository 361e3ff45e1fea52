//! Kubernetes' own types, as far as the simulator acts on them, in the wire format of the API (v1.36).
//!
//! Fields that are kept but not acted on are [`Opaque`]: accepted, shown, not simulated.

mod container;
mod error;
mod event;
mod list;
mod meta;
mod object;
mod pod;
mod probe;
mod quantity;
mod service;
mod status;
mod volume;
pub(crate) mod wire;

pub use container::{
    ConfigMapKeySelector, Container, ContainerPort, ContainerRestartRule, EnvFromSource, EnvVar, EnvVarSource, ExitCodeMatch, KeySelector,
    LocalRef, ObjectFieldSelector, ResourceFieldSelector, Resources, SecurityContext,
};
pub use error::ApiError;
pub use event::{Event, EventType};
pub use list::List;
pub use meta::{ObjectKey, ObjectMeta, OwnerReference};
pub use object::{ConfigMap, Kind, Object, Other, Secret};
pub use pod::{Gate, Pod, PodSecurityContext, PodSpec, ReadinessGate, RestartPolicy, Toleration};
pub use probe::{ExecAction, GrpcAction, Handler, HttpGetAction, HttpHeader, Lifecycle, Probe, SleepAction, TcpSocketAction};
pub use quantity::Quantity;
pub use service::{Endpoint, EndpointSlice, IntOrString, Service, ServicePort, ServiceSpec};
pub use status::{
    Allocated, Condition, ConditionType, ContainerState, ContainerStatus, Phase, PodStatus, QosClass, StateRunning, StateTerminated,
    StateWaiting,
};
pub use volume::{ConfigMapVolume, EmptyDir, HostPath, KeyToPath, SecretVolume, Volume, VolumeMount, VolumeSource};
pub use wire::{Wire, from_value};

/// A part of an object that is accepted and kept, but that nothing simulated depends on.
pub type Opaque = serde_json::Value;
