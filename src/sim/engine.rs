//! The loop: takes the next event, hands it to the component it is for, until the horizon or a budget.

use super::apiserver;
use super::cluster::Cluster;
use super::ctx::{Budget, Ctx};
use super::event::Event;
use super::kubelet;
use super::queue::{Due, Queue};
use super::runtime;
use super::scheduler;
use super::{Input, Parts};
use crate::api::{Kind, Object};
use crate::time::SimTime;
use crate::trace::{Cause, Change, Rule, Run, Subject, Trace};

static BUDGET: Rule =
    Rule { id: "simulation/budget", says: "The simulation does only so much; here it stops.", source: "the model's limits" };

pub(crate) fn rules() -> Vec<&'static Rule> {
    vec![&BUDGET]
}

/// Plays everything until the scenario's end.
pub(crate) fn play(input: &Input, budget: Budget, parts: Parts) -> Run {
    let Input { objects, scenario } = input;
    let horizon = SimTime::ZERO + scenario.duration;
    let mut cluster = Cluster::new(scenario.clone(), parts.commands);
    let mut ctx = Ctx {
        now: SimTime::ZERO,
        cause: Cause::Manifest,
        trace: Trace::default(),
        queue: Queue::default(),
        horizon,
        seed: scenario.seed,
        update: parts.update,
    };
    set_up(&mut cluster, objects, &mut ctx);
    let mut events = 0;
    while let Some(Due { at, event, cause }) = ctx.queue.pop() {
        events += 1;
        ctx.now = at;
        ctx.cause = cause;
        let over = [(events > budget.events, "events"), (ctx.trace.records().len() > budget.records, "records")];
        if let Some((_, what)) = over.into_iter().find(|(over, _)| *over) {
            ctx.record(Subject::World, Change::Budget { what }, &BUDGET);
            return ctx.trace.finish(at);
        }
        dispatch(&mut cluster, event, &mut ctx);
    }
    ctx.trace.finish(horizon)
}

/// The objects exist at time zero, pods last; hosts, actions and the node's second are scheduled.
fn set_up(cluster: &mut Cluster, objects: &[Object], ctx: &mut Ctx) {
    for (index, host) in (0_u16..).zip(&cluster.scenario.hosts.clone()) {
        ctx.cause = Cause::Scenario;
        ctx.at(host.from, Event::Host { index, up: true });
        if let Some(until) = host.until {
            ctx.at(until, Event::Host { index, up: false });
        }
    }
    for (index, action) in (0_u16..).zip(&cluster.scenario.actions.clone()) {
        ctx.cause = Cause::Scenario;
        ctx.at(action.at, Event::Action(index));
    }
    if cluster.scenario.neighbors.is_some() {
        ctx.cause = Cause::Scenario;
        ctx.at(SimTime::from_ms(1000), Event::Neighbor);
    }
    ctx.cause = Cause::Manifest;
    ctx.at(SimTime::from_ms(1000), Event::Tick);
    let (pods, others): (Vec<&Object>, Vec<&Object>) = objects.iter().partition(|o| o.kind() == Kind::Pod);
    for object in others.into_iter().chain(pods) {
        apiserver::create(cluster, ctx, object.clone());
    }
}

fn dispatch(cluster: &mut Cluster, event: Event, ctx: &mut Ctx) {
    match event {
        Event::Action(index) => apiserver::on_action(cluster, index, ctx),
        Event::Host { index, up } => apiserver::on_host(cluster, index, up, ctx),
        Event::Program { pod, id } => runtime::on_program(cluster, pod, id, ctx),
        Event::Step { pod, seq } => kubelet::on_step(cluster, pod, seq, ctx),
        Event::KillDeadline { pod, id } => kubelet::on_kill_deadline(cluster, pod, id, ctx),
        Event::PullDone => kubelet::on_pull_done(cluster, ctx),
        Event::Mount { pod, volume } => kubelet::on_mount(cluster, pod, volume, ctx),
        Event::Neighbor => scheduler::on_neighbor(cluster, ctx),
        Event::Schedule(pod) => scheduler::on_schedule(cluster, pod, ctx),
        Event::PodChanged(pod) => kubelet::on_pod_changed(cluster, pod, ctx),
        Event::Tick => kubelet::on_tick(cluster, ctx),
        Event::ProbeTick { pod, probe, seq } => kubelet::on_probe_tick(cluster, pod, probe, seq, ctx),
        Event::ProbeTimeout { pod, probe, run } => kubelet::on_probe_timeout(cluster, pod, probe, run, ctx),
        Event::Worker(pod) => kubelet::on_worker(cluster, pod, ctx),
    }
}
