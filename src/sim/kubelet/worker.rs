//! The state of one pod worker: what it knows, what it does, what it waits for.

use crate::order::SortedMap;
use std::collections::VecDeque;
use std::mem::Discriminant;
use std::sync::Arc;

use super::allocation::Allocation;
use super::backoff::RestartBackOff;
use super::images::PullBackOff;
use super::kill::Kill;
use super::plan::PodPlan;
use super::prober::ProbeWorker;
use super::script::{Doing, Todo};
use super::volumes::VolumeState;
use crate::api::{PodStatus, Resources};
use crate::sim::program::{self, ExecId};
use crate::time::SimTime;
use crate::trace::{Cause, ContainerId, ObjectId, Rule};

/// One worker a pod uid. (pkg/kubelet/pod_workers.go)
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct PodWorker {
    pub(crate) id: ObjectId,
    pub(crate) plan: Arc<PodPlan>,
    /// The resources that the node has promised.
    pub(crate) allocation: Allocation,
    pub(crate) stage: Stage,
    /// The status as the kubelet has it, published or about to be. (status_manager: cached status)
    pub(crate) status: PodStatus,
    /// Its containers, in the plan's order.
    pub(crate) slots: Vec<Slot>,
    /// The runtime as of the last relist: what a sync works from.
    pub(crate) seen: Snapshot,
    /// Whether the snapshot is newer than the end of the last sync. (pkg/kubelet/container/cache.go: GetNewerThan)
    pub(crate) fresh: bool,
    /// Whether an update waits in the worker's slot.
    pub(crate) wanted: bool,
    /// An update was taken from the slot; its sync begins with the next snapshot. (pod_workers.go: GetNewerThan)
    pub(crate) taken: bool,
    /// Why the work queue has it again.
    pub(crate) due_cause: Cause,
    /// When the work queue has it again.
    pub(crate) due: SimTime,
    pub(crate) script: Option<Script>,
    /// Syncs done so far: each has its own luck.
    pub(crate) syncs: u32,
    /// Counts steps, so that the end of an abandoned one is not taken for another's.
    pub(crate) step_seq: u32,
    pub(crate) sandbox: Option<Sandbox>,
    pub(crate) volumes: Vec<VolumeState>,
    /// Whether mounting has begun.
    pub(crate) mounting: bool,
    /// From which specification and configuration its volumes' files were made.
    pub(crate) mounted_from: Option<(Arc<PodPlan>, u32)>,
    pub(crate) pulls: SortedMap<String, PullBackOff>,
    pub(crate) probes: Vec<ProbeWorker>,
    pub(crate) kills: Vec<Kill>,
    /// Programs that run beside a container's own: probes and hooks.
    pub(crate) execs: SortedMap<(ContainerId, ExecId), ExecPurpose>,
    /// When the kubelet first saw the pod.
    pub(crate) start_time: SimTime,
    /// The grace period of the termination, once it has begun.
    pub(crate) grace_seconds: u64,
    /// Whether the API object is gone.
    pub(crate) removed: bool,
    pub(crate) deadline_exceeded: bool,
    /// Why the pod is evicted, once it is.
    pub(crate) evicted: Option<Arc<str>>,
}

/// Where a worker is. (pod_workers.go: PodWorkerState)
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Stage {
    /// The pod shall run.
    Syncing,
    /// Its containers are being stopped.
    Terminating,
    /// They have stopped; what is left is cleaning up.
    Terminated,
    /// Nothing is left to do.
    Finished,
}

/// One container of the pod: its runs and what the kubelet remembers about it.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct Slot {
    /// The current run and at most one dead one, oldest first. (pod_container_deletor.go)
    pub(crate) runs: Vec<ContainerRun>,
    /// Why the last start failed. (pkg/kubelet/reason_cache.go)
    pub(crate) failure: Option<StartFailure>,
    pub(crate) back_off: Option<RestartBackOff>,
    /// Restarts counted by runs that were removed.
    pub(crate) restarts_before: u32,
    /// Whether its runs were removed, and none was made since.
    pub(crate) removed: bool,
    /// Processes started so far, failed starts not counted.
    pub(crate) started: u32,
}

/// A waiting reason and its message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct StartFailure {
    pub(crate) reason: &'static str,
    pub(crate) message: Arc<str>,
    pub(crate) rule: &'static Rule,
}

/// One run of a container in the runtime.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct ContainerRun {
    pub(crate) view: RunView,
    /// What it may use.
    pub(crate) resources: Arc<Resources>,
    /// Its processes, while it runs.
    pub(crate) processes: Option<Box<program::Container>>,
    /// When its processes next have something to do.
    pub(crate) wakes: Option<SimTime>,
    /// The record of its last change of state: why a relist wakes the worker.
    pub(crate) cause: Cause,
    /// The end of its log, for terminationMessagePolicy FallbackToLogsOnError.
    pub(crate) log_tail: String,
}

/// What the runtime tells about a run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct RunView {
    pub(crate) id: ContainerId,
    pub(crate) container_id: Arc<str>,
    pub(crate) restart_count: u32,
    pub(crate) image: Arc<str>,
    /// The image as the runtime names it.
    pub(crate) image_name: Arc<str>,
    pub(crate) image_id: Arc<str>,
    pub(crate) state: RunState,
}

impl RunView {
    /// All of it that can change: a run begins and ends once.
    pub(crate) const fn told(&self) -> (ContainerId, Discriminant<RunState>) {
        (self.id, std::mem::discriminant(&self.state))
    }
}

/// The runtime's states.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum RunState {
    Created,
    Running { started_at: SimTime },
    Exited(Ended),
}

/// How a run ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Ended {
    /// Nothing for a process that never started.
    pub(crate) started_at: Option<SimTime>,
    pub(crate) finished_at: SimTime,
    pub(crate) code: i32,
    pub(crate) reason: &'static str,
    pub(crate) message: Arc<str>,
}

/// The runtime as a relist found it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Snapshot {
    /// Per slot at most the two newest runs, oldest first.
    pub(crate) slots: Vec<Vec<RunView>>,
    pub(crate) sandbox_ready: bool,
    pub(crate) ip: Option<Arc<str>>,
}

/// The pod's network namespace and its holder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Sandbox {
    pub(crate) ip: Arc<str>,
    pub(crate) ready: bool,
}

/// What a program beside the container's own is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ExecPurpose {
    Probe(u16),
    PostStart(usize),
    PreStop(usize),
}

/// A sync in progress: a blocking script. (kubelet.go: SyncPod)
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct Script {
    pub(crate) todo: VecDeque<Todo>,
    pub(crate) doing: Doing,
    /// Whether it did anything to containers or sandbox.
    pub(crate) acted: bool,
    /// Whether a step failed.
    pub(crate) failed: bool,
    /// The earliest end of a restart back-off that it met.
    pub(crate) retry_at: Option<SimTime>,
    /// Whether it ends the worker's stage.
    pub(crate) transition: bool,
}

impl PodWorker {
    /// A worker for a pod that the kubelet sees for the first time.
    pub(crate) fn new(id: ObjectId, plan: Arc<PodPlan>, now: SimTime) -> Self {
        let slots = vec![Slot::default(); plan.containers.len()];
        Self {
            id,
            status: plan.pod.status.clone(),
            allocation: Allocation::of(&plan),
            plan,
            stage: Stage::Syncing,
            seen: Snapshot { slots: vec![Vec::new(); slots.len()], ..Snapshot::default() },
            slots,
            fresh: true,
            wanted: false,
            taken: false,
            due_cause: Cause::Manifest,
            due: SimTime::MAX,
            script: None,
            syncs: 0,
            step_seq: 0,
            sandbox: None,
            volumes: Vec::new(),
            mounting: false,
            mounted_from: None,
            pulls: SortedMap::new(),
            probes: Vec::new(),
            kills: Vec::new(),
            execs: SortedMap::new(),
            start_time: now,
            grace_seconds: 0,
            removed: false,
            deadline_exceeded: false,
            evicted: None,
        }
    }

    /// The newest run in a slot.
    pub(crate) fn newest(&self, slot: usize) -> Option<&ContainerRun> {
        self.slots.get(slot)?.runs.last()
    }

    /// The same, to change it.
    pub(crate) fn newest_mut(&mut self, slot: usize) -> Option<&mut ContainerRun> {
        self.slots.get_mut(slot)?.runs.last_mut()
    }

    /// Which slot a run belongs to.
    pub(crate) fn slot_of(&self, id: ContainerId) -> Option<usize> {
        self.slots.iter().position(|s| s.runs.iter().any(|r| r.view.id == id))
    }

    /// Whether the newest run of a slot runs (or is about to).
    pub(crate) fn is_running(&self, slot: usize) -> bool {
        self.newest(slot).is_some_and(|r| matches!(r.view.state, RunState::Running { .. }))
    }

    /// The newest run of a slot in the snapshot.
    pub(crate) fn seen(&self, slot: usize) -> Option<&RunView> {
        self.seen.slots.get(slot)?.last()
    }

    /// The runtime as it is now, for a relist.
    pub(crate) fn observe(&self) -> Snapshot {
        let slots = self.slots.iter().map(|s| s.runs.iter().map(|r| r.view.clone()).collect()).collect();
        let ready = self.sandbox.as_ref().filter(|s| s.ready);
        Snapshot { slots, sandbox_ready: ready.is_some(), ip: ready.map(|s| Arc::clone(&s.ip)) }
    }

    /// Whether deletion has begun, as far as the kubelet knows.
    pub(crate) fn is_deleted(&self) -> bool {
        self.removed || self.plan.pod.is_terminating()
    }
}

impl RunView {
    /// How the run ended, if it did.
    pub(crate) const fn ended(&self) -> Option<&Ended> {
        match &self.state {
            RunState::Exited(e) => Some(e),
            RunState::Created | RunState::Running { .. } => None,
        }
    }

    /// Whether it runs.
    pub(crate) const fn is_running(&self) -> bool {
        matches!(self.state, RunState::Running { .. })
    }
}
