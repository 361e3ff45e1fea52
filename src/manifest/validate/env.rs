//! Environment variables. (ValidateEnv, validateEnvVarValueFrom, ValidateEnvFrom)

use super::super::field_error::Errors;
use super::super::json::At;
use super::words;

const SOURCES: [&str; 5] = ["fieldRef", "resourceFieldRef", "configMapKeyRef", "secretKeyRef", "fileKeyRef"];
const FIELDS: [&str; 9] = [
    "metadata.name",
    "metadata.namespace",
    "metadata.uid",
    "spec.nodeName",
    "spec.serviceAccountName",
    "status.hostIP",
    "status.hostIPs",
    "status.podIP",
    "status.podIPs",
];
const RESOURCES: [&str; 6] =
    ["limits.cpu", "limits.ephemeral-storage", "limits.memory", "requests.cpu", "requests.ephemeral-storage", "requests.memory"];

/// `env` of a container.
pub(super) fn env(container: &At<'_>, errors: &mut Errors) {
    for var in container.items("env") {
        let name = var.text("name");
        if name.is_empty() {
            errors.required(var.path.field("name"), "");
        } else if !name.bytes().all(|c| (c.is_ascii_graphic() || c == b' ') && c != b'=') {
            let detail = "a valid environment variable name must consist only of printable ASCII characters other than '='";
            errors.invalid(var.path.field("name"), name, detail);
        }
        let from = var.field("valueFrom");
        if from.is_set() {
            value_from(&var, &from, errors);
        }
    }
}

fn value_from(var: &At<'_>, from: &At<'_>, errors: &mut Errors) {
    let given: Vec<&str> = SOURCES.into_iter().filter(|s| from.has(s)).collect();
    for source in &given {
        let source = from.field(source);
        match source.path.as_str().rsplit('.').next().unwrap_or_default() {
            "fieldRef" => field_ref(&source, errors),
            "resourceFieldRef" => resource_ref(&source, errors),
            "configMapKeyRef" | "secretKeyRef" => key_ref(&source, errors),
            _ => {}
        }
    }
    if given.is_empty() {
        let detail = "must specify one of: `fieldRef`, `resourceFieldRef`, `configMapKeyRef`, `secretKeyRef` or `fileKeyRef`";
        errors.invalid(from.path.clone(), "", detail);
    } else if !var.text("value").is_empty() {
        errors.invalid(from.path.clone(), "", "may not be specified when `value` is not empty");
    } else if given.len() > 1 {
        errors.invalid(from.path.clone(), "", "may not have more than one field specified at a time");
    }
}

fn field_ref(source: &At<'_>, errors: &mut Errors) {
    let path = source.text("fieldPath");
    let field = source.path.field("fieldPath");
    if path.is_empty() {
        errors.required(field, "");
    } else if path == "status.phase" {
        errors.unsupported(field, path, &FIELDS);
    } else if !FIELDS.contains(&path) && !is_subscript(path) {
        errors.invalid(field, path, &format!("error converting fieldPath: field label not supported: {path}"));
    }
}

/// `metadata.labels['key']` and `metadata.annotations['key']`.
fn is_subscript(path: &str) -> bool {
    let inner = path.strip_prefix("metadata.labels['").or_else(|| path.strip_prefix("metadata.annotations['"));
    inner.is_some_and(|rest| rest.ends_with("']"))
}

fn resource_ref(source: &At<'_>, errors: &mut Errors) {
    let resource = source.text("resource");
    let field = source.path.field("resource");
    if resource.is_empty() {
        errors.required(field, "");
    } else if !RESOURCES.contains(&resource) && !resource.contains("hugepages-") {
        errors.unsupported(field, resource, &RESOURCES);
    }
}

fn key_ref(source: &At<'_>, errors: &mut Errors) {
    let key = source.text("key");
    if key.is_empty() {
        errors.required(source.path.field("key"), "");
        return;
    }
    for wrong in words::config_key(key) {
        errors.invalid(source.path.field("key"), key, &wrong);
    }
}

/// `envFrom` of a container; errors name the list, not its elements.
pub(super) fn env_from(container: &At<'_>, errors: &mut Errors) {
    for source in container.items("envFrom") {
        let list = container.path.field("envFrom");
        match (source.has("configMapRef"), source.has("secretRef")) {
            (false, false) => errors.invalid(list, "", "must specify one of: `configMapRef` or `secretRef`"),
            (true, true) => errors.invalid(list, "", "may not have more than one field specified at a time"),
            (true, false) | (false, true) => {
                let name = if source.has("configMapRef") { "configMapRef" } else { "secretRef" };
                if source.field(name).text("name").is_empty() {
                    errors.required(list.field(name).field("name"), "");
                }
            }
        }
    }
}
