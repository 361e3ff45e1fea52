//! What can happen in the simulation. A closed set: one `match` in `engine` shows all of it.

use crate::trace::{ContainerId, ObjectId};

/// An item of the future event list. It names its subject by id, and its incarnation where it could be stale.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Event {
    /// An action of the scenario is due.
    Action(u16),
    /// An outside host appears or vanishes.
    Host { index: u16, up: bool },
    /// The processes of a container have something to do.
    Program { pod: ObjectId, id: ContainerId },
    /// A step of the pod's sync script is over; `seq` tells which.
    Step { pod: ObjectId, seq: u32 },
    /// A deadline of a container that is being killed: a hook's, a turn's or the stop signal's.
    KillDeadline { pod: ObjectId, id: ContainerId },
    /// The puller has finished what it was pulling.
    PullDone,
    /// A volume's mount is tried (again).
    Mount { pod: ObjectId, volume: u16 },
    /// Somebody else's pod on the node has ended.
    Neighbor,
    /// The scheduler looks at a pod.
    Schedule(ObjectId),
    /// The kubelet's watch delivers a change of a pod.
    PodChanged(ObjectId),
    /// The node's whole second: relist, then the work queue, then deadlines.
    Tick,
    /// A probe worker's tick; `seq` tells whether it is still the current ticker.
    ProbeTick { pod: ObjectId, probe: u16, seq: u32 },
    /// A probe that still runs has used up its time.
    ProbeTimeout { pod: ObjectId, probe: u16, run: u32 },
    /// The pod worker has an update waiting.
    Worker(ObjectId),
}

/// The order of what falls on one instant: the world first, then processes, then what watches them.
/// (reference: "Simultaneous happenings for one pod")
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Rank {
    World,
    Process,
    Runtime,
    Watch,
    Relist,
    Probe,
    Worker,
}

impl Event {
    /// Its place among simultaneous events.
    pub(crate) const fn rank(self) -> Rank {
        match self {
            Self::Action(_) | Self::Neighbor | Self::Host { .. } => Rank::World,
            Self::Program { .. } => Rank::Process,
            Self::Step { .. } | Self::KillDeadline { .. } | Self::PullDone | Self::Mount { .. } => Rank::Runtime,
            Self::Schedule(_) | Self::PodChanged(_) => Rank::Watch,
            Self::Tick => Rank::Relist,
            Self::ProbeTick { .. } | Self::ProbeTimeout { .. } => Rank::Probe,
            Self::Worker(_) => Rank::Worker,
        }
    }
}
