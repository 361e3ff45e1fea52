//! One record of a trace and everything that can change.

use std::sync::Arc;

use super::Rule;
use crate::api::{EndpointSlice, Event, Object};
use crate::text::FieldPath;
use crate::time::{SimDuration, SimTime};

/// A record's place in its trace.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RecordId(pub u32);

/// One incarnation of an object: a deleted and re-created pod has two.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ObjectId(pub u32);

/// One run of a container; a restart makes a new one. Counts through the whole trace.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ContainerId(pub u32);

/// A container of a pod's specification.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ContainerRef {
    /// The pod.
    pub pod: ObjectId,
    /// In which list.
    pub group: ContainerGroup,
    /// At which place of that list.
    pub index: u16,
}

/// The three lists of containers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ContainerGroup {
    /// `spec.initContainers`, sidecars among them.
    Init,
    /// `spec.containers`.
    App,
    /// `spec.ephemeralContainers`.
    Ephemeral,
}

/// Whom a record is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Subject {
    /// The surroundings: actions, hosts, the simulation itself.
    World,
    /// An object.
    Object(ObjectId),
    /// A container of a pod.
    Container(ContainerRef),
    /// A probe of a container.
    Probe(ContainerRef, ProbeKind),
}

/// The three probes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[expect(missing_docs, reason = "Kubernetes' own words")]
pub enum ProbeKind {
    Startup,
    Readiness,
    Liveness,
}

impl ProbeKind {
    /// The container's field that holds it.
    pub const fn field(self) -> &'static str {
        match self {
            Self::Startup => "startupProbe",
            Self::Readiness => "readinessProbe",
            Self::Liveness => "livenessProbe",
        }
    }
}

/// What one probe run came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ProbeOutcome {
    /// It passed.
    Success,
    /// It failed.
    Failure,
    /// It could not run; the outcome is discarded.
    Error,
    /// Due, but held back by its initial delay or by a startup probe.
    NotYet,
}

/// The two hooks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[expect(missing_docs, reason = "Kubernetes' own words")]
pub enum HookKind {
    PostStart,
    PreStop,
}

impl HookKind {
    /// The field of `lifecycle` that holds it.
    pub const fn field(self) -> &'static str {
        match self {
            Self::PostStart => "postStart",
            Self::PreStop => "preStop",
        }
    }
}

/// Why the previous record led to this one; every chain ends in the manifest or the surroundings.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Cause {
    /// An earlier record.
    Record(RecordId),
    /// The manifest, as it was applied at the start.
    Manifest,
    /// The scenario: an action, a host, a crash that it asks for.
    Scenario,
}

/// A place in a program: the field that holds the script and the line within it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProgramPoint {
    /// E.g. `spec.containers[0].args[0]`; the root if the program is the image's own.
    pub field: FieldPath,
    /// Line within that text, from 0.
    pub line: u32,
    /// The command as written.
    pub text: Arc<str>,
}

/// How a process ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exit {
    /// Exit code; 128+n for signal n.
    pub code: i32,
    /// Killed for exceeding its memory limit.
    pub oom: bool,
    /// The signal that ended it, if one did.
    pub signal: Option<&'static str>,
    /// The line of the program that ended it, if one is known.
    pub point: Option<Box<ProgramPoint>>,
}

/// A pull of an image.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Pull {
    /// It began.
    Started,
    /// It succeeded.
    Done {
        /// The pull alone.
        took: SimDuration,
    },
    /// It failed.
    Failed {
        /// As the runtime words it.
        message: Arc<str>,
    },
}

/// What is held back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum BackOffKind {
    /// A container's restart.
    Restart,
    /// An image's pull.
    Pull,
}

/// Where a program writes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[expect(missing_docs, reason = "self-evident")]
pub enum Stream {
    Stdout,
    Stderr,
}

/// What a program did to a file of a volume.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileChange {
    /// The volume's name.
    pub volume: Arc<str>,
    /// Where in the volume.
    pub path: Arc<str>,
    /// What it says now, or what was added to it; nothing if it was removed, with all below it.
    pub text: Option<Arc<str>>,
    /// Whether the text was added to what was there.
    pub added: bool,
}

/// What happened.
#[derive(Debug, Clone, PartialEq)]
pub enum Change {
    /// An object appeared in the API.
    Created(Object),
    /// An object changed in the API.
    Updated(Object),
    /// An object left the API.
    Deleted,
    /// The API refused a request.
    Refused {
        /// Its answer.
        message: Arc<str>,
    },
    /// An event was written, or its count grew.
    Event(Arc<Event>),
    /// The endpoints of a Service changed.
    Endpoints(Arc<EndpointSlice>),
    /// An action of the scenario was carried out.
    Action {
        /// Which, in the scenario's list.
        index: u16,
        /// The API's HTTP code.
        code: u16,
        /// The API's message where it refused.
        message: Arc<str>,
    },
    /// An outside host began to answer (or stopped).
    Host {
        /// Which, in the scenario's list.
        index: u16,
        /// Whether it is there now.
        up: bool,
    },
    /// The pod's sandbox is ready.
    SandboxReady {
        /// The pod's address.
        ip: Arc<str>,
    },
    /// The pod's sandbox was stopped.
    SandboxStopped,
    /// The volumes are mounted.
    VolumesMounted,
    /// An image pull.
    Pull(Pull),
    /// The kubelet decided to start the container and made a record for it.
    ContainerCreated(ContainerId),
    /// The container's process runs.
    ContainerStarted(ContainerId),
    /// The container's main process ended.
    Exited(ContainerId, Exit),
    /// A signal was sent to the main process.
    Signal {
        /// To this run.
        id: ContainerId,
        /// `TERM`, `KILL`, ...
        name: &'static str,
    },
    /// A process of the container listens on a port (or stopped to).
    Listening {
        /// The TCP port.
        port: u16,
        /// Whether it listens now.
        open: bool,
    },
    /// A retry is held back.
    BackOff {
        /// Of what.
        what: BackOffKind,
        /// The back-off as its message names it.
        delay: SimDuration,
        /// When it ends.
        until: SimTime,
    },
    /// A probe ran (or was due but held back).
    Probe {
        /// What it came to.
        outcome: ProbeOutcome,
        /// Its output or error.
        message: Arc<str>,
        /// How many equal outcomes in a row.
        count: u16,
        /// How many it takes to count.
        threshold: u16,
    },
    /// A hook began.
    HookStarted {
        /// Which.
        hook: HookKind,
        /// Its command or address, short.
        text: Arc<str>,
    },
    /// A hook ended.
    HookEnded {
        /// Which.
        hook: HookKind,
        /// Whether it succeeded.
        ok: bool,
        /// Why not.
        message: Arc<str>,
    },
    /// A program wrote to its log.
    Output {
        /// The run.
        id: ContainerId,
        /// Where to.
        stream: Stream,
        /// The bytes as text, newlines included.
        text: Arc<str>,
    },
    /// A program changed a file of a volume.
    File(Arc<FileChange>),
    /// Something that the model leaves out.
    NotSimulated {
        /// What, for people.
        what: Arc<str>,
    },
    /// The simulation used up one of its budgets and stops, or drops what exceeds it.
    Budget {
        /// Which, for people.
        what: &'static str,
    },
}

/// One record.
#[derive(Debug, Clone, PartialEq)]
pub struct Record {
    /// Its place.
    pub id: RecordId,
    /// When.
    pub at: SimTime,
    /// About whom.
    pub subject: Subject,
    /// What.
    pub change: Change,
    /// Because of what.
    pub cause: Cause,
    /// By which rule.
    pub rule: &'static Rule,
    /// The field of the manifest that decided it, if one did.
    pub field: Option<FieldPath>,
}
