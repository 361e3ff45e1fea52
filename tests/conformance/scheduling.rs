//! Pods against sets of nodes: where a real scheduler put each, and its words where it found no place.

use std::fs;
use std::path::Path;

use podlab::api::{Object, Pod};
use podlab::manifest;
use podlab::scenario::{Node, Scenario, Taint};
use podlab::sim::{Input, simulate};
use podlab::time::{SimDuration, SimTime};
use podlab::trace::Run;
use serde_json::Value;

/// The nodes of the recordings had no kubelet: this is before one has done anything.
const MOMENT: SimTime = SimTime::from_ms(35);

fn text(value: &Value, field: &str) -> String {
    value[field].as_str().unwrap_or_default().to_owned()
}

fn node(value: &Value) -> Node {
    let quantity = |name: &str| podlab::api::Quantity::parse(value["allocatable"][name].as_str().unwrap()).unwrap();
    let taint = |t: &Value| Taint { key: text(t, "key"), value: text(t, "value"), effect: text(t, "effect") };
    let labels = value["labels"].as_object().into_iter().flatten();
    Node {
        name: text(value, "name"),
        cpu_milli: quantity("cpu").milli(),
        memory_bytes: quantity("memory").value(),
        pods: u32::try_from(quantity("pods").value()).unwrap(),
        labels: labels.map(|(k, v)| (k.clone(), v.as_str().unwrap().to_owned())).collect(),
        taints: value["taints"].as_array().into_iter().flatten().map(taint).collect(),
        unschedulable: value["unschedulable"].as_bool().unwrap_or_default(),
    }
}

/// The recorded cases.
pub(crate) fn recorded() -> Vec<Value> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/recordings/scheduling.json");
    serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap()
}

/// A case as the simulator plays it.
pub(crate) fn play(case: &Value) -> Run {
    let documents: Vec<String> = case["objects"].as_array().unwrap().iter().map(Value::to_string).collect();
    let objects: Vec<Object> = manifest::answers(&documents.join("\n---\n")).into_iter().map(|a| a.unwrap().object).collect();
    let mut nodes = case["nodes"].as_array().unwrap().iter().map(node);
    let first = nodes.next().unwrap();
    let duration = SimDuration::from_ms(1500);
    simulate(&Input { objects, scenario: Scenario { node: first, more_nodes: nodes.collect(), duration, ..Scenario::default() } })
}

/// What the recording tells about a pod, as lines.
fn expected(pod: &Value) -> Vec<String> {
    let condition = |c: &Value| format!("{} {} {} {}", text(c, "type"), text(c, "status"), text(c, "reason"), text(c, "message"));
    let event = |e: &Value| format!("{} {} {}", text(e, "type"), text(e, "reason"), text(e, "message"));
    let mut lines = vec![format!("node {} nominated {}", text(pod, "node"), text(pod, "nominatedNode"))];
    lines.push(format!("deleting {}", pod["deleting"].as_bool().unwrap_or_default()));
    let mut more: Vec<String> = pod["conditions"].as_array().unwrap().iter().map(condition).collect();
    more.extend(pod["events"].as_array().unwrap().iter().map(event));
    lines.extend(more.into_iter().map(|l| mask(&l)));
    lines
}

fn mask(line: &str) -> String {
    let uid = regex::Regex::new("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}").unwrap();
    uid.replace_all(&line.replace("default/", "<ns>/"), "<uid>").into_owned()
}

/// The same from the trace: the scheduler's conditions and events.
fn found(run: &Run, name: &str) -> Vec<String> {
    let (id, _) = run.trace.objects().find(|(_, key)| key.name == name).unwrap();
    let pod: &Pod = run.trace.pod_at(id, MOMENT).unwrap();
    let mut lines = vec![format!("node {} nominated {}", pod.spec.node_name, pod.status.nominated_node_name)];
    lines.push(format!("deleting {}", pod.is_terminating()));
    let events = || run.trace.events().filter(|(r, e)| r.at <= MOMENT && e.object.name == name && e.component == "default-scheduler");
    // The kubelet of a pod that names its node says so too.
    let by_scheduler =
        |kind: &str| kind == "DisruptionTarget" || (kind == "PodScheduled" && (pod.spec.node_name.is_empty() || events().count() > 0));
    let mut conditions: Vec<String> = pod
        .status
        .conditions
        .iter()
        .filter(|c| by_scheduler(c.kind.as_str()))
        .map(|c| format!("{} {} {} {}", c.kind.as_str(), if c.status { "True" } else { "False" }, c.reason, c.message))
        .collect();
    conditions.sort_by_key(|c| !c.starts_with("PodScheduled"));
    conditions.extend(events().map(|(_, e)| format!("{} {} {}", e.kind.as_str(), e.reason, e.message)));
    lines.extend(conditions.into_iter().map(|l| mask(&l)));
    lines
}

#[test]
fn pods_go_where_the_real_scheduler_put_them() {
    let cases = recorded();
    let mut wrong = Vec::new();
    for case in &cases {
        let run = play(case);
        for pod in case["result"].as_array().unwrap() {
            let (want, got) = (expected(pod), found(&run, &text(pod, "pod")));
            if want != got {
                wrong.push(format!("{}: {want:#?}\n{got:#?}", text(case, "case")));
            }
        }
    }
    assert!(wrong.is_empty(), "{} of {} differ\n{}", wrong.len(), cases.len(), wrong.join("\n"));
}
