//! `kubectl logs`, and what the kubelet answers when there is nothing to read.
//! (kubectl/pkg/cmd/logs; pkg/registry/core/pod/rest/log.go; kubelet_pods.go: validateContainerLogStatus)

use super::store;
use crate::api::{ContainerState, ContainerStatus, Kind, Pod};
use crate::time::SimTime;
use crate::trace::{ContainerGroup, ContainerId, ContainerRef, ObjectId, Trace};

/// Whose log is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LogsOf<'a> {
    /// The pod's namespace.
    pub namespace: &'a str,
    /// The pod.
    pub pod: &'a str,
    /// `-c`.
    pub container: Option<&'a str>,
    /// `-p`: the run before.
    pub previous: bool,
}

/// The API's answer to a request for a log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LogAnswer {
    /// The text.
    Text(String),
    /// The pod has no node yet: nothing, without an error.
    NoNode,
    /// Refused with this message (HTTP 400).
    Refused(String),
}

/// `kubectl logs POD [-c CONTAINER] [-p]`; what goes to standard error comes first.
pub fn logs(trace: &Trace, at: SimTime, of: LogsOf<'_>) -> String {
    let (out, err, _) = pod_logs(trace, at, of, false);
    err + &out
}

/// The same as standard output, standard error and exit code; of all containers, if asked.
pub(super) fn pod_logs(trace: &Trace, at: SimTime, of: LogsOf<'_>, all: bool) -> (String, String, u8) {
    let LogsOf { namespace, pod: name, .. } = of;
    let Some((id, pod)) = store::find(trace, at, Kind::Pod, namespace, name).and_then(|(id, o)| Some((id, o.pod()?))) else {
        return (
            String::new(),
            format!("error: error from server (NotFound): pods \"{name}\" not found in namespace \"{namespace}\"\n"),
            1,
        );
    };
    let (containers, mut err) = match of.container {
        _ if all => {
            let spec = &pod.spec;
            let lists = spec.init_containers.iter().chain(&spec.containers).chain(&spec.ephemeral_containers);
            (lists.map(|c| c.name.as_str()).collect(), String::new())
        }
        Some(container) => (vec![container], String::new()),
        None => {
            let (container, note) = default_container(pod);
            (vec![container], note)
        }
    };
    let mut out = String::new();
    for container in containers {
        if find_container(pod, container).is_none() {
            return (out, format!("error: container {container} is not valid for pod {name} out of: {}\n", container_names(pod)), 1);
        }
        match container_log(trace, at, (id, pod), container, of.previous) {
            LogAnswer::Text(text) => out.push_str(&text),
            LogAnswer::NoNode => {}
            LogAnswer::Refused(message) => {
                err.push_str(&format!("Error from server (BadRequest): {message}\n"));
                return (out, err, 1);
            }
        }
    }
    (out, err, 0)
}

/// The container that is read without `-c`, and what kubectl says about the choice.
fn default_container(pod: &Pod) -> (&str, String) {
    let mut note = String::new();
    if let Some(name) = pod.metadata.annotations.get("kubectl.kubernetes.io/default-container") {
        if find_container(pod, name).is_some() {
            return (name, note);
        }
        note = format!("Default container name \"{name}\" not found in pod {}\n", pod.metadata.name);
    }
    let first = pod.spec.containers.first().map_or("", |c| c.name.as_str());
    if pod.spec.containers.len() + pod.spec.init_containers.len() + pod.spec.ephemeral_containers.len() > 1 {
        note.push_str(&format!("Defaulted container \"{first}\" out of: {}\n", container_names(pod)));
    }
    (first, note)
}

/// Regular, ephemeral and init containers.
fn container_names(pod: &Pod) -> String {
    let spec = &pod.spec;
    let regular = spec.containers.iter().map(|c| c.name.clone());
    let ephemeral = spec.ephemeral_containers.iter().map(|c| format!("{} (ephem)", c.name));
    let init = spec.init_containers.iter().map(|c| format!("{} (init)", c.name));
    regular.chain(ephemeral).chain(init).collect::<Vec<_>>().join(", ")
}

fn find_container(pod: &Pod, name: &str) -> Option<(ContainerGroup, u16)> {
    let groups = [
        (ContainerGroup::Init, &pod.spec.init_containers),
        (ContainerGroup::App, &pod.spec.containers),
        (ContainerGroup::Ephemeral, &pod.spec.ephemeral_containers),
    ];
    groups.into_iter().find_map(|(group, list)| {
        let index = list.iter().position(|c| c.name == name)?;
        Some((group, u16::try_from(index).ok()?))
    })
}

/// The API's answer for one container of a pod.
pub fn container_log(trace: &Trace, at: SimTime, (id, pod): (ObjectId, &Pod), container: &str, previous: bool) -> LogAnswer {
    if pod.spec.node_name.is_empty() {
        return LogAnswer::NoNode;
    }
    let not_available = || LogAnswer::Refused(format!("container \"{container}\" in pod \"{}\" is not available", pod.metadata.name));
    let Some((group, index)) = find_container(pod, container) else { return not_available() };
    let statuses = match group {
        ContainerGroup::Init => &pod.status.init_container_statuses,
        ContainerGroup::App => &pod.status.container_statuses,
        ContainerGroup::Ephemeral => &pod.status.ephemeral_container_statuses,
    };
    let Some(status) = statuses.iter().find(|s| s.name == container) else { return not_available() };
    match compute_source(status, previous) {
        Source::Run(number) => {
            let runs: Vec<ContainerId> =
                trace.runs_of(ContainerRef { pod: id, group, index }).take_while(|(r, _)| r.at <= at).map(|(_, id)| id).collect();
            let run = runs.get(number).or_else(|| runs.last());
            LogAnswer::Text(run.map(|run| trace.output_of(*run, at)).unwrap_or_default())
        }
        Source::None(why) => LogAnswer::Refused(match why {
            Refusal::NoPrevious => format!("previous terminated container \"{container}\" in pod \"{}\" not found", pod.metadata.name),
            Refusal::Terminated => format!("container \"{container}\" in pod \"{}\" is terminated", pod.metadata.name),
            Refusal::Waiting(what) => format!("container \"{container}\" in pod \"{}\" is waiting to start{what}", pod.metadata.name),
        }),
    }
}

/// Where a log comes from.
enum Source {
    /// The run of this number, from 0.
    Run(usize),
    None(Refusal),
}

enum Refusal {
    NoPrevious,
    Terminated,
    Waiting(String),
}

/// (validateContainerLogStatus)
fn compute_source(status: &ContainerStatus, previous: bool) -> Source {
    let newest = usize::try_from(status.restart_count).unwrap_or(usize::MAX);
    let last = status.last_state.terminated();
    let last_has_log = last.is_some_and(|t| !t.container_id.is_empty());
    // The state describes the newest run; while it waits for the next one, lastState does.
    let waiting = matches!(status.state, ContainerState::Waiting(_) | ContainerState::Unset);
    let before = if waiting { newest } else { newest.saturating_sub(1) };
    if previous {
        return if last_has_log { Source::Run(before) } else { Source::None(Refusal::NoPrevious) };
    }
    match &status.state {
        ContainerState::Running(_) => Source::Run(newest),
        ContainerState::Terminated(t) if !t.container_id.is_empty() => Source::Run(newest),
        ContainerState::Terminated(_) if last_has_log => Source::Run(before),
        ContainerState::Terminated(_) => Source::None(Refusal::Terminated),
        ContainerState::Waiting(_) | ContainerState::Unset if last.is_some() => {
            if last_has_log {
                Source::Run(before)
            } else {
                Source::None(Refusal::Terminated)
            }
        }
        ContainerState::Waiting(w) => Source::None(Refusal::Waiting(match w.reason.as_str() {
            "ErrImagePull" => ": image can't be pulled".into(),
            "ImagePullBackOff" => ": trying and failing to pull image".into(),
            "" => " - no logs yet".into(),
            reason => format!(": {reason}"),
        })),
        ContainerState::Unset => Source::None(Refusal::Waiting(" - no logs yet".into())),
    }
}
