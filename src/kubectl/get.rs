//! `kubectl get` of pods, Services and EndpointSlices, and `kubectl get pods -w`.

use super::store::{list, pod_writes, pods_at};
use super::{nothing_found, store};
use crate::api::{EndpointSlice, IntOrString, Kind, Object, ObjectMeta, Pod, Service};
use crate::printers::{age, endpoint_slice_columns, pod_columns, pod_wide_columns, service_columns, service_selector, table};
use crate::time::{SimTime, parse_rfc3339};
use crate::trace::Trace;

/// Which columns a table has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Columns {
    /// The usual ones.
    Default,
    /// Those of `-o wide`.
    Wide,
}

const POD_HEADINGS: [&str; 9] = ["NAME", "READY", "STATUS", "RESTARTS", "AGE", "IP", "NODE", "NOMINATED NODE", "READINESS GATES"];

/// `kubectl get pods`.
pub fn get_pods(trace: &Trace, at: SimTime, namespace: &str, columns: Columns) -> String {
    let rows: Vec<Vec<String>> = pods_at(trace, at, namespace).map(|(_, pod)| pod_row(pod, at, columns)).collect();
    let headings = match columns {
        Columns::Default => POD_HEADINGS.get(..5),
        Columns::Wide => POD_HEADINGS.get(..),
    };
    print(headings.unwrap_or_default(), &rows, namespace)
}

/// The cells of a pod's row.
pub fn pod_row(pod: &Pod, at: SimTime, columns: Columns) -> Vec<String> {
    let printed = pod_columns(pod);
    let name = pod.metadata.name.clone();
    let mut row = vec![name, printed.ready_text(), printed.status.to_string(), printed.restarts_text(at), age_of(&pod.metadata, at)];
    if columns == Columns::Wide {
        row.extend(pod_wide_columns(pod));
    }
    row
}

/// `kubectl get pods -w` from the start until `at`: when each line came, and the cells of its row.
pub fn watch_pods(trace: &Trace, at: SimTime) -> Vec<(SimTime, Vec<String>)> {
    pod_writes(trace, at).into_iter().map(|w| (w.at, pod_row(w.pod, w.at, Columns::Default))).collect()
}

/// `kubectl get services`.
pub fn get_services(trace: &Trace, at: SimTime, namespace: &str, columns: Columns) -> String {
    const HEADINGS: [&str; 7] = ["NAME", "TYPE", "CLUSTER-IP", "EXTERNAL-IP", "PORT(S)", "AGE", "SELECTOR"];
    let rows: Vec<Vec<String>> = services(trace, at, namespace)
        .map(|service| {
            let mut row = vec![service.metadata.name.clone()];
            row.extend(service_columns(service));
            row.push(age_of(&service.metadata, at));
            if columns == Columns::Wide {
                row.push(service_selector(service));
            }
            row
        })
        .collect();
    let headings = match columns {
        Columns::Default => HEADINGS.get(..6),
        Columns::Wide => HEADINGS.get(..),
    };
    print(headings.unwrap_or_default(), &rows, namespace)
}

/// `kubectl get endpointslices`.
pub fn get_endpoint_slices(trace: &Trace, at: SimTime, namespace: &str) -> String {
    let mut rows = Vec::new();
    for service in services(trace, at, namespace) {
        let mut writes = trace.endpoints().filter(|(r, e)| r.at <= at && e.service == service.metadata.name && e.namespace == namespace);
        let Some((first, slice)) = writes.next() else { continue };
        let slice = writes.last().map_or(slice, |(_, e)| e);
        let columns = endpoint_slice_columns(slice, &target_ports(trace, at, service, slice));
        let name = if slice.name.is_empty() { slice.service.clone() } else { slice.name.clone() };
        rows.push(vec![name, columns.address_type.into(), columns.ports, columns.endpoints, age(at, first.at)]);
    }
    print(&["NAME", "ADDRESSTYPE", "PORTS", "ENDPOINTS", "AGE"], &rows, namespace)
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

fn services<'t>(trace: &'t Trace, at: SimTime, namespace: &str) -> impl Iterator<Item = &'t Service> {
    list(trace, at, Kind::Service, namespace).into_iter().filter_map(|(_, o)| match o {
        Object::Service(s) => Some(&**s),
        Object::Pod(_) | Object::ConfigMap(_) | Object::Secret(_) | Object::Other(_) => None,
    })
}

fn age_of(metadata: &ObjectMeta, at: SimTime) -> String {
    match metadata.creation_timestamp.as_deref().and_then(parse_rfc3339) {
        Some(created) => age(at, created),
        None => "<unknown>".into(),
    }
}

fn print(headings: &[&str], rows: &[Vec<String>], namespace: &str) -> String {
    if rows.is_empty() { nothing_found(namespace) } else { table(headings, rows) }
}
