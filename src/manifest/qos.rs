//! The quality-of-service class. (pkg/apis/core/helper/qos/qos.go: ComputePodQOS)

use serde_json::Value;

use super::json::list;
use crate::api::Quantity;

/// `Guaranteed`, `Burstable` or `BestEffort`, from a pod's `spec` after defaulting.
pub(super) fn class(spec: &Value) -> &'static str {
    let pod_level = spec.get("resources").filter(|r| r.get("limits").is_some() || r.get("requests").is_some());
    let resources: Vec<Option<&Value>> = match pod_level {
        Some(resources) => vec![Some(resources)],
        None => list(spec, "containers").iter().chain(list(spec, "initContainers")).map(|c| c.get("resources")).collect(),
    };
    let amount = |r: Option<&Value>, group: &str, name: &str| {
        let text = r.and_then(|r| r.get(group)).and_then(|g| g.get(name)).and_then(Value::as_str);
        text.and_then(Quantity::parse).map(|q| q.milli()).filter(|m| *m != 0)
    };
    let any = |r: Option<&Value>, name: &str| amount(r, "limits", name).is_some() || amount(r, "requests", name).is_some();
    if !resources.iter().any(|r| any(*r, "cpu") || any(*r, "memory")) {
        return "BestEffort";
    }
    let has_limits = |name: &str| resources.iter().all(|r| amount(*r, "limits", name).is_some());
    let sum = |group: &str, name: &str| resources.iter().filter_map(|r| amount(*r, group, name)).sum::<i64>();
    let is_even = |name: &str| has_limits(name) && sum("limits", name) == sum("requests", name);
    if is_even("cpu") && is_even("memory") { "Guaranteed" } else { "Burstable" }
}
