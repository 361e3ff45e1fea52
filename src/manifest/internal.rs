//! The API server's own form of a specification, and the diff of two of them that it appends to a refused change: JSON with
//! the names of Go's fields, where nothing is left out, compared line by line.
//! (apimachinery/pkg/util/diff/diff.go: Diff; pkg/apis/core/types.go)
//!
//! Volumes of retired kinds and claim templates are written as the API names them.

use serde::ser::{Serialize, SerializeMap, Serializer};
use serde_json::Value;
use serde_json::ser::PrettyFormatter;

use super::{json, line_diff};

/// A line a type: its fields in Go's order. `s`, `b`, `i` and `q` are a text, a boolean, a number and a quantity, which are
/// never null; `?` stands for what is null unless it is given, `*T` for a `T` or null, `[T` for a list of `T` or null, `T` for
/// a `T` within, `+T` for the fields of `T`.
///
/// A projection's trust bundle stands there as a value. The published types have a pointer, but the line numbers that a real
/// API server prints leave room for six more lines in each projection, which is what the value takes.
static TYPES: &str = include_str!("internal.txt");

/// A specification on its way to text.
enum Go<'v> {
    Struct(&'static str, &'v Value),
    List(&'static str, &'v [Value]),
    Plain(&'v Value),
    Zero(&'static str),
    Null,
}

/// The diff that follows the refusal of a change.
pub(super) fn diff(kind: &'static str, old: &Value, new: &Value) -> String {
    line_diff::unified(&text(kind, old), &text(kind, new))
}

fn text(kind: &'static str, spec: &Value) -> String {
    let spec = inward(spec);
    let mut out = Vec::new();
    let mut writer = serde_json::Serializer::with_formatter(&mut out, PrettyFormatter::with_indent(b" "));
    // Nothing can fail: a vector takes everything, and all keys are texts.
    let _ = Go::Struct(kind, &spec).serialize(&mut writer).is_ok();
    let text = String::from_utf8(out).unwrap_or_default();
    text.replace('<', "\\u003c").replace('>', "\\u003e").replace('&', "\\u0026") + "\n"
}

/// What a pod shares with its host is a part of its security context, inside.
/// (pkg/apis/core/v1/conversion.go: Convert_v1_PodSpec_To_core_PodSpec)
fn inward(spec: &Value) -> Value {
    const HOST: [&str; 5] = ["hostNetwork", "hostPID", "hostIPC", "shareProcessNamespace", "hostUsers"];
    let mut spec = spec.clone();
    for name in HOST {
        if let Some(moved) = json::remove(&mut spec, name) {
            json::default(&mut spec, "securityContext", serde_json::Map::new());
            json::child(&mut spec, "securityContext").into_iter().for_each(|context| json::set(context, name, moved.clone()));
        }
    }
    spec
}

fn fields(kind: &str) -> Vec<(&'static str, &'static str)> {
    let line = TYPES.lines().find_map(|line| line.strip_prefix(kind)?.strip_prefix(' ')).unwrap_or_default();
    let mut all = Vec::new();
    for word in line.split(' ') {
        match (word.strip_prefix('+'), word.split_once('=')) {
            (Some(base), _) => all.extend(fields(base)),
            (None, field) => all.extend(field),
        }
    }
    all
}

impl Serialize for Go<'_> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        match *self {
            Self::Struct(kind, value) => {
                let mut map = to.serialize_map(None)?;
                for (name, of) in fields(kind) {
                    map.serialize_entry(name, &member(of, value.get(wire_name(name))))?;
                }
                map.end()
            }
            Self::List(kind, items) => to.collect_seq(items.iter().map(|item| Go::Struct(kind, item))),
            Self::Plain(value) => value.serialize(to),
            Self::Zero("s") => to.serialize_str(""),
            Self::Zero("b") => to.serialize_bool(false),
            Self::Zero("i") => to.serialize_i32(0),
            Self::Zero(_) => to.serialize_str("0"),
            Self::Null => to.serialize_none(),
        }
    }
}

fn member<'v>(of: &'static str, value: Option<&'v Value>) -> Go<'v> {
    let given = value.filter(|v| !v.is_null());
    match (of, given) {
        ("?", None) => Go::Null,
        ("s" | "b" | "i" | "q", None) => Go::Zero(of),
        ("?" | "s" | "b" | "i" | "q", Some(value)) => Go::Plain(value),
        _ => match (of.strip_prefix('*'), of.strip_prefix('['), given) {
            (Some(_), _, None) | (_, Some(_), None) => Go::Null,
            (Some(of), _, Some(value)) => Go::Struct(of, value),
            (_, Some(of), Some(list)) => Go::List(of, list.as_array().map(Vec::as_slice).unwrap_or_default()),
            (None, None, value) => Go::Struct(of, value.unwrap_or(&Value::Null)),
        },
    }
}

/// The API's name of a Go field: `HTTPGet` is `httpGet`, `HostIP` is `hostIP`.
fn wire_name(field: &str) -> String {
    if matches!(field, "CephFS" | "StorageOS") {
        return field.to_ascii_lowercase();
    }
    let capitals = field.bytes().take_while(u8::is_ascii_uppercase).count();
    // The last capital of several begins the next word.
    let lower = if capitals > 1 && capitals < field.len() { capitals - 1 } else { capitals };
    field.char_indices().map(|(i, c)| if i < lower { c.to_ascii_lowercase() } else { c }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_names_of_go_become_those_of_the_api() {
        let names = ["HTTPGet", "HostIP", "TTY", "DNSPolicy", "GMSACredentialSpec", "SELinuxOptions", "Name", "APIVersion", "CephFS"];
        let wire = ["httpGet", "hostIP", "tty", "dnsPolicy", "gmsaCredentialSpec", "seLinuxOptions", "name", "apiVersion", "cephfs"];
        assert_eq!(names.map(wire_name), wire);
    }

    #[test]
    fn every_type_that_a_field_names_is_there() {
        let kinds: Vec<&str> = TYPES.lines().filter_map(|line| line.split(' ').next()).collect();
        for (kind, of) in TYPES.lines().flat_map(|line| line.split(' ').filter_map(|word| word.split_once('='))) {
            let of = of.trim_start_matches(['*', '[']);
            assert!(kinds.contains(&of) || matches!(of, "s" | "b" | "i" | "q" | "?"), "{kind}: {of}");
        }
    }
}
