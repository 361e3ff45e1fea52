//! The nodes as the scheduler's cache has them: labels, pods, what is taken. (framework/types.go: NodeInfo)

use super::selector::{Labels, labels_of};
use crate::api::{Container, Pod, PodSpec, Quantity};
use crate::scenario::Node;

/// A node with the pods that are bound to it and not over.
#[derive(Debug, Clone)]
pub(super) struct NodeInfo<'a> {
    pub(super) node: &'a Node,
    pub(super) labels: Labels,
    pub(super) pods: Vec<&'a Pod>,
}

impl<'a> NodeInfo<'a> {
    /// The node and those of `pods` that count on it.
    pub(super) fn new(node: &'a Node, pods: &[&'a Pod]) -> Self {
        let here = |p: &&&Pod| p.spec.node_name == node.name && !p.status.phase.is_terminal();
        Self { node, labels: labels_of(node), pods: pods.iter().filter(here).copied().collect() }
    }

    /// The same without some pods.
    pub(super) fn keeping(&self, keep: impl Fn(&Pod) -> bool) -> Self {
        Self { pods: self.pods.iter().copied().filter(|p| keep(p)).collect(), ..self.clone() }
    }

    /// What the node has of a resource, in millicores or bytes.
    pub(super) fn allocatable(&self, resource: &str) -> i64 {
        if resource == "cpu" { self.node.cpu_milli } else { self.node.memory_bytes }
    }

    /// What is taken of it.
    pub(super) fn used(&self, resource: &str) -> i64 {
        self.pods.iter().map(|p| effective_request(&p.spec, resource)).sum()
    }
}

/// What a pod asks of the node, in millicores or bytes: the largest of its steps. (component-helpers: PodRequests)
pub(crate) fn effective_request(spec: &PodSpec, resource: &str) -> i64 {
    request(spec, resource, 0)
}

/// The same with a value for containers that ask for nothing.
pub(super) fn request(spec: &PodSpec, resource: &str, default: i64) -> i64 {
    let measure = |q: &Quantity| if resource == "cpu" { q.milli() } else { q.value() };
    if let Some(whole) = spec.resources.as_ref().and_then(|r| r.requests.get(resource)) {
        return measure(whole);
    }
    let of = |c: &Container| c.resources.requests.get(resource).map_or(default, measure);
    let (mut sidecars, mut peak) = (0, 0);
    for container in &spec.init_containers {
        if container.is_sidecar() {
            sidecars += of(container);
            peak = peak.max(sidecars);
        } else {
            peak = peak.max(of(container) + sidecars);
        }
    }
    let running: i64 = spec.containers.iter().map(of).sum::<i64>() + sidecars;
    running.max(peak) + spec.overhead.get(resource).map_or(0, measure)
}
