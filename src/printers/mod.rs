//! Objects as rows of kubectl's tables: a file per kind, and the layout of tables.
//!
//! The columns are those that the API server renders (pkg/printers/internalversion/printers.go); the layout is kubectl's
//! (cli-runtime/pkg/printers/tableprinter.go over Go's text/tabwriter). Nothing here looks at the trace.

mod endpoint_slice;
mod event;
mod pod;
mod service;
mod tabs;
mod yaml;

pub use endpoint_slice::{EndpointSliceRow, endpoint_slice_columns};
pub use event::{event_age, event_columns, event_first_age, event_interval, event_moment};
pub use pod::{PodColumns, PrintedStatus, pod_columns, pod_wide_columns};
pub use service::{service_columns, service_selector};
pub use tabs::{align_tabs, table};
pub use yaml::{Beside, marked_yaml_text, yaml_text};

use crate::time::{SimDuration, SimTime, human_age};

/// The age of something published at `then` with whole seconds, as a column shows it at `at`.
pub fn age(at: SimTime, then: SimTime) -> String {
    human_age(elapsed(at, then))
}

/// From the published second of `then` to `at`.
pub(crate) fn elapsed(at: SimTime, then: SimTime) -> SimDuration {
    at.since(then.floor_second())
}

/// `<none>` for what is empty.
pub(crate) fn or_none(text: &str) -> String {
    if text.is_empty() { "<none>".into() } else { text.into() }
}

/// `a=b,c=d` in the order of keys, `<none>` if there is none. (apimachinery: labels.FormatLabels)
pub(crate) fn labels(map: &crate::order::SortedMap<String, String>) -> String {
    or_none(&map.iter().map(|(k, v)| format!("{k}={v}")).collect::<Vec<_>>().join(","))
}
