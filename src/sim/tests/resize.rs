//! In-place resize. (reference: kubelet-sync 7.1)

use serde_json::json;

use super::{answers, events_with, patch, play, pod_at};

const POD: &str = "
apiVersion: v1
kind: Pod
metadata: {name: grow}
spec:
  terminationGracePeriodSeconds: 2
  containers:
  - name: app
    image: busybox:1.36
    command: [sh, -c, 'while true; do sleep 1; done']
    resizePolicy: [{resourceName: memory, restartPolicy: RestartContainer}]
    resources: {requests: {cpu: 100m, memory: 32Mi}, limits: {cpu: 1500m, memory: 64Mi}}
---
apiVersion: v1
kind: Pod
metadata: {name: other}
spec:
  restartPolicy: Never
  containers:
  - {name: app, image: busybox:1.36, command: [sleep, '25'], resources: {requests: {cpu: 1500m}}}
";

fn requests(cpu: &str, memory: &str) -> serde_json::Value {
    json!({"spec": {"containers": [{"name": "app", "resources": {"requests": {"cpu": cpu, "memory": memory}}}]}})
}

#[test]
fn cpu_changes_in_place_and_memory_by_the_restart_that_its_policy_asks_for() {
    let cases = [
        (requests("200m", "32Mi"), 0, vec!["10 ResizeStarted", "10 ResizeCompleted"]),
        (requests("100m", "48Mi"), 1, vec!["10 ResizeStarted", "10 Killing", "12 ResizeCompleted"]),
    ];
    for (body, restarts, expected) in cases {
        let run = play(POD, 20, vec![(10, patch("grow", Some("resize"), body))]);
        let reasons = ["ResizeStarted", "ResizeCompleted", "Killing"];
        let events: Vec<String> =
            events_with(&run, "grow", &reasons).iter().map(|e| e.split(' ').take(2).collect::<Vec<_>>().join(" ")).collect();
        assert_eq!(events, expected);
        let status = pod_at(&run, "grow", 20).status;
        assert_eq!(status.container_statuses[0].restart_count, restarts);
        assert!(status.conditions.iter().all(|c| !c.kind.as_str().contains("Resize")));
    }
}

#[test]
fn a_resize_waits_for_room_and_one_beyond_the_node_is_refused() {
    let actions = vec![
        (10, patch("grow", Some("resize"), requests("900m", "32Mi"))),
        (
            40,
            patch(
                "grow",
                Some("resize"),
                json!({"spec": {"containers": [{"name": "app", "resources": {"requests": {"cpu": "9"}, "limits": {"cpu": "9"}}}]}}),
            ),
        ),
    ];
    let run = play(POD, 50, actions);
    let pending = pod_at(&run, "grow", 20).status.conditions[0].clone();
    let full = "Node didn't have enough resource: cpu, requested: 900, used: 1500, capacity: 2000";
    assert_eq!((pending.kind.as_str(), pending.reason.as_str(), pending.message.as_str()), ("PodResizePending", "Deferred", full));
    let events = events_with(&run, "grow", &["ResizeDeferred", "ResizeStarted"]);
    assert!(events[0].starts_with("10 ResizeDeferred Pod resize OutOfcpu: {\"containers\":[{\"name\":\"app\""), "{events:?}");
    assert!(events[1].starts_with("26 ResizeStarted ") || events[1].starts_with("27 ResizeStarted "), "{events:?}");
    let refused = "403 pods \"grow\" is forbidden: node didn't have enough allocatable resources: cpu, requested: 9000, allocatable: 2000";
    assert_eq!(answers(&run)[1], refused);
}
