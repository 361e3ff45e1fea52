//! Virtual time in whole milliseconds, and how Go and kubectl print it.

mod format;
mod instant;

pub use format::{go_duration, human_age, parse_duration, parse_rfc3339, rfc1123, rfc3339};
pub use instant::{SimDuration, SimTime};
