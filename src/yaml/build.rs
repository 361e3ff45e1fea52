//! Parser events to one document's tree, within bounds.

use crate::order::SortedMap;
use crate::order::SortedSet;
use std::borrow::Cow;

use saphyr_parser::{Event, Parser, ScalarStyle, ScanError, Tag};

use super::split::Chunk;
use super::{Document, Entry, MAX_DEPTH, Node, NodeKind, SyntaxError, scalar, syntax};
use crate::text::{Diagnostic, Span};

/// Reads the document in `chunk` of `text`; `budget` is how many nodes may still be made.
pub(super) fn document(text: &str, chunk: &Chunk, index: usize, budget: &mut usize, diagnostics: &mut Vec<Diagnostic>) -> Document {
    let span = Span::new(chunk.start, chunk.end);
    let body = span.of(text);
    if let Some((start, end)) = chunk.bad_separator {
        let line = Span::new(start, end);
        let rest = line.of(text).trim_start_matches('-').trim();
        let server = format!("invalid Yaml document separator: {rest}");
        let found =
            Diagnostic::error("yaml/separator", line, "a separator line has nothing but `---` and a comment").help("begin a new line");
        diagnostics.push(found);
        return Document { index, root: Node::null(span), span, error: Some(SyntaxError { server, span: line }) };
    }
    let mut builder =
        Builder { offsets: Offsets::new(body, chunk.start), text, budget, anchors: SortedMap::new(), stack: Vec::new(), root: None };
    let error = match builder.run(body) {
        Ok(()) => None,
        Err(stop) => {
            let (error, diagnostic) = *stop;
            diagnostics.push(diagnostic);
            Some(error)
        }
    };
    let root = builder.root.filter(|_| error.is_none()).unwrap_or(Node::null(span));
    Document { index, root, span, error }
}

/// Why building stopped.
type Stop = Box<(SyntaxError, Diagnostic)>;

/// A list or mapping that is not closed yet.
enum Frame {
    Seq { start: usize, anchor: usize, items: Vec<Node> },
    Map { start: usize, anchor: usize, entries: Vec<Entry>, key: Option<(String, Span)>, merged: Vec<Node> },
}

struct Builder<'t> {
    offsets: Offsets<'t>,
    text: &'t str,
    budget: &'t mut usize,
    anchors: SortedMap<usize, Node>,
    stack: Vec<Frame>,
    root: Option<Node>,
}

impl Builder<'_> {
    fn run(&mut self, body: &str) -> Result<(), Stop> {
        let mut parser = Parser::new_from_str(body);
        while let Some(event) = parser.next_event() {
            let (event, at) = event.map_err(|e| self.broken(&e))?;
            let (start, end) = (self.offsets.byte(at.start.index()), self.offsets.byte(at.end.index()));
            match event {
                Event::Scalar(value, style, anchor, tag) => {
                    let node = self.scalar(value, style, tag.as_deref(), Span::new(start, end));
                    self.add(node, anchor, style == ScalarStyle::Plain)?;
                }
                Event::SequenceStart(anchor, _) => self.open(Frame::Seq { start, anchor, items: Vec::new() }, start)?,
                Event::MappingStart(anchor, _) => {
                    self.open(Frame::Map { start, anchor, entries: Vec::new(), key: None, merged: Vec::new() }, start)?;
                }
                Event::SequenceEnd | Event::MappingEnd => self.close(end)?,
                Event::Alias(anchor) => self.alias(anchor, Span::new(start, end))?,
                Event::DocumentEnd => return Ok(()),
                Event::Nothing | Event::StreamStart | Event::StreamEnd | Event::DocumentStart(_) => {}
            }
        }
        Ok(())
    }

    fn scalar(&self, value: Cow<'_, str>, style: ScalarStyle, tag: Option<&Tag>, span: Span) -> Node {
        let is_text = tag.is_some_and(|t| t.suffix == "str");
        if style == ScalarStyle::Plain && !is_text {
            return Node { span, kind: scalar::resolve(&value) };
        }
        // A block scalar's last line break is not what one wants to see underlined.
        let end = span.start as usize + span.of(self.text).trim_end().len();
        Node { span: Span::new(span.start as usize, end), kind: NodeKind::Text(value.into_owned()) }
    }

    fn open(&mut self, frame: Frame, start: usize) -> Result<(), Stop> {
        if self.stack.len() >= MAX_DEPTH {
            let first = self.text.get(start..).and_then(|t| t.chars().next()).map_or(0, char::len_utf8);
            return Err(self.too_deep(Span::new(start, start + first)));
        }
        self.stack.push(frame);
        Ok(())
    }

    fn too_deep(&self, span: Span) -> Stop {
        let message = format!("more than {MAX_DEPTH} lists or mappings stand in each other");
        stop("exceeded max depth", Diagnostic::error("yaml/too-deep", span, message).help("a manifest needs less than 30 levels"))
    }

    fn close(&mut self, end: usize) -> Result<(), Stop> {
        let (start, anchor, kind, last) = match self.stack.pop() {
            Some(Frame::Seq { start, anchor, items }) => {
                let last = items.last().map(|n| n.span.end as usize);
                (start, anchor, NodeKind::Seq(items), last)
            }
            Some(Frame::Map { start, anchor, mut entries, merged, .. }) => {
                let last = entries.last().map(|e| e.value.span.end.max(e.key_span.end) as usize);
                merge(&mut entries, &merged);
                (start, anchor, NodeKind::Map(entries), last)
            }
            None => return Ok(()),
        };
        let is_flow = self.text.get(start..).is_some_and(|t| t.starts_with(['{', '[']));
        let end = if is_flow { end } else { last.unwrap_or(start) };
        self.add(Node { span: Span::new(start, end), kind }, anchor, false)
    }

    fn alias(&mut self, anchor: usize, span: Span) -> Result<(), Stop> {
        let Some(target) = self.anchors.get(&anchor) else {
            let found = Diagnostic::error("yaml/anchor", span, "this alias stands inside its own anchor").help("write the value out");
            return Err(stop("anchor contains itself", found));
        };
        let (size, depth) = target.measure();
        if size > *self.budget {
            return Err(too_many(span));
        }
        if depth + self.stack.len() > MAX_DEPTH {
            return Err(self.too_deep(span));
        }
        *self.budget -= size;
        let copy = Node { span, kind: target.kind.clone() };
        self.add(copy, 0, false)
    }

    /// Puts a finished node where it belongs; `plain` scalars may be the merge key.
    fn add(&mut self, node: Node, anchor: usize, plain: bool) -> Result<(), Stop> {
        *self.budget = self.budget.checked_sub(1).ok_or_else(|| too_many(node.span))?;
        if anchor > 0 {
            self.anchors.insert(anchor, node.clone());
        }
        match self.stack.last_mut() {
            None => self.root = Some(node),
            Some(Frame::Seq { items, .. }) => items.push(node),
            Some(Frame::Map { entries, key, merged, .. }) => match key.take() {
                None => *key = Some((key_text(&node, plain)?, node.span)),
                Some((name, _)) if name == MERGE => merged.push(node),
                Some((key, key_span)) => entries.push(Entry { key, key_span, value: node }),
            },
        }
        Ok(())
    }

    fn broken(&self, error: &ScanError) -> Stop {
        let start = self.offsets.byte(error.marker().index());
        let rest = self.text.get(start..).unwrap_or_default();
        let line = rest.lines().next().unwrap_or_default().trim_end();
        let span = Span::new(start, start + line.len());
        Box::new(syntax::explain(error, span, error.marker().line()))
    }
}

/// A plain `<<` is kept under a name that no key of a text can have by accident.
const MERGE: &str = "\u{0}<<";

fn key_text(node: &Node, plain: bool) -> Result<String, Stop> {
    Ok(match &node.kind {
        NodeKind::Text(text) if plain && text == "<<" => MERGE.to_owned(),
        NodeKind::Text(text) => text.clone(),
        NodeKind::Null => "null".to_owned(),
        NodeKind::Bool(b) => b.to_string(),
        NodeKind::Int(n) => n.to_string(),
        NodeKind::UInt(n) => n.to_string(),
        NodeKind::Float(n) => n.to_string(),
        NodeKind::Seq(_) | NodeKind::Map(_) => {
            let found = Diagnostic::error("yaml/key", node.span, "a list or mapping cannot be a key");
            return Err(stop("invalid map key", found.help("text that begins with `{` or `[` needs quotes")));
        }
    })
}

/// `<<: *defaults`: entries that the mapping does not have itself.
fn merge(entries: &mut Vec<Entry>, merged: &[Node]) {
    let mut own: SortedSet<String> = entries.iter().filter(|_| !merged.is_empty()).map(|e| e.key.clone()).collect();
    let sources = merged.iter().flat_map(|m| std::iter::once(m).chain(m.items()));
    for entry in sources.flat_map(Node::entries) {
        if own.insert(entry.key.clone()) {
            entries.push(entry.clone());
        }
    }
}

fn too_many(span: Span) -> Stop {
    let found = Diagnostic::error("yaml/too-many", span, "the document grows too large here");
    stop("document contains excessive aliasing", found.help("repeat less with `*alias`"))
}

fn stop(server: &str, diagnostic: Diagnostic) -> Stop {
    Box::new((SyntaxError { server: format!("yaml: {server}"), span: diagnostic.span }, diagnostic))
}

/// Character counts, as the event parser gives them, to bytes of the whole text.
struct Offsets<'t> {
    body: &'t str,
    base: usize,
    /// The byte of every 64th character; empty if all characters are one byte long.
    every: Vec<usize>,
}

const STEP: usize = 64;

impl<'t> Offsets<'t> {
    fn new(body: &'t str, base: usize) -> Self {
        let every = if body.is_ascii() { Vec::new() } else { body.char_indices().step_by(STEP).map(|(at, _)| at).collect() };
        Self { body, base, every }
    }

    fn byte(&self, chars: usize) -> usize {
        if self.every.is_empty() {
            return self.base + chars.min(self.body.len());
        }
        let Some(&near) = self.every.get(chars / STEP) else { return self.base + self.body.len() };
        let rest = self.body.get(near..).unwrap_or_default();
        self.base + rest.char_indices().nth(chars % STEP).map_or(self.body.len(), |(at, _)| near + at)
    }
}
