//! `kubectl describe service`. (describe.go: describeService)

use super::Page;
use super::pod::{describe_annotations, describe_events, events};
use crate::api::{EndpointSlice, IntOrString, Kind, Service, ServicePort};
use crate::kubectl::store;
use crate::time::SimTime;
use crate::trace::Trace;

/// The page of a Service.
pub(crate) fn describe_service(trace: &Trace, at: SimTime, service: &Service, shows_events: bool) -> String {
    let (meta, spec) = (&service.metadata, &service.spec);
    let slice = trace
        .endpoints()
        .filter(|(r, e)| r.at <= at && e.service == meta.name && e.namespace == meta.namespace)
        .last()
        .map(|(_, slice)| &**slice);
    let other = |name: &str| spec.rest.get(name);
    let word = |name: &str| other(name).and_then(|v| v.as_str()).unwrap_or_default().to_owned();
    let words = |name: &str| {
        let list: Vec<&str> = other(name).and_then(|v| v.as_array()).into_iter().flatten().filter_map(|v| v.as_str()).collect();
        if list.is_empty() { "<none>".to_owned() } else { list.join(",") }
    };
    let mut page = Page::default();
    page.field(0, "Name", &meta.name);
    page.field(0, "Namespace", &meta.namespace);
    page.labels("Labels", &meta.labels);
    describe_annotations(&mut page, &meta.annotations);
    page.field(0, "Selector", crate::printers::service_selector(service));
    page.field(0, "Type", &spec.kind);
    for (title, text) in [("IP Family Policy", word("ipFamilyPolicy")), ("IP Families", words("ipFamilies"))] {
        if !text.is_empty() && text != "<none>" {
            page.field(0, title, text);
        }
    }
    page.field(0, "IP", &spec.cluster_ip);
    page.field(0, "IPs", words("clusterIPs"));
    if spec.kind == "ExternalName" {
        page.field(0, "External Name", word("externalName"));
    }
    for port in &spec.ports {
        describe_port(&mut page, (trace, at), port, slice);
    }
    page.field(0, "Session Affinity", &spec.session_affinity);
    for (title, name) in [("External Traffic Policy", "externalTrafficPolicy"), ("Internal Traffic Policy", "internalTrafficPolicy")] {
        if !word(name).is_empty() {
            page.field(0, title, word(name));
        }
    }
    if shows_events {
        let id = store::find(trace, at, Kind::Service, &meta.namespace, &meta.name).map(|(id, _)| id);
        let found = id.map(|id| events(trace, at, id)).unwrap_or_default();
        describe_events(&mut page, &found, at);
    }
    page.finish()
}

fn describe_port(page: &mut Page, (trace, at): (&Trace, SimTime), port: &ServicePort, slice: Option<&EndpointSlice>) {
    let name = if port.name.is_empty() { "<unset>" } else { &port.name };
    page.field(0, "Port", format_args!("{name}\t{}/{}", port.port, port.protocol));
    let target = match &port.target_port {
        Some(IntOrString::Int(0)) | None => port.port.to_string(),
        Some(target) => target.to_string(),
    };
    page.field(0, "TargetPort", format_args!("{target}/{}", port.protocol));
    if let Some(node) = port.node_port.filter(|n| *n > 0) {
        page.field(0, "NodePort", format_args!("{name}\t{node}/{}", port.protocol));
    }
    page.field(0, "Endpoints", slice.map_or_else(|| "<none>".into(), |slice| endpoints((trace, at), slice, &target)));
}

/// Those that are ready, at most three of them; how many more counts all. (formatEndpointSlices)
fn endpoints((trace, at): (&Trace, SimTime), slice: &EndpointSlice, target: &str) -> String {
    let number = |pod: &str| {
        let named = |o: &crate::api::Object| {
            let ports = o.pod()?.spec.containers.iter().flat_map(|c| &c.ports);
            ports.into_iter().find(|p| p.name == target).map(|p| p.container_port.to_string())
        };
        let found = store::find(trace, at, Kind::Pod, &slice.namespace, pod).and_then(|(_, o)| named(o));
        found.unwrap_or_else(|| target.to_owned())
    };
    let ready: Vec<String> = slice.endpoints.iter().filter(|e| e.ready).map(|e| format!("{}:{}", e.ip, number(&e.pod))).collect();
    let shown = ready.get(..3).unwrap_or(&ready).join(",");
    let more = ready.len().saturating_sub(3);
    if more > 0 { format!("{shown} + {more} more...") } else { shown }
}
