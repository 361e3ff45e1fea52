//! The objects themselves.

use super::Type::{Any, Bool, Bytes, Int32, List, Map, Named, Object, Str};
use super::meta::{LOCAL_REFERENCE, OBJECT_META, OBJECT_REFERENCE};
use super::pod::POD_SPEC;
use super::volume::CLAIM_SPEC;
use super::{Field, STRING_MAP, Struct, f, other, via, workload};
use crate::api::Kind;

const API_VERSION: Field = via("TypeMeta", "apiVersion", Str);
const KIND: Field = via("TypeMeta", "kind", Str);
const METADATA: Field = f("metadata", Object(&OBJECT_META));
const STATUS: Field = f("status", Any);

/// Defines the struct of an object with a spec.
macro_rules! object {
    ($name:ident, $go:literal, $spec:expr) => {
        static $name: Struct = Struct { go: $go, fields: &[API_VERSION, KIND, METADATA, f("spec", Object($spec)), STATUS] };
    };
}

object!(POD, "Pod", &POD_SPEC);
object!(SERVICE, "Service", &other::SERVICE);
object!(DEPLOYMENT, "Deployment", &workload::DEPLOYMENT);
object!(REPLICA_SET, "ReplicaSet", &workload::REPLICA_SET);
object!(STATEFUL_SET, "StatefulSet", &workload::STATEFUL_SET);
object!(DAEMON_SET, "DaemonSet", &workload::DAEMON_SET);
object!(JOB, "Job", &workload::JOB);
object!(CRON_JOB, "CronJob", &workload::CRON_JOB);
object!(BUDGET, "PodDisruptionBudget", &other::BUDGET);
object!(AUTOSCALER, "HorizontalPodAutoscaler", &other::AUTOSCALER);
object!(LIMIT_RANGE, "LimitRange", &other::LIMIT_RANGE);
object!(QUOTA, "ResourceQuota", &other::QUOTA);

/// A PersistentVolumeClaim, also as a StatefulSet's template.
pub(super) static CLAIM: Struct =
    Struct { go: "PersistentVolumeClaim", fields: &[API_VERSION, KIND, METADATA, f("spec", Object(&CLAIM_SPEC)), STATUS] };

static CONFIG_MAP: Struct = Struct {
    go: "ConfigMap",
    fields: &[API_VERSION, KIND, METADATA, f("immutable", Bool), f("data", STRING_MAP), f("binaryData", Map(&Bytes))],
};

static SECRET: Struct = Struct {
    go: "Secret",
    fields: &[
        API_VERSION,
        KIND,
        METADATA,
        f("immutable", Bool),
        f("data", Map(&Bytes)),
        f("stringData", STRING_MAP),
        f("type", Named("v1.SecretType")),
    ],
};

static PRIORITY_CLASS: Struct = Struct {
    go: "PriorityClass",
    fields: &[
        API_VERSION,
        KIND,
        METADATA,
        f("value", Int32),
        f("globalDefault", Bool),
        f("description", Str),
        f("preemptionPolicy", Named("v1.PreemptionPolicy")),
    ],
};

static SERVICE_ACCOUNT: Struct = Struct {
    go: "ServiceAccount",
    fields: &[
        API_VERSION,
        KIND,
        METADATA,
        f("secrets", List(&Object(&OBJECT_REFERENCE))),
        f("imagePullSecrets", List(&Object(&LOCAL_REFERENCE))),
        f("automountServiceAccountToken", Bool),
    ],
};

static NAMESPACE: Struct = Struct { go: "Namespace", fields: &[API_VERSION, KIND, METADATA, f("spec", Any), STATUS] };
static NODE: Struct = Struct { go: "Node", fields: &[API_VERSION, KIND, METADATA, f("spec", Any), STATUS] };

/// The fields of an object of `kind`.
pub const fn root(kind: Kind) -> &'static Struct {
    match kind {
        Kind::Pod => &POD,
        Kind::Service => &SERVICE,
        Kind::ConfigMap => &CONFIG_MAP,
        Kind::Secret => &SECRET,
        Kind::Deployment => &DEPLOYMENT,
        Kind::ReplicaSet => &REPLICA_SET,
        Kind::StatefulSet => &STATEFUL_SET,
        Kind::DaemonSet => &DAEMON_SET,
        Kind::Job => &JOB,
        Kind::CronJob => &CRON_JOB,
        Kind::PersistentVolumeClaim => &CLAIM,
        Kind::PodDisruptionBudget => &BUDGET,
        Kind::HorizontalPodAutoscaler => &AUTOSCALER,
        Kind::PriorityClass => &PRIORITY_CLASS,
        Kind::LimitRange => &LIMIT_RANGE,
        Kind::ResourceQuota => &QUOTA,
        Kind::Namespace => &NAMESPACE,
        Kind::ServiceAccount => &SERVICE_ACCOUNT,
        Kind::Node => &NODE,
    }
}
