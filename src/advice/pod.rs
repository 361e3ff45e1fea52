//! Lints of pods and of templates of pods.

use super::fix::Fix;
use super::lint::{Check, Found, Lint};
use super::place::{Container, Unit, at, list, number, text};
use crate::api::Kind;

pub(super) const LINTS: &[Lint] = &[
    Lint {
        id: "grace-of-zero",
        lesson: "rubric-grace",
        reason: "no time to finish requests or to write anything: the program is killed at once, and the API forgets the pod before it is gone",
        check: Check::Pod(grace),
    },
    Lint {
        id: "job-with-plain-sidecar",
        lesson: "rubric-sidecar",
        reason: "a Job is done when all regular containers ended; a helper that stays keeps it running for ever",
        check: Check::Pod(helper),
    },
    Lint {
        id: "volume-not-mounted",
        lesson: "lab-logs-survive",
        reason: "a volume that no container mounts holds back the start and serves nobody",
        check: Check::Pod(unused),
    },
    Lint {
        id: "memory-volume-without-size",
        lesson: "debug-oom",
        reason: "files in memory count against the container's limit; without a size they fill it",
        check: Check::Pod(in_memory),
    },
    Lint {
        id: "no-readiness-behind-service",
        lesson: "choice-readiness-sidecar",
        reason: "without a readiness probe requests arrive as soon as the process runs, long before it answers",
        check: Check::Pod(behind_service),
    },
    Lint {
        id: "bound-to-a-node",
        lesson: "match-status",
        reason: "`nodeName` passes by the scheduler: nobody looks whether there is room, or a taint, or a node at all",
        check: Check::Pod(bound),
    },
    Lint {
        id: "same-port-twice",
        lesson: "match-exit",
        reason: "the containers of a pod share one network: the second one that listens on a port gets `address already in use`",
        check: Check::Pod(same_port),
    },
];

fn grace(unit: &Unit<'_>, found: &mut Found<'_>) {
    let Some(seconds) = unit.spec.and_then(|s| s.get("terminationGracePeriodSeconds")) else { return };
    if number(seconds) == Some(0) {
        found.fix(seconds.span, "the pod has no grace period", Some(Fix::Replace(seconds.span, "30".to_owned())));
    }
}

fn helper(unit: &Unit<'_>, found: &mut Found<'_>) {
    let (Kind::Job | Kind::CronJob, Some(spec)) = (unit.kind, unit.spec) else { return };
    for container in list(spec, "containers").iter().skip(1) {
        let name = container.get("name").map_or_else(|| container.head(), |n| n.span);
        found.say(name, "a second regular container has to end, too; a helper belongs under `initContainers` with `restartPolicy: Always`");
    }
}

fn unused(unit: &Unit<'_>, found: &mut Found<'_>) {
    let Some(spec) = unit.spec else { return };
    for volume in list(spec, "volumes") {
        let name = text(volume, "name");
        let uses =
            |c: &Container<'_>| ["volumeMounts", "volumeDevices"].iter().any(|l| list(c.node, l).iter().any(|m| text(m, "name") == name));
        if !Container::of(unit).iter().any(uses) {
            found.say(volume.get("name").map_or(volume.span, |n| n.span), format!("no container mounts the volume `{name}`"));
        }
    }
}

fn in_memory(unit: &Unit<'_>, found: &mut Found<'_>) {
    let volumes = unit.spec.map(|s| list(s, "volumes")).unwrap_or_default();
    for medium in volumes.iter().filter(|v| at(v, "emptyDir.sizeLimit").is_none()).filter_map(|v| at(v, "emptyDir.medium")) {
        if medium.text() == Some("Memory") {
            found.say(medium.span, "a volume in memory without `sizeLimit`");
        }
    }
}

fn behind_service(unit: &Unit<'_>, found: &mut Found<'_>) {
    let is_selected = unit.all().any(|u| u.kind == Kind::Service && at(u.root, "spec.selector").is_some_and(|s| unit.is_selected(s)));
    let regular: Vec<Container<'_>> = Container::of(unit).into_iter().filter(|c| !c.is_init).collect();
    if let Some(first) = regular.first().filter(|_| is_selected && regular.iter().all(|c| c.entry("readinessProbe").is_none())) {
        found.say(first.head(), "a Service sends requests to this pod, and nothing tells when it can take them");
    }
}

fn bound(unit: &Unit<'_>, found: &mut Found<'_>) {
    if let Some(node) = unit.spec.and_then(|s| s.get("nodeName")).filter(|_| unit.kind != Kind::DaemonSet) {
        found.say(node.span, "the pod names its node");
    }
}

fn same_port(unit: &Unit<'_>, found: &mut Found<'_>) {
    let containers = Container::of(unit);
    let mut seen: Vec<(i64, &str, usize)> = Vec::new();
    for (i, container) in containers.iter().enumerate().filter(|(_, c)| !c.is_init || c.is_sidecar()) {
        for port in list(container.node, "ports").iter() {
            let Some((node, number)) = port.get("containerPort").and_then(|n| Some((n, number(n)?))) else { continue };
            let protocol = text(port, "protocol");
            if seen.iter().any(|(n, p, of)| (*n, *p) == (number, protocol) && *of != i) {
                found.say(node.span, format!("another container of this pod listens on {number}, too"));
            }
            seen.push((number, protocol, i));
        }
    }
}
