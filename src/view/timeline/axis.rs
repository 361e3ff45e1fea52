//! Time to x and back: the visible range and the scale within it.

use super::px::Px;
use crate::time::{SimDuration, SimTime};

/// The visible range of time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TimeView {
    /// Left edge.
    pub from: SimTime,
    /// Right edge.
    pub to: SimTime,
}

/// The shortest range that can be shown.
const SHORTEST_MS: u64 = 1000;

impl TimeView {
    /// Everything until `end`.
    pub fn fit(end: SimTime) -> Self {
        Self { from: SimTime::ZERO, to: end.max(SimTime::from_ms(SHORTEST_MS)) }
    }

    /// How long it is.
    pub fn span(self) -> SimDuration {
        self.to.since(self.from)
    }

    /// Zoomed around an instant; `percent` below 100 zooms in. Never leaves `0..end`.
    #[must_use]
    pub fn zoom(self, percent: u64, around: SimTime, end: SimTime) -> Self {
        let end = end.ms().max(SHORTEST_MS);
        let span = (self.span().ms() * percent / 100).clamp(SHORTEST_MS, end);
        let before = around.since(self.from).ms() * span / self.span().ms().max(1);
        let from = around.ms().saturating_sub(before).min(end - span);
        Self { from: SimTime::from_ms(from), to: SimTime::from_ms(from + span) }
    }

    /// Moved by hundredths of its own length; negative is to the left.
    #[must_use]
    pub fn pan(self, percent: i64, end: SimTime) -> Self {
        let span = self.span().ms();
        let step = i64::try_from(span).unwrap_or(i64::MAX) / 100 * percent;
        let last = end.ms().saturating_sub(span);
        let from = self.from.ms().saturating_add_signed(step).min(last);
        Self { from: SimTime::from_ms(from), to: SimTime::from_ms(from + span) }
    }
}

/// Where instants lie in a plot.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Scale {
    /// What is visible.
    pub view: TimeView,
    /// Left edge in px.
    pub left: f64,
    /// Width in px.
    pub width: f64,
}

#[expect(clippy::cast_precision_loss, reason = "milliseconds of a simulation fit a float exactly")]
fn float(ms: u64) -> f64 {
    ms as f64
}

impl Scale {
    /// The x of an instant, outside the plot for one that is not visible.
    pub fn x(&self, at: SimTime) -> f64 {
        let span = float(self.view.span().ms().max(1));
        self.left + (float(at.ms()) - float(self.view.from.ms())) * self.width / span
    }

    /// The instant at an x, within the visible range.
    pub fn time(&self, x: f64) -> SimTime {
        let share = Px((x - self.left) / self.width.max(1.0)).clamp(0.0, 1.0).0;
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a share of a span is neither negative nor large")]
        let ms = (share * float(self.view.span().ms())).round() as u64;
        self.view.from + SimDuration::from_ms(ms)
    }

    /// Seconds between labelled ticks, so that labels are at least 48 px apart.
    pub fn step_seconds(&self) -> u64 {
        let per_second = self.width * 1000.0 / float(self.view.span().ms().max(1));
        [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 1800].into_iter().find(|s| float(*s) * per_second >= 48.0).unwrap_or(3600)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn view(from: u64, to: u64) -> TimeView {
        TimeView { from: SimTime::from_ms(from), to: SimTime::from_ms(to) }
    }

    #[test]
    fn zooming_keeps_the_instant_under_the_pointer_and_stays_inside() {
        let end = SimTime::from_ms(100_000);
        assert_eq!(view(0, 100_000).zoom(50, SimTime::from_ms(50_000), end), view(25_000, 75_000));
        assert_eq!(view(0, 100_000).zoom(50, SimTime::ZERO, end), view(0, 50_000));
        assert_eq!(view(25_000, 75_000).zoom(400, SimTime::from_ms(30_000), end), view(0, 100_000));
    }

    #[test]
    fn panning_stops_at_the_ends() {
        let end = SimTime::from_ms(100_000);
        assert_eq!(view(10_000, 20_000).pan(50, end), view(15_000, 25_000));
        assert_eq!(view(10_000, 20_000).pan(-500, end), view(0, 10_000));
        assert_eq!(view(80_000, 100_000).pan(50, end), view(80_000, 100_000));
    }

    #[test]
    fn x_and_time_are_inverse() {
        let scale = Scale { view: view(10_000, 60_000), left: 144.0, width: 840.0 };
        for ms in [10_000, 22_400, 60_000] {
            assert_eq!(scale.time(scale.x(SimTime::from_ms(ms))).ms(), ms);
        }
        assert_eq!(scale.step_seconds(), 5);
    }
}
