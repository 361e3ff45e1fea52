//! Virtual time in whole milliseconds, and how Go and kubectl print it.

mod format;
mod instant;

pub use format::{go_duration, human_age, parse_duration, rfc3339};
pub use instant::{SimDuration, SimTime};
