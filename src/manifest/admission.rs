//! What admission plugins add to a pod, and why they refuse it.
//! (plugin/pkg/admission/{limitranger,serviceaccount,priority,defaulttolerationseconds,runtimeclass})

use serde_json::{Map, Value, json};

use super::AdmitContext;
use super::json::{child, default, flag, list, list_mut, set, text};
use crate::api::{Kind, Object};

/// Where the token of the service account is mounted.
const TOKEN_PATH: &str = "/var/run/secrets/kubernetes.io/serviceaccount";

/// Changes a pod as the plugins do, in their order.
///
/// # Errors
/// The words after `pods "web" is forbidden: `.
pub(super) fn mutate_pod(body: &mut Value, context: &AdmitContext<'_>) -> Result<(), String> {
    limit_ranges(body, context);
    let Some(spec) = child(body, "spec") else { return Ok(()) };
    service_account(spec, context)?;
    priority(spec, context)?;
    tolerations(spec);
    match text(spec, "runtimeClassName") {
        "" => Ok(()),
        // No kind of ours makes one. (plugin/pkg/admission/runtimeclass/admission.go: Admit)
        name => Err(format!("pod rejected: RuntimeClass \"{name}\" not found")),
    }
}

/// Objects of `kind` that exist already, with their bodies.
fn others<'c>(context: &AdmitContext<'c>, kind: Kind) -> impl Iterator<Item = &'c crate::api::Other> {
    context.objects.iter().filter_map(move |o| match o {
        Object::Other(other) if other.kind == kind => Some(other.as_ref()),
        Object::Other(_) | Object::Pod(_) | Object::Service(_) | Object::ConfigMap(_) | Object::Secret(_) => None,
    })
}

/// LimitRanger: the defaults for containers without a limit or request.
fn limit_ranges(body: &mut Value, context: &AdmitContext<'_>) {
    let in_namespace = others(context, Kind::LimitRange).filter(|o| o.metadata.namespace == context.namespace);
    let limits: Vec<&Value> = in_namespace.flat_map(|o| o.body.get("spec").map(|s| list(s, "limits")).unwrap_or_default()).collect();
    let mut notes: Vec<String> = Vec::new();
    let Some(spec) = body.get_mut("spec") else { return };
    for (group, word) in [("containers", "container"), ("initContainers", "init container")] {
        for container in list_mut(spec, group) {
            let name = text(container, "name").to_owned();
            for (field, source, what) in [("requests", "defaultRequest", "request"), ("limits", "default", "limit")] {
                let added = fill(container, field, &defaults_of(&limits, source));
                if !added.is_empty() {
                    notes.push(format!("{} {what} for {word} {name}", added.join(", ")));
                }
            }
        }
    }
    if notes.is_empty() {
        return;
    }
    let note = format!("LimitRanger plugin set: {}", notes.join("; "));
    if let Some(annotations) = child(body, "metadata").and_then(|m| child(m, "annotations")) {
        set(annotations, "kubernetes.io/limit-ranger", note);
    }
}

fn defaults_of(limits: &[&Value], source: &str) -> Map<String, Value> {
    let of_containers = limits.iter().filter(|l| text(l, "type") == "Container");
    of_containers.filter_map(|l| l.get(source)?.as_object().cloned()).flatten().collect()
}

fn fill(container: &mut Value, field: &str, amounts: &Map<String, Value>) -> Vec<String> {
    if amounts.is_empty() {
        return Vec::new();
    }
    let Some(target) = child(container, "resources").and_then(|r| child(r, field)) else { return Vec::new() };
    let missing: Vec<_> = amounts.iter().filter(|(name, _)| target.get(name.as_str()).is_none()).collect();
    for (name, amount) in &missing {
        set(target, name, (*amount).clone());
    }
    missing.into_iter().map(|(name, _)| name.clone()).collect()
}

fn service_account(spec: &mut Value, context: &AdmitContext<'_>) -> Result<(), String> {
    default(spec, "serviceAccountName", "default");
    let name = text(spec, "serviceAccountName").to_owned();
    set(spec, "serviceAccount", name.clone());
    let mut accounts = others(context, Kind::ServiceAccount).filter(|o| o.metadata.namespace == context.namespace);
    let account = accounts.find(|o| o.metadata.name == name);
    if account.is_none() && name != "default" {
        return Err(format!("error looking up service account {}/{name}: serviceaccount \"{name}\" not found", context.namespace));
    }
    if let Some(secrets) = account.and_then(|a| a.body.get("imagePullSecrets")) {
        default(spec, "imagePullSecrets", secrets.clone());
    }
    let automount = |v: &Value| v.get("automountServiceAccountToken").and_then(Value::as_bool);
    let is_wanted = automount(spec).or_else(|| account.and_then(|a| automount(&a.body))).unwrap_or(true);
    if let Some(suffix) = context.token_volume.filter(|_| is_wanted) {
        mount_token(spec, &format!("kube-api-access-{suffix}"));
    }
    Ok(())
}

fn mount_token(spec: &mut Value, name: &str) {
    let mut needed = false;
    for group in ["containers", "initContainers"] {
        for container in list_mut(spec, group) {
            if list(container, "volumeMounts").iter().any(|m| text(m, "mountPath") == TOKEN_PATH) {
                continue;
            }
            needed = true;
            push(container, "volumeMounts", json!({"name": name, "readOnly": true, "mountPath": TOKEN_PATH}));
        }
    }
    if !needed {
        return;
    }
    let volume = json!({"name": name, "projected": {"defaultMode": 420, "sources": [
        {"serviceAccountToken": {"expirationSeconds": 3607, "path": "token"}},
        {"configMap": {"name": "kube-root-ca.crt", "items": [{"key": "ca.crt", "path": "ca.crt"}]}},
        {"downwardAPI": {"items": [{"path": "namespace", "fieldRef": {"apiVersion": "v1", "fieldPath": "metadata.namespace"}}]}},
    ]}});
    push(spec, "volumes", volume);
}

fn push(value: &mut Value, name: &str, element: Value) {
    default(value, name, Value::Array(Vec::new()));
    if let Some(list) = value.get_mut(name).and_then(Value::as_array_mut) {
        list.push(element);
    }
}

/// Built-in classes. (pkg/apis/scheduling/types.go)
const BUILT_IN: [(&str, i64); 2] = [("system-cluster-critical", 2_000_000_000), ("system-node-critical", 2_000_001_000)];

fn priority(spec: &mut Value, context: &AdmitContext<'_>) -> Result<(), String> {
    let value = |class: &Value| class.get("value").and_then(Value::as_i64).unwrap_or_default();
    let name = text(spec, "priorityClassName").to_owned();
    let class = if name.is_empty() {
        let mut globals: Vec<_> = others(context, Kind::PriorityClass).filter(|c| flag(&c.body, "globalDefault")).collect();
        crate::order::sort_by_key(&mut globals, |c| value(&c.body));
        globals.first().copied()
    } else {
        others(context, Kind::PriorityClass).find(|c| c.metadata.name == name)
    };
    let built_in = BUILT_IN.iter().find(|(n, _)| *n == name).map(|(_, v)| *v);
    let computed = match (class, built_in) {
        (Some(class), _) => value(&class.body),
        (None, Some(built_in)) => built_in,
        (None, None) if name.is_empty() => 0,
        (None, None) => return Err(format!("no PriorityClass with name {name} was found")),
    };
    let given = spec.get("priority").and_then(Value::as_i64);
    if let Some(given) = given.filter(|g| *g != computed) {
        return Err(format!(
            "the integer value of priority ({given}) must not be provided in pod spec; priority admission controller computed {computed} from the given PriorityClass name"
        ));
    }
    if let Some(class) = class {
        set(spec, "priorityClassName", class.metadata.name.clone());
        default(spec, "preemptionPolicy", class.body.get("preemptionPolicy").cloned().unwrap_or("PreemptLowerPriority".into()));
    }
    set(spec, "priority", computed);
    default(spec, "preemptionPolicy", "PreemptLowerPriority");
    Ok(())
}

fn tolerations(spec: &mut Value) {
    for key in ["node.kubernetes.io/not-ready", "node.kubernetes.io/unreachable"] {
        let covers = |t: &Value| matches!(text(t, "key"), k if k == key || k.is_empty()) && matches!(text(t, "effect"), "" | "NoExecute");
        if !list(spec, "tolerations").iter().any(covers) {
            push(spec, "tolerations", json!({"key": key, "operator": "Exists", "effect": "NoExecute", "tolerationSeconds": 300}));
        }
    }
}
