//! Containers, probes, hooks, environment.

use super::Type::{Bool, Int32, Int64, IntOrString, List, Named, Object, Quantity, Resources, Str};
use super::pod::{APP_ARMOR, SE_LINUX, SECCOMP, WINDOWS};
use super::{Field, STRINGS, Struct, Type, f, via};

/// Makes the field table of a container; ephemeral containers have theirs in an embedded struct.
macro_rules! container_fields {
    ($via:literal $(, $more:expr)*) => {
        &[
            via($via, "name", Str),
            via($via, "image", Str),
            via($via, "command", STRINGS),
            via($via, "args", STRINGS),
            via($via, "workingDir", Str),
            via($via, "ports", List(&Object(&PORT))),
            via($via, "envFrom", List(&Object(&ENV_FROM))),
            via($via, "env", List(&Object(&ENV_VAR))),
            via($via, "resources", Object(&RESOURCES)),
            via($via, "resizePolicy", List(&Object(&RESIZE_POLICY))),
            via($via, "restartPolicy", Named("v1.ContainerRestartPolicy")),
            via($via, "restartPolicyRules", List(&Object(&RESTART_RULE))),
            via($via, "volumeMounts", List(&Object(&MOUNT))),
            via($via, "volumeDevices", List(&Object(&DEVICE))),
            via($via, "livenessProbe", Object(&PROBE)),
            via($via, "readinessProbe", Object(&PROBE)),
            via($via, "startupProbe", Object(&PROBE)),
            via($via, "lifecycle", Object(&LIFECYCLE)),
            via($via, "terminationMessagePath", Str),
            via($via, "terminationMessagePolicy", Named("v1.TerminationMessagePolicy")),
            via($via, "imagePullPolicy", Named("v1.PullPolicy")),
            via($via, "securityContext", Object(&SECURITY_CONTEXT)),
            via($via, "stdin", Bool),
            via($via, "stdinOnce", Bool),
            via($via, "tty", Bool),
            $($more,)*
        ]
    };
}

/// A regular or init container.
pub(super) static CONTAINER: Struct = Struct { go: "Container", fields: container_fields!("") };

/// A container added with `kubectl debug`.
pub(super) static EPHEMERAL: Struct =
    Struct { go: "EphemeralContainer", fields: container_fields!("EphemeralContainerCommon", f("targetContainerName", Str)) };

static PORT: Struct = Struct {
    go: "ContainerPort",
    fields: &[f("name", Str), f("hostPort", Int32), f("containerPort", Int32), f("protocol", Named("v1.Protocol")), f("hostIP", Str)],
};

static ENV_VAR: Struct = Struct { go: "EnvVar", fields: &[f("name", Str), f("value", Str), f("valueFrom", Object(&ENV_SOURCE))] };

static ENV_SOURCE: Struct = Struct {
    go: "EnvVarSource",
    fields: &[
        f("fieldRef", Object(&FIELD_REF)),
        f("resourceFieldRef", Object(&RESOURCE_REF)),
        f("configMapKeyRef", Object(&CONFIG_MAP_KEY)),
        f("secretKeyRef", Object(&SECRET_KEY)),
        f("fileKeyRef", Object(&FILE_KEY)),
    ],
};

/// `fieldRef`.
pub(super) static FIELD_REF: Struct = Struct { go: "ObjectFieldSelector", fields: &[f("apiVersion", Str), f("fieldPath", Str)] };

/// `resourceFieldRef`.
pub(super) static RESOURCE_REF: Struct =
    Struct { go: "ResourceFieldSelector", fields: &[f("containerName", Str), f("resource", Str), f("divisor", Quantity)] };

const LOCAL: &str = "LocalObjectReference";

static CONFIG_MAP_KEY: Struct =
    Struct { go: "ConfigMapKeySelector", fields: &[via(LOCAL, "name", Str), f("key", Str), f("optional", Bool)] };

static SECRET_KEY: Struct = Struct { go: "SecretKeySelector", fields: &[via(LOCAL, "name", Str), f("key", Str), f("optional", Bool)] };

static FILE_KEY: Struct =
    Struct { go: "FileKeySelector", fields: &[f("volumeName", Str), f("path", Str), f("key", Str), f("optional", Bool)] };

static ENV_FROM: Struct = Struct {
    go: "EnvFromSource",
    fields: &[f("prefix", Str), f("configMapRef", Object(&CONFIG_MAP_ENV)), f("secretRef", Object(&SECRET_ENV))],
};

static CONFIG_MAP_ENV: Struct = Struct { go: "ConfigMapEnvSource", fields: &[via(LOCAL, "name", Str), f("optional", Bool)] };

static SECRET_ENV: Struct = Struct { go: "SecretEnvSource", fields: &[via(LOCAL, "name", Str), f("optional", Bool)] };

/// `resources`.
pub(super) static RESOURCES: Struct =
    Struct { go: "ResourceRequirements", fields: &[f("limits", Resources), f("requests", Resources), f("claims", List(&Object(&CLAIM)))] };

static CLAIM: Struct = Struct { go: "ResourceClaim", fields: &[f("name", Str), f("request", Str)] };

static RESIZE_POLICY: Struct = Struct {
    go: "ContainerResizePolicy",
    fields: &[f("resourceName", Named("v1.ResourceName")), f("restartPolicy", Named("v1.ResourceResizeRestartPolicy"))],
};

static RESTART_RULE: Struct = Struct {
    go: "ContainerRestartRule",
    fields: &[f("action", Named("v1.ContainerRestartRuleAction")), f("exitCodes", Object(&RESTART_EXIT_CODES))],
};

static RESTART_EXIT_CODES: Struct = Struct {
    go: "ContainerRestartRuleOnExitCodes",
    fields: &[f("operator", Named("v1.ContainerRestartRuleOnExitCodesOperator")), f("values", List(&Int32))],
};

static MOUNT: Struct = Struct {
    go: "VolumeMount",
    fields: &[
        f("name", Str),
        f("readOnly", Bool),
        f("recursiveReadOnly", Named("v1.RecursiveReadOnlyMode")),
        f("mountPath", Str),
        f("subPath", Str),
        f("mountPropagation", Named("v1.MountPropagationMode")),
        f("subPathExpr", Str),
    ],
};

static DEVICE: Struct = Struct { go: "VolumeDevice", fields: &[f("name", Str), f("devicePath", Str)] };

const HANDLER: &str = "ProbeHandler";

/// A probe.
pub(super) static PROBE: Struct = Struct {
    go: "Probe",
    fields: &[
        via(HANDLER, "exec", Object(&EXEC)),
        via(HANDLER, "httpGet", Object(&HTTP_GET)),
        via(HANDLER, "tcpSocket", Object(&TCP_SOCKET)),
        via(HANDLER, "grpc", Object(&GRPC)),
        f("initialDelaySeconds", Int32),
        f("timeoutSeconds", Int32),
        f("periodSeconds", Int32),
        f("successThreshold", Int32),
        f("failureThreshold", Int32),
        f("terminationGracePeriodSeconds", Int64),
    ],
};

static LIFECYCLE: Struct =
    Struct { go: "Lifecycle", fields: &[f("postStart", Object(&HOOK)), f("preStop", Object(&HOOK)), f("stopSignal", Named("v1.Signal"))] };

static HOOK: Struct = Struct {
    go: "LifecycleHandler",
    fields: &[f("exec", Object(&EXEC)), f("httpGet", Object(&HTTP_GET)), f("tcpSocket", Object(&TCP_SOCKET)), f("sleep", Object(&SLEEP))],
};

static EXEC: Struct = Struct { go: "ExecAction", fields: &[f("command", STRINGS)] };

static HTTP_GET: Struct = Struct {
    go: "HTTPGetAction",
    fields: &[
        f("path", Str),
        f("port", IntOrString),
        f("host", Str),
        f("scheme", Named("v1.URIScheme")),
        f("httpHeaders", List(&Object(&HEADER))),
    ],
};

static HEADER: Struct = Struct { go: "HTTPHeader", fields: &[f("name", Str), f("value", Str)] };

static TCP_SOCKET: Struct = Struct { go: "TCPSocketAction", fields: &[f("port", IntOrString), f("host", Str)] };

static GRPC: Struct = Struct { go: "GRPCAction", fields: &[f("port", Int32), f("service", Str)] };

static SLEEP: Struct = Struct { go: "SleepAction", fields: &[f("seconds", Int64)] };

static SECURITY_CONTEXT: Struct = Struct {
    go: "SecurityContext",
    fields: &[
        f("capabilities", Object(&CAPABILITIES)),
        f("privileged", Bool),
        SE_LINUX,
        WINDOWS,
        f("runAsUser", Int64),
        f("runAsGroup", Int64),
        f("runAsNonRoot", Bool),
        f("readOnlyRootFilesystem", Bool),
        f("allowPrivilegeEscalation", Bool),
        f("procMount", Named("v1.ProcMountType")),
        SECCOMP,
        APP_ARMOR,
    ],
};

const CAPABILITY_LIST: Type = List(&Named("v1.Capability"));

static CAPABILITIES: Struct = Struct { go: "Capabilities", fields: &[ADD, f("drop", CAPABILITY_LIST)] };

const ADD: Field = f("add", CAPABILITY_LIST);
