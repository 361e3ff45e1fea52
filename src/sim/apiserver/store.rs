//! Objects by key, and writing them: every write is recorded and delivered to those who watch.

use crate::order::SortedMap;
use std::sync::Arc;

use crate::api::{Condition, ConditionType, Kind, Object, ObjectKey, Pod};
use crate::sim::cluster::Cluster;
use crate::sim::controllers::endpointslice;
use crate::sim::ctx::Ctx;
use crate::sim::event::Event;
use crate::sim::scheduler;
use crate::time::{SimDuration, rfc3339};
use crate::trace::{Change, ObjectId, Rule, Subject};

static CREATED: Rule = Rule {
    id: "apiserver/create",
    says: "The API server stores the object with its defaults filled in. A new pod is Pending and belongs to no node yet.",
    source: "pkg/registry/core/pod/strategy.go: PrepareForCreate",
};
pub(super) static STORED: Rule = Rule {
    id: "apiserver/update",
    says: "The API server stores the new version and tells everyone who watches.",
    source: "apiserver/pkg/registry/generic/registry/store.go: Update",
};
static REMOVED: Rule = Rule {
    id: "apiserver/remove",
    says: "An object leaves the API when its grace period is zero and no finalizer holds it.",
    source: "apiserver/pkg/registry/generic/registry/store.go: Delete",
};

pub(crate) fn rules() -> Vec<&'static Rule> {
    vec![&CREATED, &STORED, &REMOVED]
}

/// The scheduler looks at a new pod after this time.
const TO_SCHEDULER: SimDuration = SimDuration::from_ms(20);

/// What the API server holds.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct Store {
    ids: SortedMap<ObjectKey, ObjectId>,
    objects: SortedMap<ObjectId, Object>,
    /// How often each was written.
    revisions: SortedMap<ObjectId, u32>,
    /// How often any ConfigMap or Secret was written.
    pub(crate) config_revision: u32,
}

impl Store {
    /// The current object of a key.
    pub(crate) fn find(&self, key: &ObjectKey) -> Option<(ObjectId, &Object)> {
        let id = *self.ids.get(key)?;
        self.objects.get(&id).map(|o| (id, o))
    }

    /// The first object of a kind in a namespace whose name fits; a trailing `*` fits every ending.
    pub(crate) fn find_like(&self, kind: Kind, namespace: &str, name: &str) -> Option<ObjectId> {
        let fits = |key: &ObjectKey| {
            key.kind == kind
                && key.namespace == namespace
                && name.strip_suffix('*').map_or(key.name == name, |stem| key.name.starts_with(stem))
        };
        self.ids.iter().find(|(key, _)| fits(key)).map(|(_, id)| *id)
    }

    /// An object by id, while it exists.
    pub(crate) fn get(&self, id: ObjectId) -> Option<&Object> {
        self.objects.get(&id)
    }

    /// How often an object was written: what its resourceVersion tells.
    pub(crate) fn revision(&self, id: ObjectId) -> u32 {
        self.revisions.get(&id).copied().unwrap_or_default()
    }

    /// A pod by id, while it exists.
    pub(crate) fn pod(&self, id: ObjectId) -> Option<&Arc<Pod>> {
        self.objects.get(&id).and_then(Object::pod)
    }

    /// Every object, oldest first.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (ObjectId, &Object)> {
        self.objects.iter().map(|(id, o)| (*id, o))
    }

    /// An object of a kind by name.
    pub(crate) fn named(&self, kind: Kind, namespace: &str, name: &str) -> Option<&Object> {
        self.find(&ObjectKey { kind, namespace: namespace.into(), name: name.into() }).map(|(_, o)| o)
    }
}

/// Stores a new object, already admitted.
pub(crate) fn create(cluster: &mut Cluster, ctx: &mut Ctx, object: Object) -> ObjectId {
    let id = ctx.trace.add_object(object.key());
    let object = stamp(object, ctx, id);
    cluster.store.ids.insert(object.key(), id);
    cluster.store.objects.insert(id, object.clone());
    let cause = ctx.cause;
    ctx.because(Subject::Object(id), Change::Created(object.clone()), &CREATED);
    match &object {
        Object::Pod(pod) if pod.spec.node_name.is_empty() => ctx.after(TO_SCHEDULER, Event::Schedule(id)),
        Object::Pod(_) => ctx.after(TO_SCHEDULER, Event::PodChanged(id)),
        Object::Service(_) => endpointslice::reconcile_service(cluster, ctx, id),
        Object::Other(other) if other.kind == Kind::PersistentVolumeClaim => scheduler::on_claim(cluster, ctx),
        Object::ConfigMap(_) | Object::Secret(_) => cluster.store.config_revision += 1,
        Object::Other(_) => {}
    }
    ctx.cause = cause;
    id
}

/// The fields that the API server fills in on creation.
fn stamp(object: Object, ctx: &Ctx, id: ObjectId) -> Object {
    let mut random = ctx.draw("uid", u64::from(id.0));
    let (a, b) = (random.draw(), random.draw());
    let uid = format!("{:08x}-{:04x}-4{:03x}-a{:03x}-{:012x}", a >> 32, a >> 16 & 0xffff, a & 0xfff, b >> 52, b & 0xffff_ffff_ffff);
    let meta = |old: &crate::api::ObjectMeta, generation: i64| {
        let mut m = old.clone();
        m.uid.clone_from(&uid);
        m.creation_timestamp = Some(rfc3339(ctx.now));
        m.generation = generation;
        Arc::new(m)
    };
    match object {
        Object::Pod(pod) => {
            let mut pod = Arc::unwrap_or_clone(pod);
            pod.metadata = meta(&pod.metadata, 1);
            gate(&mut pod, ctx);
            Object::Pod(Arc::new(pod))
        }
        Object::Service(o) => {
            let mut o = Arc::unwrap_or_clone(o);
            o.metadata = meta(&o.metadata, 0);
            Object::Service(Arc::new(o))
        }
        Object::ConfigMap(o) => {
            let mut o = Arc::unwrap_or_clone(o);
            o.metadata = meta(&o.metadata, 0);
            Object::ConfigMap(Arc::new(o))
        }
        Object::Secret(o) => {
            let mut o = Arc::unwrap_or_clone(o);
            o.metadata = meta(&o.metadata, 0);
            Object::Secret(Arc::new(o))
        }
        Object::Other(o) => {
            let mut o = Arc::unwrap_or_clone(o);
            o.metadata = meta(&o.metadata, 1);
            Object::Other(Arc::new(o))
        }
    }
}

/// A pod with scheduling gates says so from the start. (pod strategy: applySchedulingGatedCondition)
fn gate(pod: &mut Pod, ctx: &Ctx) {
    if !pod.spec.scheduling_gates.is_empty() {
        pod.status.conditions.push(Condition {
            kind: ConditionType::PodScheduled,
            status: false,
            reason: "SchedulingGated".into(),
            message: "Scheduling is blocked due to non-empty scheduling gates".into(),
            last_transition_time: ctx.now,
            observed_generation: None,
        });
    }
}

/// Stores a new version of an existing object, because a rule asks for it, and delivers it.
pub(crate) fn write(cluster: &mut Cluster, ctx: &mut Ctx, id: ObjectId, object: Object, rule: &'static Rule) {
    if cluster.store.objects.get(&id).is_none_or(|old| same(old, &object)) {
        return;
    }
    let over = |o: &Object| o.pod().is_some_and(|p| p.status.phase.is_terminal());
    let old = cluster.store.objects.insert(id, object.clone());
    let ended = over(&object) && old.is_some_and(|old| !over(&old));
    *cluster.store.revisions.entry(id).or_default() += 1;
    let cause = ctx.cause;
    let (is_pod, is_service) = (object.pod().is_some(), object.kind() == Kind::Service);
    cluster.store.config_revision += u32::from(matches!(object, Object::ConfigMap(_) | Object::Secret(_)));
    ctx.because(Subject::Object(id), Change::Updated(object), rule);
    if is_pod {
        endpointslice::reconcile_pod(cluster, ctx, id);
    } else if is_service {
        endpointslice::reconcile_service(cluster, ctx, id);
    }
    if ended {
        scheduler::on_room(cluster, ctx);
    }
    ctx.cause = cause;
}

/// Whether two versions are equal; what they share needs no look.
fn same(old: &Object, new: &Object) -> bool {
    match (old, new) {
        (Object::Pod(a), Object::Pod(b)) => {
            a.status == b.status
                && (Arc::ptr_eq(&a.spec, &b.spec) || a.spec == b.spec)
                && (Arc::ptr_eq(&a.metadata, &b.metadata) || a.metadata == b.metadata)
        }
        (Object::Pod(_) | Object::Service(_) | Object::ConfigMap(_) | Object::Secret(_) | Object::Other(_), _) => old == new,
    }
}

/// Stores a changed pod.
pub(crate) fn update_pod(cluster: &mut Cluster, ctx: &mut Ctx, id: ObjectId, rule: &'static Rule, change: impl FnOnce(&mut Pod)) {
    if let Some(pod) = cluster.store.pod(id) {
        let mut pod = (**pod).clone();
        change(&mut pod);
        write(cluster, ctx, id, Object::Pod(Arc::new(pod)), rule);
    }
}

/// Takes an object out of the API.
pub(crate) fn remove(cluster: &mut Cluster, ctx: &mut Ctx, id: ObjectId) {
    let Some(object) = cluster.store.objects.remove(&id) else { return };
    cluster.store.ids.remove(&object.key());
    let cause = ctx.cause;
    ctx.because(Subject::Object(id), Change::Deleted, &REMOVED);
    match &object {
        Object::Pod(pod) => {
            endpointslice::reconcile_removed(cluster, ctx, pod);
            ctx.at(ctx.now, Event::PodChanged(id));
            if !pod.status.phase.is_terminal() {
                scheduler::on_room(cluster, ctx);
            }
        }
        Object::Service(service) => endpointslice::forget(cluster, service),
        Object::ConfigMap(_) | Object::Secret(_) => cluster.store.config_revision += 1,
        Object::Other(_) => {}
    }
    ctx.cause = cause;
}
