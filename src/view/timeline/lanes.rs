//! Lanes: what a trace shows, as slices and marks in time.

use super::builder::Builder;
use crate::scenario::Scenario;
use crate::time::SimTime;
use crate::trace::{RecordId, Run};

/// How a slice looks: the states of the design, from worst to best where several share a pixel.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Look {
    /// Terminated with an error.
    Err,
    /// Held back.
    Back,
    /// Being stopped.
    Term,
    /// Waiting.
    Wait,
    /// Running, not ready.
    Live,
    /// Pulling an image.
    Pull,
    /// An init container runs.
    Init,
    /// Running and ready.
    Ready,
    /// Terminated with 0.
    Ok,
    /// Not known.
    Unk,
}

impl Look {
    /// The suffix of its style class.
    pub const fn class(self) -> &'static str {
        match self {
            Self::Err => "err",
            Self::Back => "back",
            Self::Term => "term",
            Self::Wait => "wait",
            Self::Live => "live",
            Self::Pull => "pull",
            Self::Init => "init",
            Self::Ready => "ready",
            Self::Ok => "ok",
            Self::Unk => "unk",
        }
    }
}

/// An interval of a lane.
#[derive(Debug, Clone, PartialEq)]
pub struct Slice {
    /// When it begins.
    pub from: SimTime,
    /// When it ends.
    pub to: SimTime,
    /// How it looks.
    pub look: Look,
    /// What it says, from long to short.
    pub labels: Vec<String>,
    /// How full it is, in thousandths: the READY wave.
    pub fill: u16,
    /// The record that began it.
    pub record: RecordId,
}

/// What a mark stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MarkKind {
    /// A process ended; the text is its code.
    Exit {
        /// Whether the code was 0.
        ok: bool,
    },
    /// A signal was sent; the text is its name.
    Signal,
    /// Something in the surroundings.
    Flag,
}

/// An instant of a lane.
#[derive(Debug, Clone, PartialEq)]
pub struct Mark {
    /// When.
    pub at: SimTime,
    /// What.
    pub kind: MarkKind,
    /// In words.
    pub text: String,
    /// The record behind it.
    pub record: RecordId,
}

/// One run of a probe.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tick {
    /// When.
    pub at: SimTime,
    /// Passed, failed, or not yet due.
    pub passed: Option<bool>,
    /// The record behind it.
    pub record: RecordId,
}

/// What a lane shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum LaneKind {
    /// Actions and hosts.
    World,
    /// STATUS as kubectl prints it.
    Status,
    /// The phase.
    Phase,
    /// READY as a wave.
    Ready,
    /// A container.
    Container,
    /// A probe of the container above.
    Probe,
    /// A hook of the container above.
    Hook,
    /// A Service.
    Service,
}

/// A row of the timeline.
#[derive(Debug, Clone, PartialEq)]
pub struct Lane {
    /// What names it, the same after an edit.
    pub key: String,
    /// Its name.
    pub title: String,
    /// What it is: `sidecar`, `init 1`, `5 s`.
    pub note: String,
    /// What it shows.
    pub kind: LaneKind,
    /// Its intervals, in order.
    pub slices: Vec<Slice>,
    /// Its instants, in order.
    pub marks: Vec<Mark>,
    /// Probe runs.
    pub ticks: Vec<Tick>,
}

/// The lanes of a run, from top to bottom.
pub fn lanes(run: &Run, scenario: &Scenario) -> Vec<Lane> {
    let mut builder = Builder::new(&run.trace, scenario, run.end);
    for record in run.trace.records() {
        builder.take(record);
    }
    builder.finish()
}
