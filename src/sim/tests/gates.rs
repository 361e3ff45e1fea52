//! Readiness gates: conditions that somebody else sets. (reference: probes-status-termination 2.10)

use serde_json::json;

use super::{patch, play, pod_at};
use crate::api::ConditionType;

#[test]
fn ready_waits_for_the_condition_of_a_gate_and_falls_with_it() {
    let pod = "
apiVersion: v1
kind: Pod
metadata: {name: web}
spec:
  readinessGates: [{conditionType: example.com/lb}]
  containers:
  - {name: app, image: 'busybox:1.36', command: [sleep, '1000']}
";
    let set =
        |status: &str| patch("web", Some("status"), json!({"status": {"conditions": [{"type": "example.com/lb", "status": status}]}}));
    let run = play(pod, 40, vec![(10, set("True")), (20, set("False"))]);
    let cases = [
        (9, false, "corresponding condition of pod readiness gate \"example.com/lb\" does not exist."),
        (15, true, ""),
        (25, false, "the status of pod readiness gate \"example.com/lb\" is not \"True\", but False"),
    ];
    for (second, ready, message) in cases {
        let status = pod_at(&run, "web", second).status;
        let condition = status.condition(&ConditionType::Ready).cloned().unwrap();
        assert_eq!((condition.status, condition.message.as_str()), (ready, message), "at {second} s");
        assert!(status.is_true(&ConditionType::ContainersReady));
    }
}
