//! Where documents begin and end: at lines that start with `---`. (apimachinery yaml: YAMLReader)

/// A document's bytes and what is wrong with the separator before it.
pub(super) struct Chunk {
    /// First byte.
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
    /// The separator line, if it has more than `---` and a comment.
    pub bad_separator: Option<(usize, usize)>,
}

/// The documents of `text`, empty ones included.
pub(super) fn chunks(text: &str) -> Vec<Chunk> {
    let mut start = if text.starts_with('\u{feff}') { 3 } else { 0 };
    let mut chunks = Vec::new();
    let mut bad_separator = None;
    let mut at = start;
    let body = text.get(start..).unwrap_or_default();
    for line in body.split_inclusive('\n') {
        let end = at + line.len();
        if let Some(rest) = line.strip_prefix("---") {
            if at > start || !chunks.is_empty() {
                chunks.push(Chunk { start, end: at, bad_separator });
            }
            let rest = rest.trim();
            bad_separator = (!rest.is_empty() && !rest.starts_with('#')).then(|| (at, at + line.trim_end().len()));
            start = end;
        }
        at = end;
    }
    chunks.push(Chunk { start, end: at, bad_separator });
    chunks
}
