//! Affinity between pods, and spreading over topology domains. (plugins/interpodaffinity, plugins/podtopologyspread)

use crate::order::SortedMap;

use serde_json::Value;

use super::nodes::NodeInfo;
use super::selector::{list, selects, text, wants_node};
use crate::api::Pod;

/// How a pod stands to the pods of a node's topology domains.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Misfit {
    Affinity,
    AntiAffinity,
    ExistingAntiAffinity,
    SpreadKeyMissing,
    Spread,
}

const REQUIRED: &str = "requiredDuringSchedulingIgnoredDuringExecution";

fn terms<'a>(pod: &'a Pod, kind: &str) -> &'a [Value] {
    list(pod.spec.affinity.as_ref(), &format!("/{kind}/{REQUIRED}"))
}

/// Whether a term of `owner` selects `other`. A term without namespaces means its owner's.
fn term_selects(term: &Value, owner: &Pod, other: &Pod) -> bool {
    let named = list(Some(term), "/namespaces");
    let everywhere = term.get("namespaceSelector").is_some_and(|s| s.as_object().is_some_and(serde_json::Map::is_empty));
    let namespace = &other.metadata.namespace;
    let fits = everywhere
        || named.iter().any(|n| n.as_str() == Some(namespace))
        || (named.is_empty() && term.get("namespaceSelector").is_none() && owner.metadata.namespace == *namespace);
    fits && selects(term.get("labelSelector"), &other.metadata.labels)
}

/// The pods of the nodes that share a node's value of a topology key; nothing if the node lacks it.
fn domain<'a>(key: &'a str, node: &NodeInfo<'_>, all: &'a [NodeInfo<'_>]) -> Option<impl Iterator<Item = &'a Pod>> {
    let value = node.labels.get(key)?.clone();
    Some(all.iter().filter(move |n| n.labels.get(key) == Some(&value)).flat_map(|n| n.pods.iter().copied()))
}

/// Required affinity and anti-affinity, both ways. (filtering.go: Filter)
pub(super) fn inter_pod(pod: &Pod, node: &NodeInfo<'_>, all: &[NodeInfo<'_>]) -> Option<Misfit> {
    let wanted = terms(pod, "podAffinity");
    let in_domain = |t: &Value| domain(text(t, "topologyKey"), node, all).is_some_and(|mut d| d.any(|p| term_selects(t, pod, p)));
    if !wanted.iter().all(in_domain) && !first_of_its_kind(pod, wanted, node, all) {
        return Some(Misfit::Affinity);
    }
    if terms(pod, "podAntiAffinity").iter().any(in_domain) {
        return Some(Misfit::AntiAffinity);
    }
    let repels = |other: &NodeInfo<'_>, p: &Pod| {
        terms(p, "podAntiAffinity").iter().any(|t| {
            let key = text(t, "topologyKey");
            let same = node.labels.get(key).is_some_and(|v| other.labels.get(key) == Some(v));
            same && term_selects(t, p, pod)
        })
    };
    all.iter().any(|n| n.pods.iter().any(|p| repels(n, p))).then_some(Misfit::ExistingAntiAffinity)
}

/// The first pod of a group that wants to be together may go anywhere that has the keys.
fn first_of_its_kind(pod: &Pod, wanted: &[Value], node: &NodeInfo<'_>, all: &[NodeInfo<'_>]) -> bool {
    wanted.iter().all(|t| node.labels.contains_key(text(t, "topologyKey")) && term_selects(t, pod, pod))
        && !all.iter().flat_map(|n| &n.pods).any(|p| wanted.iter().any(|t| term_selects(t, pod, p)))
}

/// What preferred affinity and anti-affinity earn a node.
pub(super) fn preference(pod: &Pod, node: &NodeInfo<'_>, all: &[NodeInfo<'_>]) -> i64 {
    let sum = |kind: &str, sign: i64| -> i64 {
        let preferred = list(pod.spec.affinity.as_ref(), &format!("/{kind}/preferredDuringSchedulingIgnoredDuringExecution"));
        let earned = preferred.iter().map(|p| {
            let Some(term) = p.get("podAffinityTerm") else { return 0 };
            let found = domain(text(term, "topologyKey"), node, all).map_or(0, |d| d.filter(|q| term_selects(term, pod, q)).count());
            p.get("weight").and_then(Value::as_i64).unwrap_or_default() * i64::try_from(found).unwrap_or_default()
        });
        sign * earned.sum::<i64>()
    };
    sum("podAffinity", 1) + sum("podAntiAffinity", -1) + wished_by_others(pod, node, all)
}

/// What the pods that are there make of a newcomer: their preferred terms, and their required affinity as if it had weight 1.
/// (scoring.go: processExistingPod; hardPodAffinityWeight)
fn wished_by_others(pod: &Pod, node: &NodeInfo<'_>, all: &[NodeInfo<'_>]) -> i64 {
    let together = |term: &Value, other: &NodeInfo<'_>, owner: &Pod| {
        let key = text(term, "topologyKey");
        node.labels.get(key).is_some_and(|v| other.labels.get(key) == Some(v)) && term_selects(term, owner, pod)
    };
    let wish = |other: &NodeInfo<'_>, owner: &Pod| -> i64 {
        let preferred = |kind: &str| -> i64 {
            let terms = list(owner.spec.affinity.as_ref(), &format!("/{kind}/preferredDuringSchedulingIgnoredDuringExecution"));
            let weight = |p: &Value| p.get("weight").and_then(Value::as_i64).unwrap_or_default();
            terms.iter().filter(|p| p.get("podAffinityTerm").is_some_and(|t| together(t, other, owner))).map(weight).sum()
        };
        let required = terms(owner, "podAffinity").iter().filter(|t| together(t, other, owner)).count();
        preferred("podAffinity") - preferred("podAntiAffinity") + i64::try_from(required).unwrap_or_default()
    };
    all.iter().flat_map(|other| other.pods.iter().map(move |owner| wish(other, owner))).sum()
}

/// Hard spread constraints. (filtering.go: Filter)
pub(super) fn spread(pod: &Pod, node: &NodeInfo<'_>, all: &[NodeInfo<'_>]) -> Option<Misfit> {
    let constraints: Vec<&Value> = list(pod.spec.topology_spread_constraints.as_ref(), "")
        .iter()
        .filter(|c| matches!(text(c, "whenUnsatisfiable"), "DoNotSchedule" | ""))
        .collect();
    let has_keys = |n: &NodeInfo<'_>| constraints.iter().all(|c| n.labels.contains_key(text(c, "topologyKey")));
    if !has_keys(node) {
        return Some(Misfit::SpreadKeyMissing);
    }
    let counted: Vec<&NodeInfo<'_>> = all.iter().filter(|n| has_keys(n) && wants_node(&pod.spec, &n.node.name, &n.labels)).collect();
    constraints.iter().find(|c| !evenly(c, pod, node, &counted)).map(|_| Misfit::Spread)
}

/// Whether one more pod in the node's domain keeps within the skew.
fn evenly(constraint: &Value, pod: &Pod, node: &NodeInfo<'_>, counted: &[&NodeInfo<'_>]) -> bool {
    let (key, selector) = (text(constraint, "topologyKey"), constraint.get("labelSelector"));
    let number = |field: &str| constraint.get(field).and_then(Value::as_i64).unwrap_or(1);
    let matches = |p: &Pod| p.metadata.namespace == pod.metadata.namespace && !p.is_terminating() && selects(selector, &p.metadata.labels);
    let mut domains: SortedMap<&str, i64> = SortedMap::new();
    for n in counted {
        let found = i64::try_from(n.pods.iter().filter(|p| matches(p)).count()).unwrap_or_default();
        *domains.entry(n.labels.get(key).map(String::as_str).unwrap_or_default()).or_default() += found;
    }
    let enough = i64::try_from(domains.len()).unwrap_or_default() >= number("minDomains");
    let least = if enough { domains.values().min().copied().unwrap_or_default() } else { 0 };
    let here = node.labels.get(key).and_then(|v| domains.get(v.as_str())).copied().unwrap_or_default();
    let own = i64::from(selects(selector, &pod.metadata.labels));
    here + own - least <= number("maxSkew")
}
