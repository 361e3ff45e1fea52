//! Podlab plays the life of a Kubernetes pod: text in, one trace out, everything else is a view of it.
//!
//! ```text
//! 8  app (feature web)      cli (feature cli)
//! 7  course    first                                   items, grading; the first example
//! 6  view    kubectl    check    advice    assist      read the trace; never sim
//! 5  sim                                               writes the trace
//! 4  trace                                             the record
//! 3  manifest   scenario                               default, validate, admit; the surroundings
//! 2  decode     printers     policy                    tree -> typed object; object -> kubectl columns
//! 1  yaml   api                                        spanned tree; Kubernetes types
//! 0  text   time   rng   order                       spans, field paths, diagnostics; durations; streams; sorting
//! ```
//!
//! A row uses the rows below it, never its neighbors. `tests/tidy.rs` checks this and the other house rules.

pub mod advice;
pub mod api;
#[cfg(feature = "web")]
pub mod app;
pub mod assist;
pub mod check;
pub mod course;
pub mod decode;
pub mod first;
pub mod kubectl;
pub mod manifest;
pub mod order;
pub mod printers;
pub mod rng;
pub mod scenario;
pub mod schema;
pub mod sim;
pub mod text;
pub mod time;
pub mod trace;
pub mod view;
pub mod yaml;
