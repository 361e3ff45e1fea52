//! Fields that are fixed once an object exists, for every kind but pods.
//! (ValidateDeploymentUpdate, ValidateJobUpdate, ValidateStatefulSetUpdate, ValidateServiceUpdate, ValidateConfigMapUpdate and so on)

use serde_json::Value;

use super::field_error::Errors;
use super::internal;
use super::json::{At, set, text};
use crate::api::Kind;

const IMMUTABLE: &str = "field is immutable";
const IF_IMMUTABLE: &str = "field is immutable when `immutable` is set";

/// What an update changes and may not.
pub(super) fn check(kind: Kind, old: &At<'_>, new: &At<'_>, errors: &mut Errors) {
    let (before, after) = (old.field("spec"), new.field("spec"));
    match kind {
        Kind::Deployment | Kind::ReplicaSet | Kind::DaemonSet => same(&before, &after, "selector", errors),
        Kind::StatefulSet => stateful_set(&before, &after, errors),
        Kind::Job => job(&before, &after, errors),
        Kind::Service => service(&before, &after, errors),
        Kind::ConfigMap => data(old, new, &["data", "binaryData"], errors),
        Kind::Secret => {
            if old.text("type") != new.text("type") {
                errors.invalid(new.field("type").path, new.text("type"), IMMUTABLE);
            }
            data(old, new, &["data"], errors);
        }
        Kind::PersistentVolumeClaim => claim(old, new, errors),
        Kind::PriorityClass => {
            if old.int("value") != new.int("value") {
                errors.forbidden(new.field("value").path, "may not be changed in an update.");
            }
            if old.text("preemptionPolicy") != new.text("preemptionPolicy") {
                errors.invalid(new.field("preemptionPolicy").path, new.text("preemptionPolicy"), IMMUTABLE);
            }
        }
        Kind::Pod
        | Kind::CronJob
        | Kind::PodDisruptionBudget
        | Kind::HorizontalPodAutoscaler
        | Kind::LimitRange
        | Kind::ResourceQuota
        | Kind::Namespace
        | Kind::ServiceAccount
        | Kind::Node => {}
    }
}

/// A field that may not change; its new value is printed as JSON.
fn same(old: &At<'_>, new: &At<'_>, name: &str, errors: &mut Errors) {
    let (before, after) = (old.field(name), new.field(name));
    if before.value != after.value {
        errors.invalid_plain(after.path, after.value, IMMUTABLE);
    }
}

fn stateful_set(old: &At<'_>, new: &At<'_>, errors: &mut Errors) {
    const FREE: [&str; 7] = [
        "replicas",
        "ordinals",
        "template",
        "updateStrategy",
        "revisionHistoryLimit",
        "persistentVolumeClaimRetentionPolicy",
        "minReadySeconds",
    ];
    let fixed = |spec: &At<'_>| {
        let mut fields = spec.value.as_object().cloned().unwrap_or_default();
        fields.retain(|name, _| !FREE.contains(&name.as_str()));
        fields
    };
    if fixed(old) != fixed(new) {
        let free: Vec<String> = FREE.iter().map(|f| format!("'{f}'")).collect();
        let (last, first) = free.split_last().map_or((String::new(), String::new()), |(l, f)| (l.clone(), f.join(", ")));
        errors.forbidden(new.path.clone(), &format!("updates to statefulset spec for fields other than {first} and {last} are forbidden"));
    }
}

/// (ValidateJobSpecUpdate) An Indexed Job may change its completions together with its parallelism.
fn job(old: &At<'_>, new: &At<'_>, errors: &mut Errors) {
    let is_elastic = new.text("completionMode") == "Indexed" && new.int("completions") == new.int("parallelism");
    if !is_elastic {
        same(old, new, "completions", errors);
    }
    same(old, new, "selector", errors);
    if !(old.flag("suspend") && scheduling_aside(old) == scheduling_aside(new)) {
        same(old, new, "template", errors);
    }
    for name in ["completionMode", "podFailurePolicy", "backoffLimitPerIndex", "managedBy", "successPolicy"] {
        same(old, new, name, errors);
    }
}

/// A suspended Job's template without what may still change: where its pods may run.
fn scheduling_aside(spec: &At<'_>) -> Value {
    let mut template = spec.field("template").value.clone();
    if let Some(spec) = template.get_mut("spec").and_then(Value::as_object_mut) {
        for name in ["affinity", "nodeSelector", "tolerations", "schedulingGates"] {
            spec.remove(name);
        }
    }
    if let Some(metadata) = template.get_mut("metadata").and_then(Value::as_object_mut) {
        metadata.remove("labels");
        metadata.remove("annotations");
    }
    template
}

/// The address that a changed `clusterIP` brings into `clusterIPs`. (pkg/registry/core/service: normalizeClusterIPs)
pub(super) fn moved_ip(old: &Value, new: &Value) -> Option<String> {
    let (before, after) = (old.get("spec")?, new.get("spec")?);
    let is_moved = text(before, "clusterIP") != text(after, "clusterIP") && before.get("clusterIPs") == after.get("clusterIPs");
    (is_moved && after.get("clusterIPs").is_some()).then(|| text(after, "clusterIP").to_owned())
}

fn service(old: &At<'_>, new: &At<'_>, errors: &mut Errors) {
    if [old, new].iter().any(|spec| spec.text("type") == "ExternalName") {
        return;
    }
    let (before, after) = (old.field("clusterIPs"), new.field("clusterIPs"));
    if before.is_set() && before.value != after.value {
        errors.invalid_plain(after.path.index(0), after.value, "may not change once set");
    }
}

fn data(old: &At<'_>, new: &At<'_>, fields: &[&str], errors: &mut Errors) {
    if !old.flag("immutable") {
        return;
    }
    if !new.flag("immutable") {
        errors.forbidden(new.field("immutable").path, IF_IMMUTABLE);
    }
    for name in fields {
        if old.field(name).value != new.field(name).value {
            errors.forbidden(new.field(name).path, IF_IMMUTABLE);
        }
    }
}

/// A claim's volume is named once; what it requests may change once it is bound. The diff names the new claim first.
/// (ValidatePersistentVolumeClaimUpdate)
fn claim(old: &At<'_>, new: &At<'_>, errors: &mut Errors) {
    let (mut was, mut is) = (old.field("spec").value.clone(), new.field("spec").value.clone());
    if text(&was, "volumeName").is_empty()
        && let Some(name) = is.get("volumeName")
    {
        set(&mut was, "volumeName", name.clone());
    }
    if new.field("status").text("phase") == "Bound" {
        keep(&was, &mut is, "volumeAttributesClassName");
        if let (Some(was), Some(is)) = (was.get("resources"), is.get_mut("resources")) {
            keep(was, is, "requests");
        }
    }
    if is != was {
        let detail = "spec is immutable after creation except resources.requests and volumeAttributesClassName for bound claims";
        errors.forbidden(new.path.field("spec"), &format!("{detail}\n{}", internal::diff("ClaimSpec", &is, &was)));
    }
}

/// Puts a field back that may change, where it is given.
fn keep(was: &Value, is: &mut Value, name: &str) {
    if let (Some(was), Some(_)) = (was.get(name), is.get(name)) {
        set(is, name, was.clone());
    }
}
