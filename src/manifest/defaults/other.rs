//! Defaults of Services, Secrets, claims, autoscalers. (pkg/apis/core/v1/defaults.go, pkg/apis/autoscaling/v2/defaults.go)

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use super::super::json::{child, default, list_mut, remove, set, text};

/// A Service; its cluster IP is allocated later.
pub(super) fn service(body: &mut Value) {
    let Some(spec) = child(body, "spec") else { return };
    default(spec, "type", "ClusterIP");
    default(spec, "sessionAffinity", "None");
    let kind = text(spec, "type").to_owned();
    if text(spec, "sessionAffinity") == "ClientIP" {
        default(spec, "sessionAffinityConfig", json!({"clientIP": {"timeoutSeconds": 10800}}));
    }
    for port in list_mut(spec, "ports") {
        default(port, "protocol", "TCP");
        let number = port.get("port").cloned().unwrap_or(Value::from(0));
        default(port, "port", 0);
        default(port, "targetPort", number);
    }
    if kind != "ExternalName" {
        default(spec, "internalTrafficPolicy", "Cluster");
        default(spec, "ipFamilies", json!(["IPv4"]));
        default(spec, "ipFamilyPolicy", "SingleStack");
        if text(spec, "clusterIP") == "None" {
            default(spec, "clusterIPs", json!(["None"]));
        }
    }
    if kind == "NodePort" || kind == "LoadBalancer" {
        default(spec, "externalTrafficPolicy", "Cluster");
    }
    if kind == "LoadBalancer" {
        default(spec, "allocateLoadBalancerNodePorts", true);
    }
}

/// A Secret: plain text goes into `data` and wins. (pkg/apis/core/v1/conversion.go)
pub(super) fn secret(body: &mut Value) {
    default(body, "type", "Opaque");
    if let Some(Value::Object(texts)) = remove(body, "stringData")
        && let Some(data) = child(body, "data")
    {
        for (key, value) in texts {
            set(data, &key, STANDARD.encode(value.as_str().unwrap_or_default()));
        }
    }
}

/// A PersistentVolumeClaim.
pub(super) fn claim(body: &mut Value) {
    if let Some(spec) = child(body, "spec") {
        default(spec, "volumeMode", "Filesystem");
    }
    if let Some(status) = child(body, "status") {
        default(status, "phase", "Pending");
    }
}

/// A HorizontalPodAutoscaler.
pub(super) fn autoscaler(body: &mut Value) {
    let Some(spec) = child(body, "spec") else { return };
    default(spec, "minReplicas", 1);
    default(
        spec,
        "metrics",
        json!([{"type": "Resource", "resource": {"name": "cpu", "target": {"type": "Utilization", "averageUtilization": 80}}}]),
    );
    let Some(behavior) = spec.get_mut("behavior") else { return };
    if let Some(up) = child(behavior, "scaleUp") {
        default(up, "stabilizationWindowSeconds", 0);
        default(up, "selectPolicy", "Max");
        let pods = json!({"type": "Pods", "value": 4, "periodSeconds": 15});
        default(up, "policies", json!([pods, {"type": "Percent", "value": 100, "periodSeconds": 15}]));
    }
    if let Some(down) = child(behavior, "scaleDown") {
        default(down, "selectPolicy", "Max");
        default(down, "policies", json!([{"type": "Percent", "value": 100, "periodSeconds": 15}]));
    }
}

/// A PodDisruptionBudget: nothing but the numbers in its status.
pub(super) fn budget(body: &mut Value) {
    set(body, "status", json!({"disruptionsAllowed": 0, "currentHealthy": 0, "desiredHealthy": 0, "expectedPods": 0}));
}

/// A PriorityClass.
pub(super) fn priority_class(body: &mut Value) {
    default(body, "value", 0);
    default(body, "preemptionPolicy", "PreemptLowerPriority");
}

/// A LimitRange: `default` from `max`, `defaultRequest` from `default`, then from `min`.
pub(super) fn limit_range(body: &mut Value) {
    let Some(spec) = child(body, "spec") else { return };
    for limit in list_mut(spec, "limits").iter_mut().filter(|l| text(l, "type") == "Container") {
        for (to, from) in [("default", "max"), ("defaultRequest", "default"), ("defaultRequest", "min")] {
            let Some(amounts) = limit.get(from).and_then(Value::as_object).cloned() else { continue };
            let Some(target) = child(limit, to) else { continue };
            for (name, amount) in amounts {
                default(target, &name, amount);
            }
        }
    }
}
