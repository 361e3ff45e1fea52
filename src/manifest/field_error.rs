//! What is wrong with a field, as Kubernetes says it. (apimachinery: field.Error)

use std::fmt;

use crate::text::FieldPath;

/// The type of an error.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ErrorKind {
    /// It must be given.
    Required,
    /// It has a wrong value.
    Invalid,
    /// It is not one of the known values.
    NotSupported,
    /// It is there twice.
    Duplicate,
    /// It refers to something that does not exist.
    NotFound,
    /// It must not be given.
    Forbidden,
    /// It is too long.
    TooLong,
    /// There are too many.
    TooMany,
}

/// One wrong field: `spec.containers[0].image: Required value`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldError {
    /// The type of error.
    pub kind: ErrorKind,
    /// The field.
    pub path: FieldPath,
    /// The value as it is printed: text quoted, numbers plain.
    pub value: String,
    /// More, or nothing.
    pub detail: String,
}

impl FieldError {
    /// The error without its path, as `causes` has it.
    pub fn message(&self) -> String {
        let (value, detail) = (&self.value, &self.detail);
        let start = match self.kind {
            ErrorKind::Required => "Required value".to_owned(),
            ErrorKind::Forbidden => "Forbidden".to_owned(),
            ErrorKind::TooLong => "Too long".to_owned(),
            ErrorKind::Invalid => format!("Invalid value: {value}"),
            ErrorKind::NotSupported => format!("Unsupported value: {value}"),
            ErrorKind::Duplicate => format!("Duplicate value: {value}"),
            ErrorKind::NotFound => format!("Not found: {value}"),
            ErrorKind::TooMany => format!("Too many: {value}"),
        };
        if detail.is_empty() { start } else { format!("{start}: {detail}") }
    }

    /// The reason that `causes` gives.
    pub const fn reason(&self) -> &'static str {
        match self.kind {
            ErrorKind::Required => "FieldValueRequired",
            ErrorKind::Invalid => "FieldValueInvalid",
            ErrorKind::NotSupported => "FieldValueNotSupported",
            ErrorKind::Duplicate => "FieldValueDuplicate",
            ErrorKind::NotFound => "FieldValueNotFound",
            ErrorKind::Forbidden => "FieldValueForbidden",
            ErrorKind::TooLong => "FieldValueTooLong",
            ErrorKind::TooMany => "FieldValueTooMany",
        }
    }
}

impl fmt::Display for FieldError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.path, self.message())
    }
}

/// Errors in the order in which they are found.
#[derive(Debug, Default)]
pub(super) struct Errors(pub Vec<FieldError>);

impl Errors {
    fn add(&mut self, kind: ErrorKind, path: FieldPath, value: impl Into<String>, detail: impl Into<String>) {
        self.0.push(FieldError { kind, path, value: value.into(), detail: detail.into() });
    }

    /// It must be given.
    pub(super) fn required(&mut self, path: FieldPath, detail: &str) {
        self.add(ErrorKind::Required, path, "", detail);
    }

    /// A text is wrong.
    pub(super) fn invalid(&mut self, path: FieldPath, text: &str, detail: &str) {
        self.add(ErrorKind::Invalid, path, quote(text), detail);
    }

    /// A value that is printed as it is, is wrong: numbers, booleans, JSON.
    pub(super) fn invalid_plain(&mut self, path: FieldPath, value: impl fmt::Display, detail: &str) {
        self.add(ErrorKind::Invalid, path, value.to_string(), detail);
    }

    /// A text is none of `known`.
    pub(super) fn unsupported(&mut self, path: FieldPath, text: &str, known: &[&str]) {
        self.unsupported_plain(path, quote(text), known);
    }

    /// A value is none of `known`.
    pub(super) fn unsupported_plain(&mut self, path: FieldPath, value: String, known: &[&str]) {
        let known: Vec<String> = known.iter().map(|k| quote(k)).collect();
        self.add(ErrorKind::NotSupported, path, value, format!("supported values: {}", known.join(", ")));
    }

    /// A text is there twice.
    pub(super) fn duplicate(&mut self, path: FieldPath, text: &str) {
        self.add(ErrorKind::Duplicate, path, quote(text), "");
    }

    /// A value is there twice.
    pub(super) fn duplicate_plain(&mut self, path: FieldPath, value: String) {
        self.add(ErrorKind::Duplicate, path, value, "");
    }

    /// It refers to something that does not exist.
    pub(super) fn not_found(&mut self, path: FieldPath, text: &str) {
        self.add(ErrorKind::NotFound, path, quote(text), "");
    }

    /// It must not be given.
    pub(super) fn forbidden(&mut self, path: FieldPath, detail: &str) {
        self.add(ErrorKind::Forbidden, path, "", detail);
    }

    /// It has more than `most` bytes.
    pub(super) fn too_long(&mut self, path: FieldPath, most: usize) {
        self.add(ErrorKind::TooLong, path, "", format!("may not be more than {most} bytes"));
    }

    /// It has more than `most` elements.
    pub(super) fn too_many(&mut self, path: FieldPath, got: usize, most: usize) {
        self.add(ErrorKind::TooMany, path, got.to_string(), format!("must have at most {most} items"));
    }
}

/// As Go's `%q` for the texts that occur in manifests.
pub(super) fn quote(text: &str) -> String {
    let mut quoted = String::from("\"");
    for c in text.chars() {
        match c {
            '"' => quoted.push_str("\\\""),
            '\\' => quoted.push_str("\\\\"),
            '\n' => quoted.push_str("\\n"),
            '\t' => quoted.push_str("\\t"),
            '\r' => quoted.push_str("\\r"),
            c if c.is_control() => quoted.push_str(&format!("\\x{:02x}", c as u32)),
            c => quoted.push(c),
        }
    }
    quoted.push('"');
    quoted
}
