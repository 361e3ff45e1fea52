//! Exercises: items as data, grading, and the proof that stored solutions pass and stored wrong answers fail.

mod grade;
mod item;
mod lab;
mod markdown;
mod myth;
mod predict;
mod prove;
mod question;
mod quiz;
mod variant;

pub use grade::{CheckResult, Response, Score, grade, grade_lab};
pub use item::{Item, Kind, read_item};
pub use lab::{Lab, Solution, Wrong};
pub use markdown::markdown;
pub use myth::{Experiment, Myth, Sight, prove_myth, read_myth};
pub use predict::{Case, Predict};
pub use prove::prove;
pub use question::{Blank, Choice, Gap, KeyPoint, Match, Multiple, Option_, Order, Pair, Rubric, Step};
pub use quiz::{Handed, Line, Quiz, csv, points};
