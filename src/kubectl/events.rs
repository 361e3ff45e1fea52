//! `kubectl get events`, `kubectl events`, and the events that `describe` lists.

use crate::order::SortedMap;
use std::sync::Arc;

use crate::api::{Event, EventType, Kind, ObjectKey};
use crate::printers::{event_columns, event_interval, event_moment, table};
use crate::time::{SimDuration, SimTime};
use crate::trace::{ObjectId, Record, Subject, Trace};

/// The API server forgets an event this long after its last write. (kube-apiserver: --event-ttl)
const TTL: SimDuration = SimDuration::from_secs(3600);

/// The texts of similar events that were joined into one change with each write. (events_cache.go: EventAggregator)
const COMBINED: &str = "(combined from similar events): ";

/// What makes two writes the same event object.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Identity<'t> {
    object: &'t ObjectKey,
    field_path: &'t str,
    kind: EventType,
    reason: &'t str,
    message: &'t str,
    component: &'t str,
    first_seen: SimTime,
}

/// The event objects at `at`, each as it was last written with the record that wrote it, in the API's order: by the
/// name of the object and then by when they were made.
pub fn events_at(trace: &Trace, at: SimTime) -> Vec<(&Record, &Arc<Event>)> {
    let mut latest: SortedMap<Identity<'_>, (usize, &Record, &Arc<Event>)> = SortedMap::new();
    for (place, (record, event)) in trace.events().take_while(|(r, _)| r.at <= at).enumerate() {
        let first = latest.get(&identity(event)).map_or(place, |(first, ..)| *first);
        latest.insert(identity(event), (first, record, event));
    }
    let mut events: Vec<_> = latest.into_values().filter(|(_, _, e)| at.since(e.last_seen) <= TTL).collect();
    crate::order::sort_by_key(&mut events, |(first, _, e)| (format!("{}.{:016x}", e.object.name, e.first_seen.ms()), *first));
    events.into_iter().map(|(_, r, e)| (r, e)).collect()
}

fn identity(event: &Event) -> Identity<'_> {
    let message = if event.message.starts_with(COMBINED) { COMBINED } else { &event.message };
    Identity {
        object: &event.object,
        field_path: event.field_path.as_str(),
        kind: event.kind,
        reason: event.reason,
        message,
        component: event.component,
        first_seen: event.first_seen,
    }
}

/// The event objects about one incarnation of an object, as `describe` sorts them: by when they were last seen, the
/// scheduler's first.
pub fn events_of(trace: &Trace, at: SimTime, id: ObjectId) -> Vec<&Arc<Event>> {
    let mut events: Vec<_> = events_at(trace, at).into_iter().filter(|(r, _)| is_about(r.subject, id)).map(|(_, e)| e).collect();
    crate::order::sort_by_key(&mut events, |e| event_moment(e));
    events
}

fn is_about(subject: Subject, id: ObjectId) -> bool {
    match subject {
        Subject::Object(of) => of == id,
        Subject::Container(of) | Subject::Probe(of, _) => of.pod == id,
        Subject::World => false,
    }
}

const HEADINGS: [&str; 5] = ["LAST SEEN", "TYPE", "REASON", "OBJECT", "MESSAGE"];

/// `kubectl events`: sorted by time, with counts.
pub fn events(trace: &Trace, at: SimTime, namespace: &str) -> String {
    events_like(trace, at, namespace, (None, None))
}

/// `kubectl events --for pod/web --types=Warning`.
pub(super) fn events_like(trace: &Trace, at: SimTime, namespace: &str, (of, types): (Option<(Kind, &str)>, Option<&str>)) -> String {
    let fits = |e: &Event| {
        e.object.namespace == namespace
            && of.is_none_or(|(kind, name)| e.object.kind == kind && e.object.name == name)
            && types.is_none_or(|t| t.split(',').any(|t| t.eq_ignore_ascii_case(e.kind.as_str())))
    };
    let mut events: Vec<_> = events_at(trace, at).into_iter().map(|(_, e)| e).filter(|e| fits(e)).collect();
    // The scheduler writes its events with fractions of seconds; whether one of them sorts before a kubelet event of the
    // same second is chance on a real cluster, and here it is the order in which they came.
    crate::order::sort_by_key(&mut events, |e| event_moment(e).unwrap_or(e.last_seen.floor_second()));
    let rows: Vec<Vec<String>> = events
        .into_iter()
        .map(|e| {
            let object = format!("{}/{}", e.object.kind.as_str(), e.object.name);
            std::iter::once(event_interval(e, at)).chain(event_columns(e, object)).collect()
        })
        .collect();
    if rows.is_empty() { format!("No events found in {namespace} namespace.\n") } else { table(&HEADINGS, &rows) }
}
