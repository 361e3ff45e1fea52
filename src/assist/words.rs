//! What fields mean, in our own words, and which values they can have.

use crate::schema::Type;

/// The values of a type, where they are a closed set.
pub(super) fn values(of: Type) -> &'static [&'static str] {
    match of {
        Type::Bool => &["true", "false"],
        Type::Named(name) => VALUES.iter().find(|(known, _)| *known == name).map_or(&[], |(_, values)| values),
        Type::List(of) => values(*of),
        Type::Str
        | Type::Int32
        | Type::Int64
        | Type::Quantity
        | Type::IntOrString
        | Type::Time
        | Type::Bytes
        | Type::Any
        | Type::Object(_)
        | Type::Map(_)
        | Type::Resources => &[],
    }
}

const VALUES: [(&str, &[&str]); 29] = [
    ("v1.RestartPolicy", &["Always", "OnFailure", "Never"]),
    ("v1.ContainerRestartPolicy", &["Always", "OnFailure", "Never"]),
    ("v1.ContainerRestartRuleAction", &["Restart", "RestartAllContainers"]),
    ("v1.ContainerRestartRuleOnExitCodesOperator", &["In", "NotIn"]),
    ("v1.PullPolicy", &["Always", "IfNotPresent", "Never"]),
    ("v1.DNSPolicy", &["ClusterFirst", "ClusterFirstWithHostNet", "Default", "None"]),
    ("v1.Protocol", &["TCP", "UDP", "SCTP"]),
    ("v1.URIScheme", &["HTTP", "HTTPS"]),
    ("v1.TerminationMessagePolicy", &["File", "FallbackToLogsOnError"]),
    ("v1.ResourceResizeRestartPolicy", &["NotRequired", "RestartContainer"]),
    ("v1.TaintEffect", &["NoSchedule", "PreferNoSchedule", "NoExecute"]),
    ("v1.TolerationOperator", &["Equal", "Exists"]),
    ("v1.NodeSelectorOperator", &["In", "NotIn", "Exists", "DoesNotExist", "Gt", "Lt"]),
    ("v1.LabelSelectorOperator", &["In", "NotIn", "Exists", "DoesNotExist"]),
    ("v1.UnsatisfiableConstraintAction", &["DoNotSchedule", "ScheduleAnyway"]),
    ("v1.PreemptionPolicy", &["PreemptLowerPriority", "Never"]),
    ("v1.StorageMedium", &["Memory"]),
    ("v1.HostPathType", &["DirectoryOrCreate", "Directory", "FileOrCreate", "File", "Socket", "CharDevice", "BlockDevice"]),
    ("v1.MountPropagationMode", &["None", "HostToContainer", "Bidirectional"]),
    ("v1.PersistentVolumeAccessMode", &["ReadWriteOnce", "ReadOnlyMany", "ReadWriteMany", "ReadWriteOncePod"]),
    ("v1.ServiceType", &["ClusterIP", "NodePort", "LoadBalancer", "ExternalName"]),
    ("v1.ServiceAffinity", &["None", "ClientIP"]),
    ("v1.DeploymentStrategyType", &["RollingUpdate", "Recreate"]),
    ("v1.StatefulSetUpdateStrategyType", &["RollingUpdate", "OnDelete"]),
    ("v1.DaemonSetUpdateStrategyType", &["RollingUpdate", "OnDelete"]),
    ("v1.PodManagementPolicyType", &["OrderedReady", "Parallel"]),
    ("v1.ConcurrencyPolicy", &["Allow", "Forbid", "Replace"]),
    ("v1.CompletionMode", &["NonIndexed", "Indexed"]),
    ("v1.UnhealthyPodEvictionPolicyType", &["IfHealthyBudget", "AlwaysAllow"]),
];

/// Fields by how often they are written: the usual ones, those with a meaning here, the rest.
pub(super) fn rank(field: &str) -> usize {
    const FIRST: [&str; 8] = ["apiVersion", "kind", "metadata", "spec", "name", "image", "command", "args"];
    let known = || if meaning(field).is_empty() { FIRST.len() + 1 } else { FIRST.len() };
    FIRST.iter().position(|first| *first == field).unwrap_or_else(known)
}

/// What a field means, in a sentence.
pub(super) fn meaning(field: &str) -> &'static str {
    MEANINGS.iter().find(|(name, _)| *name == field).map_or("", |(_, says)| says)
}

const MEANINGS: [(&str, &str); 52] = [
    ("activeDeadlineSeconds", "After so many seconds on the node the pod fails, whatever it does."),
    ("args", "Arguments for the command; they replace the image's CMD."),
    ("backoffLimit", "How many failed pods make the Job fail."),
    ("command", "What is run in place of the image's ENTRYPOINT. No shell, unless you name one."),
    ("configMap", "Files from a ConfigMap; each key is a file."),
    (
        "containers",
        "Those that run side by side for the pod's life. They start one after another and do not wait for each other to be ready.",
    ),
    ("emptyDir", "An empty folder that lives as long as the pod. It survives restarts of containers."),
    ("env", "Environment variables, fixed when the container starts."),
    ("envFrom", "All keys of a ConfigMap or Secret as environment variables."),
    ("ephemeralContainers", "Containers for a look inside; added to a running pod only."),
    ("exec", "A command in the container; exit code 0 is success."),
    ("failureThreshold", "So many failures in a row count as failed. Default 3."),
    ("fieldRef", "A field of the pod itself."),
    ("gracePeriodSeconds", "How long the stop may take."),
    ("grpc", "A gRPC health check."),
    ("hostPath", "A folder of the node. It outlives the pod."),
    ("httpGet", "A GET from the kubelet; 200 to 399 is success."),
    ("image", "The image. Without a tag it is `latest`."),
    ("imagePullPolicy", "When the image is pulled. Default: Always for `latest`, else IfNotPresent."),
    ("initContainers", "Run to their end one after another before the others. With restartPolicy Always one is a sidecar, which goes on."),
    ("initialDelaySeconds", "So long after the container's start no probe runs. Default 0."),
    ("labels", "Names for selectors: Services and controllers find the pod by them."),
    ("lifecycle", "Hooks: postStart beside the start, preStop before the stop."),
    ("limits", "The most it gets. Memory above it: killed. CPU above it: slowed down."),
    ("livenessProbe", "Too many failures in a row, and the container is restarted."),
    ("mountPath", "Where the volume appears in the container."),
    ("nodeName", "The node, without the scheduler."),
    ("nodeSelector", "Labels that the node must have."),
    ("periodSeconds", "From one probe to the next. Default 10."),
    ("persistentVolumeClaim", "A volume that a claim holds."),
    ("ports", "Ports, for people and by name for probes and Services. A port that is not listed is open all the same."),
    ("postStart", "Runs as the container has started, beside its command. The next container waits for it."),
    ("preStop", "Runs before the container gets SIGTERM. Its time counts towards the grace period."),
    ("priorityClassName", "How important the pod is to the scheduler."),
    ("readinessGates", "Further conditions for Ready, set by others."),
    ("readinessProbe", "While it fails, the pod gets no traffic of its Services."),
    ("requests", "What the scheduler sets aside for it."),
    ("resources", "What it needs and what it may use."),
    ("restartPolicy", "Of a pod: whether containers that end are started again. Of an init container: Always makes it a sidecar."),
    ("schedulingGates", "The scheduler waits until all are taken away."),
    ("secret", "Files from a Secret; each key is a file."),
    ("selector", "Which pods belong to it."),
    ("shareProcessNamespace", "Containers see each other's processes. None of them is process 1 any more."),
    ("startupProbe", "Until it has passed, liveness and readiness probes wait."),
    ("subPath", "A file or folder of the volume in place of all of it. Later changes of a ConfigMap do not reach it."),
    ("successThreshold", "So many successes in a row count as passed. Default 1."),
    ("tcpSocket", "A connection that opens is success."),
    ("terminationGracePeriodSeconds", "From the deletion to SIGKILL, with preStop in it. Default 30."),
    ("timeoutSeconds", "A probe that takes longer has failed. Default 1."),
    ("tolerations", "Taints of nodes that the pod puts up with."),
    ("volumeMounts", "Volumes that this container sees, and where."),
    ("volumes", "Files that containers of the pod can mount."),
];
