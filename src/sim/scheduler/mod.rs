//! The scheduler: filters nodes, scores those that fit, binds the pod or says why not. A pod that found no node waits
//! until something happens that could help, or five minutes. (pkg/scheduler/schedule_one.go, backend/queue)
//!
//! Back-off is left out: with an empty queue the scheduler takes pods out of it at once (gate SchedulerPopFromBackoffQ).

mod admission;
mod affinity;
mod events;
mod filter;
mod nodes;
mod preemption;
mod score;
mod selector;
mod spread;

use crate::order::SortedMap;
use std::sync::Arc;

pub(crate) use admission::{Rejected, node_rejects, shortage};
pub(crate) use events::Series;
pub(crate) use nodes::effective_request;

use super::apiserver;
use super::cluster::Cluster;
use super::ctx::Ctx;
use super::event::Event;
use super::kubelet::Message;
use crate::api::{Condition, ConditionType, Kind, Object, Pod};
use crate::scenario::Node;
use crate::text::{FieldPath, Shared};
use crate::time::{SimDuration, SimTime};
use crate::trace::{Cause, ObjectId, Rule};
use filter::Rejection;
use nodes::NodeInfo;

static BOUND: Rule = Rule {
    id: "scheduler/bind",
    says: "The scheduler found a node with room for the pod's requests and bound the pod to it.",
    source: "pkg/scheduler/schedule_one.go: bindingCycle",
};
static UNSCHEDULABLE: Rule = Rule {
    id: "scheduler/unschedulable",
    says: "No node fits the pod: the message counts the reasons. It stays Pending and is tried again when something changes that could help.",
    source: "pkg/scheduler/schedule_one.go: handleSchedulingFailure",
};
static PREEMPTED: Rule = Rule {
    id: "scheduler/preemption",
    says: "A pod of higher priority found no room, so pods of lower priority are deleted to make some.",
    source: "pkg/scheduler/framework/preemption/preemption.go",
};

pub(crate) fn rules() -> Vec<&'static Rule> {
    vec![&BOUND, &UNSCHEDULABLE, &PREEMPTED]
}

/// From binding to the kubelet's first sight of the pod.
const TO_KUBELET: SimDuration = SimDuration::from_ms(20);
/// From a change in the cluster to the next try.
const TO_RETRY: SimDuration = SimDuration::from_ms(20);
/// How long a pod waits that no change concerns, and how often the scheduler looks for such pods.
const LEFTOVER: SimDuration = SimDuration::from_secs(300);
const FLUSH: SimDuration = SimDuration::from_secs(30);
const COMPONENT: &str = "default-scheduler";

/// What the scheduler remembers.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct Scheduler {
    waiting: SortedMap<ObjectId, Waiting>,
    series: Series,
}

/// A pod that found no node.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Waiting {
    since: SimTime,
    /// Why it was tried last.
    cause: Cause,
    /// Whether a try is under way.
    queued: bool,
    /// Whether pods that come and go could help it.
    pods_matter: bool,
}

/// The scheduler looks at a pod.
pub(crate) fn on_schedule(cluster: &mut Cluster, id: ObjectId, ctx: &mut Ctx) {
    let stale = |w: &Waiting| !w.queued && ctx.now.since(w.since) <= LEFTOVER;
    if cluster.scheduler.waiting.get(&id).is_some_and(stale) {
        return;
    }
    cluster.scheduler.waiting.remove(&id);
    let Some(pod) = cluster.store.pod(id).map(Arc::clone) else { return };
    let mine = matches!(pod.spec.scheduler_name.as_str(), "" | COMPONENT);
    let open = pod.spec.node_name.is_empty() && pod.spec.scheduling_gates.is_empty() && !pod.is_terminating();
    if !mine || !open {
        return;
    }
    match choose(cluster, &pod) {
        Choice::Node(node) => bind(cluster, ctx, id, &pod, &node),
        Choice::None { message, pods_matter, victims } => {
            let since = ctx.now;
            cluster.scheduler.waiting.insert(id, Waiting { since, cause: ctx.cause, queued: false, pods_matter });
            let flush = SimTime::ZERO + SimDuration::from_secs(((since + LEFTOVER).ms() / FLUSH.ms() + 1) * FLUSH.whole_secs());
            ctx.at(flush, Event::Schedule(id));
            refuse(cluster, ctx, id, &pod, (message, victims.as_ref().map(|(node, _)| node.clone())));
            preempt(cluster, ctx, &pod, victims);
        }
    }
}

/// What a try comes to.
enum Choice {
    Node(String),
    None { message: String, pods_matter: bool, victims: Option<(String, Vec<String>)> },
}

fn choose(cluster: &Cluster, pod: &Pod) -> Choice {
    if let Some(claim) = missing_claim(cluster, pod) {
        let nodes = nodes_of(cluster).count();
        // The second "not found" is the answer of a plugin that was never asked. (runtime/framework.go: RunPostFilterPlugins)
        let message = format!("0/{nodes} nodes are available: persistentvolumeclaim \"{claim}\" not found. not found");
        return Choice::None { message, pods_matter: false, victims: None };
    }
    let pods: Vec<&Pod> = cluster.store.iter().filter_map(|(_, o)| o.pod()).map(|p| &**p).collect();
    let nodes: Vec<NodeInfo<'_>> = nodes_of(cluster).map(|node| NodeInfo::new(node, &pods)).collect();
    let rejections: Vec<Option<Rejection>> = nodes.iter().map(|n| filter::reject(pod, n, &nodes)).collect();
    let fitting: Vec<&NodeInfo<'_>> = nodes.iter().zip(&rejections).filter(|(_, r)| r.is_none()).map(|(n, _)| n).collect();
    let services: Vec<&SortedMap<String, String>> = cluster.store.iter().filter_map(|(_, o)| selector_of(o, pod)).collect();
    if let Some(node) = score::best(pod, &fitting, &nodes, &services) {
        return Choice::Node(node.node.name.clone());
    }
    let rejections: Vec<Rejection> = rejections.into_iter().flatten().collect();
    let never = never_preempts(pod);
    let victims = if never { None } else { preemption::find(pod, &nodes) };
    let victims = victims.map(|v| (v.node.to_owned(), v.pods.iter().map(|p| p.metadata.uid.clone()).collect()));
    let message = message(&rejections, (never, victims.is_some()));
    Choice::None { message, pods_matter: rejections.iter().any(|r| r.pods_matter), victims }
}

/// What a Service of the pod's namespace selects.
fn selector_of<'o>(object: &'o Object, pod: &Pod) -> Option<&'o SortedMap<String, String>> {
    match object {
        Object::Service(service) => (service.metadata.namespace == pod.metadata.namespace).then_some(&service.spec.selector),
        Object::Pod(_) | Object::ConfigMap(_) | Object::Secret(_) | Object::Other(_) => None,
    }
}

/// The first claim of a pod that does not exist. (plugins/volumebinding: PreFilter) Those that do are taken for bound.
fn missing_claim<'p>(cluster: &Cluster, pod: &'p Pod) -> Option<&'p str> {
    let claims = pod.spec.volumes.iter().filter_map(|v| v.source.persistent_volume_claim.as_ref()?.get("claimName")?.as_str());
    let is_missing = |name: &&str| cluster.store.named(Kind::PersistentVolumeClaim, &pod.metadata.namespace, name).is_none();
    claims.into_iter().find(is_missing)
}

/// A claim has appeared: pods that wait for one are tried again.
pub(crate) fn on_claim(cluster: &mut Cluster, ctx: &mut Ctx) {
    wake(cluster, ctx, |_, p| p.spec.volumes.iter().any(|v| v.source.persistent_volume_claim.is_some()));
}

fn never_preempts(pod: &Pod) -> bool {
    pod.spec.preemption_policy.as_deref() == Some("Never")
}

fn nodes_of(cluster: &Cluster) -> impl Iterator<Item = &Node> {
    std::iter::once(&cluster.scenario.node).chain(&cluster.scenario.more_nodes)
}

/// Whether there is a node of this name.
pub(crate) fn has_node(cluster: &Cluster, name: &str) -> bool {
    nodes_of(cluster).any(|n| n.name == name)
}

/// (framework/types.go: FitError.Error; reference rules 40 to 43)
fn message(rejections: &[Rejection], (never, makes_room): (bool, bool)) -> String {
    let head = format!("0/{} nodes are available: ", rejections.len());
    let reasons = histogram(rejections.iter().flat_map(|r| r.reasons.iter().map(String::as_str)));
    if makes_room {
        return format!("{head}{reasons}.");
    }
    if never {
        return format!("{head}{reasons}. no new claims to deallocate, preemption: not eligible due to preemptionPolicy=Never.");
    }
    let outcome = |r: &Rejection| {
        if r.preemption_helps { "No preemption victims found for incoming pod" } else { "Preemption is not helpful for scheduling" }
    };
    let preemption = histogram(rejections.iter().map(outcome));
    format!("{head}{reasons}. no new claims to deallocate, preemption: {head}{preemption}.")
}

/// `1 Insufficient cpu, 2 node(s) ...`, in the order of the texts.
fn histogram<'a>(texts: impl Iterator<Item = &'a str>) -> String {
    let mut counts: SortedMap<&str, u32> = SortedMap::new();
    for text in texts {
        *counts.entry(text).or_default() += 1;
    }
    let mut lines: Vec<String> = counts.iter().map(|(text, n)| format!("{n} {text}")).collect();
    crate::order::sort_by(&mut lines, Ord::cmp);
    lines.join(", ")
}

fn bind(cluster: &mut Cluster, ctx: &mut Ctx, id: ObjectId, pod: &Pod, node: &str) {
    let text = format!("Successfully assigned {}/{} to {node}", pod.metadata.namespace, pod.metadata.name);
    emit(cluster, ctx, id, (FieldPath::root(), Message::normal("Scheduled", text, &BOUND)));
    let now = ctx.now;
    apiserver::update_pod(cluster, ctx, id, &BOUND, |p| {
        Arc::make_mut(&mut p.spec).node_name = node.to_owned();
        p.status.nominated_node_name = Shared::default();
        set_condition(p, condition(ConditionType::PodScheduled, true, now));
    });
    ctx.after(TO_KUBELET, Event::PodChanged(id));
    wake(cluster, ctx, |w, p| w.pods_matter && p.spec.affinity.is_some());
}

fn emit(cluster: &mut Cluster, ctx: &mut Ctx, id: ObjectId, (field, message): (FieldPath, Message)) {
    let revision = cluster.store.revision(id);
    cluster.scheduler.series.emit(ctx, (id, revision), field, message);
}

fn refuse(cluster: &mut Cluster, ctx: &mut Ctx, id: ObjectId, pod: &Pod, (text, nominated): (String, Option<String>)) {
    let spec = &pod.spec;
    let field = if spec.affinity.is_some() {
        "spec.affinity"
    } else if spec.node_selector.is_empty() {
        "spec.containers"
    } else {
        "spec.nodeSelector"
    };
    emit(cluster, ctx, id, (FieldPath::from(field), Message::warning("FailedScheduling", text.as_str(), &UNSCHEDULABLE)));
    let now = ctx.now;
    apiserver::update_pod(cluster, ctx, id, &UNSCHEDULABLE, |p| {
        let new = condition(ConditionType::PodScheduled, false, now);
        set_condition(p, Condition { reason: "Unschedulable".into(), message: text.into(), ..new });
        if let Some(node) = nominated {
            p.status.nominated_node_name = node.into();
        }
    });
}

/// The victims are told, marked and deleted, each with its own grace period.
fn preempt(cluster: &mut Cluster, ctx: &mut Ctx, pod: &Pod, victims: Option<(String, Vec<String>)>) {
    let Some((node, uids)) = victims else { return };
    let is_victim = |p: &Arc<Pod>| uids.contains(&p.metadata.uid) && !p.is_terminating();
    let ids: Vec<ObjectId> = cluster.store.iter().filter(|(_, o)| o.pod().is_some_and(is_victim)).map(|(id, _)| id).collect();
    let (now, cause) = (ctx.now, ctx.cause);
    for id in ids {
        let text = format!("Preempted by pod {} on node {node}", pod.metadata.uid);
        emit(cluster, ctx, id, (FieldPath::root(), Message::normal("Preempted", text, &PREEMPTED)));
        apiserver::update_pod(cluster, ctx, id, &PREEMPTED, |p| {
            let new = condition(ConditionType::DisruptionTarget, true, now);
            let message = format!("{COMPONENT}: preempting to accommodate a higher priority pod");
            set_condition(p, Condition { reason: "PreemptionByScheduler".into(), message: message.into(), ..new });
        });
        apiserver::request_delete(cluster, ctx, id, None);
        ctx.cause = cause;
    }
}

fn condition(kind: ConditionType, status: bool, now: SimTime) -> Condition {
    Condition { kind, status, reason: Shared::default(), message: Shared::default(), last_transition_time: now, observed_generation: None }
}

/// A condition keeps its time while its status stays. (pkg/api/v1/pod/util.go: UpdatePodCondition)
fn set_condition(pod: &mut Pod, mut condition: Condition) {
    match pod.status.conditions.iter_mut().find(|c| c.kind == condition.kind) {
        Some(old) => {
            if old.status == condition.status {
                condition.last_transition_time = old.last_transition_time;
            }
            *old = condition;
        }
        None => pod.status.conditions.push(condition),
    }
}

/// A pod has left a node, or will take no more of it: those that wait for room are tried again.
pub(crate) fn on_room(cluster: &mut Cluster, ctx: &mut Ctx) {
    wake(cluster, ctx, |w, _| w.pods_matter);
}

/// Somebody else's pod on the node has ended, as the scenario has it; the next one ends some time later.
pub(crate) fn on_neighbor(cluster: &mut Cluster, ctx: &mut Ctx) {
    let Some(mean) = cluster.scenario.neighbors else { return };
    on_room(cluster, ctx);
    let wait = ctx.draw("neighbor", ctx.now.ms()).below(2 * mean.ms()) + 1;
    ctx.after(SimDuration::from_ms(wait), Event::Neighbor);
}

/// Has those waiting pods tried again that `helped` says, the most important first.
fn wake(cluster: &mut Cluster, ctx: &mut Ctx, helped: impl Fn(&Waiting, &Pod) -> bool) {
    let store = &cluster.store;
    let waiting = cluster.scheduler.waiting.iter_mut().filter(|(_, w)| !w.queued);
    let mut ids: Vec<(i32, ObjectId, Cause)> = Vec::new();
    for (id, w) in waiting {
        let Some(pod) = store.pod(*id).filter(|p| helped(w, p)) else { continue };
        w.queued = true;
        // Why the pod is tried at all is its own story; that there is room now only tells when.
        ids.push((-preemption::priority(pod), *id, w.cause));
    }
    crate::order::sort_by(&mut ids, Ord::cmp);
    let now = ctx.cause;
    for (_, id, cause) in ids {
        ctx.cause = cause;
        ctx.after(TO_RETRY, Event::Schedule(id));
    }
    ctx.cause = now;
}

/// A waiting pod itself was changed: it is tried at once.
pub(crate) fn on_pod_updated(cluster: &mut Cluster, ctx: &mut Ctx, id: ObjectId) {
    if let Some(w) = cluster.scheduler.waiting.get_mut(&id) {
        w.queued = true;
    }
    ctx.at(ctx.now, Event::Schedule(id));
}
