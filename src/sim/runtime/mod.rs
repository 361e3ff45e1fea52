//! The container runtime: starts processes, runs them, signals them, and keeps how they ended.

use std::sync::Arc;

use super::cluster::Cluster;
use super::ctx::Ctx;
use super::event::Event;
use super::kubelet::{Ended, ExecPurpose, RunState, expand_variables, on_container_ended, on_exec_ended, resolve_env, volume_mounts};
use super::program::{self, Effect, Start};
use crate::text::FieldPath;
use crate::trace::{Cause, Change, ContainerId, Exit, ObjectId, Rule, Subject};

static EXITED: Rule = Rule {
    id: "runtime/exit",
    says: "A container lives as long as its main process. Exit code 0 is Completed, every other one Error; 128 + n means signal n.",
    source: "containerd internal/cri/server/container_status.go",
};
static OOM: Rule = Rule {
    id: "runtime/out-of-memory",
    says: "The container used more memory than its limit, so the kernel killed it: exit code 137, reason OOMKilled. Other containers of the pod live on.",
    source: "pkg/kubelet/kuberuntime/kuberuntime_container_linux.go",
};
static PROGRAM: Rule =
    Rule { id: "program/runs", says: "The container's own program does this.", source: "the image, or command and args of the manifest" };
static NOT_SIMULATED: Rule = Rule {
    id: "program/not-simulated",
    says: "This part of the program is beyond the simulation; a real cluster may differ from here on.",
    source: "the model's limits",
};

pub(crate) fn rules() -> Vec<&'static Rule> {
    vec![&EXITED, &OOM, &PROGRAM, &NOT_SIMULATED]
}

/// Starts the process of the newest run in a slot.
///
/// # Errors
/// The runtime's words, if the command cannot be started.
pub(crate) fn start(cluster: &mut Cluster, pod: ObjectId, slot: usize, ctx: &mut Ctx) -> Result<(), Arc<str>> {
    let env = resolve_env(cluster, pod, slot).unwrap_or_default();
    let Some(plan) = cluster.worker(pod).map(|w| Arc::clone(&w.plan)) else { return Err("pod not found".into()) };
    let Some(container) = plan.get(slot) else { return Err("container not found".into()) };
    let mounts = volume_mounts(cluster, pod, &container.spec.volume_mounts, &env);
    let Some(worker) = cluster.kubelet.workers.get_mut(&pod) else { return Err("pod not found".into()) };
    let meta = &plan.pod.metadata;
    let promised = worker.newest(slot).map(|r| &r.resources);
    let limit = promised.and_then(|r| r.limits.get("memory")).and_then(|q| u64::try_from(q.value()).ok());
    let hostname: Arc<str> = if plan.pod.spec.hostname.is_empty() { &meta.name } else { &plan.pod.spec.hostname }.as_str().into();
    // (helpers.go: ExpandContainerCommandAndArgs)
    let expanded = |words: &[String]| words.iter().map(|word| expand_variables(word, &env)).collect::<Vec<String>>();
    let (command, args) = (expanded(&container.spec.command), expanded(&container.spec.args));
    let start = Start {
        profile: Arc::clone(&container.profile),
        command: &command,
        args: &args,
        env,
        working_dir: &container.spec.working_dir,
        mounts,
        read_only_root: container.spec.security_context.as_ref().is_some_and(|c| c.read_only_root_filesystem == Some(true)),
        memory_limit: limit,
        ip: worker.sandbox.as_ref().map(|s| Arc::clone(&s.ip)).unwrap_or_default(),
        hostname,
        field: container.field.clone(),
        runs_before: worker.slots.get(slot).map_or(0, |s| s.started),
        seed: ctx.seed ^ u64::from(container.at.index),
        ports: container.spec.ports.iter().filter_map(|p| u16::try_from(p.container_port).ok()).collect(),
    };
    let started = program::Container::start(start, ctx.now, &mut cluster.os);
    let Some(worker) = cluster.kubelet.workers.get_mut(&pod) else { return Err("pod not found".into()) };
    let processes = started.map_err(|e| Arc::from(e.message.as_str()))?;
    let now = ctx.now;
    let Some(state) = worker.slots.get_mut(slot) else { return Err("container not found".into()) };
    state.started += 1;
    if let Some(run) = state.runs.last_mut() {
        run.view.state = RunState::Running { started_at: now };
        run.processes = Some(Box::new(processes));
        let record = ctx.because(Subject::Container(container.at), Change::ContainerStarted(run.view.id), &super::kubelet::START);
        run.cause = Cause::Record(record);
    }
    Ok(())
}

/// The processes of a run have something to do.
pub(crate) fn on_program(cluster: &mut Cluster, pod: ObjectId, id: ContainerId, ctx: &mut Ctx) {
    let Some(worker) = cluster.worker(pod) else { return };
    let Some(slot) = worker.slot_of(id) else { return };
    let now = ctx.now;
    let due = worker.newest_mut(slot).is_some_and(|r| r.view.id == id && r.wakes == Some(now));
    if due {
        run_processes(cluster, pod, slot, ctx);
    }
}

/// Runs what can run now, and records what comes of it.
pub(crate) fn run_processes(cluster: &mut Cluster, pod: ObjectId, slot: usize, ctx: &mut Ctx) {
    let Some(run) = cluster.kubelet.workers.get_mut(&pod).and_then(|w| w.newest_mut(slot)) else { return };
    let Some(processes) = run.processes.as_mut() else { return };
    let progress = processes.run(ctx.now, &mut cluster.os);
    let id = run.view.id;
    run.wakes = progress.wakes;
    if let Some(at) = progress.wakes {
        let cause = ctx.cause;
        ctx.cause = run.cause;
        ctx.at(at, Event::Program { pod, id });
        ctx.cause = cause;
    }
    let cause = ctx.cause;
    for effect in progress.effects {
        ctx.cause = cause;
        apply(cluster, pod, slot, (id, effect), ctx);
    }
    ctx.cause = cause;
}

fn apply(cluster: &mut Cluster, pod: ObjectId, slot: usize, effect: (ContainerId, Effect), ctx: &mut Ctx) {
    let Some(worker) = cluster.worker(pod) else { return };
    let Some(at) = worker.plan.get(slot).map(|c| c.at) else { return };
    let (id, effect) = effect;
    match effect {
        Effect::Output { stream, text } => {
            if let Some(run) = worker.newest_mut(slot) {
                keep_tail(&mut run.log_tail, &text);
            }
            ctx.record(Subject::Container(at), Change::Output { id, stream, text }, &PROGRAM);
        }
        Effect::Listening { port, open } => {
            ctx.record(Subject::Container(at), Change::Listening { port, open }, &PROGRAM);
        }
        Effect::File(file) => {
            ctx.record(Subject::Container(at), Change::File(file.into()), &PROGRAM);
        }
        Effect::NotSimulated { what, point } => {
            let field = point.map(|p| p.field);
            ctx.record_field(Subject::Container(at), Change::NotSimulated { what: what.into() }, &NOT_SIMULATED, field);
        }
        Effect::Budget(what) => {
            ctx.record(Subject::Container(at), Change::Budget { what }, &NOT_SIMULATED);
        }
        Effect::ExecEnded { id: exec, code, output } => {
            if let Some(purpose) = worker.execs.remove(&(id, exec)) {
                on_exec_ended(cluster, pod, purpose, (code, &output), ctx);
            }
        }
        Effect::Exited(exit) => ended(cluster, pod, slot, (id, exit), ctx),
    }
}

/// The last 80 lines or 2048 bytes of a log are what a termination message can fall back to.
const TAIL_BYTES: usize = 2048;

fn keep_tail(tail: &mut String, text: &str) {
    tail.push_str(text);
    // Cut only now and then: what exceeds is cut off again when the tail is used.
    if tail.len() > 4 * TAIL_BYTES {
        cut_tail(tail);
    }
}

fn cut_tail(tail: &mut String) {
    while tail.len() > TAIL_BYTES {
        let cut = (tail.len() - TAIL_BYTES..=tail.len()).find(|i| tail.is_char_boundary(*i)).unwrap_or(tail.len());
        tail.drain(..cut);
    }
}

/// The main process has ended, and with it every other of the container.
fn ended(cluster: &mut Cluster, pod: ObjectId, slot: usize, end: (ContainerId, Exit), ctx: &mut Ctx) {
    let (id, exit) = end;
    let Some(worker) = cluster.kubelet.workers.get_mut(&pod) else { return };
    let Some(spec) = worker.plan.get(slot).map(|c| c.spec.clone()) else { return };
    let Some(run) = worker.newest_mut(slot) else { return };
    let RunState::Running { started_at } = run.view.state else { return };
    let mut message =
        run.processes.as_ref().map(|p| p.termination_message(&spec.termination_message_path, &cluster.os)).unwrap_or_default();
    if message.is_empty() && exit.code != 0 && spec.termination_message_policy == "FallbackToLogsOnError" {
        cut_tail(&mut run.log_tail);
        message.clone_from(&run.log_tail);
    }
    let reason = if exit.oom {
        "OOMKilled"
    } else if exit.code == 0 {
        "Completed"
    } else {
        "Error"
    };
    let finished_at = ctx.now;
    run.view.state =
        RunState::Exited(Ended { started_at: Some(started_at), finished_at, code: exit.code, reason, message: message.into() });
    run.processes = None;
    run.wakes = None;
    // A signal that came while the program was waiting is newer than what its waking was due to.
    if let (Cause::Record(woken), Cause::Record(told)) = (ctx.cause, run.cause) {
        ctx.cause = Cause::Record(woken.max(told));
    }
    let rule = if exit.oom { &OOM } else { &EXITED };
    record_exit(cluster, pod, slot, id, exit, rule, ctx);
    let orphans: Vec<ExecPurpose> = cluster.worker(pod).map_or_else(Vec::new, |w| {
        let keys: Vec<_> = w.execs.keys().filter(|(of, _)| *of == id).copied().collect();
        keys.into_iter().filter_map(|k| w.execs.remove(&k)).collect()
    });
    on_container_ended(cluster, pod, id, &orphans, ctx);
}

/// Records an exit, and makes it the reason for the relist that finds it.
#[expect(clippy::too_many_arguments, reason = "an exit has that many sides")]
pub(crate) fn record_exit(
    cluster: &mut Cluster,
    pod: ObjectId,
    slot: usize,
    id: ContainerId,
    exit: Exit,
    rule: &'static Rule,
    ctx: &mut Ctx,
) {
    let Some(worker) = cluster.worker(pod) else { return };
    let Some(at) = worker.plan.get(slot).map(|c| c.at) else { return };
    let field = exit.point.as_ref().map(|p| p.field.clone());
    let record = ctx.record_field(Subject::Container(at), Change::Exited(id, exit), rule, field);
    ctx.cause = Cause::Record(record);
    if let Some(run) = worker.newest_mut(slot) {
        run.cause = Cause::Record(record);
    }
}

/// Runs a program beside the container's own.
///
/// # Errors
/// The runtime's words, if the command cannot be started.
pub(crate) fn exec(
    cluster: &mut Cluster,
    (pod, slot): (ObjectId, usize),
    command: &[String],
    (field, purpose): (FieldPath, ExecPurpose),
    ctx: &mut Ctx,
) -> Result<(), String> {
    let Some(worker) = cluster.kubelet.workers.get_mut(&pod) else { return Err("container not running".into()) };
    let Some(run) = worker.newest_mut(slot) else { return Err("container not running".into()) };
    let id = run.view.id;
    let Some(processes) = run.processes.as_mut() else { return Err("container not running".into()) };
    let exec = processes.exec(command, &field, ctx.now, &mut cluster.os).map_err(|e| e.message)?;
    // It begins to run at once, but after whoever asked for it has noted that it waits.
    run.wakes = Some(ctx.now);
    worker.execs.insert((id, exec), purpose);
    ctx.at(ctx.now, Event::Program { pod, id });
    Ok(())
}

/// Kills a program that runs beside the container's own.
pub(crate) fn kill_exec(cluster: &mut Cluster, pod: ObjectId, slot: usize, purpose: ExecPurpose, ctx: &mut Ctx) {
    let Some(worker) = cluster.kubelet.workers.get_mut(&pod) else { return };
    let Some((id, exec)) = worker.execs.iter().find(|(_, p)| **p == purpose).map(|(k, _)| *k) else { return };
    worker.execs.remove(&(id, exec));
    if let Some(processes) = worker.newest_mut(slot).filter(|r| r.view.id == id).and_then(|r| r.processes.as_mut()) {
        processes.kill_exec(exec, ctx.now, &mut cluster.os);
    }
    run_processes(cluster, pod, slot, ctx);
}

/// Sends a signal to the main process.
pub(crate) fn signal(cluster: &mut Cluster, pod: ObjectId, slot: usize, name: &'static str, ctx: &mut Ctx) {
    let Some(run) = cluster.kubelet.workers.get_mut(&pod).and_then(|w| w.newest_mut(slot)) else { return };
    // What its processes do from here on, they may do because of the signal.
    run.cause = ctx.cause;
    if let Some(processes) = run.processes.as_mut() {
        processes.signal(name, ctx.now, &mut cluster.os);
    }
    run_processes(cluster, pod, slot, ctx);
}
