//! Help while a manifest is typed: which fields and values fit at the cursor, and what a field means.
//!
//! A half-typed text is no YAML, so the place is found by indentation. Left out: places within braces.

mod place;
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
        (None, of) => fields(of, &place),
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
    let missing = of.fields.iter().filter(|field| !place.siblings.contains(&field.name) && field.name != "status");
    let one = |field: &crate::schema::Field| Completion {
        label: field.name.to_owned(),
        detail: field.of.word(),
        info: words::meaning(field.name),
        insert: format!("{}:{}", field.name, after(field.of, place.column)),
    };
    missing.map(one).collect()
}

/// What follows a new field: a space for a value, a line of its own for what has fields or elements.
fn after(of: Type, column: usize) -> String {
    match of {
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
    known.into_iter().map(|label| Completion { insert: label.clone(), label, detail: of.word(), info: "" }).collect()
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
    fn nothing_fits_where_no_field_is() {
        for text in ["kind: Pod\nmetadata:\n  labels:\n    a", "kind: Pod\nspec:\n  nonsense:\n    x", "# ki", "kind: Pod\nspec: {con"] {
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
