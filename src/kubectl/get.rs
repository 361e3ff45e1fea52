//! `kubectl get` of pods, Services, EndpointSlices, events, ConfigMaps and Secrets as tables, and `kubectl get pods -w`.

use super::items::{Content, Item, items};
use super::nothing_found;
use super::resource::What;
use super::store::pod_writes;
use crate::api::{Event, Kind, Object, ObjectMeta, Pod};
use crate::printers::{
    age, endpoint_slice_columns, event_age, event_columns, event_first_age, labels, pod_columns, pod_wide_columns, service_columns,
    service_selector, table,
};
use crate::time::{SimTime, parse_rfc3339};
use crate::trace::Trace;

/// Which columns a table has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Columns {
    /// The usual ones.
    #[default]
    Default,
    /// Those of `-o wide`.
    Wide,
}

/// How a table looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Style {
    /// Which columns.
    pub(super) columns: Columns,
    /// `-A`: the namespace comes first.
    pub(super) namespaces: bool,
    /// With several types: names are `pod/web`.
    pub(super) prefix: Option<&'static super::resource::Resource>,
    /// `--no-headers`.
    pub(super) bare: bool,
    /// `--show-labels`.
    pub(super) labels: bool,
}

/// A column, and whether only wide tables have it.
type Column = (&'static str, bool);

/// The columns of a type; nothing for one that is not simulated.
pub(super) const fn columns(what: What) -> Option<&'static [Column]> {
    Some(match what {
        What::Objects(Kind::Pod) => &[
            ("NAME", false),
            ("READY", false),
            ("STATUS", false),
            ("RESTARTS", false),
            ("AGE", false),
            ("IP", true),
            ("NODE", true),
            ("NOMINATED NODE", true),
            ("READINESS GATES", true),
        ],
        What::Objects(Kind::Service) => &[
            ("NAME", false),
            ("TYPE", false),
            ("CLUSTER-IP", false),
            ("EXTERNAL-IP", false),
            ("PORT(S)", false),
            ("AGE", false),
            ("SELECTOR", true),
        ],
        What::EndpointSlices => &[("NAME", false), ("ADDRESSTYPE", false), ("PORTS", false), ("ENDPOINTS", false), ("AGE", false)],
        What::Events => &[
            ("LAST SEEN", false),
            ("TYPE", false),
            ("REASON", false),
            ("OBJECT", false),
            ("SUBOBJECT", true),
            ("SOURCE", true),
            ("MESSAGE", false),
            ("FIRST SEEN", true),
            ("COUNT", true),
            ("NAME", true),
        ],
        What::Objects(Kind::ConfigMap) => &[("NAME", false), ("DATA", false), ("AGE", false)],
        What::Objects(Kind::Secret) => &[("NAME", false), ("TYPE", false), ("DATA", false), ("AGE", false)],
        What::Objects(_) => return None,
    })
}

/// All cells of an item, in the order of the columns.
fn cells(item: &Item<'_>, at: SimTime) -> Vec<String> {
    let name = item.name.clone();
    match &item.content {
        Content::Event { event, host } => event_cells(event, host, name, at),
        Content::Slice { slice, made, ports } => {
            let columns = endpoint_slice_columns(slice, ports);
            vec![name, columns.address_type.into(), columns.ports, columns.endpoints, age(at, *made)]
        }
        Content::Object(Object::Pod(pod)) => pod_row(pod, at, Columns::Wide),
        Content::Object(Object::Service(service)) => {
            let mut row = vec![name];
            row.extend(service_columns(service));
            row.extend([age_of(&service.metadata, at), service_selector(service)]);
            row
        }
        Content::Object(Object::ConfigMap(map)) => {
            vec![name, (map.data.len() + map.binary_data.len()).to_string(), age_of(&map.metadata, at)]
        }
        Content::Object(Object::Secret(secret)) => {
            vec![name, secret.kind.clone(), secret.data.len().to_string(), age_of(&secret.metadata, at)]
        }
        Content::Object(Object::Other(other)) => vec![name, age_of(&other.metadata, at)],
    }
}

/// (printers.go: printEvent)
fn event_cells(event: &Event, host: &str, name: String, at: SimTime) -> Vec<String> {
    let object = format!("{}/{}", event.object.kind.as_str().to_ascii_lowercase(), event.object.name);
    let [kind, reason, object, message] = event_columns(event, object);
    let source = if host.is_empty() { event.component.to_owned() } else { format!("{}, {host}", event.component) };
    let (last, first) = (event_age(event, at), event_first_age(event, at));
    vec![last, kind, reason, object, event.field_path.to_string(), source, message, first, event.count.to_string(), name]
}

/// A table of items, which are of one type.
pub(super) fn lay_out(what: What, items: &[Item<'_>], at: SimTime, style: Style) -> String {
    let shown: Vec<(usize, &str)> = columns(what)
        .unwrap_or_default()
        .iter()
        .enumerate()
        .filter(|(_, (_, wide))| !wide || style.columns == Columns::Wide)
        .map(|(i, (heading, _))| (i, *heading))
        .collect();
    let mut headings: Vec<&str> = shown.iter().map(|(_, heading)| *heading).collect();
    let mut rows: Vec<Vec<String>> = items
        .iter()
        .map(|item| {
            let mut all = cells(item, at);
            if let (Some(resource), Some(name), true) = (style.prefix, all.first_mut(), what != What::Events) {
                *name = resource.slash(name);
            }
            shown.iter().filter_map(|(i, _)| all.get(*i).cloned()).collect()
        })
        .collect();
    if style.namespaces {
        headings.insert(0, "NAMESPACE");
        rows.iter_mut().zip(items).for_each(|(row, item)| row.insert(0, item.namespace.to_owned()));
    }
    if style.labels {
        headings.push("LABELS");
        rows.iter_mut().zip(items).for_each(|(row, item)| row.push(labels(item.labels())));
    }
    if style.bare {
        let text = table(&[], &rows);
        return text.strip_prefix('\n').unwrap_or(&text).to_owned();
    }
    table(&headings, &rows)
}

fn get(trace: &Trace, at: SimTime, (what, namespace): (What, &str), columns: Columns) -> String {
    let items = items(trace, at, what, Some(namespace));
    if items.is_empty() { nothing_found(namespace) } else { lay_out(what, &items, at, Style { columns, ..Style::default() }) }
}

/// `kubectl get pods`.
pub fn get_pods(trace: &Trace, at: SimTime, namespace: &str, columns: Columns) -> String {
    get(trace, at, (What::Objects(Kind::Pod), namespace), columns)
}

/// `kubectl get services`.
pub fn get_services(trace: &Trace, at: SimTime, namespace: &str, columns: Columns) -> String {
    get(trace, at, (What::Objects(Kind::Service), namespace), columns)
}

/// `kubectl get endpointslices`.
pub fn get_endpoint_slices(trace: &Trace, at: SimTime, namespace: &str) -> String {
    get(trace, at, (What::EndpointSlices, namespace), Columns::Default)
}

/// `kubectl get events`.
pub fn get_events(trace: &Trace, at: SimTime, namespace: &str) -> String {
    get(trace, at, (What::Events, namespace), Columns::Default)
}

/// The cells of a pod's row.
pub fn pod_row(pod: &Pod, at: SimTime, columns: Columns) -> Vec<String> {
    let printed = pod_columns(pod);
    let name = pod.metadata.name.clone();
    let mut row = vec![name, printed.ready_text(), printed.status.to_string(), printed.restarts_text(at), age_of(&pod.metadata, at)];
    if columns == Columns::Wide {
        row.extend(pod_wide_columns(pod));
    }
    row
}

/// `kubectl get pods -w` from the start until `at`: when each line came, and the cells of its row.
pub fn watch_pods(trace: &Trace, at: SimTime) -> Vec<(SimTime, Vec<String>)> {
    pod_writes(trace, at).into_iter().map(|w| (w.at, pod_row(w.pod, w.at, Columns::Default))).collect()
}

fn age_of(metadata: &ObjectMeta, at: SimTime) -> String {
    match metadata.creation_timestamp.as_deref().and_then(parse_rfc3339) {
        Some(created) => age(at, created),
        None => "<unknown>".into(),
    }
}
