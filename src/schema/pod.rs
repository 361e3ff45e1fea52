//! Pods and their templates.

use super::Type::{Bool, Int32, Int64, List, Named, Object, Resources, Str};
use super::container::{CONTAINER, EPHEMERAL, RESOURCES};
use super::meta::{LOCAL_REFERENCE, OBJECT_META};
use super::scheduling::{AFFINITY, SPREAD, TOLERATION};
use super::volume::VOLUME;
use super::{Field, STRING_MAP, STRINGS, Struct, f};

/// A template of pods.
pub(super) static TEMPLATE: Struct =
    Struct { go: "PodTemplateSpec", fields: &[f("metadata", Object(&OBJECT_META)), f("spec", Object(&POD_SPEC))] };

/// What a pod is asked to be.
pub(super) static POD_SPEC: Struct = Struct {
    go: "PodSpec",
    fields: &[
        f("volumes", List(&Object(&VOLUME))),
        f("initContainers", List(&Object(&CONTAINER))),
        f("containers", List(&Object(&CONTAINER))),
        f("ephemeralContainers", List(&Object(&EPHEMERAL))),
        f("restartPolicy", Named("v1.RestartPolicy")),
        f("terminationGracePeriodSeconds", Int64),
        f("activeDeadlineSeconds", Int64),
        f("dnsPolicy", Named("v1.DNSPolicy")),
        f("nodeSelector", STRING_MAP),
        f("serviceAccountName", Str),
        f("serviceAccount", Str),
        f("automountServiceAccountToken", Bool),
        f("nodeName", Str),
        f("hostNetwork", Bool),
        f("hostPID", Bool),
        f("hostIPC", Bool),
        f("shareProcessNamespace", Bool),
        f("securityContext", Object(&POD_SECURITY)),
        f("imagePullSecrets", List(&Object(&LOCAL_REFERENCE))),
        f("hostname", Str),
        f("subdomain", Str),
        f("affinity", Object(&AFFINITY)),
        f("schedulerName", Str),
        f("tolerations", List(&Object(&TOLERATION))),
        f("hostAliases", List(&Object(&HOST_ALIAS))),
        f("priorityClassName", Str),
        f("priority", Int32),
        f("dnsConfig", Object(&DNS_CONFIG)),
        f("readinessGates", List(&Object(&READINESS_GATE))),
        f("runtimeClassName", Str),
        f("enableServiceLinks", Bool),
        f("preemptionPolicy", Named("v1.PreemptionPolicy")),
        f("overhead", Resources),
        f("topologySpreadConstraints", List(&Object(&SPREAD))),
        f("setHostnameAsFQDN", Bool),
        f("os", Object(&OS)),
        f("hostUsers", Bool),
        f("schedulingGates", List(&Object(&GATE))),
        f("resourceClaims", List(&Object(&RESOURCE_CLAIM))),
        f("resources", Object(&RESOURCES)),
        f("hostnameOverride", Str),
    ],
};

static HOST_ALIAS: Struct = Struct { go: "HostAlias", fields: &[f("ip", Str), f("hostnames", STRINGS)] };

static DNS_CONFIG: Struct =
    Struct { go: "PodDNSConfig", fields: &[f("nameservers", STRINGS), f("searches", STRINGS), f("options", List(&Object(&DNS_OPTION)))] };

static DNS_OPTION: Struct = Struct { go: "PodDNSConfigOption", fields: &[f("name", Str), f("value", Str)] };

static READINESS_GATE: Struct = Struct { go: "PodReadinessGate", fields: &[f("conditionType", Named("v1.PodConditionType"))] };

static OS: Struct = Struct { go: "PodOS", fields: &[f("name", Named("v1.OSName"))] };

static GATE: Struct = Struct { go: "PodSchedulingGate", fields: &[f("name", Str)] };

static RESOURCE_CLAIM: Struct =
    Struct { go: "PodResourceClaim", fields: &[f("name", Str), f("resourceClaimName", Str), f("resourceClaimTemplateName", Str)] };

static POD_SECURITY: Struct = Struct {
    go: "PodSecurityContext",
    fields: &[
        SE_LINUX,
        WINDOWS,
        f("runAsUser", Int64),
        f("runAsGroup", Int64),
        f("runAsNonRoot", Bool),
        f("supplementalGroups", List(&Int64)),
        f("supplementalGroupsPolicy", Named("v1.SupplementalGroupsPolicy")),
        f("fsGroup", Int64),
        f("sysctls", List(&Object(&SYSCTL))),
        f("fsGroupChangePolicy", Named("v1.PodFSGroupChangePolicy")),
        SECCOMP,
        APP_ARMOR,
        f("seLinuxChangePolicy", Named("v1.PodSELinuxChangePolicy")),
    ],
};

static SYSCTL: Struct = Struct { go: "Sysctl", fields: &[f("name", Str), f("value", Str)] };

/// `seLinuxOptions`.
pub(super) const SE_LINUX: Field = f("seLinuxOptions", Object(&SE_LINUX_OPTIONS));
/// `windowsOptions`.
pub(super) const WINDOWS: Field = f("windowsOptions", Object(&WINDOWS_OPTIONS));
/// `seccompProfile`.
pub(super) const SECCOMP: Field = f("seccompProfile", Object(&SECCOMP_PROFILE));
/// `appArmorProfile`.
pub(super) const APP_ARMOR: Field = f("appArmorProfile", Object(&APP_ARMOR_PROFILE));

static SE_LINUX_OPTIONS: Struct =
    Struct { go: "SELinuxOptions", fields: &[f("user", Str), f("role", Str), f("type", Str), f("level", Str)] };

static WINDOWS_OPTIONS: Struct = Struct {
    go: "WindowsSecurityContextOptions",
    fields: &[f("gmsaCredentialSpecName", Str), f("gmsaCredentialSpec", Str), f("runAsUserName", Str), f("hostProcess", Bool)],
};

static SECCOMP_PROFILE: Struct =
    Struct { go: "SeccompProfile", fields: &[f("type", Named("v1.SeccompProfileType")), f("localhostProfile", Str)] };

static APP_ARMOR_PROFILE: Struct =
    Struct { go: "AppArmorProfile", fields: &[f("type", Named("v1.AppArmorProfileType")), f("localhostProfile", Str)] };
