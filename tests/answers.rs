//! The answers of a real API server and of kubectl, recorded, against ours.
#![expect(clippy::unwrap_used, reason = "a broken recording fails the test")]

use podlab::kubectl::apply_dry_run;
use podlab::manifest;
use podlab::scenario::PatchStyle;
use serde_json::{Value, json};

fn recorded(name: &str) -> Vec<Value> {
    let path = format!("{}/tests/answers/{name}.json", env!("CARGO_MANIFEST_DIR"));
    serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

fn text<'v>(case: &'v Value, field: &str) -> &'v str {
    case[field].as_str().unwrap_or_default()
}

#[test]
fn a_posted_manifest_gets_the_answer_of_the_api_server() {
    for case in recorded("validation") {
        let answer = manifest::answers(text(&case, "manifest")).remove(0);
        let (code, message) = answer.map_or_else(|e| (e.code, e.message), |_| (201, String::new()));
        assert_eq!(
            (code, message.as_str()),
            (u16::try_from(case["code"].as_u64().unwrap()).unwrap(), text(&case, "message")),
            "{}",
            case["name"]
        );
    }
}

/// Rules of the API server that no recording covers, each with a manifest that breaks it; an empty list is for one that is legal.
#[test]
fn a_broken_rule_is_said_in_the_words_of_the_api_server() {
    for case in recorded("rules") {
        let said = manifest::answers(text(&case, "manifest")).remove(0).map_or_else(|e| e.message, |_| String::new());
        let wanted: Vec<&str> = case["says"].as_array().unwrap().iter().filter_map(Value::as_str).collect();
        assert_eq!(said.is_empty(), wanted.is_empty(), "{}\n{said}", text(&case, "manifest"));
        for part in wanted {
            assert!(said.contains(part), "{}\nwanted: {part}\ngot: {said}", text(&case, "manifest"));
        }
    }
}

#[test]
fn a_dry_run_of_apply_prints_what_kubectl_prints() {
    for case in recorded("validation") {
        let answer = apply_dry_run(text(&case, "manifest"), "manifest.yaml");
        let printed = json!({"exit": answer.code, "stdout": answer.out, "stderr": answer.err});
        assert_eq!(printed, case["kubectl"], "{}", case["name"]);
    }
}

/// Names that are generated, and what differs from cluster to cluster.
const OWN: [&str; 7] = ["uid", "resourceVersion", "creationTimestamp", "managedFields", "clusterIP", "clusterIPs", "nodePort"];

fn masked(value: &Value) -> Value {
    match value {
        Value::Object(fields) => {
            let masked = |(k, v): (&String, &Value)| {
                (k.clone(), if OWN.contains(&k.as_str()) || k.ends_with("controller-uid") { json!("*") } else { masked(v) })
            };
            Value::Object(fields.iter().map(masked).collect())
        }
        Value::Array(items) => Value::Array(items.iter().map(masked).collect()),
        Value::String(text) if text.starts_with("kube-api-access-") => json!("kube-api-access-*"),
        other @ (Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_)) => other.clone(),
    }
}

#[test]
fn a_stored_object_has_the_defaults_of_the_cluster() {
    for case in recorded("defaults") {
        let stored = manifest::answers(text(&case, "manifest")).remove(0).unwrap().stored;
        assert_eq!(masked(&stored), masked(&case["object"]), "{}", case["name"]);
    }
}

#[test]
fn a_patch_gets_the_answer_of_the_api_server() {
    for case in recorded("updates") {
        let old = manifest::answers(text(&case, "manifest")).remove(0).unwrap().object;
        let answer = manifest::apply_patch(&old, &case["patch"], PatchStyle::Strategic, None)
            .and_then(|new| manifest::admit_update(&old, new, None));
        let (code, message) = answer.map_or_else(|e| (u64::from(e.code), e.message), |_| (200, String::new()));
        assert_eq!((Some(code), message.as_str()), (case["code"].as_u64(), text(&case, "message")), "{}", case["name"]);
    }
}
