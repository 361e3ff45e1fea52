//! Decimal fractions as text: no binary float takes part, so nothing is rounded and no float is ever parsed or printed.

use std::fmt;

/// A number with a fraction or an exponent, in the form that Go writes into JSON: `1.5`, `1000`, `1e+21`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decimal(String);

impl Decimal {
    /// Reads `[-+]?digits[.digits][e[-+]digits]`; nothing for anything else or for what a double cannot hold.
    pub fn parse(text: &str) -> Option<Self> {
        let (sign, body) = match text.strip_prefix(['-', '+']) {
            Some(rest) => (if text.starts_with('-') { "-" } else { "" }, rest),
            None => ("", text),
        };
        let (mantissa, exponent) = body.split_once(['e', 'E']).map_or((body, "0"), |(m, e)| (m, e));
        let (whole, part) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        let all_digits = |s: &str| s.bytes().all(|c| c.is_ascii_digit());
        if whole.is_empty() && part.is_empty() || !all_digits(whole) || !all_digits(part) {
            return None;
        }
        let exponent_digits = exponent.strip_prefix(['-', '+']).unwrap_or(exponent);
        if exponent_digits.is_empty() || !all_digits(exponent_digits) {
            return None;
        }
        let exponent: i64 = exponent.parse().ok()?;
        let digits = format!("{whole}{part}");
        let significant = digits.trim_start_matches('0');
        // The number is 0.DIGITS times ten to the power of `point`.
        let point = i64::try_from(significant.len()).ok()? - i64::try_from(part.len()).ok()? + exponent;
        if significant.is_empty() || point < -323 {
            return Some(Self(format!("{sign}0")));
        }
        (point <= 308).then(|| Self(format!("{sign}{}", positional(significant.trim_end_matches('0'), point))))
    }

    /// As text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Plain digits from 1e-6 up to 1e21, else with an exponent. (encoding/json: floatEncoder)
fn positional(digits: &str, point: i64) -> String {
    let len = i64::try_from(digits.len()).unwrap_or(i64::MAX);
    let zeros = |n: i64| "0".repeat(usize::try_from(n).unwrap_or(0));
    if !(-5..=21).contains(&point) {
        let (first, rest) = digits.split_at_checked(1).unwrap_or((digits, ""));
        let rest = if rest.is_empty() { String::new() } else { format!(".{rest}") };
        let power = point - 1;
        return format!("{first}{rest}e{power:+}");
    }
    if point <= 0 {
        format!("0.{}{digits}", zeros(-point))
    } else if point >= len {
        format!("{digits}{}", zeros(point - len))
    } else {
        let (whole, part) = digits.split_at_checked(usize::try_from(point).unwrap_or(0)).unwrap_or((digits, ""));
        format!("{whole}.{part}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decimals_are_written_as_go_writes_them_into_json() {
        let cases = [
            ("1.5", "1.5"),
            ("1e3", "1000"),
            ("1.50", "1.5"),
            (".5", "0.5"),
            ("-0.25", "-0.25"),
            ("08", "8"),
            ("0.0", "0"),
            ("1e21", "1e+21"),
            ("123e20", "1.23e+22"),
            ("0.000001", "0.000001"),
            ("0.0000001", "1e-7"),
            ("1234.5e-2", "12.345"),
        ];
        for (text, written) in cases {
            assert_eq!(Decimal::parse(text).map(|d| d.to_string()).as_deref(), Some(written), "{text}");
        }
        for text in ["", ".", "1e", "1.2.3", "x", "1e400", "e5"] {
            assert_eq!(Decimal::parse(text), None, "{text}");
        }
    }
}
