//! Durations as Go prints them (`1m20s`), ages as kubectl prints them (`5m3s`), and instants as RFC 3339.

use super::{SimDuration, SimTime};

/// The wall-clock moment of [`SimTime::ZERO`], in seconds since 1970: 2026-01-05 10:00:00 UTC.
const EPOCH_SECONDS: u64 = 1_767_607_200;

/// Go's `time.Duration` text: `0s`, `987ms`, `2.345s`, `1m20s`, `5m0s`. (time.Duration.String)
pub fn go_duration(d: SimDuration) -> String {
    let ms = d.ms();
    if ms == 0 {
        return "0s".into();
    }
    if ms < 1000 {
        return format!("{ms}ms");
    }
    let (hours, minutes, rest) = (ms / 3_600_000, ms / 60_000 % 60, ms % 60_000);
    let seconds = fraction(rest);
    match (hours, minutes) {
        (0, 0) => format!("{seconds}s"),
        (0, m) => format!("{m}m{seconds}s"),
        (h, m) => format!("{h}h{m}m{seconds}s"),
    }
}

fn fraction(ms: u64) -> String {
    let text = format!("{}.{:03}", ms / 1000, ms % 1000);
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// An age as kubectl's AGE column shows it. (apimachinery duration: HumanDuration)
pub fn human_age(d: SimDuration) -> String {
    let s = d.whole_secs();
    let (m, h) = (s / 60, s / 3600);
    let both = |a: u64, ua: &str, b: u64, ub: &str| if b == 0 { format!("{a}{ua}") } else { format!("{a}{ua}{b}{ub}") };
    if s < 120 {
        format!("{s}s")
    } else if m < 10 {
        both(m, "m", s % 60, "s")
    } else if m < 180 {
        format!("{m}m")
    } else if h < 8 {
        both(h, "h", m % 60, "m")
    } else if h < 48 {
        format!("{h}h")
    } else if h < 24 * 8 {
        both(h / 24, "d", h % 24, "h")
    } else {
        format!("{}d", h / 24)
    }
}

/// `2026-01-05T10:00:22Z`: the instant, truncated to whole seconds as the API publishes it.
pub fn rfc3339(t: SimTime) -> String {
    let secs = EPOCH_SECONDS + t.ms() / 1000;
    let (days, of_day) = (secs / 86_400, secs % 86_400);
    let (year, month, day) = civil(days);
    format!("{year:04}-{month:02}-{day:02}T{:02}:{:02}:{:02}Z", of_day / 3600, of_day / 60 % 60, of_day % 60)
}

/// Reads what [`rfc3339`] wrote; nothing if it is no such text. Moments before zero are zero.
pub fn parse_rfc3339(text: &str) -> Option<SimTime> {
    let mut numbers = text.strip_suffix('Z')?.split(['-', 'T', ':']).map(|n| n.parse::<u64>().ok());
    let mut next = || numbers.next().flatten();
    let (year, month, day) = (next()?, next()?, next()?);
    let of_day = next()? * 3600 + next()? * 60 + next()?;
    let secs = days_from_civil(year, month, day)? * 86_400 + of_day;
    Some(SimTime::from_ms(secs.saturating_sub(EPOCH_SECONDS).saturating_mul(1000)))
}

/// `Mon, 05 Jan 2026 10:00:22 +0000`: the instant as kubectl describes it. (Go: time.RFC1123Z)
pub fn rfc1123(t: SimTime) -> String {
    const WEEKDAYS: [&str; 7] = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"];
    const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    let secs = EPOCH_SECONDS + t.ms() / 1000;
    let (days, of_day) = (secs / 86_400, secs % 86_400);
    let (year, month, day) = civil(days);
    let weekday = WEEKDAYS.iter().cycle().nth(usize::try_from(days % 7).unwrap_or_default()).unwrap_or(&"");
    let month = MONTHS.get(usize::try_from(month.saturating_sub(1)).unwrap_or_default()).unwrap_or(&"");
    format!("{weekday}, {day:02} {month} {year:04} {:02}:{:02}:{:02} +0000", of_day / 3600, of_day / 60 % 60, of_day % 60)
}

impl SimTime {
    /// Seconds since 1970 at this moment, for programs that ask for the date.
    pub const fn unix_seconds(self) -> u64 {
        EPOCH_SECONDS + self.ms() / 1000
    }
}

/// Days since 1970 to year, month, day. (Howard Hinnant's `civil_from_days`)
const fn civil(days: u64) -> (u64, u64, u64) {
    let z = days + 719_468;
    let era = z / 146_097;
    let doe = z - era * 146_097;
    let yoe = (doe - doe / 1460 + doe / 36_524 - doe / 146_096) / 365;
    let doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
    let mp = (5 * doy + 2) / 153;
    let month = if mp < 10 { mp + 3 } else { mp - 9 };
    (yoe + era * 400 + if month <= 2 { 1 } else { 0 }, month, doy - (153 * mp + 2) / 5 + 1)
}

/// Year, month, day to days since 1970; nothing before 1970 or outside a calendar's ranges.
fn days_from_civil(year: u64, month: u64, day: u64) -> Option<u64> {
    if !(1970..=9999).contains(&year) || !(1..=12).contains(&month) || !(1..=31).contains(&day) {
        return None;
    }
    let y = if month <= 2 { year - 1 } else { year };
    let (era, yoe) = (y / 400, y % 400);
    let shifted = if month > 2 { month - 3 } else { month + 9 };
    let doy = (153 * shifted + 2) / 5 + day - 1;
    (era * 146_097 + yoe * 365 + yoe / 4 - yoe / 100 + doy).checked_sub(719_468)
}

/// Reads `90`, `90s`, `1m30s`, `1.5s`, `250ms`, `2h`; a bare number is seconds. Nothing if it is not a duration.
pub fn parse_duration(text: &str) -> Option<SimDuration> {
    let text = text.trim();
    if text.is_empty() {
        return None;
    }
    if let Ok(seconds) = text.parse::<u64>() {
        return Some(SimDuration::from_secs(seconds));
    }
    let (mut rest, mut total) = (text, 0_u64);
    while !rest.is_empty() {
        let digits = rest.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(rest.len());
        let (number, tail) = rest.split_at_checked(digits)?;
        let unit = tail.find(|c: char| c.is_ascii_digit()).unwrap_or(tail.len());
        let (unit, tail) = tail.split_at_checked(unit)?;
        let scale = match unit {
            "ms" => 1,
            "s" | "" => 1000,
            "m" => 60_000,
            "h" => 3_600_000,
            _ => return None,
        };
        total = total.checked_add(thousandths(number)?.checked_mul(scale)? / 1000)?;
        rest = tail;
    }
    Some(SimDuration::from_ms(total))
}

/// `1.5` as 1500.
fn thousandths(number: &str) -> Option<u64> {
    let (whole, part) = number.split_once('.').unwrap_or((number, ""));
    let whole: u64 = if whole.is_empty() { 0 } else { whole.parse().ok()? };
    let digits: String = part.chars().chain("000".chars()).take(3).collect();
    if part.len() + whole.to_string().len() == 0 {
        return None;
    }
    whole.checked_mul(1000)?.checked_add(digits.parse().ok()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn go_prints_durations_without_needless_parts() {
        let cases =
            [(0, "0s"), (987, "987ms"), (2345, "2.345s"), (10_000, "10s"), (80_000, "1m20s"), (300_000, "5m0s"), (63_200, "1m3.2s")];
        for (ms, text) in cases {
            assert_eq!(go_duration(SimDuration::from_ms(ms)), text);
        }
    }

    #[test]
    fn kubectl_ages_lose_detail_as_they_grow() {
        let cases =
            [(7, "7s"), (119, "119s"), (120, "2m"), (303, "5m3s"), (600, "10m"), (10_799, "179m"), (10_800, "3h"), (200_000, "2d7h")];
        for (s, text) in cases {
            assert_eq!(human_age(SimDuration::from_secs(s)), text);
        }
    }

    #[test]
    fn instants_are_calendar_times() {
        assert_eq!(rfc3339(SimTime::from_ms(22_400)), "2026-01-05T10:00:22Z");
        assert_eq!(rfc3339(SimTime::from_ms(86_400_000 * 60)), "2026-03-06T10:00:00Z");
        assert_eq!(rfc1123(SimTime::from_ms(22_400)), "Mon, 05 Jan 2026 10:00:22 +0000");
    }

    #[test]
    fn published_instants_are_read_back() {
        for ms in [0, 22_000, 86_400_000 * 60, 86_400_000 * 1000 + 59_000] {
            assert_eq!(parse_rfc3339(&rfc3339(SimTime::from_ms(ms))), Some(SimTime::from_ms(ms)));
        }
        for text in ["", "2026-01-05", "2026-13-05T10:00:00Z", "yesterday"] {
            assert_eq!(parse_rfc3339(text), None, "{text}");
        }
    }

    #[test]
    fn durations_are_read_with_and_without_units() {
        let cases =
            [("90", Some(90_000)), ("1m30s", Some(90_000)), ("1.5s", Some(1500)), ("250ms", Some(250)), ("", None), ("3 days", None)];
        for (text, ms) in cases {
            assert_eq!(parse_duration(text).map(SimDuration::ms), ms, "{text}");
        }
    }
}
