//! The scheduler's events. Unlike the kubelet's, a repeat about an unchanged object is a series on the first one, and only
//! the series' beginning is written. (client-go/tools/events/event_broadcaster.go: recordToSink)

use crate::order::SortedMap;
use std::sync::Arc;

use crate::api::{self, EventType};
use crate::sim::ctx::Ctx;
use crate::sim::kubelet::Message;
use crate::text::FieldPath;
use crate::trace::{Change, ObjectId, Subject};

/// What makes two events a series: the object with its revision, the type and the reason.
type Key = (ObjectId, u32, EventType, &'static str);

/// The events written so far.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct Series {
    written: SortedMap<Key, Arc<api::Event>>,
}

impl Series {
    /// Writes an event about a revision of an object.
    pub(super) fn emit(&mut self, ctx: &mut Ctx, (object, revision): (ObjectId, u32), field: FieldPath, message: Message) {
        let Message { kind, reason, text, rule } = message;
        let key = (object, revision, kind, reason);
        let old = self.written.get(&key);
        if old.is_some_and(|e| e.count > 1) {
            return;
        }
        let Some(about) = ctx.trace.key(object) else { return };
        let event = Arc::new(api::Event {
            object: about.clone(),
            field_path: FieldPath::root(),
            kind,
            reason,
            message: old.map_or_else(|| text.into(), |e| e.message.clone()),
            component: "default-scheduler",
            count: old.map_or(1, |e| e.count + 1),
            first_seen: old.map_or(ctx.now, |e| e.first_seen),
            last_seen: ctx.now,
        });
        self.written.insert(key, Arc::clone(&event));
        ctx.record_field(Subject::Object(object), Change::Event(event), rule, (!field.is_root()).then_some(field));
    }
}
