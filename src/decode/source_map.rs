//! Field paths to places in the text.

use std::sync::Arc;

use crate::text::{FieldPath, Span};
use crate::yaml::Node;

/// Where the fields of one object stand. Cheap to clone.
#[derive(Debug, Clone, PartialEq)]
pub struct SourceMap {
    root: Arc<Node>,
}

/// One step of a path.
enum Step<'p> {
    Field(&'p str),
    Index(usize),
    Key(&'p str),
}

impl SourceMap {
    /// The places of the object that `root` is.
    pub fn new(root: Node) -> Self {
        Self { root: Arc::new(root) }
    }

    /// The tree itself.
    pub fn root(&self) -> &Node {
        &self.root
    }

    /// The value of `field`, or of its nearest parent that the text has; nothing for the object as a whole.
    pub fn locate(&self, field: &FieldPath) -> Option<Span> {
        self.walk(field).map(|(_, value, _)| value)
    }

    /// The key of `field` (`image:` without the colon), or of its nearest parent that the text has.
    pub fn locate_key(&self, field: &FieldPath) -> Option<Span> {
        self.walk(field).map(|(key, _, _)| key)
    }

    /// Whether the text has `field` itself.
    pub fn has(&self, field: &FieldPath) -> bool {
        self.walk(field).is_some_and(|(_, _, whole)| whole)
    }

    /// What to underline for a finding about `field`: its value if it is short, else its key.
    pub fn underline(&self, field: &FieldPath) -> Option<Span> {
        let (key, value, whole) = self.walk(field)?;
        let is_short = value.end > value.start && value.end - value.start <= 80;
        Some(if whole && is_short && key != value { value } else { key })
    }

    /// Key span, value span, and whether the whole path was found.
    fn walk(&self, field: &FieldPath) -> Option<(Span, Span, bool)> {
        let mut node: &Node = &self.root;
        let mut found = None;
        for step in steps(field.as_str()) {
            let next = match step {
                Step::Field(name) | Step::Key(name) => node.entries().iter().rev().find(|e| e.key == name).map(|e| (e.key_span, &e.value)),
                Step::Index(n) => node.items().get(n).map(|v| (v.span, v)),
            };
            let Some((key, value)) = next else { return found.map(|(k, v)| (k, v, false)) };
            found = Some((key, value.span));
            node = value;
        }
        found.map(|(k, v)| (k, v, true))
    }
}

/// `spec.containers[0].resources.requests[cpu]` in steps.
fn steps(path: &str) -> Vec<Step<'_>> {
    let mut steps = Vec::new();
    let mut rest = path;
    while !rest.is_empty() {
        if let Some(tail) = rest.strip_prefix('[') {
            let (inside, after) = tail.split_once(']').unwrap_or((tail, ""));
            steps.push(inside.parse().map_or(Step::Key(inside), Step::Index));
            rest = after;
        } else {
            rest = rest.strip_prefix('.').unwrap_or(rest);
            let end = rest.find(['.', '[']).unwrap_or(rest.len());
            let (name, after) = rest.split_at_checked(end).unwrap_or((rest, ""));
            if !name.is_empty() {
                steps.push(Step::Field(name));
            }
            rest = after;
        }
    }
    steps
}
