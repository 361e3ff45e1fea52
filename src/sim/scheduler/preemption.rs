//! Preemption: pods of lower priority make room. (plugins/defaultpreemption; framework/preemption/preemption.go)
//!
//! Left out: disruption budgets, and reserving the room for the pod that it was made for.

use std::cmp::Reverse;

use super::filter;
use super::nodes::NodeInfo;
use crate::api::Pod;
use crate::order;

/// A node and the pods that have to go.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Victims<'a> {
    pub(super) node: &'a str,
    pub(super) pods: Vec<&'a Pod>,
}

pub(super) fn priority(pod: &Pod) -> i32 {
    pod.spec.priority.unwrap_or_default()
}

/// The best node to make room on, if there is one.
pub(super) fn find<'a>(pod: &Pod, nodes: &[NodeInfo<'a>]) -> Option<Victims<'a>> {
    let candidates = nodes.iter().enumerate().filter_map(|(index, _)| on_node(pod, index, nodes));
    candidates.min_by_key(|v| {
        let sum: i64 = v.pods.iter().map(|p| i64::from(priority(p)) + (1 << 31)).sum();
        (v.pods.iter().map(|p| priority(p)).max(), sum, v.pods.len())
    })
}

/// The fewest pods that have to go from a node: all of lower priority go, and the most important come back first.
fn on_node<'a>(pod: &Pod, index: usize, nodes: &[NodeInfo<'a>]) -> Option<Victims<'a>> {
    let node = nodes.get(index)?;
    let mut lower: Vec<&'a Pod> = node.pods.iter().copied().filter(|p| priority(p) < priority(pod)).collect();
    if lower.is_empty() || !filter::reject(pod, node, nodes)?.preemption_helps {
        return None;
    }
    order::sort_by_key(&mut lower, |p| (Reverse(priority(p)), p.status.start_time));
    let fits = |gone: &[&Pod]| {
        let mut changed = nodes.to_vec();
        if let Some(n) = changed.get_mut(index) {
            *n = n.keeping(|p| !gone.iter().any(|g| g.metadata.uid == p.metadata.uid));
        }
        changed.get(index).is_some_and(|n| filter::reject(pod, n, &changed).is_none())
    };
    if !fits(&lower) {
        return None;
    }
    let mut victims = lower.clone();
    for back in lower {
        let without: Vec<&'a Pod> = victims.iter().copied().filter(|p| p.metadata.uid != back.metadata.uid).collect();
        if fits(&without) {
            victims = without;
        }
    }
    Some(Victims { node: &node.node.name, pods: victims })
}
