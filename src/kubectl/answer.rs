//! What a command line prints at a moment of a trace.

use serde_json::{Value, json};

use super::command::{Command, Target, Verb, parse};
use super::describe::{describe_one, describe_service};
use super::events::events_like;
use super::get::{Columns, Style, columns, lay_out, watch_pods};
use super::items::{Content, Item, items};
use super::jsonpath;
use super::logs::{LogsOf, pod_logs};
use super::resource::What;
use super::{nothing_found, store};
use crate::api::{Kind, Object};
use crate::printers::{table, yaml_text};
use crate::time::SimTime;
use crate::trace::Trace;

/// What a command leaves: texts on both streams and the exit code.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Answer {
    /// Standard output.
    pub out: String,
    /// Standard error.
    pub err: String,
    /// 0 or 1.
    pub code: u8,
}

impl Answer {
    /// Both streams, as a terminal shows them.
    pub fn text(&self) -> String {
        format!("{}{}", self.out, self.err)
    }

    fn failed(err: impl Into<String>) -> Self {
        Self { out: String::new(), err: err.into(), code: 1 }
    }

    fn printed(out: String) -> Self {
        Self { out, ..Self::default() }
    }
}

/// Where and when a command is typed.
#[derive(Debug, Clone, Copy)]
pub struct Shell<'t> {
    /// What happened.
    pub trace: &'t Trace,
    /// The moment.
    pub at: SimTime,
    /// The namespace of the current context.
    pub namespace: &'t str,
}

/// Runs the words after `kubectl`.
pub fn answer(shell: Shell<'_>, words: &[String]) -> Answer {
    let command = match parse(words) {
        Ok(command) => command,
        Err(err) => return Answer::failed(err),
    };
    let shell = Shell { namespace: command.namespace.as_deref().unwrap_or(shell.namespace), ..shell };
    match &command.verb {
        Verb::Get(targets) => get(shell, &command, targets),
        Verb::Describe(targets) => describe(shell, &command, targets),
        Verb::Logs { pod, container } => logs(shell, &command, pod.as_deref(), container.as_deref()),
        Verb::Events => list_events(shell, &command),
    }
}

fn not_simulated(what: &str) -> Answer {
    Answer::failed(format!("not simulated: {what}\n"))
}

/// The items of a target, and what is said of names that do not exist.
fn select<'t>(shell: Shell<'t>, command: &Command, target: &Target) -> Result<(Vec<Item<'t>>, String), String> {
    let everywhere = command.all_namespaces || target.resource.is_cluster_wide();
    let mut found = items(shell.trace, shell.at, target.resource.what, (!everywhere).then_some(shell.namespace));
    if let Some(selector) = &command.selector {
        found.retain(|item| selector.matches(item.labels()));
    }
    if let Some(fields) = command.flag("field-selector") {
        filter_fields(&mut found, fields)?;
    }
    let mut missing = String::new();
    if !target.names.is_empty() {
        let mut named = Vec::new();
        for name in &target.names {
            match found.iter().position(|item| item.name == *name) {
                Some(i) => named.push(found.swap_remove(i)),
                None if command.is_set("ignore-not-found") => {}
                None => missing.push_str(&target.resource.not_found(name)),
            }
        }
        found = named;
    }
    sort(&mut found, command.flag("sort-by"))?;
    Ok((found, missing))
}

/// `status.phase=Running,metadata.name!=web`, over any scalar field.
fn filter_fields(found: &mut Vec<Item<'_>>, fields: &str) -> Result<(), String> {
    for part in fields.split(',') {
        let (path, value) = part.split_once('=').ok_or_else(|| format!("error: invalid field selector: '{part}'\n"))?;
        let (path, wanted) = path.strip_suffix('!').map_or((path, true), |p| (p, false));
        let value = value.strip_prefix('=').unwrap_or(value);
        found.retain(|item| (field_text(&item.to_json(), path) == value) == wanted);
    }
    Ok(())
}

/// `--sort-by=.lastTimestamp`; a missing field comes first, as an empty text.
fn sort(found: &mut [Item<'_>], by: Option<&str>) -> Result<(), String> {
    let Some(by) = by else { return Ok(()) };
    let path = by.trim_start_matches('{').trim_end_matches('}').trim_start_matches('.');
    if path.contains(['[', '*', '(']) {
        return Err(format!("not simulated: --sort-by={by}\n"));
    }
    found.sort_by_cached_key(|item| field_text(&item.to_json(), path));
    Ok(())
}

fn field_text(body: &Value, path: &str) -> String {
    match path.split('.').try_fold(body, |value, name| value.get(name)) {
        Some(Value::String(text)) => text.clone(),
        Some(Value::Null) | None => String::new(),
        Some(other) => other.to_string(),
    }
}

fn get(shell: Shell<'_>, command: &Command, targets: &[Target]) -> Answer {
    if command.is_set("watch") {
        return watch(shell, targets);
    }
    let mut lists = Vec::new();
    let mut answer = Answer::default();
    for target in targets {
        match select(shell, command, target) {
            Ok((found, missing)) => {
                answer.err.push_str(&missing);
                lists.push((target, found));
            }
            Err(err) => return Answer::failed(err),
        }
    }
    answer.code = u8::from(!answer.err.is_empty());
    match command.flag("output") {
        None | Some("") => tables(shell, command, &lists, (Columns::Default, answer)),
        Some("wide") => tables(shell, command, &lists, (Columns::Wide, answer)),
        Some("name") => {
            answer.out = lists.iter().flat_map(|(t, found)| found.iter().map(|i| t.resource.slash(&i.name) + "\n")).collect();
            answer
        }
        Some(format @ ("yaml" | "json")) => whole(format, &lists, answer),
        Some(other) => match other.strip_prefix("jsonpath=") {
            Some(template) => whole_as_jsonpath(template, &lists, answer),
            None => no_format(other),
        },
    }
}

fn no_format(format: &str) -> Answer {
    const KNOWN: [&str; 14] = [
        "custom-columns",
        "custom-columns-file",
        "go-template",
        "go-template-file",
        "json",
        "jsonpath",
        "jsonpath-as-json",
        "jsonpath-file",
        "kyaml",
        "name",
        "template",
        "templatefile",
        "wide",
        "yaml",
    ];
    let bare = format.split('=').next().unwrap_or(format);
    if KNOWN.contains(&bare) {
        return not_simulated(&format!("-o {bare}; there are wide, name, yaml, json and jsonpath="));
    }
    let known = KNOWN.join(",");
    Answer::failed(format!("error: unable to match a printer suitable for the output format \"{format}\", allowed formats are: {known}\n"))
}

fn tables(shell: Shell<'_>, command: &Command, lists: &[(&Target, Vec<Item<'_>>)], (columns_of, mut answer): (Columns, Answer)) -> Answer {
    let several = lists.len() > 1;
    let named = lists.iter().any(|(t, _)| !t.names.is_empty());
    let mut texts = Vec::new();
    for (target, found) in lists {
        if found.is_empty() {
            continue;
        }
        let what = target.resource.what;
        if columns(what).is_none() {
            return not_simulated(&format!("kubectl get {}", target.resource.plural));
        }
        let style = Style {
            columns: columns_of,
            namespaces: command.all_namespaces,
            prefix: several.then_some(target.resource),
            bare: command.is_set("no-headers"),
            labels: command.is_set("show-labels"),
        };
        texts.push(lay_out(what, found, shell.at, style));
    }
    if texts.is_empty() && !named && !command.is_set("ignore-not-found") {
        let everywhere = command.all_namespaces || lists.iter().all(|(t, _)| t.resource.is_cluster_wide());
        answer.err.push_str(&if everywhere { "No resources found\n".to_owned() } else { nothing_found(shell.namespace) });
    }
    answer.out = texts.join("\n");
    answer
}

/// `-o yaml` and `-o json`.
fn whole(format: &str, lists: &[(&Target, Vec<Item<'_>>)], mut answer: Answer) -> Answer {
    if let Some(body) = whole_body(lists) {
        answer.out = if format == "yaml" { yaml_text(&body) } else { json_text(&body) };
    }
    answer
}

/// `-o jsonpath=TEMPLATE`.
fn whole_as_jsonpath(template: &str, lists: &[(&Target, Vec<Item<'_>>)], mut answer: Answer) -> Answer {
    let Some(body) = whole_body(lists) else { return answer };
    match jsonpath::print(template, &body) {
        Ok(text) => answer.out = text,
        Err(why) => {
            answer.err.push_str(&format!("error: error parsing jsonpath {template}, {why}\n"));
            answer.code = 1;
        }
    }
    answer
}

/// The object that was named, else a List; nothing where no name was found.
fn whole_body(lists: &[(&Target, Vec<Item<'_>>)]) -> Option<Value> {
    let mut bodies: Vec<Value> = lists.iter().flat_map(|(_, found)| found.iter().map(Item::to_json)).collect();
    let names: usize = lists.iter().map(|(t, _)| t.names.len()).sum();
    match bodies.pop() {
        None if names > 0 => None,
        Some(one) if names == 1 && lists.len() == 1 => Some(one),
        last => {
            bodies.extend(last);
            Some(json!({"apiVersion": "v1", "items": bodies, "kind": "List", "metadata": {"resourceVersion": ""}}))
        }
    }
}

/// Four spaces a level; `<`, `>` and `&` as Go's encoder writes them.
fn json_text(body: &Value) -> String {
    let text = serde_json::to_string_pretty(body).unwrap_or_default();
    let mut out = String::with_capacity(text.len() * 2);
    for line in text.lines() {
        let content = line.trim_start_matches(' ');
        out.extend(std::iter::repeat_n(' ', (line.len() - content.len()) * 2));
        out.push_str(&content.replace('<', "\\u003c").replace('>', "\\u003e").replace('&', "\\u0026"));
        out.push('\n');
    }
    out
}

/// `-w` from the first moment until now: a line for each change.
fn watch(shell: Shell<'_>, targets: &[Target]) -> Answer {
    let [Target { resource, names }] = targets else {
        return Answer::failed("error: you may only specify a single resource type\n");
    };
    if resource.what != What::Objects(Kind::Pod) {
        return not_simulated(&format!("kubectl get {} -w", resource.plural));
    }
    let rows: Vec<Vec<String>> = watch_pods(shell.trace, shell.at)
        .into_iter()
        .map(|(_, row)| row)
        .filter(|row| names.is_empty() || row.first().is_some_and(|name| names.contains(name)))
        .collect();
    if rows.is_empty() {
        return Answer { err: nothing_found(shell.namespace), ..Answer::default() };
    }
    Answer::printed(table(&["NAME", "READY", "STATUS", "RESTARTS", "AGE"], &rows))
}

fn describe(shell: Shell<'_>, command: &Command, targets: &[Target]) -> Answer {
    let mut texts = Vec::new();
    let mut err = String::new();
    let count: usize = targets.iter().map(|t| t.names.len()).sum();
    let mut listed = 0;
    for target in targets {
        let found = match select(shell, command, target) {
            Ok((found, missing)) => {
                err.push_str(&missing);
                found
            }
            Err(err) => return Answer::failed(err),
        };
        listed += found.len();
        // A single name that does not exist is tried as the beginning of names, whose events are not shown.
        let is_prefix = found.is_empty() && count == 1;
        let found = if is_prefix { with_prefix(shell, target) } else { found };
        if is_prefix && !found.is_empty() {
            err.clear();
        }
        let shows_events = command.flag("show-events").map_or(!is_prefix && (count == 1 || listed <= 1), |v| v != "false");
        for item in &found {
            match describe_item(shell, item, shows_events) {
                Some(text) => texts.push(text),
                None => return not_simulated(&format!("kubectl describe {}", target.resource.singular)),
            }
        }
    }
    if texts.is_empty() && err.is_empty() {
        err = nothing_found(shell.namespace);
        return Answer { err, ..Answer::default() };
    }
    Answer { out: texts.join("\n\n"), code: u8::from(!err.is_empty()), err }
}

fn with_prefix<'t>(shell: Shell<'t>, target: &Target) -> Vec<Item<'t>> {
    let Some(start) = target.names.first() else { return Vec::new() };
    let mut all = items(shell.trace, shell.at, target.resource.what, Some(shell.namespace));
    all.retain(|item| item.name.starts_with(start.as_str()));
    all
}

fn describe_item(shell: Shell<'_>, item: &Item<'_>, shows_events: bool) -> Option<String> {
    match &item.content {
        Content::Object(Object::Pod(_)) => Some(describe_one(shell.trace, shell.at, (item.namespace, &item.name), shows_events)),
        Content::Object(Object::Service(service)) => Some(describe_service(shell.trace, shell.at, service, shows_events)),
        Content::Object(_) | Content::Event { .. } | Content::Slice { .. } => None,
    }
}

fn logs(shell: Shell<'_>, command: &Command, pod: Option<&str>, container: Option<&str>) -> Answer {
    let tail = match command.flag("tail").map(str::parse::<i64>) {
        None => None,
        Some(Ok(n)) => usize::try_from(n).ok(),
        Some(Err(_)) => {
            let text = command.flag("tail").unwrap_or_default();
            return Answer::failed(format!(
                "error: invalid argument \"{text}\" for \"--tail\" flag: strconv.ParseInt: parsing \"{text}\": invalid syntax\n\
                 See 'kubectl logs --help' for usage.\n"
            ));
        }
    };
    if let Some(flag) = ["prefix", "timestamps"].into_iter().find(|f| command.is_set(f)) {
        return not_simulated(&format!("kubectl logs --{flag}"));
    }
    let (pods, tail): (Vec<String>, _) = match pod {
        Some(pod) => (vec![pod.to_owned()], tail),
        None => {
            let fits = |o: &Object| command.selector.as_ref().is_some_and(|s| s.matches(&o.metadata().labels));
            let all = store::list(shell.trace, shell.at, Kind::Pod, shell.namespace).into_iter();
            (all.filter(|(_, o)| fits(o)).map(|(_, o)| o.metadata().name.clone()).collect(), tail.or(Some(10)))
        }
    };
    if pods.is_empty() {
        return Answer { err: nothing_found(shell.namespace), ..Answer::default() };
    }
    let mut whole = Answer::default();
    for pod in &pods {
        let of = LogsOf { namespace: shell.namespace, pod, container, previous: command.is_set("previous") };
        let (out, err, code) = pod_logs(shell.trace, shell.at, of, command.is_set("all-containers"));
        whole.out.push_str(last_lines(&out, tail));
        whole.err.push_str(&err);
        whole.code = whole.code.max(code);
    }
    whole
}

/// The last `n` lines.
fn last_lines(text: &str, n: Option<usize>) -> &str {
    let Some(n) = n else { return text };
    let body = text.strip_suffix('\n').unwrap_or(text);
    let start = match n.checked_sub(1) {
        None => text.len(),
        Some(skip) => body.rmatch_indices('\n').nth(skip).map_or(0, |(i, _)| i + 1),
    };
    text.get(start..).unwrap_or_default()
}

fn list_events(shell: Shell<'_>, command: &Command) -> Answer {
    if let Some(flag) = ["watch", "output", "all-namespaces", "no-headers"].into_iter().find(|f| command.is_set(f)) {
        return not_simulated(&format!("kubectl events --{flag}"));
    }
    let of = match command.flag("for").map(|f| f.split_once('/').unwrap_or(("", f))) {
        None => None,
        Some((kind, name)) => match super::resource::Resource::named(kind).map(|r| r.what) {
            Some(What::Objects(kind)) => Some((kind, name)),
            Some(_) | None => return Answer::failed("error: --for must be in resource/name form\n"),
        },
    };
    let text = events_like(shell.trace, shell.at, shell.namespace, (of, command.flag("types")));
    if text.starts_with("No events found") { Answer { err: text, ..Answer::default() } } else { Answer::printed(text) }
}
