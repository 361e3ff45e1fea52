//! Checks over time, and what worlds do to programs: a manifest with a world, a condition, and what is seen of it.

#![cfg(test)]

use podlab::check::{Check, judge, sentence};
use podlab::sim::{self, Input};
use podlab::{decode, manifest, yaml};

fn check(text: &str) -> Check {
    decode::from_node(&yaml::parse(&format!("name: x\n{text}\n")).value[0].root).unwrap_or_else(|e| panic!("{text}: {}", e.message))
}

const WRITERS: &str = "
apiVersion: v1
kind: Pod
metadata: {name: shop}
spec:
  initContainers:
  - name: setup
    image: busybox:1.36
    command: [sh, -c, 'sleep 2; echo level=debug > /etc/shop/app.conf']
    volumeMounts: [{name: config, mountPath: /etc/shop}]
  containers:
  - name: app
    image: busybox:1.36
    command: [sh, -c, 'echo one >> /data/log; sleep 5; echo two >> /data/log; sleep 5; rm /data/log; echo x > /tmp/log; sleep 1000']
    volumeMounts: [{name: data, mountPath: /data, subPath: logs}]
  volumes:
  - {name: config, emptyDir: {}}
  - {name: data, emptyDir: {}}
";

const LEAKING: &str = "
apiVersion: v1
kind: Pod
metadata: {name: shop}
spec:
  containers:
  - {name: app, image: 'shop:3', resources: {limits: {memory: 128Mi}}}
---
apiVersion: podlab/v1
kind: Scenario
spec:
  images:
  - {image: 'shop:3', present: true, memory: [{at: 30s, use: 200Mi}, {at: 0s, use: 40Mi}]}
";

#[test]
fn files_of_volumes_and_memory_over_time_are_seen_when_they_change() {
    let cases = [
        (WRITERS, "eventually: {file: {volume: config, path: app.conf, contains: level=debug}}\nby: 4s", true, "at 2."),
        (WRITERS, "eventually: {file: {volume: data, path: app.conf}}", false, "never in this run"),
        (WRITERS, "eventually: {file: {path: log, contains: \"one\\ntwo\"}}\nby: 5s", false, "only at 8."),
        (WRITERS, "eventually: {file: {volume: data, path: logs/log, contains: two}}\nby: 9s", true, "at 8."),
        (WRITERS, "eventually: {file: {path: log, contains: x}}", false, "never in this run"),
        (WRITERS, "count: {file: {volume: data, path: log}}\natMost: 1", true, "1 times"),
        (LEAKING, "eventually: {container: app, exit: 137}\nby: 31s", true, "at 30."),
        (LEAKING, "eventually: {status: OOMKilled}\nby: 32s", true, "at 31."),
        (LEAKING, "eventually: {container: app, restarts: 2}", true, "at 72."),
    ];
    for (text, wanted, passes, seen) in cases {
        let read = manifest::read(text);
        assert!(!read.has_errors(), "{:?}", read.diagnostics);
        let world = read.scenario.clone().unwrap_or_default();
        let run = sim::simulate(&Input { objects: read.admitted(), scenario: world.clone() });
        let verdict = judge(&[check(wanted)], &run, &world).remove(0);
        assert_eq!(verdict.passed, passes, "{wanted}: {}", verdict.seen);
        assert!(verdict.seen.contains(seen), "{wanted}: {}", verdict.seen);
    }
}

#[test]
fn a_condition_on_a_file_reads_as_a_sentence() {
    let cases = [
        ("eventually: {file: {volume: config, path: app.conf}}", "at some moment: the file app.conf is in the volume config"),
        ("never: {file: {path: log, contains: two}}", "never: the file log in a volume says “two”"),
    ];
    for (text, says) in cases {
        assert_eq!(sentence(&check(text)), says);
    }
}

#[test]
fn an_amount_of_memory_that_is_none_is_told_with_its_line() {
    let text = LEAKING.replace("200Mi", "lots");
    let found = manifest::read(&text).diagnostics;
    assert!(found[0].message.contains("`lots` is no amount of memory: write `64Mi` or `1Gi`"), "{found:?}");
}
