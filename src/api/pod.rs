//! Pods and their specification.

use crate::order::SortedMap;
use std::sync::Arc;

use super::wire::{wire, words};
use super::{Container, List, LocalRef, ObjectMeta, Opaque, PodStatus, Quantity, Resources, Volume};

/// A pod. Specification and metadata are shared between revisions, since only the status changes often.
#[derive(Debug, Clone, PartialEq, Default)]
#[expect(missing_docs, reason = "documented by the Kubernetes API")]
pub struct Pod {
    pub metadata: Arc<ObjectMeta>,
    pub spec: Arc<PodSpec>,
    pub status: PodStatus,
}

wire!(Pod {
    metadata: "metadata" always,
    spec: "spec" always,
    status: "status" always,
});

impl Pod {
    /// Whether deletion has begun.
    pub fn is_terminating(&self) -> bool {
        self.metadata.deletion_timestamp.is_some()
    }
}

/// What a pod is asked to be.
#[derive(Debug, Clone, PartialEq, Default)]
#[expect(missing_docs, reason = "fields are documented by the Kubernetes API")]
pub struct PodSpec {
    pub volumes: List<Volume>,
    pub init_containers: List<Container>,
    pub containers: List<Container>,
    pub ephemeral_containers: List<Container>,
    pub restart_policy: Option<RestartPolicy>,
    pub termination_grace_period_seconds: Option<i64>,
    pub active_deadline_seconds: Option<i64>,
    pub dns_policy: String,
    pub node_selector: SortedMap<String, String>,
    pub service_account_name: String,
    pub service_account: String,
    pub automount_service_account_token: Option<bool>,
    pub node_name: String,
    pub host_network: bool,
    pub host_pid: bool,
    pub host_ipc: bool,
    pub share_process_namespace: Option<bool>,
    pub security_context: Option<PodSecurityContext>,
    pub image_pull_secrets: Vec<LocalRef>,
    pub hostname: String,
    pub subdomain: String,
    pub affinity: Option<Opaque>,
    pub scheduler_name: String,
    pub tolerations: Vec<Toleration>,
    pub host_aliases: Option<Opaque>,
    pub priority_class_name: String,
    pub priority: Option<i32>,
    pub dns_config: Option<Opaque>,
    pub readiness_gates: Vec<ReadinessGate>,
    pub runtime_class_name: Option<String>,
    pub enable_service_links: Option<bool>,
    pub preemption_policy: Option<String>,
    pub overhead: SortedMap<String, Quantity>,
    pub topology_spread_constraints: Option<Opaque>,
    pub set_hostname_as_fqdn: Option<bool>,
    pub os: Option<Opaque>,
    pub host_users: Option<bool>,
    pub scheduling_gates: Vec<Gate>,
    pub resource_claims: Option<Opaque>,
    pub resources: Option<Resources>,
    pub hostname_override: Option<String>,
}

wire!(PodSpec {
    volumes: "volumes",
    init_containers: "initContainers",
    containers: "containers" always,
    ephemeral_containers: "ephemeralContainers",
    restart_policy: "restartPolicy",
    termination_grace_period_seconds: "terminationGracePeriodSeconds",
    active_deadline_seconds: "activeDeadlineSeconds",
    dns_policy: "dnsPolicy",
    node_selector: "nodeSelector",
    service_account_name: "serviceAccountName",
    service_account: "serviceAccount",
    automount_service_account_token: "automountServiceAccountToken",
    node_name: "nodeName",
    host_network: "hostNetwork",
    host_pid: "hostPID",
    host_ipc: "hostIPC",
    share_process_namespace: "shareProcessNamespace",
    security_context: "securityContext",
    image_pull_secrets: "imagePullSecrets",
    hostname: "hostname",
    subdomain: "subdomain",
    affinity: "affinity",
    scheduler_name: "schedulerName",
    tolerations: "tolerations",
    host_aliases: "hostAliases",
    priority_class_name: "priorityClassName",
    priority: "priority",
    dns_config: "dnsConfig",
    readiness_gates: "readinessGates",
    runtime_class_name: "runtimeClassName",
    enable_service_links: "enableServiceLinks",
    preemption_policy: "preemptionPolicy",
    overhead: "overhead",
    topology_spread_constraints: "topologySpreadConstraints",
    set_hostname_as_fqdn: "setHostnameAsFQDN",
    os: "os",
    host_users: "hostUsers",
    scheduling_gates: "schedulingGates",
    resource_claims: "resourceClaims",
    resources: "resources",
    hostname_override: "hostnameOverride",
});

/// When a container is started again after it ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[expect(missing_docs, reason = "documented by the Kubernetes API")]
pub enum RestartPolicy {
    #[default]
    Always,
    OnFailure,
    Never,
}

words!(RestartPolicy { Always, OnFailure, Never });

/// What holds the scheduler back.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[expect(missing_docs, reason = "documented by the Kubernetes API")]
pub struct Gate {
    pub name: String,
}

wire!(Gate {
    name: "name" always,
});

/// A condition that the pod needs to be Ready.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[expect(missing_docs, reason = "documented by the Kubernetes API")]
pub struct ReadinessGate {
    pub condition_type: String,
}

wire!(ReadinessGate {
    condition_type: "conditionType" always,
});

#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[expect(missing_docs, reason = "documented by the Kubernetes API")]
pub struct Toleration {
    pub key: String,
    pub operator: String,
    pub value: String,
    pub effect: String,
    pub toleration_seconds: Option<i64>,
}

wire!(Toleration { key: "key", operator: "operator", value: "value", effect: "effect", toleration_seconds: "tolerationSeconds" });

/// A pod's security context; only what decides whether containers start is typed.
#[derive(Debug, Clone, PartialEq, Default)]
#[expect(missing_docs, reason = "fields are documented by the Kubernetes API")]
pub struct PodSecurityContext {
    pub se_linux_options: Option<Opaque>,
    pub windows_options: Option<Opaque>,
    pub run_as_user: Option<i64>,
    pub run_as_group: Option<i64>,
    pub run_as_non_root: Option<bool>,
    pub supplemental_groups: Option<Opaque>,
    pub supplemental_groups_policy: Option<String>,
    pub fs_group: Option<i64>,
    pub fs_group_change_policy: Option<String>,
    pub sysctls: Option<Opaque>,
    pub seccomp_profile: Option<Opaque>,
    pub app_armor_profile: Option<Opaque>,
    pub se_linux_change_policy: Option<String>,
}

wire!(PodSecurityContext {
    se_linux_options: "seLinuxOptions",
    windows_options: "windowsOptions",
    run_as_user: "runAsUser",
    run_as_group: "runAsGroup",
    run_as_non_root: "runAsNonRoot",
    supplemental_groups: "supplementalGroups",
    supplemental_groups_policy: "supplementalGroupsPolicy",
    fs_group: "fsGroup",
    fs_group_change_policy: "fsGroupChangePolicy",
    sysctls: "sysctls",
    seccomp_profile: "seccompProfile",
    app_armor_profile: "appArmorProfile",
    se_linux_change_policy: "seLinuxChangePolicy",
});
