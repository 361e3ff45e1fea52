//! What the API server fills in. (pkg/apis/*/v1/defaults.go, zz_generated.defaults.go)

mod other;
mod pod;
mod workload;

pub(super) use pod::aggregate_requests;

use serde_json::Value;

use crate::api::{self, Kind, Wire as _, from_value};

/// Fills in the defaults of an object of `kind`, before admission adds its own.
pub(super) fn apply(kind: Kind, body: &mut Value) {
    match kind {
        Kind::Pod => pod::pod(body),
        Kind::Deployment => workload::deployment(body),
        Kind::ReplicaSet => workload::replica_set(body),
        Kind::StatefulSet => workload::stateful_set(body),
        Kind::DaemonSet => workload::daemon_set(body),
        Kind::Job => workload::job(body),
        Kind::CronJob => workload::cron_job(body),
        Kind::Service => other::service(body),
        Kind::Secret => other::secret(body),
        Kind::PersistentVolumeClaim => other::claim(body),
        Kind::HorizontalPodAutoscaler => other::autoscaler(body),
        Kind::PodDisruptionBudget => other::budget(body),
        Kind::PriorityClass => other::priority_class(body),
        Kind::LimitRange => other::limit_range(body),
        Kind::ConfigMap | Kind::ResourceQuota | Kind::Namespace | Kind::ServiceAccount | Kind::Node => {}
    }
}

/// Fills in a pod's defaults; what cannot be written as JSON and read again stays as it is.
pub fn default_pod(pod: &mut api::Pod) {
    let mut body = pod.write();
    pod::pod(&mut body);
    if let Ok(mut done) = from_value::<api::Pod>(&body) {
        std::mem::swap(&mut done.status, &mut pod.status);
        *pod = done;
    }
}
