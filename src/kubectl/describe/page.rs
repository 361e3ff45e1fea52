//! A page of `describe`: indented lines whose tabs are aligned in the end.

use crate::order::SortedMap;
use std::fmt::Display;

use crate::printers::align_tabs;

/// What is written so far. A level is two spaces.
#[derive(Debug, Default)]
pub(super) struct Page(String);

impl Page {
    /// A line at a level.
    pub(super) fn line(&mut self, level: usize, text: impl Display) {
        self.0.extend(std::iter::repeat_n("  ", level));
        self.0.push_str(&text.to_string());
        self.0.push('\n');
    }

    /// `Name:<tab>value`.
    pub(super) fn field(&mut self, level: usize, name: &str, value: impl Display) {
        self.line(level, format_args!("{name}:\t{value}"));
    }

    /// Items below each other beside a title, `<none>` if there is none.
    pub(super) fn stacked(&mut self, title: &str, items: impl IntoIterator<Item = String>) {
        let mut items = items.into_iter();
        self.field(0, title, items.next().unwrap_or_else(|| "<none>".into()));
        for item in items {
            self.line(0, format_args!("\t{item}"));
        }
    }

    /// Labels or a selector, a pair a line. (printLabelsMultiline)
    pub(super) fn labels(&mut self, title: &str, labels: &SortedMap<String, String>) {
        self.stacked(title, labels.iter().map(|(k, v)| format!("{k}={v}")));
    }

    /// The aligned text.
    pub(super) fn finish(self) -> String {
        align_tabs(&self.0, 0, 2)
    }
}
