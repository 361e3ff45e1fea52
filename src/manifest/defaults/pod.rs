//! Defaults of pods and pod templates. (pkg/apis/core/v1/defaults.go: SetDefaults_*)

use serde_json::{Map, Value, json};

use super::super::json::{child, default, flag, list, list_mut, remove, set, text};
use crate::api::Quantity;

/// A pod: the template's defaults and what only pods get.
pub(super) fn pod(body: &mut Value) {
    let Some(spec) = child(body, "spec") else { return };
    template_spec(spec);
    default(spec, "enableServiceLinks", true);
    let is_host_network = flag(spec, "hostNetwork");
    for group in ["containers", "initContainers"] {
        for container in list_mut(spec, group) {
            requests_from_limits(container);
            for port in list_mut(container, "ports").iter_mut().filter(|_| is_host_network) {
                let number = port.get("containerPort").cloned().unwrap_or_default();
                default(port, "hostPort", number);
            }
        }
    }
    pod_requests(spec);
    // A negative grace period is stored as 1. (pkg/apis/core/v1/conversion.go)
    if spec.get("terminationGracePeriodSeconds").and_then(Value::as_i64).is_some_and(|s| s < 0) {
        set(spec, "terminationGracePeriodSeconds", 1);
    }
}

/// A template: `metadata` stays as it is.
pub(super) fn template(owner: &mut Value) {
    if let Some(spec) = child(owner, "template").and_then(|t| child(t, "spec")) {
        template_spec(spec);
    }
}

fn template_spec(spec: &mut Value) {
    default(spec, "containers", Value::Array(Vec::new()));
    default(spec, "restartPolicy", "Always");
    default(spec, "dnsPolicy", "ClusterFirst");
    default(spec, "terminationGracePeriodSeconds", 30);
    default(spec, "securityContext", json!({}));
    default(spec, "schedulerName", "default-scheduler");
    // The deprecated twin follows. (pkg/apis/core/v1/conversion.go: Convert_core_PodSpec_To_v1_PodSpec)
    twin_service_account(spec);
    for group in ["containers", "initContainers", "ephemeralContainers"] {
        list_mut(spec, group).iter_mut().for_each(container);
    }
    list_mut(spec, "volumes").iter_mut().for_each(volume);
}

/// `serviceAccount` and `serviceAccountName` are one.
fn twin_service_account(spec: &mut Value) {
    let name = match (text(spec, "serviceAccountName"), text(spec, "serviceAccount")) {
        ("", "") => return,
        ("", old) => old.to_owned(),
        (name, _) => name.to_owned(),
    };
    set(spec, "serviceAccountName", name.clone());
    set(spec, "serviceAccount", name);
}

fn container(c: &mut Value) {
    default(c, "name", "");
    default(c, "resources", json!({}));
    default(c, "terminationMessagePath", "/dev/termination-log");
    default(c, "terminationMessagePolicy", "File");
    let policy = pull_policy(text(c, "image"));
    default(c, "imagePullPolicy", policy);
    for port in list_mut(c, "ports") {
        default(port, "protocol", "TCP");
    }
    for env in list_mut(c, "env") {
        if let Some(field) = env.get_mut("valueFrom").and_then(|v| v.get_mut("fieldRef")) {
            default(field, "apiVersion", "v1");
        }
        if let Some(resource) = env.get_mut("valueFrom").and_then(|v| v.get_mut("resourceFieldRef")) {
            default(resource, "divisor", "0");
        }
    }
    for name in ["livenessProbe", "readinessProbe", "startupProbe"] {
        if let Some(probe) = c.get_mut(name) {
            self::probe(probe);
        }
    }
    for name in ["postStart", "preStop"] {
        if let Some(hook) = c.get_mut("lifecycle").and_then(|l| l.get_mut(name)) {
            handler(hook);
        }
    }
}

fn probe(p: &mut Value) {
    for (name, to) in [("timeoutSeconds", 1), ("periodSeconds", 10), ("successThreshold", 1), ("failureThreshold", 3)] {
        if p.get(name).and_then(Value::as_i64) == Some(0) {
            remove(p, name);
        }
        default(p, name, to);
    }
    if let Some(grpc) = p.get_mut("grpc") {
        default(grpc, "service", "");
    }
    handler(p);
}

fn handler(h: &mut Value) {
    if let Some(get) = h.get_mut("httpGet") {
        default(get, "path", "/");
        default(get, "port", 0);
        default(get, "scheme", "HTTP");
    }
    if let Some(tcp) = h.get_mut("tcpSocket") {
        default(tcp, "port", 0);
    }
}

/// `Always` for `latest` and for images without tag and digest. (SetDefaults_Container)
fn pull_policy(image: &str) -> &'static str {
    let last = image.rsplit('/').next().unwrap_or(image);
    match last.split_once(':') {
        _ if image.is_empty() || last.contains('@') => "IfNotPresent",
        None | Some((_, "latest")) => "Always",
        Some(_) => "IfNotPresent",
    }
}

fn volume(v: &mut Value) {
    let Some(map) = v.as_object_mut() else { return };
    if !map.keys().any(|k| k != "name") {
        map.insert("emptyDir".into(), json!({}));
    }
    for name in ["configMap", "secret", "projected", "downwardAPI"] {
        if let Some(source) = map.get_mut(name) {
            default(source, "defaultMode", 0o644);
        }
    }
    if let Some(path) = map.get_mut("hostPath") {
        default(path, "type", "");
    }
    if let Some(image) = map.get_mut("image") {
        let policy = pull_policy(text(image, "reference"));
        default(image, "pullPolicy", policy);
    }
    if let Some(source) = map.get_mut("downwardAPI") {
        downward_items(source);
    }
    if let Some(source) = map.get_mut("projected") {
        list_mut(source, "sources").iter_mut().for_each(projection);
    }
    if let Some(claim) = map.get_mut("ephemeral").and_then(|e| e.get_mut("volumeClaimTemplate")).and_then(|t| t.get_mut("spec")) {
        default(claim, "volumeMode", "Filesystem");
    }
}

fn projection(source: &mut Value) {
    if let Some(token) = source.get_mut("serviceAccountToken") {
        default(token, "expirationSeconds", 3600);
    }
    if let Some(downward) = source.get_mut("downwardAPI") {
        downward_items(downward);
    }
}

fn downward_items(source: &mut Value) {
    for item in list_mut(source, "items") {
        if let Some(field) = item.get_mut("fieldRef") {
            default(field, "apiVersion", "v1");
        }
    }
}

/// A limit without a request of the same resource makes the request. (SetDefaults_Pod)
fn requests_from_limits(container: &mut Value) {
    let Some(limits) = container.get("resources").and_then(|r| r.get("limits")).and_then(Value::as_object).cloned() else { return };
    let Some(requests) = child(container, "resources").and_then(|r| child(r, "requests")) else { return };
    for (name, quantity) in limits {
        default(requests, &name, quantity);
    }
    if requests.as_object().is_some_and(Map::is_empty)
        && let Some(resources) = container.get_mut("resources")
    {
        remove(resources, "requests");
    }
}

/// Pod-level requests from the containers' or from the pod-level limits. (defaultPodRequests)
fn pod_requests(spec: &mut Value) {
    let Some(limits) = spec.get("resources").and_then(|r| r.get("limits")).and_then(Value::as_object).cloned() else { return };
    let mut aggregate = Map::new();
    for (name, quantity) in aggregate_requests(spec) {
        aggregate.insert(name, Value::String(quantity));
    }
    let Some(requests) = child(spec, "resources").and_then(|r| child(r, "requests")) else { return };
    for (name, quantity) in aggregate.into_iter().chain(limits) {
        default(requests, &name, quantity);
    }
}

/// The sum of the containers' requests, or the largest init container's if that is more.
pub(in crate::manifest) fn aggregate_requests(spec: &Value) -> Vec<(String, String)> {
    let amount = |c: &Value, name: &str| {
        let text = c.get("resources").and_then(|r| r.get("requests")).and_then(|r| r.get(name)).and_then(Value::as_str);
        text.and_then(Quantity::parse).map_or(0, |q| q.milli())
    };
    let mut names: Vec<String> = Vec::new();
    let all = || list(spec, "containers").iter().chain(list(spec, "initContainers"));
    for requests in all().filter_map(|c| c.get("resources")?.get("requests")?.as_object()) {
        names.extend(requests.keys().cloned());
    }
    crate::order::sort_by(&mut names, Ord::cmp);
    names.dedup();
    let total = |name: &str| {
        let is_sidecar = |c: &&Value| text(c, "restartPolicy") == "Always";
        let app: i64 = list(spec, "containers").iter().map(|c| amount(c, name)).sum();
        let (mut sidecars, mut peak) = (0, 0);
        for c in list(spec, "initContainers") {
            if is_sidecar(&c) {
                sidecars += amount(c, name);
                peak = peak.max(sidecars);
            } else {
                peak = peak.max(sidecars + amount(c, name));
            }
        }
        (app + sidecars).max(peak)
    };
    let canonical = |milli: i64| Quantity::parse(&format!("{milli}m")).map_or_else(|| "0".into(), |q| q.canonical());
    names.into_iter().map(|name| (name.clone(), canonical(total(&name)))).collect()
}
