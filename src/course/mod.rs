//! Exercises: items as data, grading, and the proof that stored solutions pass and stored wrong answers fail.

mod grade;
mod item;
mod prove;

pub use grade::{CheckResult, Response, Score, grade, grade_lab};
pub use item::{Choice, Item, Kind, Lab, Option_, Order, Solution, Step, Wrong, markdown, read_item};
pub use prove::prove;
