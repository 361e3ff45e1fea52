//! Validation, a file per kind or part. (pkg/apis/core/validation/validation.go and its neighbors)

use serde_json::Value;

use super::FieldError;
use super::field_error::Errors;
use super::json::At;
use crate::api::Kind;

/// What is wrong with an object that is to be created.
pub(super) fn create(kind: Kind, body: &Value) -> Vec<FieldError> {
    let mut errors = Errors::default();
    let object = At::root(body);
    let _ = (kind, object);
    errors.0.drain(..).collect()
}

/// What is accepted but doubtful.
pub(super) fn warnings(kind: Kind, body: &Value) -> Vec<String> {
    let _ = (kind, body);
    Vec::new()
}
