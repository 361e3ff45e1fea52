//! The future event list: time, then rank, then insertion. Nothing is removed from it; stale events are dropped when due.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use super::event::{Event, Rank};
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
    heap: BinaryHeap<Reverse<Key>>,
    seq: u64,
}

#[derive(Debug, PartialEq, Eq)]
struct Key {
    order: (SimTime, Rank, u64),
    event: Event,
    cause: Cause,
}

impl PartialOrd for Key {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Key {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.order.cmp(&other.order)
    }
}

impl Queue {
    /// Adds an event.
    pub(crate) fn push(&mut self, due: Due) {
        self.seq += 1;
        let order = (due.at, due.event.rank(), self.seq);
        self.heap.push(Reverse(Key { order, event: due.event, cause: due.cause }));
    }

    /// Takes the next one.
    pub(crate) fn pop(&mut self) -> Option<Due> {
        self.heap.pop().map(|Reverse(k)| Due { at: k.order.0, event: k.event, cause: k.cause })
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
