//! `metadata` of every kind. (apimachinery: api/validation/objectmeta.go)

use super::super::field_error::Errors;
use super::super::json::At;
use super::words;
use crate::api::Kind;
use crate::text::FieldPath;

/// How long the name of a CronJob may be, so that its Jobs' names fit.
const CRON_JOB_NAME: usize = 52;
/// How large all annotations together may be.
const ANNOTATIONS: usize = 256 << 10;
/// Finalizers that need no prefix.
const FINALIZERS: [&str; 3] = ["orphan", "foregroundDeletion", "kubernetes"];

/// `metadata`.
pub(super) fn check(kind: Kind, object: &At<'_>, errors: &mut Errors) {
    let meta = object.field("metadata");
    let name = meta.text("name");
    if name.is_empty() && meta.text("generateName").is_empty() {
        errors.required(meta.path.field("name"), "name or generateName is required");
    }
    if !name.is_empty() {
        for wrong in wrong_name(kind, name) {
            errors.invalid(meta.path.field("name"), name, &wrong);
        }
    }
    labels(&meta, &meta.path, errors);
    annotations(&meta, &meta.path, errors);
    for finalizer in meta.items("finalizers") {
        let text = finalizer.value.as_str().unwrap_or_default();
        let wrong = words::qualified(text);
        if wrong.is_empty() && !text.contains('/') && !FINALIZERS.contains(&text) {
            errors.invalid(finalizer.path.clone(), text, "name is neither a standard finalizer name nor is it fully qualified");
        }
        for wrong in wrong {
            errors.invalid(finalizer.path.clone(), text, &wrong);
        }
    }
}

fn wrong_name(kind: Kind, name: &str) -> Vec<String> {
    match kind {
        Kind::Namespace | Kind::StatefulSet | Kind::Service => words::label(name),
        Kind::CronJob => {
            let mut wrong = words::subdomain(name);
            if name.len() > CRON_JOB_NAME {
                wrong.push(format!("must be no more than {CRON_JOB_NAME} characters"));
            }
            wrong
        }
        Kind::PodDisruptionBudget => match name {
            "." | ".." => vec![format!("may not be '{name}'")],
            _ => ["/", "%"].into_iter().filter(|c| name.contains(c)).map(|c| format!("may not contain '{c}'")).collect(),
        },
        Kind::Pod
        | Kind::ConfigMap
        | Kind::Secret
        | Kind::Deployment
        | Kind::ReplicaSet
        | Kind::DaemonSet
        | Kind::Job
        | Kind::PersistentVolumeClaim
        | Kind::HorizontalPodAutoscaler
        | Kind::PriorityClass
        | Kind::LimitRange
        | Kind::ResourceQuota
        | Kind::ServiceAccount
        | Kind::Node => words::subdomain(name),
    }
}

/// Labels of `meta`, reported under `base`.
pub(super) fn labels(meta: &At<'_>, base: &FieldPath, errors: &mut Errors) {
    for (key, value) in meta.entries("labels") {
        for wrong in words::qualified(key) {
            errors.invalid(base.field("labels"), key, &wrong);
        }
        let value = value.as_str().unwrap_or_default();
        for wrong in words::label_value(value) {
            errors.invalid(base.field("labels"), value, &wrong);
        }
    }
}

/// Annotations of `meta`, reported under `base`.
pub(super) fn annotations(meta: &At<'_>, base: &FieldPath, errors: &mut Errors) {
    let mut size = 0;
    for (key, value) in meta.entries("annotations") {
        size += key.len() + value.as_str().unwrap_or_default().len();
        for wrong in words::qualified(&key.to_lowercase()) {
            errors.invalid(base.field("annotations"), key, &wrong);
        }
    }
    if size > ANNOTATIONS {
        errors.too_long(base.field("annotations"), ANNOTATIONS);
    }
}
