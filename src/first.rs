//! What a newcomer sees: the first example, with the objects that the API server makes of it.
//!
//! The page draws its life before the part that reads manifests has loaded; `tests/first.rs` holds both together.

use serde_json::Value;

use crate::api::{Kind, Object};
use crate::scenario::{Action, Do, Host, Scenario};
use crate::sim::Input;
use crate::time::{SimDuration, SimTime};

/// The manifest.
pub const TEXT: &str = include_str!("../content/examples/first-life.yaml");

/// What the API server stores of it.
const STORED: &str = include_str!("first.json");

/// What is simulated.
pub fn input() -> Input {
    let stored: Vec<Value> = serde_json::from_str(STORED).unwrap_or_default();
    Input { objects: stored.iter().filter_map(object).collect(), scenario: scenario() }
}

fn object(stored: &Value) -> Option<Object> {
    let kind = if stored.pointer("/spec/containers").is_some() { Kind::Pod } else { Kind::Service };
    Object::from_stored(kind, stored).ok()
}

/// The database appears at 25 s; somebody deletes the pod at 60 s.
fn scenario() -> Scenario {
    let seconds = |s: u64| SimTime::ZERO + SimDuration::from_secs(s);
    let delete = Do::Delete { kind: Kind::Pod, name: "shop".into(), grace_seconds: None };
    Scenario {
        duration: SimDuration::from_secs(75),
        hosts: vec![Host { name: "db".into(), ports: vec![5432], from: seconds(25), until: None }],
        actions: vec![Action { at: seconds(60), what: delete }],
        ..Scenario::default()
    }
}
