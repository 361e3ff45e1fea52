//! The block of a container. (describe.go: describeContainers)

use super::Page;
use crate::api::{Container, ContainerPort, ContainerState, ContainerStatus, EnvVar, EnvVarSource, Pod, Probe, Quantity, Resources};
use crate::time::{SimTime, rfc1123};

/// Whose containers are described; fields of the pod are resolved in the environment.
#[derive(Debug, Clone, Copy)]
pub(super) struct Owner<'p> {
    /// The pod.
    pub(super) pod: &'p Pod,
}

/// A list of containers with their statuses.
pub(super) fn describe_containers(page: &mut Page, label: &str, containers: &[Container], statuses: &[ContainerStatus], owner: Owner<'_>) {
    page.line(0, format_args!("{label}:"));
    for container in containers {
        let status = statuses.iter().find(|s| s.name == container.name);
        describe_basics(page, container, status);
        describe_words(page, "Command", &container.command);
        describe_words(page, "Args", &container.args);
        if let Some(status) = status {
            describe_state(page, "State", &status.state);
            if status.last_state.terminated().is_some() {
                describe_state(page, "Last State", &status.last_state);
            }
            page.field(2, "Ready", if status.ready { "True" } else { "False" });
            page.field(2, "Restart Count", status.restart_count);
        }
        describe_resources(page, &container.resources);
        for (name, probe) in
            [("Liveness", &container.liveness_probe), ("Readiness", &container.readiness_probe), ("Startup", &container.startup_probe)]
        {
            if let Some(probe) = probe {
                page.field(2, name, probe_text(probe));
            }
        }
        describe_env_from(page, container);
        describe_env(page, container, owner);
        describe_mounts(page, container);
    }
}

fn describe_basics(page: &mut Page, container: &Container, status: Option<&ContainerStatus>) {
    page.line(1, format_args!("{}:", container.name));
    if let Some(status) = status {
        page.field(2, "Container ID", &status.container_id);
    }
    page.field(2, "Image", &container.image);
    if let Some(status) = status {
        page.field(2, "Image ID", &status.image_id);
    }
    let plural = if container.ports.len() > 1 { "s" } else { "" };
    page.field(2, &format!("Port{plural}"), ports(&container.ports, |p| p.container_port));
    page.field(2, &format!("Host Port{plural}"), ports(&container.ports, |p| p.host_port.unwrap_or_default()));
    if let Some(profile) = container.security_context.as_ref().and_then(|s| s.seccomp_profile.as_ref()) {
        page.field(2, "SeccompProfile", profile.get("type").and_then(|t| t.as_str()).unwrap_or_default());
    }
}

fn ports(ports: &[ContainerPort], number: impl Fn(&ContainerPort) -> i32) -> String {
    let texts: Vec<String> = ports
        .iter()
        .map(|p| {
            let name = if p.name.is_empty() { String::new() } else { format!(" ({})", p.name) };
            format!("{}/{}{name}", number(p), p.protocol)
        })
        .collect();
    if texts.is_empty() { "<none>".into() } else { texts.join(", ") }
}

fn describe_words(page: &mut Page, title: &str, words: &[String]) {
    if words.is_empty() {
        return;
    }
    page.line(2, format_args!("{title}:"));
    for line in words.iter().flat_map(|w| w.split('\n')) {
        page.line(3, line);
    }
}

/// (describeStatus) The message of a waiting container is not shown.
fn describe_state(page: &mut Page, title: &str, state: &ContainerState) {
    match state {
        ContainerState::Running(r) => {
            page.field(2, title, "Running");
            page.field(3, "Started", rfc1123(r.started_at));
        }
        ContainerState::Waiting(w) => {
            page.field(2, title, "Waiting");
            if !w.reason.is_empty() {
                page.field(3, "Reason", &w.reason);
            }
        }
        ContainerState::Terminated(t) => {
            page.field(2, title, "Terminated");
            if !t.reason.is_empty() {
                page.field(3, "Reason", &t.reason);
            }
            if !t.message.is_empty() {
                page.field(3, "Message", &t.message);
            }
            page.field(3, "Exit Code", t.exit_code);
            page.field(3, "Started", moment(t.started_at));
            page.field(3, "Finished", moment(t.finished_at));
        }
        ContainerState::Unset => page.field(2, title, "Waiting"),
    }
}

/// What never happened is at the beginning of Unix time.
fn moment(t: Option<SimTime>) -> String {
    t.map_or_else(|| "Thu, 01 Jan 1970 00:00:00 +0000".into(), rfc1123)
}

fn describe_resources(page: &mut Page, resources: &Resources) {
    for (title, list) in [("Limits", &resources.limits), ("Requests", &resources.requests)] {
        if !list.is_empty() {
            page.line(2, format_args!("{title}:"));
        }
        for (name, quantity) in list {
            page.field(3, name, quantity);
        }
    }
}

/// (DescribeProbe)
fn probe_text(probe: &Probe) -> String {
    let handler = &probe.handler;
    let what = if let Some(exec) = &handler.exec {
        format!("exec [{}]", exec.command.join(" "))
    } else if let Some(get) = &handler.http_get {
        let host = if get.host.contains(':') { format!("[{}]", get.host) } else { get.host.clone() };
        let slash = if get.path.is_empty() || get.path.starts_with('/') { "" } else { "/" };
        format!("http-get {}://{host}:{}{slash}{}", get.scheme.to_ascii_lowercase(), get.port, get.path)
    } else if let Some(tcp) = &handler.tcp_socket {
        format!("tcp-socket {}:{}", tcp.host, tcp.port)
    } else if let Some(grpc) = &handler.grpc {
        format!("grpc <pod>:{} {}", grpc.port, grpc.service.as_deref().unwrap_or_default())
    } else {
        "unknown".into()
    };
    let Probe { initial_delay_seconds, timeout_seconds, period_seconds, success_threshold, failure_threshold, .. } = probe;
    format!(
        "{what} delay={initial_delay_seconds}s timeout={timeout_seconds}s period={period_seconds}s \
         #success={success_threshold} #failure={failure_threshold}"
    )
}

fn describe_env_from(page: &mut Page, container: &Container) {
    if container.env_from.is_empty() {
        return;
    }
    page.line(2, "Environment Variables from:");
    for source in &container.env_from {
        let (kind, from) = match (&source.config_map_ref, &source.secret_ref) {
            (Some(map), _) => ("ConfigMap", map),
            (None, Some(secret)) => ("Secret", secret),
            (None, None) => continue,
        };
        let prefix = if source.prefix.is_empty() { String::new() } else { format!(" with prefix '{}'", source.prefix) };
        page.line(3, format_args!("{}\t{kind}{prefix}\tOptional: {}", from.name, from.optional.unwrap_or_default()));
    }
}

fn describe_env(page: &mut Page, container: &Container, owner: Owner<'_>) {
    page.line(2, if container.env.is_empty() { "Environment:\t<none>" } else { "Environment:" });
    for variable in &container.env {
        match &variable.value_from {
            None => describe_value(page, variable),
            Some(source) => {
                if let Some(text) = source_text(source, container, owner) {
                    page.field(3, &variable.name, text);
                }
            }
        }
    }
}

fn describe_value(page: &mut Page, variable: &EnvVar) {
    for (i, line) in variable.value.split('\n').enumerate() {
        if i == 0 {
            page.field(3, &variable.name, line);
        } else {
            page.line(3, format_args!("\t{line}"));
        }
    }
}

/// What stands for a value that comes from elsewhere.
fn source_text(source: &EnvVarSource, container: &Container, owner: Owner<'_>) -> Option<String> {
    if let Some(field) = &source.field_ref {
        let value = pod_field(owner.pod, &field.field_path);
        return Some(format!("{value} ({}:{})", field.api_version, field.field_path));
    }
    if let Some(field) = &source.resource_field_ref {
        let value = container_resource(&container.resources, &field.resource, field.divisor.as_ref());
        return Some(format!("{value} ({})", field.resource));
    }
    if let Some(key) = &source.secret_key_ref {
        let optional = key.optional.unwrap_or_default();
        return Some(format!("<set to the key '{}' in secret '{}'>\tOptional: {optional}", key.key, key.name));
    }
    let key = source.config_map_key_ref.as_ref()?;
    let optional = key.optional.unwrap_or_default();
    Some(format!("<set to the key '{}' of config map '{}'>\tOptional: {optional}", key.key, key.name))
}

/// A field of the pod as the downward API would hand it over; only those that metadata holds are resolved here, as in
/// kubectl. (EnvValueRetriever, fieldpath.ExtractFieldPathAsString)
fn pod_field(pod: &Pod, path: &str) -> String {
    let of_map = |map: &crate::order::SortedMap<String, String>, prefix: &str| {
        let key = path.strip_prefix(prefix).and_then(|rest| rest.strip_suffix("']"));
        key.and_then(|k| map.get(k)).cloned().unwrap_or_default()
    };
    match path {
        "metadata.name" => pod.metadata.name.clone(),
        "metadata.namespace" => pod.metadata.namespace.clone(),
        "metadata.uid" => pod.metadata.uid.clone(),
        _ if path.starts_with("metadata.labels['") => of_map(&pod.metadata.labels, "metadata.labels['"),
        _ if path.starts_with("metadata.annotations['") => of_map(&pod.metadata.annotations, "metadata.annotations['"),
        _ => String::new(),
    }
}

/// Whole multiples of the divisor, rounded up. (resource.ExtractContainerResourceValue)
fn container_resource(resources: &Resources, field: &str, divisor: Option<&Quantity>) -> String {
    let (list, name) = match field.split_once('.') {
        Some(("limits", name)) => (&resources.limits, name),
        Some(("requests", name)) => (&resources.requests, name),
        Some(_) | None => return String::new(),
    };
    let is_cpu = name == "cpu";
    let amount = |q: &Quantity| if is_cpu { q.milli() } else { q.value() };
    let have = list.get(name).map_or(0, amount);
    let one = if is_cpu { 1000 } else { 1 };
    let unit = divisor.map(amount).filter(|d| *d > 0).unwrap_or(one);
    let whole = have / unit + i64::from(have % unit != 0);
    if whole == 0 && matches!(field, "limits.cpu" | "limits.memory") { "node allocatable".into() } else { whole.to_string() }
}

fn describe_mounts(page: &mut Page, container: &Container) {
    page.line(2, if container.volume_mounts.is_empty() { "Mounts:\t<none>" } else { "Mounts:" });
    let mut mounts: Vec<_> = container.volume_mounts.iter().collect();
    crate::order::sort_by(&mut mounts, |a, b| a.mount_path.cmp(&b.mount_path));
    for mount in mounts {
        let mode = if mount.read_only { "ro" } else { "rw" };
        let path = if mount.sub_path.is_empty() { String::new() } else { format!(",path={:?}", mount.sub_path) };
        page.line(3, format_args!("{} from {} ({mode}{path})", mount.mount_path, mount.name));
    }
}
