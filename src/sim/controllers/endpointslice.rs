//! EndpointSlices: which pods stand behind a Service, and the names that resolve to them.

use crate::order::SortedMap;
use std::sync::Arc;

use crate::api::{ConditionType, Endpoint, EndpointSlice, Object, Pod, Service};
use crate::sim::cluster::Cluster;
use crate::sim::ctx::Ctx;
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
        return;
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
    let ready: Vec<Arc<str>> = endpoints.iter().filter(|e| e.ready).map(|e| e.ip.as_str().into()).collect();
    for dns in dns_names(&name, &namespace) {
        cluster.os.net.set_name(&dns, ready.clone());
    }
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

fn selects(selector: &SortedMap<String, String>, labels: &SortedMap<String, String>) -> bool {
    selector.iter().all(|(k, v)| labels.get(k) == Some(v))
}

fn endpoint(pod: &Pod, service: &Service) -> Endpoint {
    let serving = pod.status.is_true(&ConditionType::Ready);
    let terminating = pod.is_terminating();
    let ready = service.spec.publish_not_ready_addresses || (serving && !terminating);
    Endpoint { pod: pod.metadata.name.clone(), ip: pod.status.pod_ip.clone(), ready, serving, terminating }
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
}
