//! The types that kubectl knows by name: `pods`, `pod`, `po`.

use crate::api::Kind;

/// A type of resource with its names.
#[derive(Debug, PartialEq, Eq)]
pub struct Resource {
    /// `pods`.
    pub plural: &'static str,
    /// `pod`.
    pub singular: &'static str,
    /// `po`.
    pub short: &'static [&'static str],
    /// The group in messages: `.apps`, nothing for the core.
    pub group: &'static str,
    /// What it lists.
    pub what: What,
}

/// What a type lists.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum What {
    /// Objects of a kind.
    Objects(Kind),
    /// Events.
    Events,
    /// The slices behind Services.
    EndpointSlices,
}

const fn core(plural: &'static str, singular: &'static str, short: &'static [&'static str], kind: Kind) -> Resource {
    Resource { plural, singular, short, group: "", what: What::Objects(kind) }
}

const fn grouped(names: (&'static str, &'static str), short: &'static [&'static str], group: &'static str, kind: Kind) -> Resource {
    Resource { plural: names.0, singular: names.1, short, group, what: What::Objects(kind) }
}

/// All of them, in the order in which `kubectl api-resources` lists groups.
pub static RESOURCES: [Resource; 21] = [
    core("configmaps", "configmap", &["cm"], Kind::ConfigMap),
    Resource { plural: "events", singular: "event", short: &["ev"], group: "", what: What::Events },
    core("limitranges", "limitrange", &["limits"], Kind::LimitRange),
    core("namespaces", "namespace", &["ns"], Kind::Namespace),
    core("nodes", "node", &["no"], Kind::Node),
    core("persistentvolumeclaims", "persistentvolumeclaim", &["pvc"], Kind::PersistentVolumeClaim),
    core("pods", "pod", &["po"], Kind::Pod),
    core("resourcequotas", "resourcequota", &["quota"], Kind::ResourceQuota),
    core("secrets", "secret", &[], Kind::Secret),
    core("serviceaccounts", "serviceaccount", &["sa"], Kind::ServiceAccount),
    core("services", "service", &["svc"], Kind::Service),
    grouped(("daemonsets", "daemonset"), &["ds"], ".apps", Kind::DaemonSet),
    grouped(("deployments", "deployment"), &["deploy"], ".apps", Kind::Deployment),
    grouped(("replicasets", "replicaset"), &["rs"], ".apps", Kind::ReplicaSet),
    grouped(("statefulsets", "statefulset"), &["sts"], ".apps", Kind::StatefulSet),
    grouped(("horizontalpodautoscalers", "horizontalpodautoscaler"), &["hpa"], ".autoscaling", Kind::HorizontalPodAutoscaler),
    grouped(("cronjobs", "cronjob"), &["cj"], ".batch", Kind::CronJob),
    grouped(("jobs", "job"), &[], ".batch", Kind::Job),
    Resource { plural: "endpointslices", singular: "endpointslice", short: &[], group: ".discovery.k8s.io", what: What::EndpointSlices },
    grouped(("poddisruptionbudgets", "poddisruptionbudget"), &["pdb"], ".policy", Kind::PodDisruptionBudget),
    grouped(("priorityclasses", "priorityclass"), &["pc"], ".scheduling.k8s.io", Kind::PriorityClass),
];

/// The types that `all` stands for, in the order in which they are printed.
pub const ALL: [&str; 7] = ["pods", "services", "daemonsets", "deployments", "replicasets", "statefulsets", "jobs"];

impl Resource {
    /// The type of a name; its group may follow: `deployments.apps`, `deploy`.
    pub fn named(name: &str) -> Option<&'static Self> {
        let lower = name.to_ascii_lowercase();
        RESOURCES.iter().find(|r| {
            let bare = lower.strip_suffix(r.group).unwrap_or(&lower);
            bare == r.plural || bare == r.singular || r.short.contains(&bare)
        })
    }

    /// `pod/web`, `deployment.apps/web`.
    pub fn slash(&self, name: &str) -> String {
        format!("{}{}/{name}", self.singular, self.group)
    }

    /// `pods "web" not found`.
    pub fn not_found(&self, name: &str) -> String {
        format!("Error from server (NotFound): {}{} \"{name}\" not found\n", self.plural, self.group)
    }

    /// Whether its objects belong to no namespace.
    pub const fn is_cluster_wide(&self) -> bool {
        matches!(self.what, What::Objects(Kind::Namespace | Kind::Node | Kind::PriorityClass))
    }
}
