//! Any text as the body of a Scenario beside a pod with a Service.
#![no_main]

use libfuzzer_sys::fuzz_target;
use podlab::{manifest, sim};

const POD: &str = "apiVersion: v1
kind: Pod
metadata: {name: shop, labels: {app: shop}}
spec:
  containers:
  - {name: app, image: 'nginx:1.25', readinessProbe: {httpGet: {path: /, port: 80}}}
  - {name: side, image: 'busybox:1.36', command: [sh, -c, 'while :; do nc -z db 5432 && echo up; sleep 1; done']}
---
apiVersion: v1
kind: Service
metadata: {name: shop}
spec: {selector: {app: shop}, ports: [{port: 80}]}
---
apiVersion: podlab/v1
kind: Scenario
spec:
";

fuzz_target!(|text: &str| {
    let indented: String = text.lines().map(|line| format!("  {line}\n")).collect();
    let read = manifest::read(&format!("{POD}{indented}"));
    let _ = sim::simulate(&sim::Input { objects: read.admitted(), scenario: read.scenario.unwrap_or_default() });
});
