//! Controllers: Deployment, ReplicaSet, StatefulSet, DaemonSet, Job, CronJob.

use super::Type::{Bool, Int32, Int64, IntOrString, List, Named, Object, Str};
use super::meta::{OBJECT_META, SELECTOR};
use super::pod::TEMPLATE;
use super::{Struct, Type, f};

const TEMPLATE_TYPE: Type = Object(&TEMPLATE);

/// A Deployment's spec.
pub(super) static DEPLOYMENT: Struct = Struct {
    go: "DeploymentSpec",
    fields: &[
        f("replicas", Int32),
        f("selector", SELECTOR),
        f("template", TEMPLATE_TYPE),
        f("strategy", Object(&DEPLOYMENT_STRATEGY)),
        f("minReadySeconds", Int32),
        f("revisionHistoryLimit", Int32),
        f("paused", Bool),
        f("progressDeadlineSeconds", Int32),
    ],
};

static DEPLOYMENT_STRATEGY: Struct = Struct {
    go: "DeploymentStrategy",
    fields: &[f("type", Named("v1.DeploymentStrategyType")), f("rollingUpdate", Object(&ROLLING_DEPLOYMENT))],
};

static ROLLING_DEPLOYMENT: Struct =
    Struct { go: "RollingUpdateDeployment", fields: &[f("maxUnavailable", IntOrString), f("maxSurge", IntOrString)] };

/// A ReplicaSet's spec.
pub(super) static REPLICA_SET: Struct = Struct {
    go: "ReplicaSetSpec",
    fields: &[f("replicas", Int32), f("minReadySeconds", Int32), f("selector", SELECTOR), f("template", TEMPLATE_TYPE)],
};

/// A StatefulSet's spec.
pub(super) static STATEFUL_SET: Struct = Struct {
    go: "StatefulSetSpec",
    fields: &[
        f("replicas", Int32),
        f("selector", SELECTOR),
        f("template", TEMPLATE_TYPE),
        f("volumeClaimTemplates", List(&Object(&super::kinds::CLAIM))),
        f("serviceName", Str),
        f("podManagementPolicy", Named("v1.PodManagementPolicyType")),
        f("updateStrategy", Object(&STATEFUL_STRATEGY)),
        f("revisionHistoryLimit", Int32),
        f("minReadySeconds", Int32),
        f("persistentVolumeClaimRetentionPolicy", Object(&RETENTION)),
        f("ordinals", Object(&ORDINALS)),
    ],
};

static STATEFUL_STRATEGY: Struct = Struct {
    go: "StatefulSetUpdateStrategy",
    fields: &[f("type", Named("v1.StatefulSetUpdateStrategyType")), f("rollingUpdate", Object(&ROLLING_STATEFUL))],
};

static ROLLING_STATEFUL: Struct =
    Struct { go: "RollingUpdateStatefulSetStrategy", fields: &[f("partition", Int32), f("maxUnavailable", IntOrString)] };

static RETENTION: Struct = Struct {
    go: "StatefulSetPersistentVolumeClaimRetentionPolicy",
    fields: &[
        f("whenDeleted", Named("v1.PersistentVolumeClaimRetentionPolicyType")),
        f("whenScaled", Named("v1.PersistentVolumeClaimRetentionPolicyType")),
    ],
};

static ORDINALS: Struct = Struct { go: "StatefulSetOrdinals", fields: &[f("start", Int32)] };

/// A DaemonSet's spec.
pub(super) static DAEMON_SET: Struct = Struct {
    go: "DaemonSetSpec",
    fields: &[
        f("selector", SELECTOR),
        f("template", TEMPLATE_TYPE),
        f("updateStrategy", Object(&DAEMON_STRATEGY)),
        f("minReadySeconds", Int32),
        f("revisionHistoryLimit", Int32),
    ],
};

static DAEMON_STRATEGY: Struct = Struct {
    go: "DaemonSetUpdateStrategy",
    fields: &[f("type", Named("v1.DaemonSetUpdateStrategyType")), f("rollingUpdate", Object(&ROLLING_DAEMON))],
};

static ROLLING_DAEMON: Struct =
    Struct { go: "RollingUpdateDaemonSet", fields: &[f("maxUnavailable", IntOrString), f("maxSurge", IntOrString)] };

/// A Job's spec.
pub(super) static JOB: Struct = Struct {
    go: "JobSpec",
    fields: &[
        f("parallelism", Int32),
        f("completions", Int32),
        f("activeDeadlineSeconds", Int64),
        f("podFailurePolicy", Object(&FAILURE_POLICY)),
        f("successPolicy", Object(&SUCCESS_POLICY)),
        f("backoffLimit", Int32),
        f("backoffLimitPerIndex", Int32),
        f("maxFailedIndexes", Int32),
        f("selector", SELECTOR),
        f("manualSelector", Bool),
        f("template", TEMPLATE_TYPE),
        f("ttlSecondsAfterFinished", Int32),
        f("completionMode", Named("v1.CompletionMode")),
        f("suspend", Bool),
        f("podReplacementPolicy", Named("v1.PodReplacementPolicy")),
        f("managedBy", Str),
    ],
};

static FAILURE_POLICY: Struct = Struct { go: "PodFailurePolicy", fields: &[f("rules", List(&Object(&FAILURE_RULE)))] };

static FAILURE_RULE: Struct = Struct {
    go: "PodFailurePolicyRule",
    fields: &[
        f("action", Named("v1.PodFailurePolicyAction")),
        f("onExitCodes", Object(&FAILURE_EXIT_CODES)),
        f("onPodConditions", List(&Object(&FAILURE_CONDITION))),
    ],
};

static FAILURE_EXIT_CODES: Struct = Struct {
    go: "PodFailurePolicyOnExitCodesRequirement",
    fields: &[f("containerName", Str), f("operator", Named("v1.PodFailurePolicyOnExitCodesOperator")), f("values", List(&Int32))],
};

static FAILURE_CONDITION: Struct = Struct {
    go: "PodFailurePolicyOnPodConditionsPattern",
    fields: &[f("type", Named("v1.PodConditionType")), f("status", Named("v1.ConditionStatus"))],
};

static SUCCESS_POLICY: Struct = Struct { go: "SuccessPolicy", fields: &[f("rules", List(&Object(&SUCCESS_RULE)))] };

static SUCCESS_RULE: Struct = Struct { go: "SuccessPolicyRule", fields: &[f("succeededIndexes", Str), f("succeededCount", Int32)] };

/// A CronJob's spec.
pub(super) static CRON_JOB: Struct = Struct {
    go: "CronJobSpec",
    fields: &[
        f("schedule", Str),
        f("timeZone", Str),
        f("startingDeadlineSeconds", Int64),
        f("concurrencyPolicy", Named("v1.ConcurrencyPolicy")),
        f("suspend", Bool),
        f("jobTemplate", Object(&JOB_TEMPLATE)),
        f("successfulJobsHistoryLimit", Int32),
        f("failedJobsHistoryLimit", Int32),
    ],
};

static JOB_TEMPLATE: Struct = Struct { go: "JobTemplateSpec", fields: &[f("metadata", Object(&OBJECT_META)), f("spec", Object(&JOB))] };
