//! A container's environment and user: resolved anew at every start. (kubelet_pods.go: makeEnvironmentVariables)

use crate::order::SortedMap;

use base64::Engine as _;

use super::plan::ContainerPlan;
use super::worker::PodWorker;
use crate::api::{Container, EnvFromSource, EnvVarSource, KeySelector, Kind, Object, Quantity};
use crate::sim::cluster::Cluster;
use crate::trace::{ObjectId, Rule};

pub(crate) static CONFIG: Rule = Rule {
    id: "kubelet/container-config",
    says: "Before a container is made, its environment is put together. A missing ConfigMap, Secret or key holds the start up; the kubelet tries again about every 10 s.",
    source: "pkg/kubelet/kubelet_pods.go: makeEnvironmentVariables",
};

/// Variables by name.
type Variables = SortedMap<String, String>;

pub(crate) fn rules() -> Vec<&'static Rule> {
    vec![&CONFIG]
}

/// Whether a container can be made.
///
/// # Errors
/// The message of CreateContainerConfigError.
pub(crate) fn check(cluster: &Cluster, pod: ObjectId, slot: usize) -> Result<(), String> {
    own(cluster, pod, slot, SortedMap::new())?;
    let Some(worker) = cluster.kubelet.workers.get(&pod) else { return Ok(()) };
    let Some(container) = worker.plan.get(slot) else { return Ok(()) };
    non_root(worker, container)
}

/// (kuberuntime/security_context_others.go: verifyRunAsNonRoot)
fn non_root(worker: &PodWorker, container: &ContainerPlan) -> Result<(), String> {
    let (own, of_pod) = (container.spec.security_context.as_ref(), worker.plan.pod.spec.security_context.as_ref());
    let wanted = own.and_then(|c| c.run_as_non_root).or_else(|| of_pod.and_then(|c| c.run_as_non_root));
    let user = own.and_then(|c| c.run_as_user).or_else(|| of_pod.and_then(|c| c.run_as_user));
    let place = format!("(pod: \"{}\", container: {})", worker.plan.describe, container.name);
    if wanted != Some(true) {
        return Ok(());
    }
    match user {
        Some(0) => Err(format!("container's runAsUser breaks non-root policy {place}")),
        Some(_) => Ok(()),
        None if container.profile.runs_as_root => Err(format!("container has runAsNonRoot and image will run as root {place}")),
        None => Ok(()),
    }
}

/// The environment of a container: its own variables, and what leads to Services.
///
/// # Errors
/// What is missing, in the kubelet's words.
pub(crate) fn resolve(cluster: &Cluster, pod: ObjectId, slot: usize) -> Result<Variables, String> {
    let services = cluster.kubelet.workers.get(&pod).map(|worker| services(cluster, worker)).unwrap_or_default();
    own(cluster, pod, slot, services)
}

fn own(cluster: &Cluster, pod: ObjectId, slot: usize, mut env: Variables) -> Result<Variables, String> {
    let Some(worker) = cluster.kubelet.workers.get(&pod) else { return Ok(env) };
    let Some(container) = worker.plan.get(slot) else { return Ok(env) };
    for source in &container.spec.env_from {
        for (key, value) in from_source(cluster, worker, source)? {
            env.insert(format!("{}{key}", source.prefix), value);
        }
    }
    for var in &container.spec.env {
        let value = match &var.value_from {
            None => Some(expand(&var.value, &env)),
            Some(source) => value_from(cluster, worker, container, source)?,
        };
        if let Some(value) = value {
            env.insert(var.name.clone(), value);
        }
    }
    Ok(env)
}

/// The variables by which a container finds the Services that are there when it starts: the API server's, and all of its
/// namespace that have an address. (kubelet_pods.go: getServiceEnvVarMap; envvars.go: FromServices)
fn services(cluster: &Cluster, worker: &PodWorker) -> Variables {
    let mut env = SortedMap::new();
    links("kubernetes", "10.96.0.1", [("https", "TCP", 443)], &mut env);
    let pod = &worker.plan.pod;
    let others = cluster.store.iter().filter_map(|(_, o)| if let Object::Service(s) = o { Some(s) } else { None });
    for service in others.filter(|_| pod.spec.enable_service_links != Some(false)) {
        let (meta, spec) = (&service.metadata, &service.spec);
        if meta.namespace == pod.metadata.namespace && !matches!(spec.cluster_ip.as_str(), "" | "None") {
            let ports = spec.ports.iter().map(|p| (p.name.as_str(), p.protocol.as_str(), p.port));
            links(&meta.name, &spec.cluster_ip, ports, &mut env);
        }
    }
    env
}

fn links<'p>(name: &str, ip: &str, ports: impl IntoIterator<Item = (&'p str, &'p str, i32)>, env: &mut Variables) {
    let variable = |name: &str| name.to_ascii_uppercase().replace('-', "_");
    let name = variable(name);
    let mut set = |end: &str, value: String| env.insert(format!("{name}_{end}"), value);
    for (place, (port_name, protocol, port)) in ports.into_iter().enumerate() {
        let protocol = if protocol.is_empty() { "TCP" } else { protocol };
        let (low, address) = (protocol.to_ascii_lowercase(), format!("{ip}:{port}"));
        if place == 0 {
            set("SERVICE_HOST", ip.to_owned());
            set("SERVICE_PORT", port.to_string());
            set("PORT", format!("{low}://{address}"));
        }
        if !port_name.is_empty() {
            set(&format!("SERVICE_PORT_{}", variable(port_name)), port.to_string());
        }
        let prefix = format!("PORT_{port}_{protocol}");
        set(&prefix, format!("{low}://{address}"));
        set(&format!("{prefix}_PROTO"), low);
        set(&format!("{prefix}_PORT"), port.to_string());
        set(&format!("{prefix}_ADDR"), ip.to_owned());
    }
}

fn from_source(cluster: &Cluster, worker: &PodWorker, source: &EnvFromSource) -> Result<SortedMap<String, String>, String> {
    let namespace = &worker.plan.pod.metadata.namespace;
    if let Some(r) = &source.config_map_ref {
        return match cluster.store.named(Kind::ConfigMap, namespace, &r.name) {
            Some(Object::ConfigMap(o)) => Ok(o.data.clone()),
            _ if r.optional == Some(true) => Ok(SortedMap::new()),
            _ => Err(format!("configmap \"{}\" not found", r.name)),
        };
    }
    if let Some(r) = &source.secret_ref {
        return match cluster.store.named(Kind::Secret, namespace, &r.name) {
            Some(Object::Secret(o)) => Ok(o.data.iter().map(|(k, v)| (k.clone(), decode_base64(v))).collect()),
            _ if r.optional == Some(true) => Ok(SortedMap::new()),
            _ => Err(format!("secret \"{}\" not found", r.name)),
        };
    }
    Ok(SortedMap::new())
}

fn value_from(cluster: &Cluster, worker: &PodWorker, container: &ContainerPlan, source: &EnvVarSource) -> Result<Option<String>, String> {
    if let Some(field) = &source.field_ref {
        return Ok(Some(field_value(worker, &field.field_path)));
    }
    if let Some(key) = &source.config_map_key_ref {
        return keyed(cluster, worker, key, Kind::ConfigMap);
    }
    if let Some(key) = &source.secret_key_ref {
        return keyed(cluster, worker, key, Kind::Secret);
    }
    if let Some(field) = &source.resource_field_ref {
        return Ok(resource_value(&container.spec, &field.resource, field.divisor.as_ref()));
    }
    Ok(None)
}

/// `limits.memory` in units of the divisor. (resource helpers: ExtractContainerResourceValue)
pub(super) fn resource_value(container: &Container, resource: &str, divisor: Option<&Quantity>) -> Option<String> {
    let (list, resource) = match resource.split_once('.')? {
        ("limits", resource) => (&container.resources.limits, resource),
        (_, resource) => (&container.resources.requests, resource),
    };
    // CPU is counted in thousandths, so that a divisor of 1m works; the result is rounded up.
    let amount = |q: &Quantity| if resource == "cpu" { q.milli() } else { q.value() };
    let unit = divisor.map(amount).filter(|d| *d > 0).unwrap_or(if resource == "cpu" { 1000 } else { 1 });
    let value = list.get(resource).map_or(0, amount);
    Some((value / unit + i64::from(value % unit != 0)).to_string())
}

fn keyed(cluster: &Cluster, worker: &PodWorker, key: &KeySelector, kind: Kind) -> Result<Option<String>, String> {
    let namespace = &worker.plan.pod.metadata.namespace;
    let optional = key.optional == Some(true);
    let value = match cluster.store.named(kind, namespace, &key.name) {
        Some(Object::ConfigMap(o)) => o.data.get(&key.key).cloned(),
        Some(Object::Secret(o)) => o.data.get(&key.key).map(|v| decode_base64(v)),
        _ if optional => return Ok(None),
        _ => return Err(format!("{} \"{}\" not found", kind.as_str().to_ascii_lowercase(), key.name)),
    };
    match value {
        Some(value) => Ok(Some(value)),
        None if optional => Ok(None),
        None => Err(format!("couldn't find key {} in {} {namespace}/{}", key.key, kind.as_str(), key.name)),
    }
}

/// The downward API's fields. (pkg/fieldpath: ExtractFieldPathAsString)
pub(super) fn field_value(worker: &PodWorker, path: &str) -> String {
    let meta = &worker.plan.pod.metadata;
    let spec = &worker.plan.pod.spec;
    let keyed = |prefix: &str| path.strip_prefix(prefix)?.strip_suffix("']").map(str::to_owned);
    match path {
        "metadata.name" => meta.name.clone(),
        "metadata.namespace" => meta.namespace.clone(),
        "metadata.uid" => meta.uid.clone(),
        "spec.nodeName" => spec.node_name.clone(),
        "spec.serviceAccountName" => if spec.service_account_name.is_empty() { "default" } else { &spec.service_account_name }.to_owned(),
        "status.hostIP" | "status.hostIPs" => super::status::HOST_IP.to_owned(),
        "status.podIP" | "status.podIPs" => worker.sandbox.as_ref().map(|s| s.ip.to_string()).unwrap_or_default(),
        _ => keyed("metadata.labels['")
            .and_then(|k| meta.labels.get(&k))
            .or_else(|| keyed("metadata.annotations['").and_then(|k| meta.annotations.get(&k)))
            .cloned()
            .unwrap_or_default(),
    }
}

/// `$(NAME)` becomes the value of an earlier variable, `$$` a dollar. (third_party/forked/golang/expansion)
pub(crate) fn expand(text: &str, env: &SortedMap<String, String>) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('$') {
        out.push_str(before);
        if let Some(tail) = after.strip_prefix('$') {
            out.push('$');
            rest = tail;
        } else if let Some((name, tail)) = after.strip_prefix('(').and_then(|a| a.split_once(')')) {
            match env.get(name) {
                Some(value) => out.push_str(value),
                None => out.push_str(&format!("$({name})")),
            }
            rest = tail;
        } else {
            out.push('$');
            rest = after;
        }
    }
    out + rest
}

/// A Secret's value as text; what is no text is shown with replacement characters.
pub(crate) fn decode_base64(value: &str) -> String {
    let bytes = base64::engine::general_purpose::STANDARD.decode(value.trim()).unwrap_or_default();
    String::from_utf8_lossy(&bytes).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn variables_expand_as_the_kubelet_does_it() {
        let env = SortedMap::from([("A".to_owned(), "1".to_owned())]);
        for (text, expected) in [("$(A)", "1"), ("$$(A)", "$(A)"), ("$(B)", "$(B)"), ("x$A$", "x$A$"), ("$(A)-$(A)", "1-1")] {
            assert_eq!(expand(text, &env), expected, "{text}");
        }
    }
}
