//! Lengths on the screen.

use std::fmt;
use std::ops::{Add, Div, Mul, Neg, Sub};

/// A length or place in pixels, printed with at most one decimal. The standard library's exact printing of floats would cost
/// the page more than the whole timeline.
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd, Default)]
pub struct Px(pub f64);

impl Px {
    /// The larger of the two.
    pub fn max(self, other: impl Into<Self>) -> Self {
        Self(self.0.max(other.into().0))
    }

    /// The smaller of the two.
    pub fn min(self, other: impl Into<Self>) -> Self {
        Self(self.0.min(other.into().0))
    }

    /// Within bounds.
    pub fn clamp(self, from: impl Into<Self>, to: impl Into<Self>) -> Self {
        self.max(from).min(to)
    }

    /// To the nearest whole pixel.
    pub fn round(self) -> Self {
        Self(self.0.round())
    }
}

impl From<f64> for Px {
    fn from(length: f64) -> Self {
        Self(length)
    }
}

impl fmt::Display for Px {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        #[expect(clippy::cast_possible_truncation, reason = "screens are smaller, and the cast saturates")]
        let tenths = (self.0 * 10.0).round() as i64;
        let sign = if tenths < 0 { "-" } else { "" };
        let (whole, tenth) = (tenths.unsigned_abs() / 10, tenths.unsigned_abs() % 10);
        if tenth == 0 { write!(f, "{sign}{whole}") } else { write!(f, "{sign}{whole}.{tenth}") }
    }
}

impl PartialEq<f64> for Px {
    fn eq(&self, other: &f64) -> bool {
        self.0 == *other
    }
}

impl PartialOrd<f64> for Px {
    fn partial_cmp(&self, other: &f64) -> Option<std::cmp::Ordering> {
        self.0.partial_cmp(other)
    }
}

impl<T: Into<Px>> Add<T> for Px {
    type Output = Px;
    fn add(self, other: T) -> Px {
        Px(self.0 + other.into().0)
    }
}

impl<T: Into<Px>> Sub<T> for Px {
    type Output = Px;
    fn sub(self, other: T) -> Px {
        Px(self.0 - other.into().0)
    }
}

impl Mul<f64> for Px {
    type Output = Px;
    fn mul(self, factor: f64) -> Px {
        Px(self.0 * factor)
    }
}

impl Div<f64> for Px {
    type Output = Px;
    fn div(self, divisor: f64) -> Px {
        Px(self.0 / divisor)
    }
}

impl Neg for Px {
    type Output = Px;
    fn neg(self) -> Px {
        Px(-self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_print_at_most_one_decimal() {
        for (length, text) in [(0.0, "0"), (12.0, "12"), (0.5, "0.5"), (-3.25, "-3.3"), (1.04, "1"), (-0.01, "0"), (99.96, "100")] {
            assert_eq!(Px(length).to_string(), text);
        }
    }
}
