//! The row of a pod. (pkg/printers/internalversion/printers.go: printPod)

use std::fmt;

use super::{age, or_none};
use crate::api::{ConditionType, ContainerState, ContainerStatus, Pod, StateTerminated};
use crate::time::SimTime;

/// The STATUS column: a summary of phase, reasons and deletion that exists nowhere in the API.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PrintedStatus(String);

impl PrintedStatus {
    /// As kubectl prints it: `Running`, `Init:1/3`, `CrashLoopBackOff`.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for PrintedStatus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// READY, STATUS and RESTARTS of a pod.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PodColumns {
    /// Ready containers: regular ones and sidecars.
    pub ready: usize,
    /// All of them.
    pub total: usize,
    /// STATUS.
    pub status: PrintedStatus,
    /// Restarts: of init containers while they run, afterwards of regular containers and sidecars.
    pub restarts: u32,
    /// When the newest of the runs counted as restarted ended.
    pub last_restart: Option<SimTime>,
}

impl PodColumns {
    /// READY: `1/2`.
    pub fn ready_text(&self) -> String {
        format!("{}/{}", self.ready, self.total)
    }

    /// RESTARTS at a moment: `0`, `3 (10s ago)`.
    pub fn restarts_text(&self, at: SimTime) -> String {
        match self.last_restart {
            Some(then) if self.restarts != 0 => format!("{} ({} ago)", self.restarts, age(at, then)),
            Some(_) | None => self.restarts.to_string(),
        }
    }
}

/// Restarts counted so far.
#[derive(Debug, Clone, Copy, Default)]
struct Restarts {
    count: u32,
    last: Option<SimTime>,
}

impl Restarts {
    fn add(&mut self, status: &ContainerStatus) {
        self.count = self.count.saturating_add(status.restart_count);
        self.last = self.last.max(status.last_state.terminated().and_then(|t| t.finished_at));
    }
}

/// What the init containers say.
struct Init {
    /// The status of the first that is not done.
    waiting_for: Option<String>,
    ready_sidecars: usize,
    all: Restarts,
    sidecars: Restarts,
}

/// The columns of a pod, from its published status.
pub fn pod_columns(pod: &Pod) -> PodColumns {
    let status = &pod.status;
    let sidecars = pod.spec.init_containers.iter().filter(|c| c.is_sidecar()).count();
    let init = scan_init(pod);
    let initializing = init.waiting_for.is_some();
    let mut reason = init.waiting_for.unwrap_or_else(|| first_reason(pod));
    let mut ready = init.ready_sidecars;
    let mut restarts = init.all;
    if !initializing || status.is_true(&ConditionType::Initialized) {
        restarts = init.sidecars;
        let apps = scan_apps(&status.container_statuses, &mut restarts);
        ready += apps.ready;
        reason = apps.reason.unwrap_or(reason);
        if reason == "Completed" {
            reason = completed(apps.ready > 0, status.is_true(&ConditionType::Ready), apps.error);
        }
    }
    if pod.is_terminating() {
        if status.reason == "NodeLost" {
            reason = "Unknown".into();
        } else if !status.phase.is_terminal() {
            reason = "Terminating".into();
        }
    }
    let total = pod.spec.containers.len() + sidecars;
    PodColumns { ready, total, status: PrintedStatus(reason), restarts: restarts.count, last_restart: restarts.last }
}

/// Phase, or the pod's own reason, or that the scheduler is gated.
fn first_reason(pod: &Pod) -> String {
    let status = &pod.status;
    let gated = status.condition(&ConditionType::PodScheduled).is_some_and(|c| c.reason == "SchedulingGated");
    if gated {
        "SchedulingGated".into()
    } else if status.reason.is_empty() {
        status.phase.as_str().into()
    } else {
        status.reason.to_string()
    }
}

fn scan_init(pod: &Pod) -> Init {
    let mut init = Init { waiting_for: None, ready_sidecars: 0, all: Restarts::default(), sidecars: Restarts::default() };
    for (i, container) in pod.status.init_container_statuses.iter().enumerate() {
        let sidecar = pod.spec.init_containers.iter().any(|c| container.name == c.name && c.is_sidecar());
        init.all.add(container);
        if sidecar {
            init.sidecars.add(container);
        }
        if container.state.terminated().is_some_and(|t| t.exit_code == 0) {
            continue;
        }
        if sidecar && container.started {
            init.ready_sidecars += usize::from(container.ready);
            continue;
        }
        let reason = match &container.state {
            ContainerState::Terminated(t) => ended(t),
            ContainerState::Waiting(w) if !w.reason.is_empty() && w.reason != "PodInitializing" => w.reason.to_string(),
            ContainerState::Waiting(_) | ContainerState::Running(_) | ContainerState::Unset => {
                format!("{i}/{}", pod.spec.init_containers.len())
            }
        };
        init.waiting_for = Some(format!("Init:{reason}"));
        break;
    }
    init
}

/// What the regular containers say.
#[derive(Default)]
struct Apps {
    reason: Option<String>,
    error: Option<String>,
    ready: usize,
}

/// Looks from the last to the first, so that the first has the final word.
fn scan_apps(statuses: &[ContainerStatus], restarts: &mut Restarts) -> Apps {
    let mut apps = Apps::default();
    for container in statuses.iter().rev() {
        restarts.add(container);
        match &container.state {
            ContainerState::Waiting(w) if !w.reason.is_empty() => apps.reason = Some(w.reason.to_string()),
            ContainerState::Terminated(t) => {
                let reason = ended(t);
                if t.exit_code != 0 {
                    apps.error = Some(reason.clone());
                }
                apps.reason = Some(reason);
            }
            ContainerState::Running(_) if container.ready => apps.ready += 1,
            ContainerState::Waiting(_) | ContainerState::Running(_) | ContainerState::Unset => {}
        }
    }
    apps
}

fn ended(t: &StateTerminated) -> String {
    if t.reason.is_empty() { format!("ExitCode:{}", t.exit_code) } else { t.reason.to_string() }
}

/// What becomes of `Completed` when other containers have their say.
fn completed(running: bool, pod_ready: bool, error: Option<String>) -> String {
    match (running, error) {
        (true, _) if pod_ready => "Running".into(),
        (_, Some(error)) => error,
        (true, None) => "NotReady".into(),
        (false, None) => "Completed".into(),
    }
}

/// IP, NODE, NOMINATED NODE and READINESS GATES, the columns of `-o wide`.
pub fn pod_wide_columns(pod: &Pod) -> [String; 4] {
    let gates = &pod.spec.readiness_gates;
    let open = gates.iter().filter(|g| pod.status.conditions.iter().any(|c| c.kind.as_str() == g.condition_type && c.status)).count();
    let gates = if gates.is_empty() { "<none>".into() } else { format!("{open}/{}", gates.len()) };
    [or_none(&pod.status.pod_ip), or_none(&pod.spec.node_name), "<none>".into(), gates]
}
