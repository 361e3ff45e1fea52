//! Soft spreading. (reference: scheduler 1.5, rules 36 to 39)

use super::{play_in, pod_at};
use crate::scenario::{Node, Scenario};
use crate::time::SimDuration;

const PODS: &str = "
apiVersion: v1
kind: Pod
metadata: {name: one, labels: {app: web}}
spec:
  containers: [{name: app, image: nginx:1.25}]
---
apiVersion: v1
kind: Pod
metadata: {name: two, labels: {app: web}}
spec:
  containers: [{name: app, image: nginx:1.25}]
";

/// Two nodes, of which the first has a little more room, and where the second pod went.
fn second(text: &str) -> String {
    let node =
        |name: &str, cpu_milli, gib: i64| Node { name: name.into(), cpu_milli, memory_bytes: gib << 30, pods: 110, ..Node::default() };
    let scenario = Scenario {
        duration: SimDuration::from_secs(5),
        node: node("large", 4000, 8),
        more_nodes: vec![node("small", 1800, 4)],
        ..Scenario::default()
    };
    let run = play_in(text, scenario, Vec::new());
    assert_eq!(pod_at(&run, "one", 5).spec.node_name, "large");
    pod_at(&run, "two", 5).spec.node_name.clone()
}

#[test]
fn pods_of_a_service_are_spread_and_others_go_where_the_room_is() {
    let service = "apiVersion: v1\nkind: Service\nmetadata: {name: web}\nspec: {selector: {app: web}, ports: [{port: 80}]}\n---\n";
    let soft = "spec:\n  topologySpreadConstraints:\n  - {maxSkew: 1, topologyKey: kubernetes.io/hostname, whenUnsatisfiable: ScheduleAnyway, labelSelector: {matchLabels: {app: web}}}";
    assert_eq!(second(PODS), "large");
    assert_eq!(second(&format!("{service}{PODS}")), "small");
    assert_eq!(second(&PODS.replace("spec:", soft)), "small");
}

#[test]
fn a_pod_that_is_there_draws_and_repels_newcomers() {
    let wish = |kind: &str| {
        let term = "{weight: 100, podAffinityTerm: {topologyKey: kubernetes.io/hostname, labelSelector: {matchLabels: {app: web}}}}";
        PODS.replacen("spec:", &format!("spec:\n  affinity: {{{kind}: {{preferredDuringSchedulingIgnoredDuringExecution: [{term}]}}}}"), 1)
    };
    assert_eq!(second(&wish("podAffinity")), "large");
    assert_eq!(second(&wish("podAntiAffinity")), "small");
}
