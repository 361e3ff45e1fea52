//! Any object, by kind.

use crate::order::SortedMap;
use std::sync::Arc;

use serde_json::{Map, Value};

use super::wire::{Wire, from_value, wire};
use super::{ObjectKey, ObjectMeta, Opaque, Pod, Service};

/// The kinds that are known; those that are not simulated yet are kept as [`Other`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[expect(missing_docs, reason = "documented by the Kubernetes API")]
pub enum Kind {
    Pod,
    Service,
    ConfigMap,
    Secret,
    Deployment,
    ReplicaSet,
    StatefulSet,
    DaemonSet,
    Job,
    CronJob,
    PersistentVolumeClaim,
    PodDisruptionBudget,
    HorizontalPodAutoscaler,
    PriorityClass,
    LimitRange,
    ResourceQuota,
    Namespace,
    ServiceAccount,
    Node,
}

impl Kind {
    /// Every kind.
    pub const ALL: [Self; 19] = [
        Self::Pod,
        Self::Service,
        Self::ConfigMap,
        Self::Secret,
        Self::Deployment,
        Self::ReplicaSet,
        Self::StatefulSet,
        Self::DaemonSet,
        Self::Job,
        Self::CronJob,
        Self::PersistentVolumeClaim,
        Self::PodDisruptionBudget,
        Self::HorizontalPodAutoscaler,
        Self::PriorityClass,
        Self::LimitRange,
        Self::ResourceQuota,
        Self::Namespace,
        Self::ServiceAccount,
        Self::Node,
    ];

    /// `Pod`, `Service`, ...
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Pod => "Pod",
            Self::Service => "Service",
            Self::ConfigMap => "ConfigMap",
            Self::Secret => "Secret",
            Self::Deployment => "Deployment",
            Self::ReplicaSet => "ReplicaSet",
            Self::StatefulSet => "StatefulSet",
            Self::DaemonSet => "DaemonSet",
            Self::Job => "Job",
            Self::CronJob => "CronJob",
            Self::PersistentVolumeClaim => "PersistentVolumeClaim",
            Self::PodDisruptionBudget => "PodDisruptionBudget",
            Self::HorizontalPodAutoscaler => "HorizontalPodAutoscaler",
            Self::PriorityClass => "PriorityClass",
            Self::LimitRange => "LimitRange",
            Self::ResourceQuota => "ResourceQuota",
            Self::Namespace => "Namespace",
            Self::ServiceAccount => "ServiceAccount",
            Self::Node => "Node",
        }
    }

    /// The way to its pod's metadata and specification: its own or its template's; nothing for what makes no pods.
    pub const fn pod_path(self) -> Option<&'static [&'static str]> {
        match self {
            Self::Pod => Some(&[]),
            Self::Deployment | Self::ReplicaSet | Self::StatefulSet | Self::DaemonSet | Self::Job => Some(&["spec", "template"]),
            Self::CronJob => Some(&["spec", "jobTemplate", "spec", "template"]),
            Self::Service
            | Self::ConfigMap
            | Self::Secret
            | Self::PersistentVolumeClaim
            | Self::PodDisruptionBudget
            | Self::HorizontalPodAutoscaler
            | Self::PriorityClass
            | Self::LimitRange
            | Self::ResourceQuota
            | Self::Namespace
            | Self::ServiceAccount
            | Self::Node => None,
        }
    }

    /// The API group and version: `v1`, `apps/v1`, ...
    pub const fn api_version(self) -> &'static str {
        match self {
            Self::Deployment | Self::ReplicaSet | Self::StatefulSet | Self::DaemonSet => "apps/v1",
            Self::Job | Self::CronJob => "batch/v1",
            Self::PodDisruptionBudget => "policy/v1",
            Self::HorizontalPodAutoscaler => "autoscaling/v2",
            Self::PriorityClass => "scheduling.k8s.io/v1",
            Self::Pod
            | Self::Service
            | Self::ConfigMap
            | Self::Secret
            | Self::PersistentVolumeClaim
            | Self::LimitRange
            | Self::ResourceQuota
            | Self::Namespace
            | Self::ServiceAccount
            | Self::Node => "v1",
        }
    }
}

/// A ConfigMap; binary data counts as text of its base64 form.
#[derive(Debug, Clone, PartialEq, Default)]
#[expect(missing_docs, reason = "documented by the Kubernetes API")]
pub struct ConfigMap {
    pub metadata: Arc<ObjectMeta>,
    pub data: SortedMap<String, String>,
    pub binary_data: SortedMap<String, String>,
    pub immutable: Option<bool>,
}

wire!(ConfigMap {
    metadata: "metadata" always,
    data: "data",
    binary_data: "binaryData",
    immutable: "immutable",
});

/// A Secret. `data` is base64; `stringData` is folded into it on admission.
#[derive(Debug, Clone, PartialEq, Default)]
#[expect(missing_docs, reason = "documented by the Kubernetes API")]
pub struct Secret {
    pub metadata: Arc<ObjectMeta>,
    pub data: SortedMap<String, String>,
    pub string_data: SortedMap<String, String>,
    pub kind: String,
    pub immutable: Option<bool>,
}

wire!(Secret {
    metadata: "metadata" always,
    data: "data",
    string_data: "stringData",
    kind: "type",
    immutable: "immutable",
});

/// An object of a kind that is accepted but not simulated yet.
#[derive(Debug, Clone, PartialEq)]
pub struct Other {
    /// Its kind.
    pub kind: Kind,
    /// Its metadata.
    pub metadata: Arc<ObjectMeta>,
    /// The whole object as JSON.
    pub body: Opaque,
}

/// Any object. Cheap to clone.
#[derive(Debug, Clone, PartialEq)]
#[expect(missing_docs, reason = "a variant a kind")]
pub enum Object {
    Pod(Arc<Pod>),
    Service(Arc<Service>),
    ConfigMap(Arc<ConfigMap>),
    Secret(Arc<Secret>),
    Other(Arc<Other>),
}

impl Object {
    /// Its kind.
    pub fn kind(&self) -> Kind {
        match self {
            Self::Pod(_) => Kind::Pod,
            Self::Service(_) => Kind::Service,
            Self::ConfigMap(_) => Kind::ConfigMap,
            Self::Secret(_) => Kind::Secret,
            Self::Other(o) => o.kind,
        }
    }

    /// Its metadata.
    pub fn metadata(&self) -> &ObjectMeta {
        match self {
            Self::Pod(o) => &o.metadata,
            Self::Service(o) => &o.metadata,
            Self::ConfigMap(o) => &o.metadata,
            Self::Secret(o) => &o.metadata,
            Self::Other(o) => &o.metadata,
        }
    }

    /// Its key.
    pub fn key(&self) -> ObjectKey {
        let m = self.metadata();
        ObjectKey { kind: self.kind(), namespace: m.namespace.clone(), name: m.name.clone() }
    }

    /// The pod, if it is one.
    pub const fn pod(&self) -> Option<&Arc<Pod>> {
        match self {
            Self::Pod(p) => Some(p),
            Self::Service(_) | Self::ConfigMap(_) | Self::Secret(_) | Self::Other(_) => None,
        }
    }

    /// The object of what the API server stores, which has been validated. Its status is the cluster's own and is left out, but for
    /// a pod's class of service, which is fixed from the start.
    ///
    /// # Errors
    /// What does not fit, which validation should have found.
    pub fn from_stored(kind: Kind, body: &Value) -> Result<Self, String> {
        fn typed<T: Wire + Default>(body: &Value) -> Result<Arc<T>, String> {
            let mut body = body.clone();
            if let Some(map) = body.as_object_mut() {
                map.remove("status");
            }
            from_value(&body).map(Arc::new)
        }
        Ok(match kind {
            Kind::Pod => {
                let mut pod: Pod = Arc::unwrap_or_clone(typed(body)?);
                if let Some(class) = body.pointer("/status/qosClass") {
                    pod.status.qos_class = from_value(class)?;
                }
                Self::Pod(pod.into())
            }
            Kind::Service => Self::Service(typed(body)?),
            Kind::ConfigMap => Self::ConfigMap(typed(body)?),
            Kind::Secret => Self::Secret(typed(body)?),
            Kind::Deployment
            | Kind::ReplicaSet
            | Kind::StatefulSet
            | Kind::DaemonSet
            | Kind::Job
            | Kind::CronJob
            | Kind::PersistentVolumeClaim
            | Kind::PodDisruptionBudget
            | Kind::HorizontalPodAutoscaler
            | Kind::PriorityClass
            | Kind::LimitRange
            | Kind::ResourceQuota
            | Kind::Namespace
            | Kind::ServiceAccount
            | Kind::Node => {
                let empty = Value::Object(Map::new());
                let metadata: ObjectMeta = from_value(body.get("metadata").unwrap_or(&empty))?;
                Self::Other(Other { kind, metadata: metadata.into(), body: body.clone() }.into())
            }
        })
    }

    /// The object as the API writes it, with `apiVersion` and `kind` in front.
    pub fn to_json(&self) -> Value {
        let body = match self {
            Self::Pod(o) => o.write(),
            Self::Service(o) => o.write(),
            Self::ConfigMap(o) => o.write(),
            Self::Secret(o) => o.write(),
            Self::Other(o) => o.body.clone(),
        };
        let mut map = match body {
            Value::Object(map) => map,
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Array(_) => Map::new(),
        };
        map.insert("apiVersion".into(), self.kind().api_version().into());
        map.insert("kind".into(), self.kind().as_str().into());
        Value::Object(map)
    }
}
