//! Eviction of pods that use more local storage than they may. (pkg/kubelet/eviction/eviction_manager.go: localStorageEviction)
//!
//! Usage is known at once here; a real kubelet measures volumes about once a minute. Pressure of the node itself is left out.

use super::events::Message;
use super::pod_workers;
use super::worker::{PodWorker, Stage};
use crate::api::Quantity;
use crate::sim::cluster::Cluster;
use crate::sim::ctx::Ctx;
use crate::sim::program::{Os, TreeId};
use crate::text::FieldPath;
use crate::time::SimDuration;
use crate::trace::{ObjectId, Rule};

pub(crate) static EVICTED: Rule = Rule {
    id: "kubelet/evict-local-storage",
    says: "Every 10 s the kubelet looks for pods that use more disk than an emptyDir's sizeLimit or a limit of ephemeral-storage. Such a pod is stopped within seconds and Failed; nothing restarts it.",
    source: "pkg/kubelet/eviction/eviction_manager.go: localStorageEviction",
};

pub(crate) fn rules() -> Vec<&'static Rule> {
    vec![&EVICTED]
}

/// How often the kubelet looks. (eviction manager: monitoringInterval)
const PERIOD: SimDuration = SimDuration::from_secs(10);
const STORAGE: &str = "ephemeral-storage";

/// Looks at all pods, if it is time to.
pub(crate) fn on_tick(cluster: &mut Cluster, ctx: &mut Ctx) {
    if !ctx.now.ms().is_multiple_of(PERIOD.ms()) {
        return;
    }
    let Cluster { kubelet, os, .. } = &*cluster;
    let running = kubelet.workers.values().filter(|w| w.stage == Stage::Syncing && w.evicted.is_none() && !w.status.phase.is_terminal());
    let over: Vec<(ObjectId, String, FieldPath)> = running.filter_map(|w| excess(w, os).map(|(text, field)| (w.id, text, field))).collect();
    let cause = ctx.cause;
    for (id, text, field) in over {
        if let Some(worker) = cluster.worker(id) {
            worker.evicted = Some(text.as_str().into());
            // What its programs do has led to this.
            let running = worker.slots.iter().filter_map(|s| s.runs.last()).find(|run| run.view.is_running());
            ctx.cause = running.map_or(cause, |run| run.cause);
        }
        let record = cluster.kubelet.events.emit(ctx, id, ("kubelet", field), Message::warning("Evicted", text, &EVICTED));
        if let Some(record) = record {
            ctx.cause = crate::trace::Cause::Record(record);
        }
        pod_workers::wake(cluster, id, ctx);
        ctx.cause = cause;
    }
}

/// The first limit that a pod exceeds: its message, and the field that sets it.
fn excess(worker: &PodWorker, os: &Os) -> Option<(String, FieldPath)> {
    volume_excess(worker, os).or_else(|| pod_excess(worker, os)).or_else(|| container_excess(worker, os))
}

fn exceeds(used: u64, limit: &Quantity) -> bool {
    i64::try_from(used).unwrap_or(i64::MAX) > limit.value()
}

/// (emptyDirLimitEviction)
fn volume_excess(worker: &PodWorker, os: &Os) -> Option<(String, FieldPath)> {
    let volumes = worker.plan.pod.spec.volumes.iter().enumerate();
    volumes.filter_map(|(i, v)| Some((i, v, v.source.empty_dir.as_ref()?.size_limit.as_ref()?))).find_map(|(i, volume, limit)| {
        let tree = disk_tree(worker, &volume.name, os)?;
        let field = FieldPath::from("spec.volumes").index(i).field("emptyDir").field("sizeLimit");
        let text = format!("Usage of EmptyDir volume \"{}\" exceeds the limit \"{}\". ", volume.name, limit.canonical());
        exceeds(os.files.used(tree), limit).then_some((text, field))
    })
}

/// The files of a volume that takes disk.
fn disk_tree(worker: &PodWorker, volume: &str, os: &Os) -> Option<TreeId> {
    worker.volumes.iter().find(|v| v.name == volume)?.tree.filter(|tree| !os.files.is_in_memory(*tree))
}

/// What a container's own files and log take.
fn container_used(worker: &PodWorker, slot: usize, os: &Os) -> u64 {
    worker.newest(slot).and_then(|run| run.processes.as_ref()).map_or(0, |processes| processes.disk_used(os))
}

/// (podEphemeralStorageLimitEviction) It applies where every container sets a limit.
fn pod_excess(worker: &PodWorker, os: &Os) -> Option<(String, FieldPath)> {
    let spec = &worker.plan.pod.spec;
    let limits: Option<Vec<&Quantity>> = spec.containers.iter().map(|c| c.resources.limits.get(STORAGE)).collect();
    let limit = limits?.into_iter().cloned().reduce(|sum, next| sum.plus(&next))?;
    let containers: u64 = (0..worker.slots.len()).map(|slot| container_used(worker, slot, os)).sum();
    let volumes = spec.volumes.iter().filter(|v| v.source.empty_dir.is_some()).filter_map(|v| disk_tree(worker, &v.name, os));
    let used = containers + volumes.map(|tree| os.files.used(tree)).sum::<u64>();
    let text = format!("Pod ephemeral local storage usage exceeds the total limit of containers {}. ", limit.canonical());
    exceeds(used, &limit).then(|| (text, FieldPath::from("spec.containers")))
}

/// (containerEphemeralStorageLimitEviction)
fn container_excess(worker: &PodWorker, os: &Os) -> Option<(String, FieldPath)> {
    worker.plan.containers.iter().enumerate().find_map(|(slot, container)| {
        let limit = container.spec.resources.limits.get(STORAGE)?;
        let text = format!("Container {} exceeded its local ephemeral storage limit \"{}\". ", container.name, limit.canonical());
        let field = container.field.field("resources").field("limits").field(STORAGE);
        exceeds(container_used(worker, slot, os), limit).then_some((text, field))
    })
}
