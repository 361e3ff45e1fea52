//! Events, the messages that components leave about objects.

use std::sync::Arc;

use crate::text::{FieldPath, Shared};
use crate::time::SimTime;

use super::ObjectKey;

/// Normal or Warning.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[expect(missing_docs, reason = "documented by the Kubernetes API")]
pub enum EventType {
    Normal,
    Warning,
}

impl EventType {
    /// As the API writes it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Normal => "Normal",
            Self::Warning => "Warning",
        }
    }
}

/// An event, with the count that the client's correlator gave it.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(missing_docs, reason = "fields are documented by the Kubernetes API")]
pub struct Event {
    pub object: Arc<ObjectKey>,
    /// `spec.containers{app}` for events about a container, else empty.
    pub field_path: FieldPath,
    pub kind: EventType,
    pub reason: &'static str,
    pub message: Shared,
    /// The reporting component: `kubelet`, `default-scheduler`.
    pub component: &'static str,
    pub count: u32,
    pub first_seen: SimTime,
    pub last_seen: SimTime,
}
