//! Validation, a file per kind or part. (pkg/apis/core/validation/validation.go and its neighbors)

mod container;
mod env;
mod meta;
mod other;
mod pod;
mod probe;
mod resources;
mod schedule;
mod scheduling;
mod security;
mod service;
mod volume;
mod warnings;
mod words;
mod workload;

use serde_json::Value;

pub(super) use warnings::warnings;

use super::FieldError;
use super::field_error::Errors;
use super::json::At;
use crate::api::Kind;

/// What changes from case to case.
#[derive(Debug, Clone, Copy)]
pub(super) struct Rules {
    /// Whether the cluster lets containers be privileged.
    pub allow_privileged: bool,
    /// Whether the spec is a template's.
    pub is_template: bool,
    /// Whether the object exists already.
    pub is_update: bool,
}

/// What is wrong with an object.
pub(super) fn check(kind: Kind, body: &Value, rules: Rules) -> Vec<FieldError> {
    let mut errors = Errors::default();
    let object = At::root(body);
    meta::check(kind, &object, &mut errors);
    let found = &mut errors;
    match kind {
        Kind::Pod if rules.is_update => pod::pod_spec(&object.field("spec"), rules, found),
        Kind::Pod => pod::create(&object, rules, found),
        Kind::Deployment => workload::deployment(&object, rules, found),
        Kind::ReplicaSet => workload::replica_set(&object, rules, found),
        Kind::StatefulSet => workload::stateful_set(&object, rules, found),
        Kind::DaemonSet => workload::daemon_set(&object, rules, found),
        Kind::Job => workload::job(&object, rules, found),
        Kind::CronJob => workload::cron_job(&object, rules, found),
        Kind::Service => service::service(&object, found),
        Kind::ConfigMap => other::config_map(&object, found),
        Kind::Secret => other::secret(&object, found),
        Kind::PersistentVolumeClaim => other::claim(&object.field("spec"), found),
        Kind::PodDisruptionBudget => other::budget(&object, found),
        Kind::HorizontalPodAutoscaler => other::autoscaler(&object, found),
        Kind::PriorityClass => other::priority_class(&object, found),
        Kind::LimitRange | Kind::ResourceQuota | Kind::Namespace | Kind::ServiceAccount | Kind::Node => {}
    }
    errors.0
}
