//! Plain scalars as YAML 1.1. (go-yaml v2, resolve.go, as sigs.k8s.io/yaml uses it)

use super::NodeKind;
use crate::text::Decimal;

/// What an unquoted scalar means.
pub(super) fn resolve(text: &str) -> NodeKind {
    match text {
        "" | "~" | "null" | "Null" | "NULL" => return NodeKind::Null,
        "y" | "Y" | "yes" | "Yes" | "YES" | "true" | "True" | "TRUE" | "on" | "On" | "ON" => return NodeKind::Bool(true),
        "n" | "N" | "no" | "No" | "NO" | "false" | "False" | "FALSE" | "off" | "Off" | "OFF" => return NodeKind::Bool(false),
        _ => {}
    }
    number(text).unwrap_or_else(|| NodeKind::Text(text.to_owned()))
}

fn number(text: &str) -> Option<NodeKind> {
    if !text.starts_with(|c: char| c.is_ascii_digit() || matches!(c, '+' | '-' | '.')) {
        return None;
    }
    let plain: String = text.chars().filter(|&c| c != '_').collect();
    if let Some(n) = integer(&plain) {
        return i64::try_from(n).map(NodeKind::Int).ok().or_else(|| u64::try_from(n).map(NodeKind::UInt).ok());
    }
    // JSON has no infinity: a number that large stays text, as `.inf` does.
    Decimal::parse(&plain).map(NodeKind::Float)
}

/// Decimal, `0x`, `0o`, `0b`, or octal with a leading zero; within 64 bits.
fn integer(text: &str) -> Option<i128> {
    let (sign, digits) = match text.strip_prefix(['-', '+']) {
        Some(rest) => (if text.starts_with('-') { -1 } else { 1 }, rest),
        None => (1, text),
    };
    let lower = digits.to_ascii_lowercase();
    let (radix, body) = if let Some(hex) = lower.strip_prefix("0x") {
        (16, hex)
    } else if let Some(octal) = lower.strip_prefix("0o") {
        (8, octal)
    } else if let Some(binary) = lower.strip_prefix("0b") {
        (2, binary)
    } else if lower.len() > 1 && lower.starts_with('0') {
        (8, lower.as_str())
    } else {
        (10, lower.as_str())
    };
    if body.is_empty() || !body.chars().all(|c| c.is_digit(radix)) {
        return None;
    }
    let value = sign * i128::from_str_radix(body, radix).ok()?;
    (i128::from(i64::MIN)..=i128::from(u64::MAX)).contains(&value).then_some(value)
}
