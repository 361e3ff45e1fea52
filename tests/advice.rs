//! Every lint has a manifest that raises it and one that does not, and its fix makes it vanish.
#![cfg(test)]

use std::collections::BTreeSet;

use podlab::advice::{Advice, advise, lints};
use podlab::manifest;
use podlab::sim::{self, Input};
use podlab::time::SimDuration;

fn pod(containers: &str, rest: &str) -> String {
    format!("apiVersion: v1\nkind: Pod\nmetadata: {{name: web, labels: {{app: web}}}}\nspec:\n  containers:\n{containers}{rest}")
}

/// A pod of one container with more fields than its name and image.
fn with(fields: &str) -> String {
    pod(&format!("  - name: app # the app\n    image: busybox:1.36\n{}", indented(fields, 4)), "")
}

fn indented(text: &str, by: usize) -> String {
    text.lines().map(|l| format!("{}{l}\n", " ".repeat(by))).collect()
}

/// A pod with a plain container and an init container.
fn with_init(fields: &str) -> String {
    pod(
        "  - {name: app, image: 'nginx:1.25'}\n",
        &format!("  initContainers:\n  - name: first\n    image: busybox:1.36\n{}", indented(fields, 4)),
    )
}

fn object(kind: &str, version: &str, spec: &str) -> String {
    format!("apiVersion: {version}\nkind: {kind}\nmetadata: {{name: web}}\nspec:\n{}", indented(spec, 2))
}

const TEMPLATE: &str = "template: {metadata: {labels: {app: web}}, spec: {containers: [{name: app, image: 'nginx:1.25', ports: [{name: http, containerPort: 80}]}]}}";

fn deployment(more: &str) -> String {
    object("Deployment", "apps/v1", &format!("selector: {{matchLabels: {{app: web}}}}\n{TEMPLATE}\n{more}"))
}

fn job(more: &str) -> String {
    object(
        "Job",
        "batch/v1",
        &format!("template: {{spec: {{restartPolicy: Never, containers: [{{name: app, image: 'busybox:1.36'}}]}}}}\n{more}"),
    )
}

fn cron(more: &str) -> String {
    let job = "jobTemplate: {spec: {template: {spec: {restartPolicy: Never, containers: [{name: app, image: 'busybox:1.36'}]}}}}";
    object("CronJob", "batch/v1", &format!("{job}\n{more}"))
}

fn service(spec: &str, other: &str) -> String {
    format!("{}---\n{other}", object("Service", "v1", spec))
}

fn budget(spec: &str, replicas: u32) -> String {
    let budget = object("PodDisruptionBudget", "policy/v1", &format!("selector: {{matchLabels: {{app: web}}}}\n{spec}"));
    format!("{budget}---\n{}", deployment(&format!("replicas: {replicas}")))
}

fn scaled(more: &str) -> String {
    let scaler = object(
        "HorizontalPodAutoscaler",
        "autoscaling/v2",
        "maxReplicas: 3\nscaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: web}",
    );
    format!("{scaler}---\n{}", deployment(more))
}

fn mounted(volume: &str, mount: &str) -> String {
    pod(&format!("  - name: app\n    image: nginx:1.25\n    volumeMounts: [{mount}]\n"), &format!("  volumes: [{volume}]\n"))
}

/// A lint, a manifest that raises it, one that does not.
type Case = (&'static str, String, String);

fn probes() -> Vec<Case> {
    let http = "{path: /, port: 80}";
    let probe = |name: &str, more: &str| with(&format!("{name}: {{httpGet: {http}{more}}}"));
    let both = |more: &str| with(&format!("livenessProbe: {{httpGet: {http}{more}}}\nreadinessProbe: {{httpGet: {http}}}"));
    let named =
        |port: &str| with(&format!("ports: [{{name: http, containerPort: 80}}]\nreadinessProbe: {{httpGet: {{path: /, port: {port}}}}}"));
    let exec = |command: &str| with(&format!("livenessProbe: {{exec: {{command: [sh, -c, '{command}']}}}}"));
    let startup = |n: u32| {
        with(&format!(
            "startupProbe: {{httpGet: {http}, failureThreshold: {n}}}\nlivenessProbe: {{httpGet: {http}, initialDelaySeconds: 60}}"
        ))
    };
    vec![
        ("liveness-equals-readiness", both(""), both(", failureThreshold: 10")),
        ("liveness-delay-for-startup", probe("livenessProbe", ", initialDelaySeconds: 60"), startup(30)),
        ("liveness-hasty", probe("livenessProbe", ", periodSeconds: 1"), probe("livenessProbe", "")),
        (
            "probe-timeout-above-period",
            probe("livenessProbe", ", periodSeconds: 5, timeoutSeconds: 9"),
            probe("livenessProbe", ", timeoutSeconds: 9"),
        ),
        ("probe-port-name-unknown", named("web"), named("http")),
        (
            "probe-asks-another-host",
            with("livenessProbe: {httpGet: {path: /, port: 80, host: db.example}}"),
            with("livenessProbe: {httpGet: {path: /, port: 80, host: 127.0.0.1}}"),
        ),
        ("liveness-needs-other-service", exec("pg_isready -h db"), exec("pg_isready -h localhost")),
        ("readiness-single-failure", probe("readinessProbe", ", failureThreshold: 1"), probe("readinessProbe", ", failureThreshold: 2")),
        ("startup-shorter-than-delay", startup(3), startup(30)),
    ]
}

fn containers() -> Vec<Case> {
    let image = |image: &str, policy: &str| pod(&format!("  - {{name: app, image: '{image}', imagePullPolicy: {policy}}} # kept\n"), "");
    let config = "{name: c, configMap: {name: c}}";
    vec![
        (
            "pre-stop-longer-than-grace",
            with("lifecycle: {preStop: {exec: {command: [sleep, '40']}}}"),
            with("lifecycle: {preStop: {exec: {command: [sleep, '5']}}}"),
        ),
        ("shell-as-pid-1", with("command: [sh, -c, 'echo hello; sleep 100']"), with("command: [sh, -c, 'echo hello; exec sleep 100']")),
        ("latest-if-not-present", image("nginx:latest", "IfNotPresent"), image("nginx:1.25", "IfNotPresent")),
        ("image-without-version", image("registry:5000/nginx", "Always"), image("registry:5000/nginx:1.25", "Always")),
        (
            "init-waits-for-own-pod",
            with_init("command: [sh, -c, 'until nc -z localhost 80; do sleep 1; done']"),
            with_init("command: [sh, -c, 'until nc -z db 5432; do sleep 1; done']"),
        ),
        ("no-requests", with("env: []"), with("resources: {requests: {cpu: 10m, memory: 16Mi}}")),
        (
            "no-memory-limit",
            with("resources: {requests: {memory: 16Mi}}"),
            with("resources: {requests: {memory: 16Mi}, limits: {memory: 16Mi}}"),
        ),
        ("init-never-ends", with_init("command: [sh, -c, 'while true; do sleep 1; done']"), with_init("command: [sh, -c, 'sleep 1']")),
        ("command-in-one-word", with("command:\n- sleep 100\nargs: []"), with("command: [sleep, '100']")),
        ("command-in-one-word", with("command: ['sleep 100'] # a while"), with("command: [sleep, '100']")),
        ("words-after-script", with("command: [sh, -c, exec sleep, '100']"), with("command: [sh, -c, exec sleep 100]")),
        ("secret-in-env", with("env: [{name: DB_PASSWORD, value: hunter2}]"), with("env: [{name: DB_HOST, value: db}]")),
        ("host-port", with("ports: [{containerPort: 80, hostPort: 80}]"), with("ports: [{containerPort: 80}]")),
        ("sub-path-of-config", mounted(config, "{name: c, mountPath: /a, subPath: a}"), mounted(config, "{name: c, mountPath: /a}")),
        ("privileged", deployment("").replace("ports:", "securityContext: {privileged: true}, ports:"), deployment("")),
    ]
}

fn pods() -> Vec<Case> {
    let two = |a: u32, b: u32| {
        pod(
            &format!(
                "  - {{name: a, image: 'nginx:1.25', ports: [{{containerPort: {a}}}]}}\n  - {{name: b, image: 'nginx:1.25', ports: [{{containerPort: {b}}}]}}\n"
            ),
            "",
        )
    };
    let http = "selector: {app: web}\nports: [{port: 80}]";
    vec![
        (
            "grace-of-zero",
            format!("{}  terminationGracePeriodSeconds: 0 # at once\n", with("")),
            format!("{}  terminationGracePeriodSeconds: 5\n", with("")),
        ),
        ("job-with-plain-sidecar", job("").replace("'busybox:1.36'}", "'busybox:1.36'}, {name: log, image: 'busybox:1.36'}"), job("")),
        (
            "volume-not-mounted",
            format!("{}  volumes: [{{name: v, emptyDir: {{}}}}]\n", with("")),
            mounted("{name: v, emptyDir: {}}", "{name: v, mountPath: /v}"),
        ),
        (
            "memory-volume-without-size",
            mounted("{name: v, emptyDir: {medium: Memory}}", "{name: v, mountPath: /v}"),
            mounted("{name: v, emptyDir: {medium: Memory, sizeLimit: 1Mi}}", "{name: v, mountPath: /v}"),
        ),
        ("no-readiness-behind-service", service(http, &with("")), service(http, &with("readinessProbe: {tcpSocket: {port: 80}}"))),
        ("bound-to-a-node", deployment("").replace("containers:", "nodeName: node-1, containers:"), with("")),
        ("same-port-twice", two(80, 80), two(80, 81)),
    ]
}

fn workloads() -> Vec<Case> {
    let to = |port: &str| service(&format!("selector: {{app: web}}\nports: [{{port: 80, targetPort: {port}}}]"), &deployment(""));
    let label = |label: &str| service(&format!("selector: {{app: {label}}}\nports: [{{port: 80}}]"), &deployment(""));
    let most = |most: &str| deployment(&format!("replicas: 4\nstrategy: {{rollingUpdate: {{maxUnavailable: {most}}}}}"));
    vec![
        ("service-port-name-unknown", to("web"), to("http")),
        ("service-selects-nothing", label("wbe"), label("web")),
        ("budget-without-room", budget("minAvailable: 2", 2), budget("minAvailable: 1", 2)),
        ("budget-without-room", budget("maxUnavailable: 0", 2), budget("maxUnavailable: 1", 2)),
        ("all-replicas-at-once", most("100%"), most("50%")),
        ("finished-jobs-stay", job(""), job("ttlSecondsAfterFinished: 60")),
        ("cron-runs-overlap", cron("schedule: '* * * * *'"), cron("schedule: '* * * * *'\nconcurrencyPolicy: Forbid")),
        ("replicas-beside-autoscaler", scaled("replicas: 2"), scaled("")),
        ("job-never-retried", job("backoffLimit: 0"), job("backoffLimit: 1")),
    ]
}

fn proved() -> Vec<Case> {
    let script = |script: &str| with(&format!("command: [sh, -c, '{script}']"));
    let live = |command: &str| with(&format!("command: [sleep, '600']\nlivenessProbe: {{exec: {{command: ['{command}']}}}}"));
    vec![
        (
            "memory-limit-too-low",
            with("image: polinux/stress\ncommand: [stress]\nargs: ['--vm', '1', '--vm-bytes', '250M', '--vm-hang', '1']\nresources: {limits: {memory: 100Mi}}").replace("    image: busybox:1.36\n", ""),
            with("image: polinux/stress\ncommand: [stress]\nargs: ['--vm', '1', '--vm-bytes', '150M', '--vm-hang', '1']\nresources: {limits: {memory: 200Mi}}").replace("    image: busybox:1.36\n", ""),
        ),
        ("killed-after-grace", live("false").replace("sleep, '600'", "sh, -c, 'sleep 600; sleep 1'"), script("exec sleep 600")),
        ("liveness-restarts", live("false"), live("true")),
        ("ends-and-starts-again", script("sleep 5"), script("sleep 900")),
        ("crash-loop", script("exit 3"), script("sleep 900")),
    ]
}

fn found(text: &str) -> Vec<Advice> {
    let read = manifest::read(text);
    assert!(!read.has_errors(), "{:#?}\n{text}", read.diagnostics);
    let mut input = Input { objects: read.admitted(), ..Input::default() };
    input.scenario.duration = SimDuration::from_secs(600);
    advise(&read, Some(&sim::simulate(&input)))
}

fn of(lint: &str, text: &str) -> Vec<Advice> {
    found(text).into_iter().filter(|a| a.lint.id == lint).collect()
}

#[test]
fn each_lint_is_raised_where_it_should_be_and_its_fix_ends_it() {
    let cases: Vec<Case> = [probes(), containers(), pods(), workloads(), proved()].concat();
    for (lint, raises, calm) in &cases {
        let raised = of(lint, raises);
        let Some(first) = raised.first() else { panic!("{lint} is not raised by\n{raises}") };
        assert!(!first.span.of(raises).is_empty(), "{lint} points nowhere");
        assert!(of(lint, calm).is_empty(), "{lint} is raised by\n{calm}");
        if let Some(fix) = &first.fix {
            let fixed = fix.apply(raises);
            assert!(of(lint, &fixed).len() < raised.len(), "{lint} stays\n{fixed}");
            let comments = |text: &str| text.lines().filter_map(|l| l.split_once(" # ").map(|(_, c)| c.to_owned())).collect::<Vec<_>>();
            assert_eq!(comments(&fixed), comments(raises), "{lint}");
        }
    }
    let tested: BTreeSet<&str> = cases.iter().map(|(lint, ..)| *lint).collect();
    assert_eq!(tested, lints().map(|l| l.id).collect(), "a lint without a case");
}

#[test]
fn what_a_run_proves_has_its_moment_and_the_rest_has_none() {
    let advice = found(&with("command: [sh, -c, 'exit 3']"));
    let moment = |id: &str| advice.iter().find(|a| a.lint.id == id).map(|a| a.at.is_some());
    assert_eq!((moment("crash-loop"), moment("no-requests")), (Some(true), Some(false)));
}

#[test]
fn each_lint_names_an_item_of_the_course() {
    let items = concat!(env!("CARGO_MANIFEST_DIR"), "/content/items");
    for lint in lints() {
        assert!(std::path::Path::new(items).join(format!("{}.yaml", lint.lesson)).is_file(), "{}: {}", lint.id, lint.lesson);
        assert!(lint.reason.len() > 20, "{}", lint.id);
    }
}
