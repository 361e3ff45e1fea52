//! Pods and pod templates. (ValidatePodCreate, ValidatePodSpec, ValidatePodTemplateSpec)

use super::super::field_error::Errors;
use super::super::json::At;
use super::container::{self, Surroundings};
use super::{Rules, meta, resources, scheduling, security, volume, words};

/// A pod that is to be created.
pub(super) fn create(object: &At<'_>, rules: Rules, errors: &mut Errors) {
    let spec = object.field("spec");
    pod_spec(&spec, rules, errors);
    if !spec.items("ephemeralContainers").is_empty() {
        errors.forbidden(spec.path.field("ephemeralContainers"), "cannot be set on create");
    }
    if !spec.text("nodeName").is_empty() && !spec.items("schedulingGates").is_empty() {
        errors.forbidden(spec.path.field("nodeName"), "cannot be set until all schedulingGates have been cleared");
    }
}

/// `template` of a controller.
pub(super) fn template(owner: &At<'_>, rules: Rules, errors: &mut Errors) {
    let template = owner.field("template");
    let metadata = template.field("metadata");
    meta::labels(&metadata, &template.path, errors);
    meta::annotations(&metadata, &template.path, errors);
    let spec = template.field("spec");
    pod_spec(&spec, Rules { is_template: true, ..rules }, errors);
    if !spec.items("ephemeralContainers").is_empty() {
        errors.forbidden(spec.path.field("ephemeralContainers"), "ephemeral containers not allowed in pod template");
    }
}

/// A spec, in the order in which Kubernetes looks at it.
pub(super) fn pod_spec(spec: &At<'_>, rules: Rules, errors: &mut Errors) {
    let around = Surroundings { volumes: volume::volumes(spec, errors), grace: spec.int("terminationGracePeriodSeconds").unwrap_or(30) };
    container::containers(spec, &around, rules, errors);
    container::init_containers(spec, &around, rules, errors);
    if rules.is_update {
        container::ephemeral_containers(spec, &around, rules, errors);
    }
    resources::pod(spec, errors);
    if spec.flag("hostNetwork") {
        container::host_network_ports(spec, errors);
    }
    let policy = spec.text("restartPolicy");
    if !matches!(policy, "Always" | "OnFailure" | "Never") {
        errors.unsupported(spec.path.field("restartPolicy"), policy, &["Always", "OnFailure", "Never"]);
    }
    dns(spec, errors);
    for (key, value) in spec.entries("nodeSelector") {
        for wrong in words::qualified(key) {
            errors.invalid(spec.path.field("nodeSelector"), key, &wrong);
        }
        let value = value.as_str().unwrap_or_default();
        for wrong in words::label_value(value) {
            errors.invalid(spec.path.field("nodeSelector"), value, &wrong);
        }
    }
    host_users(spec, errors);
    security::pod(spec, errors);
    scheduling::affinity(spec, errors);
    gates(spec, errors);
    scheduling::spread(spec, errors);
    names(spec, errors);
    scheduling::tolerations(spec, errors);
    rest(spec, errors);
}

fn dns(spec: &At<'_>, errors: &mut Errors) {
    const KNOWN: [&str; 4] = ["ClusterFirstWithHostNet", "ClusterFirst", "Default", "None"];
    let policy = spec.text("dnsPolicy");
    if !KNOWN.contains(&policy) {
        errors.unsupported(spec.path.field("dnsPolicy"), policy, &KNOWN);
    }
    let config = spec.field("dnsConfig");
    if policy == "None" && !config.is_set() {
        errors.required(config.path, "must provide `dnsConfig` when `dnsPolicy` is None");
    } else if policy == "None" && config.items("nameservers").is_empty() {
        let detail = "must provide at least one DNS nameserver when `dnsPolicy` is None";
        errors.required(config.path.field("nameservers"), detail);
    }
}

fn host_users(spec: &At<'_>, errors: &mut Errors) {
    if spec.value.get("hostUsers").and_then(serde_json::Value::as_bool) != Some(false) {
        return;
    }
    for name in ["hostNetwork", "hostPID", "hostIPC"] {
        if spec.flag(name) {
            errors.forbidden(spec.path.field(name), "when `hostUsers` is false");
        }
    }
}

fn gates(spec: &At<'_>, errors: &mut Errors) {
    for gate in spec.items("readinessGates") {
        let kind = gate.text("conditionType");
        for wrong in words::qualified(kind) {
            errors.invalid(gate.path.field("conditionType"), kind, &wrong);
        }
    }
    let mut seen = crate::order::SortedSet::new();
    for gate in spec.items("schedulingGates") {
        let name = gate.text("name");
        for wrong in words::qualified(name) {
            errors.invalid(gate.path.clone(), name, &wrong);
        }
        if !seen.insert(name) {
            errors.duplicate(gate.path, name);
        }
    }
}

fn names(spec: &At<'_>, errors: &mut Errors) {
    for name in ["serviceAccountName", "nodeName"] {
        let text = spec.text(name);
        for wrong in words::subdomain(text).iter().filter(|_| !text.is_empty()) {
            errors.invalid(spec.path.field(name), text, wrong);
        }
    }
    if let Some(seconds) = spec.int("activeDeadlineSeconds").filter(|s| !(1..=i64::from(i32::MAX)).contains(s)) {
        errors.invalid_plain(spec.path.field("activeDeadlineSeconds"), seconds, "must be between 1 and 2147483647, inclusive");
    }
    for name in ["hostname", "subdomain"] {
        let text = spec.text(name);
        for wrong in words::label(text).iter().filter(|_| !text.is_empty()) {
            errors.invalid(spec.path.field(name), text, wrong);
        }
    }
}

fn rest(spec: &At<'_>, errors: &mut Errors) {
    for alias in spec.items("hostAliases") {
        let ip = alias.text("ip");
        if ip.parse::<std::net::IpAddr>().is_err() {
            errors.invalid(alias.path.field("ip"), ip, "must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)");
        }
        for name in alias.items("hostnames") {
            let text = name.value.as_str().unwrap_or_default();
            for wrong in words::subdomain(text) {
                errors.invalid(name.path.clone(), text, &wrong);
            }
        }
    }
    for name in ["priorityClassName", "runtimeClassName"] {
        let text = spec.text(name);
        for wrong in words::subdomain(text).iter().filter(|_| !text.is_empty()) {
            errors.invalid(spec.path.field(name), text, wrong);
        }
    }
    let policy = spec.text("preemptionPolicy");
    if !matches!(policy, "" | "PreemptLowerPriority" | "Never") {
        errors.unsupported(spec.path.field("preemptionPolicy"), policy, &["PreemptLowerPriority", "Never"]);
    }
}
