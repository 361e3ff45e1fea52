//! Services. (ValidateServiceCreate)

use crate::order::SortedSet;

use super::super::field_error::Errors;
use super::super::json::At;
use super::{probe, words};

const KINDS: [&str; 4] = ["ClusterIP", "ExternalName", "LoadBalancer", "NodePort"];

/// A Service.
pub(super) fn service(object: &At<'_>, errors: &mut Errors) {
    let spec = object.field("spec");
    let kind = spec.text("type");
    let is_headless = spec.text("clusterIP") == "None";
    let all = spec.items("ports");
    if all.is_empty() && !is_headless && kind != "ExternalName" {
        errors.required(spec.path.field("ports"), "");
    }
    if is_headless && matches!(kind, "NodePort" | "LoadBalancer") {
        let detail = format!("may not be set to 'None' for {kind} services");
        errors.invalid(spec.path.field("clusterIPs").index(0), "None", &detail);
    }
    if kind == "ExternalName" {
        let name = spec.text("externalName");
        if name.is_empty() {
            errors.required(spec.path.field("externalName"), "");
        } else {
            for wrong in words::subdomain(name.trim_end_matches('.')) {
                errors.invalid(spec.path.field("externalName"), name, &wrong);
            }
        }
    }
    let mut names = SortedSet::new();
    for port in &all {
        self::port(port, all.len() > 1, &mut names, errors);
    }
    for (key, value) in spec.entries("selector") {
        for wrong in words::qualified(key) {
            errors.invalid(spec.path.field("selector"), key, &wrong);
        }
        let value = value.as_str().unwrap_or_default();
        for wrong in words::label_value(value) {
            errors.invalid(spec.path.field("selector"), value, &wrong);
        }
    }
    let affinity = spec.text("sessionAffinity");
    if !matches!(affinity, "ClientIP" | "None") {
        errors.unsupported(spec.path.field("sessionAffinity"), affinity, &["ClientIP", "None"]);
    }
    if !KINDS.contains(&kind) {
        errors.unsupported(spec.path.field("type"), kind, &KINDS);
    }
    for port in all.iter().filter(|p| kind == "ClusterIP" && p.has("nodePort")) {
        errors.forbidden(port.path.field("nodePort"), "may not be used when `type` is 'ClusterIP'");
    }
    repeated(&all, errors);
}

fn port<'v>(port: &At<'v>, needs_name: bool, names: &mut SortedSet<&'v str>, errors: &mut Errors) {
    let name = port.text("name");
    if name.is_empty() {
        if needs_name {
            errors.required(port.path.field("name"), "");
        }
    } else {
        for wrong in words::label(name) {
            errors.invalid(port.path.field("name"), name, &wrong);
        }
        if !names.insert(name) {
            errors.duplicate(port.path.field("name"), name);
        }
    }
    let number = port.int("port").unwrap_or_default();
    if !(1..=65535).contains(&number) {
        errors.invalid_plain(port.path.field("port"), number, words::PORT);
    }
    let protocol = port.text("protocol");
    if !matches!(protocol, "TCP" | "UDP" | "SCTP") {
        errors.unsupported(port.path.field("protocol"), protocol, &["SCTP", "TCP", "UDP"]);
    }
    probe::port(&port.field("targetPort"), errors);
}

/// The same port and protocol twice, printed as Go prints the internal form.
fn repeated(all: &[At<'_>], errors: &mut Errors) {
    let mut seen = SortedSet::new();
    for port in all {
        let (protocol, number) = (port.text("protocol"), port.int("port").unwrap_or_default());
        if !seen.insert((protocol, number)) {
            let value = format!(
                "{{\"Name\":\"\",\"Protocol\":\"{protocol}\",\"AppProtocol\":null,\"Port\":{number},\"TargetPort\":0,\"NodePort\":0}}"
            );
            errors.duplicate_plain(port.path.clone(), value);
        }
    }
}
