//! Properties of a trace over time: what a learner's manifest has to bring about, and whether it does.

mod judge;
mod language;
mod sentence;

pub use judge::{Verdict, first, judge};
pub use language::{Check, Condition, FileCondition, Property};
pub use sentence::sentence;
