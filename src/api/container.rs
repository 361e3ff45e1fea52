//! A container of a pod.

use crate::order::SortedMap;

use super::wire::wire;
use super::{Lifecycle, Opaque, Probe, Quantity, RestartPolicy, VolumeMount};

/// A regular, init or ephemeral container.
#[derive(Debug, Clone, PartialEq, Default)]
#[expect(missing_docs, reason = "fields are documented by the Kubernetes API")]
pub struct Container {
    pub name: String,
    pub image: String,
    pub command: Vec<String>,
    pub args: Vec<String>,
    pub working_dir: String,
    pub ports: Vec<ContainerPort>,
    pub env_from: Vec<EnvFromSource>,
    pub env: Vec<EnvVar>,
    pub resources: Resources,
    pub resize_policy: Option<Opaque>,
    pub restart_policy: Option<RestartPolicy>,
    pub restart_policy_rules: Vec<ContainerRestartRule>,
    pub volume_mounts: Vec<VolumeMount>,
    pub volume_devices: Option<Opaque>,
    pub liveness_probe: Option<Probe>,
    pub readiness_probe: Option<Probe>,
    pub startup_probe: Option<Probe>,
    pub lifecycle: Option<Lifecycle>,
    pub termination_message_path: String,
    pub termination_message_policy: String,
    pub image_pull_policy: String,
    pub security_context: Option<SecurityContext>,
    pub stdin: bool,
    pub stdin_once: bool,
    pub tty: bool,
    /// Ephemeral containers only.
    pub target_container_name: String,
}

wire!(Container {
    name: "name" always,
    image: "image",
    command: "command",
    args: "args",
    working_dir: "workingDir",
    ports: "ports",
    env_from: "envFrom",
    env: "env",
    resources: "resources" always,
    resize_policy: "resizePolicy",
    restart_policy: "restartPolicy",
    restart_policy_rules: "restartPolicyRules",
    volume_mounts: "volumeMounts",
    volume_devices: "volumeDevices",
    liveness_probe: "livenessProbe",
    readiness_probe: "readinessProbe",
    startup_probe: "startupProbe",
    lifecycle: "lifecycle",
    termination_message_path: "terminationMessagePath",
    termination_message_policy: "terminationMessagePolicy",
    image_pull_policy: "imagePullPolicy",
    security_context: "securityContext",
    stdin: "stdin",
    stdin_once: "stdinOnce",
    tty: "tty",
    target_container_name: "targetContainerName",
});

impl Container {
    /// Whether this, as an init container, is a native sidecar.
    pub fn is_sidecar(&self) -> bool {
        self.restart_policy == Some(RestartPolicy::Always)
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[expect(missing_docs, reason = "documented by the Kubernetes API")]
pub struct ContainerPort {
    pub name: String,
    pub host_port: Option<i32>,
    pub container_port: i32,
    pub protocol: String,
    pub host_ip: String,
}

wire!(ContainerPort {
    name: "name",
    host_port: "hostPort",
    container_port: "containerPort" always,
    protocol: "protocol",
    host_ip: "hostIP",
});

#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[expect(missing_docs, reason = "documented by the Kubernetes API")]
pub struct EnvVar {
    pub name: String,
    pub value: String,
    pub value_from: Option<EnvVarSource>,
}

wire!(EnvVar {
    name: "name" always,
    value: "value",
    value_from: "valueFrom",
});

#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[expect(missing_docs, reason = "documented by the Kubernetes API")]
pub struct EnvVarSource {
    pub field_ref: Option<ObjectFieldSelector>,
    pub resource_field_ref: Option<ResourceFieldSelector>,
    pub config_map_key_ref: Option<ConfigMapKeySelector>,
    pub secret_key_ref: Option<KeySelector>,
    pub file_key_ref: Option<Opaque>,
}

wire!(EnvVarSource {
    field_ref: "fieldRef",
    resource_field_ref: "resourceFieldRef",
    config_map_key_ref: "configMapKeyRef",
    secret_key_ref: "secretKeyRef",
    file_key_ref: "fileKeyRef",
});

/// A key of a ConfigMap.
pub type ConfigMapKeySelector = KeySelector;

/// A key of a ConfigMap or Secret.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[expect(missing_docs, reason = "documented by the Kubernetes API")]
pub struct KeySelector {
    pub name: String,
    pub key: String,
    pub optional: Option<bool>,
}

wire!(KeySelector {
    name: "name",
    key: "key" always,
    optional: "optional",
});

#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[expect(missing_docs, reason = "documented by the Kubernetes API")]
pub struct ObjectFieldSelector {
    pub api_version: String,
    pub field_path: String,
}

wire!(ObjectFieldSelector {
    api_version: "apiVersion",
    field_path: "fieldPath" always,
});

#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[expect(missing_docs, reason = "documented by the Kubernetes API")]
pub struct ResourceFieldSelector {
    pub container_name: String,
    pub resource: String,
    pub divisor: Option<Quantity>,
}

wire!(ResourceFieldSelector {
    container_name: "containerName",
    resource: "resource" always,
    divisor: "divisor",
});

#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[expect(missing_docs, reason = "documented by the Kubernetes API")]
pub struct EnvFromSource {
    pub prefix: String,
    pub config_map_ref: Option<LocalRef>,
    pub secret_ref: Option<LocalRef>,
}

wire!(EnvFromSource { prefix: "prefix", config_map_ref: "configMapRef", secret_ref: "secretRef" });

/// A reference to an object of the same namespace.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[expect(missing_docs, reason = "documented by the Kubernetes API")]
pub struct LocalRef {
    pub name: String,
    pub optional: Option<bool>,
}

wire!(LocalRef { name: "name", optional: "optional" });

#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[expect(missing_docs, reason = "documented by the Kubernetes API")]
pub struct Resources {
    pub limits: SortedMap<String, Quantity>,
    pub requests: SortedMap<String, Quantity>,
    pub claims: Option<Opaque>,
}

wire!(Resources { limits: "limits", requests: "requests", claims: "claims" });

#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[expect(missing_docs, reason = "documented by the Kubernetes API")]
pub struct ContainerRestartRule {
    pub action: String,
    pub exit_codes: Option<ExitCodeMatch>,
}

wire!(ContainerRestartRule {
    action: "action" always,
    exit_codes: "exitCodes",
});

#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[expect(missing_docs, reason = "documented by the Kubernetes API")]
pub struct ExitCodeMatch {
    pub operator: String,
    pub values: Vec<i32>,
}

wire!(ExitCodeMatch {
    operator: "operator" always,
    values: "values",
});

/// A container's security context; only what decides whether it starts is typed.
#[derive(Debug, Clone, PartialEq, Default)]
#[expect(missing_docs, reason = "fields are documented by the Kubernetes API")]
pub struct SecurityContext {
    pub capabilities: Option<Opaque>,
    pub privileged: Option<bool>,
    pub se_linux_options: Option<Opaque>,
    pub windows_options: Option<Opaque>,
    pub run_as_user: Option<i64>,
    pub run_as_group: Option<i64>,
    pub run_as_non_root: Option<bool>,
    pub read_only_root_filesystem: Option<bool>,
    pub allow_privilege_escalation: Option<bool>,
    pub proc_mount: Option<String>,
    pub seccomp_profile: Option<Opaque>,
    pub app_armor_profile: Option<Opaque>,
}

wire!(SecurityContext {
    capabilities: "capabilities",
    privileged: "privileged",
    se_linux_options: "seLinuxOptions",
    windows_options: "windowsOptions",
    run_as_user: "runAsUser",
    run_as_group: "runAsGroup",
    run_as_non_root: "runAsNonRoot",
    read_only_root_filesystem: "readOnlyRootFilesystem",
    allow_privilege_escalation: "allowPrivilegeEscalation",
    proc_mount: "procMount",
    seccomp_profile: "seccompProfile",
    app_armor_profile: "appArmorProfile",
});
