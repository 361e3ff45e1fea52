//! The door into the cluster: default, mutate, prepare, validate. (apiserver/pkg/endpoints/handlers/create.go; registry/rest/create.go)

use crate::order::SortedSet;

use serde_json::{Value, json};

use super::json::{child, default, flag, list, list_mut, remove, set, text};
use super::validate::Rules;
use super::{FieldError, admission, defaults, qos, validate};
use crate::api::{ApiError, Kind, Object};

/// What an object is admitted into.
#[derive(Debug, Clone, Copy)]
pub struct AdmitContext<'c> {
    /// The namespace of the request.
    pub namespace: &'c str,
    /// What exists already: classes, accounts and limit ranges matter.
    pub objects: &'c [Object],
    /// If given, the volume with the service account's token is mounted and its name ends so.
    pub token_volume: Option<&'c str>,
    /// Whether the API server runs with `--allow-privileged`.
    pub allow_privileged: bool,
}

impl Default for AdmitContext<'_> {
    fn default() -> Self {
        Self { namespace: "default", objects: &[], token_volume: None, allow_privileged: true }
    }
}

/// Why an object is refused.
#[derive(Debug, Clone, PartialEq)]
pub enum Refusal {
    /// Fields are wrong.
    Invalid {
        /// The kind with its group: `Deployment.apps`.
        kind: String,
        /// The object's name.
        name: String,
        /// What is wrong.
        errors: Vec<FieldError>,
    },
    /// Admission refuses it, or it does not fit the request.
    Answer(ApiError),
}

impl Refusal {
    /// What the API server says. (apimachinery errors: NewInvalid)
    pub fn answer(&self) -> ApiError {
        match self {
            Self::Answer(error) => error.clone(),
            Self::Invalid { kind, name, errors } => {
                let mut seen = SortedSet::new();
                let all = errors.iter().map(ToString::to_string);
                let texts: Vec<String> = all.filter(|text| seen.insert(text.clone())).collect();
                let all = match texts.as_slice() {
                    [one] => one.clone(),
                    many => format!("[{}]", many.join(", ")),
                };
                ApiError::invalid(format!("{kind} \"{name}\" is invalid: {all}"))
            }
        }
    }
}

/// What was admitted.
#[derive(Debug, Clone, PartialEq)]
pub struct Admitted {
    /// As the cluster stores it.
    pub object: Object,
    /// The same as JSON, with what the typed form leaves out.
    pub stored: Value,
    /// What `kubectl` prints after `Warning: `.
    pub warnings: Vec<String>,
}

/// Admits an object that is to be created.
///
/// # Errors
/// Why the API server refuses it.
pub fn admit(object: &Object, context: &AdmitContext<'_>) -> Result<Object, Refusal> {
    admit_body(object.kind(), object.to_json(), context).map(|admitted| admitted.object)
}

/// Admits an object in wire format.
///
/// # Errors
/// Why the API server refuses it.
pub fn admit_body(kind: Kind, mut body: Value, context: &AdmitContext<'_>) -> Result<Admitted, Refusal> {
    defaults::apply(kind, &mut body);
    namespace(kind, &mut body, context)?;
    if kind == Kind::Pod {
        let name = body.get("metadata").map(|m| text(m, "name")).unwrap_or_default().to_owned();
        let forbidden = |why| Refusal::Answer(ApiError::forbidden(format!("pods \"{name}\" is forbidden: {why}")));
        admission::mutate_pod(&mut body, context).map_err(forbidden)?;
    }
    prepare(kind, &mut body);
    let errors = validate::check(kind, &body, Rules { allow_privileged: context.allow_privileged, is_template: false, is_update: false });
    if !errors.is_empty() {
        return Err(invalid(kind, &body, errors));
    }
    allocate(kind, &mut body);
    let warnings = validate::warnings(kind, &body);
    let object = Object::from_stored(kind, &body).map_err(|e| Refusal::Answer(ApiError::bad_request(e)))?;
    Ok(Admitted { object, stored: body, warnings })
}

/// A refusal for wrong fields.
pub(super) fn invalid(kind: Kind, body: &Value, errors: Vec<FieldError>) -> Refusal {
    let group = kind.api_version().split_once('/').map_or("", |(group, _)| group);
    let group = group.strip_suffix(".k8s.io").unwrap_or(group);
    let name = body.get("metadata").map(|m| text(m, "name")).unwrap_or_default().to_owned();
    let full = if group == "scheduling" { "scheduling.k8s.io" } else { group };
    let kind = if full.is_empty() { kind.as_str().to_owned() } else { format!("{}.{full}", kind.as_str()) };
    Refusal::Invalid { kind, name, errors }
}

/// Whether objects of `kind` live in a namespace.
const fn is_namespaced(kind: Kind) -> bool {
    !matches!(kind, Kind::PriorityClass | Kind::Namespace | Kind::Node)
}

fn namespace(kind: Kind, body: &mut Value, context: &AdmitContext<'_>) -> Result<(), Refusal> {
    let Some(metadata) = child(body, "metadata") else { return Ok(()) };
    if !is_namespaced(kind) {
        return Ok(());
    }
    default(metadata, "namespace", context.namespace);
    if text(metadata, "namespace") == context.namespace {
        return Ok(());
    }
    let message = "the namespace of the provided object does not match the namespace sent on the request";
    Err(Refusal::Answer(ApiError::bad_request(message)))
}

/// Whether objects of `kind` count their changes; ConfigMaps and the like do not.
const fn has_generation(kind: Kind) -> bool {
    !matches!(
        kind,
        Kind::Service
            | Kind::ConfigMap
            | Kind::Secret
            | Kind::PersistentVolumeClaim
            | Kind::HorizontalPodAutoscaler
            | Kind::LimitRange
            | Kind::ResourceQuota
            | Kind::Namespace
            | Kind::ServiceAccount
            | Kind::Node
    )
}

/// Fields whose feature gates are off are dropped without a word. (pkg/api/pod/util.go: dropDisabledFields)
pub(super) fn drop_disabled(kind: Kind, body: &mut Value) {
    let Some(path) = kind.pod_path() else { return };
    let Some(spec) = path.iter().chain(&["spec"]).try_fold(body, |node, name| node.get_mut(*name)) else { return };
    for group in ["containers", "initContainers", "ephemeralContainers"] {
        // (gate ContainerStopSignals: dropContainerStopSignals)
        for container in list_mut(spec, group) {
            let dropped = container.get_mut("lifecycle").and_then(|lifecycle| remove(lifecycle, "stopSignal"));
            if dropped.is_some() && container.get("lifecycle").and_then(Value::as_object).is_some_and(serde_json::Map::is_empty) {
                remove(container, "lifecycle");
            }
        }
    }
}

/// What the strategies of the registry set before validation.
fn prepare(kind: Kind, body: &mut Value) {
    drop_disabled(kind, body);
    if let Some(metadata) = child(body, "metadata") {
        if has_generation(kind) {
            set(metadata, "generation", 1);
        }
        if kind == Kind::DaemonSet
            && let Some(annotations) = child(metadata, "annotations")
        {
            set(annotations, "deprecated.daemonset.template.generation", "1");
        }
    }
    match kind {
        Kind::Pod => set(body, "status", pod_status(body.get("spec").unwrap_or(&Value::Null))),
        Kind::Deployment | Kind::CronJob => {
            let _ = remove(body, "status");
        }
        Kind::Job => {
            let _ = remove(body, "status");
            job_selector(body);
        }
        Kind::Service => set(body, "status", json!({"loadBalancer": {}})),
        Kind::PersistentVolumeClaim => set(body, "status", json!({"phase": "Pending"})),
        Kind::ReplicaSet => set(body, "status", json!({"replicas": 0})),
        Kind::StatefulSet => set(body, "status", json!({"replicas": 0, "availableReplicas": 0})),
        Kind::DaemonSet => {
            let status = json!({"currentNumberScheduled": 0, "numberMisscheduled": 0, "desiredNumberScheduled": 0, "numberReady": 0});
            set(body, "status", status);
        }
        Kind::HorizontalPodAutoscaler => set(body, "status", json!({"desiredReplicas": 0, "currentMetrics": null})),
        Kind::PodDisruptionBudget
        | Kind::ConfigMap
        | Kind::Secret
        | Kind::PriorityClass
        | Kind::LimitRange
        | Kind::ResourceQuota
        | Kind::Namespace
        | Kind::ServiceAccount
        | Kind::Node => {}
    }
}

/// A Job's own selector and the labels that fit it. (pkg/registry/batch/job/strategy.go: generateSelector)
fn job_selector(body: &mut Value) {
    let own = body.get("metadata").cloned().unwrap_or_default();
    let Some(spec) = body.get_mut("spec").filter(|s| s.get("selector").is_none() && !flag(s, "manualSelector")) else { return };
    let (name, uid) = (text(&own, "name"), uid_of(&own));
    let labels = json!({"batch.kubernetes.io/controller-uid": uid, "batch.kubernetes.io/job-name": name,
        "controller-uid": uid, "job-name": name});
    set(spec, "selector", json!({"matchLabels": {"batch.kubernetes.io/controller-uid": uid}}));
    let Some(template) = child(spec, "template").and_then(|t| child(t, "metadata")).and_then(|m| child(m, "labels")) else { return };
    for (key, value) in labels.as_object().into_iter().flatten() {
        default(template, key, value.clone());
    }
    let inherited = template.clone();
    if let Some(metadata) = child(body, "metadata") {
        default(metadata, "labels", inherited);
    }
}

/// The uid of an object, or one made from its name: an object has one before it is stored.
fn uid_of(metadata: &Value) -> String {
    let given = text(metadata, "uid");
    if !given.is_empty() {
        return given.to_owned();
    }
    let key = format!("{}/{}", text(metadata, "namespace"), text(metadata, "name"));
    // FNV-1a, twice with different starts for 128 bits.
    let hash = |start: u64| key.bytes().fold(start, |h, b| (h ^ u64::from(b)).wrapping_mul(0x0100_0000_01b3));
    let hex = format!("{:016x}{:016x}", hash(0xcbf2_9ce4_8422_2325), hash(0x9e37_79b9_7f4a_7c15));
    let part = |from: usize, to: usize| hex.get(from..to).unwrap_or_default();
    format!("{}-{}-4{}-8{}-{}", part(0, 8), part(8, 12), part(13, 16), part(17, 20), part(20, 32))
}

/// The status of a new pod. (pkg/registry/core/pod/strategy.go: PrepareForCreate, applySchedulingGatedCondition)
fn pod_status(spec: &Value) -> Value {
    let mut status = json!({"phase": "Pending", "qosClass": qos::class(spec)});
    if !list(spec, "schedulingGates").is_empty() {
        let gated = json!({"type": "PodScheduled", "status": "False", "reason": "SchedulingGated",
            "message": "Scheduling is blocked due to non-empty scheduling gates"});
        set(&mut status, "conditions", json!([gated]));
    }
    status
}

/// An address of the range for Services, above those that the cluster keeps for itself. It follows from the name, so that it
/// stays when other Services come and go.
fn service_address(metadata: &Value) -> String {
    let key = format!("{}/{}", text(metadata, "namespace"), text(metadata, "name"));
    let hash = key.bytes().fold(0x811c_9dc5_u32, |h, b| (h ^ u32::from(b)).wrapping_mul(0x0100_0193));
    format!("10.{}.{}.{}", 96 + hash % 16, 1 + hash / 16 % 254, 1 + hash / 4096 % 254)
}

/// What is given out after validation.
fn allocate(kind: Kind, body: &mut Value) {
    if kind != Kind::Service {
        return;
    }
    let ip = body.get("metadata").map(service_address).unwrap_or_default();
    let Some(spec) = body.get_mut("spec") else { return };
    if text(spec, "clusterIP").is_empty() && text(spec, "type") != "ExternalName" {
        set(spec, "clusterIP", ip);
    }
    if !text(spec, "clusterIP").is_empty() {
        let ip = text(spec, "clusterIP").to_owned();
        default(spec, "clusterIPs", json!([ip]));
    }
}
