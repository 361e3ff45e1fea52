//! JSON as YAML, as `kubectl get -o yaml` writes it: keys sorted, strings quoted only where they must be.
//! (sigs.k8s.io/yaml over go-yaml: emitterc.go, encode.go)

use serde_json::Value;

/// A document.
pub fn yaml_text(value: &Value) -> String {
    marked_yaml_text(value, ())
}

/// A document in which what is not beside it says so: `restartPolicy: Always  # default`.
pub fn marked_yaml_text(value: &Value, beside: impl Beside) -> String {
    let mut printer = Printer { out: String::new(), mark: false };
    printer.block(value, 0, beside);
    printer.out
}

/// Another document that is followed while one is written.
pub trait Beside: Copy {
    /// Its field of this name.
    #[must_use]
    fn field(self, name: &str) -> Self;
    /// Its element at this place.
    #[must_use]
    fn item(self, index: usize) -> Self;
    /// Whether it does not reach here.
    fn is_over(self) -> bool;
}

/// No other document.
impl Beside for () {
    fn field(self, _: &str) -> Self {}

    fn item(self, _: usize) -> Self {}

    fn is_over(self) -> bool {
        false
    }
}

struct Printer {
    out: String,
    /// Whether the line in progress ends with the mark.
    mark: bool,
}

impl Printer {
    fn end_line(&mut self) {
        self.out.push_str(if std::mem::take(&mut self.mark) { "  # default\n" } else { "\n" });
    }

    /// A mapping or list on its own lines, or a scalar on one.
    fn block(&mut self, value: &Value, indent: usize, beside: impl Beside) {
        match value {
            Value::Object(map) if !map.is_empty() => {
                for (i, (key, value)) in map.iter().enumerate() {
                    if i > 0 {
                        pad(&mut self.out, indent);
                    }
                    let inner = beside.field(key);
                    self.mark |= inner.is_over() && !beside.is_over();
                    self.scalar(key, indent);
                    self.out.push(':');
                    self.after_key(value, indent, inner);
                }
            }
            Value::Array(list) if !list.is_empty() => {
                for (i, value) in list.iter().enumerate() {
                    if i > 0 {
                        pad(&mut self.out, indent);
                    }
                    let inner = beside.item(i);
                    self.mark |= inner.is_over() && !beside.is_over();
                    self.out.push_str("- ");
                    self.block(value, indent + 2, inner);
                }
            }
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Array(_) | Value::Object(_) => {
                match value {
                    Value::Object(_) => self.out.push_str("{}"),
                    Value::Array(_) => self.out.push_str("[]"),
                    Value::String(text) => self.scalar(text, indent),
                    Value::Null | Value::Bool(_) | Value::Number(_) => self.out.push_str(&value.to_string()),
                }
                self.end_line();
            }
        }
    }

    /// A list stands as deep as its key, a mapping one level deeper.
    fn after_key(&mut self, value: &Value, indent: usize, beside: impl Beside) {
        let deeper = match value {
            Value::Object(map) if !map.is_empty() => indent + 2,
            Value::Array(list) if !list.is_empty() => indent,
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Array(_) | Value::Object(_) => {
                self.out.push(' ');
                return self.block(value, indent, beside);
            }
        };
        self.end_line();
        pad(&mut self.out, deeper);
        self.block(value, deeper, beside);
    }

    fn scalar(&mut self, text: &str, indent: usize) {
        if text.contains('\n') && !has_specials(text) && !text.starts_with([' ', '\n']) {
            return self.literal(text, indent);
        }
        if text.is_empty() || looks_typed(text) || has_specials(text) || text.contains('\n') {
            self.out.push_str(&double_quoted(text));
        } else if is_plain(text) {
            self.out.push_str(text);
        } else {
            self.out.push('\'');
            self.out.push_str(&text.replace('\'', "''"));
            self.out.push('\'');
        }
    }

    /// `|`, `|-` or `|+` and the lines.
    fn literal(&mut self, text: &str, indent: usize) {
        self.out.push_str(if text.ends_with("\n\n") {
            "|+"
        } else if text.ends_with('\n') {
            "|"
        } else {
            "|-"
        });
        for line in text.strip_suffix('\n').unwrap_or(text).split('\n') {
            self.end_line();
            if !line.is_empty() {
                pad(&mut self.out, indent + 2);
                self.out.push_str(line);
            }
        }
    }
}

fn pad(out: &mut String, indent: usize) {
    out.extend(std::iter::repeat_n(' ', indent));
}

/// Characters that only a double-quoted text can hold.
fn has_specials(text: &str) -> bool {
    text.chars().any(|c| (c.is_control() && c != '\n') || matches!(c, '\u{85}' | '\u{2028}' | '\u{2029}' | '\u{feff}'))
        || text.lines().any(|l| l.ends_with(' ')) && text.contains('\n')
}

fn double_quoted(text: &str) -> String {
    let mut out = String::from("\"");
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            '\r' => out.push_str("\\r"),
            '\u{1b}' => out.push_str("\\e"),
            c if c.is_control() => out.push_str(&format!("\\x{:02X}", u32::from(c))),
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

/// Whether YAML 1.1 would read something else than a text: these are double-quoted.
fn looks_typed(text: &str) -> bool {
    const WORDS: [&str; 12] = ["y", "yes", "on", "true", "n", "no", "off", "false", "~", "null", ".inf", ".nan"];
    let lower = text.to_ascii_lowercase();
    if WORDS.contains(&lower.as_str()) {
        return true;
    }
    let number = lower.strip_prefix(['+', '-']).unwrap_or(&lower);
    if !number.starts_with(|c: char| c.is_ascii_digit() || c == '.') {
        return false;
    }
    let digits = number.replace('_', "");
    let in_base = |prefix: &str, radix| digits.strip_prefix(prefix).is_some_and(|d| i128::from_str_radix(d, radix).is_ok());
    let is_date =
        text.get(..4).is_some_and(|y| y.chars().all(|c| c.is_ascii_digit())) && text.get(4..5) == Some("-") && text.get(7..8) == Some("-");
    let is_float = digits.chars().all(|c| c.is_ascii_digit() || matches!(c, '.' | 'e' | '+' | '-')) && digits.parse::<f64>().is_ok();
    is_float || in_base("0x", 16) || in_base("0b", 2) || in_base("0o", 8) || is_date
}

/// Whether a text needs no quotes. (yaml_emitter_analyze_scalar: block_plain_allowed)
fn is_plain(text: &str) -> bool {
    let first_is_indicator = text.starts_with(['#', ',', '[', ']', '{', '}', '&', '*', '!', '|', '>', '\'', '"', '%', '@', '`'])
        || (text.starts_with(['-', '?', ':']) && text.chars().nth(1).is_none_or(|c| c == ' '));
    let spaces = text.starts_with(' ') || text.ends_with(' ');
    !first_is_indicator
        && !spaces
        && !text.contains(": ")
        && !text.ends_with(':')
        && !text.contains(" #")
        && !text.starts_with("---")
        && !text.starts_with("...")
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn values_are_written_as_kubectl_writes_them() {
        let value = json!({
            "args": ["sleep 10", "echo a: b", "# no", "-c", "true", "3", "", "1e3", "*", "a #b", "10.0.0.1", "2026-01-05T10:00:00Z", "it's"],
            "script": "a\nb\n",
            "open": "a\nb",
            "kept": "a\n\n",
            "none": {}, "empty": [], "nil": null,
            "list": [{"name": "app", "ports": [{"containerPort": 80}]}, [1, 2]],
        });
        let want = "\
args:
- sleep 10
- 'echo a: b'
- '# no'
- -c
- \"true\"
- \"3\"
- \"\"
- \"1e3\"
- '*'
- 'a #b'
- 10.0.0.1
- \"2026-01-05T10:00:00Z\"
- it's
empty: []
kept: |+
  a

list:
- name: app
  ports:
  - containerPort: 80
- - 1
  - 2
nil: null
none: {}
open: |-
  a
  b
script: |
  a
  b
";
        assert_eq!(yaml_text(&value), want);
    }
}
