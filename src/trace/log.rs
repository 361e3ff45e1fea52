//! The list of records, and reading it: the object at a moment, its revisions, a container's log.

use std::sync::Arc;

use super::{Cause, Change, ContainerId, ContainerRef, ObjectId, Record, RecordId, Rule, Subject};
use crate::api::{EndpointSlice, Event, Object, ObjectKey, Pod};
use crate::text::FieldPath;
use crate::time::SimTime;

/// Everything that happened, in order.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Trace {
    records: Vec<Record>,
    objects: Vec<Arc<ObjectKey>>,
}

/// One simulation and what it left.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Run {
    /// What happened.
    pub trace: Trace,
    /// Until when it was played.
    pub end: SimTime,
}

impl Trace {
    /// Registers an incarnation of an object.
    pub fn add_object(&mut self, key: ObjectKey) -> ObjectId {
        let id = ObjectId(u32::try_from(self.objects.len()).unwrap_or(u32::MAX));
        self.objects.push(key.into());
        id
    }

    /// Appends a record; time never runs back.
    pub fn push(&mut self, record: NewRecord) -> RecordId {
        let id = RecordId(u32::try_from(self.records.len()).unwrap_or(u32::MAX));
        let NewRecord { at, subject, change, cause, rule, field } = record;
        self.records.push(Record { id, at, subject, change, cause, rule, field });
        id
    }

    /// The run that left this trace, played until `end`. Gives back the memory that was kept for more records.
    pub fn finish(mut self, end: SimTime) -> Run {
        self.records.shrink_to_fit();
        Run { trace: self, end }
    }

    /// All records, in order of time.
    pub fn records(&self) -> &[Record] {
        &self.records
    }

    /// One record.
    pub fn get(&self, id: RecordId) -> Option<&Record> {
        self.records.get(id.0 as usize)
    }

    /// The records until `at`, those at `at` included.
    pub fn until(&self, at: SimTime) -> &[Record] {
        let n = self.records.partition_point(|r| r.at <= at);
        self.records.get(..n).unwrap_or_default()
    }

    /// The key of an object.
    pub fn key(&self, id: ObjectId) -> Option<&Arc<ObjectKey>> {
        self.objects.get(id.0 as usize)
    }

    /// Every object that ever was, in order of creation.
    pub fn objects(&self) -> impl Iterator<Item = (ObjectId, &Arc<ObjectKey>)> {
        (0_u32..).map(ObjectId).zip(&self.objects)
    }

    /// The revisions of an object; nothing stands for its end.
    pub fn revisions(&self, id: ObjectId) -> impl DoubleEndedIterator<Item = (&Record, Option<&Object>)> {
        self.records.iter().filter(move |r| r.subject == Subject::Object(id)).filter_map(|r| {
            if let Change::Created(o) | Change::Updated(o) = &r.change {
                Some((r, Some(o)))
            } else {
                matches!(r.change, Change::Deleted).then_some((r, None))
            }
        })
    }

    /// The object as the API had it at `at`; nothing before it was created and after it was deleted.
    pub fn object_at(&self, id: ObjectId, at: SimTime) -> Option<&Object> {
        self.revisions(id).take_while(|(r, _)| r.at <= at).last().and_then(|(_, o)| o)
    }

    /// The same for a pod.
    pub fn pod_at(&self, id: ObjectId, at: SimTime) -> Option<&Arc<Pod>> {
        self.object_at(id, at).and_then(Object::pod)
    }

    /// Every writing of an event until `at`, repeats included.
    pub fn events(&self) -> impl Iterator<Item = (&Record, &Arc<Event>)> {
        self.records.iter().filter_map(|r| if let Change::Event(e) = &r.change { Some((r, e)) } else { None })
    }

    /// Every change of endpoints.
    pub fn endpoints(&self) -> impl Iterator<Item = (&Record, &Arc<EndpointSlice>)> {
        self.records.iter().filter_map(|r| if let Change::Endpoints(e) = &r.change { Some((r, e)) } else { None })
    }

    /// The runs of a container, oldest first, with the record that created each.
    pub fn runs_of(&self, container: ContainerRef) -> impl Iterator<Item = (&Record, ContainerId)> {
        self.records
            .iter()
            .filter(move |r| r.subject == Subject::Container(container))
            .filter_map(|r| if let Change::ContainerCreated(id) = r.change { Some((r, id)) } else { None })
    }

    /// What a run of a container wrote until `at`, standard output and error together.
    pub fn output_of(&self, id: ContainerId, at: SimTime) -> String {
        self.until(at)
            .iter()
            .filter_map(|r| if let Change::Output { id: of, text, .. } = &r.change { (*of == id).then_some(&**text) } else { None })
            .collect()
    }
}

/// A record that has no place yet.
#[derive(Debug, Clone, PartialEq)]
pub struct NewRecord {
    /// When.
    pub at: SimTime,
    /// About whom.
    pub subject: Subject,
    /// What.
    pub change: Change,
    /// Because of what.
    pub cause: Cause,
    /// By which rule.
    pub rule: &'static Rule,
    /// The field of the manifest that decided it.
    pub field: Option<FieldPath>,
}
