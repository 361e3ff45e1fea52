//! Lints of containers.

use super::fix::Fix;
use super::lint::{Check, Found, Lint};
use super::place::{Container, at, int, list, number, script, text, words};
use crate::api::Kind;
use crate::yaml::{Node, NodeKind};

pub(super) const LINTS: &[Lint] = &[
    Lint {
        id: "pre-stop-longer-than-grace",
        lesson: "rubric-grace",
        reason: "the grace period runs while the preStop hook does; what is left for the program is two seconds, then it is killed",
        check: Check::Container(pre_stop),
    },
    Lint {
        id: "shell-as-pid-1",
        lesson: "lab-cleanup-order",
        reason: "a shell without a trap ignores TERM as process 1 and passes it on to nobody: each stop takes the whole grace period",
        check: Check::Container(shell),
    },
    Lint {
        id: "latest-if-not-present",
        lesson: "order-start",
        reason: "a node that has some older `latest` keeps it: replicas run different programs",
        check: Check::Container(stale),
    },
    Lint {
        id: "image-without-version",
        lesson: "order-start",
        reason: "nobody can tell what runs, and going back brings nothing back",
        check: Check::Container(version),
    },
    Lint {
        id: "init-waits-for-own-pod",
        lesson: "lab-mesh-race",
        reason: "regular containers start when all init containers are done; one that waits for them waits for ever",
        check: Check::Container(own_pod),
    },
    Lint {
        id: "no-requests",
        lesson: "debug-oom",
        reason: "the scheduler puts the pod anywhere, and it is the first to go when memory is short",
        check: Check::Container(requests),
    },
    Lint {
        id: "no-memory-limit",
        lesson: "debug-oom",
        reason: "a leak takes the node's memory and hits its neighbors, not the one that leaks",
        check: Check::Container(memory),
    },
    Lint {
        id: "init-never-ends",
        lesson: "rubric-sidecar",
        reason: "the next container starts when an init container ended; one that stays is a sidecar and needs `restartPolicy: Always`",
        check: Check::Container(endless),
    },
    Lint {
        id: "command-in-one-word",
        lesson: "match-exit",
        reason: "the words of a command are a list; the first one is the program's name, blanks included, and no such file is found",
        check: Check::Container(one_word),
    },
    Lint {
        id: "words-after-script",
        lesson: "match-exit",
        reason: "what follows the script of `sh -c` becomes $0, $1, ...; it is not run",
        check: Check::Container(lost_words),
    },
    Lint {
        id: "secret-in-env",
        lesson: "multiple-shared",
        reason: "whoever may read the pod reads the password; a Secret has its own permissions",
        check: Check::Container(secret),
    },
    Lint {
        id: "host-port",
        lesson: "match-status",
        reason: "only one such pod fits on a node; the next one stays Pending",
        check: Check::Container(host_port),
    },
    Lint {
        id: "sub-path-of-config",
        lesson: "multiple-shared",
        reason: "a file mounted with subPath never sees a later change of its ConfigMap or Secret",
        check: Check::Container(sub_path),
    },
    Lint {
        id: "privileged",
        lesson: "multiple-shared",
        reason: "a privileged container is root on its node",
        check: Check::Container(privileged),
    },
];

/// The seconds that a hook certainly sleeps.
fn sleeps(hook: &Node) -> Option<i64> {
    if let Some(seconds) = at(hook, "sleep.seconds") {
        return number(seconds);
    }
    let command = words(hook.get("exec")?, "command");
    let line = script(&command).map_or_else(|| command.join(" "), str::to_owned);
    let mut first = line.split([';', '&', '\n']).next()?.split_whitespace();
    (first.next()? == "sleep").then(|| first.next()?.trim_end_matches('s').parse().ok()).flatten()
}

fn pre_stop(container: &Container<'_>, found: &mut Found<'_>) {
    let (Some(spec), Some(hook)) = (container.unit.spec, at(container.node, "lifecycle.preStop")) else { return };
    let grace = int(spec, "terminationGracePeriodSeconds").unwrap_or(30);
    let Some(seconds) = sleeps(hook).filter(|s| *s >= grace) else { return };
    let wanted = seconds.saturating_add(30);
    let fix = match (spec.get("terminationGracePeriodSeconds"), spec.entries().first()) {
        (Some(value), _) => Some(Fix::Replace(value.span, wanted.to_string())),
        (None, Some(first)) => Some(Fix::before(first, format!("terminationGracePeriodSeconds: {wanted}"))),
        (None, None) => None,
    };
    found.fix(hook.head(), format!("the hook takes {seconds} s of a grace period of {grace} s"), fix);
}

fn shell(container: &Container<'_>, found: &mut Found<'_>) {
    if container.is_init && !container.is_sidecar() {
        return;
    }
    let Some(script) = container.script() else { return };
    let has_several = script.trim().contains([';', '\n', '|', '&']);
    let is_prepared = script.contains("trap ") || script.contains("exec ");
    if has_several && !is_prepared {
        found.say(container.head(), "a shell is process 1 and has neither `exec` nor `trap`");
    }
}

fn tag(image: &str) -> Option<&str> {
    if image.contains('@') {
        return Some("digest");
    }
    image.rsplit('/').next()?.split_once(':').map(|(_, tag)| tag)
}

fn stale(container: &Container<'_>, found: &mut Found<'_>) {
    let (Some(image), Some(policy)) = (container.entry("image"), container.node.get("imagePullPolicy")) else { return };
    if policy.text() == Some("IfNotPresent") && image.value.text().is_some_and(|i| matches!(tag(i), None | Some("latest"))) {
        found.fix(policy.span, "`latest` is not pulled again", Some(Fix::Replace(policy.span, "Always".to_owned())));
    }
}

fn version(container: &Container<'_>, found: &mut Found<'_>) {
    let Some(image) = container.entry("image") else { return };
    if image.value.text().is_some_and(|i| matches!(tag(i), None | Some("latest"))) {
        found.say(image.value.span, "the image has no version");
    }
}

fn own_pod(container: &Container<'_>, found: &mut Found<'_>) {
    if !container.is_init || container.is_sidecar() {
        return;
    }
    let line = container.words().join(" ");
    let Some(spec) = container.unit.spec else { return };
    let waits = ["until ", "while ", "nc ", "wget ", "curl "].iter().any(|w| line.contains(w));
    let has_sidecar = list(spec, "initContainers").iter().any(|c| text(c, "restartPolicy") == "Always");
    if waits && !has_sidecar && (line.contains("localhost") || line.contains("127.0.0.1")) {
        found.say(container.head(), "this init container waits for a container that starts after it");
    }
}

fn requests(container: &Container<'_>, found: &mut Found<'_>) {
    let resources = container.node.get("resources");
    let has = |name: &str| resources.and_then(|r| r.get(name)).is_some_and(|r| !r.entries().is_empty());
    let of_pod = container.unit.spec.and_then(|s| s.get("resources")).is_some();
    if !container.is_init && !has("requests") && !has("limits") && !of_pod {
        found.say(container.head(), "the container asks for no CPU and no memory");
    }
}

fn memory(container: &Container<'_>, found: &mut Found<'_>) {
    let Some(resources) = container.entry("resources") else { return };
    if at(&resources.value, "requests.memory").is_some() && at(&resources.value, "limits.memory").is_none() {
        found.say(resources.key_span, "memory is requested, but not limited");
    }
}

fn endless(container: &Container<'_>, found: &mut Found<'_>) {
    if !container.is_init || container.is_sidecar() {
        return;
    }
    let line = container.words().join(" ");
    let is_endless = ["while true", "while :", "sleep infinity", "tail -f", "tail -F"].iter().any(|w| line.contains(w));
    if is_endless && !line.contains("break") && !line.contains("exit") {
        let fix = container.node.get("restartPolicy").is_none().then(|| container.node.entries().first()).flatten();
        let fix = fix.map(|first| Fix::before(first, "restartPolicy: Always"));
        found.fix(container.head(), "this init container never ends", fix);
    }
}

fn one_word(container: &Container<'_>, found: &mut Found<'_>) {
    let [only] = list(container.node, "command") else { return };
    let Some(line) = only.text().filter(|t| t.trim().contains(' ')) else { return };
    let is_plain = line.chars().all(|c| c.is_ascii_alphanumeric() || " -_./=:".contains(c));
    let words: Vec<String> = line.split_whitespace().map(|w| format!("{w:?}")).collect();
    let in_brackets = container.node.get("command").is_some_and(|list| list.span.start < only.span.start);
    let fix = (is_plain && in_brackets).then(|| Fix::Replace(only.span, words.join(", ")));
    found.fix(only.span, "the whole line is taken for the program's name", fix);
}

fn lost_words(container: &Container<'_>, found: &mut Found<'_>) {
    let (words, Some(script)) = (container.words(), container.script()) else { return };
    if words.len() > 3 && !script.contains('$') {
        found.say(container.head(), format!("{} words after the script are not used", words.len() - 3));
    }
}

fn secret(container: &Container<'_>, found: &mut Found<'_>) {
    for variable in list(container.node, "env") {
        let name = text(variable, "name").to_ascii_uppercase();
        let is_secret = ["PASSWORD", "SECRET", "TOKEN", "API_KEY"].iter().any(|word| name.ends_with(word));
        let Some(value) = variable.get("value").filter(|v| v.text().is_some_and(|t| !t.is_empty())) else { continue };
        if is_secret {
            found.say(value.span, format!("`{}` stands in the manifest", text(variable, "name")));
        }
    }
}

fn host_port(container: &Container<'_>, found: &mut Found<'_>) {
    if container.unit.kind == Kind::DaemonSet {
        return;
    }
    for port in list(container.node, "ports").iter().filter_map(|p| p.get("hostPort")) {
        found.say(port.span, "the port of the node is taken");
    }
}

fn sub_path(container: &Container<'_>, found: &mut Found<'_>) {
    let Some(spec) = container.unit.spec else { return };
    for mount in list(container.node, "volumeMounts") {
        let Some(path) = mount.get("subPath") else { continue };
        let volume = list(spec, "volumes").iter().find(|v| text(v, "name") == text(mount, "name"));
        if volume.is_some_and(|v| v.get("configMap").is_some() || v.get("secret").is_some()) {
            found.say(path.span, "this file is never refreshed");
        }
    }
}

fn privileged(container: &Container<'_>, found: &mut Found<'_>) {
    if let Some(node) = at(container.node, "securityContext.privileged")
        && node.kind == NodeKind::Bool(true)
    {
        found.say(node.span, "the container may do anything on its node");
    }
}
