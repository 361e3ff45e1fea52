//! ConfigMaps, Secrets, claims, budgets, autoscalers. (ValidateConfigMap, ValidateSecret, ValidatePersistentVolumeClaimSpec; policy and autoscaling validation)

use serde_json::Value;

use super::super::field_error::Errors;
use super::super::json::At;
use super::{scheduling, words, workload};
use crate::text::FieldPath;

/// How large a ConfigMap or Secret may be.
const DATA: usize = 1 << 20;

fn keys(object: &At<'_>, fields: &[&str], errors: &mut Errors) {
    let mut size = 0;
    for field in fields {
        for (key, value) in object.entries(field) {
            size += value.as_str().unwrap_or_default().len();
            for wrong in words::config_key(key) {
                errors.invalid(object.path.field(field).key(key), key, &wrong);
            }
        }
    }
    if size > DATA {
        errors.too_long(FieldPath::root().key(""), DATA);
    }
}

/// A ConfigMap.
pub(super) fn config_map(object: &At<'_>, errors: &mut Errors) {
    for (key, _) in object.entries("binaryData") {
        if object.field("data").has(key) {
            errors.invalid(object.path.field("data").key(key), key, "duplicate of key present in binaryData");
        }
    }
    keys(object, &["data", "binaryData"], errors);
}

/// A Secret.
pub(super) fn secret(object: &At<'_>, errors: &mut Errors) {
    keys(object, &["data"], errors);
    let required: &[&str] = match object.text("type") {
        "kubernetes.io/tls" => &["tls.crt", "tls.key"],
        "kubernetes.io/dockerconfigjson" => &[".dockerconfigjson"],
        "kubernetes.io/dockercfg" => &[".dockercfg"],
        "kubernetes.io/ssh-auth" => &["ssh-privatekey"],
        _ => &[],
    };
    let data = object.field("data");
    for key in required.iter().filter(|k| !data.has(k)) {
        errors.required(data.path.key(key), "");
    }
}

/// The spec of a PersistentVolumeClaim.
pub(super) fn claim(spec: &At<'_>, errors: &mut Errors) {
    const MODES: [&str; 4] = ["ReadOnlyMany", "ReadWriteMany", "ReadWriteOnce", "ReadWriteOncePod"];
    let path = spec.path.field("accessModes");
    let modes = spec.items("accessModes");
    if modes.is_empty() {
        errors.required(path.clone(), "at least 1 access mode is required");
    }
    scheduling::selector(&spec.field("selector"), errors);
    let texts: Vec<&str> = modes.iter().map(|m| m.value.as_str().unwrap_or_default()).collect();
    for mode in texts.iter().filter(|m| !MODES.contains(m)) {
        errors.unsupported(path.clone(), mode, &MODES);
    }
    if texts.contains(&"ReadWriteOncePod") && texts.iter().any(|m| *m != "ReadWriteOncePod") {
        errors.forbidden(path, "may not use ReadWriteOncePod with other access modes");
    }
    let resources = spec.field("resources");
    if !resources.field("requests").has("storage") {
        errors.required(resources.path.key("storage"), "");
    }
    let mode = spec.text("volumeMode");
    if !matches!(mode, "" | "Block" | "Filesystem") {
        errors.unsupported(spec.path.field("volumeMode"), mode, &["Block", "Filesystem"]);
    }
}

/// A PodDisruptionBudget.
pub(super) fn budget(object: &At<'_>, errors: &mut Errors) {
    let spec = object.field("spec");
    if spec.has("minAvailable") && spec.has("maxUnavailable") {
        let get = |name: &str| spec.value.get(name).cloned().unwrap_or_default();
        let value = format!(
            "{{\"MinAvailable\":{},\"Selector\":{},\"MaxUnavailable\":{},\"UnhealthyPodEvictionPolicy\":{}}}",
            get("minAvailable"),
            get("selector"),
            get("maxUnavailable"),
            get("unhealthyPodEvictionPolicy")
        );
        errors.invalid_plain(spec.path.clone(), value, "minAvailable and maxUnavailable cannot be both set");
    }
    for name in ["minAvailable", "maxUnavailable"] {
        workload::int_or_percent(&spec.field(name), true, errors);
    }
    scheduling::selector(&spec.field("selector"), errors);
}

/// A HorizontalPodAutoscaler.
pub(super) fn autoscaler(object: &At<'_>, errors: &mut Errors) {
    let spec = object.field("spec");
    let min = spec.int("minReplicas").unwrap_or(1);
    if min < 1 {
        errors.invalid_plain(spec.path.field("minReplicas"), min, "must be greater than or equal to 1");
    }
    let max = spec.int("maxReplicas").unwrap_or_default();
    if max < 1 {
        errors.required(spec.path.field("maxReplicas"), "must be set and greater than 0");
    }
    if max < min {
        errors.invalid_plain(spec.path.field("maxReplicas"), max, "must be greater than or equal to `minReplicas`");
    }
    let target = spec.field("scaleTargetRef");
    for name in ["kind", "name"] {
        if target.text(name).is_empty() {
            errors.required(target.path.field(name), "");
        }
    }
    let is_from_outside = |m: &At<'_>| matches!(m.value.get("type").and_then(Value::as_str), Some("Object" | "External"));
    if min == 0 && !spec.items("metrics").iter().any(is_from_outside) {
        let detail = "must specify at least one Object or External metric to support scaling to zero replicas";
        errors.forbidden(spec.path.field("metrics"), detail);
    }
}

/// A PriorityClass. (ValidatePriorityClass)
pub(super) fn priority_class(object: &At<'_>, errors: &mut Errors) {
    const HIGHEST: i64 = 1_000_000_000;
    let value = object.int("value").unwrap_or_default();
    if value > HIGHEST && !object.field("metadata").text("name").starts_with("system-") {
        let detail = format!("maximum allowed value of a user defined priority is {HIGHEST}");
        errors.forbidden(object.field("value").path, &detail);
    }
}
