//! Properties of a trace over time: what a learner's manifest has to bring about, and whether it does.

mod check;
mod judge;
mod sentence;

pub use check::{Check, Condition, Property};
pub use judge::{Verdict, judge};
pub use sentence::sentence;
