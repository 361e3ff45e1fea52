//! Patches: merge patches, and strategic ones that merge lists of named things by name.
//! (apimachinery/pkg/util/strategicpatch; the merge keys are those of the API's field tags)
//!
//! Left out: `$setElementOrder` and `$retainKeys`, which kubectl sends and people do not write.

use serde_json::{Map, Value};

use super::json::text;
use crate::api::{ApiError, Object, from_value};
use crate::decode::{self, Content};
use crate::scenario::PatchStyle;

/// The fields that hold lists merged by a key, and the key. `ports` are told apart by the list around them.
const MERGE_KEYS: &[(&str, &str)] = &[
    ("containers", "name"),
    ("initContainers", "name"),
    ("ephemeralContainers", "name"),
    ("volumes", "name"),
    ("env", "name"),
    ("volumeMounts", "mountPath"),
    ("volumeDevices", "devicePath"),
    ("imagePullSecrets", "name"),
    ("hostAliases", "ip"),
    ("schedulingGates", "name"),
    ("resourceClaims", "name"),
    ("topologySpreadConstraints", "topologyKey"),
    ("ownerReferences", "uid"),
    ("conditions", "type"),
];

/// Lists of plain values that are united rather than replaced.
const UNITED: &[&str] = &["finalizers"];

/// An object after a patch, not yet admitted.
///
/// # Errors
/// The patch renames the object, or the patched object does not decode.
pub fn apply_patch(object: &Object, patch: &Value, style: PatchStyle, _subresource: Option<&str>) -> Result<Object, ApiError> {
    let old = object.to_json();
    let mut body = old.clone();
    let place = Place { style, field: "", within: "" };
    merge(&mut body, patch, place);
    same_name(&old, &body)?;
    strict(&body).map_err(|problem| {
        let shown = super::field_error::quote(&go_text(patch));
        ApiError::invalid(format!(" \"\" is invalid: patch: Invalid value: {shown}: {problem}"))
    })?;
    from_json(object, body)
}

fn same_name(old: &Value, new: &Value) -> Result<(), ApiError> {
    let of = |body: &Value, field: &str| body.get("metadata").map(|m| text(m, field).to_owned()).unwrap_or_default();
    let (was, is) = (of(old, "name"), of(new, "name"));
    if was != is {
        return Err(ApiError::bad_request(format!("the name of the object ({is}) does not match the name on the URL ({was})")));
    }
    let (was, is) = (of(old, "namespace"), of(new, "namespace"));
    if was != is {
        let message = format!("the namespace of the object ({is}) does not match the namespace on the URL ({was})");
        return Err(ApiError::bad_request(message));
    }
    Ok(())
}

/// What the strict decoder says about a body; the status is the cluster's own.
fn strict(body: &Value) -> Result<(), String> {
    let mut body = body.clone();
    if let Some(fields) = body.as_object_mut() {
        fields.remove("status");
    }
    let decoded = decode::documents(&body.to_string()).value.into_iter().next();
    match decoded.map(|d| d.content) {
        Some(Content::Refused { error, .. }) => Err(error
            .message
            .split_once(" cannot be handled as a ")
            .and_then(|(_, rest)| rest.split_once(": "))
            .map_or_else(|| error.message.clone(), |(_, problem)| problem.to_owned())),
        Some(Content::Object { .. } | Content::Own(_)) | None => Ok(()),
    }
}

/// As Go prints a tree of maps and lists. (fmt: %v)
fn go_text(value: &Value) -> String {
    match value {
        Value::Null => "<nil>".to_owned(),
        Value::Bool(b) => b.to_string(),
        Value::Number(n) => n.to_string(),
        Value::String(text) => text.clone(),
        Value::Array(items) => format!("[{}]", items.iter().map(go_text).collect::<Vec<_>>().join(" ")),
        Value::Object(fields) => {
            let all: Vec<String> = fields.iter().map(|(k, v)| format!("{k}:{}", go_text(v))).collect();
            format!("map[{}]", all.join(" "))
        }
    }
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

/// Where a merge stands.
#[derive(Debug, Clone, Copy)]
struct Place<'f> {
    style: PatchStyle,
    /// The field.
    field: &'f str,
    /// The field around it.
    within: &'f str,
}

impl<'f> Place<'f> {
    const fn inside(self, field: &'f str) -> Self {
        Self { style: self.style, field, within: self.field }
    }

    fn merge_key(self) -> Option<&'static str> {
        if self.style != PatchStyle::Strategic {
            return None;
        }
        match (self.field, self.within) {
            ("ports", "spec") => Some("port"),
            ("ports", _) => Some("containerPort"),
            (field, _) => MERGE_KEYS.iter().find(|(name, _)| *name == field).map(|(_, key)| *key),
        }
    }
}

fn merge(target: &mut Value, patch: &Value, place: Place<'_>) {
    let is_strategic = place.style == PatchStyle::Strategic;
    match (&mut *target, patch) {
        (Value::Object(fields), Value::Object(patch)) => match directive(patch).filter(|_| is_strategic) {
            Some("delete") => fields.clear(),
            Some("replace") => *target = Value::Object(plain(patch)),
            Some(_) | None => merge_fields(fields, patch, place),
        },
        (Value::Array(items), Value::Array(patch)) if is_strategic && UNITED.contains(&place.field) => {
            for value in patch.iter().filter(|v| !items.contains(v)).cloned().collect::<Vec<_>>() {
                items.push(value);
            }
        }
        (Value::Array(items), Value::Array(patch)) => match place.merge_key() {
            Some(key) => merge_items(items, patch, key, place),
            None => items.clone_from(patch),
        },
        (_, Value::Object(patch)) => {
            let mut fields = Map::new();
            merge_fields(&mut fields, patch, place);
            *target = Value::Object(fields);
        }
        (target, patch) => target.clone_from(patch),
    }
}

fn directive(patch: &Map<String, Value>) -> Option<&str> {
    patch.get("$patch").and_then(Value::as_str)
}

fn plain(patch: &Map<String, Value>) -> Map<String, Value> {
    let mut fields = patch.clone();
    fields.retain(|name, _| !name.starts_with('$'));
    fields
}

fn merge_fields(fields: &mut Map<String, Value>, patch: &Map<String, Value>, place: Place<'_>) {
    for (name, value) in patch {
        if let Some(list) = name.strip_prefix("$deleteFromPrimitiveList/").filter(|_| place.style == PatchStyle::Strategic) {
            let gone = value.as_array().cloned().unwrap_or_default();
            if let Some(items) = fields.get_mut(list).and_then(Value::as_array_mut) {
                items.retain(|item| !gone.contains(item));
            }
        } else if name.starts_with('$') && place.style == PatchStyle::Strategic {
            // The other directives order what is merged already.
        } else if value.is_null() {
            fields.remove(name);
        } else {
            merge(fields.entry(name.clone()).or_insert(Value::Null), value, place.inside(name));
        }
    }
}

/// Elements are found by their key. What is new comes first, as the patch's own order goes before the server's. (mergeSortedSlice)
fn merge_items(items: &mut Vec<Value>, patch: &[Value], key: &str, place: Place<'_>) {
    let is = |a: &Value, b: &Value| a.get(key).is_some() && a.get(key) == b.get(key);
    if patch.iter().any(|p| p.as_object().and_then(directive) == Some("replace")) {
        let kept = patch.iter().filter(|p| p.get(key).is_some());
        *items = kept.map(|p| p.as_object().map_or(Value::Null, |p| Value::Object(plain(p)))).collect();
        return;
    }
    let mut new = Vec::new();
    for value in patch {
        let at = items.iter().position(|item| is(item, value));
        match (at, value.as_object().and_then(directive)) {
            (Some(at), Some("delete")) => {
                items.remove(at);
            }
            (None, Some("delete")) => {}
            (Some(at), _) => {
                if let Some(item) = items.get_mut(at) {
                    merge(item, value, Place { field: place.field, ..place });
                }
            }
            (None, _) => new.push(value.as_object().map_or_else(|| value.clone(), |p| Value::Object(plain(p)))),
        }
    }
    new.append(items);
    *items = new;
}
