//! One sync of a pod that shall run: status, volumes, probes, decision. (kubelet.go: SyncPod)

use std::sync::Arc;

use super::actions::{self, Actions};
use super::allocation;
use super::events::Message;
use super::prober;
use super::script::{self, Doing, Flow, Todo};
use super::status;
use super::status_manager;
use super::termination;
use super::worker::{Sandbox, Script, Stage};
use crate::api::Kind;
use crate::sim::cluster::Cluster;
use crate::sim::ctx::Ctx;
use crate::text::FieldPath;
use crate::time::SimDuration;
use crate::trace::{Change, ObjectId, Rule, Subject};

static SANDBOX: Rule = Rule {
    id: "kubelet/sandbox",
    says: "Before any container, the runtime makes the pod's sandbox: its network namespace and address.",
    source: "pkg/kubelet/kuberuntime/kuberuntime_sandbox.go: createPodSandbox",
};

pub(crate) fn rules() -> Vec<&'static Rule> {
    vec![&SANDBOX]
}

/// From asking for a sandbox to its being ready.
const SANDBOX_TAKES: SimDuration = SimDuration::from_ms(100);

/// Begins a sync: publishes the status as the snapshot shows it, and lays out the steps.
pub(crate) fn begin(cluster: &mut Cluster, pod: ObjectId, ctx: &mut Ctx) {
    termination::check_deadline(cluster, pod, ctx);
    allocation::complete(cluster, pod, ctx);
    let Some(worker) = cluster.worker(pod) else { return };
    let status = status::compute(worker, ctx.now, status::Moment::Syncing);
    let mut script = Script::default();
    let terminal = status.phase.is_terminal();
    status_manager::set(cluster, pod, status, ctx);
    let Some(worker) = cluster.worker(pod) else { return };
    if terminal {
        worker.stage = Stage::Terminating;
        worker.grace_seconds = worker.plan.grace_seconds.max(1);
        script.transition = true;
    } else {
        script.todo = [Todo::Volumes, Todo::Probes, Todo::Decide].into();
    }
    worker.script = Some(script);
    if !terminal {
        prober::poke_readiness(cluster, pod, ctx);
    }
}

/// Pull secrets that are missing are told with every sync, and stop nothing. (kubelet_pods.go: getPullSecretsForPod)
fn tell_missing_secrets(cluster: &mut Cluster, pod: ObjectId, ctx: &mut Ctx) {
    let Some(worker) = cluster.kubelet.workers.get(&pod) else { return };
    let of = &worker.plan.pod;
    let is_missing = |name: &&str| cluster.store.named(Kind::Secret, &of.metadata.namespace, name).is_none();
    let missing: Vec<&str> = of.spec.image_pull_secrets.iter().map(|s| s.name.as_str()).filter(is_missing).collect();
    if missing.is_empty() {
        return;
    }
    let text =
        format!("Unable to retrieve some image pull secrets ({}); attempting to pull the image may not succeed.", missing.join(", "));
    let field = FieldPath::from("spec.imagePullSecrets");
    let cause = ctx.cause;
    cluster.kubelet.events.emit(
        ctx,
        pod,
        ("kubelet", field),
        Message::warning("FailedToRetrieveImagePullSecret", text, &super::images::PULL),
    );
    ctx.cause = cause;
}

/// Probe workers start before sandbox and images, so their clocks run from here. (prober_manager.go: AddPod)
pub(crate) fn start_probes(cluster: &mut Cluster, pod: ObjectId, ctx: &mut Ctx) -> Flow {
    tell_missing_secrets(cluster, pod, ctx);
    prober::add_workers(cluster, pod, ctx);
    Flow::Next
}

/// Decides from the snapshot what to do, and puts it next. (kuberuntime_manager.go: SyncPod, order of execution)
pub(crate) fn decide(cluster: &mut Cluster, pod: ObjectId, _ctx: &mut Ctx) -> Flow {
    let Some(worker) = cluster.worker(pod) else { return Flow::Abort };
    let Actions { kill_pod, sandbox, resets, kills, resizes, starts } = actions::compute(worker);
    let Some(script) = worker.script.as_mut() else { return Flow::Abort };
    script.acted = kill_pod || sandbox || !kills.is_empty() || !starts.is_empty() || !resizes.is_empty();
    if kill_pod {
        script.todo.extend([Todo::KillAll, Todo::StopSandbox]);
    }
    if !resets.is_empty() {
        script.acted = true;
        script.todo.extend(resets.into_iter().map(|slot| Todo::Reset { slot }));
        script.todo.push_back(Todo::Remove);
    }
    script.todo.extend(kills.into_iter().map(Todo::Kill));
    if sandbox {
        script.todo.push_back(Todo::Sandbox);
    }
    script.todo.extend(resizes.into_iter().map(|slot| Todo::Resize { slot }));
    script.todo.extend(starts.into_iter().map(|slot| Todo::Start { slot }));
    Flow::Next
}

/// Asks the runtime to change a running container's limits.
pub(crate) fn resize(cluster: &mut Cluster, pod: ObjectId, slot: usize, ctx: &mut Ctx) -> Flow {
    if let Some(worker) = cluster.worker(pod) {
        script::step_after(worker, ctx, allocation::TAKES);
    }
    script::doing(cluster, pod, Doing::Resizing { slot })
}

/// Asks the runtime for a sandbox.
pub(crate) fn create_sandbox(cluster: &mut Cluster, pod: ObjectId, ctx: &mut Ctx) -> Flow {
    if let Some(worker) = cluster.worker(pod) {
        script::step_after(worker, ctx, SANDBOX_TAKES);
    }
    script::doing(cluster, pod, Doing::Sandbox)
}

/// The sandbox is there. PodReadyToStartContainers is patched at once, while the sync goes on. (kubelet.go: OnPodSandboxReady)
pub(crate) fn sandbox_ready(cluster: &mut Cluster, pod: ObjectId, ctx: &mut Ctx) -> Flow {
    let ip = cluster.kubelet.next_address();
    let Some(worker) = cluster.worker(pod) else { return Flow::Abort };
    let ip = if worker.plan.pod.spec.host_network { Arc::from(status::HOST_IP) } else { ip };
    worker.sandbox = Some(Sandbox { ip: Arc::clone(&ip), ready: true });
    ctx.because(Subject::Object(pod), Change::SandboxReady { ip }, &SANDBOX);
    let mut status = worker.status.clone();
    super::conditions::set_ready_to_start(&mut status, true, ctx.now);
    status_manager::set(cluster, pod, status, ctx);
    Flow::Next
}
