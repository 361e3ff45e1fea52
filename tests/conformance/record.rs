//! A recording, read for comparison.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use regex::Regex;
use serde_json::Value;

use crate::align::{Step, collapse, is_retry};
use crate::mask::{mask, pairs, pattern, plain};

/// States by subject, in the order of their names.
pub(crate) type Sequences = BTreeMap<String, Vec<Step>>;

const GROUPS: [&str; 3] = ["init", "containers", "ephemeral"];

/// A recording.
pub(crate) struct Recording {
    pub(crate) json: Value,
    /// When it ended, about.
    pub(crate) end: f64,
    /// Pods in order of appearance.
    pub(crate) pods: Vec<String>,
}

pub(crate) fn seconds(entry: &Value) -> f64 {
    entry["t"].as_f64().unwrap()
}

fn text<'v>(entry: &'v Value, key: &str) -> &'v str {
    entry[key].as_str().unwrap_or_default()
}

impl Recording {
    pub(crate) fn read(json: Value) -> Self {
        let lists = ["rows", "pods", "events", "workloads", "endpoints", "actions"];
        let end = lists.iter().flat_map(|k| json[k].as_array().into_iter().flatten()).map(seconds).fold(1.0, f64::max) + 5.0;
        let mut pods: Vec<String> = Vec::new();
        for entry in ["rows", "pods"].iter().flat_map(|k| json[k].as_array().unwrap()) {
            let pod = text(entry, "pod").to_owned();
            if !pods.contains(&pod) {
                pods.push(pod);
            }
        }
        Self { json, end, pods }
    }

    pub(crate) fn list(&self, key: &str) -> &[Value] {
        self.json[key].as_array().map_or(&[], Vec::as_slice)
    }

    fn of<'s>(&'s self, key: &str, pod: &'s str) -> impl Iterator<Item = &'s Value> {
        self.list(key).iter().filter(move |x| text(x, "pod") == pod)
    }

    /// Whether the pod waited to retry something.
    pub(crate) fn retried(&self, pod: &str) -> bool {
        let rows = self.rows(pod);
        let waited = rows.split_last().is_some_and(|(_, earlier)| earlier.iter().any(|s| is_retry(&s.state) && s.lasted > 2.0));
        waited || self.of("rows", pod).any(|x| pattern!("BackOff|ErrImage|Error").is_match(text(x, "status")))
    }

    pub(crate) fn rows(&self, pod: &str) -> Vec<Step> {
        let down = pattern!(r"(Init:)?(Error|Completed|OOMKilled|CrashLoopBackOff|ExitCode:\d+|Signal:\d+|StartError|RunContainerError)$");
        let state = |x: &Value| {
            if x["deleted"] == true {
                return "deleted".to_owned();
            }
            format!("{} {} {}", text(x, "ready"), down.replace(text(x, "status"), "${1}down"), text(x, "restarts"))
        };
        collapse(self.of("rows", pod).map(|x| (seconds(x), state(x))), self.end)
    }

    pub(crate) fn containers(&self, pod: &str) -> Sequences {
        let mut steps: BTreeMap<String, Vec<(f64, String)>> = BTreeMap::new();
        for x in self.of("pods", pod) {
            for group in GROUPS {
                for (name, c) in x[group].as_object().into_iter().flatten() {
                    steps.entry(format!("{group}/{name}")).or_default().push((seconds(x), container_state(c)));
                }
            }
        }
        self.collapsed(steps)
    }

    pub(crate) fn conditions(&self, pod: &str) -> Sequences {
        let mut steps: BTreeMap<String, Vec<(f64, String)>> = BTreeMap::new();
        for x in self.of("pods", pod).filter(|x| x["deleted"] != true || x.get("conditions").is_some()) {
            let phase: Vec<&str> =
                ["phase", "reason", "message", "qosClass"].iter().map(|k| text(x, k)).filter(|s| !s.is_empty()).collect();
            steps.entry("phase".into()).or_default().push((seconds(x), phase.join(" ")));
            for (name, c) in x["conditions"].as_object().into_iter().flatten() {
                let state: Vec<String> = ["status", "reason", "message"].iter().filter_map(|k| c.get(k)).map(|v| mask(&plain(v))).collect();
                steps.entry(name.clone()).or_default().push((seconds(x), state.join(" ")));
            }
        }
        self.collapsed(steps)
    }

    fn collapsed(&self, steps: BTreeMap<String, Vec<(f64, String)>>) -> Sequences {
        steps.into_iter().map(|(k, v)| (k, collapse(v, self.end))).collect()
    }

    /// The back-off that the waiting message names, by container and restarts.
    pub(crate) fn backoffs(&self, pod: &str) -> BTreeMap<(String, String), String> {
        let mut out = BTreeMap::new();
        for x in self.of("pods", pod) {
            for (name, c) in ["init", "containers"].iter().flat_map(|group| x[group].as_object().into_iter().flatten()) {
                if text(c, "reason") == "CrashLoopBackOff"
                    && let Some(m) = pattern!(r"^back-off (\S+) restarting").captures(text(c, "message"))
                {
                    out.entry((name.clone(), plain(&c["restarts"]))).or_insert_with(|| m[1].to_owned());
                }
            }
        }
        out
    }

    pub(crate) fn endpoints(&self) -> Sequences {
        let mut steps: BTreeMap<String, Vec<(f64, String)>> = BTreeMap::new();
        for x in self.list("endpoints") {
            let mut states: Vec<String> = x["endpoints"]
                .as_array()
                .into_iter()
                .flatten()
                .map(|e| format!("({}, {}, {})", plain(&e["ready"]), plain(&e["serving"]), plain(&e["terminating"])))
                .collect();
            states.sort();
            steps.entry(text(x, "service").to_owned()).or_default().push((seconds(x), states.join(" ")));
        }
        self.collapsed(steps)
    }

    pub(crate) fn workloads(&self) -> Sequences {
        let mut steps: BTreeMap<String, Vec<(f64, String)>> = BTreeMap::new();
        for x in self.list("workloads") {
            let columns = x.as_object().unwrap().iter().filter(|(k, _)| *k != "t" && *k != "object");
            let state: Vec<String> = columns.map(|(k, v)| format!("{k}={}", plain(v))).collect();
            steps.entry(plain_object(text(x, "object"), &BTreeMap::new())).or_default().push((seconds(x), state.join(" ")));
        }
        self.collapsed(steps)
    }
}

/// `Error` and `CrashLoopBackOff` are one state: which of them a watcher sees is chance.
fn container_state(c: &Value) -> String {
    if c["state"] == "terminated" || c["reason"] == "CrashLoopBackOff" {
        let end = if c["state"] == "terminated" { c } else { &c["last"] };
        let down = pairs(end, &["reason", "exitCode", "signal", "message"]);
        return format!("down {down} ready={} restarts={}", plain(&c["ready"]), plain(&c["restarts"]));
    }
    let state = pairs(c, &["state", "reason", "exitCode", "signal", "message", "ready", "started", "restarts"]);
    match c.get("last") {
        Some(last) => format!("{state} last={}", pairs(last, &["reason", "exitCode", "signal"])),
        None => state,
    }
}

/// `Kind/name` without what is generated.
pub(crate) fn plain_object(object: &str, names: &BTreeMap<String, String>) -> String {
    let (kind, name) = object.split_once('/').unwrap();
    let generated = pattern!(r"-[a-z0-9]{8,10}(-[a-z0-9]{5})?$|-[a-z0-9]{5}$");
    format!("{kind}/{}", names.get(name).cloned().unwrap_or_else(|| generated.replace_all(name, "-*").into_owned()))
}
