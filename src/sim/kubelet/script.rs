//! A sync as a blocking script: steps in a list, one in progress, driven on by the end of what it waits for.

use super::actions;
use super::allocation;
use super::kill;
use super::pod_workers;
use super::restart_all;
use super::start;
use super::sync;
use super::termination;
use super::volumes;
use super::worker::PodWorker;
use crate::sim::cluster::Cluster;
use crate::sim::ctx::Ctx;
use crate::sim::event::Event;
use crate::time::{SimDuration, SimTime};
use crate::trace::ObjectId;

/// A step that is still to be done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Todo {
    /// Wait until the mounted volumes are there.
    Volumes,
    /// Start probe workers for containers that have none.
    Probes,
    /// Decide what to do with sandbox and containers, and put that first.
    Decide,
    /// Make a sandbox.
    Sandbox,
    /// Kill one container.
    Kill(actions::KillOrder),
    /// Kill one container so that the pod can start over.
    Reset { slot: usize },
    /// Remove the records of all containers.
    Remove,
    /// Kill every container that is left.
    KillAll,
    /// Start a container; a plain init container's failure ends the script.
    Start { slot: usize },
    /// Change a running container's limits.
    Resize { slot: usize },
    /// Stop the sandbox.
    StopSandbox,
    /// Publish the final status of a terminated pod.
    Final,
    /// Unmount, and have the API object removed.
    CleanUp,
}

/// The step in progress.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) enum Doing {
    /// None.
    #[default]
    Nothing,
    /// Waiting for volumes since this time.
    Volumes { since: SimTime },
    /// Making a sandbox.
    Sandbox,
    /// A container is being started.
    Starting(start::Starting),
    /// Containers are being killed (the worker's `kills`); after that a failed start goes on where it was.
    Killing { then: Option<start::Starting> },
    /// Changing a running container's limits.
    Resizing { slot: usize },
    /// Stopping the sandbox.
    StopSandbox,
    /// Unmounting.
    CleanUp,
}

/// What a step says when it is begun or resumed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Flow {
    /// It is done, on to the next.
    Next,
    /// It waits for an event.
    Blocks,
    /// It is done, and so is the script.
    Abort,
}

/// A timed step is over.
pub(crate) fn on_step(cluster: &mut Cluster, pod: ObjectId, seq: u32, ctx: &mut Ctx) {
    if cluster.worker(pod).is_some_and(|w| w.step_seq == seq) {
        resume(cluster, pod, ctx);
    }
}

/// Has the step in progress resumed after `delay`.
pub(crate) fn step_after(worker: &mut PodWorker, ctx: &mut Ctx, delay: SimDuration) {
    worker.step_seq += 1;
    ctx.after(delay, Event::Step { pod: worker.id, seq: worker.step_seq });
}

/// Goes on with the step in progress, then with the next ones.
pub(crate) fn resume(cluster: &mut Cluster, pod: ObjectId, ctx: &mut Ctx) {
    let Some(script) = cluster.worker(pod).and_then(|w| w.script.as_mut()) else { return };
    let doing = std::mem::take(&mut script.doing);
    let flow = match doing {
        Doing::Nothing => Flow::Next,
        Doing::Volumes { since } => volumes::wait(cluster, pod, since, ctx),
        Doing::Sandbox => sync::sandbox_ready(cluster, pod, ctx),
        Doing::Starting(starting) => start::proceed(cluster, pod, starting, ctx),
        Doing::Killing { then } => kill::wait(cluster, pod, then, ctx),
        Doing::Resizing { slot } => {
            allocation::applied(cluster, pod, slot, ctx);
            Flow::Next
        }
        Doing::StopSandbox => termination::sandbox_stopped(cluster, pod, ctx),
        Doing::CleanUp => termination::cleaned_up(cluster, pod, ctx),
    };
    advance(cluster, pod, flow, ctx);
}

/// Does steps until one blocks or none is left.
pub(crate) fn advance(cluster: &mut Cluster, pod: ObjectId, mut flow: Flow, ctx: &mut Ctx) {
    loop {
        let Some(script) = cluster.worker(pod).and_then(|w| w.script.as_mut()) else { return };
        match flow {
            Flow::Blocks => return,
            Flow::Abort => script.todo.clear(),
            Flow::Next => {}
        }
        let Some(todo) = script.todo.pop_front() else { break };
        flow = begin(cluster, pod, todo, ctx);
    }
    pod_workers::finish(cluster, pod, ctx);
}

fn begin(cluster: &mut Cluster, pod: ObjectId, todo: Todo, ctx: &mut Ctx) -> Flow {
    match todo {
        Todo::Volumes => volumes::begin(cluster, pod, ctx),
        Todo::Probes => sync::start_probes(cluster, pod, ctx),
        Todo::Decide => sync::decide(cluster, pod, ctx),
        Todo::Sandbox => sync::create_sandbox(cluster, pod, ctx),
        Todo::Kill(order) => kill::begin_one(cluster, pod, &order, ctx),
        Todo::Reset { slot } => restart_all::begin(cluster, pod, slot, ctx),
        Todo::Remove => restart_all::remove(cluster, pod, ctx),
        Todo::KillAll => kill::begin_all(cluster, pod, ctx),
        Todo::Start { slot } => start::begin(cluster, pod, slot, ctx),
        Todo::Resize { slot } => sync::resize(cluster, pod, slot, ctx),
        Todo::StopSandbox => termination::stop_sandbox(cluster, pod, ctx),
        Todo::Final => termination::publish_final(cluster, pod, ctx),
        Todo::CleanUp => termination::clean_up(cluster, pod, ctx),
    }
}

/// Marks what the script in progress is doing.
pub(crate) fn doing(cluster: &mut Cluster, pod: ObjectId, doing: Doing) -> Flow {
    match cluster.worker(pod).and_then(|w| w.script.as_mut()) {
        Some(script) => {
            script.doing = doing;
            Flow::Blocks
        }
        None => Flow::Abort,
    }
}

/// A container's image is there, or cannot be had: the start that waited for it goes on.
pub(crate) fn image_ready(cluster: &mut Cluster, pod: ObjectId, slot: usize, failure: Option<super::worker::StartFailure>, ctx: &mut Ctx) {
    let Some(script) = cluster.worker(pod).and_then(|w| w.script.as_mut()) else { return };
    if script.doing == Doing::Starting(start::Starting::Pulling { slot }) {
        script.doing = Doing::Nothing;
        let flow = match failure {
            None => start::create(cluster, pod, slot, ctx),
            Some(failure) => start::fail(cluster, pod, slot, failure, ctx),
        };
        advance(cluster, pod, flow, ctx);
    }
}
