//! `-o jsonpath=TEMPLATE`: paths with names, indexes and `[*]`, text between them, `range` and quoted text.
//! (client-go/util/jsonpath) Left out: filters `?(...)`, slices, `..`.

use serde_json::Value;

/// A part of a template.
enum Part<'t> {
    /// Text as it stands.
    Text(String),
    /// A path from the current value.
    Path(&'t str),
    /// What is repeated for each value of a path.
    Range(&'t str, Vec<Part<'t>>),
}

/// Prints a template of a value; a missing field prints nothing.
///
/// # Errors
/// What is wrong with the template or not simulated.
pub(super) fn print(template: &str, root: &Value) -> Result<String, String> {
    let mut rest = template;
    let parts = parse(&mut rest, false)?;
    let mut out = String::new();
    write(&mut out, &parts, root, root)?;
    Ok(out)
}

/// Reads until the end, or until the `{end}` of a range.
fn parse<'t>(rest: &mut &'t str, in_range: bool) -> Result<Vec<Part<'t>>, String> {
    let mut parts = Vec::new();
    while let Some((text, after)) = rest.split_once('{') {
        if !text.is_empty() {
            parts.push(Part::Text(text.to_owned()));
        }
        let (inner, after) = after.split_once('}').ok_or("unclosed action")?;
        *rest = after;
        let inner = inner.trim();
        if inner == "end" {
            return if in_range { Ok(parts) } else { Err("not in range, nothing to end".into()) };
        }
        if let Some(path) = inner.strip_prefix("range ") {
            parts.push(Part::Range(path.trim(), parse(rest, true)?));
        } else if let Some(quoted) = inner.strip_prefix(['"', '\'']) {
            let text = quoted.strip_suffix(['"', '\'']).unwrap_or(quoted);
            parts.push(Part::Text(text.replace("\\n", "\n").replace("\\t", "\t")));
        } else {
            parts.push(Part::Path(inner));
        }
    }
    if in_range {
        return Err("unclosed action".into());
    }
    if !rest.is_empty() {
        parts.push(Part::Text((*rest).to_owned()));
    }
    Ok(parts)
}

fn write(out: &mut String, parts: &[Part<'_>], root: &Value, current: &Value) -> Result<(), String> {
    for part in parts {
        match part {
            Part::Text(text) => out.push_str(text),
            Part::Path(path) => {
                let found: Vec<String> = select(path, root, current)?.into_iter().map(shown).collect();
                out.push_str(&found.join(" "));
            }
            Part::Range(path, body) => {
                for value in select(path, root, current)? {
                    write(out, body, root, value)?;
                }
            }
        }
    }
    Ok(())
}

fn shown(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Null => String::new(),
        Value::Bool(_) | Value::Number(_) | Value::Array(_) | Value::Object(_) => value.to_string(),
    }
}

/// The values of a path: `.status.phase`, `$.items[*].metadata.name`, `.metadata.labels['app']`, `@`.
fn select<'v>(path: &str, root: &'v Value, current: &'v Value) -> Result<Vec<&'v Value>, String> {
    let (mut rest, start) = match path.strip_prefix('$') {
        Some(rest) => (rest, root),
        None => (path.strip_prefix('@').unwrap_or(path), current),
    };
    let mut found = vec![start];
    while !rest.is_empty() {
        let (step, after) = step(rest)?;
        rest = after;
        found = found.into_iter().flat_map(|value| follow(value, &step)).collect();
    }
    Ok(found)
}

/// One step of a path.
enum Step {
    Name(String),
    Index(i64),
    All,
}

fn step(rest: &str) -> Result<(Step, &str), String> {
    if let Some(inner) = rest.strip_prefix('[') {
        let (inner, after) = inner.split_once(']').ok_or("unterminated array")?;
        if let Some(name) = inner.strip_prefix(['\'', '"']) {
            return Ok((Step::Name(name.trim_end_matches(['\'', '"']).replace("\\.", ".")), after));
        }
        return match (inner, inner.parse()) {
            ("*", _) => Ok((Step::All, after)),
            (_, Ok(index)) => Ok((Step::Index(index), after)),
            _ => Err(format!("not simulated: [{inner}]")),
        };
    }
    let rest = rest.strip_prefix('.').unwrap_or(rest);
    if rest.starts_with('.') {
        return Err("not simulated: ..".into());
    }
    let mut name = String::new();
    let mut letters = rest.char_indices();
    let mut end = rest.len();
    while let Some((at, c)) = letters.next() {
        match c {
            '\\' => name.extend(letters.next().map(|(_, c)| c)),
            '.' | '[' => {
                end = at;
                break;
            }
            c => name.push(c),
        }
    }
    let after = rest.get(end..).unwrap_or_default();
    Ok((if name == "*" { Step::All } else { Step::Name(name) }, after))
}

fn follow<'v>(value: &'v Value, step: &Step) -> Vec<&'v Value> {
    match (step, value) {
        (Step::Name(name), _) if name.is_empty() => vec![value],
        (Step::Name(name), _) => value.get(name).into_iter().collect(),
        (Step::Index(index), Value::Array(list)) => {
            let at = if *index < 0 { index + i64::try_from(list.len()).unwrap_or_default() } else { *index };
            usize::try_from(at).ok().and_then(|at| list.get(at)).into_iter().collect()
        }
        (Step::All, Value::Array(list)) => list.iter().collect(),
        (Step::All, Value::Object(map)) => map.values().collect(),
        (Step::Index(_) | Step::All, _) => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn templates_print_what_kubectl_prints() {
        let list = json!({"items": [
            {"metadata": {"name": "a", "labels": {"app.io/x": "1"}}, "status": {"n": 1, "ok": true}},
            {"metadata": {"name": "b"}, "status": {"n": 2, "list": [1, 2]}},
        ]});
        let cases = [
            ("{.items[*].metadata.name}", "a b"),
            ("{.items[0].status.n}", "1"),
            ("{.items[-1].status.list}", "[1,2]"),
            ("{.items[0].metadata.labels.app\\.io/x}|{.items[0].metadata.labels['app\\.io/x']}", "1|1"),
            ("{range .items[*]}{.metadata.name}={.status.n}{\"\\n\"}{end}", "a=1\nb=2\n"),
            ("names: {$.items[1].metadata.name} {.none.at.all}.", "names: b ."),
            ("{.items[0].status}", "{\"n\":1,\"ok\":true}"),
        ];
        for (template, want) in cases {
            assert_eq!(print(template, &list).as_deref(), Ok(want), "{template}");
        }
        assert_eq!(print("{.items[?(@.x==1)]}", &list), Err("not simulated: [?(@.x==1)]".into()));
        assert_eq!(print("{.a", &list), Err("unclosed action".into()));
    }
}
