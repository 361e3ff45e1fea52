//! Documents to Kubernetes objects, and the API server's answer where that fails.

use std::fmt::Write as _;

use serde_json::Value;

use super::go::Strict;
use super::{OWN_VERSION, SourceMap, similar};
use crate::api::{ApiError, Kind};
use crate::schema;
use crate::text::{Diagnostic, FieldPath, LineIndex, Parsed, Severity, Span};
use crate::yaml::{self, Document, Node, NodeKind};

/// One document, decoded.
#[derive(Debug, Clone, PartialEq)]
pub struct Decoded {
    /// Its position among the documents, from 0.
    pub document: usize,
    /// The bytes it covers.
    pub span: Span,
    /// What it is.
    pub content: Content,
    /// Where its fields stand.
    pub source: SourceMap,
}

/// What a document is.
#[derive(Debug, Clone, PartialEq)]
pub enum Content {
    /// A Kubernetes object in the API's wire format.
    Object {
        /// Its kind.
        kind: Kind,
        /// The object without nulls and with quantities in stored form.
        body: Value,
        /// Set if a key is given twice: the API server refuses that in YAML, kubectl takes the last one.
        refusal: Option<ApiError>,
    },
    /// One of Podlab's own documents, of this kind; its tree is the source map's root.
    Own(String),
    /// Nothing that could be admitted.
    Refused {
        /// The kind, where it is known.
        kind: Option<Kind>,
        /// What the API server says.
        error: ApiError,
    },
}

/// Reads all documents of `text`.
pub fn documents(text: &str) -> Parsed<Vec<Decoded>> {
    let parsed = yaml::parse(text);
    let mut diagnostics = parsed.diagnostics;
    let value = parsed.value.into_iter().map(|document| decode(text, document, &mut diagnostics)).collect();
    Parsed { value, diagnostics }
}

fn decode(text: &str, document: Document, diagnostics: &mut Vec<Diagnostic>) -> Decoded {
    let Document { index, root, span, error } = document;
    let content = match error {
        Some(error) => Content::Refused { kind: None, error: unreadable(&error.server, span.of(text)) },
        None => content(text, &root, span, diagnostics),
    };
    Decoded { document: index, span, content, source: SourceMap::new(root) }
}

/// The answer to a body that is not YAML: it ends with the body's first bytes in hexadecimal.
fn unreadable(problem: &str, body: &str) -> ApiError {
    let mut hex = String::new();
    for byte in body.bytes().take(30) {
        let _ = write!(hex, "{byte:02x}");
    }
    let more = if body.len() > 30 { " ..." } else { "" };
    ApiError::bad_request(format!("the object provided is unrecognized (must be of type Pod): {problem} ({hex}{more})"))
}

fn content(text: &str, root: &Node, span: Span, diagnostics: &mut Vec<Diagnostic>) -> Content {
    if !matches!(root.kind, NodeKind::Map(_)) {
        let what = if matches!(root.kind, NodeKind::Seq(_)) { "array" } else { "string" };
        let found = Diagnostic::error("decode/object", root.span, format!("an object is wanted here, not {}", root.word()));
        diagnostics.push(found.help("begin with `apiVersion: v1` and `kind: Pod`"));
        let message = format!(
            "couldn't get version/kind; json parse error: json: cannot unmarshal {what} into Go value of type struct {{ APIVersion string \"json:\\\"apiVersion,omitempty\\\"\"; Kind string \"json:\\\"kind,omitempty\\\"\" }}"
        );
        return Content::Refused { kind: None, error: ApiError::bad_request(message) };
    }
    let version = root.get("apiVersion").and_then(Node::text);
    if version == Some(OWN_VERSION) {
        return Content::Own(root.get("kind").and_then(Node::text).unwrap_or_default().to_owned());
    }
    match kind(root, diagnostics) {
        Ok(kind) => object(text, root, span, kind, diagnostics),
        Err(error) => Content::Refused { kind: None, error },
    }
}

/// The kind of an object. One without a kind counts as a Pod, as if it were posted to `/pods`.
fn kind(root: &Node, diagnostics: &mut Vec<Diagnostic>) -> Result<Kind, ApiError> {
    let start = root.head();
    for (name, example) in [("apiVersion", "apiVersion: v1"), ("kind", "kind: Pod")] {
        if root.get(name).and_then(Node::text).is_none() {
            let at = root.get(name).map_or(start, |n| n.span);
            let found = Diagnostic::error("decode/kind", at, format!("{name} not set")).field(FieldPath::from(name));
            diagnostics.push(found.help(format!("add a line such as `{example}`")));
        }
    }
    let Some(node) = root.get("kind") else { return Ok(Kind::Pod) };
    let name = node.text().unwrap_or("Pod");
    let version = root.get("apiVersion").and_then(Node::text).unwrap_or("v1");
    let Some(kind) = Kind::ALL.into_iter().find(|k| k.as_str() == name) else {
        let message = format!("no matches for kind \"{name}\" in version \"{version}\"");
        let mut found = Diagnostic::error("decode/kind", node.span, message).field(FieldPath::from("kind"));
        if let Some(near) = similar(name, Kind::ALL.iter().map(|k| k.as_str())) {
            found = found.help(format!("did you mean `{near}`? Kinds are case-sensitive"));
        } else {
            found =
                found.help("Podlab knows the kinds of the core, apps, batch, policy, autoscaling and scheduling groups that concern pods");
        }
        diagnostics.push(found);
        return Err(ApiError::not_found("the server could not find the requested resource"));
    };
    if version != kind.api_version() {
        let message = format!("the API version in the data ({version}) does not match the expected API version ({})", kind.api_version());
        let at = root.get("apiVersion").map_or(start, |n| n.span);
        let found = Diagnostic::error("decode/kind", at, format!("no matches for kind \"{name}\" in version \"{version}\""));
        diagnostics.push(found.help(format!("write `apiVersion: {}`", kind.api_version())).field(FieldPath::from("apiVersion")));
        return Err(ApiError::bad_request(message));
    }
    Ok(kind)
}

fn object(text: &str, root: &Node, span: Span, kind: Kind, diagnostics: &mut Vec<Diagnostic>) -> Content {
    let mut strict = Strict::default();
    let body = strict.object(root, schema::root(kind));
    let duplicates = duplicates(text, root, span, diagnostics);
    let type_error = strict.type_error().map(str::to_owned);
    diagnostics.append(&mut strict.diagnostics);
    let refuse = |problem: &str| {
        let version = kind.api_version().rsplit('/').next().unwrap_or_default();
        ApiError::bad_request(format!("{0} in version \"{version}\" cannot be handled as a {0}: {problem}", kind.as_str()))
    };
    if let Some(problem) = type_error {
        return Content::Refused { kind: Some(kind), error: refuse(&problem) };
    }
    let mut problems: Vec<String> = duplicates.into_iter().collect();
    let is_fatal = !strict.unknown.is_empty();
    problems.append(&mut strict.unknown);
    let refusal = (!problems.is_empty()).then(|| refuse(&format!("strict decoding error: {}", problems.join(", "))));
    match refusal {
        Some(error) if is_fatal => Content::Refused { kind: Some(kind), error },
        refusal => Content::Object { kind, body, refusal },
    }
}

/// Keys that are given twice, as go-yaml reports them.
fn duplicates(text: &str, root: &Node, span: Span, diagnostics: &mut Vec<Diagnostic>) -> Option<String> {
    let mut found: Vec<(Span, &str)> = Vec::new();
    repeated(root, &mut found);
    crate::order::sort_by_key(&mut found, |(span, _)| span.start);
    found.dedup();
    if found.is_empty() {
        return None;
    }
    let body = span.of(text);
    let lines = LineIndex::new(body);
    let mut message = "yaml: unmarshal errors:".to_owned();
    for (at, key) in found {
        let line = lines.position(body, at.start.saturating_sub(span.start) as usize).line;
        let _ = write!(message, "\n  line {line}: key {key:?} already set in map");
        let finding = Diagnostic::error("decode/duplicate-field", at, format!("`{key}` is given twice; the last one counts"));
        diagnostics.push(finding.severity(Severity::Warning).help("keep one of the two"));
    }
    Some(message)
}

fn repeated<'n>(node: &'n Node, found: &mut Vec<(Span, &'n str)>) {
    let mut keys: Vec<(&str, Span)> = node.entries().iter().map(|e| (e.key.as_str(), e.key_span)).collect();
    crate::order::sort_by_key(&mut keys, |(key, _)| *key);
    found.extend(keys.iter().zip(keys.iter().skip(1)).filter(|(a, b)| a.0 == b.0).map(|(_, b)| (b.1, b.0)));
    for entry in node.entries() {
        repeated(&entry.value, found);
    }
    for item in node.items() {
        repeated(item, found);
    }
}
