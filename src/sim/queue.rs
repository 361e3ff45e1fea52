//! The future event list: time, then rank, then insertion. Nothing is removed from it; stale events are dropped when due.

use std::cmp::Ordering;
use std::collections::BinaryHeap;

use super::event::Event;
use crate::time::SimTime;
use crate::trace::Cause;

/// An event with its cause, due at a time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Due {
    pub(crate) at: SimTime,
    pub(crate) event: Event,
    pub(crate) cause: Cause,
}

/// The list.
#[derive(Debug, Default)]
pub(crate) struct Queue {
    heap: BinaryHeap<Entry>,
    seq: u64,
}

/// An entry of the heap, which gives the greatest first: the earlier one is the greater.
#[derive(Debug, PartialEq, Eq)]
struct Entry {
    at: SimTime,
    /// The rank in the highest byte, the number of the insertion below.
    order: u64,
    event: Event,
    cause: Cause,
}

impl Entry {
    #[inline(always)]
    fn is_before(&self, other: &Self) -> bool {
        self.at < other.at || self.at == other.at && self.order < other.order
    }
}

/// The operators are the heap's whole work, and a program made small does not see through `partial_cmp`.
impl PartialOrd for Entry {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }

    #[inline(always)]
    fn le(&self, other: &Self) -> bool {
        !self.is_before(other)
    }

    #[inline(always)]
    fn ge(&self, other: &Self) -> bool {
        !other.is_before(self)
    }
}

impl Ord for Entry {
    fn cmp(&self, other: &Self) -> Ordering {
        (other.at, other.order).cmp(&(self.at, self.order))
    }
}

impl Queue {
    /// Adds an event.
    pub(crate) fn push(&mut self, due: Due) {
        self.seq += 1;
        let order = (due.event.rank() as u64) << 56 | self.seq;
        self.heap.push(Entry { at: due.at, order, event: due.event, cause: due.cause });
    }

    /// Takes the next one.
    pub(crate) fn pop(&mut self) -> Option<Due> {
        self.heap.pop().map(|e| Due { at: e.at, event: e.event, cause: e.cause })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::trace::ObjectId;

    #[test]
    fn simultaneous_events_come_by_rank_then_by_insertion() {
        let mut queue = Queue::default();
        let at = SimTime::from_ms(1000);
        let events =
            [Event::Worker(ObjectId(1)), Event::Tick, Event::Schedule(ObjectId(2)), Event::Schedule(ObjectId(1)), Event::Action(0)];
        for event in events {
            queue.push(Due { at, event, cause: Cause::Manifest });
        }
        queue.push(Due { at: SimTime::from_ms(999), event: Event::Tick, cause: Cause::Manifest });
        let order: Vec<_> = std::iter::from_fn(|| queue.pop()).map(|d| d.event).collect();
        let expected = [
            Event::Tick,
            Event::Action(0),
            Event::Schedule(ObjectId(2)),
            Event::Schedule(ObjectId(1)),
            Event::Tick,
            Event::Worker(ObjectId(1)),
        ];
        assert_eq!(order, expected);
    }
}
