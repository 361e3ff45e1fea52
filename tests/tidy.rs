//! The house rules that a reader would otherwise have to remember: layers, sizes, documentation, imports.

#![cfg(test)]

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use regex::Regex;

/// The rows of the architecture, lowest first; a module uses the rows below its own.
/// The surroundings stand below the manifest, which may describe them, and the field table above the kinds that it lists.
const ROWS: [&[&str]; 11] = [
    &["text", "time", "rng", "order"],
    &["yaml", "api"],
    &["schema"],
    &["decode", "printers", "policy"],
    &["scenario"],
    &["manifest"],
    &["trace"],
    &["sim"],
    &["view", "kubectl", "check", "advice", "assist"],
    &["course", "first"],
    &["app", "cli"],
];

/// A source file: its path below `src` and its text without comments and tests.
struct Source {
    path: String,
    whole: String,
    code: String,
}

fn sources() -> Vec<Source> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut paths = Vec::new();
    collect(&root, &mut paths);
    let read = |path: PathBuf| {
        let whole = fs::read_to_string(&path).unwrap();
        let code = whole.split("#[cfg(test)]\nmod tests").next().unwrap_or_default();
        let code = code.lines().map(|l| l.split("//").next().unwrap_or_default()).collect::<Vec<_>>().join("\n");
        Source { path: path.strip_prefix(&root).unwrap().to_string_lossy().into_owned(), whole, code }
    };
    paths.into_iter().map(read).collect()
}

fn collect(folder: &Path, into: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(&path, into);
        } else if path.extension().is_some_and(|e| e == "rs") {
            into.push(path);
        }
    }
    into.sort();
}

impl Source {
    /// The module of the crate's root that the file belongs to.
    fn module(&self) -> &str {
        let first = self.path.split('/').next().unwrap();
        first.strip_suffix(".rs").unwrap_or(first)
    }

    fn is_test(&self) -> bool {
        self.path.ends_with("/tests.rs") || self.path.contains("/tests/")
    }
}

/// Fails with all complaints at once.
fn assert_none(complaints: &[String]) {
    assert!(complaints.is_empty(), "\n{}\n", complaints.join("\n"));
}

fn row_of(module: &str) -> Option<usize> {
    ROWS.iter().position(|row| row.contains(&module))
}

/// The root modules that a text names with `crate::`, in groups too.
fn named_modules(code: &str) -> Vec<String> {
    let single = Regex::new(r"\bcrate::([a-z_]+)").unwrap();
    let mut names: Vec<String> = single.captures_iter(code).map(|c| c[1].to_owned()).collect();
    for (start, opening) in code.match_indices("crate::{") {
        let after = code.get(start + opening.len()..).unwrap();
        let mut depth = 0;
        let mut word_start = true;
        for (i, c) in after.char_indices() {
            match c {
                '{' => depth += 1,
                '}' if depth == 0 => break,
                '}' => depth -= 1,
                ',' if depth == 0 => word_start = true,
                c if c.is_whitespace() => {}
                _ if depth == 0 && word_start => {
                    word_start = false;
                    let rest = after.get(i..).unwrap();
                    names.push(rest.chars().take_while(|c| c.is_ascii_lowercase() || *c == '_').collect());
                }
                _ => {}
            }
        }
    }
    names
}

#[test]
fn every_module_uses_only_the_rows_below_it() {
    let mut complaints = Vec::new();
    for source in sources() {
        let module = source.module();
        // The tool is a crate of its own, which uses all of the library.
        if ["lib", "main", "main_course", "cli"].contains(&module) {
            continue;
        }
        let Some(row) = row_of(module) else {
            complaints.push(format!("{}: the module `{module}` has no row in the layer table", source.path));
            continue;
        };
        for named in named_modules(&source.code) {
            let allowed = named == module || row_of(&named).is_some_and(|r| r < row);
            if !allowed {
                complaints.push(format!("{}: `{module}` must not use `crate::{named}`", source.path));
            }
        }
    }
    assert_none(&complaints);
}

#[test]
fn groups_of_imports_are_read_too() {
    assert_eq!(named_modules("use crate::{api::{Pod, Kind}, time::SimTime,\n  trace};"), ["api", "time", "trace"]);
    assert_eq!(named_modules("use crate::api::Pod; fn f(x: crate::sim::Event) {}"), ["api", "sim"]);
}

#[test]
fn files_are_small_and_say_what_they_are() {
    let mut complaints = Vec::new();
    for source in sources() {
        let lines = source.code.lines().count();
        if lines > 600 {
            complaints.push(format!("{}: {lines} lines, at most 600 are allowed", source.path));
        }
        if !source.whole.starts_with("//!") {
            complaints.push(format!("{}: begins without `//!`", source.path));
        }
        let name = source.path.rsplit('/').next().unwrap();
        if ["types.rs", "utils.rs", "util.rs", "common.rs", "helpers.rs", "manager.rs", "misc.rs"].contains(&name) {
            complaints.push(format!("{}: is named after nothing", source.path));
        }
    }
    assert_none(&complaints);
}

#[test]
fn nothing_is_left_to_do_without_an_issue() {
    let open = Regex::new(r"\b(TODO|FIXME|XXX)\b").unwrap();
    let with_issue = Regex::new(r"\b(TODO|FIXME|XXX)\(#\d+\)").unwrap();
    let mut complaints = Vec::new();
    for source in sources() {
        for (i, line) in source.whole.lines().enumerate() {
            if open.is_match(line) && !with_issue.is_match(line) {
                complaints.push(format!("{}:{}: names no issue: {}", source.path, i + 1, line.trim()));
            }
        }
    }
    assert_none(&complaints);
}

/// Who may name what: the pattern, and the modules that it is allowed in.
const IMPORTS: [(&str, &[&str]); 3] = [
    (r"\b(web_sys|js_sys|wasm_bindgen|wasm_bindgen_futures|leptos|leptos_router|leptos_use|gloo_\w+)::", &["app", "main", "main_course"]),
    (r"\bclap\b|\bstd::(fs|env|process)\b", &["cli"]),
    (r"\bstd::time\b|\bstd::thread\b|\bthread_local!|\bstd::net::(Tcp|Udp|ToSocketAddrs)", &[]),
];

#[test]
fn the_outside_is_named_only_at_the_edge() {
    let rules: Vec<(Regex, &[&str])> = IMPORTS.iter().map(|(pattern, modules)| (Regex::new(pattern).unwrap(), *modules)).collect();
    let mut complaints = Vec::new();
    for source in sources().iter().filter(|s| !s.is_test()) {
        for (i, line) in source.code.lines().enumerate() {
            for (rule, modules) in &rules {
                if rule.is_match(line) && !modules.contains(&source.module()) {
                    complaints.push(format!("{}:{}: not allowed here: {}", source.path, i + 1, line.trim()));
                }
            }
            if line.contains("cfg(feature") && source.module() != "lib" {
                complaints.push(format!("{}:{}: features are switched in lib.rs alone", source.path, i + 1));
            }
        }
    }
    assert_none(&complaints);
}

#[test]
fn every_rule_of_the_engine_has_its_own_id_and_is_registered() {
    let constant =
        Regex::new(r#"(?:const|static) ([A-Z0-9_]+): (?:crate::trace::)?Rule =\s*(?:crate::trace::)?Rule\s*\{\s*id:\s*"([^"]*)""#).unwrap();
    let registered: Vec<&str> = podlab::sim::rules::all().iter().map(|rule| rule.id).collect();
    let mut seen: BTreeMap<String, String> = BTreeMap::new();
    let mut complaints = Vec::new();
    for source in sources().iter().filter(|s| s.module() == "sim") {
        for found in constant.captures_iter(&source.code) {
            let (name, id) = (&found[1], &found[2]);
            if let Some(other) = seen.insert(id.to_owned(), source.path.clone()) {
                complaints.push(format!("{}: the rule `{id}` is in {other} too", source.path));
            }
            if !registered.contains(&id) {
                complaints.push(format!("{}: the rule `{id}` ({name}) is not listed in sim/rules.rs", source.path));
            }
        }
    }
    assert_eq!(seen.len(), registered.len(), "rules that are defined, and rules that are listed");
    assert_none(&complaints);
}
