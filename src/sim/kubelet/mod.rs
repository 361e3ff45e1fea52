//! The kubelet: pod workers that run blocking sync scripts over a snapshot of the runtime.
//!
//! What is modeled: the worker's phases, the relist, the order of a sync, images, volumes, hooks, probes, back-off,
//! termination, in-place resize. What is left out: cgroups, devices, static pods, eviction under the pressure of a node.
//! Files carry the names of Kubernetes' own packages where there is one.

mod actions;
mod admission;
mod allocation;
mod backoff;
mod conditions;
mod env;
mod events;
mod eviction;
mod hooks;
mod images;
mod kill;
mod phase;
mod plan;
mod pleg;
mod pod_workers;
mod prober;
mod restart_all;
mod script;
mod start;
mod status;
mod status_manager;
mod sync;
mod termination;
mod volume_files;
mod volumes;
mod worker;

pub(crate) use env::{expand as expand_variables, resolve as resolve_env};
pub(crate) use events::{EventCorrelator, Message};
pub(crate) use images::{Puller, on_pull_done};
pub(crate) use kill::{kill_process, on_kill_deadline};
pub(crate) use pleg::on_tick;
pub(crate) use pod_workers::{on_pod_changed, on_worker};
pub(crate) use prober::{on_probe_tick, on_probe_timeout};
pub(crate) use script::on_step;
pub(crate) use start::START;
pub(crate) use volumes::mounts as volume_mounts;
pub(crate) use volumes::on_mount;
pub(crate) use worker::{Ended, ExecPurpose, PodWorker, RunState};

use super::cluster::Cluster;
use super::ctx::Ctx;
use crate::trace::{ContainerId, HookKind, ObjectId, Rule};

/// The rules of this component.
pub(crate) fn rules() -> Vec<&'static Rule> {
    [
        admission::rules(),
        allocation::rules(),
        backoff::rules(),
        eviction::rules(),
        hooks::rules(),
        images::rules(),
        kill::rules(),
        prober::rules(),
        restart_all::rules(),
        start::rules(),
        status_manager::rules(),
        sync::rules(),
        termination::rules(),
        volumes::rules(),
        env::rules(),
    ]
    .concat()
}

/// A program that ran beside a container's own has ended.
pub(crate) fn on_exec_ended(cluster: &mut Cluster, pod: ObjectId, purpose: ExecPurpose, end: (i32, &str), ctx: &mut Ctx) {
    match purpose {
        ExecPurpose::Probe(index) => prober::on_exec_ended(cluster, pod, index, end, ctx),
        ExecPurpose::PostStart(slot) => {
            let result = hooks::exec_result(cluster, pod, slot, HookKind::PostStart, end);
            start::on_post_start_exec(cluster, pod, slot, result, ctx);
        }
        ExecPurpose::PreStop(slot) => {
            let result = hooks::exec_result(cluster, pod, slot, HookKind::PreStop, end);
            kill::on_pre_stop_exec(cluster, pod, slot, &result, ctx);
        }
    }
}

/// A container's main process has ended, and with it the programs that ran beside it.
pub(crate) fn on_container_ended(cluster: &mut Cluster, pod: ObjectId, id: ContainerId, orphans: &[ExecPurpose], ctx: &mut Ctx) {
    if let Some(worker) = cluster.worker(pod) {
        prober::forget_runs(worker, id);
    }
    let cause = ctx.cause;
    for purpose in orphans {
        if !matches!(purpose, ExecPurpose::Probe(_)) {
            on_exec_ended(cluster, pod, *purpose, (137, ""), ctx);
        }
        ctx.cause = cause;
    }
    kill::go_on(cluster, pod, ctx);
}
