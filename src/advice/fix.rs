//! Changes to a text that leave its comments and its layout alone.

use crate::text::Span;
use crate::yaml::Entry;

/// A change to a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fix {
    /// Other text in place of a value.
    Replace(Span, String),
    /// A field, `name: value`, in front of the field whose key stands at the span.
    Before(Span, String),
}

impl Fix {
    /// A field in front of `entry`, in the same mapping.
    pub(super) fn before(entry: &Entry, field: impl Into<String>) -> Self {
        Self::Before(entry.key_span, field.into())
    }

    /// The text after the change.
    #[must_use]
    pub fn apply(&self, text: &str) -> String {
        let (span, new) = match self {
            Self::Replace(span, new) => (*span, new.clone()),
            Self::Before(key, field) => {
                (Span { start: key.start, end: key.start }, format!("{field}{}", separator(text, key.start as usize)))
            }
        };
        let head = text.get(..span.start as usize).unwrap_or_default();
        let tail = text.get(span.end as usize..).unwrap_or_default();
        format!("{head}{new}{tail}")
    }
}

/// What stands between two fields: a new line with the same indentation, or a comma within braces.
fn separator(text: &str, at: usize) -> String {
    let line = text.get(..at).unwrap_or_default().rsplit('\n').next().unwrap_or_default();
    let is_block = line.chars().all(|c| c == ' ' || c == '-');
    let end = if text.contains("\r\n") { "\r\n" } else { "\n" };
    if is_block { format!("{end}{}", " ".repeat(line.len())) } else { ", ".to_owned() }
}
