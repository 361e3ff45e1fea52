//! Containers of the three groups. (validateContainerCommon, validateContainers, validateInitContainers)

use crate::order::SortedSet;

use serde_json::Value;

use super::super::field_error::Errors;
use super::super::json::At;
use super::{Rules, env, probe, resources, security, volume, words};

/// What containers may refer to.
pub(super) struct Surroundings<'v> {
    /// Volumes that may be mounted.
    pub volumes: SortedSet<&'v str>,
    /// The pod's grace period in seconds.
    pub grace: i64,
}

/// `containers`.
pub(super) fn containers(spec: &At<'_>, around: &Surroundings<'_>, rules: Rules, errors: &mut Errors) {
    let all = spec.items("containers");
    if all.is_empty() {
        errors.required(spec.path.field("containers"), "");
    }
    let mut names = SortedSet::new();
    for c in &all {
        common(c, around, rules, errors);
        if !names.insert(c.text("name")) && !c.text("name").is_empty() {
            errors.duplicate(c.path.field("name"), c.text("name"));
        }
        probe::lifecycle(&c.field("lifecycle"), around.grace, errors);
        probes(c, errors);
        restart_policy(c, errors);
    }
    host_ports(&all, errors);
}

/// `initContainers`.
pub(super) fn init_containers(spec: &At<'_>, around: &Surroundings<'_>, rules: Rules, errors: &mut Errors) {
    const REASON: &str = "may not be set for init containers without restartPolicy=Always";
    let apps = spec.items("containers");
    let mut names: SortedSet<&str> = apps.iter().map(|c| c.text("name")).collect();
    let all = spec.items("initContainers");
    for c in &all {
        common(c, around, rules, errors);
        if !names.insert(c.text("name")) && !c.text("name").is_empty() {
            errors.duplicate(c.path.field("name"), c.text("name"));
        }
        if c.text("restartPolicy") == "Always" {
            probe::lifecycle(&c.field("lifecycle"), around.grace, errors);
            probes(c, errors);
        } else {
            for name in ["lifecycle", "livenessProbe", "readinessProbe", "startupProbe"].into_iter().filter(|n| c.has(n)) {
                errors.forbidden(c.path.field(name), REASON);
            }
            for policy in c.items("resizePolicy").iter().filter(|p| p.text("restartPolicy") == "RestartContainer") {
                let detail = "must not be set to 'RestartContainer' for non-sidecar initContainers";
                errors.invalid(policy.path.field("restartPolicy"), "RestartContainer", detail);
            }
        }
        restart_policy(c, errors);
    }
    host_ports(&all, errors);
}

/// `ephemeralContainers` of a stored pod.
pub(super) fn ephemeral_containers(spec: &At<'_>, around: &Surroundings<'_>, rules: Rules, errors: &mut Errors) {
    const FORBIDDEN: [&str; 8] =
        ["ports", "resources", "livenessProbe", "readinessProbe", "startupProbe", "lifecycle", "resizePolicy", "restartPolicy"];
    let groups = || ["containers", "initContainers"].into_iter().flat_map(|g| spec.items(g));
    let mut names: SortedSet<&str> = groups().map(|c| c.text("name")).collect();
    for c in spec.items("ephemeralContainers") {
        common(&c, around, rules, errors);
        if !names.insert(c.text("name")) {
            errors.duplicate(c.path.field("name"), c.text("name"));
        }
        let is_given = |name: &&str| c.value.get(*name).is_some_and(|v| v.as_object().is_none_or(|o| !o.is_empty()));
        for name in FORBIDDEN.into_iter().filter(is_given) {
            errors.forbidden(c.path.field(name), "cannot be set for an Ephemeral Container");
        }
        let target = c.text("targetContainerName");
        if !target.is_empty() && !groups().any(|g| g.text("name") == target) {
            errors.not_found(c.path.field("targetContainerName"), target);
        }
    }
}

fn probes(c: &At<'_>, errors: &mut Errors) {
    probe::probe(&c.field("livenessProbe"), false, errors);
    probe::probe(&c.field("readinessProbe"), true, errors);
    probe::probe(&c.field("startupProbe"), false, errors);
}

fn common(c: &At<'_>, around: &Surroundings<'_>, rules: Rules, errors: &mut Errors) {
    let name = c.text("name");
    if name.is_empty() {
        errors.required(c.path.field("name"), "");
    } else {
        for wrong in words::label(name) {
            errors.invalid(c.path.field("name"), name, &wrong);
        }
    }
    let image = c.text("image");
    if image.is_empty() {
        errors.required(c.path.field("image"), "");
    } else if image.trim() != image && !rules.is_template {
        errors.invalid(c.path.field("image"), image, "must not have leading or trailing whitespace");
    }
    let policy = c.text("terminationMessagePolicy");
    if !matches!(policy, "File" | "FallbackToLogsOnError") {
        errors.unsupported(c.path.field("terminationMessagePolicy"), policy, &["File", "FallbackToLogsOnError"]);
    }
    ports(c, errors);
    env::env(c, errors);
    env::env_from(c, errors);
    volume::mounts(c, &around.volumes, errors);
    let pull = c.text("imagePullPolicy");
    if !matches!(pull, "Always" | "IfNotPresent" | "Never") {
        errors.unsupported(c.path.field("imagePullPolicy"), pull, &["Always", "IfNotPresent", "Never"]);
    }
    resources::container(&c.field("resources"), errors);
    resize_policy(c, errors);
    security::container(&c.field("securityContext"), rules, errors);
}

fn resize_policy(c: &At<'_>, errors: &mut Errors) {
    for policy in c.items("resizePolicy") {
        let name = policy.text("resourceName");
        if !matches!(name, "cpu" | "memory") {
            errors.unsupported(policy.path.field("resourceName"), name, &["cpu", "memory"]);
        }
        let restart = policy.text("restartPolicy");
        if !matches!(restart, "NotRequired" | "RestartContainer") {
            errors.unsupported(policy.path.field("restartPolicy"), restart, &["NotRequired", "RestartContainer"]);
        }
    }
}

fn ports(c: &At<'_>, errors: &mut Errors) {
    let mut names = SortedSet::new();
    for port in c.items("ports") {
        let name = port.text("name");
        if !name.is_empty() {
            let wrong = words::port_name(name);
            for wrong in &wrong {
                errors.invalid(port.path.field("name"), name, wrong);
            }
            if wrong.is_empty() && !names.insert(name) {
                errors.duplicate(port.path.field("name"), name);
            }
        }
        let number = port.int("containerPort").unwrap_or_default();
        if number == 0 {
            errors.required(port.path.field("containerPort"), "");
        } else if !(1..=65535).contains(&number) {
            errors.invalid_plain(port.path.field("containerPort"), number, words::PORT);
        }
        let host = port.int("hostPort").unwrap_or_default();
        if host != 0 && !(1..=65535).contains(&host) {
            errors.invalid_plain(port.path.field("hostPort"), host, words::PORT);
        }
        let protocol = port.text("protocol");
        if !matches!(protocol, "TCP" | "UDP" | "SCTP") {
            errors.unsupported(port.path.field("protocol"), protocol, &["SCTP", "TCP", "UDP"]);
        }
    }
}

/// `hostPort` under `hostNetwork`. (validateHostNetwork)
pub(super) fn host_network_ports(spec: &At<'_>, errors: &mut Errors) {
    for c in ["containers", "initContainers"].into_iter().flat_map(|group| spec.items(group)) {
        for port in c.items("ports") {
            let host = port.int("hostPort").unwrap_or_default();
            if host != port.int("containerPort").unwrap_or_default() {
                errors.invalid_plain(port.path.field("hostPort"), host, "must match `containerPort` when `hostNetwork` is true");
            }
        }
    }
}

/// The same port of the node twice. (checkHostPortConflicts)
fn host_ports(containers: &[At<'_>], errors: &mut Errors) {
    let mut taken = SortedSet::new();
    for port in containers.iter().flat_map(|c| c.items("ports")) {
        let host = port.int("hostPort").unwrap_or_default();
        if host == 0 {
            continue;
        }
        let key = format!("{}/{}/{host}", port.text("protocol"), port.text("hostIP"));
        if !taken.insert(key.clone()) {
            errors.duplicate(port.path.field("hostPort"), &key);
        }
    }
}

/// `restartPolicy` and `restartPolicyRules`. (validateContainerRestartPolicy)
fn restart_policy(c: &At<'_>, errors: &mut Errors) {
    const KNOWN: [&str; 3] = ["Always", "Never", "OnFailure"];
    let policy = c.value.get("restartPolicy").and_then(Value::as_str);
    if let Some(policy) = policy.filter(|p| !KNOWN.contains(p)) {
        errors.unsupported(c.path.field("restartPolicy"), policy, &KNOWN);
    }
    let rules = c.items("restartPolicyRules");
    if policy.is_none() && !rules.is_empty() {
        errors.required(c.path.field("restartPolicy"), "must specify restartPolicy when restart rules are used");
    }
    if rules.len() > 20 {
        errors.too_many(c.path.field("restartPolicyRules"), rules.len(), 20);
    }
    for rule in rules {
        let action = rule.text("action");
        if !matches!(action, "Restart" | "RestartAllContainers") {
            errors.unsupported(rule.path.field("action"), action, &["Restart", "RestartAllContainers"]);
        }
        let codes = rule.field("exitCodes");
        if !codes.is_set() {
            errors.required(codes.path, "must be specified");
            continue;
        }
        let operator = codes.text("operator");
        if !matches!(operator, "In" | "NotIn") {
            errors.unsupported(codes.path.field("operator"), operator, &["In", "NotIn"]);
        }
        let count = codes.items("values").len();
        if count > 255 {
            errors.too_many(codes.path.field("values"), count, 255);
        }
    }
}
