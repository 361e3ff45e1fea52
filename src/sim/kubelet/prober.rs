//! Probe workers: tickers, thresholds, holds, and what their results set off. (pkg/kubelet/prober)

use std::sync::Arc;

use super::actions;
use super::events::Message;
use super::hooks;
use super::plan::{ContainerPlan, ProbePlan};
use super::pod_workers;
use super::status;
use super::status_manager;
use super::worker::{ExecPurpose, PodWorker, RunState, Stage};
use crate::api::ContainerState;
use crate::sim::cluster::Cluster;
use crate::sim::ctx::Ctx;
use crate::sim::event::Event;
use crate::sim::program::Health;
use crate::sim::runtime;
use crate::time::SimDuration;
use crate::trace::{Change, ContainerId, ObjectId, ProbeKind, ProbeOutcome, Rule, Subject};

static PROBE: Rule = Rule {
    id: "kubelet/probe",
    says: "A probe runs every periodSeconds from the moment its worker began, not from the container's start. A container that is not ready is probed at once when the kubelet looks at the pod.",
    source: "pkg/kubelet/prober/worker.go: run, doProbe",
};
static THRESHOLD: Rule = Rule {
    id: "kubelet/probe-threshold",
    says: "Only failureThreshold failures (or successThreshold successes) in a row change a probe's result.",
    source: "pkg/kubelet/prober/worker.go: doProbe",
};

pub(crate) fn rules() -> Vec<&'static Rule> {
    vec![&PROBE, &THRESHOLD]
}

/// The stored result of a probe.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ProbeResult {
    Success,
    Failure,
}

/// One probe of one container.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct ProbeWorker {
    pub(crate) slot: usize,
    pub(crate) kind: ProbeKind,
    /// The run that the stored result is about.
    container: Option<ContainerId>,
    stored: Option<ProbeResult>,
    last: ProbeResult,
    count: u16,
    on_hold: bool,
    ended: bool,
    /// The current ticker; a readiness probe's is re-anchored when it is poked.
    seq: u32,
    /// How many programs it has run: a time-out is meant for one of them.
    runs: u32,
    /// A program that still runs, and whether a tick came meanwhile.
    busy: Option<Busy>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Busy {
    id: ContainerId,
    tick_missed: bool,
    /// Whether a poke came meanwhile.
    poked: bool,
    /// Whether its time is over; its output no longer counts.
    timed_out: bool,
}

impl ProbeWorker {
    fn new(slot: usize, kind: ProbeKind) -> Self {
        let stored = initial(kind);
        Self {
            slot,
            kind,
            container: None,
            stored,
            last: ProbeResult::Success,
            count: 0,
            on_hold: false,
            ended: false,
            seq: 0,
            runs: 0,
            busy: None,
        }
    }

    /// The stored result, if it is about this run.
    pub(crate) fn result_for(&self, id: ContainerId) -> Option<ProbeResult> {
        if self.container == Some(id) { self.stored } else { initial(self.kind) }
    }
}

/// What counts before the first result. (worker.go: newWorker)
const fn initial(kind: ProbeKind) -> Option<ProbeResult> {
    match kind {
        ProbeKind::Readiness => Some(ProbeResult::Failure),
        ProbeKind::Liveness => Some(ProbeResult::Success),
        ProbeKind::Startup => None,
    }
}

/// Makes the workers that are missing: regular containers first, then sidecars; each tries at once.
pub(crate) fn add_workers(cluster: &mut Cluster, pod: ObjectId, ctx: &mut Ctx) {
    let Some(worker) = cluster.worker(pod) else { return };
    let plan = Arc::clone(&worker.plan);
    let order = plan.slots(|r| r == super::plan::Role::App).chain(plan.slots(|r| r == super::plan::Role::Sidecar));
    for (slot, container) in order {
        for probe in &container.probes {
            if !worker.probes.iter().any(|p| p.slot == slot && p.kind == probe.kind) {
                worker.probes.push(ProbeWorker::new(slot, probe.kind));
                let index = u16::try_from(worker.probes.len() - 1).unwrap_or(u16::MAX);
                ctx.at(ctx.now, Event::ProbeTick { pod, probe: index, seq: 0 });
            }
        }
    }
}

/// When a pod's stop begins, liveness and startup probes of regular containers end; readiness goes on.
pub(crate) fn stop_liveness_and_startup(worker: &mut PodWorker) {
    let plan = Arc::clone(&worker.plan);
    for probe in &mut worker.probes {
        let app = plan.get(probe.slot).is_some_and(|c| c.role == super::plan::Role::App);
        probe.ended |= app && probe.kind != ProbeKind::Readiness;
    }
}

/// A container that runs and is not ready is probed at once whenever its status is made, and its ticker starts anew.
/// In a real kubelet the worker sometimes still reads the status before this one, and misses its first chance.
/// (prober_manager.go: UpdatePodStatus; worker.go: run)
pub(crate) fn poke_readiness(cluster: &mut Cluster, pod: ObjectId, ctx: &mut Ctx) {
    let Some(worker) = cluster.worker(pod) else { return };
    for (index, probe) in (0_u16..).zip(worker.probes.iter_mut()) {
        let Some(container) = worker.plan.get(probe.slot).filter(|_| probe.kind == ProbeKind::Readiness && !probe.ended) else { continue };
        if !status::published(&worker.status, container).is_some_and(|s| s.started && !s.ready) {
            continue;
        }
        if let Some(busy) = probe.busy.as_mut() {
            busy.poked = true;
            continue;
        }
        probe.seq += 1;
        ctx.at(ctx.now, Event::ProbeTick { pod, probe: index, seq: probe.seq });
    }
}

/// A tick of a probe worker.
pub(crate) fn on_probe_tick(cluster: &mut Cluster, pod: ObjectId, index: u16, seq: u32, ctx: &mut Ctx) {
    let Some((worker, container, plan)) = parts(cluster, pod, index) else { return };
    let Some(probe) = worker.probes.get_mut(usize::from(index)) else { return };
    if probe.ended || probe.seq != seq {
        return;
    }
    ctx.after(plan.period, Event::ProbeTick { pod, probe: index, seq });
    if let Some(busy) = probe.busy.as_mut() {
        busy.tick_missed = true;
        return;
    }
    if due(worker, index, &container, &plan, ctx) {
        run(cluster, pod, index, &plan, ctx);
    }
}

/// The worker, and what its probe is about.
fn parts(cluster: &mut Cluster, pod: ObjectId, index: u16) -> Option<(&mut PodWorker, Arc<ContainerPlan>, Arc<ProbePlan>)> {
    let worker = cluster.kubelet.workers.get_mut(&pod)?;
    let probe = worker.probes.get(usize::from(index))?;
    let container = Arc::clone(worker.plan.get(probe.slot)?);
    let plan = Arc::clone(container.probe(probe.kind)?);
    Some((worker, container, plan))
}

/// Whether the probe has anything to do now. (worker.go: doProbe, up to the probe itself)
fn due(worker: &mut PodWorker, index: u16, container: &ContainerPlan, plan: &ProbePlan, ctx: &mut Ctx) -> bool {
    let policy = worker.plan.restart_policy;
    let terminal = worker.status.phase.is_terminal() || worker.stage > Stage::Terminating;
    let Some(status) = status::published(&worker.status, container) else { return false };
    let slot = worker.probes.get(usize::from(index)).map_or(0, |p| p.slot);
    let published = worker.slots.get(slot).and_then(|s| s.runs.iter().find(|r| *r.view.container_id == *status.container_id));
    let published = published.map(|run| {
        let ended = if let RunState::Exited(ended) = &run.view.state { Some(ended) } else { None };
        (run.view.id, ended.map(|ended| !actions::restarts_after(policy, container, ended)))
    });
    let started = status.started;
    let since = if let ContainerState::Running(running) = &status.state { Some(running.started_at) } else { None };
    let Some(probe) = worker.probes.get_mut(usize::from(index)) else { return false };
    if terminal {
        probe.ended = true;
        return false;
    }
    let Some((id, ends)) = published else { return false };
    let registered = probe.container != Some(id);
    if registered {
        probe.container = Some(id);
        probe.stored = initial(probe.kind);
        probe.on_hold = false;
    }
    let (on_hold, news) = (probe.on_hold, registered && probe.kind != ProbeKind::Liveness);
    if news {
        // The initial result of a new run is a change like any other. (results_manager.go: Set; kubelet.go: syncLoopIteration)
        pod_workers::request(worker, SimDuration::ZERO, ctx);
    }
    let Some(probe) = worker.probes.get_mut(usize::from(index)).filter(|_| !on_hold) else { return false };
    let Some(since) = since else {
        probe.stored = Some(ProbeResult::Failure);
        probe.ended = ends.unwrap_or(probe.ended);
        return false;
    };
    let gated = match probe.kind {
        ProbeKind::Startup => started,
        ProbeKind::Readiness | ProbeKind::Liveness => !started,
    };
    let early = (ctx.now - since.floor_second()).whole_secs() < plan.initial_delay_seconds;
    if early && !gated {
        let change = Change::Probe { outcome: ProbeOutcome::NotYet, message: Arc::default(), count: 0, threshold: plan.failure_threshold };
        ctx.record_field(Subject::Probe(container.at, plan.kind), change, &PROBE, Some(plan.field.field("initialDelaySeconds")));
    }
    !gated && !early
}

/// What a probe run said.
enum Said {
    Pass,
    /// It passed, with a warning: a redirect that is not followed.
    Warn(String),
    /// It will fail with this text once its time is over: nobody answers.
    Hangs,
    Fail(String),
    Error(String),
}

/// Runs the probe.
fn run(cluster: &mut Cluster, pod: ObjectId, index: u16, plan: &ProbePlan, ctx: &mut Ctx) {
    let Some(probe) = cluster.worker(pod).and_then(|w| w.probes.get_mut(usize::from(index))) else { return };
    let (slot, container) = (probe.slot, probe.container);
    if let Some(exec) = &plan.handler.exec {
        probe.runs += 1;
        let run = probe.runs;
        probe.busy = container.map(|id| Busy { id, tick_missed: false, poked: false, timed_out: false });
        ctx.after(plan.timeout, Event::ProbeTimeout { pod, probe: index, run });
        let field = plan.command_field.clone();
        if let Err(error) = runtime::exec(cluster, (pod, slot), &exec.command, (field, ExecPurpose::Probe(index)), ctx) {
            if let Some(probe) = cluster.worker(pod).and_then(|w| w.probes.get_mut(usize::from(index))) {
                probe.busy = None;
            }
            finished(cluster, pod, index, Said::Error(error), ctx);
        }
        return;
    }
    let said = call(cluster, pod, slot, plan);
    if matches!(said, Said::Hangs)
        && let Some(probe) = cluster.worker(pod).and_then(|w| w.probes.get_mut(usize::from(index)))
    {
        probe.runs += 1;
        probe.busy = container.map(|id| Busy { id, tick_missed: false, poked: false, timed_out: false });
        ctx.after(plan.timeout, Event::ProbeTimeout { pod, probe: index, run: probe.runs });
        return;
    }
    if let Said::Warn(text) = &said {
        let field = cluster.worker(pod).and_then(|w| w.plan.get(slot)).map(|c| c.event_field.clone()).unwrap_or_default();
        let message = Message::warning("ProbeWarning", format!("{} probe warning: {text}", title(plan.kind)), &PROBE);
        cluster.kubelet.events.emit(ctx, pod, ("kubelet", field), message);
    }
    finished(cluster, pod, index, said, ctx);
}

/// Probes that go over the network.
fn call(cluster: &Cluster, pod: ObjectId, slot: usize, plan: &ProbePlan) -> Said {
    let worker = cluster.kubelet.workers.get(&pod);
    let container = worker.and_then(|w| w.plan.get(slot));
    let own = worker.and_then(|w| w.sandbox.as_ref()).map_or("", |s| &*s.ip);
    if let Some(get) = &plan.handler.http_get {
        if container.and_then(|c| c.port(&get.port)).is_none() {
            return Said::Error(format!("couldn't find port: {}", get.port));
        }
        return match hooks::http(cluster, pod, slot, get) {
            Ok((200..=299, _)) => Said::Pass,
            Ok((300..=399, body)) => Said::Warn(format!("Probe terminated redirects, Response body: {body}")),
            Err(error) if error.ends_with(hooks::NO_ANSWER) => Said::Hangs,
            Ok((code, _)) => Said::Fail(format!("HTTP probe failed with statuscode: {code}")),
            Err(error) => Said::Fail(error),
        };
    }
    if let Some(tcp) = &plan.handler.tcp_socket {
        let Some(port) = container.and_then(|c| c.port(&tcp.port)) else { return Said::Error(format!("couldn't find port: {}", tcp.port)) };
        let host = if tcp.host.is_empty() { own } else { &tcp.host };
        return match hooks::connect(cluster, host, port) {
            Ok(()) => Said::Pass,
            Err(error) if error.ends_with("i/o timeout") => Said::Hangs,
            Err(error) => Said::Fail(error),
        };
    }
    let port = plan.handler.grpc.as_ref().map_or(0, |g| g.port);
    // A connection that fails is tried again until the time is over; so is one to a server that speaks HTTP/1 only.
    let service = plan.handler.grpc.as_ref().and_then(|g| g.service.as_deref()).unwrap_or_default();
    match cluster.os.net.health(own, u16::try_from(port).unwrap_or_default(), service) {
        Health::Serving => Said::Pass,
        Health::NotServing => Said::Fail("service unhealthy (responded with \"NOT_SERVING\")".into()),
        Health::Unknown => Said::Fail("error: health rpc probe failed: rpc error: code = NotFound desc = unknown service".into()),
        Health::NoAnswer => Said::Hangs,
    }
}

/// The words for a probe whose time is over.
fn time_is_over(worker: Option<&PodWorker>, slot: usize, plan: &ProbePlan) -> String {
    let seconds = plan.timeout.whole_secs();
    let own = worker.and_then(|w| w.sandbox.as_ref()).map(|s| s.ip.to_string()).unwrap_or_default();
    let container = worker.and_then(|w| w.plan.get(slot));
    let or_own = |host: &str| if host.is_empty() { own.clone() } else { host.to_owned() };
    let number = |port| container.and_then(|c| c.port(port)).unwrap_or_default();
    if let Some(exec) = &plan.handler.exec {
        return format!("command timed out: \"{}\" timed out after {seconds}s", exec.command.join(" "));
    }
    if let Some(get) = &plan.handler.http_get {
        return hooks::failed_get(get, &or_own(&get.host), number(&get.port), hooks::NO_ANSWER);
    }
    if let Some(tcp) = &plan.handler.tcp_socket {
        return format!("dial tcp {}:{}: i/o timeout", or_own(&tcp.host), number(&tcp.port));
    }
    let port = plan.handler.grpc.as_ref().map_or(0, |g| g.port);
    format!("timeout: failed to connect service \"{own}:{port}\" within {seconds}s: context deadline exceeded")
}

/// A probe's program has ended.
pub(crate) fn on_exec_ended(cluster: &mut Cluster, pod: ObjectId, index: u16, end: (i32, &str), ctx: &mut Ctx) {
    let Some(probe) = cluster.worker(pod).and_then(|w| w.probes.get_mut(usize::from(index))) else { return };
    let Some(busy) = probe.busy.take() else { return };
    if busy.timed_out {
        return;
    }
    let (code, output) = end;
    let said = if code == 0 { Said::Pass } else { Said::Fail(output.to_owned()) };
    over(cluster, (pod, index), &busy, said, ctx);
}

/// A probe's time is over while its program still runs. (cri-client remote_runtime.go: execSyncV1)
pub(crate) fn on_probe_timeout(cluster: &mut Cluster, pod: ObjectId, index: u16, run: u32, ctx: &mut Ctx) {
    let Some((worker, _, plan)) = parts(cluster, pod, index) else { return };
    let Some(probe) = worker.probes.get_mut(usize::from(index)) else { return };
    let Some(busy) = probe.busy.as_mut().filter(|_| probe.runs == run) else { return };
    busy.timed_out = true;
    let busy = busy.clone();
    probe.busy = None;
    let slot = probe.slot;
    runtime::kill_exec(cluster, pod, slot, ExecPurpose::Probe(index), ctx);
    let text = time_is_over(cluster.kubelet.workers.get(&pod), slot, &plan);
    over(cluster, (pod, index), &busy, Said::Fail(text), ctx);
}

/// A probe that took time is over; a tick or poke that it missed is made up for at once.
fn over(cluster: &mut Cluster, (pod, index): (ObjectId, u16), busy: &Busy, said: Said, ctx: &mut Ctx) {
    let gone = cluster.worker(pod).is_some_and(|w| w.probes.get(usize::from(index)).is_some_and(|p| p.container != Some(busy.id)));
    if !gone {
        finished(cluster, pod, index, said, ctx);
    }
    if busy.poked
        && let Some((worker, _, plan)) = parts(cluster, pod, index)
        && let Some(probe) = worker.probes.get_mut(usize::from(index))
    {
        probe.seq += 1;
        ctx.after(plan.period, Event::ProbeTick { pod, probe: index, seq: probe.seq });
    }
    if (busy.tick_missed || busy.poked)
        && let Some((worker, container, plan)) = parts(cluster, pod, index)
        && due(worker, index, &container, &plan, ctx)
    {
        run(cluster, pod, index, &plan, ctx);
    }
}

/// Counts a result, tells of failures, and acts when the stored result changes.
fn finished(cluster: &mut Cluster, pod: ObjectId, index: u16, said: Said, ctx: &mut Ctx) {
    let Some((worker, container, plan)) = parts(cluster, pod, index) else { return };
    let Some(probe) = worker.probes.get_mut(usize::from(index)) else { return };
    if probe.ended {
        return;
    }
    let (result, text) = match said {
        // What a probe that passes says is nowhere to be seen.
        Said::Pass | Said::Warn(_) => (ProbeResult::Success, String::new()),
        Said::Hangs => return,
        Said::Fail(text) => (ProbeResult::Failure, text),
        Said::Error(text) => {
            let change =
                Change::Probe { outcome: ProbeOutcome::Error, message: text.as_str().into(), count: 0, threshold: plan.failure_threshold };
            ctx.because(Subject::Probe(container.at, plan.kind), change, &PROBE);
            let text = format!("{} probe errored and resulted in unknown state: {text}", title(plan.kind));
            cluster.kubelet.events.emit(ctx, pod, ("kubelet", container.event_field.clone()), Message::warning("Unhealthy", text, &PROBE));
            return;
        }
    };
    probe.count = if probe.last == result { probe.count.saturating_add(1) } else { 1 };
    probe.last = result;
    let (outcome, threshold) = match result {
        ProbeResult::Success => (ProbeOutcome::Success, plan.success_threshold),
        ProbeResult::Failure => (ProbeOutcome::Failure, plan.failure_threshold),
    };
    let count = probe.count;
    let reached = count >= threshold;
    let changed = reached && probe.stored != Some(result);
    if reached {
        probe.stored = Some(result);
        if plan.kind == ProbeKind::Startup || (plan.kind == ProbeKind::Liveness && result == ProbeResult::Failure) {
            probe.on_hold = true;
            probe.count = 0;
        }
    }
    let slot = probe.slot;
    let message = if text.is_empty() { Arc::default() } else { text.as_str().into() };
    let change = Change::Probe { outcome, message, count, threshold };
    let field = Some(plan.field.clone());
    let record = ctx.record_field(Subject::Probe(container.at, plan.kind), change, if reached { &THRESHOLD } else { &PROBE }, field);
    ctx.cause = crate::trace::Cause::Record(record);
    if result == ProbeResult::Failure {
        let text = format!("{} probe failed: {text}", title(plan.kind));
        cluster.kubelet.events.emit(ctx, pod, ("kubelet", container.event_field.clone()), Message::warning("Unhealthy", text, &PROBE));
    }
    if changed {
        act(cluster, pod, slot, (plan.kind, result), ctx);
    }
}

/// A changed result: flags are published directly, then the pod is synced. (kubelet.go: syncLoopIteration)
fn act(cluster: &mut Cluster, pod: ObjectId, slot: usize, what: (ProbeKind, ProbeResult), ctx: &mut Ctx) {
    let success = what.1 == ProbeResult::Success;
    let readiness_probe = cluster.worker(pod).and_then(|w| w.plan.get(slot)).is_some_and(|c| c.probe(ProbeKind::Readiness).is_some());
    match what.0 {
        ProbeKind::Liveness if success => return,
        ProbeKind::Liveness => {}
        ProbeKind::Readiness => status_manager::set_flag(cluster, pod, slot, ctx, |s| s.ready = success && s.started),
        ProbeKind::Startup => status_manager::set_flag(cluster, pod, slot, ctx, |s| {
            s.started = success;
            s.ready = success && !readiness_probe;
        }),
    }
    pod_workers::wake(cluster, pod, ctx);
}

const fn title(kind: ProbeKind) -> &'static str {
    match kind {
        ProbeKind::Startup => "Startup",
        ProbeKind::Readiness => "Readiness",
        ProbeKind::Liveness => "Liveness",
    }
}

/// When the last run of a container ended, its probes that still run are forgotten.
pub(crate) fn forget_runs(worker: &mut PodWorker, id: ContainerId) {
    for probe in &mut worker.probes {
        if probe.busy.as_ref().is_some_and(|b| b.id == id) {
            probe.busy = None;
        }
    }
}
