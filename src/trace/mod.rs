//! What a simulation leaves behind: an append-only list of records, each with its cause, its rule and its field.
//!
//! Everything that is shown is computed from it; nothing here computes a status.

mod hash;
mod log;
mod record;
mod rule;

pub use hash::hash;
pub use log::{NewRecord, Run, Trace};
pub use record::{
    BackOffKind, Cause, Change, ContainerGroup, ContainerId, ContainerRef, Exit, FileChange, HookKind, ObjectId, ProbeKind, ProbeOutcome,
    ProgramPoint, Pull, Record, RecordId, Stream, Subject,
};
pub use rule::Rule;
