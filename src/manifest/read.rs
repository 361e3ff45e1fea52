//! A whole text at once.

use serde_json::Value;

use super::{AdmitContext, Admitted, ErrorKind, FieldError, Refusal, admit_body};
use super::{simulated, world};
use crate::api::{ApiError, Kind, Object};
use crate::decode::{self, Content, Decoded, SourceMap};
use crate::scenario::Scenario;
use crate::text::{Diagnostic, FieldPath, Severity, Span};

/// A manifest as it was understood.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Manifest {
    /// Its Kubernetes objects in the order of the text.
    pub objects: Vec<Source>,
    /// The surroundings, if a document describes them.
    pub scenario: Option<Scenario>,
    /// Where their fields are, if a document describes them.
    pub surroundings: Option<SourceMap>,
    /// All that was found, in the order of the text.
    pub diagnostics: Vec<Diagnostic>,
}

/// One object of a manifest.
#[derive(Debug, Clone, PartialEq)]
pub struct Source {
    /// Its position among the documents, from 0.
    pub document: usize,
    /// The bytes of its document.
    pub span: Span,
    /// Its kind, if that is known.
    pub kind: Option<Kind>,
    /// Where its fields stand.
    pub source: SourceMap,
    /// What the cluster stores, or why it refuses.
    pub outcome: Result<Admitted, ApiError>,
}

impl Manifest {
    /// The objects that the cluster takes, in the order of the text.
    pub fn admitted(&self) -> Vec<Object> {
        self.objects.iter().filter_map(|o| o.outcome.as_ref().ok()).map(|a| a.object.clone()).collect()
    }

    /// Whether anything is refused.
    pub fn has_errors(&self) -> bool {
        self.diagnostics.iter().any(|d| d.severity == Severity::Error)
    }

    /// The text of the object `kind`/`name`, if it is taken.
    pub fn source(&self, kind: Kind, name: &str) -> Option<&SourceMap> {
        let is_it = |o: &&Source| o.outcome.as_ref().is_ok_and(|a| a.object.kind() == kind && a.object.metadata().name == name);
        self.objects.iter().find(is_it).map(|o| &o.source)
    }
}

/// Reads, admits and explains all documents of `text`.
pub fn read(text: &str) -> Manifest {
    let parsed = decode::documents(text);
    let mut manifest = Manifest { diagnostics: parsed.diagnostics, ..Manifest::default() };
    let mut existing: Vec<Object> = Vec::new();
    for decoded in parsed.value {
        if let Content::Own(kind) = &decoded.content {
            own(kind, decoded.source, &mut manifest);
            continue;
        }
        let source = admit_one(decoded, &existing, &mut manifest.diagnostics);
        existing.extend(source.outcome.as_ref().ok().map(|a| a.object.clone()));
        manifest.objects.push(source);
    }
    crate::order::sort_by_key(&mut manifest.diagnostics, |d| (d.span.start, std::cmp::Reverse(d.severity)));
    manifest
}

/// A document of ours: the surroundings.
fn own(kind: &str, source: SourceMap, manifest: &mut Manifest) {
    let root = source.root();
    if kind != "Scenario" {
        let message = format!("`{kind}` is no kind of podlab/v1");
        manifest.diagnostics.push(Diagnostic::error("scenario/kind", root.span, message).help("write `kind: Scenario`"));
        return;
    }
    let parsed = world::scenario(root);
    manifest.diagnostics.extend(parsed.diagnostics);
    if parsed.value.is_some() {
        (manifest.scenario, manifest.surroundings) = (parsed.value, Some(source));
    }
}

fn admit_one(decoded: Decoded, existing: &[Object], diagnostics: &mut Vec<Diagnostic>) -> Source {
    let Decoded { document, span, content, source } = decoded;
    let (kind, outcome) = match content {
        Content::Refused { kind, error } => (kind, Err(error)),
        Content::Own(_) => (None, Err(ApiError::bad_request("not a Kubernetes object"))),
        Content::Object { kind, body, .. } => {
            let namespace = own_namespace(&body).to_owned();
            let suffix = suffix(document);
            let context = AdmitContext { namespace: &namespace, objects: existing, token_volume: Some(&suffix), ..AdmitContext::default() };
            let outcome = admit_body(kind, body, &context);
            explain(&outcome, &source, diagnostics);
            if outcome.is_ok() {
                simulated::hints(kind, &source, diagnostics);
            }
            (Some(kind), outcome.map_err(|refusal| refusal.answer()))
        }
    };
    Source { document, span, kind, source, outcome }
}

/// As `kubectl apply` without `-n`: the object's own namespace wins.
fn own_namespace(body: &Value) -> &str {
    let own = body.get("metadata").and_then(|m| m.get("namespace")).and_then(Value::as_str).unwrap_or_default();
    if own.is_empty() { "default" } else { own }
}

fn explain(outcome: &Result<Admitted, Refusal>, source: &SourceMap, diagnostics: &mut Vec<Diagnostic>) {
    let whole = source.root().head();
    let place = |field: &FieldPath| source.underline(field).unwrap_or(whole);
    match outcome {
        Ok(admitted) => {
            for warning in admitted.warnings.iter().take(MAX_FINDINGS) {
                let field = FieldPath::from(warning.split(": ").next().unwrap_or_default());
                let found = Diagnostic::error("admit/warning", place(&field), warning.clone()).severity(Severity::Warning);
                diagnostics.push(found.field(field));
            }
        }
        Err(Refusal::Answer(error)) => diagnostics.push(Diagnostic::error("admit/refused", whole, error.message.clone())),
        Err(Refusal::Invalid { errors, .. }) => {
            diagnostics.extend(errors.iter().take(MAX_FINDINGS).map(|e| finding(e, place(&e.path))));
        }
    }
}

/// How many errors of one object are shown in the text; nobody reads more, and each has to be found there.
const MAX_FINDINGS: usize = 100;

fn finding(error: &FieldError, span: Span) -> Diagnostic {
    let found = Diagnostic::error("admit/invalid", span, error.to_string()).field(error.path.clone());
    match remedy(error) {
        Some(help) => found.help(help),
        None => found,
    }
}

/// What would be right, where the words of Kubernetes do not say it.
fn remedy(error: &FieldError) -> Option<String> {
    let field = error.path.as_str().rsplit('.').next().unwrap_or_default();
    let value = error.value.trim_matches('"');
    match error.kind {
        ErrorKind::Required if error.detail.is_empty() => Some(format!("add `{field}`")),
        ErrorKind::NotSupported => {
            let known = error.detail.split('"').skip(1).step_by(2);
            decode::similar(value, known).map(|near| format!("did you mean `{near}`?"))
        }
        ErrorKind::NotFound if error.path.as_str().contains("volumeMounts") => {
            Some(format!("add a volume named `{value}` under `spec.volumes`, or correct the name"))
        }
        ErrorKind::Duplicate => Some("each must be there only once".into()),
        ErrorKind::Required | ErrorKind::Invalid | ErrorKind::NotFound | ErrorKind::Forbidden | ErrorKind::TooLong | ErrorKind::TooMany => {
            None
        }
    }
}

/// The answers of an API server to the documents of `text`, posted one by one into the namespace `default`.
pub fn answers(text: &str) -> Vec<Result<Admitted, ApiError>> {
    answers_in(text, "default")
}

/// The same in another namespace.
pub fn answers_in(text: &str, namespace: &str) -> Vec<Result<Admitted, ApiError>> {
    let posted = post(text, namespace, Client::Raw);
    posted.into_iter().map(|posted| posted.outcome.map_err(|refusal| refusal.answer())).collect()
}

/// How a text comes to the API server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Client {
    /// As it is.
    Raw,
    /// Through kubectl, which makes JSON of it: of a key that is given twice the last one counts.
    Kubectl,
}

/// A document that was posted.
#[derive(Debug, Clone, PartialEq)]
pub struct Posted {
    /// Its kind, where that is known.
    pub kind: Option<Kind>,
    /// What was read, before defaults; null where that failed.
    pub body: Value,
    /// Where its fields stand.
    pub source: SourceMap,
    /// What came of it.
    pub outcome: Result<Admitted, Refusal>,
}

/// Posts the documents of `text` one by one.
pub fn post(text: &str, namespace: &str, client: Client) -> Vec<Posted> {
    let mut existing: Vec<Object> = Vec::new();
    let mut all = Vec::new();
    for (n, decoded) in decode::documents(text).value.into_iter().enumerate() {
        let posted = match decoded.content {
            Content::Own(_) => continue,
            Content::Refused { kind, error } => (kind, Value::Null, Err(Refusal::Answer(error))),
            Content::Object { kind, body, refusal: Some(error) } if client == Client::Raw => {
                (Some(kind), body, Err(Refusal::Answer(error)))
            }
            Content::Object { kind, body, .. } => {
                let suffix = suffix(n);
                let own = own_namespace(&body).to_owned();
                let namespace = if client == Client::Kubectl { own.as_str() } else { namespace };
                let context = AdmitContext { namespace, objects: &existing, token_volume: Some(&suffix), allow_privileged: false };
                (Some(kind), body.clone(), admit_body(kind, body, &context))
            }
        };
        let (kind, body, outcome) = posted;
        existing.extend(outcome.as_ref().ok().map(|a| a.object.clone()));
        all.push(Posted { kind, body, source: decoded.source, outcome });
    }
    all
}

/// Five characters of the alphabet that Kubernetes generates names from. (apimachinery rand: SafeEncodeString)
fn suffix(n: usize) -> String {
    let mut state = 0x9e37_79b9_u64.wrapping_mul(n as u64 + 1);
    let letters = b"bcdfghjklmnpqrstvwxz2456789";
    let mut letter = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        letters.get((state >> 33) as usize % letters.len()).map_or('x', |c| char::from(*c))
    };
    (0..5).map(|_| letter()).collect()
}
