//! The language of checks, as authors write it in YAML.

use serde::Deserialize;

use crate::time::{SimDuration, parse_duration};

/// A property with the name that wrong answers refer to.
#[derive(Debug, Clone, PartialEq, Default, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Check {
    /// Its name within the item.
    pub name: String,
    /// What the learner reads; made from the property where it is not given.
    #[serde(default)]
    pub says: String,
    /// It never holds.
    pub never: Option<Condition>,
    /// It holds at every moment from the first at which it could.
    pub always: Option<Condition>,
    /// It holds at some moment, with `by` until then.
    pub eventually: Option<Condition>,
    /// The latest moment for `eventually`.
    #[serde(default, deserialize_with = "duration")]
    pub by: Option<SimDuration>,
    /// This does not hold before `until` has held.
    pub not: Option<Condition>,
    /// See `not`.
    pub until: Option<Condition>,
    /// How often this begins to hold, bounded by `atLeast` and `atMost`.
    pub count: Option<Condition>,
    /// See `count`.
    pub at_least: Option<u32>,
    /// See `count`.
    pub at_most: Option<u32>,
}

fn duration<'de, D: serde::Deserializer<'de>>(d: D) -> Result<Option<SimDuration>, D::Error> {
    let text = String::deserialize(d)?;
    let wrong = || serde::de::Error::custom(format!("`{text}` is no duration: write `15s` or `1m30s`"));
    parse_duration(&text).map(Some).ok_or_else(wrong)
}

/// What a check demands, with exactly what it needs.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Property<'c> {
    /// Never.
    Never(&'c Condition),
    /// At every moment.
    Always(&'c Condition),
    /// At some moment, perhaps within a time.
    Eventually(&'c Condition, Option<SimDuration>),
    /// The second only after the first has held.
    Order {
        /// What has to come first.
        first: &'c Condition,
        /// What may only come then.
        then: &'c Condition,
    },
    /// It begins to hold so often: at least, at most.
    Count(&'c Condition, u32, u32),
}

impl Check {
    /// The property, if the author wrote exactly one.
    pub fn property(&self) -> Option<Property<'_>> {
        match (&self.never, &self.always, &self.eventually, &self.not, &self.until, &self.count) {
            (Some(c), None, None, None, None, None) => Some(Property::Never(c)),
            (None, Some(c), None, None, None, None) => Some(Property::Always(c)),
            (None, None, Some(c), None, None, None) => Some(Property::Eventually(c, self.by)),
            (None, None, None, Some(then), Some(first), None) => Some(Property::Order { first, then }),
            (None, None, None, None, None, Some(c)) if self.at_least.is_some() || self.at_most.is_some() => {
                Some(Property::Count(c, self.at_least.unwrap_or(0), self.at_most.unwrap_or(u32::MAX)))
            }
            _ => None,
        }
    }
}

/// Something that holds or does not hold at a moment. All parts that are given have to hold.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct Condition {
    /// Which container `state`, `restarts` and `output` speak of.
    pub container: Option<String>,
    /// `running`, `started`, `ready`, `waiting` or `terminated`.
    pub state: Option<String>,
    /// At least so many restarts.
    pub restarts: Option<u32>,
    /// The STATUS that kubectl prints contains this.
    pub status: Option<String>,
    /// The pod's phase.
    pub phase: Option<String>,
    /// Whether the pod is Ready.
    pub ready: Option<bool>,
    /// Somebody in the pod listens on this port.
    pub listening: Option<u16>,
    /// The container has written this.
    pub output: Option<String>,
    /// The container has ended with this code once.
    pub exit: Option<i32>,
    /// A pod gets traffic of this Service.
    pub endpoint: Option<String>,
    /// This outside host answers.
    pub host: Option<String>,
    /// A program has written this file of a volume.
    pub file: Option<FileCondition>,
}

/// A file of a volume that a program has written.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct FileCondition {
    /// The volume's name; without it any volume will do.
    #[serde(default)]
    pub volume: Option<String>,
    /// Its path within the volume, or the end of that path.
    pub path: String,
    /// What it says, among other things; without it the file only has to be there.
    #[serde(default)]
    pub contains: Option<String>,
}
