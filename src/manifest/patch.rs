//! Patches: merge patches, and strategic ones that merge lists of named things by name.
//! (apimachinery/pkg/util/strategicpatch; the merge keys are those of the API's field tags)

use serde_json::Value;

use crate::api::{ApiError, Object, from_value};
use crate::scenario::PatchStyle;

/// The fields that hold lists merged by a key, and the key.
const MERGE_KEYS: &[(&str, &str)] = &[
    ("containers", "name"),
    ("initContainers", "name"),
    ("ephemeralContainers", "name"),
    ("volumes", "name"),
    ("env", "name"),
    ("volumeMounts", "mountPath"),
    ("imagePullSecrets", "name"),
    ("hostAliases", "ip"),
    ("topologySpreadConstraints", "topologyKey"),
    ("ownerReferences", "uid"),
    ("conditions", "type"),
];

/// An object after a patch, not yet admitted.
///
/// # Errors
/// The patched object does not decode.
pub fn apply_patch(object: &Object, patch: &Value, style: PatchStyle, _subresource: Option<&str>) -> Result<Object, ApiError> {
    let mut body = object.to_json();
    merge(&mut body, patch, style, "");
    from_json(object, body)
}

fn from_json(old: &Object, body: Value) -> Result<Object, ApiError> {
    let bad = |e: String| ApiError { code: 400, reason: "BadRequest", message: e };
    let status = old.pod().map(|p| p.status.clone());
    Ok(match old {
        Object::Pod(_) => {
            let mut pod: crate::api::Pod = from_value(&body).map_err(bad)?;
            pod.status = status.unwrap_or_default();
            Object::Pod(pod.into())
        }
        Object::Service(_) => Object::Service(from_value::<crate::api::Service>(&body).map_err(bad)?.into()),
        Object::ConfigMap(_) => Object::ConfigMap(from_value::<crate::api::ConfigMap>(&body).map_err(bad)?.into()),
        Object::Secret(_) => Object::Secret(from_value::<crate::api::Secret>(&body).map_err(bad)?.into()),
        Object::Other(o) => Object::Other(crate::api::Other { body, ..(**o).clone() }.into()),
    })
}

fn merge(target: &mut Value, patch: &Value, style: PatchStyle, field: &str) {
    match (target, patch) {
        (Value::Object(target), Value::Object(patch)) => {
            for (name, value) in patch.iter().filter(|(n, _)| !n.starts_with('$')) {
                if value.is_null() {
                    target.remove(name);
                } else {
                    merge(target.entry(name.clone()).or_insert(Value::Null), value, style, name);
                }
            }
        }
        (Value::Array(target), Value::Array(patch)) if style == PatchStyle::Strategic && merge_key(field).is_some() => {
            let key = merge_key(field).unwrap_or("name");
            for value in patch {
                match target.iter_mut().find(|t| t.get(key).is_some() && t.get(key) == value.get(key)) {
                    Some(same) => merge(same, value, style, ""),
                    None => target.push(value.clone()),
                }
            }
        }
        (target, Value::Object(_)) => {
            *target = Value::Object(serde_json::Map::new());
            merge(target, patch, style, field);
        }
        (target, patch) => *target = patch.clone(),
    }
}

fn merge_key(field: &str) -> Option<&'static str> {
    MERGE_KEYS.iter().find(|(name, _)| *name == field).map(|(_, key)| *key)
}
