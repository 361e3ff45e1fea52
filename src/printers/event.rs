//! The row of an Event. (printers.go: printEvent; kubectl/pkg/cmd/events; describe.go: DescribeEvents)

use super::elapsed;
use crate::api::Event;
use crate::time::{SimDuration, SimTime, human_age};

/// Whether the reporter writes events.k8s.io: `eventTime` with full precision and no `lastTimestamp`.
/// The scheduler does, the kubelet and the controllers write core events in whole seconds.
fn is_new_style(event: &Event) -> bool {
    event.component == "default-scheduler"
}

fn since(event: &Event, at: SimTime, then: SimTime) -> SimDuration {
    if is_new_style(event) { at.since(then) } else { elapsed(at, then) }
}

/// When the event was last seen, as lists are sorted by it: `describe` knows no such time of the scheduler's events.
pub fn event_moment(event: &Event) -> Option<SimTime> {
    (!is_new_style(event)).then(|| event.last_seen.floor_second())
}

/// LAST SEEN of `kubectl get events`.
pub fn event_age(event: &Event, at: SimTime) -> String {
    human_age(since(event, at, event.last_seen))
}

/// FIRST SEEN of `kubectl get events -o wide`.
pub fn event_first_age(event: &Event, at: SimTime) -> String {
    human_age(since(event, at, event.first_seen))
}

/// LAST SEEN of `kubectl events` and Age of `describe`: `3s (x4 over 40s)`.
pub fn event_interval(event: &Event, at: SimTime) -> String {
    let first = event_first_age(event, at);
    if event.count > 1 { format!("{} (x{} over {first})", event_age(event, at), event.count) } else { first }
}

/// TYPE, REASON, OBJECT and MESSAGE; `object` as the command at hand writes it.
pub fn event_columns(event: &Event, object: String) -> [String; 4] {
    [event.kind.as_str().into(), event.reason.into(), object, event.message.trim().to_owned()]
}
