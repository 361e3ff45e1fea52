//! The recorded cases have the same traces in WebAssembly as natively. `./check` runs this file for both.
#![expect(clippy::unwrap_used, reason = "a broken recording fails the test")]

/// Names, manifests and scripts, so that they are there where no files are.
macro_rules! cases {
    ($($name:literal),* $(,)?) => {
        &[$(($name, include_str!(concat!("recordings/", $name, "/manifest.yaml")), include_str!(concat!("recordings/", $name, "/case.yaml")))),*]
    };
}

/// Every recorded case.
const CASES: &[(&str, &str, &str)] = cases![
    "active-deadline",
    "basic-nginx",
    "command-not-found",
    "configmap-env-missing",
    "configmap-env-optional",
    "configmap-volume-missing",
    "crash-after-3s",
    "crash-immediate",
    "crash-then-stable",
    "delete-during-init",
    "delete-finalizer",
    "delete-force",
    "delete-grace-5",
    "delete-honours-term",
    "delete-ignores-term",
    "delete-nginx",
    "delete-readiness-service",
    "deploy-bad-image-stalls",
    "deploy-pod-deleted-heals",
    "deploy-recreate",
    "deploy-rolling-update",
    "deploy-scale",
    "ds-one-node",
    "ephemeral-container",
    "exit0-always",
    "exit0-never",
    "exit3-always",
    "exit3-onfailure",
    "image-fixed-by-patch",
    "image-invalid-name",
    "image-missing",
    "image-missing-delete",
    "image-never-pull",
    "image-pull-ok",
    "image-sidecar-bad",
    "init-fails-always",
    "init-fails-never",
    "init-not-rerun-on-app-crash",
    "init-sequence",
    "init-writes-config",
    "job-backoff-never",
    "job-backoff-onfailure",
    "job-completes",
    "job-indexed",
    "job-suspend",
    "job-ttl",
    "job-with-sidecar",
    "liveness-during-slow-start",
    "liveness-exec-docs",
    "liveness-tcp-refused",
    "oom-killed",
    "oom-killed-never",
    "port-clash-in-pod",
    "poststart-delays-ready",
    "poststart-fails",
    "prestop-exceeds-grace",
    "prestop-then-term",
    "probe-timeout",
    "qos-besteffort",
    "qos-guaranteed",
    "readiness-flaps",
    "readiness-late",
    "resize-in-place",
    "run-as-nonroot",
    "scheduling-gate",
    "secret-env-missing",
    "shared-volume-log-shipper",
    "sidecar-crashes",
    "sidecar-job-completes",
    "sidecar-job-ignores-term",
    "sidecar-order",
    "sidecar-poststart",
    "sidecar-startup-gates-app",
    "sidecar-two-delete",
    "startup-slow-app",
    "sts-ordered",
    "sts-stuck-on-broken",
    "termination-message",
    "two-containers-never",
    "two-containers-one-crashes",
    "unschedulable-cpu",
    "unschedulable-memory-init",
    "writable-layer-lost",
];

const HASHES: &str = include_str!("recordings/hashes.txt");

fn stored() -> Vec<(&'static str, &'static str)> {
    HASHES.lines().filter_map(|line| line.split_once(' ')).collect()
}

/// The cases whose traces are not what they are natively.
fn different() -> Vec<String> {
    let hash = |manifest: &str, case: &str| {
        let case = podlab::kubectl::recording::Case::read(manifest, case).unwrap();
        let run = podlab::sim::simulate(&podlab::sim::Input { objects: case.objects, scenario: case.scenario });
        format!("{:016x}", podlab::trace::hash(&run.trace))
    };
    let all = CASES.iter().map(|(name, manifest, case)| (*name, hash(manifest, case)));
    all.filter(|(name, hash)| !stored().contains(&(*name, hash.as_str()))).map(|(name, hash)| format!("{name} {hash}")).collect()
}

#[cfg(target_arch = "wasm32")]
#[wasm_bindgen_test::wasm_bindgen_test]
fn traces_are_the_same_in_webassembly() {
    assert_eq!(different(), Vec::<String>::new());
}

#[cfg(not(target_arch = "wasm32"))]
#[test]
fn the_list_of_cases_is_whole() {
    assert_eq!(CASES.iter().map(|c| c.0).collect::<Vec<_>>(), stored().iter().map(|s| s.0).collect::<Vec<_>>());
    assert_eq!(different(), Vec::<String>::new());
}
