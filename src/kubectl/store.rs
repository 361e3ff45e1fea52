//! Which objects there are at a moment.

use crate::order::SortedMap;
use std::sync::Arc;

use crate::api::{Kind, Object, Pod};
use crate::time::SimTime;
use crate::trace::{Change, ObjectId, Subject, Trace};

/// The objects of a kind and namespace at `at`, by name.
pub fn list<'t>(trace: &'t Trace, at: SimTime, kind: Kind, namespace: &str) -> Vec<(ObjectId, &'t Object)> {
    let mut objects = list_all(trace, at, kind);
    objects.retain(|(_, o)| o.metadata().namespace == namespace);
    objects
}

/// The objects of a kind at `at`, by name, of all namespaces.
pub(super) fn list_all(trace: &Trace, at: SimTime, kind: Kind) -> Vec<(ObjectId, &Object)> {
    let mut found: SortedMap<ObjectId, &Object> = SortedMap::new();
    for record in trace.until(at) {
        let Subject::Object(id) = record.subject else { continue };
        if let Change::Created(object) | Change::Updated(object) = &record.change {
            if object.kind() == kind {
                found.insert(id, object);
            }
        } else if matches!(record.change, Change::Deleted) {
            found.remove(&id);
        }
    }
    let mut objects: Vec<_> = found.into_iter().collect();
    crate::order::sort_by(&mut objects, |(_, a), (_, b)| a.metadata().name.cmp(&b.metadata().name));
    objects
}

/// One object by name.
pub fn find<'t>(trace: &'t Trace, at: SimTime, kind: Kind, namespace: &str, name: &str) -> Option<(ObjectId, &'t Object)> {
    list(trace, at, kind, namespace).into_iter().find(|(_, o)| o.metadata().name == name)
}

/// The pods of a namespace at `at`, by name.
pub fn pods_at<'t>(trace: &'t Trace, at: SimTime, namespace: &str) -> impl Iterator<Item = (ObjectId, &'t Arc<Pod>)> {
    list(trace, at, Kind::Pod, namespace).into_iter().filter_map(|(id, o)| o.pod().map(|p| (id, p)))
}

/// A change of a pod as a watcher sees it.
#[derive(Debug, Clone, Copy)]
pub struct PodWrite<'t> {
    /// When.
    pub at: SimTime,
    /// Which incarnation.
    pub id: ObjectId,
    /// The pod as it is now, or as it was last.
    pub pod: &'t Arc<Pod>,
    /// Whether it is gone.
    pub deleted: bool,
}

/// What a watcher of pods sees until `at`.
pub fn pod_writes(trace: &Trace, at: SimTime) -> Vec<PodWrite<'_>> {
    let mut last: SortedMap<ObjectId, &Arc<Pod>> = SortedMap::new();
    let mut writes = Vec::new();
    for record in trace.until(at) {
        let Subject::Object(id) = record.subject else { continue };
        if let Change::Created(Object::Pod(pod)) | Change::Updated(Object::Pod(pod)) = &record.change {
            last.insert(id, pod);
            writes.push(PodWrite { at: record.at, id, pod, deleted: false });
        } else if matches!(record.change, Change::Deleted)
            && let Some(pod) = last.remove(&id)
        {
            writes.push(PodWrite { at: record.at, id, pod, deleted: true });
        }
    }
    writes
}
