//! Defaults of controllers. (pkg/apis/apps/v1/defaults.go, pkg/apis/batch/v1/defaults.go)

use serde_json::{Value, json};

use super::super::json::{child, default, list_mut, text};
use super::pod;

/// A Deployment.
pub(super) fn deployment(body: &mut Value) {
    let Some(spec) = child(body, "spec") else { return };
    pod::template(spec);
    default(spec, "replicas", 1);
    default(spec, "revisionHistoryLimit", 10);
    default(spec, "progressDeadlineSeconds", 600);
    let Some(strategy) = child(spec, "strategy") else { return };
    default(strategy, "type", "RollingUpdate");
    if text(strategy, "type") == "RollingUpdate"
        && let Some(rolling) = child(strategy, "rollingUpdate")
    {
        default(rolling, "maxUnavailable", "25%");
        default(rolling, "maxSurge", "25%");
    }
}

/// A ReplicaSet.
pub(super) fn replica_set(body: &mut Value) {
    if let Some(spec) = child(body, "spec") {
        pod::template(spec);
        default(spec, "replicas", 1);
    }
}

/// A StatefulSet.
pub(super) fn stateful_set(body: &mut Value) {
    let Some(spec) = child(body, "spec") else { return };
    pod::template(spec);
    default(spec, "replicas", 1);
    default(spec, "podManagementPolicy", "OrderedReady");
    default(spec, "revisionHistoryLimit", 10);
    default(spec, "persistentVolumeClaimRetentionPolicy", json!({}));
    if let Some(retention) = child(spec, "persistentVolumeClaimRetentionPolicy") {
        default(retention, "whenDeleted", "Retain");
        default(retention, "whenScaled", "Retain");
    }
    for claim in list_mut(spec, "volumeClaimTemplates") {
        default(claim, "apiVersion", "v1");
        default(claim, "kind", "PersistentVolumeClaim");
        super::other::claim(claim);
    }
    let Some(strategy) = child(spec, "updateStrategy") else { return };
    default(strategy, "type", "RollingUpdate");
    if text(strategy, "type") == "RollingUpdate"
        && let Some(rolling) = child(strategy, "rollingUpdate")
    {
        default(rolling, "partition", 0);
    }
}

/// A DaemonSet.
pub(super) fn daemon_set(body: &mut Value) {
    let Some(spec) = child(body, "spec") else { return };
    pod::template(spec);
    default(spec, "revisionHistoryLimit", 10);
    let Some(strategy) = child(spec, "updateStrategy") else { return };
    default(strategy, "type", "RollingUpdate");
    if text(strategy, "type") == "RollingUpdate"
        && let Some(rolling) = child(strategy, "rollingUpdate")
    {
        default(rolling, "maxUnavailable", 1);
        default(rolling, "maxSurge", 0);
    }
}

/// A Job.
pub(super) fn job(body: &mut Value) {
    let Some(spec) = child(body, "spec") else { return };
    pod::template(spec);
    let has = |spec: &Value, name: &str| spec.get(name).is_some();
    if !has(spec, "completions") && !has(spec, "parallelism") {
        default(spec, "completions", 1);
    }
    default(spec, "parallelism", 1);
    let backoff = if has(spec, "backoffLimitPerIndex") { i32::MAX } else { 6 };
    default(spec, "backoffLimit", backoff);
    default(spec, "completionMode", "NonIndexed");
    default(spec, "suspend", false);
    default(spec, "manualSelector", false);
    let replacement = if has(spec, "podFailurePolicy") { "Failed" } else { "TerminatingOrFailed" };
    default(spec, "podReplacementPolicy", replacement);
    if let Some(policy) = spec.get_mut("podFailurePolicy") {
        for rule in list_mut(policy, "rules") {
            for condition in list_mut(rule, "onPodConditions") {
                default(condition, "status", "True");
            }
        }
    }
}

/// A CronJob; its template gets only the pod template's defaults.
pub(super) fn cron_job(body: &mut Value) {
    let Some(spec) = child(body, "spec") else { return };
    default(spec, "concurrencyPolicy", "Allow");
    default(spec, "suspend", false);
    default(spec, "successfulJobsHistoryLimit", 3);
    default(spec, "failedJobsHistoryLimit", 1);
    let Some(template) = child(spec, "jobTemplate") else { return };
    default(template, "metadata", json!({}));
    if let Some(job) = child(template, "spec") {
        pod::template(job);
        if let Some(pods) = child(job, "template") {
            default(pods, "metadata", json!({}));
        }
    }
}
