//! kubectl's STATUS, READY and RESTARTS, computed from the objects that a watcher recorded, against the rows that the
//! real server printed of them.

use std::collections::BTreeMap;
use std::sync::Arc;

use podlab::api::{ObjectMeta, PodSpec};
use podlab::kubectl::{Columns, get_pods, pod_row};
use podlab::time::SimTime;

use crate::cases::cases;
use crate::rebuild::{NAMESPACE, moment, pod, spec_of, text, trace};

/// READY, STATUS and RESTARTS without its age.
fn cells(row: &[String]) -> [String; 3] {
    let restarts = row[3].split(' ').next().unwrap();
    [row[1].clone(), row[2].clone(), restarts.to_owned()]
}

/// A gate is told by the condition's reason, which recordings have; what a patch changed in the specification they have not.
#[test]
fn pods_print_as_the_real_server_printed_them() {
    let mut compared = 0;
    for case in cases() {
        let recording = case.recording();
        let mut specs: BTreeMap<String, Arc<PodSpec>> = BTreeMap::new();
        let mut last: BTreeMap<String, [String; 3]> = BTreeMap::new();
        let mut printed: BTreeMap<String, Vec<[String; 3]>> = BTreeMap::new();
        for entry in recording["pods"].as_array().unwrap().iter().filter(|e| e["deleted"] != true) {
            let name = text(entry, "pod").to_owned();
            let spec = specs.entry(name.clone()).or_insert_with(|| Arc::new(spec_of(&case, &name)));
            let row = cells(&pod_row(&pod(entry, spec, &ObjectMeta::default()), moment(&entry["t"]).unwrap(), Columns::Default));
            if last.get(&name) != Some(&row) {
                printed.entry(name.clone()).or_default().push(row.clone());
                last.insert(name, row);
            }
        }
        let mut recorded: BTreeMap<String, Vec<[String; 3]>> = BTreeMap::new();
        for row in recording["rows"].as_array().unwrap().iter().filter(|r| r["deleted"] != true) {
            let cells = ["ready", "status", "restarts"].map(|k| text(row, k).to_owned());
            recorded.entry(text(row, "pod").to_owned()).or_default().push(cells);
        }
        for (name, rows) in &recorded {
            assert_eq!(printed.get(name), Some(rows), "{}: {name}", case.name);
            compared += rows.len();
        }
    }
    assert!(compared > 500, "only {compared} rows were compared");
}

#[test]
fn the_restarts_column_tells_when_the_last_run_ended() {
    let case = cases().into_iter().find(|c| c.name == "crash-after-3s").unwrap();
    let trace = trace(&case);
    let cases = [
        (2000, "NAME    READY   STATUS    RESTARTS   AGE\ncrash   1/1     Running   0          2s\n"),
        (30_000, "NAME    READY   STATUS   RESTARTS      AGE\ncrash   0/1     Error    2 (24s ago)   30s\n"),
        (150_000, "NAME    READY   STATUS   RESTARTS       AGE\ncrash   0/1     Error    4 (102s ago)   2m30s\n"),
    ];
    for (at, table) in cases {
        assert_eq!(get_pods(&trace, SimTime::from_ms(at), NAMESPACE, Columns::Default), table);
    }
    assert_eq!(get_pods(&trace, SimTime::ZERO, "other", Columns::Default), "No resources found in other namespace.\n");
}
