//! Controllers. (pkg/apis/apps/validation, pkg/apis/batch/validation)

use serde_json::Value;

use super::super::field_error::{Errors, quote};
use super::super::json::{At, default};
use super::{Rules, pod, schedule, scheduling, words};

fn not_negative(spec: &At<'_>, names: &[&str], errors: &mut Errors) {
    for name in names {
        if let Some(n) = spec.int(name).filter(|n| *n < 0) {
            errors.invalid_plain(spec.path.field(name), n, words::NEGATIVE);
        }
    }
}

/// A number or percentage that is not negative, and not above 100 % where `is_bounded`.
pub(super) fn int_or_percent(value: &At<'_>, is_bounded: bool, errors: &mut Errors) {
    match value.value {
        Value::String(text) => {
            let number: Option<u64> = text.strip_suffix('%').and_then(|n| n.parse().ok());
            if let Some(wrong) = words::percent(text) {
                errors.invalid(value.path.clone(), text, wrong);
            } else if is_bounded && number.is_none_or(|n| n > 100) {
                errors.invalid(value.path.clone(), text, "must not be greater than 100%");
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::Array(_) | Value::Object(_) => {
            if let Some(n) = value.value.as_i64().filter(|n| *n < 0) {
                errors.invalid_plain(value.path.clone(), n, words::NEGATIVE);
            }
        }
    }
}

fn is_zero(value: &At<'_>) -> bool {
    value.value.as_i64() == Some(0) || value.value.as_str().is_some_and(|t| t.trim_end_matches('%').parse() == Ok(0))
}

/// The selector exists, is not empty and fits the template's labels.
fn selector(spec: &At<'_>, owner: &str, errors: &mut Errors) {
    let selector = spec.field("selector");
    if selector.is_set() {
        scheduling::selector(&selector, errors);
        if selector.entries("matchLabels").next().is_none() && selector.items("matchExpressions").is_empty() {
            errors.invalid_plain(selector.path.clone(), "{}", &format!("empty selector is invalid for {owner}"));
        }
    } else {
        errors.required(selector.path.clone(), "");
    }
    let metadata = spec.field("template").field("metadata");
    let labels = metadata.field("labels");
    let label = |key: &str| labels.value.get(key).and_then(Value::as_str);
    let by_labels = selector.entries("matchLabels").all(|(k, v)| label(k) == v.as_str());
    let by_expressions = selector.items("matchExpressions").iter().all(|r| {
        let has = |v: Option<&str>| v.is_some_and(|v| r.items("values").iter().any(|x| x.value.as_str() == Some(v)));
        match r.text("operator") {
            "In" => has(label(r.text("key"))),
            "NotIn" => !has(label(r.text("key"))),
            "Exists" => label(r.text("key")).is_some(),
            "DoesNotExist" => label(r.text("key")).is_none(),
            _ => false,
        }
    });
    if !(selector.is_set() && by_labels && by_expressions) {
        errors.invalid_plain(labels.path, labels.value.to_string(), "`selector` does not match template `labels`");
    }
}

fn always(spec: &At<'_>, owner: &str, errors: &mut Errors) {
    let pod = spec.field("template").field("spec");
    let policy = pod.text("restartPolicy");
    if policy != "Always" {
        errors.unsupported(pod.path.field("restartPolicy"), policy, &["Always"]);
    }
    if pod.has("activeDeadlineSeconds") {
        let detail = format!("activeDeadlineSeconds in {owner} is not Supported");
        errors.forbidden(pod.path.field("activeDeadlineSeconds"), &detail);
    }
}

/// A Deployment.
pub(super) fn deployment(object: &At<'_>, rules: Rules, errors: &mut Errors) {
    let spec = object.field("spec");
    not_negative(&spec, &["replicas"], errors);
    selector(&spec, "deployment", errors);
    pod::template(&spec, rules, errors);
    always(&spec, "ReplicaSet", errors);
    let strategy = spec.field("strategy");
    let rolling = strategy.field("rollingUpdate");
    match strategy.text("type") {
        "Recreate" if rolling.is_set() => errors.forbidden(rolling.path, "may not be specified when strategy `type` is 'Recreate'"),
        "Recreate" => {}
        "RollingUpdate" => {
            let (unavailable, surge) = (rolling.field("maxUnavailable"), rolling.field("maxSurge"));
            int_or_percent(&unavailable, true, errors);
            int_or_percent(&surge, false, errors);
            if is_zero(&unavailable) && is_zero(&surge) {
                errors.invalid_plain(unavailable.path, unavailable.value, "may not be 0 when `maxSurge` is 0");
            }
        }
        other => {
            let value = format!("{{\"Type\":{},\"RollingUpdate\":null}}", quote(other));
            errors.unsupported_plain(strategy.path.clone(), value, &["Recreate", "RollingUpdate"]);
        }
    }
    not_negative(&spec, &["minReadySeconds", "revisionHistoryLimit", "progressDeadlineSeconds"], errors);
    let deadline = spec.int("progressDeadlineSeconds").unwrap_or(600);
    if deadline <= spec.int("minReadySeconds").unwrap_or_default() {
        errors.invalid_plain(spec.path.field("progressDeadlineSeconds"), deadline, "must be greater than minReadySeconds");
    }
}

/// A ReplicaSet.
pub(super) fn replica_set(object: &At<'_>, rules: Rules, errors: &mut Errors) {
    let spec = object.field("spec");
    not_negative(&spec, &["replicas", "minReadySeconds"], errors);
    selector(&spec, "deployment", errors);
    pod::template(&spec, rules, errors);
    always(&spec, "ReplicaSet", errors);
}

/// A StatefulSet.
pub(super) fn stateful_set(object: &At<'_>, rules: Rules, errors: &mut Errors) {
    let spec = object.field("spec");
    let policy = spec.text("podManagementPolicy");
    if !matches!(policy, "OrderedReady" | "Parallel") {
        errors.invalid(spec.path.field("podManagementPolicy"), policy, "must be 'OrderedReady' or 'Parallel'");
    }
    let strategy = spec.field("updateStrategy");
    let rolling = strategy.field("rollingUpdate");
    match strategy.text("type") {
        "RollingUpdate" => not_negative(&rolling, &["partition"], errors),
        "OnDelete" if rolling.is_set() => {
            let value = format!("{{\"Partition\":{},\"MaxUnavailable\":null}}", rolling.int("partition").unwrap_or_default());
            errors.invalid_plain(rolling.path, value, "only allowed for updateStrategy 'RollingUpdate'");
        }
        "OnDelete" => {}
        other => {
            let value = format!("{{\"Type\":{},\"RollingUpdate\":null}}", quote(other));
            errors.invalid_plain(strategy.path.clone(), value, "must be 'RollingUpdate' or 'OnDelete'");
        }
    }
    not_negative(&spec, &["replicas", "minReadySeconds"], errors);
    let service = spec.text("serviceName");
    for wrong in words::label(service).iter().filter(|_| !service.is_empty()) {
        errors.invalid(spec.path.field("serviceName"), service, wrong);
    }
    for claim in spec.items("volumeClaimTemplates") {
        super::other::claim(&claim.field("spec"), errors);
    }
    selector(&spec, "statefulset", errors);
    let mounted = with_claims(&spec);
    pod::template(&At { value: &mounted, path: spec.path.clone() }, rules, errors);
    always(&spec, "StatefulSet", errors);
}

/// The spec with the claim templates as volumes of the pods, as the controller will add them.
fn with_claims(spec: &At<'_>) -> Value {
    let mut all = spec.value.clone();
    let claims = spec.items("volumeClaimTemplates");
    let names = claims.iter().map(|c| c.field("metadata").text("name")).filter(|n| !n.is_empty());
    let Some(pod) = all.get_mut("template").and_then(|t| t.get_mut("spec")) else { return all };
    default(pod, "volumes", Value::Array(Vec::new()));
    if let Some(volumes) = pod.get_mut("volumes").and_then(Value::as_array_mut) {
        volumes.extend(names.map(|name| serde_json::json!({"name": name, "emptyDir": {}})));
    }
    all
}

/// A DaemonSet.
pub(super) fn daemon_set(object: &At<'_>, rules: Rules, errors: &mut Errors) {
    let spec = object.field("spec");
    selector(&spec, "daemonset", errors);
    pod::template(&spec, rules, errors);
    always(&spec, "DaemonSet", errors);
    not_negative(&spec, &["minReadySeconds", "revisionHistoryLimit"], errors);
    let strategy = spec.field("updateStrategy");
    let rolling = strategy.field("rollingUpdate");
    match strategy.text("type") {
        "OnDelete" => {}
        "RollingUpdate" => {
            let (unavailable, surge) = (rolling.field("maxUnavailable"), rolling.field("maxSurge"));
            int_or_percent(&unavailable, true, errors);
            int_or_percent(&surge, true, errors);
            if !is_zero(&unavailable) && !is_zero(&surge) {
                errors.invalid_plain(surge.path, surge.value, "may not be set when maxUnavailable is non-zero");
            } else if is_zero(&unavailable) && is_zero(&surge) {
                errors.required(unavailable.path, "cannot be 0 when maxSurge is 0");
            }
        }
        other => errors.unsupported(strategy.path.field("type"), other, &["RollingUpdate", "OnDelete"]),
    }
}

/// A Job: the hostname of each of its indexed pods is its name and the index.
pub(super) fn job(object: &At<'_>, rules: Rules, errors: &mut Errors) {
    let (spec, name) = (object.field("spec"), object.field("metadata").text("name"));
    job_spec(&spec, rules, errors);
    let last = spec.int("completions").filter(|n| *n > 0 && spec.text("completionMode") == "Indexed").map(|n| format!("{name}-{}", n - 1));
    if let Some(last) = last.filter(|last| !words::label(last).is_empty()) {
        let detail = format!("will not able to create pod with invalid DNS label: {last}");
        errors.invalid(object.field("metadata").path.field("name"), name, &detail);
    }
}

/// The spec of a Job.
fn job_spec(spec: &At<'_>, rules: Rules, errors: &mut Errors) {
    const LIMITS: [&str; 7] = [
        "parallelism",
        "completions",
        "activeDeadlineSeconds",
        "backoffLimit",
        "ttlSecondsAfterFinished",
        "backoffLimitPerIndex",
        "maxFailedIndexes",
    ];
    not_negative(spec, &LIMITS, errors);
    let is_indexed = spec.text("completionMode") == "Indexed";
    if is_indexed && !spec.has("completions") {
        errors.required(spec.path.field("completions"), "when completion mode is Indexed");
    }
    if let Some(n) = spec.int("backoffLimitPerIndex").filter(|_| !is_indexed) {
        errors.invalid_plain(spec.path.field("backoffLimitPerIndex"), n, "requires indexed completion mode");
    }
    if spec.has("maxFailedIndexes") && !spec.has("backoffLimitPerIndex") {
        errors.required(spec.path.field("backoffLimitPerIndex"), "when maxFailedIndexes is specified");
    }
    failure_policy(spec, errors);
    pod::template(spec, rules, errors);
    let pod = spec.field("template").field("spec");
    let path = pod.path.field("restartPolicy");
    match pod.text("restartPolicy") {
        "" | "Always" => errors.required(path, "valid values: \"OnFailure\", \"Never\""),
        "OnFailure" if spec.has("podFailurePolicy") => {
            errors.invalid(path, "OnFailure", "only \"Never\" is supported when podFailurePolicy is specified");
        }
        "OnFailure" | "Never" => {}
        other => errors.unsupported(path, other, &["OnFailure", "Never"]),
    }
}

fn failure_policy(spec: &At<'_>, errors: &mut Errors) {
    for rule in spec.field("podFailurePolicy").items("rules") {
        let codes = rule.field("onExitCodes");
        let values: Vec<i64> = codes.items("values").iter().filter_map(|v| v.value.as_i64()).collect();
        for (i, _) in values.iter().enumerate().filter(|(_, n)| **n == 0 && codes.text("operator") == "In") {
            errors.invalid_plain(codes.path.field("values").index(i), 0, "must not be 0 for the In operator");
        }
        if !values.is_sorted() {
            let all: Vec<String> = values.iter().map(ToString::to_string).collect();
            errors.invalid_plain(codes.path.field("values"), format!("[{}]", all.join(",")), "must be ordered");
        }
    }
}

/// A CronJob.
pub(super) fn cron_job(object: &At<'_>, rules: Rules, errors: &mut Errors) {
    let spec = object.field("spec");
    let schedule = spec.text("schedule");
    let path = spec.path.field("schedule");
    if schedule.is_empty() {
        errors.required(path, "");
    } else {
        if let Err(wrong) = schedule::parse(schedule) {
            errors.invalid(path.clone(), schedule, &wrong);
        }
        if schedule.contains("TZ") && spec.has("timeZone") {
            errors.invalid(path, schedule, "cannot use both timeZone field and TZ or CRON_TZ in schedule");
        } else if schedule.contains("TZ") {
            errors.invalid(path, schedule, "cannot use TZ or CRON_TZ in schedule, use timeZone field instead");
        }
    }
    not_negative(&spec, &["startingDeadlineSeconds"], errors);
    if let Some(wrong) = spec.has("timeZone").then(|| schedule::wrong_zone(spec.text("timeZone"))).flatten() {
        errors.invalid(spec.path.field("timeZone"), spec.text("timeZone"), &wrong);
    }
    let policy = spec.text("concurrencyPolicy");
    if !matches!(policy, "Allow" | "Forbid" | "Replace") {
        errors.unsupported(spec.path.field("concurrencyPolicy"), policy, &["Allow", "Forbid", "Replace"]);
    }
    job_spec(&spec.field("jobTemplate").field("spec"), rules, errors);
    not_negative(&spec, &["successfulJobsHistoryLimit", "failedJobsHistoryLimit"], errors);
}
