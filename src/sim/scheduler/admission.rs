//! The scheduler's checks as a node repeats them for the pods that it is given: what came by `nodeName` has met none of
//! them yet. (pkg/scheduler/eventhandlers.go: AdmissionCheck; pkg/kubelet/lifecycle/predicate.go: Admit)

use super::filter::clash;
use super::nodes::{NodeInfo, effective_request};
use super::selector::{tolerates, wants_node};
use crate::api::Pod;
use crate::scenario::Taint;
use crate::sim::cluster::Cluster;
use crate::trace::ObjectId;

/// Why a node turns a pod away: the reason and the message of its status.
pub(crate) type Rejected = (&'static str, String);

/// The first check that the pod's own node fails.
pub(crate) fn node_rejects(cluster: &Cluster, id: ObjectId, pod: &Pod) -> Option<Rejected> {
    let others: Vec<&Pod> = cluster.store.iter().filter(|(other, _)| *other != id).filter_map(|(_, o)| o.pod()).map(|p| &**p).collect();
    let node = super::nodes_of(cluster).find(|n| n.name == pod.spec.node_name)?;
    let node = NodeInfo::new(node, &others);
    let count = i64::try_from(node.pods.len()).unwrap_or(i64::MAX);
    let of = |name| (effective_request(&pod.spec, name), node.used(name), node.allocatable(name));
    shortage("pods", (1, count, node.node.pods.into()))
        .or_else(|| shortage("cpu", of("cpu")))
        .or_else(|| shortage("memory", of("memory")))
        .or_else(|| unsuited(pod, &node))
}

/// What a node says that has too little of a resource, given what is requested, used and there. (predicate.go: InsufficientResourceError)
pub(crate) fn shortage(resource: &str, (requested, used, capacity): (i64, i64, i64)) -> Option<Rejected> {
    let reason = match resource {
        "cpu" => "OutOfcpu",
        "memory" => "OutOfmemory",
        _ => "OutOfpods",
    };
    let text = format!("Node didn't have enough resource: {resource}, requested: {requested}, used: {used}, capacity: {capacity}");
    (requested > 0 && requested > capacity - used).then_some((reason, text))
}

/// NoSchedule taints are of no concern to a pod that is on the node already.
fn unsuited(pod: &Pod, node: &NodeInfo<'_>) -> Option<Rejected> {
    let spec = &pod.spec;
    let drives_out = |t: &Taint| t.effect == "NoExecute" && !tolerates(&spec.tolerations, t);
    let (reason, text) = if !wants_node(spec, &node.node.name, &node.labels) {
        ("NodeAffinity", "node(s) didn't match Pod's node affinity/selector")
    } else if clash(spec, node) {
        ("NodePorts", "node(s) didn't have free ports for the requested pod ports")
    } else if node.node.taints.iter().any(drives_out) {
        ("TaintToleration", "node(s) had taints that the pod didn't tolerate")
    } else {
        return None;
    };
    Some((reason, format!("Predicate {reason} failed: {text}")))
}
