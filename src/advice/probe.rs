//! Lints of probes.

use super::fix::Fix;
use super::lint::{Check, Found, Lint};
use super::place::{Container, int, list, number, text, words};
use crate::decode;
use crate::yaml::{Entry, Node};

pub(super) const LINTS: &[Lint] = &[
    Lint {
        id: "liveness-equals-readiness",
        lesson: "rubric-liveness",
        reason: "a busy container should get no requests for a while; the same question as liveness restarts it and makes the load worse",
        check: Check::Container(equal),
    },
    Lint {
        id: "liveness-delay-for-startup",
        lesson: "blank-probe",
        reason: "a long initial delay is waited on every restart and still too short on a slow day; a startup probe ends when the app is up",
        check: Check::Container(slow),
    },
    Lint {
        id: "liveness-hasty",
        lesson: "rubric-liveness",
        reason: "a pause of a few seconds, garbage collection say, is no reason for a restart",
        check: Check::Container(hasty),
    },
    Lint {
        id: "probe-timeout-above-period",
        lesson: "blank-probe",
        reason: "a probe is not run again before the last one ended, so the period is not what is written",
        check: Check::Container(timeout),
    },
    Lint {
        id: "probe-port-name-unknown",
        lesson: "rubric-liveness",
        reason: "a port name that the container does not declare makes each probe fail",
        check: Check::Container(port_name),
    },
    Lint {
        id: "probe-asks-another-host",
        lesson: "rubric-liveness",
        reason: "a probe with a host of its own tells about that host; if it is down, healthy containers are restarted or cut off",
        check: Check::Container(host),
    },
    Lint {
        id: "liveness-needs-other-service",
        lesson: "rubric-liveness",
        reason: "a restart does not bring a database back; ask for it in readiness, if at all",
        check: Check::Container(dependency),
    },
    Lint {
        id: "readiness-single-failure",
        lesson: "choice-readiness-sidecar",
        reason: "one lost packet takes the pod out of its Services; of all replicas at once under load",
        check: Check::Container(single),
    },
    Lint {
        id: "startup-shorter-than-delay",
        lesson: "blank-probe",
        reason: "a startup probe that gives up early restarts the container before it can be up",
        check: Check::Container(short_startup),
    },
];

const PROBES: [&str; 3] = ["startupProbe", "readinessProbe", "livenessProbe"];

fn probes<'m>(container: &Container<'m>) -> impl Iterator<Item = &'m Entry> + use<'m> {
    let node = container.node;
    PROBES.into_iter().filter_map(move |name| super::place::entry(node, name))
}

fn equal(container: &Container<'_>, found: &mut Found<'_>) {
    let (Some(live), Some(ready)) = (container.entry("livenessProbe"), container.node.get("readinessProbe")) else { return };
    let is_same = |name: &str| live.value.get(name).map(decode::value) == ready.get(name).map(decode::value);
    let failures = |probe: &Node| int(probe, "failureThreshold").unwrap_or(3) * int(probe, "periodSeconds").unwrap_or(10);
    if ["httpGet", "tcpSocket", "exec", "grpc"].into_iter().all(is_same) && failures(&live.value) <= failures(ready) {
        found.say(live.key_span, "liveness asks the same as readiness, and is no more patient");
    }
}

fn slow(container: &Container<'_>, found: &mut Found<'_>) {
    let Some(live) = container.entry("livenessProbe") else { return };
    let delay = int(&live.value, "initialDelaySeconds").unwrap_or(0);
    if delay >= 30 && container.entry("startupProbe").is_none() {
        found.say(live.key_span, format!("liveness waits {delay} s for the start; write a `startupProbe`"));
    }
}

fn hasty(container: &Container<'_>, found: &mut Found<'_>) {
    let Some(live) = container.entry("livenessProbe") else { return };
    let (period, failures) = (int(&live.value, "periodSeconds").unwrap_or(10), int(&live.value, "failureThreshold").unwrap_or(3));
    if period * failures < 10 {
        found.say(live.key_span, format!("liveness restarts the container after {} s without an answer", period * failures));
    }
}

fn timeout(container: &Container<'_>, found: &mut Found<'_>) {
    for probe in probes(container) {
        let period = int(&probe.value, "periodSeconds").unwrap_or(10);
        let Some(timeout) = probe.value.get("timeoutSeconds") else { continue };
        if number(timeout).is_some_and(|t| t > period) {
            let fix = Fix::Replace(timeout.span, period.to_string());
            found.fix(timeout.span, format!("the time-out is longer than the period of {period} s"), Some(fix));
        }
    }
}

fn port_name(container: &Container<'_>, found: &mut Found<'_>) {
    let known: Vec<&str> = list(container.node, "ports").iter().map(|p| text(p, "name")).filter(|n| !n.is_empty()).collect();
    for probe in probes(container) {
        for port in ["httpGet", "tcpSocket"].into_iter().filter_map(|h| probe.value.get(h)?.get("port")) {
            let Some(name) = port.text().filter(|name| !known.contains(name)) else { continue };
            let fix = if let [only] = known.as_slice() { Some(Fix::Replace(port.span, (*only).to_owned())) } else { None };
            found.fix(port.span, format!("the container has no port named `{name}`"), fix);
        }
    }
}

fn host(container: &Container<'_>, found: &mut Found<'_>) {
    for probe in probes(container) {
        for host in ["httpGet", "tcpSocket"].into_iter().filter_map(|h| probe.value.get(h)?.get("host")) {
            if host.text().is_some_and(|h| !h.is_empty() && h != "127.0.0.1" && h != "localhost") {
                found.say(host.span, "the probe asks another host than the pod");
            }
        }
    }
}

fn dependency(container: &Container<'_>, found: &mut Found<'_>) {
    let Some(live) = container.entry("livenessProbe") else { return };
    let Some(exec) = live.value.get("exec") else { return };
    let command = words(exec, "command").join(" ");
    let is_client = ["nc ", "curl ", "wget ", "pg_isready", "redis-cli", "mysqladmin"].iter().any(|tool| command.contains(tool));
    let is_local = ["localhost", "127.0.0.1", "$POD_IP", "$(hostname"].iter().any(|own| command.contains(own));
    let is_remote = command.contains("-h ") || command.contains("://") || command.contains("nc -z ");
    if is_client && is_remote && !is_local {
        found.say(live.key_span, "liveness depends on another service");
    }
}

fn single(container: &Container<'_>, found: &mut Found<'_>) {
    let Some(failures) = container.node.get("readinessProbe").and_then(|p| p.get("failureThreshold")) else { return };
    if number(failures) == Some(1) {
        found.say(failures.span, "a single failure makes the container unready");
    }
}

fn short_startup(container: &Container<'_>, found: &mut Found<'_>) {
    let Some(probe) = container.entry("startupProbe") else { return };
    let (period, failures) = (int(&probe.value, "periodSeconds").unwrap_or(10), int(&probe.value, "failureThreshold").unwrap_or(3));
    let delay = container.node.get("livenessProbe").and_then(|p| int(p, "initialDelaySeconds")).unwrap_or(0);
    let allowed = period * failures + int(&probe.value, "initialDelaySeconds").unwrap_or(0);
    if allowed < delay {
        found.say(probe.key_span, format!("startup gives up after {allowed} s, liveness expects {delay} s"));
    }
}
