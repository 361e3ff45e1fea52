//! `metadata` and the names of objects.

use crate::order::SortedMap;

use super::wire::wire;
use super::{Kind, Opaque};

/// `metadata` of any object. Times are RFC 3339 text, as published.
#[derive(Debug, Clone, PartialEq, Default)]
#[expect(missing_docs, reason = "fields are documented by the Kubernetes API")]
pub struct ObjectMeta {
    pub name: String,
    pub generate_name: String,
    pub namespace: String,
    pub uid: String,
    pub generation: i64,
    pub creation_timestamp: Option<String>,
    pub deletion_timestamp: Option<String>,
    pub deletion_grace_period_seconds: Option<i64>,
    pub labels: SortedMap<String, String>,
    pub annotations: SortedMap<String, String>,
    pub owner_references: Vec<OwnerReference>,
    pub finalizers: Vec<String>,
    pub resource_version: Option<String>,
    pub self_link: Option<String>,
    pub managed_fields: Option<Opaque>,
}

wire!(ObjectMeta {
    name: "name",
    generate_name: "generateName",
    namespace: "namespace",
    uid: "uid",
    generation: "generation",
    creation_timestamp: "creationTimestamp",
    deletion_timestamp: "deletionTimestamp",
    deletion_grace_period_seconds: "deletionGracePeriodSeconds",
    labels: "labels",
    annotations: "annotations",
    owner_references: "ownerReferences",
    finalizers: "finalizers",
    resource_version: "resourceVersion",
    self_link: "selfLink",
    managed_fields: "managedFields",
});

/// Who owns an object.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[expect(missing_docs, reason = "fields are documented by the Kubernetes API")]
pub struct OwnerReference {
    pub api_version: String,
    pub kind: String,
    pub name: String,
    pub uid: String,
    pub controller: Option<bool>,
    pub block_owner_deletion: Option<bool>,
}

wire!(OwnerReference {
    api_version: "apiVersion" always,
    kind: "kind" always,
    name: "name" always,
    uid: "uid" always,
    controller: "controller",
    block_owner_deletion: "blockOwnerDeletion",
});

/// What names an object within a cluster.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ObjectKey {
    /// Its kind.
    pub kind: Kind,
    /// Its namespace, empty for cluster-wide kinds.
    pub namespace: String,
    /// Its name.
    pub name: String,
}
