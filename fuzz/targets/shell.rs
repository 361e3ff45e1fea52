//! Any text as a container's script, deleted after a while so that traps run too.
#![no_main]

use libfuzzer_sys::fuzz_target;
use podlab::api::Kind;
use podlab::scenario::{Action, Do, Scenario};
use podlab::time::SimTime;
use podlab::{manifest, sim};
use serde_json::json;

fuzz_target!(|script: &str| {
    let container = json!({"name": "app", "image": "busybox:1.36", "command": ["sh", "-c", script]});
    let pod = json!({"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "x"}, "spec": {"containers": [container]}});
    let read = manifest::read(&pod.to_string());
    let delete = Do::Delete { kind: Kind::Pod, name: "x".into(), grace_seconds: None };
    let scenario = Scenario { actions: vec![Action { at: SimTime::from_ms(60_000), what: delete }], ..Scenario::default() };
    let run = sim::simulate(&sim::Input { objects: read.admitted(), scenario });
    assert!(run.trace.records().is_sorted_by_key(|record| record.at), "time runs back");
});
