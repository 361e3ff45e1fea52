//! Help while a manifest is typed: which fields and values fit at the cursor, and what a field means.
//!
//! A half-typed text is no YAML, so the place is found by indentation, and within braces by what is open on the line.

mod place;
mod snippets;
mod words;

use crate::api::Kind;
use crate::schema::{Struct, Type};
use place::{Place, place};

/// Something that fits at the cursor.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Completion {
    /// What is shown.
    pub label: String,
    /// Its type, in words.
    pub detail: &'static str,
    /// What it means; empty where there is nothing to say.
    pub info: &'static str,
    /// What is put in.
    pub insert: String,
    /// Whether that is a template with places to fill in, as editors know them: `${1:name}`.
    pub is_snippet: bool,
}

/// What a field is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hover {
    /// Where it stands: `spec.containers.image`.
    pub path: String,
    /// Its type, in words.
    pub detail: &'static str,
    /// What it means; empty where there is nothing to say.
    pub info: &'static str,
    /// The values it can have, if they are known.
    pub values: &'static [&'static str],
}

/// What fits at `offset`, in bytes, and where the word that it replaces begins.
pub fn complete(text: &str, offset: usize) -> Option<(usize, Vec<Completion>)> {
    let place = place(text, offset)?;
    let all = match (&place.key, mapping(&place)?) {
        (None, of) => [fields(of, &place), snippets::all(of.go, &place)].concat(),
        (Some(key), of) => values(key, of.field(key)?.of, &place),
    };
    let typed = place.word.to_lowercase();
    let fits = |c: &Completion| c.label.to_lowercase().starts_with(&typed);
    Some((place.from, all.into_iter().filter(fits).collect()))
}

/// What the field at `offset` is.
pub fn hover(text: &str, offset: usize) -> Option<Hover> {
    let line_end = text.get(offset..)?.find(['\n', ':']).map_or(text.len(), |i| offset + i);
    let place = place(text, line_end)?;
    if place.key.is_some() || !(place.from..=line_end).contains(&offset) {
        return None;
    }
    let field = mapping(&place)?.field(place.word)?;
    let path: Vec<&str> = place.path.iter().map(String::as_str).chain([place.word]).collect();
    Some(Hover { path: path.join("."), detail: field.of.word(), info: words::meaning(field.name), values: words::values(field.of) })
}

/// The mapping that the cursor is in.
fn mapping(place: &Place<'_>) -> Option<&'static Struct> {
    let mut of = root(place.kind);
    for name in &place.path {
        of = inner(of.field(name)?.of)?;
    }
    Some(of)
}

/// The fields of a document; before its kind is known, those that every object has.
fn root(kind: &str) -> &'static Struct {
    let kind = Kind::ALL.into_iter().find(|k| k.as_str() == kind).unwrap_or(Kind::Pod);
    crate::schema::root(kind)
}

fn inner(of: Type) -> Option<&'static Struct> {
    match of {
        Type::Object(of) => Some(of),
        Type::List(of) | Type::Map(of) => inner(*of),
        Type::Str
        | Type::Named(_)
        | Type::Bool
        | Type::Int32
        | Type::Int64
        | Type::Quantity
        | Type::IntOrString
        | Type::Time
        | Type::Bytes
        | Type::Any
        | Type::Resources => None,
    }
}

fn fields(of: &'static Struct, place: &Place<'_>) -> Vec<Completion> {
    let mut missing: Vec<&crate::schema::Field> =
        of.fields.iter().filter(|field| !place.siblings.contains(&field.name) && field.name != "status").collect();
    // What people mostly write comes first.
    crate::order::sort_by_key(&mut missing, |field| words::rank(field.name));
    let one = |field: &crate::schema::Field| Completion {
        label: field.name.to_owned(),
        detail: field.of.word(),
        info: words::meaning(field.name),
        insert: format!("{}:{}", field.name, after(field.of, place)),
        is_snippet: false,
    };
    missing.into_iter().map(one).collect()
}

/// What follows a new field: a space for a value, a line of its own for what has fields or elements.
fn after(of: Type, place: &Place<'_>) -> String {
    let column = place.column;
    match of {
        _ if place.is_flow => " ".to_owned(),
        Type::List(Type::Object(_)) => format!("\n{}- ", " ".repeat(column)),
        Type::Object(_) | Type::Map(_) | Type::Resources => format!("\n{}", " ".repeat(column + 2)),
        Type::Str
        | Type::Named(_)
        | Type::Bool
        | Type::Int32
        | Type::Int64
        | Type::Quantity
        | Type::IntOrString
        | Type::Time
        | Type::Bytes
        | Type::Any
        | Type::List(_) => " ".to_owned(),
    }
}

fn values(key: &str, of: Type, place: &Place<'_>) -> Vec<Completion> {
    let known: Vec<String> = match (key, place.path.last().map(String::as_str)) {
        ("kind", None) => Kind::ALL.iter().map(|kind| kind.as_str().to_owned()).collect(),
        ("apiVersion", None) => {
            let kind = Kind::ALL.into_iter().find(|k| k.as_str() == place.kind);
            kind.map_or_else(|| vec!["v1".into(), "apps/v1".into(), "batch/v1".into()], |kind| vec![kind.api_version().to_owned()])
        }
        ("name", Some("volumeMounts")) => place.names("volumes"),
        ("port", Some("httpGet" | "tcpSocket")) => place.names("ports"),
        _ => words::values(of).iter().map(|value| (*value).to_owned()).collect(),
    };
    known.into_iter().map(|label| Completion { insert: label.clone(), label, detail: of.word(), info: "", is_snippet: false }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const POD: &str = "apiVersion: v1
kind: Pod
metadata: {name: web}
spec:
  containers:
  - name: app
    image: nginx
    ports:
    - {name: http, containerPort: 80}
    readinessProbe:
      httpGet:
        path: /
        port: @2
      @1
    volumeMounts:
    - mountPath: /data
      name: @3
    image@4
  volumes:
  - name: data
    emptyDir: {}
  restart@5
  restartPolicy: On@6
";

    /// The text without the marks, and where mark `n` was.
    fn at(n: usize) -> (String, usize) {
        let mark = format!("@{n}");
        let clean = |text: &str| (1..=6).fold(text.to_owned(), |text, n| text.replace(&format!("@{n}"), ""));
        let (before, _) = POD.split_once(&mark).unwrap();
        (clean(POD), clean(before).len())
    }

    fn labels(n: usize) -> Vec<String> {
        let (text, offset) = at(n);
        complete(&text, offset).map(|(_, all)| all.into_iter().map(|c| c.label).collect()).unwrap_or_default()
    }

    #[test]
    fn what_fits_follows_from_the_place() {
        assert!(["exec", "tcpSocket", "periodSeconds", "failureThreshold"].iter().all(|name| labels(1).contains(&(*name).to_owned())));
        assert!(!labels(1).contains(&"httpGet".to_owned()), "it is there already");
        assert_eq!(labels(2), ["http"]);
        assert_eq!(labels(3), ["data"]);
        assert_eq!(labels(4), ["imagePullPolicy"]);
        assert_eq!(labels(5), Vec::<String>::new(), "restartPolicy is there already");
        assert_eq!(labels(6), ["OnFailure"]);
    }

    #[test]
    fn a_new_field_brings_its_indentation() {
        let insert = |text: &str, label: &str| {
            let (from, all) = complete(text, text.len()).unwrap();
            let found = all.into_iter().find(|c| c.label == label).unwrap();
            format!("{}{}", text.get(..from).unwrap(), found.insert)
        };
        let cases = [
            ("ki", "kind", "kind: "),
            ("kind: Pod\nsp", "spec", "kind: Pod\nspec:\n  "),
            ("kind: Pod\nspec:\n  con", "containers", "kind: Pod\nspec:\n  containers:\n  - "),
            ("kind: Pod\nspec:\n  containers:\n  - ", "name", "kind: Pod\nspec:\n  containers:\n  - name: "),
            (
                "kind: Job\nspec:\n  template:\n    spec:\n      rest",
                "restartPolicy",
                "kind: Job\nspec:\n  template:\n    spec:\n      restartPolicy: ",
            ),
            ("kind: Pod\n---\nkind: Service\nspec:\n  ty", "type", "kind: Pod\n---\nkind: Service\nspec:\n  type: "),
        ];
        for (text, label, after) in cases {
            assert_eq!(insert(text, label), after);
        }
    }

    #[test]
    fn braces_are_followed_inwards() {
        let labels = |text: &str| -> Vec<String> {
            complete(text, text.len()).map(|(_, all)| all.into_iter().map(|c| c.label).collect()).unwrap_or_default()
        };
        let head = "kind: Pod\nspec:\n  containers:\n";
        let cases = [
            ("kind: Pod\nspec: {con".to_owned(), "containers"),
            (format!("{head}  - {{name: app, imageP"), "imagePullPolicy"),
            (format!("{head}  - {{name: app, imagePullPolicy: Ne"), "Never"),
            (format!("{head}  - name: app\n    readinessProbe: {{httpGet: {{path: /, sch"), "scheme"),
            (format!("{head}  - name: app\n    readinessProbe: {{httpGet: {{path: /}}, initial"), "initialDelaySeconds"),
            (format!("{head}  - name: app\n    env: [{{name: A, valueF"), "valueFrom"),
        ];
        for (text, label) in cases {
            assert_eq!(labels(&text), [label], "{text}");
        }
        assert!(!labels(&format!("{head}  - {{name: app, ")).contains(&"name".to_owned()), "it is there already");
    }

    #[test]
    fn snippets_fit_their_place() {
        let snippets = |text: &str| -> Vec<String> {
            let all = complete(text, text.len()).map(|(_, all)| all).unwrap_or_default();
            all.into_iter().filter(|c| c.is_snippet).map(|c| c.label).collect()
        };
        assert_eq!(snippets(""), ["pod", "service", "configmap", "scenario"]);
        assert_eq!(snippets("kind: Pod\nspec:\n  "), ["sidecar", "volume"]);
        assert_eq!(snippets("kind: Pod\nspec:\n  containers:\n  - "), ["container"]);
        assert_eq!(snippets("kind: Pod\nspec:\n  initContainers:\n  - "), ["init", "sidecar"]);
        assert_eq!(snippets("kind: Pod\nspec:\n  volumes:\n  - "), ["volume shared", "volume config", "volume secret"]);
        let probes = "kind: Pod\nspec:\n  containers:\n  - name: app\n    livenessProbe: {}\n    pro";
        assert_eq!(snippets(probes), ["probe readiness", "probe startup"]);
    }

    #[test]
    fn every_snippet_is_a_manifest_without_errors_once_it_is_filled_in() {
        let filled = |insert: &str, indentation: usize| {
            let plain = insert.split("${").map(|part| {
                part.split_once(':')
                    .filter(|(n, _)| n.parse::<u8>().is_ok())
                    .map_or_else(|| part.to_owned(), |(_, rest)| rest.replacen('}', "", 1))
            });
            plain.collect::<String>().replace('\n', &format!("\n{}", " ".repeat(indentation)))
        };
        let head = "apiVersion: v1\nkind: Pod\nmetadata: {name: web}\nspec:\n";
        let pod = format!("{head}  containers:\n  - name: app\n    image: nginx:1.25\n");
        let places = [
            String::new(),
            format!("{pod}  "),
            format!("{pod}    "),
            format!("{pod}    env:\n    - "),
            format!("{pod}  volumes:\n  - "),
            format!("{pod}  initContainers:\n  - "),
            format!("{head}  containers:\n  - "),
        ];
        let mut seen = 0;
        for place in places {
            let (from, all) = complete(&place, place.len()).unwrap();
            for snippet in all.into_iter().filter(|c| c.is_snippet) {
                let line = place.rsplit('\n').next().unwrap_or_default();
                let indentation = line.len() - line.trim_start().len();
                let text = format!("{}{}\n", place.get(..from).unwrap(), filled(&snippet.insert, indentation));
                let found = crate::manifest::read(&text);
                assert!(!found.has_errors(), "{text}\n{:?}", found.diagnostics);
                seen += 1;
            }
        }
        assert!(seen >= 17, "{seen}");
    }

    #[test]
    fn nothing_fits_where_no_field_is() {
        for text in
            ["kind: Pod\nmetadata:\n  labels:\n    a", "kind: Pod\nspec:\n  nonsense:\n    x", "# ki", "kind: Pod\nspec: {nodeName: \"con"]
        {
            assert_eq!(complete(text, text.len()).map(|(_, all)| all.len()).unwrap_or_default(), 0, "{text}");
        }
    }

    #[test]
    fn a_field_says_what_it_is() {
        let text = "kind: Pod\nspec:\n  containers:\n  - name: app\n    imagePullPolicy: Always\n";
        let found = hover(text, text.find("PullPolicy").unwrap()).unwrap();
        assert_eq!((found.path.as_str(), found.values), ("spec.containers.imagePullPolicy", &["Always", "IfNotPresent", "Never"][..]));
        assert!(!found.info.is_empty());
        assert_eq!(hover(text, text.find("Always").unwrap()), None);
    }
}
