//! The only hand on the outside of a handler: the time, the trace, the future and the current cause.

use super::Update;
use super::event::Event;
use super::queue::{Due, Queue};
use crate::rng::Stream;
use crate::text::FieldPath;
use crate::time::{SimDuration, SimTime};
use crate::trace::{Cause, Change, NewRecord, RecordId, Rule, Subject, Trace};

/// What a simulation may use up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Budget {
    /// Events handled.
    pub events: u64,
    /// Records written.
    pub records: usize,
}

impl Default for Budget {
    fn default() -> Self {
        Self { events: 2_000_000, records: 400_000 }
    }
}

/// What every handler gets.
#[derive(Debug)]
pub(crate) struct Ctx {
    /// The current instant.
    pub(crate) now: SimTime,
    /// Why the current event happens; what is recorded or scheduled now has this as its parent.
    pub(crate) cause: Cause,
    pub(crate) trace: Trace,
    pub(crate) queue: Queue,
    pub(crate) horizon: SimTime,
    pub(crate) seed: u64,
    /// How stored objects are changed.
    pub(crate) update: Update,
}

impl Ctx {
    /// Records a change under the current cause.
    pub(crate) fn record(&mut self, subject: Subject, change: Change, rule: &'static Rule) -> RecordId {
        self.record_field(subject, change, rule, None)
    }

    /// Records a change that a field of the manifest decided.
    pub(crate) fn record_field(&mut self, subject: Subject, change: Change, rule: &'static Rule, field: Option<FieldPath>) -> RecordId {
        self.trace.push(NewRecord { at: self.now, subject, change, cause: self.cause, rule, field })
    }

    /// Records a change, and makes it the cause of what follows in this handler.
    pub(crate) fn because(&mut self, subject: Subject, change: Change, rule: &'static Rule) -> RecordId {
        let id = self.record(subject, change, rule);
        self.cause = Cause::Record(id);
        id
    }

    /// Has `event` happen after `delay`, because of the current cause.
    pub(crate) fn after(&mut self, delay: SimDuration, event: Event) {
        self.at(self.now + delay, event);
    }

    /// Has `event` happen at `at`, because of the current cause. What lies beyond the horizon never happens.
    pub(crate) fn at(&mut self, at: SimTime, event: Event) {
        if at <= self.horizon {
            self.queue.push(Due { at: at.max(self.now), event, cause: self.cause });
        }
    }

    /// The random stream for a purpose and subject.
    pub(crate) fn draw(&self, purpose: &str, subject: u64) -> Stream {
        Stream::new(self.seed, purpose, subject)
    }
}
