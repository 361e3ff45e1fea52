//! Probes and hooks. (validateProbe, validateHandler, validateLifecycle)

use serde_json::Value;

use super::super::field_error::Errors;
use super::super::json::At;
use super::words;

/// A `livenessProbe`, `readinessProbe` or `startupProbe`.
pub(super) fn probe(probe: &At<'_>, is_readiness: bool, errors: &mut Errors) {
    if !probe.is_set() {
        return;
    }
    handler(probe, &["exec", "httpGet", "tcpSocket", "grpc"], 0, errors);
    for name in ["initialDelaySeconds", "timeoutSeconds", "periodSeconds", "successThreshold", "failureThreshold"] {
        if let Some(n) = probe.int(name).filter(|n| *n < 0) {
            errors.invalid_plain(probe.path.field(name), n, words::NEGATIVE);
        }
    }
    let grace = probe.int("terminationGracePeriodSeconds");
    if let Some(n) = grace.filter(|n| *n <= 0 && !is_readiness) {
        errors.invalid_plain(probe.path.field("terminationGracePeriodSeconds"), n, "must be greater than 0");
    }
    if let Some(n) = grace.filter(|_| is_readiness) {
        errors.invalid_plain(probe.path.field("terminationGracePeriodSeconds"), n, "must not be set for readinessProbes");
    }
    if let Some(n) = probe.int("successThreshold").filter(|n| *n != 1 && !is_readiness) {
        errors.invalid_plain(probe.path.field("successThreshold"), n, "must be 1");
    }
}

/// `lifecycle`, with the pod's grace period in seconds.
pub(super) fn lifecycle(lifecycle: &At<'_>, grace: i64, errors: &mut Errors) {
    for name in ["postStart", "preStop"] {
        let hook = lifecycle.field(name);
        if hook.is_set() {
            handler(&hook, &["exec", "httpGet", "tcpSocket", "sleep"], grace, errors);
        }
    }
}

fn handler(handler: &At<'_>, kinds: &[&str], grace: i64, errors: &mut Errors) {
    let mut seen = false;
    for kind in kinds.iter().copied().filter(|k| handler.has(k)) {
        let action = handler.field(kind);
        if seen {
            errors.forbidden(action.path, "may not specify more than 1 handler type");
            continue;
        }
        seen = true;
        match kind {
            "exec" if action.items("command").is_empty() => errors.required(action.path.field("command"), ""),
            "httpGet" => http_get(&action, errors),
            "tcpSocket" => port(&action.field("port"), errors),
            "grpc" => {
                let number = action.int("port").unwrap_or_default();
                if !(1..=65535).contains(&number) {
                    errors.invalid_plain(action.path.field("port"), number, words::PORT);
                }
            }
            "sleep" => {
                let seconds = action.int("seconds").unwrap_or_default();
                if seconds < 0 || seconds > grace {
                    let detail = format!("must be non-negative and less than terminationGracePeriodSeconds ({grace})");
                    errors.invalid_plain(action.path, seconds, &detail);
                }
            }
            _ => {}
        }
    }
    if !seen {
        errors.required(handler.path.clone(), "must specify a handler type");
    }
}

fn http_get(action: &At<'_>, errors: &mut Errors) {
    if action.text("path").is_empty() {
        errors.required(action.path.field("path"), "");
    }
    port(&action.field("port"), errors);
    let scheme = action.text("scheme");
    if !matches!(scheme, "HTTP" | "HTTPS") {
        errors.unsupported(action.path.field("scheme"), scheme, &["HTTP", "HTTPS"]);
    }
    for header in action.items("httpHeaders") {
        let name = header.text("name");
        if name.is_empty() || !name.bytes().all(|c| c.is_ascii_alphanumeric() || c == b'-') {
            let detail = "a valid HTTP header must consist of alphanumeric characters or '-' (e.g. 'X-Header-Name', regex used for validation is '[-A-Za-z0-9]+')";
            errors.invalid(action.path.field("httpHeaders"), name, detail);
        }
    }
}

/// A port by number or name. (ValidatePortNumOrName)
pub(super) fn port(port: &At<'_>, errors: &mut Errors) {
    match port.value {
        Value::String(name) => {
            for wrong in words::port_name(name) {
                errors.invalid(port.path.clone(), name, wrong);
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::Array(_) | Value::Object(_) => {
            let number = port.value.as_i64().unwrap_or_default();
            if !(1..=65535).contains(&number) {
                errors.invalid_plain(port.path.clone(), number, words::PORT);
            }
        }
    }
}
