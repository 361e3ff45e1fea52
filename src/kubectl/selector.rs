//! Label selectors: `app=web,tier in (a,b),!canary`. (apimachinery/pkg/labels/selector.go)

use crate::order::SortedMap;

/// What `-l` asks of labels; all requirements have to hold.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Selector(Vec<Requirement>);

#[derive(Debug, Clone, PartialEq, Eq)]
struct Requirement {
    key: String,
    /// One of these values; nothing asks for the key alone.
    values: Option<Vec<String>>,
    negated: bool,
}

impl Selector {
    /// Reads a selector.
    ///
    /// # Errors
    /// The part that is none.
    pub fn parse(text: &str) -> Result<Self, String> {
        let mut requirements = Vec::new();
        for part in parts(text) {
            requirements.push(requirement(part).ok_or_else(|| part.to_owned())?);
        }
        Ok(Self(requirements))
    }

    /// Whether labels fit.
    pub fn matches(&self, labels: &SortedMap<String, String>) -> bool {
        self.0.iter().all(|r| {
            let has = match (&r.values, labels.get(&r.key)) {
                (None, value) => value.is_some(),
                (Some(values), Some(value)) => values.contains(value),
                (Some(_), None) => false,
            };
            has != r.negated
        })
    }
}

/// Between commas that stand outside of parentheses.
fn parts(text: &str) -> Vec<&str> {
    let mut depth = 0_usize;
    let split = text.split(|c: char| {
        match c {
            '(' => depth += 1,
            ')' => depth = depth.saturating_sub(1),
            _ => {}
        }
        c == ',' && depth == 0
    });
    split.map(str::trim).filter(|part| !part.is_empty()).collect()
}

fn requirement(part: &str) -> Option<Requirement> {
    let made = |key: &str, values: Option<Vec<String>>, negated| {
        let key = key.trim();
        let legal = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.' | '/');
        (!key.is_empty() && key.chars().all(legal)).then(|| Requirement { key: key.into(), values, negated })
    };
    if let Some((key, set)) = part.split_once('(') {
        let values = set.strip_suffix(')')?.split(',').map(|v| v.trim().to_owned()).collect();
        let (key, word) = key.trim().rsplit_once(char::is_whitespace)?;
        return match word {
            "in" => made(key, Some(values), false),
            "notin" => made(key, Some(values), true),
            _ => None,
        };
    }
    let one = |value: &str| Some(vec![value.trim().to_owned()]);
    if let Some((key, value)) = part.split_once("!=") {
        return made(key, one(value), true);
    }
    if let Some((key, value)) = part.split_once('=') {
        return made(key, one(value.strip_prefix('=').unwrap_or(value)), false);
    }
    match part.strip_prefix('!') {
        Some(key) => made(key, None, true),
        None => made(part, None, false),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn requirements_hold_for_labels() {
        let labels: SortedMap<String, String> = [("app", "web"), ("tier", "front")].map(|(k, v)| (k.into(), v.into())).into();
        let cases = [
            ("", true),
            ("app=web", true),
            ("app==web,tier=front", true),
            ("app=db", false),
            ("app!=db", true),
            ("zone!=a", true),
            ("app", true),
            ("!app", false),
            ("!zone", true),
            ("app in (db, web),tier", true),
            ("app notin (db,web)", false),
        ];
        for (text, want) in cases {
            assert_eq!(Selector::parse(text).map(|s| s.matches(&labels)), Ok(want), "{text}");
        }
        assert_eq!(Selector::parse("app=web,a b"), Err("a b".into()));
    }
}
