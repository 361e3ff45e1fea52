//! What two recordings of the same thing cannot have in common: addresses, uids, durations, generated names.

use std::sync::LazyLock;

use regex::Regex;
use serde_json::Value;

/// A pattern that is compiled once.
macro_rules! pattern {
    ($text:literal) => {{
        static PATTERN: LazyLock<Regex> = LazyLock::new(|| Regex::new($text).unwrap());
        &*PATTERN
    }};
}
pub(crate) use pattern;

/// A text without them.
pub(crate) fn mask(text: &str) -> String {
    let rules: [(&Regex, &str); 9] = [
        (pattern!(r"\b\d{1,3}(\.\d{1,3}){3}\b"), "<ip>"),
        (pattern!(r"\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b"), "<uid>"),
        (pattern!(r"_c-[a-z0-9-]+\("), "_<ns>("),
        (pattern!(r"in [0-9.]+m?s \([0-9.]+m?s including waiting\)\. Image size: \d+ bytes"), "in <time>. Image size: <n> bytes"),
        (pattern!(r"c-[a-z0-9-]+/"), "<ns>/"),
        (pattern!(r"read tcp \S+->\S+"), "read tcp <conn>"),
        (pattern!(r"\b[0-9a-f]{64}\b"), "<id>"),
        (pattern!(r#"failed to resolve reference "[^"]*": .*"#), "failed to resolve reference <detail>"),
        (pattern!(r"sha256:\S+"), "<digest>"),
    ];
    rules.iter().fold(text.to_owned(), |text, (pattern, with)| pattern.replace_all(&text, *with).into_owned())
}

/// A value as Python's `str` writes it.
pub(crate) fn plain(value: &Value) -> String {
    match value {
        Value::Null => "None".into(),
        Value::Bool(true) => "True".into(),
        Value::Bool(false) => "False".into(),
        Value::String(s) => s.clone(),
        Value::Number(_) | Value::Array(_) | Value::Object(_) => value.to_string(),
    }
}

/// `k=value` of those keys that a value has.
pub(crate) fn pairs(of: &Value, keys: &[&str]) -> String {
    let present = keys.iter().filter_map(|k| of.get(k).map(|v| format!("{k}={}", mask(&plain(v)))));
    present.collect::<Vec<_>>().join(" ")
}
