//! Volumes and mounts. (ValidateVolumes, validateVolumeSource, ValidateVolumeMounts)

use crate::order::SortedSet;

use super::super::field_error::Errors;
use super::super::json::At;
use super::words;
use crate::api::Quantity;

/// Sources in the order in which they are looked at; each after the first is one too many.
const SOURCES: [&str; 14] = [
    "emptyDir",
    "hostPath",
    "gitRepo",
    "secret",
    "nfs",
    "iscsi",
    "persistentVolumeClaim",
    "downwardAPI",
    "configMap",
    "projected",
    "portworxVolume",
    "csi",
    "ephemeral",
    "image",
];

/// `volumes`; gives the names of those that may be mounted.
pub(super) fn volumes<'v>(spec: &At<'v>, errors: &mut Errors) -> SortedSet<&'v str> {
    let mut names = SortedSet::new();
    for volume in spec.items("volumes") {
        let before = errors.0.len();
        source(&volume, errors);
        let name = volume.text("name");
        if name.is_empty() {
            errors.required(volume.path.field("name"), "");
        } else {
            let wrong = words::label(name);
            for wrong in &wrong {
                errors.invalid(volume.path.field("name"), name, wrong);
            }
            if wrong.is_empty() && names.contains(name) {
                errors.duplicate(volume.path.field("name"), name);
            }
        }
        // A volume with an error counts as not there. (ValidateVolumes)
        if errors.0.len() == before {
            names.insert(name);
        }
    }
    names
}

fn source(volume: &At<'_>, errors: &mut Errors) {
    let mut seen = false;
    for kind in SOURCES.into_iter().filter(|k| volume.has(k)) {
        let source = volume.field(kind);
        if seen {
            errors.forbidden(source.path, "may not specify more than 1 volume type");
            continue;
        }
        seen = true;
        match kind {
            "emptyDir" => size_limit(&source, errors),
            "hostPath" => host_path(&source, errors),
            "secret" => {
                required(&source, "secretName", errors);
                mode_and_items(&source, errors);
            }
            "configMap" => {
                required(&source, "name", errors);
                mode_and_items(&source, errors);
            }
            "persistentVolumeClaim" => required(&source, "claimName", errors),
            "nfs" => {
                required(&source, "server", errors);
                required(&source, "path", errors);
            }
            "projected" => projected(&source, errors),
            "downwardAPI" => mode(&source, "defaultMode", errors),
            "image" => required(&source, "reference", errors),
            _ => {}
        }
    }
}

fn required(source: &At<'_>, name: &str, errors: &mut Errors) {
    if source.text(name).is_empty() {
        errors.required(source.path.field(name), "");
    }
}

fn size_limit(source: &At<'_>, errors: &mut Errors) {
    if Quantity::parse(source.text("sizeLimit")).is_some_and(|q| q.milli() < 0) {
        errors.forbidden(source.path.field("sizeLimit"), "SizeLimit field must be a valid resource quantity");
    }
}

fn host_path(source: &At<'_>, errors: &mut Errors) {
    const KINDS: [&str; 8] = ["", "BlockDevice", "CharDevice", "Directory", "DirectoryOrCreate", "File", "FileOrCreate", "Socket"];
    let path = source.text("path");
    if path.is_empty() {
        errors.required(source.path.field("path"), "");
    } else {
        backsteps(path, source.path.field("path"), errors);
    }
    let kind = source.text("type");
    if !KINDS.contains(&kind) {
        errors.unsupported(source.path.field("type"), kind, &KINDS);
    }
}

fn mode(source: &At<'_>, name: &str, errors: &mut Errors) {
    if let Some(n) = source.int(name).filter(|n| !(0..=0o777).contains(n)) {
        errors.invalid_plain(source.path.field(name), n, "must be a number between 0 and 0777 (octal), both inclusive");
    }
}

fn mode_and_items(source: &At<'_>, errors: &mut Errors) {
    mode(source, "defaultMode", errors);
    items(source, errors);
}

fn items(source: &At<'_>, errors: &mut Errors) {
    for item in source.items("items") {
        required(&item, "key", errors);
        let path = item.text("path");
        if path.is_empty() {
            errors.required(item.path.field("path"), "");
        } else {
            relative(path, &item.path.field("path"), errors);
        }
        mode(&item, "mode", errors);
    }
}

fn projected(source: &At<'_>, errors: &mut Errors) {
    mode(source, "defaultMode", errors);
    for part in source.items("sources") {
        let mut kinds = ["secret", "configMap", "downwardAPI", "serviceAccountToken", "clusterTrustBundle", "podCertificate"]
            .into_iter()
            .filter(|k| part.has(k));
        match kinds.next() {
            Some(kind @ ("secret" | "configMap")) => {
                required(&part.field(kind), "name", errors);
                items(&part.field(kind), errors);
            }
            Some("serviceAccountToken") => required(&part.field("serviceAccountToken"), "path", errors),
            _ => {}
        }
        if kinds.next().is_some() {
            errors.forbidden(part.path, "may not specify more than 1 volume type per source");
        }
    }
}

fn backsteps(path: &str, field: crate::text::FieldPath, errors: &mut Errors) {
    if path.split('/').any(|part| part == "..") {
        errors.invalid(field, path, "must not contain '..'");
    }
}

/// A path inside of a volume.
fn relative(path: &str, field: &crate::text::FieldPath, errors: &mut Errors) {
    if path.starts_with('/') {
        errors.invalid(field.clone(), path, "must be a relative path");
    }
    backsteps(path, field.clone(), errors);
}

/// `volumeMounts` of a container.
pub(super) fn mounts(container: &At<'_>, volumes: &SortedSet<&str>, errors: &mut Errors) {
    let mut paths = SortedSet::new();
    let list = container.path.field("volumeMounts");
    for mount in container.items("volumeMounts") {
        let name = mount.text("name");
        if name.is_empty() {
            errors.required(mount.path.field("name"), "");
        }
        if !volumes.contains(name) {
            errors.not_found(mount.path.field("name"), name);
        }
        let path = mount.text("mountPath");
        if path.is_empty() {
            errors.required(mount.path.field("mountPath"), "");
        }
        if !paths.insert(path) {
            errors.invalid(mount.path.field("mountPath"), path, "must be unique");
        }
        let (sub, expression) = (mount.text("subPath"), mount.text("subPathExpr"));
        if !sub.is_empty() {
            relative(sub, &list.field("subPath"), errors);
        }
        if !expression.is_empty() {
            if !sub.is_empty() {
                errors.invalid(list.field("subPathExpr"), expression, "subPathExpr and subPath are mutually exclusive");
            }
            relative(expression, &list.field("subPathExpr"), errors);
        }
    }
}
