//! Starting one container: back-off, image, create, start, postStart. (kuberuntime_container.go: startContainer)

use std::sync::Arc;

use super::backoff;
use super::env;
use super::events::Message;
use super::hooks::{self, HookRun};
use super::images::{self, Image};
use super::kill;
use super::plan::Role;
use super::script::{self, Doing, Flow};
use super::status;
use super::worker::{ContainerRun, Ended, RunState, RunView, StartFailure};
use crate::sim::cluster::Cluster;
use crate::sim::ctx::Ctx;
use crate::sim::runtime;
use crate::time::SimDuration;
use crate::trace::{BackOffKind, Change, HookKind, ObjectId, Rule, Subject};

pub(crate) static START: Rule = Rule {
    id: "kubelet/start-container",
    says: "Containers are started one after another in the order of the manifest: image, create, start, postStart. One that fails does not stop the later ones, unless it is an init container.",
    source: "pkg/kubelet/kuberuntime/kuberuntime_container.go: startContainer",
};
static START_ERROR: Rule = Rule {
    id: "runtime/start-error",
    says: "The runtime could not start the command: the file does not exist or is no program. The container ends with code 128 without ever having run.",
    source: "containerd internal/cri/server/container_start.go: StartContainer",
};

pub(crate) fn rules() -> Vec<&'static Rule> {
    vec![&START, &START_ERROR, &super::actions::LIVENESS_KILL, &super::actions::STARTUP_KILL, &super::actions::DEFINITION_CHANGED]
}

const CREATE_TAKES: SimDuration = SimDuration::from_ms(30);
const START_TAKES: SimDuration = SimDuration::from_ms(50);

/// How far a start has got.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Starting {
    /// Its image is being pulled.
    Pulling { slot: usize },
    /// The runtime makes it.
    Creating { slot: usize },
    /// The runtime starts its process.
    Launching { slot: usize },
    /// Its postStart hook runs.
    PostStart { slot: usize },
    /// It is being killed because its postStart hook failed.
    Failed { slot: usize, failure: StartFailure },
}

/// Begins a start: back-off first, then the image.
pub(crate) fn begin(cluster: &mut Cluster, pod: ObjectId, slot: usize, ctx: &mut Ctx) -> Flow {
    let Some(worker) = cluster.worker(pod) else { return Flow::Abort };
    let Some((at, name)) = worker.plan.get(slot).map(|c| (c.at, c.name.clone())) else { return Flow::Next };
    if let Err(refused) = backoff::check(worker, slot, ctx.now) {
        let describe = worker.plan.describe.clone();
        if let Some(script) = worker.script.as_mut() {
            script.retry_at = Some(script.retry_at.map_or(refused.until, |t| t.min(refused.until)));
        }
        let (delay, until) = (refused.delay, refused.until);
        ctx.because(Subject::Container(at), Change::BackOff { what: BackOffKind::Restart, delay, until }, &backoff::RESTART);
        let text = format!("Back-off restarting failed container {name} in pod {describe}");
        emit(cluster, pod, slot, Message::warning("BackOff", text, &backoff::RESTART), ctx);
        let message =
            format!("back-off {} restarting failed container={name} pod={describe}", crate::time::go_duration(refused.delay)).into();
        return fail(cluster, pod, slot, StartFailure { reason: "CrashLoopBackOff", message, rule: &backoff::RESTART }, ctx);
    }
    match images::ensure(cluster, pod, slot, ctx) {
        Image::Here => create(cluster, pod, slot, ctx),
        Image::Pulling => script::doing(cluster, pod, Doing::Starting(Starting::Pulling { slot })),
        Image::Failed(failure) => fail(cluster, pod, slot, failure, ctx),
    }
}

fn emit(cluster: &mut Cluster, pod: ObjectId, slot: usize, message: Message, ctx: &mut Ctx) {
    let field = cluster.kubelet.workers.get(&pod).and_then(|w| w.plan.get(slot)).map(|c| c.event_field.clone()).unwrap_or_default();
    cluster.kubelet.events.emit(ctx, pod, ("kubelet", field), message);
}

/// A start has failed: remembered for the next status, and told. (reason_cache.go; kubelet.go: SyncPod)
pub(crate) fn fail(cluster: &mut Cluster, pod: ObjectId, slot: usize, failure: StartFailure, ctx: &mut Ctx) -> Flow {
    let text = match failure.reason {
        "CrashLoopBackOff" | "PostStartHookError" => None,
        "ErrImagePull" | "ImagePullBackOff" | "ErrImageNeverPull" | "InvalidImageName" => Some(format!("Error: {}", failure.reason)),
        _ => Some(format!("Error: {}", failure.message)),
    };
    if let Some(text) = text {
        emit(cluster, pod, slot, Message::warning("Failed", text, failure.rule), ctx);
    }
    let Some(worker) = cluster.worker(pod) else { return Flow::Abort };
    if let Some(script) = worker.script.as_mut() {
        script.failed = true;
    }
    let role = worker.plan.get(slot).map(|c| c.role);
    if let Some(slot) = worker.slots.get_mut(slot) {
        slot.failure = Some(failure);
    }
    if role == Some(Role::Init) { Flow::Abort } else { Flow::Next }
}

/// The image is there: environment and user are checked, then the runtime makes the container.
pub(crate) fn create(cluster: &mut Cluster, pod: ObjectId, slot: usize, ctx: &mut Ctx) -> Flow {
    if let Err(message) = env::check(cluster, pod, slot) {
        let failure = StartFailure { reason: "CreateContainerConfigError", message: message.into(), rule: &env::CONFIG };
        return fail(cluster, pod, slot, failure, ctx);
    }
    if let Some(worker) = cluster.worker(pod) {
        script::step_after(worker, ctx, CREATE_TAKES);
    }
    script::doing(cluster, pod, Doing::Starting(Starting::Creating { slot }))
}

/// Goes on with a start.
pub(crate) fn proceed(cluster: &mut Cluster, pod: ObjectId, starting: Starting, ctx: &mut Ctx) -> Flow {
    match starting {
        Starting::Pulling { slot } => script::doing(cluster, pod, Doing::Starting(Starting::Pulling { slot })),
        Starting::Creating { slot } => created(cluster, pod, slot, ctx),
        Starting::Launching { slot } => launch(cluster, pod, slot, ctx),
        Starting::PostStart { slot } => post_start_over(cluster, pod, slot, Ok(()), ctx),
        Starting::Failed { slot, failure } => fail(cluster, pod, slot, failure, ctx),
    }
}

fn created(cluster: &mut Cluster, pod: ObjectId, slot: usize, ctx: &mut Ctx) -> Flow {
    let id = cluster.kubelet.next_container();
    let mut random = ctx.draw("container-id", u64::from(id.0));
    let container_id: Arc<str> = format!("containerd://{}", (0..4).map(|_| format!("{:016x}", random.draw())).collect::<String>()).into();
    let Some(worker) = cluster.worker(pod) else { return Flow::Abort };
    let Some(container) = worker.plan.get(slot) else { return Flow::Next };
    let (at, image) = (container.at, container.spec.image.as_str().into());
    let image_name = status::canonical(&container.spec.image);
    let image_id = status::image_id(&image_name, container).into();
    let record = ctx.because(Subject::Container(at), Change::ContainerCreated(id), &START);
    let Some(state) = worker.slots.get_mut(slot) else { return Flow::Next };
    let restart_count = state.runs.last().map_or(state.restarts_before, |r| r.view.restart_count + 1);
    state.removed = false;
    let extra = state.runs.len().saturating_sub(1);
    state.runs.drain(..extra);
    state.runs.push(ContainerRun {
        view: RunView { id, container_id, restart_count, image, image_name: image_name.into(), image_id, state: RunState::Created },
        resources: worker.allocation.promised.get(slot).cloned().unwrap_or_default(),
        processes: None,
        wakes: None,
        cause: crate::trace::Cause::Record(record),
        log_tail: String::new(),
    });
    script::step_after(worker, ctx, START_TAKES);
    emit(cluster, pod, slot, Message::normal("Created", "Container created", &START), ctx);
    script::doing(cluster, pod, Doing::Starting(Starting::Launching { slot }))
}

fn launch(cluster: &mut Cluster, pod: ObjectId, slot: usize, ctx: &mut Ctx) -> Flow {
    match runtime::start(cluster, pod, slot, ctx) {
        Ok(()) => {
            emit(cluster, pod, slot, Message::normal("Started", "Container started", &START), ctx);
            runtime::run_processes(cluster, pod, slot, ctx);
            post_start(cluster, pod, slot, ctx)
        }
        Err(message) => {
            let now = ctx.now;
            if let Some(run) = cluster.worker(pod).and_then(|w| w.newest_mut(slot)) {
                let message = Arc::clone(&message);
                run.view.state = RunState::Exited(Ended { started_at: None, finished_at: now, code: 128, reason: "StartError", message });
                let exit = crate::trace::Exit { code: 128, oom: false, signal: None, point: None };
                let id = run.view.id;
                runtime::record_exit(cluster, pod, slot, id, exit, &START_ERROR, ctx);
            }
            fail(cluster, pod, slot, StartFailure { reason: "RunContainerError", message, rule: &START_ERROR }, ctx)
        }
    }
}

/// The process runs; the sync waits for its postStart hook.
fn post_start(cluster: &mut Cluster, pod: ObjectId, slot: usize, ctx: &mut Ctx) -> Flow {
    match hooks::begin(cluster, pod, slot, HookKind::PostStart, ctx) {
        HookRun::None => started(cluster, pod, slot),
        HookRun::Runs => script::doing(cluster, pod, Doing::Starting(Starting::PostStart { slot })),
        HookRun::Waits(delay) => {
            if let Some(worker) = cluster.worker(pod) {
                script::step_after(worker, ctx, delay);
            }
            script::doing(cluster, pod, Doing::Starting(Starting::PostStart { slot }))
        }
        HookRun::Over(result) => post_start_over(cluster, pod, slot, result, ctx),
    }
}

fn started(cluster: &mut Cluster, pod: ObjectId, slot: usize) -> Flow {
    if let Some(slot) = cluster.worker(pod).and_then(|w| w.slots.get_mut(slot)) {
        slot.failure = None;
    }
    Flow::Next
}

/// The hook has ended; if it failed, the container is killed.
pub(crate) fn post_start_over(cluster: &mut Cluster, pod: ObjectId, slot: usize, result: Result<(), String>, ctx: &mut Ctx) -> Flow {
    hooks::ended(cluster, (pod, slot), HookKind::PostStart, &result, ctx);
    let Err(message) = result else { return started(cluster, pod, slot) };
    emit(cluster, pod, slot, Message::warning("FailedPostStartHook", "PostStartHook failed", &hooks::HOOK), ctx);
    let failure = StartFailure { reason: "PostStartHookError", message: message.into(), rule: &hooks::HOOK };
    let grace_seconds = cluster.worker(pod).map_or(30, |w| w.plan.grace_seconds);
    let order = super::actions::KillOrder { slot, message: "FailedPostStartHook".into(), grace_seconds, rule: &hooks::HOOK };
    kill::begin_failed_start(cluster, pod, &order, Starting::Failed { slot, failure }, ctx)
}

/// The postStart program of a start in progress has ended: the start goes on.
pub(crate) fn on_post_start_exec(cluster: &mut Cluster, pod: ObjectId, slot: usize, result: Result<(), String>, ctx: &mut Ctx) {
    let Some(script) = cluster.worker(pod).and_then(|w| w.script.as_mut()) else { return };
    if script.doing == Doing::Starting(Starting::PostStart { slot }) {
        script.doing = Doing::Nothing;
        let flow = post_start_over(cluster, pod, slot, result, ctx);
        script::advance(cluster, pod, flow, ctx);
    }
}
