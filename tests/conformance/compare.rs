//! Compares two recordings of a case: a real cluster's and the simulator's.
//!
//! * rows, containers, conditions and endpoints are sequences of states. A state that lasted less than [`SHORT`] seconds
//!   may be missing on either side; every other must be there, in order, and last as long.
//! * The kubelet stretches its retry waits at random: such states may differ in duration, and one side may have got
//!   further by the end.
//! * Events: the same set, first seen at about the same time, counts about equal.
//! * Logs of shells: equal lines, but one side may be a little longer. Answers of the API: equal.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use regex::Regex;
use serde_json::Value;

use crate::align::{SHORT, Step, Tolerance};
use crate::mask::{mask, pattern};
use crate::record::{Recording, Sequences, plain_object, seconds};

/// What differs, by aspect.
#[derive(Debug, Default)]
pub(crate) struct Differences(pub(crate) BTreeMap<&'static str, Vec<String>>);

impl Differences {
    fn note(&mut self, aspect: &'static str, text: String) {
        self.0.entry(aspect).or_default().push(text);
    }
}

/// The longest probe period of a manifest in seconds.
pub(crate) fn probe_period(manifest: &str) -> f64 {
    if !manifest.contains("Probe:") {
        return 0.0;
    }
    let periods = pattern!(r"periodSeconds: (\d+)").captures_iter(manifest).map(|c| c[1].parse::<f64>().unwrap());
    periods.reduce(f64::max).unwrap_or(10.0)
}

/// Everything in which a candidate differs from the reference.
pub(crate) fn compare(reference: &Recording, candidate: &Recording, tolerance: Tolerance) -> Differences {
    let mut bad = Differences::default();
    let (pairs, extra) = best_match(reference, candidate, tolerance);
    for p in reference.pods.iter().filter(|p| !pairs.contains_key(*p)) {
        bad.note("rows", format!("pod {p} is missing"));
    }
    for q in extra {
        bad.note("rows", format!("pod {q} is not in the reference"));
    }
    let loose = reference.pods.iter().any(|p| reference.retried(p)) || candidate.pods.iter().any(|q| candidate.retried(q));
    for (p, q) in &pairs {
        compare_pods((reference, p), (candidate, q), tolerance, &mut bad);
    }
    compare_events(reference, candidate, &pairs, (tolerance, loose), &mut bad);
    compare_sequences("endpoints", &reference.endpoints(), &candidate.endpoints(), (tolerance, loose), &mut bad);
    let own = |mut s: Sequences| {
        s.retain(|k, _| !k.starts_with("ReplicaSet"));
        s
    };
    compare_sequences("workloads", &own(reference.workloads()), &own(candidate.workloads()), (tolerance, loose), &mut bad);
    compare_logs(reference, candidate, &pairs, &mut bad);
    let (a, b) = (answers(reference), answers(candidate));
    if a != b {
        bad.note("responses", format!("{a:?} | {b:?}"));
    }
    bad
}

/// Matches pods: by name where equal, else greedily by the likeness of their rows.
fn best_match(reference: &Recording, candidate: &Recording, tolerance: Tolerance) -> (BTreeMap<String, String>, Vec<String>) {
    let mut left: Vec<String> = candidate.pods.clone();
    let mut pairs = BTreeMap::new();
    for p in &reference.pods {
        if let Some(i) = left.iter().position(|q| q == p) {
            pairs.insert(p.clone(), left.remove(i));
        }
    }
    for p in &reference.pods {
        if pairs.contains_key(p) || left.is_empty() {
            continue;
        }
        let a = reference.rows(p);
        let stem = |name: &str| name.rsplit_once('-').map_or(name.to_owned(), |(stem, _)| stem.to_owned());
        let cost = |q: &String| {
            let b = candidate.rows(q);
            let start = |steps: &[Step]| steps.first().map_or(0.0, |s| s.at);
            let distance = (start(&a) - start(&b)).abs() + a.len().abs_diff(b.len()) as f64;
            (stem(q) != stem(p), tolerance.align(&a, &b, false).is_some(), distance)
        };
        let i = (0..left.len()).min_by(|i, j| cost(&left[*i]).partial_cmp(&cost(&left[*j])).unwrap()).unwrap();
        pairs.insert(p.clone(), left.remove(i));
    }
    (pairs, left)
}

fn compare_pods((reference, p): (&Recording, &str), (candidate, q): (&Recording, &str), tolerance: Tolerance, bad: &mut Differences) {
    if let Some(r) = tolerance.align(&reference.rows(p), &candidate.rows(q), false) {
        bad.note("rows", format!("{p}: {r}"));
    }
    let loose = reference.retried(p) || candidate.retried(q);
    let (a, b) = (reference.backoffs(p), candidate.backoffs(q));
    for (k, x) in &a {
        if let Some(y) = b.get(k).filter(|y| *y != x) {
            bad.note("containers", format!("{p} {k:?}: back-off {x} | {y}"));
        }
    }
    let sequences = [
        ("containers", reference.containers(p), candidate.containers(q)),
        ("conditions", reference.conditions(p), candidate.conditions(q)),
    ];
    for (aspect, a, b) in sequences {
        for k in keys(&a, &b) {
            let (a, b) = (steps(&a, k), steps(&b, k));
            if a.iter().chain(b).all(|s| s.lasted < SHORT) {
                continue;
            }
            if let Some(r) = tolerance.align(a, b, loose) {
                bad.note(aspect, format!("{p} {k}: {r}"));
            }
        }
    }
}

fn keys<'s, T>(a: &'s BTreeMap<String, T>, b: &'s BTreeMap<String, T>) -> BTreeSet<&'s String> {
    a.keys().chain(b.keys()).collect()
}

fn steps<'s>(of: &'s Sequences, key: &str) -> &'s [Step] {
    of.get(key).map_or(&[], Vec::as_slice)
}

fn compare_sequences(aspect: &'static str, a: &Sequences, b: &Sequences, (tolerance, loose): (Tolerance, bool), bad: &mut Differences) {
    for k in keys(a, b) {
        if let Some(r) = tolerance.align(steps(a, k), steps(b, k), loose) {
            bad.note(aspect, format!("{k}: {r}"));
        }
    }
}

/// An event: when it was first seen and how often.
struct Seen {
    t: f64,
    count: u64,
    writes: u64,
}

type Names = Vec<(String, String)>;

fn events(of: &Recording, names: &Names) -> BTreeMap<String, Seen> {
    let by_name: BTreeMap<String, String> = names.iter().cloned().collect();
    let mut out: BTreeMap<String, Seen> = BTreeMap::new();
    for e in of.list("events") {
        let field = |k: &str| e[k].as_str().unwrap_or_default().to_owned();
        let message = field("message");
        // Probes that err because the container has just gone are chance.
        if message.contains("errored and resulted in unknown state") {
            continue;
        }
        let message = event_message(&message, names);
        let object = plain_object(&field("object"), &by_name);
        let key = [object, field("fieldPath"), field("type"), field("reason"), field("from"), message];
        let key = key.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ");
        let seen = out.entry(key).or_insert_with(|| Seen { t: seconds(e), count: 0, writes: 0 });
        seen.writes += u64::from(e.get("count").is_none());
        seen.count = seen.count.max(e["count"].as_u64().unwrap_or(1));
    }
    for seen in out.values_mut() {
        seen.count = seen.count.max(seen.writes);
    }
    out
}

fn event_message(message: &str, names: &Names) -> String {
    let message = names.iter().fold(mask(message), |text, (raw, name)| text.replace(raw, name));
    let rules = [
        pattern!(r"\b([a-z0-9-]+)-[bcdf-hj-np-tv-z2-9]{8,10}-[bcdf-hj-np-tv-z2-9]{5}\b"),
        pattern!(r"\b([a-z0-9-]+)-[bcdf-hj-np-tv-z2-9]{8,10}\b"),
        pattern!(r"\b((?:work|agent|tick)[a-z0-9-]*)-[bcdf-hj-np-tv-z2-9]{5}\b"),
    ];
    rules.iter().fold(message, |text, rule| rule.replace_all(&text, "${1}-*").into_owned())
}

/// Names of pods that only one side has, made equal.
fn common_names(reference: &Recording, candidate: &Recording, pairs: &BTreeMap<String, String>) -> (Names, Names) {
    let common: Vec<(String, String)> =
        reference.pods.iter().map(|p| (p.clone(), if candidate.pods.contains(p) { p.clone() } else { "pod*".into() })).collect();
    let of_candidate = common.iter().filter_map(|(p, name)| Some((pairs.get(p)?.clone(), name.clone()))).collect();
    (common, of_candidate)
}

fn compare_events(
    reference: &Recording,
    candidate: &Recording,
    pairs: &BTreeMap<String, String>,
    (tolerance, loose): (Tolerance, bool),
    bad: &mut Differences,
) {
    let (na, nb) = common_names(reference, candidate, pairs);
    let (a, b) = (events(reference, &na), events(candidate, &nb));
    let end = reference.end.min(candidate.end);
    let late = if loose { end / 1.6 } else { end - 8.0 };
    for k in keys(&a, &b) {
        match (a.get(k), b.get(k)) {
            (Some(x), Some(y)) => {
                if !tolerance.close(x.t, y.t, loose) {
                    bad.note("events", format!("{k}: first at {:.1}s | {:.1}s", x.t, y.t));
                }
                let share = if loose { 0.34 } else { 0.1 };
                if x.count.abs_diff(y.count) as f64 > (share * x.count.max(y.count) as f64).max(1.0) {
                    bad.note("events", format!("{k}: x{} | x{}", x.count, y.count));
                }
            }
            (Some(only), None) if only.t <= late => bad.note("events", format!("missing: {k}")),
            (None, Some(only)) if only.t <= late => bad.note("events", format!("unexpected: {k}")),
            (Some(_) | None, _) => {}
        }
    }
}

fn compare_logs(reference: &Recording, candidate: &Recording, pairs: &BTreeMap<String, String>, bad: &mut Differences) {
    let by_chance = pattern!(r"nginx|Redis|\[\d\d/[A-Z][a-z]{2}/|^\d{10}\n$");
    for (key, a) in reference.json["logs"].as_object().into_iter().flatten() {
        if a.as_str().is_some_and(|text| key.ends_with("/previous") || by_chance.is_match(text)) {
            continue;
        }
        let (pod, rest) = key.split_once('/').unwrap();
        let b = candidate.json["logs"].get(format!("{}/{rest}", pairs.get(pod).map_or(pod, String::as_str)));
        if a.is_object() || b.is_some_and(Value::is_object) {
            if let Some(b) = b.filter(|b| a.is_object() != b.is_object()) {
                bad.note("logs", format!("{key}: {a} | {b}"));
            }
            continue;
        }
        let (a, b) = (a.as_str().unwrap(), b.and_then(Value::as_str).unwrap_or_default());
        let (la, lb) = (mask(a), mask(b));
        let (la, lb): (Vec<&str>, Vec<&str>) = (la.lines().collect(), lb.lines().collect());
        let differ = la.iter().zip(&lb).any(|(x, y)| x != y);
        let longer = la.len().abs_diff(lb.len()) as f64 > (0.1 * la.len().max(lb.len()) as f64).max(2.0);
        if a.chars().count() < 1900 && (differ || longer) {
            bad.note("logs", format!("{key}: {la:?} | {lb:?}"));
        }
    }
}

/// What the API answered, without times and generated names.
fn answers(of: &Recording) -> Vec<String> {
    let strip = |x: &Value| {
        let mut x = x.clone();
        let fields = x.as_object_mut().unwrap();
        fields.remove("t");
        fields.remove("name");
        mask(&pattern!(r#""[a-z0-9-]+-[a-z0-9]{5,10}(-[a-z0-9]{5})?""#).replace_all(&x.to_string(), "\"*\""))
    };
    of.list("responses").iter().chain(of.list("actions")).map(strip).collect()
}
