//! Events, and the client that counts repeats and drops what is too much. (client-go/tools/record/events_cache.go)

use crate::order::SortedMap;
use std::sync::Arc;

use crate::api::{self, EventType};
use crate::sim::ctx::Ctx;
use crate::text::{FieldPath, Shared};
use crate::time::{SimDuration, SimTime};
use crate::trace::{Change, ObjectId, RecordId, Rule, Subject};

/// An event about to be written.
#[derive(Debug, Clone)]
pub(crate) struct Message {
    pub(crate) kind: EventType,
    pub(crate) reason: &'static str,
    pub(crate) text: String,
    pub(crate) rule: &'static Rule,
}

impl Message {
    /// A Normal event.
    pub(crate) fn normal(reason: &'static str, text: impl Into<String>, rule: &'static Rule) -> Self {
        Self { kind: EventType::Normal, reason, text: text.into(), rule }
    }

    /// A Warning event.
    pub(crate) fn warning(reason: &'static str, text: impl Into<String>, rule: &'static Rule) -> Self {
        Self { kind: EventType::Warning, reason, text: text.into(), rule }
    }
}

/// Counts equal events of one component.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct EventCorrelator {
    written: SortedMap<(ObjectId, FieldPath, EventType, &'static str, Shared), Arc<api::Event>>,
    similar: SortedMap<(ObjectId, EventType, &'static str), Similar>,
    buckets: SortedMap<(ObjectId, EventType), Bucket>,
}

#[derive(Debug, Clone, PartialEq, Default)]
struct Similar {
    messages: u32,
    last: SimTime,
}

#[derive(Debug, Clone, PartialEq)]
struct Bucket {
    /// In thousandths of an event.
    tokens: u64,
    last: SimTime,
}

const BURST: u64 = 25_000;
const REFILL_PER_EVENT: SimDuration = SimDuration::from_secs(300);
const AGGREGATE_FROM: u32 = 10;
const AGGREGATE_WITHIN: SimDuration = SimDuration::from_secs(600);

impl EventCorrelator {
    /// Writes an event about an object (or a field of it), unless the client drops it.
    pub(crate) fn emit(
        &mut self,
        ctx: &mut Ctx,
        object: ObjectId,
        (component, field): (&'static str, FieldPath),
        message: Message,
    ) -> Option<RecordId> {
        let Message { kind, reason, text, rule } = message;
        let text = self.aggregate(ctx.now, (object, kind, reason), &field, text.into());
        if !self.take_token(ctx.now, (object, kind)) {
            return None;
        }
        let key = (object, field.clone(), kind, reason, text.clone());
        let old = self.written.get(&key);
        let event = Arc::new(api::Event {
            object: Arc::clone(ctx.trace.key(object)?),
            field_path: if field.as_str().contains('{') { field.clone() } else { FieldPath::root() },
            kind,
            reason,
            message: text,
            component,
            count: old.map_or(1, |e| e.count + 1),
            first_seen: old.map_or(ctx.now, |e| e.first_seen),
            last_seen: ctx.now,
        });
        self.written.insert(key, Arc::clone(&event));
        let field = (!field.is_root()).then_some(field);
        Some(ctx.record_field(Subject::Object(object), Change::Event(event), rule, field))
    }

    /// From the tenth different message of one kind on they are written as one. (EventAggregator)
    fn aggregate(&mut self, now: SimTime, key: (ObjectId, EventType, &'static str), field: &FieldPath, text: Shared) -> Shared {
        let (object, kind, reason) = key;
        let known = self.written.contains_key(&(object, field.clone(), kind, reason, text.clone()));
        let similar = self.similar.entry(key).or_default();
        if now.since(similar.last) > AGGREGATE_WITHIN {
            similar.messages = 0;
        }
        similar.last = now;
        if !known {
            similar.messages += 1;
        }
        if similar.messages >= AGGREGATE_FROM { format!("(combined from similar events): {text}").into() } else { text }
    }

    /// 25 at once, then one every five minutes. (EventSourceObjectSpamFilter)
    fn take_token(&mut self, now: SimTime, key: (ObjectId, EventType)) -> bool {
        let bucket = self.buckets.entry(key).or_insert(Bucket { tokens: BURST, last: now });
        let refill = now.since(bucket.last).ms() * 1000 / REFILL_PER_EVENT.ms();
        if refill > 0 {
            bucket.tokens = (bucket.tokens + refill).min(BURST);
            bucket.last = now;
        }
        let enough = bucket.tokens >= 1000;
        if enough {
            bucket.tokens -= 1000;
        }
        enough
    }
}
