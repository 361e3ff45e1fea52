//! YAML text to a tree in which everything has a place.
//!
//! The text is split into documents at lines that begin with `---`, as kubectl does it, so that one broken document harms
//! no other. Scalars are read as YAML 1.1, as `sigs.k8s.io/yaml` does. Size, nesting and aliases are bounded.
//! Left out: tags other than `!!str`, and mappings or lists as keys.

mod build;
mod node;
mod scalar;
mod split;
mod syntax;

pub use node::{Document, Entry, Node, NodeKind};
pub use syntax::SyntaxError;

use std::ops::Range;

use crate::text::{Diagnostic, Parsed, Span};

/// The longest text that is read, in bytes: what the API server takes in one request.
pub const MAX_TEXT: usize = 3 << 20;
/// How deep lists and mappings may stand in each other.
pub const MAX_DEPTH: usize = 100;
/// How many documents of one text are read; nobody types more, and each of them costs time.
pub const MAX_DOCUMENTS: usize = 200;
/// How many nodes a text may have after its aliases are replaced.
pub const MAX_NODES: usize = 200_000;

/// Reads all documents of `text`. Never fails: a document that cannot be read is there with its [`SyntaxError`] and an empty root.
/// Empty documents are left out.
pub fn parse(text: &str) -> Parsed<Vec<Document>> {
    if let Some(error) = too_long(text, MAX_TEXT) {
        return Parsed { value: Vec::new(), diagnostics: vec![error] };
    }
    let mut parsed: Parsed<Vec<Document>> = Parsed::default();
    let mut chunks = split::chunks(text);
    chunks.retain(|chunk| chunk.bad_separator.is_some() || !is_blank(text.get(chunk.start..chunk.end).unwrap_or_default()));
    if let Some(beyond) = chunks.get(MAX_DOCUMENTS) {
        let message = format!("the text has {} documents, at most {MAX_DOCUMENTS} are read", chunks.len());
        let from = Span::new(beyond.start, beyond.start);
        parsed.diagnostics.push(Diagnostic::error("yaml/too-many", from, message).help("split it into several files"));
        return parsed;
    }
    let mut budget = MAX_NODES;
    for chunk in chunks {
        let document = build::document(text, &chunk, parsed.value.len(), &mut budget, &mut parsed.diagnostics);
        if document.error.is_some() || !matches!(document.root.kind, NodeKind::Null) {
            parsed.value.push(document);
        }
    }
    parsed
}

/// Says so if a text has more than `most` bytes.
pub fn too_long(text: &str, most: usize) -> Option<Diagnostic> {
    let message = format!("the text is too long: {} KiB, at most {} KiB are read", text.len().div_ceil(1 << 10), most >> 10);
    let error = Diagnostic::error("yaml/too-long", Span::new(0, 0), message).help("split it into several files");
    (text.len() > most).then_some(error)
}

/// Whether a document has nothing but comments.
fn is_blank(document: &str) -> bool {
    document.lines().all(|line| line.trim().is_empty() || line.trim_start().starts_with('#'))
}

/// The bytes of each document of `text`, empty ones included; the lines `---` lie between them.
pub fn documents(text: &str) -> Vec<Range<usize>> {
    split::chunks(text).into_iter().map(|chunk| chunk.start..chunk.end).collect()
}

#[cfg(test)]
mod tests;
