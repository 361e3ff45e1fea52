//! A pod's state as a recording has it.

use crate::order::SortedMap;

use super::Mask;
use super::wire::{Condition, Container, Deleting, Pod, State};
use crate::api::{self, ContainerState, ContainerStatus, StateTerminated};
use crate::time::{SimTime, parse_rfc3339};

/// The state of a pod, at time zero.
pub(super) fn pod(pod: &api::Pod, mask: &Mask) -> Pod {
    let (meta, status) = (&pod.metadata, &pod.status);
    let condition = |c: &api::Condition| {
        let of =
            Condition { status: if c.status { "True" } else { "False" }, reason: c.reason.to_string(), message: mask.text(&c.message) };
        (c.kind.as_str().to_owned(), of)
    };
    let deadline = meta.deletion_timestamp.as_deref().and_then(parse_rfc3339);
    Pod {
        pod: meta.name.clone(),
        phase: status.phase.as_str(),
        reason: status.reason.to_string(),
        message: mask.text(&status.message),
        qos_class: Some(status.qos_class.as_str()),
        conditions: Some(status.conditions.iter().map(condition).collect()),
        init: containers(&status.init_container_statuses, mask),
        containers: containers(&status.container_statuses, mask),
        ephemeral: ephemeral(&status.ephemeral_container_statuses, mask),
        deleting: deadline.map(|at| Deleting { grace: meta.deletion_grace_period_seconds.unwrap_or_default(), at: at.into() }),
        node: (!pod.spec.node_name.is_empty()).then_some(true),
        ..Pod::default()
    }
}

/// That a pod is gone.
pub(super) fn gone(pod: &api::Pod) -> Pod {
    Pod { pod: pod.metadata.name.clone(), deleted: Some(true), phase: pod.status.phase.as_str(), ..Pod::default() }
}

/// Ephemeral containers, which have no probes, do not say whether they have started.
fn ephemeral(statuses: &[ContainerStatus], mask: &Mask) -> SortedMap<String, Container> {
    let mut list = containers(statuses, mask);
    list.values_mut().for_each(|c| c.started = None);
    list
}

fn containers(statuses: &[ContainerStatus], mask: &Mask) -> SortedMap<String, Container> {
    let container = |s: &ContainerStatus| Container {
        state: state(&s.state, mask),
        last: s.last_state.terminated().map(|t| terminated(t, mask)),
        ready: s.ready,
        restarts: s.restart_count,
        started: Some(s.started),
    };
    statuses.iter().map(|s| (s.name.to_string(), container(s))).collect()
}

fn state(state: &ContainerState, mask: &Mask) -> State {
    match state {
        ContainerState::Waiting(w) => {
            State { state: "waiting", reason: w.reason.to_string(), message: mask.text(&w.message), ..State::default() }
        }
        ContainerState::Running(r) => State { state: "running", started_at: Some(r.started_at.floor_second().into()), ..State::default() },
        ContainerState::Terminated(t) => terminated(t, mask),
        ContainerState::Unset => State { state: "waiting", ..State::default() },
    }
}

fn terminated(t: &StateTerminated, mask: &Mask) -> State {
    State {
        state: "terminated",
        reason: t.reason.to_string(),
        exit_code: Some(t.exit_code),
        message: mask.text(&t.message),
        started_at: t.started_at.map(SimTime::floor_second).map(Into::into),
        finished_at: t.finished_at.map(SimTime::floor_second).map(Into::into),
    }
}
