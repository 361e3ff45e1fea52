//! Security contexts. (validatePodSpecSecurityContext, ValidateSecurityContext)

use serde_json::{Value, json};

use super::super::field_error::Errors;
use super::super::json::At;
use super::Rules;

const ID: &str = "must be between 0 and 2147483647, inclusive";

fn ids(context: &At<'_>, names: &[&str], errors: &mut Errors) {
    for name in names {
        if let Some(id) = context.int(name).filter(|id| !(0..=i64::from(i32::MAX)).contains(id)) {
            errors.invalid_plain(context.path.field(name), id, ID);
        }
    }
}

fn profiles(context: &At<'_>, errors: &mut Errors) {
    let profile = context.field("seccompProfile");
    if !profile.is_set() {
        return;
    }
    match profile.text("type") {
        "" => errors.required(profile.path.field("type"), "type is required when seccompProfile is set"),
        "Localhost" | "RuntimeDefault" | "Unconfined" => {}
        other => errors.unsupported(profile.path.field("type"), other, &["Localhost", "RuntimeDefault", "Unconfined"]),
    }
}

/// A pod's.
pub(super) fn pod(spec: &At<'_>, errors: &mut Errors) {
    let context = spec.field("securityContext");
    ids(&context, &["fsGroup", "runAsUser", "runAsGroup"], errors);
    if spec.flag("shareProcessNamespace") && spec.flag("hostPID") {
        let path = context.path.field("shareProcessNamespace");
        errors.invalid_plain(path, true, "ShareProcessNamespace and HostPID cannot both be enabled");
    }
    profiles(&context, errors);
    let policy = context.text("fsGroupChangePolicy");
    if !matches!(policy, "" | "Always" | "OnRootMismatch") {
        errors.unsupported(context.path.field("fsGroupChangePolicy"), policy, &["Always", "OnRootMismatch"]);
    }
}

/// A container's.
pub(super) fn container(context: &At<'_>, rules: Rules, errors: &mut Errors) {
    if !context.is_set() {
        return;
    }
    let is_privileged = context.flag("privileged");
    if is_privileged && !rules.allow_privileged {
        errors.forbidden(context.path.field("privileged"), "disallowed by cluster policy");
    }
    ids(context, &["runAsUser", "runAsGroup"], errors);
    let mount = context.text("procMount");
    if !matches!(mount, "" | "Default" | "Unmasked") {
        errors.unsupported(context.path.field("procMount"), mount, &["Default", "Unmasked"]);
    }
    profiles(context, errors);
    let escalation = context.value.get("allowPrivilegeEscalation").and_then(Value::as_bool);
    if escalation == Some(false) && is_privileged {
        let detail = "cannot set `allowPrivilegeEscalation` to false and `privileged` to true";
        errors.invalid_plain(context.path.clone(), internal(context), detail);
    }
    let adds_admin = context.field("capabilities").items("add").iter().any(|c| c.value == &json!("CAP_SYS_ADMIN"));
    if escalation == Some(false) && adds_admin {
        let detail = "cannot set `allowPrivilegeEscalation` to false and `capabilities.Add` CAP_SYS_ADMIN";
        errors.invalid_plain(context.path.clone(), internal(context), detail);
    }
}

/// The context as Go prints its internal form.
fn internal(context: &At<'_>) -> String {
    let get = |name: &str| context.value.get(name).cloned().unwrap_or_default();
    let capabilities = context.field("capabilities");
    let capabilities = if capabilities.is_set() {
        let list = |name: &str| capabilities.value.get(name).cloned().unwrap_or_default();
        format!("{{\"Add\":{},\"Drop\":{}}}", list("add"), list("drop"))
    } else {
        "null".into()
    };
    let fields = [
        ("Privileged", get("privileged")),
        ("SELinuxOptions", get("seLinuxOptions")),
        ("WindowsOptions", get("windowsOptions")),
        ("RunAsUser", get("runAsUser")),
        ("RunAsGroup", get("runAsGroup")),
        ("RunAsNonRoot", get("runAsNonRoot")),
        ("ReadOnlyRootFilesystem", get("readOnlyRootFilesystem")),
        ("AllowPrivilegeEscalation", get("allowPrivilegeEscalation")),
        ("ProcMount", get("procMount")),
        ("SeccompProfile", get("seccompProfile")),
        ("AppArmorProfile", get("appArmorProfile")),
    ];
    let fields: Vec<String> = fields.iter().map(|(name, value)| format!("\"{name}\":{value}")).collect();
    format!("{{\"Capabilities\":{capabilities},{}}}", fields.join(","))
}
