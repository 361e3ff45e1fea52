//! Resource quantities: `100m`, `64Mi`, `1.5`, `1e3`. (apimachinery: resource.Quantity)

use std::fmt;

use serde_json::Value;

use super::wire::{Wire, wanted};

/// A quantity as, with its value in thousandths.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Quantity {
    text: String,
    milli: i128,
}

impl Default for Quantity {
    fn default() -> Self {
        Self { text: "0".into(), milli: 0 }
    }
}

impl Quantity {
    /// Reads a quantity; nothing if the text is none.
    pub fn parse(text: &str) -> Option<Self> {
        let (sign, body) = match text.as_bytes().first()? {
            b'-' => (-1, text.get(1..)?),
            b'+' => (1, text.get(1..)?),
            _ => (1, text),
        };
        let digits = body.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(body.len());
        let (number, suffix) = body.split_at_checked(digits)?;
        let (whole, part) = number.split_once('.').unwrap_or((number, ""));
        if (whole.is_empty() && part.is_empty()) || part.contains('.') || number.len() > 30 {
            return None;
        }
        let (factor, divisor) = scale(suffix)?;
        let mantissa: i128 = format!("{whole}{part}").parse().ok()?;
        let tens = 10_i128.checked_pow(u32::try_from(part.len()).ok()?)?.checked_mul(divisor)?;
        let scaled = mantissa.checked_mul(factor)?.checked_mul(1000)?;
        // Kubernetes rounds up what is smaller than it can hold.
        let milli = scaled / tens + i128::from(scaled % tens != 0);
        Some(Self { text: text.to_owned(), milli: sign * milli })
    }

    /// In thousandths: millicores of a cpu quantity.
    pub fn milli(&self) -> i64 {
        clamp(self.milli)
    }

    /// In whole units, rounded up: bytes of a memory quantity.
    pub fn value(&self) -> i64 {
        clamp(self.milli.div_euclid(1000) + i128::from(self.milli.rem_euclid(1000) != 0))
    }

    /// The sum, written as this one is. (Quantity.Add)
    pub fn plus(&self, other: &Self) -> Self {
        Self { text: self.text.clone(), milli: self.milli.saturating_add(other.milli) }
    }
}

impl Quantity {
    /// As the API server stores it: the largest suffix of the same family that keeps a whole number. (Quantity.CanonicalizeBytes)
    pub fn canonical(&self) -> String {
        let whole = self.milli / 1000;
        let exponent = !self.text.contains("Ei")
            && self.text.trim_end_matches(|c: char| c.is_ascii_digit() || c == '-' || c == '+').ends_with(['e', 'E'])
            && self.text.ends_with(|c: char| c.is_ascii_digit());
        if self.milli == 0 {
            "0".into()
        } else if self.text.ends_with('i') && self.milli % 1000 == 0 && whole.abs() >= 1024 {
            shorten(whole, 1024, &["", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei"])
        } else if exponent {
            if self.milli % 1000 == 0 {
                shorten(whole, 1000, &["", "e3", "e6", "e9", "e12", "e15", "e18"])
            } else {
                format!("{}e-3", self.milli)
            }
        } else if self.milli % 1000 == 0 {
            shorten(whole, 1000, &["", "k", "M", "G", "T", "P", "E"])
        } else {
            format!("{}m", self.milli)
        }
    }
}

fn shorten(mut n: i128, step: i128, suffixes: &[&str]) -> String {
    let mut suffix = "";
    for next in suffixes {
        suffix = next;
        if n % step != 0 || suffixes.last() == Some(next) {
            break;
        }
        n /= step;
    }
    format!("{n}{suffix}")
}

fn clamp(n: i128) -> i64 {
    i64::try_from(n).unwrap_or(if n < 0 { i64::MIN } else { i64::MAX })
}

/// Multiplier and divisor of a suffix.
fn scale(suffix: &str) -> Option<(i128, i128)> {
    Some(match suffix {
        "" => (1, 1),
        "n" => (1, 1_000_000_000),
        "u" => (1, 1_000_000),
        "m" => (1, 1000),
        "k" => (1000, 1),
        "M" => (1_000_000, 1),
        "G" => (1_000_000_000, 1),
        "T" => (1_000_000_000_000, 1),
        "P" => (1_000_000_000_000_000, 1),
        "E" => (1_000_000_000_000_000_000, 1),
        "Ki" => (1 << 10, 1),
        "Mi" => (1 << 20, 1),
        "Gi" => (1 << 30, 1),
        "Ti" => (1 << 40, 1),
        "Pi" => (1 << 50, 1),
        "Ei" => (1 << 60, 1),
        _ => {
            let exponent: i32 = suffix.strip_prefix(['e', 'E'])?.parse().ok()?;
            let power = 10_i128.checked_pow(exponent.unsigned_abs())?;
            if exponent < 0 { (1, power) } else { (power, 1) }
        }
    })
}

impl fmt::Display for Quantity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl Wire for Quantity {
    fn read(&mut self, from: &Value) -> Result<(), String> {
        let text = match from {
            Value::Null => return Ok(()),
            Value::String(text) => text.clone(),
            Value::Number(n) => n.to_string(),
            Value::Bool(_) | Value::Array(_) | Value::Object(_) => return Err(wanted("a quantity", from)),
        };
        *self = Self::parse(&text).ok_or("quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'")?;
        Ok(())
    }

    fn write(&self) -> Value {
        self.text.as_str().into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantities_are_stored_in_their_shortest_form() {
        let cases = [
            ("1024Mi", "1Gi"),
            ("0.5", "500m"),
            ("1000m", "1"),
            ("1500m", "1500m"),
            ("100m", "100m"),
            ("1.5Gi", "1536Mi"),
            ("2000", "2k"),
            ("512Ki", "512Ki"),
            ("0", "0"),
            ("-1", "-1"),
            ("1e3", "1e3"),
            ("100", "100"),
        ];
        for (text, stored) in cases {
            assert_eq!(Quantity::parse(text).map(|q| q.canonical()).as_deref(), Some(stored), "{text}");
        }
    }

    #[test]
    fn quantities_have_decimal_binary_and_exponent_suffixes() {
        let cases =
            [("100m", 100), ("1.5", 1500), ("2", 2000), ("1e3", 1_000_000), ("64Mi", 67_108_864_000), ("1k", 1_000_000), ("0.1n", 1)];
        for (text, milli) in cases {
            assert_eq!(Quantity::parse(text).map(|q| q.milli()), Some(milli), "{text}");
        }
        for text in ["", "Mi", "1.2.3", "1x", "--1"] {
            assert_eq!(Quantity::parse(text), None, "{text}");
        }
    }
}
