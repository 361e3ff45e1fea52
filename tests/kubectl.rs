//! Command lines of kubectl on a small cluster, and what they print: both streams and the exit code.

#![cfg(test)]

use std::sync::LazyLock;

use podlab::kubectl::command::split;
use podlab::kubectl::{Answer, Shell, answer};
use podlab::time::SimTime;
use podlab::trace::Run;
use podlab::{manifest, sim};
use proptest::prelude::*;

const MANIFEST: &str = "
apiVersion: v1
kind: Pod
metadata: {name: web, labels: {app: web, tier: front}}
spec:
  initContainers:
  - {name: setup, image: busybox:1.36, command: [sh, -c, 'echo set up']}
  containers:
  - name: app
    image: busybox:1.36
    command: [sh, -c, 'echo one; echo two; echo three; sleep 1000']
    ports: [{containerPort: 8080, name: http}]
---
apiVersion: v1
kind: Pod
metadata: {name: worker, labels: {app: worker}}
spec:
  restartPolicy: Never
  containers:
  - {name: main, image: busybox:1.36, command: [sh, -c, 'echo bye; exit 3']}
---
apiVersion: v1
kind: Service
metadata: {name: web}
spec: {selector: {app: web}, ports: [{port: 80, targetPort: http}]}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: settings}
data: {color: blue, 'n': 'true'}
";

fn run() -> Run {
    let read = manifest::read(MANIFEST);
    assert!(!read.has_errors(), "{:?}", read.diagnostics);
    sim::simulate(&sim::Input { objects: read.admitted(), scenario: read.scenario.unwrap_or_default() })
}

fn type_line(run: &Run, line: &str) -> Answer {
    answer(Shell { trace: &run.trace, at: SimTime::from_ms(30_000), namespace: "default" }, &split(line).unwrap())
}

#[test]
fn commands_print_what_kubectl_prints() {
    let cases = [
        (
            "kubectl get pods",
            "NAME     READY   STATUS    RESTARTS   AGE\nweb      1/1     Running   0          30s\nworker   0/1     Error     0          30s\n",
        ),
        ("get po web --no-headers", "web   1/1   Running   0     30s\n"),
        ("get pods -l app!=web -o name", "pod/worker\n"),
        ("get pods -o name --sort-by=.status.phase", "pod/worker\npod/web\n"),
        ("get pods -o name --field-selector status.phase=Running", "pod/web\n"),
        ("get pod web -A --show-labels", ""),
        (
            "get pods -A --show-labels",
            "NAMESPACE   NAME     READY   STATUS    RESTARTS   AGE   LABELS\n\
             default     web      1/1     Running   0          30s   app=web,tier=front\n\
             default     worker   0/1     Error     0          30s   app=worker\n",
        ),
        (
            "get pod/worker cm/settings",
            "NAME         READY   STATUS   RESTARTS   AGE\npod/worker   0/1     Error    0          30s\n\n\
             NAME                 DATA   AGE\nconfigmap/settings   2      30s\n",
        ),
        (
            "get cm settings -o yaml",
            "apiVersion: v1\ndata:\n  color: blue\n  \"n\": \"true\"\nkind: ConfigMap\nmetadata:\n  creationTimestamp: \"2026-01-05T10:00:00Z\"\n",
        ),
        ("get pod web -o jsonpath='{.status.phase} on {.spec.nodeName}'", "Running on node1"),
        ("get pods -o jsonpath='{range .items[*]}{.metadata.name}:{.status.containerStatuses[0].restartCount} {end}'", "web:0 worker:0 "),
        ("logs web --tail=2", "two\nthree\n"),
        ("logs pod/web setup", "set up\n"),
        ("logs web --all-containers", "set up\none\ntwo\nthree\n"),
        ("logs -l app=worker", "bye\n"),
        ("describe svc web", "Name:                     web\n"),
        ("describe pod wor", "Name:             worker\n"),
        ("events --for pod/worker --types=Warning", ""),
        ("get pods -w", "NAME     READY   STATUS              RESTARTS   AGE\nweb      0/1     Pending             0          0s\n"),
    ];
    let run = run();
    for (line, want) in cases {
        let answer = type_line(&run, line);
        assert!(answer.out.starts_with(want), "{line}\n{}", answer.out);
        assert_eq!(answer.out.is_empty(), want.is_empty(), "{line}\n{}", answer.out);
    }
}

#[test]
fn errors_and_exit_codes_are_kubectls() {
    let cases = [
        ("get pods -n other", "No resources found in other namespace.\n", 0),
        ("get secrets -A", "No resources found\n", 0),
        ("get secret x --ignore-not-found", "", 0),
        ("get pod nope", "Error from server (NotFound): pods \"nope\" not found\n", 1),
        ("get deploy nope", "Error from server (NotFound): deployments.apps \"nope\" not found\n", 1),
        ("get pods web nope", "Error from server (NotFound): pods \"nope\" not found\n", 1),
        ("describe pod nope", "Error from server (NotFound): pods \"nope\" not found\n", 1),
        ("logs nope", "error: error from server (NotFound): pods \"nope\" not found in namespace \"default\"\n", 1),
        ("logs web", "Defaulted container \"app\" out of: app, setup (init)\n", 0),
        ("logs web -c x", "error: container x is not valid for pod web out of: app, setup (init)\n", 1),
        ("logs worker -p", "Error from server (BadRequest): previous terminated container \"main\" in pod \"worker\" not found\n", 1),
        ("get pod web -A", "error: a resource cannot be retrieved by name across all namespaces\n", 1),
        ("get pods -o custom-columns=A:.x", "not simulated: -o custom-columns; there are wide, name, yaml, json and jsonpath=\n", 1),
        ("get pods -o jsonpath={.items", "error: error parsing jsonpath {.items, unclosed action\n", 1),
        ("events --for pod/nope", "No events found in default namespace.\n", 0),
    ];
    let run = run();
    for (line, err, code) in cases {
        let answer = type_line(&run, line);
        assert_eq!((answer.err.as_str(), answer.code), (err, code), "{line}");
    }
}

#[test]
fn a_list_as_json_is_what_a_program_reads() {
    let run = run();
    let list: serde_json::Value = serde_json::from_str(&type_line(&run, "get pods,events -o json").out).unwrap();
    assert_eq!(list["kind"], "List");
    let kinds: Vec<&str> = list["items"].as_array().unwrap().iter().map(|i| i["kind"].as_str().unwrap()).collect();
    assert_eq!(kinds[..2], ["Pod", "Pod"]);
    assert!(kinds[2..].iter().all(|k| *k == "Event") && kinds.len() > 6);
    let one = type_line(&run, "get pod worker -o json").out;
    assert!(one.starts_with("{\n    \"apiVersion\": \"v1\",\n    \"kind\": \"Pod\","), "{one}");
    assert_eq!(
        serde_json::from_str::<serde_json::Value>(&one).unwrap()["status"]["containerStatuses"][0]["state"]["terminated"]["exitCode"],
        3
    );
}

/// Words of command lines, to be put together wrongly.
const WORDS: [&str; 36] = [
    "kubectl",
    "get",
    "describe",
    "logs",
    "events",
    "delete",
    "pods",
    "pod",
    "web",
    "svc",
    "all",
    "pods,cm",
    "pod/web",
    "/",
    "events/x",
    "-n",
    "default",
    "-A",
    "-l",
    "app=web",
    "-o",
    "wide",
    "yaml",
    "jsonpath={.items[*]..x}",
    "jsonpath={range .items[*]}{",
    "-w",
    "--tail",
    "-1",
    "99999999999999999999",
    "--sort-by=.a.b",
    "--field-selector",
    "a!==b",
    "--",
    "-",
    "--=",
    "ä",
];

static RUN: LazyLock<Run> = LazyLock::new(run);

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_line_is_answered(words in prop::collection::vec(prop::sample::select(&WORDS[..]), 0..7), at in 0_u64..40_000) {
        let words: Vec<String> = words.into_iter().map(str::to_owned).collect();
        let answer = answer(Shell { trace: &RUN.trace, at: SimTime::from_ms(at), namespace: "default" }, &words);
        prop_assert!(answer.code <= 1);
        prop_assert!(answer.code == 0 || !answer.err.is_empty(), "{:?}", words);
    }

    #[test]
    fn any_text_is_split_or_refused(line in "\\PC{0,40}") {
        let words = split(&line).unwrap_or_default();
        prop_assert!(words.iter().map(String::len).sum::<usize>() <= line.len());
    }
}
