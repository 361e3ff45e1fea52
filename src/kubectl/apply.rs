//! `kubectl apply --dry-run=server -f FILE -n default`: what it prints. (KC/apply; CLI/resource)

use std::fmt::Write as _;

use super::Answer;
use super::resource::{RESOURCES, Resource, What};
use crate::api::{ApiError, Kind};
use crate::manifest::{Client, Posted, Refusal, post};
use crate::yaml;

const NAMESPACE: &str = "default";

/// Applies the documents of `text`, which stand in `file`, without storing anything. One line an object in the order of the file;
/// an object that is refused does not stop the others, but what kubectl cannot read at all stops everything.
pub fn apply_dry_run(text: &str, file: &str) -> Answer {
    let mut printed = Answer::default();
    for document in &yaml::parse(text).value {
        if let Some(error) = &document.error {
            fail(&mut printed, &format!("error: error parsing {file}: error converting YAML to JSON: {}", error.server));
            return printed;
        }
    }
    let posted = post(text, NAMESPACE, Client::Kubectl);
    if posted.is_empty() {
        fail(&mut printed, "error: no objects passed to apply");
        return printed;
    }
    for one in &posted {
        if let Some(problem) = unreadable(one, file) {
            fail(&mut printed, &problem);
            return printed;
        }
    }
    for one in posted {
        match &one.outcome {
            Ok(admitted) => {
                for warning in &admitted.warnings {
                    let _ = writeln!(printed.err, "Warning: {warning}");
                }
                let object = &admitted.object;
                let name = resource(object.kind()).map(|r| r.slash(&object.metadata().name)).unwrap_or_default();
                let _ = writeln!(printed.out, "{name} created (server dry run)");
            }
            Err(refusal) => fail(&mut printed, &refused(refusal, file)),
        }
    }
    printed
}

fn fail(answer: &mut Answer, line: &str) {
    let _ = writeln!(answer.err, "{line}");
    answer.code = 1;
}

/// What kubectl itself finds before it sends anything.
fn unreadable(posted: &Posted, file: &str) -> Option<String> {
    let root = posted.source.root();
    if !matches!(root.kind, yaml::NodeKind::Map(_)) {
        return Some(validating(file, "invalid object to validate"));
    }
    let given = |name: &str| root.get(name).filter(|n| !matches!(n.kind, yaml::NodeKind::Null));
    let mut missing = Vec::new();
    for name in ["apiVersion", "kind"] {
        match given(name) {
            None => missing.push(format!("{name} not set")),
            Some(node) if node.text().is_none() => missing.push(format!("{name} isn't string type")),
            Some(_) => {}
        }
    }
    match missing.as_slice() {
        [] => {}
        [one] => return Some(validating(file, one)),
        many => return Some(validating(file, &format!("[{}]", many.join(", ")))),
    }
    let text = |name: &str| given(name).and_then(yaml::Node::text).unwrap_or_default().to_owned();
    let of_metadata = |name: &str| root.get("metadata").and_then(|m| m.get(name)).and_then(yaml::Node::text).unwrap_or_default();
    let (kind, version) = (text("kind"), text("apiVersion"));
    if !Kind::ALL.into_iter().any(|k| k.as_str() == kind && k.api_version() == version) {
        return Some(format!(
            "error: resource mapping not found for name: \"{}\" namespace: \"{}\" from \"{file}\": no matches for kind \"{kind}\" in \
             version \"{version}\"\nensure CRDs are installed first",
            of_metadata("name"),
            of_metadata("namespace")
        ));
    }
    if let Err(Refusal::Answer(error)) = &posted.outcome
        && let Some((_, problem)) = error.message.split_once(": json: ").filter(|(_, p)| p.contains("Go struct field ObjectMeta.metadata"))
    {
        return Some(format!("error: unable to decode \"{file}\": json: {problem}"));
    }
    let other = of_metadata("namespace");
    let is_namespaced = posted.kind.is_some_and(|k| !matches!(k, Kind::PriorityClass | Kind::Namespace | Kind::Node));
    if is_namespaced && !other.is_empty() && other != NAMESPACE {
        return Some(format!(
            "error: the namespace from the provided object \"{other}\" does not match the namespace \"{NAMESPACE}\". \
             You must pass '--namespace={other}' to perform this operation."
        ));
    }
    unnamed(posted, of_metadata("name"), of_metadata("generateName"), file)
}

/// Apply needs a name to look for.
fn unnamed(posted: &Posted, name: &str, generate: &str, file: &str) -> Option<String> {
    let kind = posted.kind.filter(|_| name.is_empty())?;
    if !generate.is_empty() {
        return Some(format!("error: from {generate}: cannot use generate name with apply"));
    }
    let (group, version) = kind.api_version().split_once('/').unwrap_or(("", kind.api_version()));
    Some(format!(
        "error: error when retrieving current configuration of:\nResource: \"{group}/{version}, Resource={}\", GroupVersionKind: \
         \"{group}/{version}, Kind={}\"\nName: \"\", Namespace: \"{NAMESPACE}\"\nfrom server for: \"{file}\": resource name may not be empty",
        resource(kind).map_or("", |r| r.plural),
        kind.as_str()
    ))
}

fn validating(file: &str, problem: &str) -> String {
    format!(
        "error: error validating \"{file}\": error validating data: {problem}; if you choose to ignore these errors, turn validation \
         off with --validate=false"
    )
}

/// The API server's refusal in kubectl's words. (k8s.io/kubectl/pkg/cmd/util/helpers.go: checkErr, statusCausesToAggrError)
fn refused(refusal: &Refusal, file: &str) -> String {
    match refusal {
        Refusal::Invalid { kind, name, errors } => {
            let kind = kind.split('.').next().unwrap_or(kind);
            let mut texts: Vec<String> = Vec::new();
            for text in errors.iter().map(ToString::to_string) {
                if !texts.contains(&text) {
                    texts.push(text);
                }
            }
            match texts.as_slice() {
                [one] => format!("The {kind} \"{name}\" is invalid: {one}"),
                many => format!("The {kind} \"{name}\" is invalid: \n* {}", many.join("\n* ")),
            }
        }
        Refusal::Answer(ApiError { reason, message, .. }) => {
            format!("Error from server ({reason}): error when creating \"{file}\": {message}")
        }
    }
}

/// How kubectl names a kind. (CLI/resource: printers name)
fn resource(kind: Kind) -> Option<&'static Resource> {
    RESOURCES.iter().find(|r| r.what == What::Objects(kind))
}
