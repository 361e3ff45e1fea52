//! Volumes and claims.

use super::Type::{Any, Bool, Int32, Int64, List, Named, Object, Quantity, Resources, Str};
use super::container::{FIELD_REF, RESOURCE_REF};
use super::meta::{LOCAL_REFERENCE, OBJECT_META, SELECTOR};
use super::{Struct, Type, f, via};

const SOURCE: &str = "VolumeSource";

/// A volume.
pub(super) static VOLUME: Struct = Struct {
    go: "Volume",
    fields: &[
        f("name", Str),
        via(SOURCE, "hostPath", Object(&HOST_PATH)),
        via(SOURCE, "emptyDir", Object(&EMPTY_DIR)),
        via(SOURCE, "gcePersistentDisk", Any),
        via(SOURCE, "awsElasticBlockStore", Any),
        via(SOURCE, "gitRepo", Object(&GIT_REPO)),
        via(SOURCE, "secret", Object(&SECRET)),
        via(SOURCE, "nfs", Object(&NFS)),
        via(SOURCE, "iscsi", Any),
        via(SOURCE, "glusterfs", Any),
        via(SOURCE, "persistentVolumeClaim", Object(&CLAIM)),
        via(SOURCE, "rbd", Any),
        via(SOURCE, "flexVolume", Any),
        via(SOURCE, "cinder", Any),
        via(SOURCE, "cephfs", Any),
        via(SOURCE, "flocker", Any),
        via(SOURCE, "downwardAPI", Object(&DOWNWARD)),
        via(SOURCE, "fc", Any),
        via(SOURCE, "azureFile", Any),
        via(SOURCE, "configMap", Object(&CONFIG_MAP)),
        via(SOURCE, "vsphereVolume", Any),
        via(SOURCE, "quobyte", Any),
        via(SOURCE, "azureDisk", Any),
        via(SOURCE, "photonPersistentDisk", Any),
        via(SOURCE, "projected", Object(&PROJECTED)),
        via(SOURCE, "portworxVolume", Any),
        via(SOURCE, "scaleIO", Any),
        via(SOURCE, "storageos", Any),
        via(SOURCE, "csi", Object(&CSI)),
        via(SOURCE, "ephemeral", Object(&EPHEMERAL)),
        via(SOURCE, "image", Object(&IMAGE)),
    ],
};

static HOST_PATH: Struct = Struct { go: "HostPathVolumeSource", fields: &[f("path", Str), f("type", Named("v1.HostPathType"))] };

static EMPTY_DIR: Struct =
    Struct { go: "EmptyDirVolumeSource", fields: &[f("medium", Named("v1.StorageMedium")), f("sizeLimit", Quantity)] };

static GIT_REPO: Struct = Struct { go: "GitRepoVolumeSource", fields: &[f("repository", Str), f("revision", Str), f("directory", Str)] };

static NFS: Struct = Struct { go: "NFSVolumeSource", fields: &[f("server", Str), f("path", Str), f("readOnly", Bool)] };

static CLAIM: Struct = Struct { go: "PersistentVolumeClaimVolumeSource", fields: &[f("claimName", Str), f("readOnly", Bool)] };

const ITEMS: Type = List(&Object(&KEY_TO_PATH));

static KEY_TO_PATH: Struct = Struct { go: "KeyToPath", fields: &[f("key", Str), f("path", Str), f("mode", Int32)] };

static SECRET: Struct =
    Struct { go: "SecretVolumeSource", fields: &[f("secretName", Str), f("items", ITEMS), f("defaultMode", Int32), f("optional", Bool)] };

const LOCAL: &str = "LocalObjectReference";

static CONFIG_MAP: Struct = Struct {
    go: "ConfigMapVolumeSource",
    fields: &[via(LOCAL, "name", Str), f("items", ITEMS), f("defaultMode", Int32), f("optional", Bool)],
};

const DOWNWARD_ITEMS: Type = List(&Object(&DOWNWARD_FILE));

static DOWNWARD: Struct = Struct { go: "DownwardAPIVolumeSource", fields: &[f("items", DOWNWARD_ITEMS), f("defaultMode", Int32)] };

static DOWNWARD_FILE: Struct = Struct {
    go: "DownwardAPIVolumeFile",
    fields: &[f("path", Str), f("fieldRef", Object(&FIELD_REF)), f("resourceFieldRef", Object(&RESOURCE_REF)), f("mode", Int32)],
};

static PROJECTED: Struct =
    Struct { go: "ProjectedVolumeSource", fields: &[f("sources", List(&Object(&PROJECTION))), f("defaultMode", Int32)] };

static PROJECTION: Struct = Struct {
    go: "VolumeProjection",
    fields: &[
        f("secret", Object(&SECRET_PROJECTION)),
        f("downwardAPI", Object(&DOWNWARD_PROJECTION)),
        f("configMap", Object(&CONFIG_MAP_PROJECTION)),
        f("serviceAccountToken", Object(&TOKEN)),
        f("clusterTrustBundle", Any),
        f("podCertificate", Any),
    ],
};

static SECRET_PROJECTION: Struct =
    Struct { go: "SecretProjection", fields: &[via(LOCAL, "name", Str), f("items", ITEMS), f("optional", Bool)] };

static CONFIG_MAP_PROJECTION: Struct =
    Struct { go: "ConfigMapProjection", fields: &[via(LOCAL, "name", Str), f("items", ITEMS), f("optional", Bool)] };

static DOWNWARD_PROJECTION: Struct = Struct { go: "DownwardAPIProjection", fields: &[f("items", DOWNWARD_ITEMS)] };

static TOKEN: Struct =
    Struct { go: "ServiceAccountTokenProjection", fields: &[f("audience", Str), f("expirationSeconds", Int64), f("path", Str)] };

static CSI: Struct = Struct {
    go: "CSIVolumeSource",
    fields: &[
        f("driver", Str),
        f("readOnly", Bool),
        f("fsType", Str),
        f("volumeAttributes", super::STRING_MAP),
        f("nodePublishSecretRef", Object(&LOCAL_REFERENCE)),
    ],
};

static EPHEMERAL: Struct = Struct { go: "EphemeralVolumeSource", fields: &[f("volumeClaimTemplate", Object(&CLAIM_TEMPLATE))] };

static CLAIM_TEMPLATE: Struct =
    Struct { go: "PersistentVolumeClaimTemplate", fields: &[f("metadata", Object(&OBJECT_META)), f("spec", Object(&CLAIM_SPEC))] };

static IMAGE: Struct = Struct { go: "ImageVolumeSource", fields: &[f("reference", Str), f("pullPolicy", Named("v1.PullPolicy"))] };

/// What a PersistentVolumeClaim asks for.
pub(super) static CLAIM_SPEC: Struct = Struct {
    go: "PersistentVolumeClaimSpec",
    fields: &[
        f("accessModes", List(&Named("v1.PersistentVolumeAccessMode"))),
        f("selector", SELECTOR),
        f("resources", Object(&VOLUME_RESOURCES)),
        f("volumeName", Str),
        f("storageClassName", Str),
        f("volumeMode", Named("v1.PersistentVolumeMode")),
        f("dataSource", Any),
        f("dataSourceRef", Any),
        f("volumeAttributesClassName", Str),
    ],
};

static VOLUME_RESOURCES: Struct = Struct { go: "VolumeResourceRequirements", fields: &[f("limits", Resources), f("requests", Resources)] };
