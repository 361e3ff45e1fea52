//! Reading and changing objects in JSON without a word about what may be missing.

use serde_json::{Map, Value};

use crate::text::FieldPath;

/// A value and its path.
#[derive(Debug, Clone)]
pub(super) struct At<'v> {
    /// The value; null if it is not there.
    pub value: &'v Value,
    /// Its path.
    pub path: FieldPath,
}

static NULL: Value = Value::Null;

impl<'v> At<'v> {
    /// The object itself.
    pub(super) fn root(value: &'v Value) -> Self {
        Self { value, path: FieldPath::root() }
    }

    /// The field `name`.
    pub(super) fn field(&self, name: &str) -> Self {
        Self { value: self.value.get(name).unwrap_or(&NULL), path: self.path.field(name) }
    }

    /// Whether it is there.
    pub(super) fn is_set(&self) -> bool {
        !self.value.is_null()
    }

    /// Whether the field `name` is there.
    pub(super) fn has(&self, name: &str) -> bool {
        self.value.get(name).is_some_and(|v| !v.is_null())
    }

    /// The text of the field `name`, empty if there is none.
    pub(super) fn text(&self, name: &str) -> &'v str {
        text(self.value, name)
    }

    /// The number in the field `name`.
    pub(super) fn int(&self, name: &str) -> Option<i64> {
        self.value.get(name).and_then(Value::as_i64)
    }

    /// Whether the field `name` is true.
    pub(super) fn flag(&self, name: &str) -> bool {
        flag(self.value, name)
    }

    /// The elements of the list in the field `name`.
    pub(super) fn items(&self, name: &str) -> Vec<Self> {
        let path = self.path.field(name);
        list(self.value, name).iter().enumerate().map(|(i, value)| At { value, path: path.index(i) }).collect()
    }

    /// The entries of the map in the field `name`.
    pub(super) fn entries(&self, name: &str) -> impl Iterator<Item = (&'v str, &'v Value)> + use<'v> {
        self.value.get(name).and_then(Value::as_object).into_iter().flatten().map(|(k, v)| (k.as_str(), v))
    }
}

/// The text in field `name` of `value`, empty if there is none.
pub(super) fn text<'v>(value: &'v Value, name: &str) -> &'v str {
    value.get(name).and_then(Value::as_str).unwrap_or_default()
}

/// Whether field `name` of `value` is true.
pub(super) fn flag(value: &Value, name: &str) -> bool {
    value.get(name).and_then(Value::as_bool).unwrap_or_default()
}

/// The list in field `name` of `value`.
pub(super) fn list<'v>(value: &'v Value, name: &str) -> &'v [Value] {
    value.get(name).and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default()
}

/// The list in field `name` of `value`, to change.
pub(super) fn list_mut<'v>(value: &'v mut Value, name: &str) -> &'v mut [Value] {
    value.get_mut(name).and_then(Value::as_array_mut).map(Vec::as_mut_slice).unwrap_or_default()
}

/// Sets field `name` unless it is there.
pub(super) fn default(value: &mut Value, name: &str, to: impl Into<Value>) {
    if let Some(map) = value.as_object_mut()
        && map.get(name).is_none_or(Value::is_null)
    {
        map.insert(name.to_owned(), to.into());
    }
}

/// Sets field `name`.
pub(super) fn set(value: &mut Value, name: &str, to: impl Into<Value>) {
    if let Some(map) = value.as_object_mut() {
        map.insert(name.to_owned(), to.into());
    }
}

/// Removes field `name`.
pub(super) fn remove(value: &mut Value, name: &str) -> Option<Value> {
    value.as_object_mut()?.remove(name)
}

/// The object in field `name`, made if it is not there.
pub(super) fn child<'v>(value: &'v mut Value, name: &str) -> Option<&'v mut Value> {
    let map = value.as_object_mut()?;
    Some(map.entry(name).or_insert_with(|| Value::Object(Map::new())))
}
