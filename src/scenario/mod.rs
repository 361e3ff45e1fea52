//! The surroundings of the manifest: duration, seed, node, images, outside hosts, and what happens when.
//!
//! Learners call it "the world"; in a file it is a document `apiVersion: podlab/v1`, `kind: Scenario`.

pub mod edit;

use crate::order::SortedMap;

use serde_json::Value;

use crate::api::{Kind, Object};
use crate::time::{SimDuration, SimTime};

/// Everything around the manifest that a simulation depends on.
#[derive(Debug, Clone, PartialEq)]
pub struct Scenario {
    /// How long is simulated.
    pub duration: SimDuration,
    /// Seeds every choice.
    pub seed: u64,
    /// The namespace in which the actions happen.
    pub namespace: String,
    /// The node that is played.
    pub node: Node,
    /// Other nodes that the scheduler may choose.
    pub more_nodes: Vec<Node>,
    /// How often somebody else's pod on the node ends, on average; nothing on a node that nobody else uses.
    pub neighbors: Option<SimDuration>,
    /// What the registry answers for images that no rule names.
    pub registry: Registry,
    /// How single images behave; the first rule that fits an image counts.
    pub images: Vec<ImageRule>,
    /// Hosts outside the cluster that programs can reach by name.
    pub hosts: Vec<Host>,
    /// What happens when, in the order of time.
    pub actions: Vec<Action>,
}

impl Default for Scenario {
    fn default() -> Self {
        Self {
            duration: SimDuration::from_secs(120),
            seed: 1,
            namespace: "default".into(),
            node: Node::default(),
            more_nodes: Vec::new(),
            neighbors: None,
            registry: Registry::Open,
            images: Vec::new(),
            hosts: Vec::new(),
            actions: Vec::new(),
        }
    }
}

/// A node: its name, its allocatable resources and what the scheduler looks at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Node {
    /// Its name.
    pub name: String,
    /// CPU in millicores.
    pub cpu_milli: i64,
    /// Memory in bytes.
    pub memory_bytes: i64,
    /// How many pods it takes.
    pub pods: u32,
    /// Its labels, beside those that every node has.
    pub labels: SortedMap<String, String>,
    /// Its taints.
    pub taints: Vec<Taint>,
    /// Whether it is cordoned.
    pub unschedulable: bool,
}

/// A taint of a node.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[expect(missing_docs, reason = "documented by the Kubernetes API")]
pub struct Taint {
    pub key: String,
    pub value: String,
    pub effect: String,
}

impl Default for Node {
    fn default() -> Self {
        Self {
            name: "node1".into(),
            cpu_milli: 2000,
            memory_bytes: 23 << 30,
            pods: 250,
            labels: SortedMap::new(),
            taints: Vec::new(),
            unschedulable: false,
        }
    }
}

/// What is known of images that no rule names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Registry {
    /// Well-known images have their usual tags, an unknown name can be pulled; nothing is on the node before, but
    /// those images that the profiles mark as present.
    Open,
    /// Only what a rule names exists; everything else is answered with "not found".
    Listed,
}

/// How an image behaves. What is not given comes from the image's profile.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ImageRule {
    /// `redis:6`, or `redis` for every tag; Docker Hub's long forms are the same image.
    pub image: String,
    /// Whether the node has it already.
    pub present: Option<bool>,
    /// How a pull ends.
    pub pull: Option<Pull>,
    /// From the start of the process to its listening.
    pub startup: Option<SimDuration>,
    /// Ports it listens on.
    pub ports: Option<Vec<u16>>,
    /// The process ends by itself after this time with this code, on every run or on the first `times` runs.
    pub crash: Option<Crash>,
    /// How much memory the process uses, in bytes, from so long after its start on.
    pub memory: Vec<(SimDuration, u64)>,
}

/// The end of a process that the scenario asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Crash {
    /// After the start of the process.
    pub after: SimDuration,
    /// Exit code.
    pub code: i32,
    /// Only the first so many runs in a pod; nothing is "always".
    pub times: Option<u32>,
}

/// How a pull ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pull {
    /// It succeeds after this time.
    Takes(SimDuration),
    /// The registry does not know it.
    NotFound,
    /// The registry wants credentials or does not have the repository.
    Denied,
}

/// A host outside the cluster.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Host {
    /// Its DNS name.
    pub name: String,
    /// TCP ports it answers on.
    pub ports: Vec<u16>,
    /// From when its name resolves.
    pub from: SimTime,
    /// Until when.
    pub until: Option<SimTime>,
}

/// Something that a user or the surroundings do.
#[derive(Debug, Clone, PartialEq)]
pub struct Action {
    /// When.
    pub at: SimTime,
    /// What.
    pub what: Do,
}

/// What an action does.
#[derive(Debug, Clone, PartialEq)]
pub enum Do {
    /// `kubectl delete`; a trailing `*` in the name means the first object that fits.
    Delete {
        /// Of this kind.
        kind: Kind,
        /// Of this name.
        name: String,
        /// `--grace-period`; 0 forces.
        grace_seconds: Option<i64>,
    },
    /// `kubectl patch`.
    Patch {
        /// Of this kind.
        kind: Kind,
        /// Of this name.
        name: String,
        /// The patch body.
        patch: Value,
        /// How it merges.
        style: PatchStyle,
        /// `resize`, `ephemeralcontainers` or `status`, if not the object itself.
        subresource: Option<String>,
    },
    /// `kubectl apply` of an object that was admitted already.
    Apply {
        /// The object.
        object: Object,
    },
    /// A signal to the main process of a container.
    Kill {
        /// The pod.
        pod: String,
        /// Its container.
        container: String,
        /// `KILL`, `TERM`, ...
        signal: String,
    },
}

/// How a patch merges.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PatchStyle {
    /// `application/strategic-merge-patch+json`: lists of named things merge by name.
    Strategic,
    /// `application/merge-patch+json`: lists are replaced.
    Merge,
}
