//! Strict decoding as Go's `encoding/json` does it for the API server, with its words.
//!
//! Keys are visited in alphabetical order, since the server turns YAML into JSON with sorted keys. A wrong ordinary type is
//! remembered and the first one reported; types that read themselves (quantities, ports) end the reading at once.
//! (sigs.k8s.io/json; apimachinery json.go: Decode)

use crate::order::SortedMap;

use serde_json::{Map, Value};

use super::{similar, value};
use crate::api::Quantity;
use crate::schema::{Field, Struct, Type};
use crate::text::{Diagnostic, FieldPath};
use crate::yaml::{Entry, Node, NodeKind};

/// What came out of one object.
#[derive(Default)]
pub(super) struct Strict {
    /// `unknown field "spec.foo"`, in the order of the server.
    pub unknown: Vec<String>,
    /// The first wrong type.
    first: Option<String>,
    /// What ended the reading.
    fatal: Option<String>,
    /// All of it for people.
    pub diagnostics: Vec<Diagnostic>,
}

/// How many unknown fields the server lists. (apimachinery json.go)
const MAX_UNKNOWN: usize = 100;

/// Where the walk stands: a list of frames that ends at the object.
struct Place<'p> {
    up: Option<&'p Self>,
    step: Step<'p>,
    /// The innermost struct.
    within: &'static str,
}

#[derive(Clone, Copy)]
enum Step<'p> {
    Root,
    Field { via: &'static str, name: &'static str },
    Index(usize),
    Key(&'p str),
}

impl Place<'_> {
    fn path(&self) -> FieldPath {
        let up = self.up.map(Place::path).unwrap_or_default();
        match self.step {
            Step::Root => up,
            Step::Field { name, .. } => up.field(name),
            Step::Index(n) => up.index(n),
            Step::Key(key) => up.field(key),
        }
    }

    /// The path as Go's messages have it: embedded structs named, indexes and keys not.
    fn go_path(&self) -> String {
        let mut path = self.up.map(Place::go_path).unwrap_or_default();
        if let Step::Field { via, name } = self.step {
            for part in [via, name].into_iter().filter(|p| !p.is_empty() && *p != "TypeMeta") {
                if !path.is_empty() {
                    path.push('.');
                }
                path.push_str(part);
            }
        }
        path
    }
}

impl Strict {
    /// Reads `root` as a `of`.
    pub(super) fn object(&mut self, root: &Node, of: &'static Struct) -> Value {
        let place = Place { up: None, step: Step::Root, within: of.short() };
        self.fields(root, of, &place)
    }

    /// What the server says if a type is wrong.
    pub(super) fn type_error(&self) -> Option<&str> {
        self.fatal.as_deref().or(self.first.as_deref())
    }

    fn fields(&mut self, node: &Node, of: &'static Struct, place: &Place<'_>) -> Value {
        let mut out = Map::new();
        let given = sorted(node);
        for (key, entry) in &given {
            let Some(field) = of.field(key) else {
                self.unknown_field(entry, of, &given, place);
                continue;
            };
            let here = Place { up: Some(place), step: Step::Field { via: field.via, name: field.name }, within: of.short() };
            let found = self.any(&entry.value, field.of, &here);
            if let Some(found) = found.filter(|v| !is_unset(of, field, v)) {
                out.insert(field.name.to_owned(), found);
            }
        }
        Value::Object(out)
    }

    fn unknown_field(&mut self, entry: &Entry, of: &'static Struct, given: &SortedMap<&str, &Entry>, place: &Place<'_>) {
        if self.unknown.len() >= MAX_UNKNOWN {
            return;
        }
        let path = place.path().field(&entry.key);
        let text = format!("unknown field \"{path}\"");
        if !self.unknown.contains(&text) {
            self.unknown.push(text);
        }
        let free = of.fields.iter().map(|f| f.name).filter(|name| !given.contains_key(name));
        let message = format!("`{}` has no field `{}`", of.short(), entry.key);
        let mut found = Diagnostic::error("decode/unknown-field", entry.key_span, message).field(path);
        if let Some(name) = similar(&entry.key, free) {
            found = found.help(format!("did you mean `{name}`?"));
        } else if let Some(elsewhere) = crate::schema::home_of(&entry.key) {
            found = found.help(format!("`{}` is a field of {elsewhere}: check the indentation", entry.key));
        }
        self.diagnostics.push(found);
    }

    /// The value of `node` as a `of`; nothing for null and for a wrong type.
    fn any(&mut self, node: &Node, of: Type, place: &Place<'_>) -> Option<Value> {
        match (of, &node.kind) {
            (_, NodeKind::Null) => None,
            (Type::Any, _) => Some(value(node)),
            (Type::Str | Type::Named(_), NodeKind::Text(text)) => Some(Value::String(text.clone())),
            (Type::Bool, NodeKind::Bool(b)) => Some(Value::Bool(*b)),
            (Type::Int32 | Type::Int64 | Type::IntOrString, NodeKind::Int(_) | NodeKind::UInt(_) | NodeKind::Float(_)) => {
                self.whole(node, of, place)
            }
            (Type::IntOrString, NodeKind::Text(text)) => Some(Value::String(text.clone())),
            (Type::Time, NodeKind::Text(text)) => self.time(text, node, place),
            (Type::Bytes, NodeKind::Text(text)) => self.bytes(text, node, place),
            (Type::Quantity, _) => self.quantity(node, place),
            (Type::Object(of), NodeKind::Map(_)) => Some(self.fields(node, of, place)),
            (Type::List(of), NodeKind::Seq(items)) => {
                let list = items.iter().enumerate().map(|(i, item)| {
                    let here = Place { up: Some(place), step: Step::Index(i), within: place.within };
                    self.any(item, *of, &here).unwrap_or_else(|| empty(*of))
                });
                Some(Value::Array(list.collect()))
            }
            (Type::Map(of), NodeKind::Map(_)) => Some(self.map(node, *of, place)),
            (Type::Resources, NodeKind::Map(_)) => Some(self.map(node, Type::Quantity, place)),
            (
                Type::Str
                | Type::Named(_)
                | Type::Bool
                | Type::Int32
                | Type::Int64
                | Type::IntOrString
                | Type::Time
                | Type::Bytes
                | Type::Object(_)
                | Type::List(_)
                | Type::Map(_)
                | Type::Resources,
                _,
            ) => {
                self.wrong_type(node, of, place);
                None
            }
        }
    }

    fn map(&mut self, node: &Node, of: Type, place: &Place<'_>) -> Value {
        let mut out = Map::new();
        for (key, entry) in sorted(node) {
            let here = Place { up: Some(place), step: Step::Key(key), within: place.within };
            out.insert(key.to_owned(), self.any(&entry.value, of, &here).unwrap_or_else(|| empty(of)));
        }
        Value::Object(out)
    }

    fn whole(&mut self, node: &Node, of: Type, place: &Place<'_>) -> Option<Value> {
        let number = match &node.kind {
            NodeKind::Int(n) => Some(*n),
            // JSON writes 1000.0 as 1000, so that `1e3` is a whole number.
            NodeKind::Float(n) => n.as_str().parse().ok(),
            NodeKind::UInt(_) | NodeKind::Null | NodeKind::Bool(_) | NodeKind::Text(_) | NodeKind::Seq(_) | NodeKind::Map(_) => None,
        };
        let fits = number.filter(|n| matches!(of, Type::Int64) || i32::try_from(*n).is_ok());
        if fits.is_none() {
            self.wrong_type(node, of, place);
        }
        fits.map(Value::from)
    }

    fn quantity(&mut self, node: &Node, place: &Place<'_>) -> Option<Value> {
        let text = match &node.kind {
            NodeKind::Text(text) => text.trim().to_owned(),
            NodeKind::Int(_) | NodeKind::UInt(_) | NodeKind::Float(_) | NodeKind::Bool(_) | NodeKind::Null => value(node).to_string(),
            NodeKind::Seq(_) | NodeKind::Map(_) => String::new(),
        };
        if let Some(quantity) = Quantity::parse(&text) {
            return Some(Value::String(quantity.canonical()));
        }
        let message = quantity_error(&text);
        self.fatal.get_or_insert_with(|| message.to_owned());
        let help = "write 100m or 0.5 for cpu, 64Mi or 1Gi for memory";
        let found = Diagnostic::error("decode/quantity", node.span, format!("`{text}` is not a quantity"));
        self.diagnostics.push(found.help(help).field(place.path()));
        None
    }

    fn time(&mut self, text: &str, node: &Node, place: &Place<'_>) -> Option<Value> {
        if text.starts_with(|c: char| c.is_ascii_digit()) {
            return Some(Value::String(text.to_owned()));
        }
        let layout = "2006-01-02T15:04:05Z07:00";
        self.fatal.get_or_insert_with(|| format!("parsing time \"{text}\" as \"{layout}\": cannot parse \"{text}\" as \"2006\""));
        let found = Diagnostic::error("decode/time", node.span, format!("`{text}` is not a time")).help("write 2026-01-05T10:00:00Z");
        self.diagnostics.push(found.field(place.path()));
        None
    }

    fn bytes(&mut self, text: &str, node: &Node, place: &Place<'_>) -> Option<Value> {
        let Some(at) = base64_error(text) else { return Some(Value::String(text.to_owned())) };
        self.first.get_or_insert_with(|| format!("illegal base64 data at input byte {at}"));
        let found = Diagnostic::error("decode/base64", node.span, "this is not base64").help("put plain text under `stringData`");
        self.diagnostics.push(found.field(place.path()));
        None
    }

    fn wrong_type(&mut self, node: &Node, of: Type, place: &Place<'_>) {
        let what = match &node.kind {
            NodeKind::Null => "null".to_owned(),
            NodeKind::Bool(_) => "bool".to_owned(),
            NodeKind::Text(_) => "string".to_owned(),
            NodeKind::Seq(_) => "array".to_owned(),
            NodeKind::Map(_) => "object".to_owned(),
            NodeKind::Int(_) | NodeKind::UInt(_) | NodeKind::Float(_) if matches!(of, Type::Int32 | Type::Int64 | Type::IntOrString) => {
                format!("number {}", value(node))
            }
            NodeKind::Int(_) | NodeKind::UInt(_) | NodeKind::Float(_) => "number".to_owned(),
        };
        let message =
            format!("json: cannot unmarshal {what} into Go struct field {}.{} of type {}", place.within, place.go_path(), of.go());
        let slot = if matches!(of, Type::IntOrString | Type::Time) { &mut self.fatal } else { &mut self.first };
        slot.get_or_insert(message);
        let path = place.path();
        let name = path.as_str().rsplit('.').next().unwrap_or_default().to_owned();
        let found = Diagnostic::error("decode/type", node.span, format!("`{name}` must be {}, not {}", of.word(), node.word()));
        self.diagnostics.push(found.help(remedy(node, of)).field(path));
    }
}

/// What would be right instead.
fn remedy(node: &Node, of: Type) -> String {
    match (of, &node.kind) {
        (Type::Str | Type::Named(_), NodeKind::Bool(_) | NodeKind::Int(_) | NodeKind::UInt(_) | NodeKind::Float(_)) => {
            "put the value in quotes; `yes`, `no`, `on`, `off`, `y`, `n` and numbers are not text without them".into()
        }
        (Type::Int32 | Type::Int64, NodeKind::Text(text)) if text.parse::<i64>().is_ok() => "remove the quotes".into(),
        (Type::List(_), NodeKind::Text(text)) => format!("write a list: [{}]", quoted_words(text)),
        (Type::List(_), NodeKind::Map(_)) => "begin each element with `- `".into(),
        (Type::Object(_) | Type::Map(_), NodeKind::Seq(_)) => "remove the `- `: this is one mapping, not a list".into(),
        _ => format!("give {}", of.word()),
    }
}

fn quoted_words(text: &str) -> String {
    text.split_whitespace().map(|word| format!("{word:?}")).collect::<Vec<_>>().join(", ")
}

/// The entries of a mapping by key; of a key that is given twice the last one.
fn sorted(node: &Node) -> SortedMap<&str, &Entry> {
    node.entries().iter().map(|e| (e.key.as_str(), e)).collect()
}

/// Go's zero value, for null in a list or map.
fn empty(of: Type) -> Value {
    match of {
        Type::Str | Type::Named(_) | Type::Time | Type::Bytes => Value::String(String::new()),
        Type::Bool => Value::Bool(false),
        Type::Int32 | Type::Int64 | Type::IntOrString => Value::from(0),
        Type::Quantity => Value::String("0".into()),
        Type::Any => Value::Null,
        Type::Object(_) | Type::Map(_) | Type::Resources => Value::Object(Map::new()),
        Type::List(_) => Value::Array(Vec::new()),
    }
}

/// Fields that are pointers in Go, where an empty text is not the same as none.
const KEPT_TEXTS: [&str; 2] = ["storageClassName", "service"];
/// Numbers and booleans that are not pointers in Go, where zero is the same as none.
const ZEROES: [&str; 18] = [
    "initialDelaySeconds",
    "timeoutSeconds",
    "periodSeconds",
    "successThreshold",
    "failureThreshold",
    "hostPort",
    "nodePort",
    "minReadySeconds",
    "hostNetwork",
    "hostPID",
    "hostIPC",
    "readOnly",
    "stdin",
    "stdinOnce",
    "tty",
    "publishNotReadyAddresses",
    "paused",
    "globalDefault",
];

/// Whether Go sees no difference between `found` and nothing (`omitempty` on a plain field).
fn is_unset(of: &Struct, field: &Field, found: &Value) -> bool {
    match found {
        Value::String(text) => text.is_empty() && !KEPT_TEXTS.contains(&field.name) && of.go != "HostPathVolumeSource",
        Value::Array(list) => list.is_empty(),
        Value::Object(map) => map.is_empty() && matches!(field.of, Type::Map(_) | Type::Resources),
        Value::Number(n) => n.as_i64() == Some(0) && ZEROES.contains(&field.name),
        Value::Bool(b) => !b && ZEROES.contains(&field.name),
        Value::Null => true,
    }
}

/// Why `text` is no quantity. (resource: ParseQuantity)
fn quantity_error(text: &str) -> &'static str {
    let body = text.strip_prefix(['+', '-']).unwrap_or(text);
    let digits = body.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(body.len());
    let (number, suffix) = body.split_at_checked(digits).unwrap_or((body, ""));
    let rest = suffix.trim_start_matches(|c| "eEinumkKMGTP".contains(c));
    let rest = rest.strip_prefix(['+', '-']).unwrap_or(rest);
    if number.is_empty() || number.matches('.').count() > 1 || !rest.chars().all(|c| c.is_ascii_digit()) {
        "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'"
    } else if number == "." {
        "unable to parse numeric part of quantity"
    } else {
        "unable to parse quantity's suffix"
    }
}

/// The offset at which Go's decoder stops, if it does. (encoding/base64: CorruptInputError)
fn base64_error(text: &str) -> Option<usize> {
    let body = text.trim_end_matches('=');
    let legal = |c: u8| c.is_ascii_alphanumeric() || matches!(c, b'+' | b'/' | b'\n' | b'\r');
    if let Some(at) = body.bytes().position(|c| !legal(c)) {
        return Some(at);
    }
    let length = body.bytes().filter(|c| !matches!(c, b'\n' | b'\r')).count();
    let padding = text.len() - body.len();
    let is_whole = match length % 4 {
        0 => padding == 0,
        2 => padding == 2,
        3 => padding == 1,
        _ => false,
    };
    (!is_whole).then_some(length / 4 * 4)
}
