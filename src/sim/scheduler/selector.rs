//! Selectors of labels and nodes, taints and tolerations. (component-helpers/scheduling/corev1)

use crate::order::SortedMap;

use serde_json::Value;

use crate::api::{PodSpec, Toleration};
use crate::scenario::{Node, Taint};

/// The labels of a thing.
pub(super) type Labels = SortedMap<String, String>;

/// The elements of a list in a specification that is kept as it was written.
pub(super) fn list<'a>(value: Option<&'a Value>, path: &str) -> &'a [Value] {
    value.and_then(|v| v.pointer(path)).and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

pub(super) fn text<'a>(value: &'a Value, field: &str) -> &'a str {
    value.get(field).and_then(Value::as_str).unwrap_or_default()
}

/// A label selector; a missing one selects nothing, an empty one everything.
pub(super) fn selects(selector: Option<&Value>, labels: &Labels) -> bool {
    let Some(selector) = selector else { return false };
    let wanted = selector.get("matchLabels").and_then(Value::as_object);
    wanted.is_none_or(|m| m.iter().all(|(k, v)| labels.get(k).map(String::as_str) == v.as_str()))
        && list(Some(selector), "/matchExpressions").iter().all(|e| fits(e, labels.get(text(e, "key")).map(String::as_str)))
}

/// One requirement about the value of a key.
fn fits(requirement: &Value, value: Option<&str>) -> bool {
    let values = || list(Some(requirement), "/values").iter().filter_map(Value::as_str);
    let compare = || Some((value?.parse::<i64>().ok()?, values().next()?.parse::<i64>().ok()?));
    match text(requirement, "operator") {
        "In" => value.is_some_and(|v| values().any(|w| w == v)),
        "NotIn" => value.is_none_or(|v| values().all(|w| w != v)),
        "Exists" => value.is_some(),
        "DoesNotExist" => value.is_none(),
        "Gt" => compare().is_some_and(|(a, b)| a > b),
        "Lt" => compare().is_some_and(|(a, b)| a < b),
        _ => false,
    }
}

/// The labels of a node, its own name's among them.
pub(super) fn labels_of(node: &Node) -> Labels {
    let mut labels = node.labels.clone();
    for (key, value) in [("kubernetes.io/hostname", node.name.as_str()), ("kubernetes.io/os", "linux"), ("kubernetes.io/arch", "amd64")] {
        labels.entry(key.to_owned()).or_insert_with(|| value.to_owned());
    }
    labels
}

/// One term about a node; an empty one fits none.
fn term_fits(term: &Value, name: &str, labels: &Labels) -> bool {
    let (by_label, by_field) = (list(Some(term), "/matchExpressions"), list(Some(term), "/matchFields"));
    let field = |e: &Value| (text(e, "key") == "metadata.name").then_some(name);
    !(by_label.is_empty() && by_field.is_empty())
        && by_label.iter().all(|e| fits(e, labels.get(text(e, "key")).map(String::as_str)))
        && by_field.iter().all(|e| fits(e, field(e)))
}

/// nodeSelector and the required node affinity.
pub(super) fn wants_node(spec: &PodSpec, name: &str, labels: &Labels) -> bool {
    let required = "/nodeAffinity/requiredDuringSchedulingIgnoredDuringExecution";
    let affinity = spec.affinity.as_ref().and_then(|a| a.pointer(required));
    spec.node_selector.iter().all(|(k, v)| labels.get(k) == Some(v))
        && affinity.is_none_or(|a| list(Some(a), "/nodeSelectorTerms").iter().any(|t| term_fits(t, name, labels)))
}

/// The weights of the preferred node affinity that a node earns.
pub(super) fn node_preference(spec: &PodSpec, name: &str, labels: &Labels) -> i64 {
    let preferred = list(spec.affinity.as_ref(), "/nodeAffinity/preferredDuringSchedulingIgnoredDuringExecution");
    let earned = preferred.iter().filter(|p| p.get("preference").is_some_and(|t| term_fits(t, name, labels)));
    earned.filter_map(|p| p.get("weight").and_then(Value::as_i64)).sum()
}

/// Whether a toleration covers a taint.
pub(super) fn tolerates(tolerations: &[Toleration], taint: &Taint) -> bool {
    tolerations.iter().any(|t| {
        let exists = t.operator == "Exists";
        (t.effect.is_empty() || t.effect == taint.effect)
            && ((t.key.is_empty() && exists) || t.key == taint.key)
            && (exists || t.value == taint.value)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn labels(pairs: &[(&str, &str)]) -> Labels {
        pairs.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect()
    }

    #[test]
    fn requirements_compare_as_the_scheduler_does_it() {
        let node = labels(&[("disk", "ssd"), ("gen", "7")]);
        let cases = [
            (json!({"key": "disk", "operator": "In", "values": ["ssd", "nvme"]}), true),
            (json!({"key": "disk", "operator": "NotIn", "values": ["ssd"]}), false),
            (json!({"key": "zone", "operator": "NotIn", "values": ["a"]}), true),
            (json!({"key": "zone", "operator": "In", "values": ["a"]}), false),
            (json!({"key": "disk", "operator": "Exists"}), true),
            (json!({"key": "zone", "operator": "DoesNotExist"}), true),
            (json!({"key": "gen", "operator": "Gt", "values": ["5"]}), true),
            (json!({"key": "gen", "operator": "Lt", "values": ["7"]}), false),
            (json!({"key": "disk", "operator": "Gt", "values": ["5"]}), false),
        ];
        for (requirement, expected) in cases {
            assert_eq!(selects(Some(&json!({"matchExpressions": [requirement]})), &node), expected, "{requirement}");
        }
        assert!(selects(Some(&json!({})), &node) && !selects(None, &node));
    }

    #[test]
    fn a_toleration_covers_a_taint_by_key_value_and_effect() {
        let taint = Taint { key: "gpu".into(), value: "yes".into(), effect: "NoSchedule".into() };
        let cases = [
            (("gpu", "Equal", "yes", "NoSchedule"), true),
            (("gpu", "", "yes", ""), true),
            (("gpu", "Equal", "no", "NoSchedule"), false),
            (("gpu", "Exists", "", ""), true),
            (("", "Exists", "", ""), true),
            (("gpu", "Exists", "", "NoExecute"), false),
            (("cpu", "Exists", "", ""), false),
        ];
        for ((key, operator, value, effect), expected) in cases {
            let [key, operator, value, effect] = [key, operator, value, effect].map(str::to_owned);
            let toleration = Toleration { key, operator, value, effect, toleration_seconds: None };
            assert_eq!(tolerates(&[toleration], &taint), expected);
        }
    }
}
