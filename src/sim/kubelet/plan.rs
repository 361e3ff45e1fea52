//! An admitted pod, lowered once into what the kubelet's loops need: no option that defaulting has filled.

use std::sync::Arc;

use crate::api::{Container, Handler, IntOrString, Pod, Probe, RestartPolicy};
use crate::scenario::ImageRule;
use crate::sim::program::{self, Profile};
use crate::text::{FieldPath, Shared};
use crate::time::SimDuration;
use crate::trace::{ContainerGroup, ContainerRef, ObjectId, ProbeKind};

/// A pod as the kubelet works with it.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct PodPlan {
    pub(crate) pod: Arc<Pod>,
    /// `<name>_<namespace>(<uid>)`. (pkg/kubelet/util/format/pod.go: PodDesc)
    pub(crate) describe: String,
    pub(crate) restart_policy: RestartPolicy,
    pub(crate) grace_seconds: u64,
    pub(crate) deadline: Option<SimDuration>,
    /// Init containers, then containers, then ephemeral ones: the index is the slot, and stays for the pod's life.
    pub(crate) containers: Vec<Arc<ContainerPlan>>,
}

/// One container of it.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct ContainerPlan {
    pub(crate) at: ContainerRef,
    pub(crate) name: Shared,
    pub(crate) spec: Container,
    /// `spec.containers[0]`.
    pub(crate) field: FieldPath,
    /// `spec.containers{app}`, as events name it.
    pub(crate) event_field: FieldPath,
    pub(crate) role: Role,
    pub(crate) profile: Arc<Profile>,
    pub(crate) probes: Vec<Arc<ProbePlan>>,
}

/// What part a container plays.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Role {
    /// An init container that runs to its end.
    Init,
    /// An init container with restartPolicy Always.
    Sidecar,
    /// A regular container.
    App,
    /// An ephemeral container.
    Ephemeral,
}

/// A probe with its numbers resolved.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct ProbePlan {
    pub(crate) kind: ProbeKind,
    pub(crate) handler: Handler,
    pub(crate) initial_delay_seconds: u64,
    pub(crate) timeout: SimDuration,
    pub(crate) period: SimDuration,
    pub(crate) success_threshold: u16,
    pub(crate) failure_threshold: u16,
    pub(crate) grace_seconds: Option<u64>,
    pub(crate) field: FieldPath,
    /// The command of an exec probe.
    pub(crate) command_field: FieldPath,
}

impl PodPlan {
    /// Lowers a pod.
    pub(crate) fn new(id: ObjectId, pod: &Arc<Pod>, images: &[ImageRule]) -> Self {
        let spec = &pod.spec;
        let groups = [
            (ContainerGroup::Init, &spec.init_containers, "initContainers"),
            (ContainerGroup::App, &spec.containers, "containers"),
            (ContainerGroup::Ephemeral, &spec.ephemeral_containers, "ephemeralContainers"),
        ];
        let mut containers = Vec::new();
        for (group, list, field) in groups {
            for (index, (number, container)) in (0_u16..).zip(list.iter().enumerate()) {
                let at = ContainerRef { pod: id, group, index };
                let field_path = FieldPath::from("spec").field(field).index(number);
                let event_field = FieldPath::from(format!("spec.{field}{{{}}}", container.name).as_str());
                containers.push(Arc::new(ContainerPlan::new(at, container, field_path, event_field, images)));
            }
        }
        let meta = &pod.metadata;
        Self {
            pod: Arc::clone(pod),
            describe: format!("{}_{}({})", meta.name, meta.namespace, meta.uid),
            restart_policy: spec.restart_policy.unwrap_or(RestartPolicy::Always),
            grace_seconds: spec.termination_grace_period_seconds.and_then(|s| u64::try_from(s).ok()).unwrap_or(30),
            deadline: spec.active_deadline_seconds.and_then(|s| u64::try_from(s).ok()).map(SimDuration::from_secs),
            containers,
        }
    }

    /// The container in a slot.
    pub(crate) fn get(&self, slot: usize) -> Option<&Arc<ContainerPlan>> {
        self.containers.get(slot)
    }

    /// Slots of a role, in order.
    pub(crate) fn slots(&self, wanted: impl Fn(Role) -> bool) -> impl DoubleEndedIterator<Item = (usize, &Arc<ContainerPlan>)> {
        self.containers.iter().enumerate().filter(move |(_, c)| wanted(c.role))
    }

    /// Whether the pod has any init containers, sidecars included.
    pub(crate) fn has_init(&self) -> bool {
        self.containers.iter().any(|c| c.role.is_init())
    }
}

impl Role {
    /// An element of `initContainers`.
    pub(crate) const fn is_init(self) -> bool {
        matches!(self, Self::Init | Self::Sidecar)
    }
}

impl ContainerPlan {
    fn new(at: ContainerRef, spec: &Container, field: FieldPath, event_field: FieldPath, images: &[ImageRule]) -> Self {
        let role = match at.group {
            ContainerGroup::Init if spec.is_sidecar() => Role::Sidecar,
            ContainerGroup::Init => Role::Init,
            ContainerGroup::App => Role::App,
            ContainerGroup::Ephemeral => Role::Ephemeral,
        };
        // The order in which a container's workers are made. (prober_manager.go: AddPod)
        let probes = [
            (ProbeKind::Startup, &spec.startup_probe),
            (ProbeKind::Readiness, &spec.readiness_probe),
            (ProbeKind::Liveness, &spec.liveness_probe),
        ];
        let probes = probes
            .into_iter()
            .filter_map(|(kind, p)| p.as_ref().map(|p| Arc::new(ProbePlan::new(kind, p, field.field(kind.field())))))
            .collect();
        let profile = program::profile(&spec.image, images);
        Self { at, name: spec.name.clone().into(), spec: spec.clone(), field, event_field, role, profile, probes }
    }

    /// The probe of a kind.
    pub(crate) fn probe(&self, kind: ProbeKind) -> Option<&Arc<ProbePlan>> {
        self.probes.iter().find(|p| p.kind == kind)
    }

    /// The number of a port given as a number or by name.
    pub(crate) fn port(&self, port: &IntOrString) -> Option<u16> {
        match port {
            IntOrString::Int(n) => u16::try_from(*n).ok(),
            IntOrString::String(name) => self
                .spec
                .ports
                .iter()
                .find(|p| p.name == *name)
                .and_then(|p| u16::try_from(p.container_port).ok())
                .or_else(|| name.parse().ok()),
        }
    }
}

impl ProbePlan {
    fn new(kind: ProbeKind, probe: &Probe, field: FieldPath) -> Self {
        let number = |n: i32, default: u64| if n <= 0 { default } else { u64::try_from(n).unwrap_or(default) };
        let small = |n: i32, default: u64| u16::try_from(number(n, default)).unwrap_or(u16::MAX);
        Self {
            kind,
            handler: probe.handler.clone(),
            initial_delay_seconds: number(probe.initial_delay_seconds, 0),
            timeout: SimDuration::from_secs(number(probe.timeout_seconds, 1)),
            period: SimDuration::from_secs(number(probe.period_seconds, 10)),
            success_threshold: small(probe.success_threshold, 1),
            failure_threshold: small(probe.failure_threshold, 3),
            grace_seconds: probe.termination_grace_period_seconds.and_then(|s| u64::try_from(s).ok()),
            command_field: field.field("exec").field("command"),
            field,
        }
    }
}
