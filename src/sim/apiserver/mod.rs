//! The API server: the store that components meet in, creation, deletion, actions of users.

mod actions;
mod delete;
mod store;

pub(crate) use actions::{on_action, on_host};
pub(crate) use delete::{finalize, request_delete};
pub(crate) use store::{Store, create, update_pod};

use crate::trace::Rule;

/// The rules of this component.
pub(crate) fn rules() -> Vec<&'static Rule> {
    [store::rules(), delete::rules(), actions::rules()].concat()
}
