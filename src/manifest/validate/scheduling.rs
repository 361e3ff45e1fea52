//! Tolerations, affinity, spread. (ValidateTolerations, validateAffinity, validateTopologySpreadConstraints)

use crate::order::SortedMap;

use super::super::field_error::Errors;
use super::super::json::At;
use super::words;

const REQUIRED: &str = "requiredDuringSchedulingIgnoredDuringExecution";
const PREFERRED: &str = "preferredDuringSchedulingIgnoredDuringExecution";

/// `tolerations`.
pub(super) fn tolerations(spec: &At<'_>, errors: &mut Errors) {
    for t in spec.items("tolerations") {
        let (key, operator, value, effect) = (t.text("key"), t.text("operator"), t.text("value"), t.text("effect"));
        for wrong in words::qualified(key).iter().filter(|_| !key.is_empty()) {
            errors.invalid(t.path.field("key"), key, wrong);
        }
        if key.is_empty() && operator != "Exists" {
            let detail = "operator must be Exists when `key` is empty, which means \"match all values and all keys\"";
            errors.invalid(t.path.field("operator"), operator, detail);
        }
        if t.has("tolerationSeconds") && effect != "NoExecute" {
            errors.invalid(t.path.field("effect"), effect, "effect must be 'NoExecute' when `tolerationSeconds` is set");
        }
        match operator {
            "" | "Equal" => {
                for wrong in words::label_value(value) {
                    errors.invalid(t.path.field("operator"), value, &wrong);
                }
            }
            "Exists" if !value.is_empty() => {
                errors.invalid(t.path.field("operator"), value, "value must be empty when `operator` is 'Exists'");
            }
            "Exists" => {}
            other => errors.unsupported(t.path.field("operator"), other, &["Equal", "Exists"]),
        }
        if !matches!(effect, "" | "NoSchedule" | "PreferNoSchedule" | "NoExecute") {
            errors.unsupported(t.path.field("effect"), effect, &["NoSchedule", "PreferNoSchedule", "NoExecute"]);
        }
    }
}

/// `affinity`.
pub(super) fn affinity(spec: &At<'_>, errors: &mut Errors) {
    let affinity = spec.field("affinity");
    let node = affinity.field("nodeAffinity");
    let required = node.field(REQUIRED);
    if required.is_set() {
        let terms = required.items("nodeSelectorTerms");
        if terms.is_empty() {
            errors.required(required.path.field("nodeSelectorTerms"), "must have at least one node selector term");
        }
        terms.iter().for_each(|term| node_term(term, errors));
    }
    for preferred in node.items(PREFERRED) {
        weight(&preferred, errors);
        node_term(&preferred.field("preference"), errors);
    }
    for kind in ["podAffinity", "podAntiAffinity"] {
        let pods = affinity.field(kind);
        pods.items(REQUIRED).iter().for_each(|term| pod_term(term, errors));
        for preferred in pods.items(PREFERRED) {
            weight(&preferred, errors);
            pod_term(&preferred.field("podAffinityTerm"), errors);
        }
    }
}

fn weight(term: &At<'_>, errors: &mut Errors) {
    let weight = term.int("weight").unwrap_or_default();
    if !(1..=100).contains(&weight) {
        errors.invalid_plain(term.path.field("weight"), weight, "must be in the range 1-100");
    }
}

fn node_term(term: &At<'_>, errors: &mut Errors) {
    for r in ["matchExpressions", "matchFields"].into_iter().flat_map(|list| term.items(list)) {
        let (operator, count) = (r.text("operator"), r.items("values").len());
        let values = r.path.field("values");
        match operator {
            "In" | "NotIn" if count == 0 => errors.required(values, "must be specified when `operator` is 'In' or 'NotIn'"),
            "Exists" | "DoesNotExist" if count > 0 => {
                errors.forbidden(values, "may not be specified when `operator` is 'Exists' or 'DoesNotExist'");
            }
            "Gt" | "Lt" if count != 1 => errors.required(values, "must be specified single value when `operator` is 'Lt' or 'Gt'"),
            "In" | "NotIn" | "Exists" | "DoesNotExist" | "Gt" | "Lt" => {}
            other => errors.invalid(r.path.field("operator"), other, "not a valid selector operator"),
        }
        for wrong in words::qualified(r.text("key")) {
            errors.invalid(r.path.field("key"), r.text("key"), &wrong);
        }
    }
}

fn pod_term(term: &At<'_>, errors: &mut Errors) {
    selector(&term.field("labelSelector"), errors);
    selector(&term.field("namespaceSelector"), errors);
    topology_key(term, errors, true);
}

fn topology_key(term: &At<'_>, errors: &mut Errors, is_affinity: bool) {
    let key = term.text("topologyKey");
    let path = term.path.field("topologyKey");
    if key.is_empty() {
        errors.required(path.clone(), "can not be empty");
        if !is_affinity {
            return;
        }
    }
    for wrong in words::qualified(key) {
        errors.invalid(path.clone(), key, &wrong);
    }
}

/// A label selector. (apimachinery: ValidateLabelSelector)
pub(super) fn selector(selector: &At<'_>, errors: &mut Errors) {
    for (key, value) in selector.entries("matchLabels") {
        for wrong in words::qualified(key) {
            errors.invalid(selector.path.field("matchLabels"), key, &wrong);
        }
        let value = value.as_str().unwrap_or_default();
        for wrong in words::label_value(value) {
            errors.invalid(selector.path.field("matchLabels").key(key), value, &wrong);
        }
    }
    for r in selector.items("matchExpressions") {
        let (operator, count) = (r.text("operator"), r.items("values").len());
        let values = r.path.field("values");
        match operator {
            "In" | "NotIn" if count == 0 => errors.required(values, "must be specified when `operator` is 'In' or 'NotIn'"),
            "Exists" | "DoesNotExist" if count > 0 => {
                errors.forbidden(values, "may not be specified when `operator` is 'Exists' or 'DoesNotExist'");
            }
            "In" | "NotIn" | "Exists" | "DoesNotExist" => {}
            other => errors.invalid(r.path.field("operator"), other, "not a valid selector operator"),
        }
        for wrong in words::qualified(r.text("key")) {
            errors.invalid(r.path.field("key"), r.text("key"), &wrong);
        }
    }
}

/// `topologySpreadConstraints`.
pub(super) fn spread(spec: &At<'_>, errors: &mut Errors) {
    let all = spec.items("topologySpreadConstraints");
    // The last of the same pair is right, those before it are reported.
    let pair = |c: &At<'_>| (c.text("topologyKey").to_owned(), c.text("whenUnsatisfiable").to_owned());
    let last: SortedMap<_, _> = all.iter().enumerate().map(|(i, c)| (pair(c), i)).collect();
    for (i, c) in all.iter().enumerate() {
        let skew = c.int("maxSkew").unwrap_or_default();
        if skew <= 0 {
            errors.invalid_plain(c.path.field("maxSkew"), skew, "must be greater than zero");
        }
        topology_key(c, errors, false);
        let when = c.text("whenUnsatisfiable");
        if !matches!(when, "DoNotSchedule" | "ScheduleAnyway") {
            errors.unsupported(c.path.field("whenUnsatisfiable"), when, &["DoNotSchedule", "ScheduleAnyway"]);
        }
        if last.get(&pair(c)).is_some_and(|last| *last > i) {
            let (key, when) = pair(c);
            errors.duplicate(c.path.field("{topologyKey, whenUnsatisfiable}"), &format!("{{{key}, {when}}}"));
        }
        selector(&c.field("labelSelector"), errors);
    }
}
