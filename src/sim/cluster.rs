//! All simulated state, as plain data linked by ids.

use crate::order::SortedMap;
use crate::order::SortedSet;
use std::sync::Arc;

use super::apiserver::Store;
use super::kubelet::{EventCorrelator, PodWorker, Puller};
use super::program::{Commands, Os, TreeId};
use super::scheduler::Scheduler;
use crate::api::EndpointSlice;
use crate::scenario::Scenario;
use crate::trace::{ContainerId, ObjectId};

/// The cluster.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Cluster {
    /// The surroundings, unchanged during the run.
    pub(crate) scenario: Arc<Scenario>,
    /// What the API server holds.
    pub(crate) store: Store,
    /// The node's agent.
    pub(crate) kubelet: Kubelet,
    /// Files and network.
    pub(crate) os: Os,
    /// What the EndpointSlice controller published last, by Service.
    pub(crate) endpoints: SortedMap<ObjectId, Arc<EndpointSlice>>,
    /// The scheduler's memory.
    pub(crate) scheduler: Scheduler,
}

/// The kubelet of the one node.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct Kubelet {
    /// One worker a pod.
    pub(crate) workers: SortedMap<ObjectId, PodWorker>,
    /// Images on the node, by normalised name.
    pub(crate) images: SortedSet<String>,
    /// Pulls, one after another.
    pub(crate) puller: Puller,
    /// Folders of the node that pods mount.
    pub(crate) host_paths: SortedMap<String, TreeId>,
    /// Its event client.
    pub(crate) events: EventCorrelator,
    /// Container runs made so far.
    pub(crate) containers_made: u32,
    /// Addresses handed out so far.
    pub(crate) addresses: u32,
}

impl Cluster {
    /// An empty cluster in these surroundings.
    pub(crate) fn new(scenario: Scenario, commands: Commands) -> Self {
        Self {
            scenario: Arc::new(scenario),
            store: Store::default(),
            kubelet: Kubelet::default(),
            os: Os::new(commands),
            endpoints: SortedMap::new(),
            scheduler: Scheduler::default(),
        }
    }

    /// The worker of a pod.
    pub(crate) fn worker(&mut self, pod: ObjectId) -> Option<&mut PodWorker> {
        self.kubelet.workers.get_mut(&pod)
    }
}

impl Kubelet {
    /// A new id for a container's run.
    pub(crate) fn next_container(&mut self) -> ContainerId {
        self.containers_made += 1;
        ContainerId(self.containers_made)
    }

    /// A new pod address.
    pub(crate) fn next_address(&mut self) -> Arc<str> {
        self.addresses += 1;
        let n = self.addresses + 3;
        format!("10.244.{}.{}", n / 250 % 256, n % 250 + 2).into()
    }
}
