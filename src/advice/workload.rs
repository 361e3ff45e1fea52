//! Lints of the objects around pods.

use super::fix::Fix;
use super::lint::{Check, Found, Lint};
use super::place::{Unit, at, entry, int, list, number, text};
use crate::api::Kind;
use crate::yaml::Node;

pub(super) const LINTS: &[Lint] = &[
    Lint {
        id: "service-port-name-unknown",
        lesson: "choice-readiness-sidecar",
        reason: "a target port by name that no container declares leaves the Service without endpoints for that port",
        check: Check::Object(target_port),
    },
    Lint {
        id: "service-selects-nothing",
        lesson: "choice-readiness-sidecar",
        reason: "labels that match no pod leave the Service without endpoints, and nobody complains",
        check: Check::Object(no_pods),
    },
    Lint {
        id: "budget-without-room",
        lesson: "order-delete-pod",
        reason: "a budget that wants all replicas forbids every eviction: nodes cannot be drained",
        check: Check::Object(budget),
    },
    Lint {
        id: "all-replicas-at-once",
        lesson: "order-delete-pod",
        reason: "maxUnavailable of 100% stops all old pods before a new one is ready",
        check: Check::Object(all_at_once),
    },
    Lint {
        id: "finished-jobs-stay",
        lesson: "predict-completed",
        reason: "a Job and its pods stay after the end until somebody deletes them",
        check: Check::Object(stays),
    },
    Lint {
        id: "cron-runs-overlap",
        lesson: "predict-completed",
        reason: "a run that takes longer than a minute meets the next one, and the one after that",
        check: Check::Object(overlap),
    },
    Lint {
        id: "replicas-beside-autoscaler",
        lesson: "match-status",
        reason: "each apply sets the number of replicas back from what the autoscaler found right",
        check: Check::Object(two_masters),
    },
    Lint {
        id: "job-never-retried",
        lesson: "match-exit",
        reason: "with a backoffLimit of 0 an evicted pod or a node that goes away fails the whole Job",
        check: Check::Object(no_retry),
    },
];

fn pods<'m>(unit: &Unit<'m>, selector: &Node) -> Vec<Unit<'m>> {
    unit.all().filter(|u| u.is_selected(selector)).collect()
}

fn target_port(unit: &Unit<'_>, found: &mut Found<'_>) {
    let (Kind::Service, Some(selector)) = (unit.kind, at(unit.root, "spec.selector")) else { return };
    let known: Vec<&str> = pods(unit, selector).iter().flat_map(Unit::port_names).collect();
    let has_pods = !pods(unit, selector).is_empty();
    let ports = at(unit.root, "spec").map(|s| list(s, "ports")).unwrap_or_default();
    for target in ports.iter().filter_map(|p| p.get("targetPort")).filter(|_| has_pods) {
        if let Some(name) = target.text().filter(|n| !known.contains(n)) {
            let fix = if let [only] = known.as_slice() { Some(Fix::Replace(target.span, (*only).to_owned())) } else { None };
            found.fix(target.span, format!("no selected pod has a port named `{name}`"), fix);
        }
    }
}

fn no_pods(unit: &Unit<'_>, found: &mut Found<'_>) {
    let (Kind::Service, Some(selector)) = (unit.kind, at(unit.root, "spec").and_then(|s| entry(s, "selector"))) else { return };
    let has_others = unit.all().any(|u| u.spec.is_some());
    if has_others && !selector.value.entries().is_empty() && pods(unit, &selector.value).is_empty() {
        found.say(selector.key_span, "no pod of this manifest has these labels");
    }
}

fn replicas(unit: &Unit<'_>) -> i64 {
    at(unit.root, "spec").and_then(|s| int(s, "replicas")).unwrap_or(1)
}

fn budget(unit: &Unit<'_>, found: &mut Found<'_>) {
    let (Kind::PodDisruptionBudget, Some(selector)) = (unit.kind, at(unit.root, "spec.selector.matchLabels")) else { return };
    let have: i64 = pods(unit, selector).iter().map(replicas).sum();
    if let Some(wanted) = at(unit.root, "spec.minAvailable")
        && (wanted.text() == Some("100%") || number(wanted).is_some_and(|n| have > 0 && n >= have))
    {
        found.say(wanted.span, "no pod may ever be evicted");
    }
    if let Some(zero) = at(unit.root, "spec.maxUnavailable").filter(|n| number(n) == Some(0) || n.text() == Some("0%")) {
        found.say(zero.span, "no pod may ever be evicted");
    }
}

fn all_at_once(unit: &Unit<'_>, found: &mut Found<'_>) {
    let Some(most) = at(unit.root, "spec.strategy.rollingUpdate.maxUnavailable") else { return };
    if most.text() == Some("100%") || number(most).is_some_and(|n| n >= replicas(unit)) {
        found.say(most.span, "an update takes all replicas away at once");
    }
}

fn stays(unit: &Unit<'_>, found: &mut Found<'_>) {
    let Some(spec) = unit.root.get("spec").filter(|_| unit.kind == Kind::Job) else { return };
    if spec.get("ttlSecondsAfterFinished").is_none() {
        found.say(spec.head(), "the Job has no `ttlSecondsAfterFinished`");
    }
}

fn overlap(unit: &Unit<'_>, found: &mut Found<'_>) {
    let Some(spec) = unit.root.get("spec").filter(|_| unit.kind == Kind::CronJob) else { return };
    let minutes = text(spec, "schedule").split_whitespace().next().unwrap_or_default();
    let may = matches!(text(spec, "concurrencyPolicy"), "" | "Allow");
    if may && (minutes == "*" || minutes == "*/1") {
        found.say(spec.get("schedule").map_or(spec.span, |s| s.span), "each minute starts another run, whether the last one ended or not");
    }
}

fn two_masters(unit: &Unit<'_>, found: &mut Found<'_>) {
    let Some(spec) = unit.root.get("spec") else { return };
    let name = unit.root.get("metadata").map(|m| text(m, "name")).unwrap_or_default();
    let kind = text(unit.root, "kind");
    let aims = |u: &Unit<'_>| at(u.root, "spec.scaleTargetRef").is_some_and(|t| text(t, "kind") == kind && text(t, "name") == name);
    if let Some(replicas) = entry(spec, "replicas")
        && unit.all().any(|u| u.kind == Kind::HorizontalPodAutoscaler && aims(&u))
    {
        found.say(replicas.key_span, "an autoscaler sets the replicas of this object");
    }
}

fn no_retry(unit: &Unit<'_>, found: &mut Found<'_>) {
    if let Some(limit) = at(unit.root, "spec.backoffLimit").filter(|l| unit.kind == Kind::Job && number(l) == Some(0)) {
        found.say(limit.span, "the Job fails with its first pod");
    }
}
