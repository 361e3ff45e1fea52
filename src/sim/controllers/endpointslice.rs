//! EndpointSlices: which pods stand behind a Service, and the names that resolve to them.

use crate::order::SortedMap;
use std::sync::Arc;

use crate::api::{ConditionType, Endpoint, EndpointSlice, IntOrString, Kind, Object, Pod, Service, ServicePort};
use crate::sim::cluster::Cluster;
use crate::sim::ctx::Ctx;
use crate::sim::program;
use crate::trace::{Change, ObjectId, Rule, Subject};

static ENDPOINTS: Rule = Rule {
    id: "endpointslice/conditions",
    says: "A pod gets traffic while it is Ready and not being deleted. From the moment of deletion its endpoint is terminating and no longer ready; it leaves when the pod has ended.",
    source: "endpointslice/utils.go: podToEndpoint",
};

pub(crate) fn rules() -> Vec<&'static Rule> {
    vec![&ENDPOINTS]
}

/// Recomputes one Service's endpoints.
pub(crate) fn reconcile_service(cluster: &mut Cluster, ctx: &mut Ctx, id: ObjectId) {
    let Some(Object::Service(service)) = cluster.store.get(id) else { return };
    let service = Arc::clone(service);
    if service.spec.selector.is_empty() {
        // Nobody keeps its endpoints, but its name resolves to its address.
        return route(cluster, &service, &[]);
    }
    let mut endpoints: Vec<Endpoint> = cluster
        .store
        .iter()
        .filter_map(|(_, o)| o.pod())
        .filter(|p| p.metadata.namespace == service.metadata.namespace && selects(&service.spec.selector, &p.metadata.labels))
        .filter(|p| !p.status.phase.is_terminal() && !p.status.pod_ip.is_empty())
        .map(|p| endpoint(p, &service))
        .collect();
    crate::order::sort_by(&mut endpoints, |a, b| a.pod.cmp(&b.pod));
    publish(cluster, ctx, id, &service, endpoints);
}

fn publish(cluster: &mut Cluster, ctx: &mut Ctx, id: ObjectId, service: &Service, endpoints: Vec<Endpoint>) {
    let (name, namespace) = (service.metadata.name.clone(), service.metadata.namespace.clone());
    route(cluster, service, &endpoints);
    let mut random = ctx.draw("endpointslice", u64::from(id.0));
    let suffix: String =
        (0..5).filter_map(|_| "bcdfghjklmnpqrstvwxz2456789".chars().nth(usize::try_from(random.below(27)).ok()?)).collect();
    let slice = EndpointSlice { name: format!("{name}-{suffix}"), service: name, namespace, endpoints };
    if cluster.endpoints.get(&id).is_none_or(|old| **old != slice) {
        let slice = Arc::new(slice);
        cluster.endpoints.insert(id, Arc::clone(&slice));
        ctx.record(Subject::Object(id), Change::Endpoints(slice), &ENDPOINTS);
    }
}

/// The address of a Service itself; a headless one has none.
fn address(service: &Service) -> Option<Arc<str>> {
    let ip = service.spec.cluster_ip.as_str();
    (!ip.is_empty() && ip != "None").then(|| ip.into())
}

/// Names resolve to the Service's address, which passes connections on to the ready pods; those of a headless Service resolve
/// to the pods themselves. (pkg/proxy; CoreDNS: kubernetes plugin)
fn route(cluster: &mut Cluster, service: &Service, endpoints: &[Endpoint]) {
    let ready = || endpoints.iter().filter(|e| e.ready);
    let addresses = match address(service) {
        None => ready().map(|e| e.ip.as_str().into()).collect(),
        Some(ip) => {
            let ports = service.spec.ports.iter().filter_map(|port| {
                let backends = ready().filter_map(|e| Some((e.ip.as_str().into(), target(cluster, service, port, &e.pod)?))).collect();
                Some(program::ServicePort { port: u16::try_from(port.port).ok()?, backends })
            });
            let ports = ports.collect();
            cluster.os.net.set_service(Arc::clone(&ip), ports);
            vec![ip]
        }
    };
    for dns in dns_names(&service.metadata.name, &service.metadata.namespace) {
        cluster.os.net.set_name(&dns, addresses.clone());
    }
}

/// The port of a pod that a Service's port leads to.
fn target(cluster: &Cluster, service: &Service, port: &ServicePort, pod: &str) -> Option<u16> {
    let number = match &port.target_port {
        Some(IntOrString::Int(n)) if *n != 0 => *n,
        Some(IntOrString::String(name)) => {
            let pod = cluster.store.named(Kind::Pod, &service.metadata.namespace, pod)?.pod()?;
            let containers = pod.spec.containers.iter().chain(pod.spec.init_containers.iter().filter(|c| c.is_sidecar()));
            containers.flat_map(|c| &c.ports).find(|p| p.name == *name)?.container_port
        }
        Some(IntOrString::Int(_)) | None => port.port,
    };
    u16::try_from(number).ok()
}

fn selects(selector: &SortedMap<String, String>, labels: &SortedMap<String, String>) -> bool {
    selector.iter().all(|(k, v)| labels.get(k) == Some(v))
}

fn endpoint(pod: &Pod, service: &Service) -> Endpoint {
    let serving = pod.status.is_true(&ConditionType::Ready);
    let terminating = pod.is_terminating();
    let ready = service.spec.publish_not_ready_addresses || (serving && !terminating);
    Endpoint { pod: pod.metadata.name.clone(), ip: pod.status.pod_ip.to_string(), ready, serving, terminating }
}

/// The names under which programs find a Service.
fn dns_names(name: &str, namespace: &str) -> [String; 4] {
    [name.to_owned(), format!("{name}.{namespace}"), format!("{name}.{namespace}.svc"), format!("{name}.{namespace}.svc.cluster.local")]
}

/// Recomputes what a changed pod may belong to.
pub(crate) fn reconcile_pod(cluster: &mut Cluster, ctx: &mut Ctx, id: ObjectId) {
    if let Some(pod) = cluster.store.pod(id).map(Arc::clone) {
        reconcile_removed(cluster, ctx, &pod);
    }
}

/// The same for a pod that may be gone already.
pub(crate) fn reconcile_removed(cluster: &mut Cluster, ctx: &mut Ctx, pod: &Pod) {
    let affected: Vec<ObjectId> = cluster
        .store
        .iter()
        .filter(|(_, o)| matches!(o, Object::Service(s) if selects(&s.spec.selector, &pod.metadata.labels)))
        .map(|(id, _)| id)
        .collect();
    for id in affected {
        reconcile_service(cluster, ctx, id);
    }
}

/// A Service is gone: its names no longer resolve.
pub(crate) fn forget(cluster: &mut Cluster, service: &Service) {
    for dns in dns_names(&service.metadata.name, &service.metadata.namespace) {
        cluster.os.net.remove_name(&dns);
    }
    if let Some(ip) = address(service) {
        cluster.os.net.remove_service(&ip);
    }
}
