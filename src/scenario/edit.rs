//! Changes to the Scenario document of a text that leave everything else in it alone: comments, layout, fields that no form knows.

use crate::yaml::{self, Node, NodeKind};

/// A step from the `spec` of the Scenario to one of its values.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// A field of a mapping.
    Field(&'static str),
    /// An element of a list.
    At(usize),
}

/// What a new Scenario looks like before its first field.
const EMPTY: &str = "apiVersion: podlab/v1\nkind: Scenario\nspec:\n";

/// The `spec` of the Scenario in a text, if the text can be read and has one.
pub fn spec(text: &str) -> Option<Node> {
    let root = document(text)?;
    root.get("spec").cloned()
}

fn document(text: &str) -> Option<Node> {
    let parsed = yaml::parse(text);
    parsed.value.into_iter().map(|d| d.root).find(|root| root.get("kind").and_then(Node::text) == Some("Scenario"))
}

/// A value as it is written, without quotes; nothing if it is not there.
pub fn get(text: &str, path: &[Step]) -> Option<String> {
    let mut node = &spec(text)?;
    for step in path {
        node = match step {
            Step::Field(name) => node.get(name)?,
            Step::At(index) => node.items().get(*index)?,
        };
    }
    let written = text.get(node.span.start as usize..node.span.end as usize).unwrap_or_default();
    Some(node.text().unwrap_or_else(|| written.trim()).to_owned())
}

/// How many elements a list has.
pub fn len(text: &str, list: &str) -> usize {
    spec(text).and_then(|spec| Some(spec.get(list)?.items().len())).unwrap_or_default()
}

/// A text as a YAML value: in quotes unless it is plain.
pub fn quoted(text: &str) -> String {
    let text = text.trim();
    let is_plain = text.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '/' | '_'));
    if is_plain { text.to_owned() } else { format!("'{}'", text.replace('\'', "''")) }
}

/// Sets a value, given as YAML; an empty one removes the field. A text that cannot be read stays as it is.
#[must_use]
pub fn set(text: &str, path: &[Step], value: &str) -> String {
    if yaml::parse(text).has_errors() {
        return text.to_owned();
    }
    match document(text) {
        None if value.is_empty() => text.to_owned(),
        None => format!("{}{EMPTY}{}", start_of_document(text), field(path, value, "  ")),
        Some(root) => match root.get("spec").filter(|spec| !matches!(spec.kind, NodeKind::Null)) {
            None => with_spec(text, &root, path, value),
            Some(spec) => within(text, spec, path, value),
        },
    }
}

/// Adds an element, given as YAML, to a list.
#[must_use]
pub fn add(text: &str, list: &'static str, element: &str) -> String {
    match spec(text).as_ref().and_then(|spec| spec.get(list)).and_then(|node| node.items().last().map(|last| (node.clone(), last.clone())))
    {
        None => set(text, &[Step::Field(list)], &format!("[{element}]")),
        Some((node, last)) if is_flow(text, &node) => insert(text, last.span.end as usize, &format!(", {element}")),
        Some((node, last)) => {
            let first = node.items().first().map_or(0, |first| first.span.start as usize);
            let dash = text.get(..first).and_then(|before| before.rfind('-')).unwrap_or(first);
            insert(text, end_of_line(text, last.span.end as usize), &format!("\n{}- {element}", " ".repeat(column(text, dash))))
        }
    }
}

/// Removes an element of a list, and the list with its last one.
#[must_use]
pub fn remove(text: &str, list: &'static str, index: usize) -> String {
    let Some(node) = spec(text).and_then(|spec| spec.get(list).cloned()) else { return text.to_owned() };
    let Some(element) = node.items().get(index) else { return text.to_owned() };
    if node.items().len() == 1 {
        return set(text, &[Step::Field(list)], "");
    }
    if is_flow(text, &node) {
        return without_flow(text, element.span.start as usize, element.span.end as usize);
    }
    cut(text, start_of_line(text, element.span.start as usize), end_of_line(text, element.span.end as usize) + 1)
}

/// What has to stand before a further document.
fn start_of_document(text: &str) -> String {
    match text.trim_end() {
        "" => String::new(),
        text => format!("{text}\n---\n"),
    }
}

fn with_spec(text: &str, root: &Node, path: &[Step], value: &str) -> String {
    if value.is_empty() {
        return text.to_owned();
    }
    let lines = field(path, value, "  ");
    match root.entries().iter().find(|e| e.key == "spec") {
        Some(entry) => insert(text, end_of_line(text, entry.key_span.end as usize), &format!("\n{}", lines.trim_end())),
        None => {
            let last = root.entries().last().map_or(root.span.end, |e| e.value.span.end);
            insert(text, end_of_line(text, last as usize), &format!("\nspec:\n{}", lines.trim_end()))
        }
    }
}

/// Follows the path as far as it is there, and sets or adds the rest.
fn within(text: &str, node: &Node, path: &[Step], value: &str) -> String {
    match path.split_first() {
        None => replace(text, node, value),
        Some((Step::At(index), rest)) => node.items().get(*index).map_or_else(|| text.to_owned(), |node| within(text, node, rest, value)),
        Some((Step::Field(name), rest)) => match node.entries().iter().find(|e| e.key == *name) {
            Some(entry) if rest.is_empty() && value.is_empty() => {
                without(text, node, (entry.key_span.start as usize, entry.value.span.end as usize))
            }
            Some(entry) if rest.is_empty() => replace(text, &entry.value, &inline(value)),
            Some(entry) => within(text, &entry.value, rest, value),
            None if value.is_empty() => text.to_owned(),
            None => with_field(text, node, path, value),
        },
    }
}

fn with_field(text: &str, node: &Node, path: &[Step], value: &str) -> String {
    let Some(last) = node.entries().last() else { return replace(text, node, &format!("{{{}}}", field(path, value, "").trim_end())) };
    let end = last.value.span.end.max(last.key_span.end) as usize;
    if is_flow(text, node) {
        return insert(text, end, &format!(", {}", field(path, value, "").trim_end()));
    }
    let indent = node.entries().first().map_or(0, |first| column(text, first.key_span.start as usize));
    insert(text, end_of_line(text, end), &format!("\n{}", field(path, value, &" ".repeat(indent)).trim_end()))
}

/// `name: value` with what stands on the path below `name` in braces; a list gets lines of its own.
fn field(path: &[Step], value: &str, indent: &str) -> String {
    let mut names = path.iter().filter_map(|step| if let Step::Field(name) = step { Some(*name) } else { None });
    let name = names.next().unwrap_or_default();
    let inner: Vec<&str> = names.collect();
    if inner.is_empty()
        && !indent.is_empty()
        && let Some(element) = value.strip_prefix('[').and_then(|v| v.strip_suffix(']'))
    {
        return format!("{indent}{name}:\n{indent}- {element}\n");
    }
    let value = inner.iter().rev().fold(value.to_owned(), |value, name| format!("{{{name}: {value}}}"));
    format!("{indent}{name}: {value}\n")
}

/// A value in place of one that is there stays on its line.
fn inline(value: &str) -> String {
    value.replace('\n', " ")
}

fn replace(text: &str, node: &Node, value: &str) -> String {
    let (start, end) = (node.span.start as usize, node.span.end as usize);
    let gap = if start == end && !text.get(..start).is_some_and(|before| before.ends_with(' ')) { " " } else { "" };
    let head = text.get(..start).unwrap_or_default();
    let tail = text.get(end..).unwrap_or_default();
    format!("{head}{gap}{value}{tail}")
}

/// A field out of its mapping.
fn without(text: &str, node: &Node, (start, end): (usize, usize)) -> String {
    if is_flow(text, node) {
        return without_flow(text, start, end);
    }
    cut(text, start_of_line(text, start), end_of_line(text, end) + 1)
}

/// Something between commas, and one of them.
fn without_flow(text: &str, start: usize, end: usize) -> String {
    let before = text.get(..start).unwrap_or_default().trim_end();
    if before.ends_with(',') {
        return cut(text, before.len() - 1, end);
    }
    let after = text.get(end..).unwrap_or_default();
    let comma = after.len() - after.trim_start().trim_start_matches(',').trim_start().len();
    cut(text, start, end + comma)
}

/// Whether braces or brackets hold it. A list in lines of its own begins where its first element begins.
fn is_flow(text: &str, node: &Node) -> bool {
    let opens = text.get(node.span.start as usize..).is_some_and(|from| from.starts_with(['{', '[']));
    opens && node.items().first().is_none_or(|first| first.span.start > node.span.start)
}

fn column(text: &str, at: usize) -> usize {
    at - start_of_line(text, at)
}

fn start_of_line(text: &str, at: usize) -> usize {
    text.get(..at).and_then(|before| before.rfind('\n')).map_or(0, |i| i + 1)
}

fn end_of_line(text: &str, at: usize) -> usize {
    // The span of a block ends where the next token begins; its own last line is the one that is meant.
    let at = text.get(..at).map_or(at, |before| before.trim_end().len());
    text.get(at..).and_then(|rest| rest.find('\n')).map_or(text.len(), |i| at + i)
}

fn insert(text: &str, at: usize, new: &str) -> String {
    let (head, tail) = text.split_at_checked(at.min(text.len())).unwrap_or((text, ""));
    format!("{head}{new}{tail}")
}

fn cut(text: &str, start: usize, end: usize) -> String {
    let head = text.get(..start).unwrap_or(text);
    format!("{head}{}", text.get(end.min(text.len())..).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;
    use Step::{At, Field};

    const BLOCK: &str = "kind: Pod\n---\napiVersion: podlab/v1\nkind: Scenario\nspec:\n  # a minute\n  duration: 60s   # or more\n  hosts:\n  - {name: db, ports: [5432], from: 25s}\n  - name: cache # here\n    ports: [6379]\n  images:\n    - {image: 'shop:1'}\n";

    /// What changed: the lines that went and those that came.
    fn diff(old: &str, new: &str) -> Vec<String> {
        let (old, new): (Vec<&str>, Vec<&str>) = (old.lines().collect(), new.lines().collect());
        let gone = old.iter().filter(|l| !new.contains(l)).map(|l| format!("-{}", l.trim()));
        gone.chain(new.iter().filter(|l| !old.contains(l)).map(|l| format!("+{l}"))).collect()
    }

    #[test]
    fn a_value_changes_and_nothing_else() {
        let cases: [(&[Step], &str, &[&str]); 9] = [
            (&[Field("duration")], "2m", &["-duration: 60s   # or more", "+  duration: 2m   # or more"]),
            (&[Field("seed")], "7", &["+  seed: 7"]),
            (
                &[Field("hosts"), At(0), Field("from")],
                "30s",
                &["-- {name: db, ports: [5432], from: 25s}", "+  - {name: db, ports: [5432], from: 30s}"],
            ),
            (&[Field("hosts"), At(0), Field("from")], "", &["-- {name: db, ports: [5432], from: 25s}", "+  - {name: db, ports: [5432]}"]),
            (
                &[Field("hosts"), At(0), Field("until")],
                "80s",
                &["-- {name: db, ports: [5432], from: 25s}", "+  - {name: db, ports: [5432], from: 25s, until: 80s}"],
            ),
            (&[Field("hosts"), At(1), Field("until")], "80s", &["+    until: 80s"]),
            (
                &[Field("images"), At(0), Field("crash"), Field("after")],
                "5s",
                &["-- {image: 'shop:1'}", "+    - {image: 'shop:1', crash: {after: 5s}}"],
            ),
            (&[Field("duration")], "", &["-duration: 60s   # or more"]),
            (&[Field("seed")], "", &[]),
        ];
        for (path, value, expected) in cases {
            assert_eq!(diff(BLOCK, &set(BLOCK, path, value)), expected, "{path:?} {value}");
        }
    }

    #[test]
    fn values_are_read_as_they_are_written() {
        let cases: [(&[Step], Option<&str>); 5] = [
            (&[Field("duration")], Some("60s")),
            (&[Field("hosts"), At(0), Field("ports")], Some("[5432]")),
            (&[Field("images"), At(0), Field("image")], Some("shop:1")),
            (&[Field("hosts"), At(2), Field("name")], None),
            (&[Field("seed")], None),
        ];
        for (path, value) in cases {
            assert_eq!(get(BLOCK, path).as_deref(), value, "{path:?}");
        }
        assert_eq!((len(BLOCK, "hosts"), len(BLOCK, "actions")), (2, 0));
        assert_eq!([quoted("5s"), quoted("shop:1"), quoted("it's")], ["5s", "'shop:1'", "'it''s'"]);
    }

    #[test]
    fn elements_come_and_go() {
        let host = "{name: mail, ports: [25]}";
        assert_eq!(diff(BLOCK, &add(BLOCK, "hosts", host)), ["+  - {name: mail, ports: [25]}"]);
        assert_eq!(diff(BLOCK, &add(BLOCK, "images", "{image: x}")), ["+    - {image: x}"]);
        assert_eq!(diff(BLOCK, &add(BLOCK, "actions", "{at: 5s}")), ["+  actions:", "+  - {at: 5s}"]);
        assert_eq!(diff(BLOCK, &remove(BLOCK, "hosts", 0)), ["-- {name: db, ports: [5432], from: 25s}"]);
        assert_eq!(diff(BLOCK, &remove(BLOCK, "hosts", 1)), ["-- name: cache # here", "-ports: [6379]"]);
        assert_eq!(diff(BLOCK, &remove(BLOCK, "images", 0)), ["-images:", "-- {image: 'shop:1'}"]);
        assert_eq!(remove(BLOCK, "actions", 0), BLOCK);
        let flow = "kind: Scenario\nspec: {hosts: [{name: a}, {name: b}]}";
        assert_eq!(add(flow, "hosts", "{name: c}"), "kind: Scenario\nspec: {hosts: [{name: a}, {name: b}, {name: c}]}");
        assert_eq!(remove(flow, "hosts", 0), "kind: Scenario\nspec: {hosts: [{name: b}]}");
        assert_eq!(add(flow, "images", "{image: x}"), "kind: Scenario\nspec: {hosts: [{name: a}, {name: b}], images: [{image: x}]}");
    }

    #[test]
    fn a_scenario_is_begun_where_there_is_none() {
        let scenario = "apiVersion: podlab/v1\nkind: Scenario\nspec:\n  seed: 3\n";
        let cases = [
            ("", scenario.to_owned()),
            ("kind: Pod\n", format!("kind: Pod\n---\n{scenario}")),
            ("kind: Scenario\nspec:\n", "kind: Scenario\nspec:\n  seed: 3\n".to_owned()),
            ("kind: Scenario\n", "kind: Scenario\nspec:\n  seed: 3\n".to_owned()),
            ("kind: Scenario\nspec: {}\n", "kind: Scenario\nspec: {seed: 3}\n".to_owned()),
            ("a: [", "a: [".to_owned()),
        ];
        for (text, expected) in cases {
            assert_eq!(set(text, &[Field("seed")], "3"), expected, "{text}");
        }
    }
}
