//! The volumes of a pod. (describe.go: describeVolumes)

use std::fmt::Display;

use super::Page;
use crate::api::{Opaque, Volume, VolumeSource};

/// The section `Volumes`.
pub(super) fn describe_volumes(page: &mut Page, volumes: &[Volume]) {
    if volumes.is_empty() {
        page.field(0, "Volumes", "<none>");
        return;
    }
    page.line(0, "Volumes:");
    for volume in volumes {
        page.line(1, format_args!("{}:", volume.name));
        describe_source(page, &volume.source);
    }
}

fn describe_source(page: &mut Page, source: &VolumeSource) {
    if let Some(path) = &source.host_path {
        let kind = path.kind.as_deref().unwrap_or("<none>");
        fields(page, "HostPath (bare host directory volume)", &[("Path", &path.path), ("HostPathType", &kind)]);
    } else if let Some(dir) = &source.empty_dir {
        let limit = dir.size_limit.as_ref().filter(|q| q.value() > 0).map_or_else(|| "<unset>".into(), ToString::to_string);
        fields(page, "EmptyDir (a temporary directory that shares a pod's lifetime)", &[("Medium", &dir.medium), ("SizeLimit", &limit)]);
    } else if let Some(secret) = &source.secret {
        let optional = secret.optional.unwrap_or_default();
        fields(page, "Secret (a volume populated by a Secret)", &[("SecretName", &secret.secret_name), ("Optional", &optional)]);
    } else if let Some(map) = &source.config_map {
        let optional = map.optional.unwrap_or_default();
        fields(page, "ConfigMap (a volume populated by a ConfigMap)", &[("Name", &map.name), ("Optional", &optional)]);
    } else if let Some(claim) = &source.persistent_volume_claim {
        let kind = "PersistentVolumeClaim (a reference to a PersistentVolumeClaim in the same namespace)";
        fields(page, kind, &[("ClaimName", &text(claim, "claimName")), ("ReadOnly", &flag(claim, "readOnly"))]);
    } else if let Some(projected) = &source.projected {
        describe_projected(page, projected);
    } else if let Some(downward) = &source.downward_api {
        describe_downward(page, downward);
    } else if let Some(image) = &source.image {
        let kind = "Image (a container image or OCI artifact)";
        fields(page, kind, &[("Reference", &text(image, "reference")), ("PullPolicy", &text(image, "pullPolicy"))]);
    } else if let Some(nfs) = &source.nfs {
        let kind = "NFS (an NFS mount that lasts the lifetime of a pod)";
        fields(page, kind, &[("Server", &text(nfs, "server")), ("Path", &text(nfs, "path")), ("ReadOnly", &flag(nfs, "readOnly"))]);
    } else {
        page.line(1, "<unknown>");
    }
}

fn fields(page: &mut Page, kind: &str, list: &[(&str, &dyn Display)]) {
    page.field(2, "Type", kind);
    for (name, value) in list {
        page.field(2, name, value);
    }
}

/// A text within a part that is kept as JSON.
fn text(of: &Opaque, name: &str) -> String {
    of.get(name).and_then(Opaque::as_str).unwrap_or_default().to_owned()
}

fn flag(of: &Opaque, name: &str) -> bool {
    of.get(name).and_then(Opaque::as_bool).unwrap_or_default()
}

fn items<'o>(of: &'o Opaque, name: &str) -> impl Iterator<Item = &'o Opaque> {
    of.get(name).and_then(Opaque::as_array).into_iter().flatten()
}

fn describe_projected(page: &mut Page, projected: &Opaque) {
    page.field(2, "Type", "Projected (a volume that contains injected data from multiple sources)");
    for source in items(projected, "sources") {
        if let Some(secret) = source.get("secret") {
            page.field(2, "SecretName", text(secret, "name"));
            page.field(2, "Optional", flag(secret, "optional"));
        } else if source.get("downwardAPI").is_some() {
            page.field(2, "DownwardAPI", true);
        } else if let Some(map) = source.get("configMap") {
            page.field(2, "ConfigMapName", text(map, "name"));
            page.field(2, "Optional", flag(map, "optional"));
        } else if let Some(token) = source.get("serviceAccountToken") {
            page.field(2, "TokenExpirationSeconds", token.get("expirationSeconds").and_then(Opaque::as_i64).unwrap_or(3600));
        }
    }
}

fn describe_downward(page: &mut Page, downward: &Opaque) {
    page.field(2, "Type", "DownwardAPI (a volume populated by information about the pod)");
    page.line(2, "Items:");
    for item in items(downward, "items") {
        for (reference, name) in [("fieldRef", "fieldPath"), ("resourceFieldRef", "resource")] {
            if let Some(field) = item.get(reference) {
                page.line(3, format_args!("{} -> {}", text(field, name), text(item, "path")));
            }
        }
    }
}
