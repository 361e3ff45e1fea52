//! Soft spreading over topology domains. (plugins/podtopologyspread/scoring.go)

use crate::order::SortedMap;

use serde_json::Value;

use super::nodes::NodeInfo;
use super::selector::{Labels, list, selects, text};
use crate::api::Pod;

const HOSTNAME: &str = "kubernetes.io/hostname";
const ZONE: &str = "topology.kubernetes.io/zone";

/// A constraint that may be violated.
struct Soft<'a> {
    key: &'a str,
    max_skew: i64,
    selects: Box<dyn Fn(&Pod) -> bool + 'a>,
}

/// The points of each node that fits, from 0 to 100.
pub(super) fn scores(pod: &Pod, fitting: &[&NodeInfo<'_>], services: &[&Labels]) -> Vec<i64> {
    let constraints = constraints(pod, services);
    if constraints.is_empty() {
        return vec![0; fitting.len()];
    }
    // Nodes without a key count for nothing; the system's own constraints pass over a zone that no node has.
    let own = !list(pod.spec.topology_spread_constraints.as_ref(), "").is_empty();
    let takes_part = |n: &NodeInfo<'_>| !own || constraints.iter().all(|c| n.labels.contains_key(c.key));
    let raw: Vec<Option<i64>> = {
        let weighed: Vec<Weighed<'_>> = constraints.iter().map(|c| Weighed::new(c, pod, fitting)).collect();
        let sum = |n: &NodeInfo<'_>| (weighed.iter().map(|w| w.points(n)).sum::<i64>() + HALF) / MICRO;
        fitting.iter().map(|n| takes_part(n).then(|| sum(n))).collect()
    };
    let known = || raw.iter().flatten().copied();
    let (least, most) = (known().min().unwrap_or_default(), known().max().unwrap_or_default());
    let score = |raw: Option<i64>| match raw {
        None => 0,
        Some(_) if most == 0 => 100,
        Some(raw) => 100 * (most + least - raw) / most,
    };
    raw.into_iter().map(score).collect()
}

/// Those of the pod; or, if it has none at all, those of the system for pods that a Service finds. (plugin.go: systemDefaultConstraints)
fn constraints<'a>(pod: &'a Pod, services: &'a [&'a Labels]) -> Vec<Soft<'a>> {
    let own = list(pod.spec.topology_spread_constraints.as_ref(), "");
    if own.is_empty() {
        let mine: Vec<&Labels> = services.iter().copied().filter(|s| covers(s, &pod.metadata.labels)).collect();
        if mine.is_empty() {
            return Vec::new();
        }
        let of = |key, max_skew| {
            let mine = mine.clone();
            Soft { key, max_skew, selects: Box::new(move |p: &Pod| mine.iter().all(|s| covers(s, &p.metadata.labels))) }
        };
        return vec![of(HOSTNAME, 3), of(ZONE, 5)];
    }
    let soft = own.iter().filter(|c| text(c, "whenUnsatisfiable") == "ScheduleAnyway");
    soft.map(|c| Soft {
        key: text(c, "topologyKey"),
        max_skew: c.get("maxSkew").and_then(Value::as_i64).unwrap_or(1),
        selects: Box::new(move |p: &Pod| selects(c.get("labelSelector"), &p.metadata.labels)),
    })
    .collect()
}

/// Whether labels have all that a Service selects.
fn covers(selector: &Labels, labels: &Labels) -> bool {
    !selector.is_empty() && selector.iter().all(|(key, value)| labels.get(key) == Some(value))
}

/// Points are counted in millionths.
const MICRO: i64 = 1_000_000;
const HALF: i64 = MICRO / 2;

/// A constraint with the pods of each domain, and what a pod there costs.
struct Weighed<'a> {
    key: &'a str,
    max_skew: i64,
    counts: SortedMap<String, i64>,
    weight: i64,
}

impl<'a> Weighed<'a> {
    fn new(constraint: &'a Soft<'a>, pod: &Pod, fitting: &[&NodeInfo<'_>]) -> Self {
        let matches = |p: &Pod| p.metadata.namespace == pod.metadata.namespace && !p.is_terminating() && (constraint.selects)(p);
        let mut counts: SortedMap<String, i64> = SortedMap::new();
        for node in fitting {
            let Some(value) = node.labels.get(constraint.key) else { continue };
            let found = i64::try_from(node.pods.iter().filter(|p| matches(p)).count()).unwrap_or_default();
            *counts.entry(value.clone()).or_default() += found;
        }
        let domains = if constraint.key == HOSTNAME { fitting.len() } else { counts.len() };
        let weight = ln_micro(u64::try_from(domains).unwrap_or_default() + 2);
        Self { key: constraint.key, max_skew: constraint.max_skew, counts, weight }
    }

    /// count * ln(D + 2) + maxSkew - 1
    fn points(&self, node: &NodeInfo<'_>) -> i64 {
        let Some(count) = node.labels.get(self.key).and_then(|value| self.counts.get(value)) else { return 0 };
        count * self.weight + (self.max_skew - 1) * MICRO
    }
}

/// The natural logarithm in millionths, by whole numbers only: the same on every machine.
fn ln_micro(n: u64) -> i64 {
    const LN_2: i64 = 693_147;
    const ONE: u64 = 1 << 30;
    let whole = n.max(1).ilog2();
    let mut fraction = (u128::from(n.max(1)) * u128::from(ONE)) >> whole;
    let (mut bits, mut bit) = (0_i64, ONE / 2);
    while bit > 0 {
        fraction = (fraction * fraction) >> 30;
        if fraction >= 2 * u128::from(ONE) {
            fraction >>= 1;
            bits += i64::try_from(bit).unwrap_or_default();
        }
        bit /= 2;
    }
    i64::from(whole) * LN_2 + ((bits * LN_2) >> 30)
}

#[cfg(test)]
mod tests {
    use super::ln_micro;

    #[test]
    fn logarithms_are_right_to_some_millionths() {
        for (n, ln) in [(1, 0), (2, 693_147), (3, 1_098_612), (4, 1_386_294), (10, 2_302_585), (5002, 8_517_593)] {
            assert!((ln_micro(n) - ln).abs() < 20, "ln {n}: {}", ln_micro(n));
        }
    }
}
