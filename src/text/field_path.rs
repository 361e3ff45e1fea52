//! The path of a field inside an object, written as Kubernetes writes it: `spec.containers[0].image`.

use std::fmt;
use std::sync::Arc;

/// A field of an object, e.g. `spec.containers[0].image`; the empty path is the object itself.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct FieldPath(Option<Arc<str>>);

impl FieldPath {
    /// The object itself.
    pub fn root() -> Self {
        Self(None)
    }

    /// The field `name` of this one.
    #[must_use]
    pub fn field(&self, name: &str) -> Self {
        match &self.0 {
            None => Self(Some(name.into())),
            Some(parent) => Self(Some(format!("{parent}.{name}").into())),
        }
    }

    /// The element `index` of this list.
    #[must_use]
    pub fn index(&self, index: usize) -> Self {
        Self(Some(format!("{}[{index}]", self.as_str()).into()))
    }

    /// The entry `key` of this map, in brackets as validation messages print it.
    #[must_use]
    pub fn key(&self, key: &str) -> Self {
        Self(Some(format!("{}[{key}]", self.as_str()).into()))
    }

    /// The path as text.
    pub fn as_str(&self) -> &str {
        self.0.as_deref().unwrap_or_default()
    }

    /// Whether this is the object itself.
    pub fn is_root(&self) -> bool {
        self.0.is_none()
    }
}

impl From<&str> for FieldPath {
    fn from(path: &str) -> Self {
        if path.is_empty() { Self(None) } else { Self(Some(path.into())) }
    }
}

impl fmt::Display for FieldPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Debug for FieldPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}", self.as_str())
    }
}
