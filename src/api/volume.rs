//! Volumes and where they are mounted.

use super::wire::wire;
use super::{Opaque, Quantity};

/// A volume of a pod: a name and one source.
#[derive(Debug, Clone, PartialEq, Default)]
#[expect(missing_docs, reason = "documented by the Kubernetes API")]
pub struct Volume {
    pub name: String,
    pub source: VolumeSource,
}

wire!(Volume {
    name: "name" always,
    source: "source" flat,
});

#[derive(Debug, Clone, PartialEq, Default)]
#[expect(missing_docs, reason = "documented by the Kubernetes API")]
pub struct VolumeSource {
    pub empty_dir: Option<EmptyDir>,
    pub config_map: Option<ConfigMapVolume>,
    pub secret: Option<SecretVolume>,
    pub host_path: Option<HostPath>,
    pub persistent_volume_claim: Option<Opaque>,
    pub downward_api: Option<Opaque>,
    pub projected: Option<Opaque>,
    pub image: Option<Opaque>,
    pub ephemeral: Option<Opaque>,
    pub nfs: Option<Opaque>,
    pub csi: Option<Opaque>,
    pub iscsi: Option<Opaque>,
    pub git_repo: Option<Opaque>,
}

wire!(VolumeSource {
    empty_dir: "emptyDir",
    config_map: "configMap",
    secret: "secret",
    host_path: "hostPath",
    persistent_volume_claim: "persistentVolumeClaim",
    downward_api: "downwardAPI",
    projected: "projected",
    image: "image",
    ephemeral: "ephemeral",
    nfs: "nfs",
    csi: "csi",
    iscsi: "iscsi",
    git_repo: "gitRepo",
});

#[derive(Debug, Clone, PartialEq, Default)]
#[expect(missing_docs, reason = "documented by the Kubernetes API")]
pub struct EmptyDir {
    pub medium: String,
    pub size_limit: Option<Quantity>,
}

wire!(EmptyDir { medium: "medium", size_limit: "sizeLimit" });

#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[expect(missing_docs, reason = "documented by the Kubernetes API")]
pub struct ConfigMapVolume {
    pub name: String,
    pub items: Vec<KeyToPath>,
    pub default_mode: Option<i32>,
    pub optional: Option<bool>,
}

wire!(ConfigMapVolume { name: "name", items: "items", default_mode: "defaultMode", optional: "optional" });

#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[expect(missing_docs, reason = "documented by the Kubernetes API")]
pub struct SecretVolume {
    pub secret_name: String,
    pub items: Vec<KeyToPath>,
    pub default_mode: Option<i32>,
    pub optional: Option<bool>,
}

wire!(SecretVolume { secret_name: "secretName", items: "items", default_mode: "defaultMode", optional: "optional" });

#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[expect(missing_docs, reason = "documented by the Kubernetes API")]
pub struct KeyToPath {
    pub key: String,
    pub path: String,
    pub mode: Option<i32>,
}

wire!(KeyToPath {
    key: "key" always,
    path: "path" always,
    mode: "mode",
});

#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[expect(missing_docs, reason = "documented by the Kubernetes API")]
pub struct HostPath {
    pub path: String,
    pub kind: Option<String>,
}

wire!(HostPath {
    path: "path" always,
    kind: "type",
});

#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[expect(missing_docs, reason = "documented by the Kubernetes API")]
pub struct VolumeMount {
    pub name: String,
    pub read_only: bool,
    pub recursive_read_only: Option<String>,
    pub mount_path: String,
    pub sub_path: String,
    pub mount_propagation: Option<String>,
    pub sub_path_expr: String,
}

wire!(VolumeMount {
    name: "name" always,
    read_only: "readOnly",
    recursive_read_only: "recursiveReadOnly",
    mount_path: "mountPath" always,
    sub_path: "subPath",
    mount_propagation: "mountPropagation",
    sub_path_expr: "subPathExpr",
});
