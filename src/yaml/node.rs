//! The tree.

use super::SyntaxError;
use crate::text::{Decimal, Span};

/// One document of a text.
#[derive(Debug, Clone, PartialEq)]
pub struct Document {
    /// Its position among the documents that are not empty, from 0.
    pub index: usize,
    /// Its content; null if it could not be read.
    pub root: Node,
    /// The bytes it covers, separator lines not counted.
    pub span: Span,
    /// Why it could not be read.
    pub error: Option<SyntaxError>,
}

/// A value with its place in the text.
#[derive(Debug, Clone, PartialEq)]
pub struct Node {
    /// The bytes of the value.
    pub span: Span,
    /// What it is.
    pub kind: NodeKind,
}

/// What a node is, after scalars were read as YAML 1.1.
#[derive(Debug, Clone, PartialEq)]
pub enum NodeKind {
    /// `~`, `null` or nothing.
    Null,
    /// `true`, `yes`, `on`, ...
    Bool(bool),
    /// A whole number.
    Int(i64),
    /// A whole number above `i64::MAX`.
    UInt(u64),
    /// Any other number.
    Float(Decimal),
    /// Text.
    Text(String),
    /// A list.
    Seq(Vec<Node>),
    /// A mapping in the order of the text; a key that is given twice is there twice.
    Map(Vec<Entry>),
}

/// A key and its value.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// The key as text, as JSON would have it.
    pub key: String,
    /// The bytes of the key.
    pub key_span: Span,
    /// The value.
    pub value: Node,
}

impl Node {
    /// A null at `span`.
    pub const fn null(span: Span) -> Self {
        Self { span, kind: NodeKind::Null }
    }

    /// The value under `key`; the last one counts.
    pub fn get(&self, key: &str) -> Option<&Self> {
        self.entries().iter().rev().find(|e| e.key == key).map(|e| &e.value)
    }

    /// The entries of a mapping; none for anything else.
    pub fn entries(&self) -> &[Entry] {
        match &self.kind {
            NodeKind::Map(entries) => entries,
            NodeKind::Null
            | NodeKind::Bool(_)
            | NodeKind::Int(_)
            | NodeKind::UInt(_)
            | NodeKind::Float(_)
            | NodeKind::Text(_)
            | NodeKind::Seq(_) => &[],
        }
    }

    /// The elements of a list; none for anything else.
    pub fn items(&self) -> &[Self] {
        match &self.kind {
            NodeKind::Seq(items) => items,
            NodeKind::Null
            | NodeKind::Bool(_)
            | NodeKind::Int(_)
            | NodeKind::UInt(_)
            | NodeKind::Float(_)
            | NodeKind::Text(_)
            | NodeKind::Map(_) => &[],
        }
    }

    /// The text, if it is text.
    pub fn text(&self) -> Option<&str> {
        match &self.kind {
            NodeKind::Text(text) => Some(text),
            NodeKind::Null
            | NodeKind::Bool(_)
            | NodeKind::Int(_)
            | NodeKind::UInt(_)
            | NodeKind::Float(_)
            | NodeKind::Seq(_)
            | NodeKind::Map(_) => None,
        }
    }

    /// What to underline for a finding about the whole: the first key of a mapping.
    pub fn head(&self) -> Span {
        self.entries().first().map_or(self.span, |first| first.key_span)
    }

    /// What it is, in a word for people.
    pub const fn word(&self) -> &'static str {
        match self.kind {
            NodeKind::Null => "nothing",
            NodeKind::Bool(_) => "a boolean",
            NodeKind::Int(_) | NodeKind::UInt(_) | NodeKind::Float(_) => "a number",
            NodeKind::Text(_) => "text",
            NodeKind::Seq(_) => "a list",
            NodeKind::Map(_) => "a mapping",
        }
    }

    /// Nodes in it (itself included) and how deep they stand in each other.
    pub(super) fn measure(&self) -> (usize, usize) {
        let children = self.items().iter().chain(self.entries().iter().map(|e| &e.value));
        children.map(Self::measure).fold((1, 1), |(size, depth), (s, d)| (size + s, depth.max(d + 1)))
    }
}
