//! The timeline in three pure steps: lanes (what happened), ranges (time to x), picture (shapes), which `svg` prints.

mod axis;
mod builder;
mod lanes;
mod picture;
mod px;
mod svg;

pub use axis::{Scale, TimeView};
pub use lanes::{Lane, LaneKind, Look, Mark, MarkKind, Slice, Tick, lanes};
pub use picture::{Picture, Row, picture};
pub use px::Px;
pub use svg::svg;
