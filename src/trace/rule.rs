//! A rule of Kubernetes (or of a program, or of the simulation) that made something happen.

/// A rule: named once, beside the function that applies it.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Rule {
    /// A stable name, e.g. `kubelet/restart-back-off`.
    pub id: &'static str,
    /// One or two plain sentences for a learner.
    pub says: &'static str,
    /// Where it comes from, e.g. `kuberuntime_manager.go: doBackOff`.
    pub source: &'static str,
}
