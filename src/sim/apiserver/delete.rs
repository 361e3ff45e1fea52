//! Deletion: the grace period, finalizers, and the end of an object.

use std::sync::Arc;

use super::store;
use crate::api::{Object, Pod};
use crate::sim::cluster::Cluster;
use crate::sim::ctx::Ctx;
use crate::sim::event::Event;
use crate::time::{SimDuration, rfc3339};
use crate::trace::{ObjectId, Rule};

static GRACE: Rule = Rule {
    id: "apiserver/graceful-deletion",
    says: "Deleting a pod only marks it: deletionTimestamp is now plus the grace period. The kubelet stops the containers and then removes the object.",
    source: "apiserver/pkg/registry/rest/delete.go: BeforeDelete",
};

pub(crate) fn rules() -> Vec<&'static Rule> {
    vec![&GRACE]
}

/// `DELETE`, with the grace period that the request asks for.
pub(crate) fn request_delete(cluster: &mut Cluster, ctx: &mut Ctx, id: ObjectId, asked: Option<i64>) {
    let Some(object) = cluster.store.get(id) else { return };
    let Some(pod) = object.pod().cloned() else {
        store::remove(cluster, ctx, id);
        return;
    };
    let grace = effective_grace(&pod, asked);
    mark(cluster, ctx, id, grace);
    if grace == 0 && pod.metadata.finalizers.is_empty() {
        store::remove(cluster, ctx, id);
        return;
    }
    ctx.at(ctx.now, Event::PodChanged(id));
}

/// The grace period in force. (pod strategy: CheckGracefulDelete)
fn effective_grace(pod: &Pod, asked: Option<i64>) -> i64 {
    if pod.spec.node_name.is_empty() || pod.status.phase.is_terminal() {
        return 0;
    }
    let grace = asked.or(pod.spec.termination_grace_period_seconds).unwrap_or(30);
    if grace < 0 { 1 } else { grace }
}

/// Writes deletionTimestamp and grace; a repeated delete only counts if it shortens the grace.
fn mark(cluster: &mut Cluster, ctx: &mut Ctx, id: ObjectId, grace: i64) {
    let until = ctx.now + SimDuration::from_secs(u64::try_from(grace).unwrap_or_default());
    store::update_pod(cluster, ctx, id, &GRACE, |pod| {
        if pod.metadata.deletion_grace_period_seconds.is_some_and(|old| old <= grace) {
            return;
        }
        let first = pod.metadata.deletion_timestamp.is_none();
        let mut meta = (*pod.metadata).clone();
        meta.deletion_timestamp = Some(rfc3339(until));
        meta.deletion_grace_period_seconds = Some(grace);
        meta.generation += i64::from(first);
        pod.metadata = Arc::new(meta);
    });
}

/// The kubelet's last word: delete with grace zero. Stays while finalizers hold it.
pub(crate) fn finalize(cluster: &mut Cluster, ctx: &mut Ctx, id: ObjectId) {
    mark(cluster, ctx, id, 0);
    if cluster.store.pod(id).is_some_and(|p| p.metadata.finalizers.is_empty()) {
        store::remove(cluster, ctx, id);
    }
}

/// Whether an update that took away the last finalizer removes the object. (registry store: ShouldDeleteDuringUpdate)
pub(crate) fn due_for_removal(object: &Object) -> bool {
    let m = object.metadata();
    m.deletion_timestamp.is_some() && m.finalizers.is_empty() && m.deletion_grace_period_seconds.unwrap_or_default() == 0
}
