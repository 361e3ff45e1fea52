//! kubectl: what its read commands print at a moment of a trace, byte for byte.
//!
//! Every function looks at the objects as the API had them at `at`. What the commands say on standard error (nothing
//! found, refusals) is returned as text too, since a terminal shows both.

mod answer;
mod apply;
pub mod command;
mod describe;
mod events;
mod get;
mod items;
mod jsonpath;
mod logs;
pub mod recording;
pub mod resource;
mod selector;
mod store;

pub use answer::{Answer, Shell, answer};
pub use apply::apply_dry_run;
pub use command::split;
pub use describe::describe_pod;
pub use events::{events, events_at, events_of};
pub use get::{Columns, get_endpoint_slices, get_events, get_pods, get_services, pod_row, watch_pods};
pub use logs::{LogAnswer, LogsOf, container_log, logs};
pub use store::{PodWrite, find, list, pod_writes, pods_at};

/// What kubectl says of an empty list.
fn nothing_found(namespace: &str) -> String {
    format!("No resources found in {namespace} namespace.\n")
}

#[cfg(test)]
mod tests;
