//! The kubelet's own admission: a pod that is given to the node without the scheduler may not fit it.
//! (kubelet.go: HandlePodAdditions, rejectPod)

use std::sync::Arc;

use super::events::Message;
use super::worker::Stage;
use crate::api::{Phase, Pod, PodStatus, Wire};
use crate::sim::apiserver;
use crate::sim::cluster::Cluster;
use crate::sim::ctx::Ctx;
use crate::sim::scheduler::{self, Rejected};
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
    let refused = forbidden_sysctl(pod).or_else(|| other_system(pod)).or_else(|| scheduler::node_rejects(cluster, id, pod));
    let Some((reason, text)) = refused else { return };
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

/// Kernel parameters that a pod may set without the node's consent; every other one is of the whole node.
/// (pkg/kubelet/sysctl/safe_sysctls.go)
const SAFE_SYSCTLS: [&str; 12] = [
    "kernel.shm_rmid_forced",
    "net.ipv4.ip_local_port_range",
    "net.ipv4.ip_local_reserved_ports",
    "net.ipv4.ip_unprivileged_port_start",
    "net.ipv4.ping_group_range",
    "net.ipv4.tcp_fin_timeout",
    "net.ipv4.tcp_keepalive_intvl",
    "net.ipv4.tcp_keepalive_probes",
    "net.ipv4.tcp_keepalive_time",
    "net.ipv4.tcp_rmem",
    "net.ipv4.tcp_syncookies",
    "net.ipv4.tcp_wmem",
];

/// (pkg/kubelet/sysctl/allowlist.go: Admit)
fn forbidden_sysctl(pod: &Pod) -> Option<Rejected> {
    let set = pod.spec.security_context.as_ref()?.sysctls.as_ref()?.write();
    let names = set.as_array()?.iter().filter_map(|sysctl| sysctl.get("name")?.as_str());
    // Both ways to write a name are the same: `net/ipv4/tcp_rmem`.
    let mut unsafe_ones = names.map(|name| name.replace('/', ".")).filter(|name| !SAFE_SYSCTLS.contains(&name.as_str()));
    Some(("SysctlForbidden", format!("forbidden sysctl: \"{}\" not allowlisted", unsafe_ones.next()?)))
}

/// The nodes run Linux. (pkg/kubelet/lifecycle/predicate.go: rejectPodAdmissionBasedOnOSField)
fn other_system(pod: &Pod) -> Option<Rejected> {
    let os = pod.spec.os.as_ref()?.write();
    let other = os.get("name")?.as_str()? != "linux";
    other.then(|| ("PodOSNotSupported", "Failed to admit pod as the OS field doesn't match node OS".to_owned()))
}
