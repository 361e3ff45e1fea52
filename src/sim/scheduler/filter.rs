//! Which nodes a pod can go to, and the reasons of those that it cannot. (default_plugins.go: the order of the filters)
//!
//! Left out: volumes, devices and declared features.

use super::affinity::{self, Misfit};
use super::nodes::{NodeInfo, effective_request};
use super::selector::{tolerates, wants_node};
use crate::api::{ContainerPort, Pod, PodSpec};
use crate::scenario::Taint;

/// Why a node is out, in the words of the message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Rejection {
    pub(super) reasons: Vec<String>,
    /// Whether fewer pods on the node could help.
    pub(super) preemption_helps: bool,
    /// Whether pods that come and go could help at all.
    pub(super) pods_matter: bool,
}

impl Rejection {
    /// The node itself does not suit the pod.
    fn node(reason: &str) -> Self {
        Self { reasons: vec![reason.to_owned()], preemption_helps: false, pods_matter: false }
    }

    /// What runs on the nodes does not suit it.
    fn pods(reason: &str, preemption_helps: bool) -> Self {
        Self { reasons: vec![reason.to_owned()], preemption_helps, pods_matter: true }
    }
}

/// The reasons of the first plugin that rejects the node.
pub(super) fn reject(pod: &Pod, node: &NodeInfo<'_>, all: &[NodeInfo<'_>]) -> Option<Rejection> {
    let spec = &pod.spec;
    let cordon = Taint { key: "node.kubernetes.io/unschedulable".into(), value: String::new(), effect: "NoSchedule".into() };
    if node.node.unschedulable && !tolerates(&spec.tolerations, &cordon) {
        return Some(Rejection::node("node(s) were unschedulable"));
    }
    let hard = |t: &&Taint| matches!(t.effect.as_str(), "NoSchedule" | "NoExecute");
    if node.node.taints.iter().filter(hard).any(|t| !tolerates(&spec.tolerations, t)) {
        return Some(Rejection::node("node(s) had untolerated taint(s)"));
    }
    if !wants_node(spec, &node.node.name, &node.labels) {
        return Some(Rejection::node("node(s) didn't match Pod's node affinity/selector"));
    }
    if clash(spec, node) {
        return Some(Rejection::pods("node(s) didn't have free ports for the requested pod ports", true));
    }
    resources(spec, node).or_else(|| {
        let misfit = affinity::spread(pod, node, all).or_else(|| affinity::inter_pod(pod, node, all))?;
        Some(match misfit {
            Misfit::SpreadKeyMissing => Rejection::node("node(s) didn't match pod topology spread constraints (missing required label)"),
            Misfit::Spread => Rejection::pods("node(s) didn't match pod topology spread constraints", true),
            Misfit::Affinity => Rejection::pods("node(s) didn't match pod affinity rules", false),
            Misfit::AntiAffinity => Rejection::pods("node(s) didn't match pod anti-affinity rules", true),
            Misfit::ExistingAntiAffinity => Rejection::pods("node(s) didn't satisfy existing pods anti-affinity rules", true),
        })
    })
}

/// (plugins/noderesources/fit.go: fitsRequest)
fn resources(spec: &PodSpec, node: &NodeInfo<'_>) -> Option<Rejection> {
    let mut rejection = Rejection { reasons: Vec::new(), preemption_helps: true, pods_matter: true };
    if node.pods.len() >= usize::try_from(node.node.pods).unwrap_or(usize::MAX) {
        rejection.reasons.push("Too many pods".to_owned());
    }
    for resource in ["cpu", "memory"] {
        let wanted = effective_request(spec, resource);
        if wanted > 0 && wanted > node.allocatable(resource) - node.used(resource) {
            rejection.reasons.push(format!("Insufficient {resource}"));
            rejection.preemption_helps &= wanted <= node.allocatable(resource);
        }
    }
    (!rejection.reasons.is_empty()).then_some(rejection)
}

/// A host port that is taken. (plugins/nodeports)
pub(super) fn clash(spec: &PodSpec, node: &NodeInfo<'_>) -> bool {
    let everywhere = |ip: &str| ip.is_empty() || ip == "0.0.0.0";
    let same = |a: &ContainerPort, b: &ContainerPort| {
        a.host_port == b.host_port
            && a.protocol == b.protocol
            && (everywhere(&a.host_ip) || everywhere(&b.host_ip) || a.host_ip == b.host_ip)
    };
    host_ports(spec).any(|a| node.pods.iter().flat_map(|p| host_ports(&p.spec)).any(|b| same(a, b)))
}

fn host_ports(spec: &PodSpec) -> impl Iterator<Item = &ContainerPort> {
    let sidecars = spec.init_containers.iter().filter(|c| c.is_sidecar());
    spec.containers.iter().chain(sidecars).flat_map(|c| &c.ports).filter(|p| p.host_port.is_some_and(|n| n > 0))
}
