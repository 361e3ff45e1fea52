//! Volumes: mounted before the sandbox is made, retried with a back-off of their own. (pkg/kubelet/volumemanager)

use std::sync::Arc;

use super::env;
use super::events::Message;
use super::plan::PodPlan;
use super::script::{self, Doing, Flow};
use super::volume_files::{self, Files};
use super::worker::PodWorker;
use crate::api::{EmptyDir, PodSpec, Quantity, Volume, VolumeMount};
use crate::order::SortedMap;
use crate::sim::cluster::Cluster;
use crate::sim::ctx::Ctx;
use crate::sim::event::Event;
use crate::sim::program::{Mount, TreeId};
use crate::text::FieldPath;
use crate::time::{SimDuration, SimTime};
use crate::trace::{Change, FileChange, ObjectId, Rule, Subject};

static MOUNT: Rule = Rule {
    id: "kubelet/mount-volumes",
    says: "Before the sandbox is made, every volume that a container mounts has to be there. A missing ConfigMap or Secret is looked for again after 0.5 s, 1 s, 2 s and so on.",
    source: "pkg/kubelet/volumemanager/volume_manager.go: WaitForAttachAndMount",
};

static REFRESH: Rule = Rule {
    id: "kubelet/refresh-volumes",
    says: "Files of a mounted ConfigMap, Secret or downward API follow their source: the kubelet writes them anew with the pod's next sync, within 60 to 90 s. Environment variables and subPath mounts do not follow.",
    source: "pkg/kubelet/volumemanager/populator/desired_state_of_world_populator.go: MarkRemountRequired",
};

pub(crate) fn rules() -> Vec<&'static Rule> {
    vec![&MOUNT, &REFRESH]
}

/// A mount that works takes this long, and so does noticing it.
const MOUNT_TAKES: SimDuration = SimDuration::from_ms(300);
/// How often the reconciler looks for volumes whose contents are old.
const RECONCILE: SimDuration = SimDuration::from_ms(100);
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
    /// What the kubelet wrote into it.
    files: Files,
    /// Whether a try to mount it is under way.
    trying: bool,
}

impl VolumeState {
    fn new(name: String) -> Self {
        Self { name, tree: None, retry: FIRST_RETRY, files: Files::new(), trying: true }
    }
}

/// Begins to mount, in the first sync; later syncs find everything there.
pub(crate) fn begin(cluster: &mut Cluster, pod: ObjectId, ctx: &mut Ctx) -> Flow {
    let Some(worker) = cluster.worker(pod) else { return Flow::Abort };
    if !worker.mounting {
        worker.mounting = true;
        worker.volumes = used(worker).into_iter().map(VolumeState::new).collect();
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
    refresh(cluster, pod, ctx);
    wait(cluster, pod, ctx.now, ctx)
}

/// Volumes whose source says something else than their files are written anew; the sync does not wait for it.
fn refresh(cluster: &mut Cluster, pod: ObjectId, ctx: &mut Ctx) {
    let revision = cluster.store.config_revision;
    let Some(worker) = cluster.worker(pod).filter(|w| !w.is_deleted()) else { return };
    let same = |(plan, of): &(Arc<PodPlan>, u32)| Arc::ptr_eq(plan, &worker.plan) && *of == revision;
    if worker.mounted_from.as_ref().is_some_and(same) {
        return;
    }
    worker.mounted_from = Some((Arc::clone(&worker.plan), revision));
    let Some(worker) = cluster.kubelet.workers.get(&pod) else { return };
    let old = |state: &VolumeState| {
        let volume = worker.plan.pod.spec.volumes.iter().find(|v| v.name == state.name);
        state.tree.is_some()
            && !state.trying
            && volume.is_some_and(|v| volume_files::contents(cluster, worker, v).as_ref() != Ok(&state.files))
    };
    let stale: Vec<u16> = (0_u16..).zip(&worker.volumes).filter(|(_, state)| old(state)).map(|(index, _)| index).collect();
    for volume in stale {
        if let Some(state) = cluster.worker(pod).and_then(|w| w.volumes.get_mut(usize::from(volume))) {
            state.trying = true;
            state.retry = FIRST_RETRY;
        }
        ctx.after(RECONCILE, Event::Mount { pod, volume });
    }
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
    let Some(worker) = cluster.kubelet.workers.get(&pod).filter(|w| !w.is_deleted() || w.sandbox.is_none()) else { return };
    let Some(state) = worker.volumes.get(usize::from(index)).filter(|v| v.trying) else { return };
    let plan = Arc::clone(&worker.plan);
    let Some((place, volume)) = plan.pod.spec.volumes.iter().enumerate().find(|(_, v)| v.name == state.name) else { return };
    let (old, mounted, retry) = (state.files.clone(), state.tree, state.retry);
    let contents = volume_files::contents(cluster, worker, volume).and_then(|files| type_check(cluster, volume).map(|()| files));
    let files = match contents {
        Ok(files) => files,
        Err(error) => {
            let text = format!("MountVolume.SetUp failed for volume \"{}\" : {error}", volume.name);
            let field = FieldPath::from("spec.volumes").index(place);
            cluster.kubelet.events.emit(ctx, pod, ("kubelet", field), Message::warning("FailedMount", text, &MOUNT));
            ctx.after(retry, Event::Mount { pod, volume: index });
            if let Some(state) = cluster.worker(pod).and_then(|w| w.volumes.get_mut(usize::from(index))) {
                state.retry = SimDuration::from_ms(retry.ms() * 2).min(LAST_RETRY);
            }
            return;
        }
    };
    let tree = mounted.unwrap_or_else(|| new_tree(cluster, &plan.pod.spec, volume));
    write(cluster, tree, (&old, &files), ctx);
    if mounted.is_some() {
        tell(pod, &volume.name, (&old, &files), ctx);
    }
    if let Some(state) = cluster.worker(pod).and_then(|w| w.volumes.get_mut(usize::from(index))) {
        *state = VolumeState { tree: Some(tree), files, trying: false, ..VolumeState::new(volume.name.clone()) };
    }
}

/// The files of a volume that is mounted for the first time: on disk, in memory, or a folder of the node.
fn new_tree(cluster: &mut Cluster, spec: &PodSpec, volume: &Volume) -> TreeId {
    if let Some(host) = &volume.source.host_path {
        return node_folder(cluster, host.path.clone());
    }
    match volume.source.empty_dir.as_ref().filter(|e| e.medium == "Memory") {
        Some(dir) => cluster.os.files.new_tree_in_memory(memory_room(spec, dir, cluster.scenario.node.memory_bytes)),
        None => cluster.os.files.new_tree(),
    }
}

/// A volume of memory is as large as its sizeLimit, or else the pod's own limit, or else the node.
/// (emptydir/empty_dir.go: calculateEmptyDirMemorySize)
fn memory_room(spec: &PodSpec, dir: &EmptyDir, node: i64) -> u64 {
    let limits = spec.containers.iter().map(|c| c.resources.limits.get("memory").map(Quantity::value));
    let of_pod: Option<i64> = limits.sum();
    let smallest = dir.size_limit.as_ref().map(Quantity::value).into_iter().chain(of_pod).chain([node]).min();
    smallest.and_then(|bytes| u64::try_from(bytes).ok()).unwrap_or_default()
}

/// Puts new files in the place of old ones; what programs have put beside them stays.
fn write(cluster: &mut Cluster, tree: TreeId, (old, new): (&Files, &Files), ctx: &Ctx) {
    for path in old.keys().filter(|path| !new.contains_key(*path)) {
        cluster.os.files.remove(tree, path);
    }
    for (path, text) in new.iter().filter(|(path, text)| old.get(*path) != Some(*text)) {
        cluster.os.files.write(tree, path, text, ctx.now);
    }
}

/// Records what has changed in a mounted volume.
fn tell(pod: ObjectId, volume: &str, (old, new): (&Files, &Files), ctx: &mut Ctx) {
    let gone = old.keys().filter(|path| !new.contains_key(*path)).map(|path| (path, None));
    let changed = new.iter().filter(|(path, text)| old.get(*path) != Some(*text)).map(|(path, text)| (path, Some(text)));
    let changes: Vec<FileChange> = gone
        .chain(changed)
        .map(|(path, text)| FileChange {
            volume: volume.into(),
            path: path.as_str().into(),
            text: text.map(|t| t.as_str().into()),
            added: false,
        })
        .collect();
    for change in changes {
        ctx.record(Subject::Object(pod), Change::File(change.into()), &REFRESH);
    }
}

/// (pkg/volume/hostpath: checkTypeInternal) The node has the usual folders, and those that were made on it.
fn type_check(cluster: &Cluster, volume: &Volume) -> Result<(), String> {
    let Some(host) = &volume.source.host_path else { return Ok(()) };
    let path = host.path.trim_end_matches('/');
    let is_folder = path.is_empty() || NODE_FOLDERS.contains(&path) || cluster.kubelet.host_paths.contains_key(&host.path);
    let wanted = match host.kind.as_deref() {
        Some("Directory") if !is_folder => "a directory",
        Some("File") => "a file",
        Some("Socket") => "a socket file",
        Some("CharDevice") => "a character device",
        Some("BlockDevice") => "a block device",
        _ => return Ok(()),
    };
    Err(format!("hostPath type check failed: {} is not {wanted}", host.path))
}

/// Folders that every Linux machine has.
const NODE_FOLDERS: &[&str] = &[
    "/bin",
    "/boot",
    "/dev",
    "/etc",
    "/home",
    "/lib",
    "/media",
    "/mnt",
    "/opt",
    "/proc",
    "/root",
    "/run",
    "/sbin",
    "/srv",
    "/sys",
    "/tmp",
    "/usr",
    "/var",
    "/var/lib",
    "/var/lib/kubelet",
    "/var/log",
    "/var/log/containers",
    "/var/log/pods",
    "/var/run",
    "/var/tmp",
];

/// A folder of the node, which every pod that mounts it shares.
fn node_folder(cluster: &mut Cluster, path: String) -> TreeId {
    if let Some(tree) = cluster.kubelet.host_paths.get(&path) {
        return *tree;
    }
    let tree = cluster.os.files.new_tree();
    cluster.kubelet.host_paths.insert(path, tree);
    tree
}

/// What a container mounts. A subPath of files that the kubelet writes is what it was when the container started.
/// (pkg/volume/util/atomic_writer.go: new files come in a new folder, to which an old bind mount does not lead)
pub(crate) fn mounts(cluster: &mut Cluster, pod: ObjectId, mounts: &[VolumeMount], env: &SortedMap<String, String>) -> Vec<Mount> {
    let Cluster { kubelet, os, .. } = cluster;
    let Some(worker) = kubelet.workers.get(&pod) else { return Vec::new() };
    let mount = |m: &VolumeMount| {
        let state = worker.volumes.iter().find(|v| v.name == m.name)?;
        let written = is_projected(worker, &m.name);
        let sub_path = if m.sub_path_expr.is_empty() { m.sub_path.clone() } else { env::expand(&m.sub_path_expr, env) };
        let mut tree = state.tree?;
        if written && !sub_path.is_empty() {
            tree = os.files.copy(tree);
        }
        let read_only = m.read_only || written;
        Some(Mount { path: m.mount_path.clone(), tree, volume: m.name.as_str().into(), sub_path, read_only })
    };
    mounts.iter().filter_map(mount).collect()
}

/// What the kubelet writes itself is mounted read-only in any case.
fn is_projected(worker: &PodWorker, name: &str) -> bool {
    let volumes: &Arc<PodSpec> = &worker.plan.pod.spec;
    volumes
        .volumes
        .iter()
        .filter(|v| v.name == name)
        .map(|v| &v.source)
        .any(|source| source.config_map.is_some() || source.secret.is_some() || source.downward_api.is_some() || source.projected.is_some())
}
