//! What is accepted with a warning. (pkg/api/pod/warnings.go)

use crate::order::SortedMap;
use crate::order::SortedSet;

use serde_json::Value;

use super::super::json::At;
use super::words;
use crate::api::{Kind, Quantity};

/// What `kubectl` prints after `Warning: `.
pub(in crate::manifest) fn warnings(kind: Kind, body: &Value) -> Vec<String> {
    let object = At::root(body);
    let mut found = Vec::new();
    let Some(path) = kind.pod_path() else { return found };
    let spec = path.iter().fold(At::root(body), |at, name| at.field(name)).field("spec");
    let name = object.field("metadata").text("name");
    let wrong = words::label(name);
    if kind == Kind::Pod && !wrong.is_empty() && !name.is_empty() {
        found.push(format!(
            "metadata.name: this is used in the Pod's hostname, which can result in surprising behavior; a DNS label is recommended: [{}]",
            wrong.join(" ")
        ));
    }
    pod(&spec, &mut found);
    found
}

fn pod(spec: &At<'_>, found: &mut Vec<String>) {
    for secret in spec.items("imagePullSecrets") {
        if secret.text("name").is_empty() {
            found.push(format!("{}: invalid empty name \"\"", secret.path.field("name")));
        }
    }
    let groups = ["initContainers", "containers"];
    for c in groups.into_iter().flat_map(|g| spec.items(g)) {
        repeated_env(&c, found);
        for group in ["limits", "requests"] {
            for (name, value) in c.field("resources").entries(group) {
                let text = value.as_str().unwrap_or_default();
                if name == "memory" && Quantity::parse(text).is_some_and(|q| q.milli() % 1000 != 0) {
                    let path = c.path.field("resources").field(group).key(name);
                    found.push(format!("{path}: fractional byte value \"{text}\" is invalid, must be an integer"));
                }
            }
        }
    }
    if spec.int("terminationGracePeriodSeconds").is_some_and(|s| s < 0) {
        let path = spec.path.field("terminationGracePeriodSeconds");
        found.push(format!("{path}: must be >= 0; negative values are invalid and will be treated as 1"));
    }
    repeated_ports(spec, found);
}

fn repeated_env(c: &At<'_>, found: &mut Vec<String>) {
    let mut seen = SortedSet::new();
    for var in c.items("env") {
        let name = var.text("name");
        let own = format!("$({name})");
        let builds_on = var.text("value").contains(&own) && var.text("value") != own;
        if !seen.insert(name) && !builds_on {
            found.push(format!("{}: hides previous definition of \"{name}\", which may be dropped when using apply", var.path));
        }
    }
}

fn repeated_ports(spec: &At<'_>, found: &mut Vec<String>) {
    let mut numbers: SortedMap<(i64, &str), (String, bool)> = SortedMap::new();
    let mut names: SortedMap<&str, (String, usize)> = SortedMap::new();
    for (i, c) in spec.items("containers").into_iter().enumerate() {
        for port in c.items("ports") {
            let key = (port.int("containerPort").unwrap_or_default(), port.text("protocol"));
            let has_host_port = port.has("hostPort");
            match numbers.get(&key) {
                Some((first, host)) if !*host && !has_host_port => {
                    found.push(format!("{}: duplicate port definition with {first}", port.path));
                }
                Some((first, host)) if *host != has_host_port => {
                    found.push(format!("{}: overlapping port definition with {first}", port.path));
                }
                Some(_) => {}
                None => {
                    numbers.insert(key, (port.path.to_string(), has_host_port));
                }
            }
            let name = port.text("name");
            match names.get(name) {
                Some((first, owner)) if *owner != i => found.push(format!(
                    "{}: duplicate port name \"{name}\" with {first}, services and probes that select ports by name will use {first}",
                    port.path
                )),
                Some(_) => {}
                None if name.is_empty() => {}
                None => {
                    names.insert(name, (port.path.to_string(), i));
                }
            }
        }
    }
}
