//! Lists of an object that its versions share.

use std::ops::{Deref, DerefMut};
use std::slice::Iter;
use std::sync::Arc;

use serde_json::Value;

use super::Wire;

/// A list that the versions of an object share until one of them changes it.
#[derive(Debug, Clone, PartialEq)]
pub struct List<T>(Arc<Vec<T>>);

impl<T> Default for List<T> {
    fn default() -> Self {
        Self(Arc::default())
    }
}

impl<T> Deref for List<T> {
    type Target = [T];

    fn deref(&self) -> &[T] {
        &self.0
    }
}

/// What is changed through this is this version's alone.
impl<T: Clone> DerefMut for List<T> {
    fn deref_mut(&mut self) -> &mut [T] {
        let own: &mut Vec<T> = Arc::make_mut(&mut self.0);
        own
    }
}

impl<T> From<Vec<T>> for List<T> {
    fn from(list: Vec<T>) -> Self {
        Self(Arc::new(list))
    }
}

impl<T> FromIterator<T> for List<T> {
    fn from_iter<I: IntoIterator<Item = T>>(items: I) -> Self {
        items.into_iter().collect::<Vec<T>>().into()
    }
}

impl<'l, T> IntoIterator for &'l List<T> {
    type Item = &'l T;
    type IntoIter = Iter<'l, T>;

    fn into_iter(self) -> Iter<'l, T> {
        self.iter()
    }
}

impl<T: Wire + Default + Clone> Wire for List<T> {
    fn read(&mut self, from: &Value) -> Result<(), String> {
        Arc::make_mut(&mut self.0).read(from)
    }

    fn write(&self) -> Value {
        self.0.as_ref().write()
    }

    fn is_empty(&self) -> bool {
        Vec::is_empty(&self.0)
    }
}
