//! `kubectl describe pod`. (describe.go: describePod)
//!
//! Left out: topology spread constraints and resource claims, which nothing simulated depends on.

use crate::order::SortedMap;

use super::Page;
use super::container::{Owner, describe_containers};
use super::volume::describe_volumes;
use crate::api::{Event, Kind, ObjectMeta, Pod, Toleration};
use crate::kubectl::store::pods_at;
use crate::kubectl::{events_of, store};
use crate::printers::{age, event_interval};
use crate::time::{SimDuration, SimTime, parse_rfc3339, rfc1123};
use crate::trace::{ObjectId, Trace};

/// `kubectl describe pod NAME`. A name that does not exist is tried as the beginning of names, then without events.
pub fn describe_pod(trace: &Trace, at: SimTime, namespace: &str, name: &str) -> String {
    if let Some((id, object)) = store::find(trace, at, Kind::Pod, namespace, name)
        && let Some(pod) = object.pod()
    {
        return describe(pod, at, Some(&events(trace, at, id)));
    }
    let similar: Vec<String> =
        pods_at(trace, at, namespace).filter(|(_, p)| p.metadata.name.starts_with(name)).map(|(_, p)| describe(p, at, None)).collect();
    if similar.is_empty() { format!("Error from server (NotFound): pods \"{name}\" not found\n") } else { similar.join("\n\n") }
}

/// The pod of exactly this name, with its events or without.
pub(crate) fn describe_one(trace: &Trace, at: SimTime, (namespace, name): (&str, &str), shows_events: bool) -> String {
    let Some((id, object)) = store::find(trace, at, Kind::Pod, namespace, name) else { return String::new() };
    let found = shows_events.then(|| events(trace, at, id));
    object.pod().map(|pod| describe(pod, at, found.as_deref())).unwrap_or_default()
}

/// The events about an object.
pub(super) fn events(trace: &Trace, at: SimTime, id: ObjectId) -> Vec<&Event> {
    events_of(trace, at, id).into_iter().map(|e| &**e).collect()
}

fn describe(pod: &Pod, at: SimTime, events: Option<&[&Event]>) -> String {
    let mut page = Page::default();
    describe_identity(&mut page, pod);
    describe_status(&mut page, pod, at);
    let owner = Owner { pod };
    if !pod.spec.init_containers.is_empty() {
        describe_containers(&mut page, "Init Containers", &pod.spec.init_containers, &pod.status.init_container_statuses, owner);
    }
    describe_containers(&mut page, "Containers", &pod.spec.containers, &pod.status.container_statuses, owner);
    if !pod.spec.ephemeral_containers.is_empty() {
        let statuses = &pod.status.ephemeral_container_statuses;
        describe_containers(&mut page, "Ephemeral Containers", &pod.spec.ephemeral_containers, statuses, owner);
    }
    describe_conditions(&mut page, pod);
    describe_volumes(&mut page, &pod.spec.volumes);
    page.field(0, "QoS Class", pod.status.qos_class.as_str());
    page.labels("Node-Selectors", &pod.spec.node_selector);
    describe_tolerations(&mut page, &pod.spec.tolerations);
    if let Some(events) = events {
        describe_events(&mut page, events, at);
    }
    page.finish()
}

fn describe_identity(page: &mut Page, pod: &Pod) {
    let (meta, spec, status) = (&pod.metadata, &pod.spec, &pod.status);
    page.field(0, "Name", &meta.name);
    page.field(0, "Namespace", &meta.namespace);
    if let Some(priority) = spec.priority {
        page.field(0, "Priority", priority);
    }
    if !spec.priority_class_name.is_empty() {
        page.field(0, "Priority Class Name", &spec.priority_class_name);
    }
    if let Some(class) = spec.runtime_class_name.as_deref().filter(|c| !c.is_empty()) {
        page.field(0, "Runtime Class Name", class);
    }
    if !spec.service_account_name.is_empty() {
        page.field(0, "Service Account", &spec.service_account_name);
    }
    if spec.node_name.is_empty() {
        page.field(0, "Node", "<none>");
    } else {
        page.field(0, "Node", format_args!("{}/{}", spec.node_name, status.host_ip));
    }
    if let Some(start) = status.start_time {
        page.field(0, "Start Time", rfc1123(start));
    }
    page.labels("Labels", &meta.labels);
    describe_annotations(page, &meta.annotations);
}

/// (printAnnotationsMultiline) Long values are cut, each of their lines for itself.
pub(super) fn describe_annotations(page: &mut Page, annotations: &SortedMap<String, String>) {
    const LONGEST: usize = 140;
    let shown = annotations.iter().filter(|(key, _)| *key != "kubectl.kubernetes.io/last-applied-configuration");
    page.stacked(
        "Annotations",
        shown.flat_map(|(key, value)| {
            let value = value.strip_suffix('\n').unwrap_or(value);
            if key.len() + value.len() + 2 <= LONGEST && !value.contains('\n') {
                return vec![format!("{key}: {value}")];
            }
            std::iter::once(format!("{key}:")).chain(value.split('\n').map(|line| format!("  {}", shorten(line, LONGEST - 2)))).collect()
        }),
    );
}

fn shorten(line: &str, longest: usize) -> String {
    match line.char_indices().nth(longest) {
        Some((end, _)) => format!("{}...", line.get(..end).unwrap_or_default()),
        None => line.to_owned(),
    }
}

fn describe_status(page: &mut Page, pod: &Pod, at: SimTime) {
    let (meta, status) = (&pod.metadata, &pod.status);
    match meta.deletion_timestamp.as_deref().and_then(parse_rfc3339).filter(|_| !status.phase.is_terminal()) {
        Some(deadline) => {
            page.field(0, "Status", format_args!("Terminating (lasts {})", lasts(at, deadline)));
            page.field(0, "Termination Grace Period", format_args!("{}s", meta.deletion_grace_period_seconds.unwrap_or_default()));
        }
        None => page.field(0, "Status", status.phase.as_str()),
    }
    if !status.reason.is_empty() {
        page.field(0, "Reason", &status.reason);
    }
    if !status.message.is_empty() {
        page.field(0, "Message", &status.message);
    }
    if let Some(profile) = pod.spec.security_context.as_ref().and_then(|s| s.seccomp_profile.as_ref()) {
        page.field(0, "SeccompProfile", profile.get("type").and_then(|t| t.as_str()).unwrap_or_default());
    }
    page.field(0, "IP", &status.pod_ip);
    if status.pod_ip.is_empty() {
        page.field(0, "IPs", "<none>");
    } else {
        page.line(0, "IPs:");
        page.field(1, "IP", &status.pod_ip);
    }
    if let Some(controller) = controller(meta) {
        page.field(0, "Controlled By", controller);
    }
}

/// How long ago the deadline was. It lies ahead during the grace period, and kubectl calls an age that is negative by
/// two seconds or more invalid.
fn lasts(at: SimTime, deadline: SimTime) -> String {
    if deadline.since(at) >= SimDuration::from_secs(2) { "<invalid>".into() } else { age(at, deadline) }
}

fn controller(meta: &ObjectMeta) -> Option<String> {
    let owner = meta.owner_references.iter().find(|o| o.controller == Some(true))?;
    Some(format!("{}/{}", owner.kind, owner.name))
}

fn describe_conditions(page: &mut Page, pod: &Pod) {
    let conditions = &pod.status.conditions;
    let truth = |status: bool| if status { "True" } else { "False" };
    if !pod.spec.readiness_gates.is_empty() {
        page.line(0, "Readiness Gates:");
        page.line(1, "Type\tStatus");
        for gate in &pod.spec.readiness_gates {
            let status = conditions.iter().find(|c| c.kind.as_str() == gate.condition_type).map_or("<none>", |c| truth(c.status));
            page.line(1, format_args!("{} \t{status} ", gate.condition_type));
        }
    }
    if !conditions.is_empty() {
        page.line(0, "Conditions:");
        page.line(1, "Type\tStatus");
        for condition in conditions {
            page.line(1, format_args!("{} \t{} ", condition.kind.as_str(), truth(condition.status)));
        }
    }
}

/// (printPodTolerationsMultiline)
fn describe_tolerations(page: &mut Page, tolerations: &[Toleration]) {
    let mut sorted: Vec<&Toleration> = tolerations.iter().collect();
    crate::order::sort_by(&mut sorted, |a, b| a.key.cmp(&b.key));
    page.stacked("Tolerations", sorted.into_iter().map(toleration));
}

fn toleration(t: &Toleration) -> String {
    let mut text = t.key.clone();
    if !t.value.is_empty() {
        text.push('=');
        text.push_str(&t.value);
    }
    if !t.effect.is_empty() {
        text.push(':');
        text.push_str(&t.effect);
    }
    if t.operator == "Exists" && t.value.is_empty() {
        text.push_str(if text.is_empty() { "op=Exists" } else { " op=Exists" });
    }
    if let Some(seconds) = t.toleration_seconds {
        text.push_str(&format!(" for {seconds}s"));
    }
    text
}

/// (DescribeEvents)
pub(super) fn describe_events(page: &mut Page, events: &[&Event], at: SimTime) {
    if events.is_empty() {
        page.field(0, "Events", "<none>");
        return;
    }
    page.line(0, "Events:");
    page.line(1, "Type\tReason\tAge\tFrom\tMessage");
    page.line(1, "----\t------\t----\t----\t-------");
    for e in events {
        let prefix = if e.field_path.is_root() { String::new() } else { format!("{}: ", e.field_path) };
        let message = format!("{prefix}{}", e.message);
        let interval = event_interval(e, at);
        page.line(1, format_args!("{}\t{}\t{interval}\t{}\t{}", e.kind.as_str(), e.reason, e.component, message.trim()));
    }
}
