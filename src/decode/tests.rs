//! Strict decoding and the generic reader.

use serde::Deserialize;

use super::*;
use crate::text::{FieldPath, LineIndex};
use crate::yaml;

fn refusal(text: &str) -> String {
    match &documents(text).value[0].content {
        Content::Refused { error, .. } => error.message.clone(),
        Content::Object { refusal, .. } => refusal.as_ref().map(|e| e.message.clone()).unwrap_or_default(),
        Content::Own(_) => String::new(),
    }
}

#[test]
fn type_errors_read_as_go_writes_them() {
    let cases = [
        ("containers: [{command: sleep 10}]", "string into Go struct field Container.spec.containers.command of type []string"),
        (
            "containers: [{ports: [{containerPort: '80'}]}]",
            "string into Go struct field ContainerPort.spec.containers.ports.containerPort of type int32",
        ),
        ("containers: {name: app}", "object into Go struct field PodSpec.spec.containers of type []v1.Container"),
        ("terminationGracePeriodSeconds: 1.5", "number 1.5 into Go struct field PodSpec.spec.terminationGracePeriodSeconds of type int64"),
        (
            "containers: [{livenessProbe: {tcpSocket: {port: 80.5}}}]",
            "number 80.5 into Go struct field TCPSocketAction.spec.containers.livenessProbe.ProbeHandler.tcpSocket.port of type int32",
        ),
    ];
    for (spec, what) in cases {
        let expected = format!("Pod in version \"v1\" cannot be handled as a Pod: json: cannot unmarshal {what}");
        assert_eq!(refusal(&format!("apiVersion: v1\nkind: Pod\nspec: {{{spec}}}\n")), expected);
    }
}

#[test]
fn quantities_end_the_reading_and_win_over_other_types() {
    let cases = [("128MB", "quantities must match"), ("1mi", "unable to parse quantity's suffix"), ("1 Gi", "quantities must match")];
    for (text, message) in cases {
        let manifest =
            format!("apiVersion: v1\nkind: Pod\nspec: {{containers: [{{args: 5, resources: {{limits: {{memory: {text}}}}}}}]}}\n");
        assert!(refusal(&manifest).contains(message), "{text}: {}", refusal(&manifest));
    }
}

#[test]
fn unknown_fields_are_all_found_with_their_place_and_a_guess() {
    let text = "apiVersion: v1\nkind: Pod\nspec:\n  restartPolice: Never\n  containers:\n  - name: a\n    livenesProbe: {}\n";
    let parsed = documents(text);
    let lines = LineIndex::new(text);
    let found: Vec<_> = parsed.diagnostics.iter().map(|d| (lines.position(text, d.span.start as usize).line, d.help.clone())).collect();
    assert_eq!(found, [(7, Some("did you mean `livenessProbe`?".to_owned())), (4, Some("did you mean `restartPolicy`?".to_owned()))]);
}

#[test]
fn fields_are_found_in_the_text_by_path() {
    let text = "spec:\n  containers:\n  - name: a\n    resources: {requests: {cpu: 1}}\n";
    let root = yaml::parse(text).value.remove(0).root;
    let map = SourceMap::new(root);
    let cases = [
        ("spec.containers[0].name", "a"),
        ("spec.containers[0].resources.requests[cpu]", "1"),
        ("spec.containers[0].image.tag", "name: a\n    resources: {requests: {cpu: 1}}"),
        ("spec.containers[7].image", "name: a\n    resources: {requests: {cpu: 1}}"),
    ];
    for (path, covered) in cases {
        assert_eq!(map.locate(&FieldPath::from(path)).map(|s| s.of(text)), Some(covered), "{path}");
    }
    assert_eq!(map.locate_key(&FieldPath::from("spec.containers[0].name")).map(|s| s.of(text)), Some("name"));
}

#[derive(Debug, Deserialize, PartialEq)]
#[serde(rename_all = "camelCase")]
struct Sample {
    title: String,
    #[serde(default)]
    points: u32,
    #[serde(default)]
    kind: Flavor,
    #[serde(default)]
    parts: Vec<String>,
}

#[derive(Debug, Default, Deserialize, PartialEq)]
#[serde(rename_all = "camelCase")]
enum Flavor {
    #[default]
    Plain,
    With {
        sauce: String,
    },
}

fn sample(text: &str) -> Result<Sample, (String, String)> {
    let root = yaml::parse(text).value.remove(0).root;
    from_node(&root).map_err(|d| (d.span.of(text).to_owned(), d.message))
}

#[test]
fn own_types_are_read_strictly_with_places() {
    let right = Sample { title: "t".into(), points: 3, kind: Flavor::With { sauce: "hot".into() }, parts: vec!["a".into()] };
    assert_eq!(sample("title: t\npoints: 3\nkind: {with: {sauce: hot}}\nparts: [a]\n"), Ok(right));
    let cases = [
        ("title: t\npints: 3\n", "pints", "there is no field `pints` here"),
        ("title: t\npoints: many\n", "many", "a whole number is wanted here, not `many`"),
        ("title: t\nparts: [a, {b: 1}]\n", "{b: 1}", "text is wanted here, not a mapping"),
        ("title: t\nkind: round\n", "round", "unknown variant `round`, expected `plain` or `with`"),
        ("title: t\ntitle: u\n", "title", "`title` is given twice"),
        ("points: 1\n", "points: 1", "missing field `title`"),
    ];
    for (text, covered, message) in cases {
        assert_eq!(sample(text), Err((covered.to_owned(), message.to_owned())), "{text}");
    }
}
