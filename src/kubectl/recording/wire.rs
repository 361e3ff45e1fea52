//! The written form of a recording.

use crate::order::SortedMap;

use serde::{Serialize, Serializer};

use crate::time::SimTime;

/// A moment in seconds, to a hundredth.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Seconds(SimTime);

impl From<SimTime> for Seconds {
    fn from(t: SimTime) -> Self {
        Self(t)
    }
}

impl Serialize for Seconds {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        let hundredths = u32::try_from(self.0.ms() / 10).unwrap_or(u32::MAX);
        s.serialize_f64(f64::from(hundredths) / 100.0)
    }
}

/// What a watcher of the API saw.
#[derive(Debug, Clone, PartialEq)]
pub struct Recording {
    pub(super) case: String,
    pub(super) kubernetes: &'static str,
    pub(super) rows: Vec<Row>,
    pub(super) pods: Vec<Pod>,
    pub(super) events: Vec<Event>,
    pub(super) endpoints: Vec<Endpoints>,
    pub(super) workloads: Vec<()>,
    pub(super) actions: Vec<Action>,
    pub(super) responses: Vec<Response>,
    pub(super) logs: SortedMap<String, Log>,
}

impl Recording {
    /// As JSON, an entry a line.
    pub fn to_json(&self) -> String {
        let parts = [
            ("case", one(&self.case)),
            ("kubernetes", one(&self.kubernetes)),
            ("rows", list(&self.rows)),
            ("pods", list(&self.pods)),
            ("events", list(&self.events)),
            ("endpoints", list(&self.endpoints)),
            ("workloads", list(&self.workloads)),
            ("actions", list(&self.actions)),
            ("responses", list(&self.responses)),
            ("logs", one(&self.logs)),
        ];
        let lines: Vec<String> = parts.iter().map(|(name, value)| format!(" \"{name}\": {value}")).collect();
        format!("{{\n{}\n}}\n", lines.join(",\n"))
    }
}

fn one(value: &impl Serialize) -> String {
    serde_json::to_string(value).unwrap_or_else(|_| "null".into())
}

fn list(entries: &[impl Serialize]) -> String {
    if entries.is_empty() {
        return "[]".into();
    }
    let lines: Vec<String> = entries.iter().map(|e| format!("  {}", one(e))).collect();
    format!("[\n{}\n ]", lines.join(",\n"))
}

/// A line of `kubectl get pods`.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub(super) struct Row {
    pub(super) t: Seconds,
    pub(super) pod: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) ready: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) status: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) restarts: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) deleted: Option<bool>,
}

/// A state of a pod.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Pod {
    pub(super) t: Seconds,
    pub(super) pod: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) deleted: Option<bool>,
    pub(super) phase: &'static str,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub(super) reason: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub(super) message: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) qos_class: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) conditions: Option<SortedMap<String, Condition>>,
    #[serde(skip_serializing_if = "SortedMap::is_empty")]
    pub(super) init: SortedMap<String, Container>,
    #[serde(skip_serializing_if = "SortedMap::is_empty")]
    pub(super) containers: SortedMap<String, Container>,
    #[serde(skip_serializing_if = "SortedMap::is_empty")]
    pub(super) ephemeral: SortedMap<String, Container>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) deleting: Option<Deleting>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) node: Option<bool>,
}

#[derive(Debug, Clone, PartialEq, Serialize)]
pub(super) struct Condition {
    pub(super) status: &'static str,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub(super) reason: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub(super) message: String,
}

#[derive(Debug, Clone, PartialEq, Serialize)]
pub(super) struct Deleting {
    pub(super) grace: i64,
    pub(super) at: Seconds,
}

#[derive(Debug, Clone, PartialEq, Serialize)]
pub(super) struct Container {
    #[serde(flatten)]
    pub(super) state: State,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) last: Option<State>,
    pub(super) ready: bool,
    pub(super) restarts: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) started: Option<bool>,
}

/// A state of a container with its details.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct State {
    pub(super) state: &'static str,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub(super) reason: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) exit_code: Option<i32>,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub(super) message: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) started_at: Option<Seconds>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) finished_at: Option<Seconds>,
}

#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Event {
    pub(super) t: Seconds,
    #[serde(rename = "type")]
    pub(super) kind: &'static str,
    pub(super) reason: &'static str,
    pub(super) from: &'static str,
    pub(super) object: String,
    pub(super) message: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub(super) field_path: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) count: Option<u32>,
}

#[derive(Debug, Clone, PartialEq, Serialize)]
pub(super) struct Endpoints {
    pub(super) t: Seconds,
    pub(super) service: String,
    pub(super) endpoints: Vec<Endpoint>,
}

#[derive(Debug, Clone, PartialEq, Serialize)]
pub(super) struct Endpoint {
    pub(super) pod: String,
    pub(super) ready: bool,
    pub(super) serving: bool,
    pub(super) terminating: bool,
}

#[derive(Debug, Clone, PartialEq, Serialize)]
pub(super) struct Action {
    pub(super) t: Seconds,
    #[serde(rename = "do")]
    pub(super) verb: &'static str,
    pub(super) name: String,
    pub(super) code: u16,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) message: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Serialize)]
pub(super) struct Response {
    pub(super) t: Seconds,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) code: Option<u16>,
    pub(super) message: String,
}

/// A container's log at the end.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(untagged)]
pub(super) enum Log {
    Text(String),
    Refused { code: u16, message: String },
}
