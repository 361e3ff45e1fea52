//! From a record to the field of the manifest that it is about.

use crate::api::{Event, Pod};
use crate::manifest::Manifest;
use crate::text::{FieldPath, Span};
use crate::trace::{BackOffKind, Change, ContainerGroup, HookKind, ObjectId, ProbeKind, Record, Subject, Trace};

/// The place in the text that a record is about, if its object is of the text: the field that decided it, or the first of
/// those it is about that is written.
pub fn place_of(manifest: &Manifest, trace: &Trace, record: &Record) -> Option<Span> {
    if let Change::Action { index, .. } = record.change {
        return manifest.surroundings.as_ref()?.underline(&FieldPath::from("spec.actions").index(usize::from(index)));
    }
    let key = trace.key(object_of(record)?)?;
    let decided = record.field.iter().filter(|field| !field.as_str().contains('{')).cloned();
    let mut fields = decided.chain(fields_of(trace, record));
    let source = manifest.source(key.kind, &key.name)?;
    fields.find(|field| source.has(field)).and_then(|field| source.underline(&field))
}

/// The object that a record is about.
pub(super) const fn object_of(record: &Record) -> Option<ObjectId> {
    match record.subject {
        Subject::World => None,
        Subject::Object(id) => Some(id),
        Subject::Container(at) | Subject::Probe(at, _) => Some(at.pod),
    }
}

/// The fields that a record is about, those that say most first: of its container, of the pod, the container as such.
fn fields_of(trace: &Trace, record: &Record) -> Vec<FieldPath> {
    let container = container_of(trace, record);
    let About { container: of_container, pod } = about(record);
    let own = container.iter().flat_map(|path| of_container.iter().map(|name| path.field(name)));
    let of_pod = pod.iter().map(|name| FieldPath::from("spec").field(name));
    own.chain(of_pod).chain(container.iter().map(|path| path.field("name"))).collect()
}

/// Whether a record is about a field, or one around it. What is of no container is about the field of each.
pub(super) fn is_about(trace: &Trace, record: &Record, path: &FieldPath) -> bool {
    let path = path.as_str();
    let holds = |field: &str| path.strip_prefix(field).is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[']));
    let of_any = |name: &&str| {
        let rest = path.strip_prefix("spec.containers[").or_else(|| path.strip_prefix("spec.initContainers["));
        rest.and_then(|rest| rest.split_once("].")).is_some_and(|(_, rest)| rest.split(['.', '[']).next() == Some(*name))
    };
    fields_of(trace, record).iter().any(|field| holds(field.as_str()))
        || container_of(trace, record).is_none() && about(record).container.iter().any(of_any)
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

/// The container that a record is about. Events name theirs: `spec.containers{app}`.
fn container_of(trace: &Trace, record: &Record) -> Option<FieldPath> {
    let (id, event) = match (record.subject, &record.change) {
        (Subject::Container(at) | Subject::Probe(at, _), _) => return container(at.group, usize::from(at.index)),
        (Subject::Object(id), Change::Event(event)) => (id, event),
        _ => return None,
    };
    let (list, name) = event.field_path.as_str().strip_suffix('}')?.split_once('{')?;
    let group = match list {
        "spec.initContainers" => ContainerGroup::Init,
        "spec.containers" => ContainerGroup::App,
        _ => return None,
    };
    let named = |pod: &Pod| {
        let of = if group == ContainerGroup::Init { &pod.spec.init_containers } else { &pod.spec.containers };
        of.iter().position(|c| c.name == name)
    };
    container(group, trace.revisions(id).find_map(|(_, object)| named(object?.pod()?))?)
}

/// Fields of a container and of its pod's specification.
struct About {
    container: &'static [&'static str],
    pod: &'static [&'static str],
}

const fn of(container: &'static [&'static str], pod: &'static [&'static str]) -> About {
    About { container, pod }
}

const NOTHING: About = of(&[], &[]);
const IMAGE: About = of(&["image", "imagePullPolicy"], &["imagePullSecrets"]);
const PROGRAM: About = of(&["command", "args", "workingDir", "env", "envFrom"], &[]);
const VOLUMES: About = of(&["volumeMounts"], &["volumes"]);
const NODE: About = of(
    &["resources"],
    &["nodeSelector", "affinity", "tolerations", "topologySpreadConstraints", "priorityClassName", "nodeName", "resources"],
);

/// What a record is about.
fn about(record: &Record) -> About {
    if let Subject::Probe(_, kind) = record.subject {
        return probed(kind);
    }
    match &record.change {
        Change::Event(event) => reported(event),
        Change::Pull(_) | Change::BackOff { what: BackOffKind::Pull, .. } => IMAGE,
        Change::HookStarted { hook, .. } | Change::HookEnded { hook, .. } => hooked(*hook),
        Change::Listening { .. } => of(&["ports"], &[]),
        Change::Exited(..) | Change::ContainerStarted(_) | Change::Output { .. } | Change::File(_) => PROGRAM,
        Change::VolumesMounted => VOLUMES,
        Change::BackOff { what: BackOffKind::Restart, .. } => of(&["restartPolicyRules", "restartPolicy"], &["restartPolicy"]),
        Change::Signal { .. } => of(&[], &["terminationGracePeriodSeconds"]),
        Change::Created(_)
        | Change::Updated(_)
        | Change::Deleted
        | Change::Refused { .. }
        | Change::Endpoints(_)
        | Change::Action { .. }
        | Change::Host { .. }
        | Change::SandboxReady { .. }
        | Change::SandboxStopped
        | Change::ContainerCreated(_)
        | Change::Probe { .. }
        | Change::NotSimulated { .. }
        | Change::Budget { .. } => NOTHING,
    }
}

const fn probed(kind: ProbeKind) -> About {
    match kind {
        ProbeKind::Startup => of(&["startupProbe"], &[]),
        ProbeKind::Readiness => of(&["readinessProbe"], &[]),
        ProbeKind::Liveness => of(&["livenessProbe"], &[]),
    }
}

const fn hooked(hook: HookKind) -> About {
    match hook {
        HookKind::PostStart => of(&["lifecycle.postStart"], &[]),
        HookKind::PreStop => of(&["lifecycle.preStop"], &[]),
    }
}

/// What an event reports.
fn reported(event: &Event) -> About {
    let says = |word: &str| event.message.to_ascii_lowercase().contains(word);
    match event.reason {
        "Pulling" | "Pulled" | "ErrImageNeverPull" | "InspectFailed" => IMAGE,
        "Failed" | "BackOff" if says("image") => IMAGE,
        "Failed" | "BackOff" | "Started" => PROGRAM,
        "FailedPostStartHook" => hooked(HookKind::PostStart),
        "FailedPreStopHook" => hooked(HookKind::PreStop),
        "Unhealthy" | "ProbeWarning" | "Killing" if says("startup probe") => probed(ProbeKind::Startup),
        "Unhealthy" | "ProbeWarning" | "Killing" if says("readiness probe") => probed(ProbeKind::Readiness),
        "Unhealthy" | "ProbeWarning" | "Killing" if says("liveness probe") => probed(ProbeKind::Liveness),
        "FailedMount" => VOLUMES,
        "DeadlineExceeded" => of(&[], &["activeDeadlineSeconds"]),
        "FailedToRetrieveImagePullSecret" => of(&[], &["imagePullSecrets"]),
        "Scheduled" | "FailedScheduling" => NODE,
        _ => NOTHING,
    }
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
