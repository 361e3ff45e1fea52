//! What is accepted but changes nothing in the simulation, said where it stands.

use crate::api::Kind;
use crate::decode::SourceMap;
use crate::text::{Diagnostic, FieldPath, Severity};
use crate::yaml::Node;

/// Fields of a pod's spec that nothing simulated depends on.
const POD: &[&str] =
    &["dnsConfig", "dnsPolicy", "hostAliases", "hostIPC", "hostPID", "hostUsers", "resourceClaims", "setHostnameAsFQDN", "subdomain"];

/// Fields of a container that nothing simulated depends on.
const CONTAINER: &[&str] = &["tty", "volumeDevices"];

/// Fields of a security context, of a pod or a container, that nothing simulated depends on.
const SECURITY: &[&str] = &[
    "allowPrivilegeEscalation",
    "appArmorProfile",
    "capabilities",
    "fsGroup",
    "fsGroupChangePolicy",
    "privileged",
    "procMount",
    "runAsGroup",
    "seLinuxOptions",
    "seccompProfile",
    "supplementalGroups",
    "windowsOptions",
];

/// Volumes that are there, but empty.
const VOLUMES: &[&str] = &["csi", "ephemeral", "gitRepo", "hostPath", "image", "iscsi", "nfs", "persistentVolumeClaim"];

/// Hints for the fields of an object that is taken as it is.
pub(super) fn hints(kind: Kind, source: &SourceMap, found: &mut Vec<Diagnostic>) {
    match kind {
        Kind::Pod => pod(source, found),
        // Services, ConfigMaps and Secrets are simulated; the last three shape pods when these are admitted.
        Kind::Service | Kind::ConfigMap | Kind::Secret | Kind::PriorityClass | Kind::LimitRange | Kind::ServiceAccount => {}
        Kind::Deployment
        | Kind::ReplicaSet
        | Kind::StatefulSet
        | Kind::DaemonSet
        | Kind::Job
        | Kind::CronJob
        | Kind::PersistentVolumeClaim
        | Kind::PodDisruptionBudget
        | Kind::HorizontalPodAutoscaler
        | Kind::ResourceQuota
        | Kind::Namespace
        | Kind::Node => {
            let message = format!("{} is accepted, not simulated", kind.as_str());
            hint(source, &FieldPath::from("kind"), message, found);
        }
    }
}

fn pod(source: &SourceMap, found: &mut Vec<Diagnostic>) {
    let path = FieldPath::from("spec");
    let Some(spec) = source.root().get("spec") else { return };
    fields(source, spec, &path, POD, found);
    security(source, spec, &path, found);
    for group in ["containers", "initContainers"] {
        for (i, container) in spec.get(group).map(Node::items).unwrap_or_default().iter().enumerate() {
            let here = path.field(group).index(i);
            fields(source, container, &here, CONTAINER, found);
            security(source, container, &here, found);
            if container.get("lifecycle").is_some_and(|lifecycle| lifecycle.get("stopSignal").is_some()) {
                let message = "the API server drops `stopSignal`: its feature gate is off, so the image's own signal is sent";
                hint(source, &here.field("lifecycle").field("stopSignal"), message.to_owned(), found);
            }
        }
    }
    for (i, volume) in spec.get("volumes").map(Node::items).unwrap_or_default().iter().enumerate() {
        for kind in VOLUMES.iter().filter(|k| volume.get(k).is_some()) {
            let message = format!("`{kind}` is accepted, its content is not simulated: the volume starts empty");
            hint(source, &path.field("volumes").index(i).field(kind), message, found);
        }
    }
}

fn security(source: &SourceMap, owner: &Node, path: &FieldPath, found: &mut Vec<Diagnostic>) {
    if let Some(context) = owner.get("securityContext") {
        fields(source, context, &path.field("securityContext"), SECURITY, found);
    }
}

fn fields(source: &SourceMap, node: &Node, path: &FieldPath, names: &[&str], found: &mut Vec<Diagnostic>) {
    for name in names.iter().filter(|n| node.get(n).is_some()) {
        hint(source, &path.field(name), format!("`{name}` is accepted, not simulated"), found);
    }
}

fn hint(source: &SourceMap, field: &FieldPath, message: String, found: &mut Vec<Diagnostic>) {
    if let Some(span) = source.locate_key(field) {
        let about = Diagnostic::error("simulated/not", span, message).severity(Severity::Hint);
        found.push(about.field(field.clone()));
    }
}
