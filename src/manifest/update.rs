//! What may change about a stored object. (VAL: ValidatePodUpdate, ValidatePodResize, ValidatePodEphemeralContainersUpdate and the
//! update rules of the other kinds)

use std::sync::Arc;

use serde_json::Value;

use super::admit::{drop_disabled, invalid};
use super::field_error::Errors;
use super::json::At;
use super::validate::{self, Rules};
use super::{apply_patch, defaults, fixed, internal};
use crate::api::{ApiError, Container, Object, Pod, PodSpec, Wire};
use crate::scenario::PatchStyle;

const OTHER_FIELDS: &str = "spec: Forbidden: pod updates may not change fields other than `spec.containers[*].image`,\
     `spec.initContainers[*].image`,`spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to existing tolerations),\
     `spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)";

/// A patch to a stored object, applied and admitted.
///
/// # Errors
/// The API server's answer.
pub fn update(old: &Object, patch: &Value, style: PatchStyle, subresource: Option<&str>) -> Result<Object, ApiError> {
    admit_update(old, apply_patch(old, patch, style, subresource)?, subresource)
}

/// A changed object through the API server's door: what may not change is refused.
///
/// # Errors
/// The API server's answer.
pub fn admit_update(old: &Object, new: Object, subresource: Option<&str>) -> Result<Object, ApiError> {
    let (Object::Pod(before), Object::Pod(after)) = (old, &new) else { return other(old, &new) };
    let wrong = match subresource {
        Some("resize") => resized(&before.spec, &after.spec),
        Some("ephemeralcontainers") => with_ephemeral(&before.spec, &after.spec),
        Some(_) => None,
        None => match other(old, &new) {
            Ok(defaulted) => return pod(before, &defaulted),
            Err(refused) => return Err(refused),
        },
    };
    refused(before, wrong).map_or(Ok(new), Err)
}

fn refused(pod: &Pod, wrong: Option<String>) -> Option<ApiError> {
    wrong.map(|detail| ApiError::invalid(format!("Pod \"{}\" is invalid: {detail}", pod.metadata.name)))
}

fn pod(before: &Pod, new: &Object) -> Result<Object, ApiError> {
    let wrong = new.pod().and_then(|after| changed(before, after));
    refused(before, wrong).map_or_else(|| Ok(new.clone()), Err)
}

/// Defaults again, validation of the new object, and what may not change.
fn other(old: &Object, new: &Object) -> Result<Object, ApiError> {
    let kind = new.kind();
    let (before, mut after) = (old.to_json(), new.to_json());
    defaults::apply(kind, &mut after);
    drop_disabled(kind, &mut after);
    if let Some(ip) = fixed::moved_ip(&before, &after) {
        super::json::set(after.get_mut("spec").unwrap_or(&mut Value::Null), "clusterIPs", serde_json::json!([ip]));
    }
    let rules = Rules { allow_privileged: true, is_template: false, is_update: true };
    let mut errors = Errors(validate::check(kind, &after, rules));
    fixed::check(kind, &At::root(&before), &At::root(&after), &mut errors);
    if !errors.0.is_empty() {
        return Err(invalid(kind, &after, errors.0).answer());
    }
    let mut object = Object::from_stored(kind, &after).map_err(ApiError::bad_request)?;
    if let (Object::Pod(pod), Some(kept)) = (&mut object, new.pod()) {
        Arc::make_mut(pod).status.clone_from(&kept.status);
    }
    Ok(object)
}

/// A plain update of a pod.
fn changed(before: &Pod, after: &Pod) -> Option<String> {
    let (old, new) = (&before.spec, &after.spec);
    for (name, a, b) in [("containers", &old.containers, &new.containers), ("initContainers", &old.init_containers, &new.init_containers)] {
        if a.len() != b.len() {
            return Some(format!("spec.{name}: Forbidden: pod updates may not add or remove containers"));
        }
    }
    deadline(old, new).or_else(|| gates(old, new)).or_else(|| {
        let kept = old.tolerations.iter().all(|t| {
            new.tolerations.iter().any(|n| (&n.key, &n.operator, &n.value, &n.effect) == (&t.key, &t.operator, &t.value, &t.effect))
        });
        if !kept {
            return Some("spec.tolerations: Forbidden: existing toleration can not be modified except its tolerationSeconds".to_owned());
        }
        other_fields(old, &fixed_part(old, new))
    })
}

/// Nothing else of a pod may change; the refusal shows what did.
fn other_fields(old: &PodSpec, new: &PodSpec) -> Option<String> {
    (new != old).then(|| format!("{OTHER_FIELDS}\n{}", internal::diff("PodSpec", &old.write(), &new.write())))
}

fn deadline(old: &PodSpec, new: &PodSpec) -> Option<String> {
    match (old.active_deadline_seconds, new.active_deadline_seconds) {
        (Some(a), Some(b)) if b > a => {
            Some(format!("spec.activeDeadlineSeconds: Invalid value: {b}: must be less than or equal to previous value"))
        }
        (Some(_), None) => {
            Some("spec.activeDeadlineSeconds: Invalid value: null: must not update from a positive integer to nil value".to_owned())
        }
        _ => None,
    }
}

fn gates(old: &PodSpec, new: &PodSpec) -> Option<String> {
    let added = new.scheduling_gates.iter().enumerate().find(|(_, g)| !old.scheduling_gates.contains(g));
    added.map(|(i, g)| {
        format!("spec.schedulingGates[{i}].name: Forbidden: only deletion is allowed, but found new scheduling gate '{}'", g.name)
    })
}

/// The new specification with everything that may change put back.
fn fixed_part(old: &Arc<PodSpec>, new: &Arc<PodSpec>) -> PodSpec {
    let mut spec = PodSpec::clone(new);
    let images = |to: &mut [Container], from: &[Container]| {
        for (container, was) in to.iter_mut().zip(from) {
            container.image.clone_from(&was.image);
        }
    };
    images(&mut spec.containers, &old.containers);
    images(&mut spec.init_containers, &old.init_containers);
    spec.active_deadline_seconds = old.active_deadline_seconds;
    spec.tolerations.clone_from(&old.tolerations);
    spec.scheduling_gates.clone_from(&old.scheduling_gates);
    if !old.scheduling_gates.is_empty() && old.node_selector.iter().all(|(k, v)| new.node_selector.get(k) == Some(v)) {
        spec.node_selector.clone_from(&old.node_selector);
    }
    if old.termination_grace_period_seconds.is_some_and(|s| s < 0) && new.termination_grace_period_seconds == Some(1) {
        spec.termination_grace_period_seconds = old.termination_grace_period_seconds;
    }
    spec
}

/// A resize changes cpu and memory of containers, and nothing else.
fn resized(old: &PodSpec, new: &PodSpec) -> Option<String> {
    let mut rest = new.clone();
    for (list, from) in [(&mut rest.containers, &old.containers), (&mut rest.init_containers, &old.init_containers)] {
        for (container, was) in list.iter_mut().zip(from) {
            container.resources.clone_from(&was.resources);
        }
    }
    (rest != *old).then(|| "spec: Forbidden: only cpu and memory resources are mutable".to_owned())
}

/// Ephemeral containers are added, never removed or changed.
fn with_ephemeral(old: &PodSpec, new: &PodSpec) -> Option<String> {
    old.ephemeral_containers.iter().find_map(|was| {
        let name = &was.name;
        match new.ephemeral_containers.iter().find(|is| is.name == *name) {
            None => Some(format!("spec.ephemeralContainers: Forbidden: existing ephemeral containers \"{name}\" may not be removed\n")),
            Some(is) if is == was => None,
            Some(is) => {
                let diff = internal::diff("EphemeralContainer", &was.write(), &is.write());
                Some(format!("spec.ephemeralContainers: Forbidden: existing ephemeral containers \"{name}\" may not be changed\n{diff}"))
            }
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::manifest::{apply_patch, read};
    use crate::scenario::PatchStyle;

    fn pod() -> Object {
        let text = "apiVersion: v1\nkind: Pod\nmetadata: {name: web}\nspec:\n  activeDeadlineSeconds: 30\n  containers:\n  - {name: app, image: nginx}\n";
        read(text).admitted().remove(0)
    }

    #[test]
    fn only_a_few_fields_of_a_pod_may_change() {
        let cases = [
            (r#"{"spec":{"containers":[{"name":"app","image":"nginx:1.25"}]}}"#, None),
            (r#"{"metadata":{"labels":{"a":"b"}}}"#, None),
            (r#"{"spec":{"activeDeadlineSeconds":20}}"#, None),
            (r#"{"spec":{"activeDeadlineSeconds":60}}"#, Some("must be less than or equal to previous value")),
            (r#"{"spec":{"containers":[{"name":"b","image":"nginx"}]}}"#, Some("may not add or remove containers")),
            (r#"{"spec":{"containers":[{"name":"app","env":[{"name":"A","value":"1"}]}]}}"#, Some("may not change fields other than")),
            (r#"{"spec":{"terminationGracePeriodSeconds":5}}"#, Some("may not change fields other than")),
            (r#"{"spec":{"schedulingGates":[{"name":"x"}]}}"#, Some("found new scheduling gate 'x'")),
        ];
        for (patch, refused) in cases {
            let patch = serde_json::from_str(patch).unwrap();
            let patched = apply_patch(&pod(), &patch, PatchStyle::Strategic, None).unwrap();
            let answer = admit_update(&pod(), patched, None);
            match refused {
                None => assert!(answer.is_ok(), "{patch}: {answer:?}"),
                Some(text) => assert!(answer.as_ref().is_err_and(|e| e.message.contains(text) && e.code == 422), "{patch}: {answer:?}"),
            }
        }
    }

    #[test]
    fn a_refused_change_shows_what_changed() {
        let claim = "apiVersion: v1\nkind: PersistentVolumeClaim\nmetadata: {name: data}\nspec:\n  accessModes: [ReadWriteOnce]\n  resources: {requests: {storage: 1Gi}}\n";
        let claim = read(claim).admitted().remove(0);
        let patch = serde_json::json!({"spec": {"resources": {"requests": {"storage": "2Gi"}}}});
        let refused = update(&claim, &patch, PatchStyle::Strategic, None).unwrap_err().message;
        let shown = "for bound claims\n@@ -6,7 +6,7 @@\n  \"Resources\": {\n   \"Limits\": null,\n   \"Requests\": {\n-   \"storage\": \"2Gi\"\n+   \"storage\": \"1Gi\"\n   }\n";
        assert!(refused.contains(shown), "{refused}");
    }
}
