//! Which of the possible nodes is best: the weighted sum of the plugins' scores. (rules 31 to 37 of the reference)
//!
//! Left out: image locality, which weighs nothing where nodes hold the same images.

use super::affinity;
use super::nodes::{NodeInfo, effective_request, request};
use super::selector::{Labels, node_preference, tolerates};
use super::spread;
use crate::api::Pod;

/// What a container without a request counts for. (sched/util/pod_resources.go)
const DEFAULTS: [(&str, i64); 2] = [("cpu", 100), ("memory", 200 << 20)];

/// The best node; the first of equals.
pub(super) fn best<'n, 'a>(
    pod: &Pod,
    fitting: &'n [&'n NodeInfo<'a>],
    all: &[NodeInfo<'a>],
    services: &[&Labels],
) -> Option<&'n NodeInfo<'a>> {
    let taints = reversed(fitting.iter().map(|n| soft_taints(pod, n)).collect());
    let preference = share_of_most(fitting.iter().map(|n| node_preference(&pod.spec, &n.node.name, &n.labels)).collect());
    let neighbors = between(fitting.iter().map(|n| affinity::preference(pod, n, all)).collect());
    let spread = spread::scores(pod, fitting, services);
    let mut best: Option<(i64, &NodeInfo<'a>)> = None;
    for ((((node, taint), preferred), near), spread) in fitting.iter().zip(taints).zip(preference).zip(neighbors).zip(spread) {
        let score = 3 * taint + 2 * preferred + 2 * near + 2 * spread + least_allocated(pod, node) + balanced(pod, node);
        if best.is_none_or(|(most, _)| score > most) {
            best = Some((score, node));
        }
    }
    best.map(|(_, node)| node)
}

fn soft_taints(pod: &Pod, node: &NodeInfo<'_>) -> i64 {
    let soft = node.node.taints.iter().filter(|t| t.effect == "PreferNoSchedule" && !tolerates(&pod.spec.tolerations, t));
    i64::try_from(soft.count()).unwrap_or_default()
}

/// 100 for the least, less the more.
fn reversed(raw: Vec<i64>) -> Vec<i64> {
    let most = raw.iter().max().copied().unwrap_or_default();
    raw.into_iter().map(|n| 100 - (100 * n).checked_div(most).unwrap_or_default()).collect()
}

fn share_of_most(raw: Vec<i64>) -> Vec<i64> {
    let most = raw.iter().max().copied().unwrap_or_default();
    raw.into_iter().map(|n| (100 * n).checked_div(most).unwrap_or_default()).collect()
}

fn between(raw: Vec<i64>) -> Vec<i64> {
    let (least, most) = (raw.iter().min().copied().unwrap_or_default(), raw.iter().max().copied().unwrap_or_default());
    raw.into_iter().map(|n| (100 * (n - least)).checked_div(most - least).unwrap_or_default()).collect()
}

/// The mean of what would be left of cpu and memory, in percent. (least_allocated.go)
fn least_allocated(pod: &Pod, node: &NodeInfo<'_>) -> i64 {
    let left = DEFAULTS.map(|(resource, default)| {
        let (all, own) = (node.allocatable(resource), request(&pod.spec, resource, default));
        let used: i64 = node.pods.iter().map(|p| request(&p.spec, resource, default)).sum();
        percent((all - used - own).max(0), all)
    });
    left.iter().sum::<i64>() / 2
}

fn percent(part: i64, whole: i64) -> i64 {
    i64::try_from((i128::from(part) * 100).checked_div(i128::from(whole)).unwrap_or_default()).unwrap_or_default()
}

/// Whether the pod brings the shares of cpu and memory nearer to each other. (balanced_allocation.go)
fn balanced(pod: &Pod, node: &NodeInfo<'_>) -> i64 {
    let own = DEFAULTS.map(|(resource, _)| effective_request(&pod.spec, resource));
    if own == [0, 0] {
        return 0;
    }
    let shares = |extra: [i64; 2]| {
        let [cpu, memory] = [0, 1].map(|i: usize| {
            let (resource, more) = (DEFAULTS.get(i).map_or("", |d| d.0), extra.get(i).copied().unwrap_or_default());
            // In ten thousandths, so that half a percent is not lost.
            percent((node.used(resource) + more).min(node.allocatable(resource)) * 100, node.allocatable(resource))
        });
        (20_000 - (cpu - memory).abs()) / 200
    };
    50 + (50 + shares(own) - shares([0, 0])) / 2
}
