//! The API's JSON form of the types here: a list of fields a type, walked by one reader and one writer.
//!
//! Derived code for each pair of type and format took a sixth of the page's size.

use crate::order::SortedMap;
use std::sync::Arc;

use serde_json::{Map, Value};

use crate::text::Shared;
use crate::time::{SimTime, rfc3339};

/// A value with a JSON form in the API.
pub trait Wire {
    /// Takes over what `from` says; `null` changes nothing, as Go reads JSON.
    ///
    /// # Errors
    /// What is of the wrong type, with its path.
    fn read(&mut self, from: &Value) -> Result<(), String>;

    /// The JSON form.
    fn write(&self) -> Value;

    /// Whether `omitempty` leaves it out.
    fn is_empty(&self) -> bool {
        false
    }
}

/// Reads a `T` from JSON.
///
/// # Errors
/// What is of the wrong type, with its path.
pub fn from_value<T: Wire + Default>(from: &Value) -> Result<T, String> {
    let mut value = T::default();
    value.read(from)?;
    Ok(value)
}

/// How a field is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mode {
    /// Left out when empty.
    OmitEmpty,
    /// Always there.
    Always,
    /// Its fields stand among those of the object around it.
    Flat,
}

/// Implements [`Wire`] for a struct from its fields' names: `field: "jsonName"`, then perhaps `always` or `flat`.
macro_rules! wire {
    (@mode) => { $crate::api::wire::Mode::OmitEmpty };
    (@mode always) => { $crate::api::wire::Mode::Always };
    (@mode flat) => { $crate::api::wire::Mode::Flat };
    ($type:ty { $($field:ident: $name:literal $($mode:ident)?),* $(,)? }) => {
        impl $crate::api::wire::Wire for $type {
            fn read(&mut self, from: &serde_json::Value) -> Result<(), String> {
                $crate::api::wire::read_fields(from, &mut [
                    $(($name, &mut self.$field, $crate::api::wire::wire!(@mode $($mode)?))),*
                ])
            }

            fn write(&self) -> serde_json::Value {
                $crate::api::wire::write_fields(&[
                    $(($name, &self.$field, $crate::api::wire::wire!(@mode $($mode)?))),*
                ])
            }
        }
    };
}
pub(crate) use wire;

/// Gives an enumeration its words: `as_str` and [`Wire`].
macro_rules! words {
    ($type:ident { $($word:ident),* $(,)? }) => {
        impl $type {
            /// As the API writes it.
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$word => stringify!($word)),*
                }
            }
        }

        impl $crate::api::wire::Wire for $type {
            fn read(&mut self, from: &serde_json::Value) -> Result<(), String> {
                let known = [$(Self::$word),*];
                if let Some(word) = $crate::api::wire::word(from)? {
                    *self = known.into_iter().find(|k| k.as_str() == word).ok_or_else(|| format!("{word:?} is not known here"))?;
                }
                Ok(())
            }

            fn write(&self) -> serde_json::Value {
                self.as_str().into()
            }
        }
    };
}
pub(crate) use words;

/// Reads an object's fields; what is not listed goes to the flat field, or is passed over.
pub(crate) fn read_fields(from: &Value, fields: &mut [(&'static str, &mut dyn Wire, Mode)]) -> Result<(), String> {
    let object = match from {
        Value::Null => return Ok(()),
        Value::Object(object) => object,
        Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Array(_) => return Err(wanted("an object", from)),
    };
    let names: Vec<&str> = fields.iter().map(|(name, _, _)| *name).collect();
    for (name, field, mode) in fields {
        if *mode == Mode::Flat {
            let mut rest = Map::new();
            for (key, value) in object.iter().filter(|(key, _)| !names.contains(&key.as_str())) {
                rest.insert(key.clone(), value.clone());
            }
            field.read(&Value::Object(rest))?;
        } else if let Some(value) = object.get(*name) {
            field.read(value).map_err(|problem| within(name, &problem))?;
        }
    }
    Ok(())
}

/// Writes an object's fields.
pub(crate) fn write_fields(fields: &[(&'static str, &dyn Wire, Mode)]) -> Value {
    let mut object = Map::new();
    for (name, field, mode) in fields {
        match (mode, field.is_empty()) {
            (Mode::OmitEmpty, true) => {}
            (Mode::OmitEmpty, false) | (Mode::Always, _) => {
                object.insert((*name).to_owned(), field.write());
            }
            (Mode::Flat, _) => {
                if let Value::Object(inner) = field.write() {
                    object.extend(inner);
                }
            }
        }
    }
    Value::Object(object)
}

fn within(name: &str, problem: &str) -> String {
    format!("{name}{}{problem}", if problem.starts_with(['.', '[']) || problem.contains(": ") { "." } else { ": " })
}

pub(crate) fn wanted(what: &str, found: &Value) -> String {
    let found = match found {
        Value::Null => "nothing",
        Value::Bool(_) => "a truth value",
        Value::Number(_) => "a number",
        Value::String(_) => "text",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    };
    format!("{what} is wanted, not {found}")
}

/// A text, or nothing for `null`.
pub(crate) fn word(from: &Value) -> Result<Option<&str>, String> {
    match from {
        Value::Null => Ok(None),
        Value::String(text) => Ok(Some(text)),
        Value::Bool(_) | Value::Number(_) | Value::Array(_) | Value::Object(_) => Err(wanted("text", from)),
    }
}

fn number(from: &Value) -> Result<Option<i64>, String> {
    if from.is_null() {
        return Ok(None);
    }
    from.as_i64().map(Some).ok_or_else(|| wanted("a whole number", from))
}

impl Wire for Shared {
    fn read(&mut self, from: &Value) -> Result<(), String> {
        if let Some(text) = word(from)? {
            *self = text.to_owned().into();
        }
        Ok(())
    }

    fn write(&self) -> Value {
        self.as_str().into()
    }

    fn is_empty(&self) -> bool {
        self.as_str().is_empty()
    }
}

impl Wire for String {
    fn read(&mut self, from: &Value) -> Result<(), String> {
        if let Some(text) = word(from)? {
            text.clone_into(self);
        }
        Ok(())
    }

    fn write(&self) -> Value {
        self.as_str().into()
    }

    fn is_empty(&self) -> bool {
        self.is_empty()
    }
}

impl Wire for bool {
    fn read(&mut self, from: &Value) -> Result<(), String> {
        if !from.is_null() {
            *self = from.as_bool().ok_or_else(|| wanted("true or false", from))?;
        }
        Ok(())
    }

    fn write(&self) -> Value {
        (*self).into()
    }

    fn is_empty(&self) -> bool {
        !*self
    }
}

impl Wire for i64 {
    fn read(&mut self, from: &Value) -> Result<(), String> {
        if let Some(n) = number(from)? {
            *self = n;
        }
        Ok(())
    }

    fn write(&self) -> Value {
        (*self).into()
    }

    fn is_empty(&self) -> bool {
        *self == 0
    }
}

impl Wire for i32 {
    fn read(&mut self, from: &Value) -> Result<(), String> {
        if let Some(n) = number(from)? {
            *self = Self::try_from(n).map_err(|_| wanted("a number of 32 bits", from))?;
        }
        Ok(())
    }

    fn write(&self) -> Value {
        (*self).into()
    }

    fn is_empty(&self) -> bool {
        *self == 0
    }
}

impl Wire for u32 {
    fn read(&mut self, from: &Value) -> Result<(), String> {
        if let Some(n) = number(from)? {
            *self = Self::try_from(n).map_err(|_| wanted("a number of 32 bits", from))?;
        }
        Ok(())
    }

    fn write(&self) -> Value {
        (*self).into()
    }

    fn is_empty(&self) -> bool {
        *self == 0
    }
}

/// Anything: kept as it is.
impl Wire for Value {
    fn read(&mut self, from: &Value) -> Result<(), String> {
        self.clone_from(from);
        Ok(())
    }

    fn write(&self) -> Value {
        self.clone()
    }
}

/// Published in whole seconds; never taken over, since the cluster's own clock decides.
impl Wire for SimTime {
    fn read(&mut self, _: &Value) -> Result<(), String> {
        Ok(())
    }

    fn write(&self) -> Value {
        rfc3339(*self).into()
    }
}

impl<T: Wire + Default> Wire for Option<T> {
    fn read(&mut self, from: &Value) -> Result<(), String> {
        if from.is_null() { Ok(()) } else { self.get_or_insert_default().read(from) }
    }

    fn write(&self) -> Value {
        self.as_ref().map_or(Value::Null, Wire::write)
    }

    fn is_empty(&self) -> bool {
        self.is_none()
    }
}

impl<T: Wire + Default> Wire for Vec<T> {
    fn read(&mut self, from: &Value) -> Result<(), String> {
        let items = match from {
            Value::Null => return Ok(()),
            Value::Array(items) => items,
            Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Object(_) => return Err(wanted("a list", from)),
        };
        for (index, item) in items.iter().enumerate() {
            let mut value = T::default();
            value.read(item).map_err(|problem| within(&format!("[{index}]"), &problem))?;
            self.push(value);
        }
        Ok(())
    }

    fn write(&self) -> Value {
        Value::Array(self.iter().map(Wire::write).collect())
    }

    fn is_empty(&self) -> bool {
        self.is_empty()
    }
}

impl<T: Wire + Default> Wire for SortedMap<String, T> {
    fn read(&mut self, from: &Value) -> Result<(), String> {
        let entries = match from {
            Value::Null => return Ok(()),
            Value::Object(entries) => entries,
            Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Array(_) => return Err(wanted("an object", from)),
        };
        for (key, entry) in entries {
            let mut value = T::default();
            value.read(entry).map_err(|problem| within(key, &problem))?;
            self.insert(key.clone(), value);
        }
        Ok(())
    }

    fn write(&self) -> Value {
        let mut object = Map::new();
        for (key, value) in self {
            object.insert(key.clone(), value.write());
        }
        Value::Object(object)
    }

    fn is_empty(&self) -> bool {
        self.is_empty()
    }
}

impl<T: Wire + Default> Wire for Arc<T> {
    fn read(&mut self, from: &Value) -> Result<(), String> {
        let mut value = T::default();
        value.read(from)?;
        *self = Self::new(value);
        Ok(())
    }

    fn write(&self) -> Value {
        self.as_ref().write()
    }
}
