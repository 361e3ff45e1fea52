//! Requests and limits. (ValidateContainerResourceRequirements, validatePodResourceRequirements)

use super::super::defaults::aggregate_requests;
use super::super::field_error::Errors;
use super::super::json::At;
use super::words;
use crate::api::Quantity;

const STANDARD: [&str; 3] = ["cpu", "memory", "ephemeral-storage"];

fn amount(text: &str) -> Quantity {
    Quantity::parse(text).unwrap_or_default()
}

fn is_huge_page(name: &str) -> bool {
    name.starts_with("hugepages-")
}

/// Resources with a domain, that the node offers by itself: they cannot be overcommitted and are whole.
fn is_extended(name: &str) -> bool {
    name.contains('/') && !name.contains("kubernetes.io/")
}

/// `resources` of a container.
pub(super) fn container(resources: &At<'_>, errors: &mut Errors) {
    let mut seen = (false, false);
    for (name, value) in resources.entries("limits") {
        let path = resources.path.field("limits").key(name);
        resource(name, value.as_str().unwrap_or_default(), &path, errors);
        seen = (seen.0 || is_huge_page(name), seen.1 || matches!(name, "cpu" | "memory"));
    }
    let limit = |name: &str| resources.value.get("limits").and_then(|l| l.get(name)).and_then(|v| v.as_str()).map(amount);
    for (name, value) in resources.entries("requests") {
        let text = value.as_str().unwrap_or_default();
        resource(name, text, &resources.path.field("requests").key(name), errors);
        compare(resources, name, text, limit(name), errors);
        seen = (seen.0 || is_huge_page(name), seen.1 || matches!(name, "cpu" | "memory"));
    }
    if seen.0 && !seen.1 {
        errors.forbidden(resources.path.clone(), "HugePages require cpu or memory");
    }
}

fn compare(resources: &At<'_>, name: &str, text: &str, limit: Option<Quantity>, errors: &mut Errors) {
    let request = amount(text);
    let is_exact = is_extended(name) || is_huge_page(name);
    match limit {
        Some(limit) if is_exact && request.milli() != limit.milli() => {
            let detail = format!("must be equal to {name} limit of {}", limit.canonical());
            errors.invalid(resources.path.field("requests"), &request.canonical(), &detail);
        }
        Some(limit) if !is_exact && request.milli() > limit.milli() => {
            let detail = format!("must be less than or equal to {name} limit of {}", limit.canonical());
            errors.invalid(resources.path.field("requests"), &request.canonical(), &detail);
        }
        None if is_exact => errors.required(resources.path.field("limits"), "Limit must be set for non overcommitable resources"),
        Some(_) | None => {}
    }
}

fn resource(name: &str, text: &str, path: &crate::text::FieldPath, errors: &mut Errors) {
    for wrong in words::qualified(name) {
        errors.invalid(path.clone(), name, &wrong);
    }
    if !name.contains('/') && !STANDARD.contains(&name) && !is_huge_page(name) {
        errors.invalid(path.clone(), name, "must be a standard resource type or fully qualified");
        errors.invalid(path.clone(), name, "must be a standard resource for containers");
    }
    let quantity = amount(text);
    if quantity.milli() < 0 {
        errors.invalid(path.clone(), &quantity.canonical(), words::NEGATIVE);
    }
    if is_extended(name) && quantity.milli() % 1000 != 0 {
        errors.invalid(path.clone(), &quantity.canonical(), "must be an integer");
    }
}

/// `resources` of a pod as a whole.
pub(super) fn pod(spec: &At<'_>, errors: &mut Errors) {
    let resources = spec.field("resources");
    if !resources.is_set() {
        return;
    }
    container(&resources, errors);
    for list in ["limits", "requests"] {
        for (name, _) in resources.entries(list).filter(|(name, _)| !matches!(*name, "cpu" | "memory") && !is_huge_page(name)) {
            errors.unsupported(resources.path.field(list).key(name), name, &["cpu", "memory"]);
        }
    }
    for (name, total) in aggregate_requests(spec.value) {
        let Some(own) = resources.value.get("requests").and_then(|r| r.get(&name)).and_then(|v| v.as_str()).map(amount) else { continue };
        if own.milli() < amount(&total).milli() {
            let detail = format!("must be greater than or equal to aggregate container requests of {total}");
            errors.invalid(resources.path.field("requests").key(&name), &own.canonical(), &detail);
        }
    }
    for (i, c) in spec.items("containers").iter().enumerate() {
        for (name, value) in c.field("resources").entries("limits") {
            let limit = amount(value.as_str().unwrap_or_default());
            let Some(own) = resources.value.get("limits").and_then(|r| r.get(name)).and_then(|v| v.as_str()).map(amount) else { continue };
            if limit.milli() > own.milli() {
                let path = resources.path.field("containers").index(i).key(name).field("limits");
                let detail = format!("must be less than or equal to pod limits of {}", own.canonical());
                errors.invalid(path, &limit.canonical(), &detail);
            }
        }
    }
}
