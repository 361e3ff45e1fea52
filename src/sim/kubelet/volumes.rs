//! Volumes: mounted before the sandbox is made, retried with a back-off of their own. (pkg/kubelet/volumemanager)

use std::sync::Arc;

use super::events::Message;
use super::script::{self, Doing, Flow};
use super::volume_files;
use super::worker::PodWorker;
use crate::sim::cluster::Cluster;
use crate::sim::ctx::Ctx;
use crate::sim::event::Event;
use crate::sim::program::TreeId;
use crate::text::FieldPath;
use crate::time::{SimDuration, SimTime};
use crate::trace::{Change, ObjectId, Rule, Subject};

static MOUNT: Rule = Rule {
    id: "kubelet/mount-volumes",
    says: "Before the sandbox is made, every volume that a container mounts has to be there. A missing ConfigMap or Secret is looked for again after 0.5 s, 1 s, 2 s and so on.",
    source: "pkg/kubelet/volumemanager/volume_manager.go: WaitForAttachAndMount",
};

pub(crate) fn rules() -> Vec<&'static Rule> {
    vec![&MOUNT]
}

/// A mount that works takes this long, and so does noticing it.
const MOUNT_TAKES: SimDuration = SimDuration::from_ms(300);
/// How often the waiter looks.
const POLL: SimDuration = SimDuration::from_ms(300);
/// How long one sync waits. (volume_manager.go: podAttachAndMountTimeout)
const TIMEOUT: SimDuration = SimDuration::from_secs(123);
const FIRST_RETRY: SimDuration = SimDuration::from_ms(500);
const LAST_RETRY: SimDuration = SimDuration::from_secs(122);

/// One volume of a pod.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct VolumeState {
    pub(crate) name: String,
    /// The files, once mounted.
    pub(crate) tree: Option<TreeId>,
    retry: SimDuration,
}

/// Begins to mount, in the first sync; later syncs find everything there.
pub(crate) fn begin(cluster: &mut Cluster, pod: ObjectId, ctx: &mut Ctx) -> Flow {
    let Some(worker) = cluster.worker(pod) else { return Flow::Abort };
    if !worker.mounting {
        worker.mounting = true;
        worker.volumes = used(worker).into_iter().map(|name| VolumeState { name, tree: None, retry: FIRST_RETRY }).collect();
        for volume in (0_u16..).take(worker.volumes.len()) {
            ctx.after(MOUNT_TAKES, Event::Mount { pod, volume });
        }
        // The service account's token is a volume too, in nearly every pod.
        let token = worker.plan.pod.spec.automount_service_account_token != Some(false);
        if token || !worker.volumes.is_empty() {
            script::step_after(worker, ctx, MOUNT_TAKES);
            return script::doing(cluster, pod, Doing::Volumes { since: ctx.now });
        }
    }
    wait(cluster, pod, ctx.now, ctx)
}

/// The volumes that some container mounts.
fn used(worker: &PodWorker) -> Vec<String> {
    let spec = &worker.plan.pod.spec;
    let mounted = |name: &str| worker.plan.containers.iter().any(|c| c.spec.volume_mounts.iter().any(|m| m.name == name));
    spec.volumes.iter().filter(|v| mounted(&v.name)).map(|v| v.name.clone()).collect()
}

/// Waits until all are mounted.
pub(crate) fn wait(cluster: &mut Cluster, pod: ObjectId, since: SimTime, ctx: &mut Ctx) -> Flow {
    let Some(worker) = cluster.worker(pod) else { return Flow::Abort };
    if worker.volumes.iter().all(|v| v.tree.is_some()) {
        if worker.sandbox.is_none() {
            ctx.record(Subject::Object(pod), Change::VolumesMounted, &MOUNT);
        }
        return Flow::Next;
    }
    if worker.is_deleted() || ctx.now.since(since) >= TIMEOUT {
        if let Some(script) = worker.script.as_mut() {
            script.failed = true;
        }
        return Flow::Abort;
    }
    script::step_after(worker, ctx, POLL);
    script::doing(cluster, pod, Doing::Volumes { since })
}

/// A mount is tried.
pub(crate) fn on_mount(cluster: &mut Cluster, pod: ObjectId, index: u16, ctx: &mut Ctx) {
    let Some(worker) = cluster.kubelet.workers.get(&pod) else { return };
    let Some(state) = worker.volumes.get(usize::from(index)).filter(|v| v.tree.is_none()) else { return };
    let spec = &worker.plan.pod.spec;
    let Some((place, volume)) = spec.volumes.iter().enumerate().find(|(_, v)| v.name == state.name) else { return };
    let field = FieldPath::from("spec.volumes").index(place);
    match volume_files::contents(cluster, worker, volume) {
        Ok(files) => {
            let host_path = volume.source.host_path.as_ref().map(|h| h.path.clone());
            let tree = match host_path {
                Some(path) => node_folder(cluster, path),
                None => cluster.os.files.new_tree(),
            };
            for (path, text) in files {
                cluster.os.files.write(tree, &path, &text, ctx.now);
            }
            if let Some(state) = cluster.worker(pod).and_then(|w| w.volumes.get_mut(usize::from(index))) {
                state.tree = Some(tree);
            }
        }
        Err(error) => {
            let text = format!("MountVolume.SetUp failed for volume \"{}\" : {error}", volume.name);
            let retry = state.retry;
            cluster.kubelet.events.emit(ctx, pod, ("kubelet", field), Message::warning("FailedMount", text, &MOUNT));
            ctx.after(retry, Event::Mount { pod, volume: index });
            if let Some(state) = cluster.worker(pod).and_then(|w| w.volumes.get_mut(usize::from(index))) {
                state.retry = SimDuration::from_ms(retry.ms() * 2).min(LAST_RETRY);
            }
        }
    }
}

/// A folder of the node, which every pod that mounts it shares.
fn node_folder(cluster: &mut Cluster, path: String) -> TreeId {
    if let Some(tree) = cluster.kubelet.host_paths.get(&path) {
        return *tree;
    }
    let tree = cluster.os.files.new_tree();
    cluster.kubelet.host_paths.insert(path, tree);
    tree
}

/// The tree of a volume by name.
pub(crate) fn tree_of(worker: &PodWorker, name: &str) -> Option<TreeId> {
    worker.volumes.iter().find(|v| v.name == name)?.tree
}

/// Whether the pod is known to the node's files at all: what a container without volumes mounts.
pub(crate) fn mounts(worker: &PodWorker, mounts: &[crate::api::VolumeMount]) -> Vec<crate::sim::program::Mount> {
    let mount = |m: &crate::api::VolumeMount| {
        let read_only = m.read_only || is_projected(worker, &m.name);
        Some(crate::sim::program::Mount {
            path: m.mount_path.clone(),
            tree: tree_of(worker, &m.name)?,
            volume: m.name.as_str().into(),
            sub_path: m.sub_path.clone(),
            read_only,
        })
    };
    mounts.iter().filter_map(mount).collect()
}

/// What the kubelet writes itself is mounted read-only in any case.
fn is_projected(worker: &PodWorker, name: &str) -> bool {
    let volumes: &Arc<crate::api::PodSpec> = &worker.plan.pod.spec;
    volumes
        .volumes
        .iter()
        .filter(|v| v.name == name)
        .map(|v| &v.source)
        .any(|source| source.config_map.is_some() || source.secret.is_some() || source.downward_api.is_some() || source.projected.is_some())
}
