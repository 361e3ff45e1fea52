//! From a record to the field of the manifest that it is about.

use crate::api::{Event, Kind, Pod};
use crate::manifest::Manifest;
use crate::text::{FieldPath, Span};
use crate::trace::{BackOffKind, Change, ContainerGroup, HookKind, ObjectId, ProbeKind, Record, Subject, Trace};

/// The place in the text that a record is about, if its object is of the text.
pub fn place_of(manifest: &Manifest, trace: &Trace, record: &Record) -> Option<Span> {
    if let Change::Action { index, .. } = record.change {
        return manifest.surroundings.as_ref()?.underline(&FieldPath::from("spec.actions").index(usize::from(index)));
    }
    let (id, field) = field_of(trace, record)?;
    let key = trace.key(id)?;
    manifest.locate(key.kind, &key.name, &field)
}

/// The object and field that a record is about: what decided it, or else what such a record is made of.
fn field_of(trace: &Trace, record: &Record) -> Option<(ObjectId, FieldPath)> {
    let decided = record.field.clone().filter(|field| !field.as_str().contains('{'));
    match record.subject {
        Subject::World => None,
        Subject::Container(at) | Subject::Probe(at, _) => {
            let container = container(at.group, usize::from(at.index))?;
            Some((at.pod, decided.unwrap_or_else(|| part(&container, record))))
        }
        Subject::Object(id) => {
            let of_event = || if let Change::Event(event) = &record.change { event_field(trace, id, event) } else { None };
            Some((id, decided.or_else(of_event)?))
        }
    }
}

fn container(group: ContainerGroup, index: usize) -> Option<FieldPath> {
    let list = match group {
        ContainerGroup::Init => "spec.initContainers",
        ContainerGroup::App => "spec.containers",
        // They come by requests, not with the manifest.
        ContainerGroup::Ephemeral => return None,
    };
    Some(FieldPath::from(list).index(index))
}

/// The part of a container that a change of it is about.
fn part(container: &FieldPath, record: &Record) -> FieldPath {
    if let Subject::Probe(_, kind) = record.subject {
        return container.field(probe(kind));
    }
    match &record.change {
        Change::Event(event) => event_part(container, event),
        Change::Pull(_) | Change::BackOff { what: BackOffKind::Pull, .. } => container.field("image"),
        Change::HookStarted { hook, .. } | Change::HookEnded { hook, .. } => container.field("lifecycle").field(match hook {
            HookKind::PostStart => "postStart",
            HookKind::PreStop => "preStop",
        }),
        Change::Listening { .. } => container.field("ports"),
        Change::Exited(..) | Change::ContainerStarted(_) | Change::Output { .. } | Change::File(_) => container.field("command"),
        Change::Created(_)
        | Change::Updated(_)
        | Change::Deleted
        | Change::Refused { .. }
        | Change::Endpoints(_)
        | Change::Action { .. }
        | Change::Host { .. }
        | Change::SandboxReady { .. }
        | Change::SandboxStopped
        | Change::VolumesMounted
        | Change::ContainerCreated(_)
        | Change::Signal { .. }
        | Change::BackOff { .. }
        | Change::Probe { .. }
        | Change::NotSimulated { .. }
        | Change::Budget { .. } => container.clone(),
    }
}

const fn probe(kind: ProbeKind) -> &'static str {
    match kind {
        ProbeKind::Startup => "startupProbe",
        ProbeKind::Readiness => "readinessProbe",
        ProbeKind::Liveness => "livenessProbe",
    }
}

/// The part of a container that an event about it reports.
fn event_part(container: &FieldPath, event: &Event) -> FieldPath {
    let says = |word: &str| event.message.to_ascii_lowercase().contains(word);
    match event.reason {
        "Pulling" | "Pulled" | "ErrImageNeverPull" | "InspectFailed" => container.field("image"),
        "Failed" | "BackOff" if says("image") || says("errimage") => container.field("image"),
        "Failed" | "BackOff" => container.field("command"),
        "FailedPostStartHook" => container.field("lifecycle").field("postStart"),
        "FailedPreStopHook" => container.field("lifecycle").field("preStop"),
        "Unhealthy" | "ProbeWarning" | "Killing" => {
            let kinds = [ProbeKind::Startup, ProbeKind::Readiness, ProbeKind::Liveness];
            let named = kinds.into_iter().map(probe).find(|name| says(&format!("{} probe", name.trim_end_matches("Probe"))));
            named.map_or_else(|| container.clone(), |name| container.field(name))
        }
        _ => container.clone(),
    }
}

/// The field that an event of a pod reports. `spec.containers{app}` names a container.
fn event_field(trace: &Trace, id: ObjectId, event: &Event) -> Option<FieldPath> {
    if let Some((list, name)) = event.field_path.as_str().strip_suffix('}').and_then(|path| path.split_once('{')) {
        let named = |pod: &Pod| {
            let of = match list {
                "spec.containers" => &pod.spec.containers,
                "spec.initContainers" => &pod.spec.init_containers,
                _ => return None,
            };
            of.iter().position(|c| c.name == name)
        };
        let index = trace.revisions(id).find_map(|(_, object)| named(object?.pod()?))?;
        return Some(event_part(&FieldPath::from(list).index(index), event));
    }
    let field = match event.reason {
        "FailedMount" => "spec.volumes",
        "DeadlineExceeded" => "spec.activeDeadlineSeconds",
        "FailedToRetrieveImagePullSecret" => "spec.imagePullSecrets",
        _ => return None,
    };
    (event.object.kind == Kind::Pod).then(|| FieldPath::from(field))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sim::{Input, simulate};

    const TEXT: &str = "apiVersion: v1
kind: Pod
metadata: {name: other}
spec:
  containers:
  - {name: app, image: nginx}
---
apiVersion: v1
kind: Pod
metadata: {name: web}
spec:
  activeDeadlineSeconds: 20
  containers:
  - name: first
    image: busybox:nope
  - name: app
    image: busybox:1.36
    command: [sh, -c, 'sleep 3; exit 1']
    readinessProbe:
      exec: {command: ['false']}
    lifecycle:
      postStart:
        exec: {command: ['false']}
  volumes: [{name: data, configMap: {name: later, optional: true}}]
---
apiVersion: podlab/v1
kind: Scenario
spec:
  actions:
  - {at: 5s, delete: {kind: Pod, name: other}}
";

    #[test]
    fn records_lead_to_their_fields() {
        let manifest = crate::manifest::read(TEXT);
        let run = simulate(&Input { objects: manifest.admitted(), scenario: manifest.scenario.clone().unwrap() });
        let cases = [
            ("Failed to pull image \"busybox:nope\"", "busybox:nope"),
            ("PostStartHook failed", "exec: {command: ['false']}"),
            ("Pod was active on the node longer", "20"),
            ("Container image \"busybox:1.36\" already present", "busybox:1.36"),
        ];
        for (message, place) in cases {
            let is_it = |(_, event): &(&Record, &std::sync::Arc<Event>)| event.message.contains(message);
            let (record, _) = run.trace.events().find(is_it).unwrap_or_else(|| panic!("{message}: no event"));
            let span = place_of(&manifest, &run.trace, record).unwrap_or_else(|| panic!("{message}: no place"));
            assert_eq!(TEXT.get(span.start as usize..span.end as usize), Some(place), "{message}");
        }
        let of = |is_it: fn(&Change) -> bool| {
            let record = run.trace.records().iter().find(|r| is_it(&r.change)).unwrap();
            let span = place_of(&manifest, &run.trace, record).unwrap();
            TEXT.get(span.start as usize..).unwrap_or_default()
        };
        assert!(of(|c| matches!(c, Change::HookStarted { .. })).starts_with("exec: {command: ['false']}\n  volumes"), "the second pod's");
        assert!(of(|c| matches!(c, Change::Action { .. })).starts_with("{at: 5s"));
    }
}
