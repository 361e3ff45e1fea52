//! Spans, line positions, field paths and diagnostics: what every layer that touches text shares.

mod decimal;
mod diagnostic;
mod field_path;
mod line_index;
mod shared;
mod span;

pub use decimal::Decimal;
pub use diagnostic::{Diagnostic, Parsed, Severity};
pub use field_path::FieldPath;
pub use line_index::{LineColumn, LineIndex};
pub use shared::Shared;
pub use span::Span;
