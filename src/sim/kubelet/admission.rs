//! The kubelet's own admission: a pod that is given to the node without the scheduler may not fit it.
//! (kubelet.go: HandlePodAdditions, rejectPod)

use std::sync::Arc;

use super::events::Message;
use super::worker::Stage;
use crate::api::{Phase, Pod, PodStatus};
use crate::sim::apiserver;
use crate::sim::cluster::Cluster;
use crate::sim::ctx::Ctx;
use crate::sim::scheduler;
use crate::text::FieldPath;
use crate::trace::{ObjectId, Rule};

static REJECTED: Rule = Rule {
    id: "kubelet/reject",
    says: "The node checks every new pod once more. One that came by nodeName, past the scheduler, may not fit: it is Failed at once, and nobody tries it again.",
    source: "pkg/kubelet/kubelet.go: rejectPod",
};

pub(crate) fn rules() -> Vec<&'static Rule> {
    vec![&REJECTED]
}

/// Turns a new pod away if the node is not for it. Its status has neither conditions nor containers then.
pub(crate) fn reject(cluster: &mut Cluster, id: ObjectId, pod: &Arc<Pod>, ctx: &mut Ctx) {
    if pod.is_terminating() || pod.status.phase.is_terminal() {
        return;
    }
    let Some((reason, text)) = scheduler::node_rejects(cluster, id, pod) else { return };
    let status = PodStatus {
        phase: Phase::Failed,
        reason: reason.into(),
        message: format!("Pod was rejected: {text}").into(),
        start_time: Some(ctx.now),
        qos_class: pod.status.qos_class,
        observed_generation: Some(pod.metadata.generation),
        ..PodStatus::default()
    };
    if let Some(worker) = cluster.worker(id) {
        worker.status.clone_from(&status);
        worker.stage = Stage::Finished;
    }
    let record =
        cluster.kubelet.events.emit(ctx, id, ("kubelet", FieldPath::from("spec.nodeName")), Message::warning(reason, text, &REJECTED));
    if let Some(record) = record {
        ctx.cause = crate::trace::Cause::Record(record);
    }
    apiserver::update_pod(cluster, ctx, id, &REJECTED, |p| p.status = status);
}
