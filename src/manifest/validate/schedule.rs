//! The schedule of a CronJob, and its time zone. (robfig/cron: ParseStandard; validateTimeZone)

/// Names that are usual in place of numbers.
const MONTHS: [&str; 12] = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
const DAYS: [&str; 7] = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];

/// The names of all time zones, a line each.
static ZONES: &str = include_str!(concat!(env!("OUT_DIR"), "/zones.txt"));

/// What a field of a schedule can hold.
struct Bounds {
    least: u64,
    most: u64,
    names: &'static [&'static str],
}

/// Minute, hour, day of the month, month, day of the week.
const FIELDS: [Bounds; 5] = [
    Bounds { least: 0, most: 59, names: &[] },
    Bounds { least: 0, most: 23, names: &[] },
    Bounds { least: 1, most: 31, names: &[] },
    Bounds { least: 1, most: 12, names: &MONTHS },
    Bounds { least: 0, most: 6, names: &DAYS },
];

/// Whether a schedule can be read.
///
/// # Errors
/// The parser's words.
pub(super) fn parse(schedule: &str) -> Result<(), String> {
    let spec = match schedule.strip_prefix("CRON_TZ=").or_else(|| schedule.strip_prefix("TZ=")) {
        None => schedule,
        Some(rest) => {
            let (zone, spec) = rest.split_once(' ').unwrap_or((rest, ""));
            if !is_zone(zone) {
                return Err(format!("provided bad location {zone}: unknown time zone {zone}"));
            }
            spec.trim()
        }
    };
    if spec.starts_with('@') {
        return descriptor(spec);
    }
    let fields: Vec<&str> = spec.split_whitespace().collect();
    if fields.len() != FIELDS.len() {
        return Err(format!("expected exactly 5 fields, found {}: [{}]", fields.len(), fields.join(" ")));
    }
    let mut ranges = fields
        .iter()
        .zip(&FIELDS)
        .flat_map(|(field, bounds)| field.split(',').filter(|part| !part.is_empty()).map(move |part| (part, bounds)));
    ranges.try_for_each(|(part, bounds)| range(part, bounds))
}

fn descriptor(spec: &str) -> Result<(), String> {
    const KNOWN: [&str; 7] = ["@yearly", "@annually", "@monthly", "@weekly", "@daily", "@midnight", "@hourly"];
    if let Some(every) = spec.strip_prefix("@every ") {
        let wrong = || format!("failed to parse duration {spec}: time: invalid duration {every:?}");
        return crate::time::parse_duration(every).map(|_| ()).ok_or_else(wrong);
    }
    if KNOWN.contains(&spec) { Ok(()) } else { Err(format!("unrecognized descriptor: {spec}")) }
}

/// `*`, `5`, `1-5`, `*/10`, `8/2`.
fn range(text: &str, bounds: &Bounds) -> Result<(), String> {
    let by_step: Vec<&str> = text.split('/').collect();
    let ends: Vec<&str> = by_step.first().copied().unwrap_or_default().split('-').collect();
    let (start, mut end) = match ends.as_slice() {
        ["*" | "?", ..] => (bounds.least, bounds.most),
        [one] => (value(one, bounds)?, value(one, bounds)?),
        [low, high] => (value(low, bounds)?, value(high, bounds)?),
        [low, ..] => {
            value(low, bounds)?;
            return Err(format!("too many hyphens: {text}"));
        }
        [] => (bounds.least, bounds.most),
    };
    let step = match by_step.as_slice() {
        [_] | [] => 1,
        [_, step] => {
            if ends.len() == 1 {
                end = bounds.most;
            }
            number(step)?
        }
        _ => return Err(format!("too many slashes: {text}")),
    };
    if start < bounds.least {
        Err(format!("beginning of range ({start}) below minimum ({}): {text}", bounds.least))
    } else if end > bounds.most {
        Err(format!("end of range ({end}) above maximum ({}): {text}", bounds.most))
    } else if start > end {
        Err(format!("beginning of range ({start}) beyond end of range ({end}): {text}"))
    } else if step == 0 {
        Err(format!("step of range should be a positive number: {text}"))
    } else {
        Ok(())
    }
}

fn value(text: &str, bounds: &Bounds) -> Result<u64, String> {
    let place = bounds.names.iter().position(|name| *name == text.to_lowercase());
    match place.and_then(|place| u64::try_from(place).ok()) {
        Some(place) => Ok(bounds.least + place),
        None => number(text),
    }
}

/// (parser.go: mustParseInt over strconv.Atoi)
fn number(text: &str) -> Result<u64, String> {
    let invalid = || format!("failed to parse int from {text}: strconv.Atoi: parsing {text:?}: invalid syntax");
    let number: i64 = text.parse().map_err(|_| invalid())?;
    u64::try_from(number).map_err(|_| format!("negative number ({number}) not allowed: {text}"))
}

/// What is wrong with a time zone.
pub(super) fn wrong_zone(zone: &str) -> Option<String> {
    if zone.is_empty() {
        return Some("timeZone must be nil or non-empty string".into());
    }
    if zone.eq_ignore_ascii_case("local") {
        return Some("timeZone must be an explicit time zone as defined in https://www.iana.org/time-zones".into());
    }
    (!is_zone(zone)).then(|| format!("unknown time zone {zone}"))
}

fn is_zone(name: &str) -> bool {
    ZONES.lines().any(|zone| zone == name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn schedules_are_read_as_cron_reads_them() {
        let cases = [
            ("*/5 * * * *", ""),
            ("0 9-17/2 1,15 jan-JUN mon-fri", ""),
            ("@daily", ""),
            ("@every 90s", ""),
            ("61 * * * *", "end of range (61) above maximum (59): 61"),
            ("0 0 0 * *", "beginning of range (0) below minimum (1): 0"),
            ("5-1 * * * *", "beginning of range (5) beyond end of range (1): 5-1"),
            ("*/0 * * * *", "step of range should be a positive number: */0"),
            ("1-2-3 * * * *", "too many hyphens: 1-2-3"),
            ("1/2/3 * * * *", "too many slashes: 1/2/3"),
            ("x * * * *", "failed to parse int from x: strconv.Atoi: parsing \"x\": invalid syntax"),
            ("@soon", "unrecognized descriptor: @soon"),
            ("every minute", "expected exactly 5 fields, found 2: [every minute]"),
        ];
        for (schedule, said) in cases {
            assert_eq!(parse(schedule).err().unwrap_or_default(), said, "{schedule}");
        }
    }

    #[test]
    fn zones_are_those_of_the_database() {
        for zone in ["Europe/Berlin", "UTC", "Etc/UTC", "America/Argentina/Buenos_Aires"] {
            assert_eq!(wrong_zone(zone), None, "{zone}");
        }
        assert_eq!(wrong_zone("Mars/Base").unwrap_or_default(), "unknown time zone Mars/Base");
        assert!(wrong_zone("Local").is_some());
    }
}
