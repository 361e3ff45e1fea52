//! The recordings of a real cluster against the simulator.

#![cfg(test)]

mod align;
mod cases;
mod compare;
mod hashes;
mod mask;
mod printed;
mod reach;
mod rebuild;
mod record;
mod scheduling;
mod texts;

use serde_json::{Value, json};

use cases::cases;
use reach::judge;

#[test]
fn every_recording_agrees_with_itself() {
    for case in cases() {
        let bad = judge(&case, case.recording());
        assert!(bad.0.is_empty(), "{}: {bad:?}", case.name);
    }
}

#[test]
fn what_differs_is_found_in_its_aspect() {
    let case = cases().into_iter().find(|c| c.name == "crash-immediate").unwrap();
    type Change = fn(&mut Value);
    let changes: [(&str, Change); 6] = [
        ("rows", |r| r["rows"].as_array_mut().unwrap().iter_mut().for_each(|x| x["ready"] = json!("1/2"))),
        ("containers", |r| r["pods"].as_array_mut().unwrap().iter_mut().for_each(|p| p["containers"]["app"]["exitCode"] = json!(9))),
        ("conditions", |r| r["pods"].as_array_mut().unwrap().iter_mut().for_each(|p| p["qosClass"] = json!("Guaranteed"))),
        ("events", |r| r["events"][0]["message"] = json!("Successfully assigned")),
        ("logs", |r| r["logs"]["crash/app"] = json!("bang\n")),
        ("responses", |r| r["actions"] = json!([{"t": 1.0, "do": "delete", "name": "crash", "code": 404}])),
    ];
    for (aspect, change) in changes {
        let mut recording = case.recording();
        change(&mut recording);
        let bad = judge(&case, recording);
        assert!(bad.0.contains_key(aspect), "{aspect}: {bad:?}");
    }
}
