//! What a type lists at a moment: objects, events, EndpointSlices, each with what kubectl prints of it.

use crate::order::SortedMap;

use serde_json::{Map, Value, json};

use super::events::events_at;
use super::resource::What;
use super::store;
use crate::api::{EndpointSlice, Event, IntOrString, Kind, Object, Service};
use crate::time::{SimTime, rfc3339};
use crate::trace::{Record, Subject, Trace};

/// One line of a list.
#[derive(Debug)]
pub(super) struct Item<'t> {
    pub(super) namespace: &'t str,
    pub(super) name: String,
    pub(super) content: Content<'t>,
}

/// What stands behind it.
#[derive(Debug)]
pub(super) enum Content<'t> {
    /// An object of the API.
    Object(&'t Object),
    /// An event, and who reported it.
    Event { event: &'t Event, host: String },
    /// A slice, when it was made and its ports.
    Slice { slice: &'t EndpointSlice, made: SimTime, ports: Vec<u16> },
}

static NO_LABELS: SortedMap<String, String> = SortedMap::new();

impl Item<'_> {
    /// Its labels.
    pub(super) fn labels(&self) -> &SortedMap<String, String> {
        match &self.content {
            Content::Object(object) => &object.metadata().labels,
            Content::Event { .. } | Content::Slice { .. } => &NO_LABELS,
        }
    }

    /// The whole of it as the API writes it.
    pub(super) fn to_json(&self) -> Value {
        match &self.content {
            Content::Object(object) => published(object.to_json()),
            Content::Event { event, host } => event_json(event, host, &self.name),
            Content::Slice { slice, made, ports } => slice_json(slice, *made, ports),
        }
    }
}

/// With what the API derives: lists of addresses, and a time of conditions that nobody sets. (pkg/apis/core/v1/conversion.go)
fn published(mut body: Value) -> Value {
    let Some(Value::Object(status)) = body.get_mut("status") else { return body };
    for (one, all) in [("podIP", "podIPs"), ("hostIP", "hostIPs")] {
        if let Some(ip) = status.get(one).cloned() {
            status.insert(all.into(), json!([{"ip": ip}]));
        }
    }
    for condition in status.get_mut("conditions").and_then(Value::as_array_mut).into_iter().flatten() {
        if let Value::Object(condition) = condition {
            condition.insert("lastProbeTime".into(), Value::Null);
        }
    }
    body
}

/// The items of a type at `at`, by namespace and name; without a namespace all of them.
pub(super) fn items<'t>(trace: &'t Trace, at: SimTime, what: What, namespace: Option<&str>) -> Vec<Item<'t>> {
    let mut items = match what {
        What::Objects(kind) => store::list_all(trace, at, kind).into_iter().map(|(_, o)| of_object(o)).collect(),
        What::Events => events(trace, at),
        What::EndpointSlices => slices(trace, at),
    };
    items.retain(|item| namespace.is_none_or(|ns| item.namespace == ns));
    crate::order::sort_by_key(&mut items, |item| item.namespace);
    items
}

fn of_object(object: &Object) -> Item<'_> {
    let metadata = object.metadata();
    Item { namespace: &metadata.namespace, name: metadata.name.clone(), content: Content::Object(object) }
}

fn events(trace: &Trace, at: SimTime) -> Vec<Item<'_>> {
    events_at(trace, at)
        .into_iter()
        .map(|(record, event)| Item {
            namespace: &event.object.namespace,
            name: format!("{}.{:016x}", event.object.name, event.first_seen.ms().saturating_mul(1_000_000)),
            content: Content::Event { event, host: host(trace, record, event) },
        })
        .collect()
}

/// The instance that reported: the kubelet's node, the scheduler's process.
fn host(trace: &Trace, record: &Record, event: &Event) -> String {
    let pod = match record.subject {
        Subject::Object(id) => id,
        Subject::Container(of) | Subject::Probe(of, _) => of.pod,
        Subject::World => return String::new(),
    };
    let node = trace.revisions(pod).filter_map(|(_, o)| o?.pod()).map(|p| p.spec.node_name.as_str()).find(|n| !n.is_empty());
    match (event.component, node) {
        ("kubelet", Some(node)) => node.to_owned(),
        ("default-scheduler", Some(node)) => format!("default-scheduler-{node}"),
        _ => String::new(),
    }
}

fn slices(trace: &Trace, at: SimTime) -> Vec<Item<'_>> {
    let mut found = Vec::new();
    for (_, object) in store::list_all(trace, at, Kind::Service) {
        let Object::Service(service) = object else { continue };
        let is_its = |slice: &EndpointSlice| slice.service == service.metadata.name && slice.namespace == service.metadata.namespace;
        let mut writes = trace.endpoints().filter(|(r, e)| r.at <= at && is_its(e));
        let Some((first, slice)) = writes.next() else { continue };
        let slice = writes.last().map_or(slice, |(_, e)| e);
        let name = if slice.name.is_empty() { slice.service.clone() } else { slice.name.clone() };
        let ports = target_ports(trace, at, service, slice);
        found.push(Item { namespace: &slice.namespace, name, content: Content::Slice { slice, made: first.at, ports } });
    }
    crate::order::sort_by(&mut found, |a, b| a.name.cmp(&b.name));
    found
}

/// The port numbers that a slice names: a slice without pods has none.
fn target_ports(trace: &Trace, at: SimTime, service: &Service, slice: &EndpointSlice) -> Vec<u16> {
    let Some(first) = slice.endpoints.first() else { return Vec::new() };
    let pod = store::find(trace, at, Kind::Pod, &slice.namespace, &first.pod).and_then(|(_, o)| o.pod());
    let ports = service.spec.ports.iter();
    ports
        .filter_map(|port| match &port.target_port {
            Some(IntOrString::Int(n)) if *n != 0 => Some(*n),
            Some(IntOrString::String(name)) => {
                pod?.spec.containers.iter().flat_map(|c| &c.ports).find(|p| &p.name == name).map(|p| p.container_port)
            }
            Some(IntOrString::Int(_)) | None => Some(port.port),
        })
        .filter_map(|n| u16::try_from(n).ok())
        .collect()
}

fn event_json(event: &Event, host: &str, name: &str) -> Value {
    let (first, last) = (rfc3339(event.first_seen), rfc3339(event.last_seen));
    let is_new_style = event.component == "default-scheduler";
    let mut involved = Map::new();
    involved.insert("apiVersion".into(), event.object.kind.api_version().into());
    involved.insert("kind".into(), event.object.kind.as_str().into());
    involved.insert("name".into(), event.object.name.clone().into());
    involved.insert("namespace".into(), event.object.namespace.clone().into());
    if !event.field_path.is_root() {
        involved.insert("fieldPath".into(), event.field_path.as_str().into());
    }
    let old = |value: Value| if is_new_style { Value::Null } else { value };
    let mut body = json!({
        "apiVersion": "v1",
        "kind": "Event",
        "metadata": {"creationTimestamp": first, "name": name, "namespace": event.object.namespace},
        "involvedObject": involved,
        "type": event.kind.as_str(),
        "reason": event.reason,
        "message": event.message.as_str(),
        "eventTime": if is_new_style { Value::from(first.clone()) } else { Value::Null },
        "firstTimestamp": old(first.into()),
        "lastTimestamp": old(last.into()),
        "reportingComponent": event.component,
        "reportingInstance": host,
        "source": if is_new_style { json!({}) } else { json!({"component": event.component, "host": host}) },
    });
    if let (Value::Object(map), false) = (&mut body, is_new_style) {
        map.insert("count".into(), event.count.into());
    }
    body
}

fn slice_json(slice: &EndpointSlice, made: SimTime, ports: &[u16]) -> Value {
    let endpoint = |e: &crate::api::Endpoint| {
        json!({
            "addresses": [e.ip],
            "conditions": {"ready": e.ready, "serving": e.serving, "terminating": e.terminating},
            "targetRef": {"kind": "Pod", "name": e.pod, "namespace": slice.namespace},
        })
    };
    json!({
        "apiVersion": "discovery.k8s.io/v1",
        "kind": "EndpointSlice",
        "addressType": "IPv4",
        "metadata": {
            "creationTimestamp": rfc3339(made),
            "labels": {
                "endpointslice.kubernetes.io/managed-by": "endpointslice-controller.k8s.io",
                "kubernetes.io/service-name": slice.service,
            },
            "name": slice.name,
            "namespace": slice.namespace,
        },
        "endpoints": slice.endpoints.iter().map(endpoint).collect::<Vec<_>>(),
        "ports": ports.iter().map(|p| json!({"name": "", "port": p, "protocol": "TCP"})).collect::<Vec<_>>(),
    })
}
