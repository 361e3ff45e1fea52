//! The files that a volume brings: of ConfigMaps, Secrets, the downward API and all of them together.
//! (pkg/volume/{configmap,secret,downwardapi,projected})

use serde_json::Value;

use super::env::{decode_base64, field_value, resource_value};
use super::worker::PodWorker;
use crate::api::{KeyToPath, Kind, Object, Quantity, Volume};
use crate::order::SortedMap;
use crate::sim::cluster::Cluster;

/// Paths and texts.
pub(super) type Files = SortedMap<String, String>;

/// What stands for the cluster's certificate and a token: programs may look at them, nobody can use them.
const CERTIFICATE: &str = "-----BEGIN CERTIFICATE-----\nc2ltdWxhdGVk\n-----END CERTIFICATE-----\n";
const TOKEN: &str = "eyJhbGciOiJSUzI1NiJ9.c2ltdWxhdGVk.c2ltdWxhdGVk";

/// The files of a volume, or why it cannot be mounted.
pub(super) fn contents(cluster: &Cluster, worker: &PodWorker, volume: &Volume) -> Result<Files, String> {
    let source = &volume.source;
    if let Some(config) = &source.config_map {
        return config_map(cluster, worker, (&config.name, config.optional == Some(true)), &config.items);
    }
    if let Some(of) = &source.secret {
        return secret(cluster, worker, (&of.secret_name, of.optional == Some(true)), &of.items);
    }
    if let Some(downward) = &source.downward_api {
        return Ok(downward_api(worker, downward));
    }
    match &source.projected {
        Some(projected) => project_all(cluster, worker, projected),
        None => Ok(Files::new()),
    }
}

fn config_map(cluster: &Cluster, worker: &PodWorker, (name, optional): (&str, bool), items: &[KeyToPath]) -> Result<Files, String> {
    match cluster.store.named(Kind::ConfigMap, &worker.plan.pod.metadata.namespace, name) {
        Some(Object::ConfigMap(o)) => pick(&o.data, items, "configmap references non-existent config key: "),
        // The cluster puts it into every namespace. (kube-controller-manager: root-ca-certificate-publisher)
        _ if name == "kube-root-ca.crt" => Ok([("ca.crt".to_owned(), CERTIFICATE.to_owned())].into_iter().collect()),
        _ if optional => Ok(Files::new()),
        _ => Err(format!("configmap \"{name}\" not found")),
    }
}

fn secret(cluster: &Cluster, worker: &PodWorker, (name, optional): (&str, bool), items: &[KeyToPath]) -> Result<Files, String> {
    match cluster.store.named(Kind::Secret, &worker.plan.pod.metadata.namespace, name) {
        Some(Object::Secret(o)) => {
            let plain = o.data.iter().map(|(k, v)| (k.clone(), decode_base64(v))).collect();
            pick(&plain, items, "references non-existent secret key: ")
        }
        _ if optional => Ok(Files::new()),
        _ => Err(format!("secret \"{name}\" not found")),
    }
}

/// All keys, or the chosen ones under their paths.
fn pick(data: &Files, items: &[KeyToPath], missing: &str) -> Result<Files, String> {
    if items.is_empty() {
        return Ok(data.clone());
    }
    let one =
        |item: &KeyToPath| data.get(&item.key).map(|v| (item.path.clone(), v.clone())).ok_or_else(|| format!("{missing}{}", item.key));
    items.iter().map(one).collect()
}

fn list<'v>(of: &'v Value, name: &str) -> impl Iterator<Item = &'v Value> {
    of.get(name).and_then(Value::as_array).into_iter().flatten()
}

fn text<'v>(of: &'v Value, name: &str) -> &'v str {
    of.get(name).and_then(Value::as_str).unwrap_or_default()
}

/// Several sources in one folder; all that is missing is said at once. (projected.go: collectData)
fn project_all(cluster: &Cluster, worker: &PodWorker, projected: &Value) -> Result<Files, String> {
    let (mut files, mut errors) = (Files::new(), Vec::new());
    for source in list(projected, "sources") {
        let found = if let Some(config) = source.get("configMap") {
            config_map(cluster, worker, named(config), &items(config))
        } else if let Some(of) = source.get("secret") {
            secret(cluster, worker, named(of), &items(of))
        } else if let Some(downward) = source.get("downwardAPI") {
            Ok(downward_api(worker, downward))
        } else if let Some(token) = source.get("serviceAccountToken") {
            Ok([(text(token, "path").to_owned(), TOKEN.to_owned())].into_iter().collect())
        } else {
            Ok(Files::new())
        };
        match found {
            Ok(found) => found.into_iter().for_each(|(path, text)| {
                files.insert(path, text);
            }),
            Err(error) => errors.push(error),
        }
    }
    match errors.as_slice() {
        [] => Ok(files),
        [one] => Err(one.clone()),
        many => Err(format!("[{}]", many.join(", "))),
    }
}

fn named(of: &Value) -> (&str, bool) {
    (text(of, "name"), of.get("optional").and_then(Value::as_bool).unwrap_or_default())
}

fn items(of: &Value) -> Vec<KeyToPath> {
    list(of, "items").map(|i| KeyToPath { key: text(i, "key").into(), path: text(i, "path").into(), mode: None }).collect()
}

/// (downwardapi.go: CollectData)
fn downward_api(worker: &PodWorker, source: &Value) -> Files {
    let value = |item: &Value| match (item.get("fieldRef"), item.get("resourceFieldRef")) {
        (Some(field), _) => field_text(worker, text(field, "fieldPath")),
        (None, Some(resource)) => {
            let container = worker.plan.containers.iter().find(|c| c.name == text(resource, "containerName"));
            let divisor = resource.get("divisor").and_then(Value::as_str).and_then(Quantity::parse);
            container.and_then(|c| resource_value(&c.spec, text(resource, "resource"), divisor.as_ref())).unwrap_or_default()
        }
        (None, None) => String::new(),
    };
    list(source, "items").map(|item| (text(item, "path").to_owned(), value(item))).collect()
}

/// Labels and annotations as a whole are lines `key="value"`. (fieldpath.go: FormatMap)
fn field_text(worker: &PodWorker, path: &str) -> String {
    let meta = &worker.plan.pod.metadata;
    let lines = |map: &SortedMap<String, String>| {
        let quoted = |v: &str| v.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n");
        map.iter().map(|(k, v)| format!("{k}=\"{}\"", quoted(v))).collect::<Vec<_>>().join("\n")
    };
    match path {
        "metadata.labels" => lines(&meta.labels),
        "metadata.annotations" => lines(&meta.annotations),
        _ => field_value(worker, path),
    }
}
