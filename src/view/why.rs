//! Why: from a record back along its causes, in plain sentences, to the manifest, a line of a program or somebody's action.

use crate::api::{EndpointSlice, Object, Pod};
use crate::printers::pod_columns;
use crate::time::{SimTime, go_duration};
use crate::trace::{
    BackOffKind, Cause, Change, ContainerGroup, ContainerRef, Exit, ProbeKind, ProbeOutcome, Pull, Record, RecordId, Rule, Subject, Trace,
};

/// One step of the chain.
#[derive(Debug, Clone, PartialEq)]
pub struct Step {
    /// When.
    pub at: SimTime,
    /// What happened, as a sentence.
    pub says: String,
    /// The record, to go to.
    pub record: RecordId,
    /// The rule it followed.
    pub rule: &'static Rule,
}

/// The chain of causes, newest first, and where it ends.
#[derive(Debug, Clone, PartialEq)]
pub struct Why {
    /// The steps.
    pub steps: Vec<Step>,
    /// What is behind the last one.
    pub origin: &'static str,
}

const MANIFEST: &str = "The manifest asks for it.";
const SCENARIO: &str = "The world asks for it.";
const PROGRAM: &str = "This line of the program does it.";

/// Why a record is there. The record itself comes first; further steps that nobody would name are passed over.
pub fn why(trace: &Trace, id: RecordId) -> Why {
    let mut steps = Vec::new();
    let mut next = Cause::Record(id);
    let origin = loop {
        let id = match next {
            Cause::Manifest => break MANIFEST,
            Cause::Scenario => break SCENARIO,
            Cause::Record(id) => id,
        };
        let Some(record) = trace.get(id) else { break MANIFEST };
        let says = if steps.is_empty() { Some(head(trace, record)) } else { sentence(trace, record) };
        if let Some(says) = says.filter(|says| steps.last().is_none_or(|last: &Step| last.says != *says)) {
            steps.push(Step { at: record.at, says, record: id, rule: record.rule });
        }
        if is_own_doing(trace, record) {
            break PROGRAM;
        }
        next = record.cause;
    };
    Why { steps, origin }
}

/// Whether a program ended by itself, at a line that is known: nothing but the program is behind that. What it does after a
/// signal has the signal as its cause.
fn is_own_doing(trace: &Trace, record: &Record) -> bool {
    let Change::Exited(_, Exit { point: Some(_), .. }) = &record.change else { return false };
    let Cause::Record(before) = record.cause else { return true };
    trace.get(before).is_none_or(|r| !matches!(r.change, Change::Signal { .. }))
}

/// The container or object that a record is about.
fn name(trace: &Trace, record: &Record) -> String {
    match &record.subject {
        Subject::World => "the world".into(),
        Subject::Object(id) => trace.key(*id).map(|k| format!("{} {}", k.kind.as_str(), k.name)).unwrap_or_default(),
        Subject::Container(at) | Subject::Probe(at, _) => container_name(trace, at),
    }
}

fn container_name(trace: &Trace, at: &ContainerRef) -> String {
    let of = |pod: &Pod| {
        let list = match at.group {
            ContainerGroup::Init => &pod.spec.init_containers,
            ContainerGroup::App => &pod.spec.containers,
            ContainerGroup::Ephemeral => &pod.spec.ephemeral_containers,
        };
        list.get(usize::from(at.index)).map(|c| c.name.clone())
    };
    trace.revisions(at.pod).find_map(|(_, o)| of(o?.pod()?)).unwrap_or_default()
}

/// The record that is asked about, which always has a sentence.
fn head(trace: &Trace, record: &Record) -> String {
    if let Some(says) = sentence(trace, record) {
        return says;
    }
    let who = name(trace, record);
    match &record.change {
        Change::Updated(object) => updated(trace, record, object, &who),
        Change::Event(event) => format!("{} reports {}: {}", event.component, event.reason, event.message.trim()),
        Change::Endpoints(slice) => endpoints(slice),
        Change::VolumesMounted => format!("the volumes of {who} are mounted"),
        Change::ContainerCreated(_) => format!("{who} was made, and is about to start"),
        Change::Listening { port, open: true } => format!("{who} listens on port {port}"),
        Change::Listening { port, open: false } => format!("{who} no longer listens on port {port}"),
        Change::Probe { outcome: ProbeOutcome::Error, message, .. } => {
            with_details(format!("{} could not run", probe(record, &who)), message)
        }
        Change::Probe { .. } => format!("{} is held back", probe(record, &who)),
        Change::HookStarted { hook, text } => format!("the {} hook of {who} began: {text}", hook.field()),
        Change::HookEnded { hook, .. } => format!("the {} hook of {who} ended", hook.field()),
        Change::Output { text, .. } if text.trim().is_empty() => format!("{who} wrote an empty line"),
        Change::Output { text, .. } => format!("{who} wrote: {}", text.trim_end()),
        Change::File(file) => match &file.text {
            Some(_) => format!("{who} wrote the file {} of the volume {}", file.path, file.volume),
            None => format!("{who} removed {} from the volume {}", file.path, file.volume),
        },
        Change::Budget { what } => format!("the simulation stops here: {what}"),
        Change::Created(_)
        | Change::Deleted
        | Change::Refused { .. }
        | Change::Action { .. }
        | Change::Host { .. }
        | Change::SandboxReady { .. }
        | Change::SandboxStopped
        | Change::Pull(_)
        | Change::ContainerStarted(_)
        | Change::Exited(..)
        | Change::Signal { .. }
        | Change::BackOff { .. }
        | Change::NotSimulated { .. } => record.rule.says.into(),
    }
}

/// What an update shows: of a pod, the columns that kubectl prints, where they changed.
fn updated(trace: &Trace, record: &Record, object: &Object, who: &str) -> String {
    let (Some(pod), Subject::Object(id)) = (object.pod(), record.subject) else { return format!("{who} was changed") };
    let before = trace.revisions(id).take_while(|(r, _)| r.id < record.id).last().and_then(|(_, o)| o?.pod());
    let Some(before) = before else { return format!("{who} was changed") };
    let (old, new) = (pod_columns(before), pod_columns(pod));
    let (was, is) = (old.status.to_string(), new.status.to_string());
    if was != is {
        format!("{who} shows {is}, {} ready, after {was}", new.ready_text())
    } else if old.ready_text() != new.ready_text() {
        format!("{who} shows {is} with {} ready, after {}", new.ready_text(), old.ready_text())
    } else if pod.is_terminating() && !before.is_terminating() {
        format!("the deletion of {who} began")
    } else if before.spec.node_name.is_empty() && !pod.spec.node_name.is_empty() {
        format!("{who} was given to node {}", pod.spec.node_name)
    } else if before.spec != pod.spec {
        format!("the specification of {who} was changed")
    } else {
        format!("the status of {who} was written anew")
    }
}

fn endpoints(slice: &EndpointSlice) -> String {
    let ready = slice.endpoints.iter().filter(|e| e.ready).count();
    format!("Service {} has {ready} of {} endpoints ready", slice.service, slice.endpoints.len())
}

/// `the readiness probe of app`.
fn probe(record: &Record, who: &str) -> String {
    match record.subject {
        Subject::Probe(_, ProbeKind::Startup) => format!("the startup probe of {who}"),
        Subject::Probe(_, ProbeKind::Readiness) => format!("the readiness probe of {who}"),
        Subject::Probe(_, ProbeKind::Liveness) => format!("the liveness probe of {who}"),
        Subject::World | Subject::Object(_) | Subject::Container(_) => format!("a probe of {who}"),
    }
}

/// A record as a sentence; nothing for one that nobody would name on the way to another.
pub(super) fn sentence(trace: &Trace, record: &Record) -> Option<String> {
    let who = name(trace, record);
    Some(match &record.change {
        Change::Created(_) => format!("{who} was created"),
        Change::Updated(Object::Pod(pod)) => return deletion(trace, record, pod).map(|()| format!("the deletion of {who} began")),
        Change::Deleted => format!("{who} was removed"),
        Change::Refused { message } => format!("the API server refused: {message}"),
        Change::Action { code: 200..300, .. } => "somebody acted on the cluster".into(),
        Change::Action { message, .. } => format!("somebody's request was refused: {message}"),
        Change::Host { up, .. } => format!("a host {}", if *up { "appeared" } else { "vanished" }),
        Change::SandboxReady { .. } => "the pod's sandbox was ready".into(),
        Change::SandboxStopped => "the pod's sandbox was stopped".into(),
        Change::Pull(Pull::Started) => format!("the pull of {who}'s image began"),
        Change::Pull(Pull::Done { took }) => format!("{who}'s image was pulled in {}", go_duration(*took)),
        Change::Pull(Pull::Failed { message }) => format!("the pull of {who}'s image failed: {message}"),
        Change::ContainerStarted(_) => format!("{who} was started"),
        Change::Exited(_, exit) => exited(&who, exit),
        Change::Signal { name, .. } => format!("{who} got SIG{name}"),
        Change::BackOff { what: BackOffKind::Restart, delay, .. } => {
            format!("the restart of {who} is held back for {}", go_duration(*delay))
        }
        Change::BackOff { what: BackOffKind::Pull, delay, .. } => format!("the pull for {who} is held back for {}", go_duration(*delay)),
        Change::Probe { outcome: ProbeOutcome::Failure, message, count, threshold } => {
            with_details(format!("{} failed ({count} of {threshold})", probe(record, &who)), message)
        }
        Change::Probe { outcome: ProbeOutcome::Success, .. } => format!("{} passed", probe(record, &who)),
        Change::HookEnded { hook, ok: false, message } => with_details(format!("the {} hook of {who} failed", hook.field()), message),
        Change::NotSimulated { what } => format!("not simulated: {what}"),
        Change::Updated(_)
        | Change::Event(_)
        | Change::Endpoints(_)
        | Change::VolumesMounted
        | Change::ContainerCreated(_)
        | Change::Listening { .. }
        | Change::Probe { .. }
        | Change::HookStarted { .. }
        | Change::HookEnded { .. }
        | Change::Output { .. }
        | Change::File(_)
        | Change::Budget { .. } => return None,
    })
}

/// Whether this is the write that marks a pod for deletion.
fn deletion(trace: &Trace, record: &Record, pod: &Pod) -> Option<()> {
    let Subject::Object(id) = record.subject else { return None };
    let before = trace.revisions(id).take_while(|(r, _)| r.id < record.id).last().and_then(|(_, o)| o?.pod())?;
    (pod.is_terminating() && !before.is_terminating()).then_some(())
}

/// `what: details`, where there are any.
fn with_details(what: String, details: &str) -> String {
    if details.trim().is_empty() { what } else { format!("{what}: {}", details.trim()) }
}

fn exited(who: &str, exit: &Exit) -> String {
    match &exit.point {
        Some(point) if exit.oom => format!("{who} used more memory than its limit at `{}` and was killed", point.text),
        None if exit.oom => format!("{who} used more memory than its limit and was killed"),
        Some(point) => format!("{who} exited with code {} at `{}`", exit.code, point.text),
        None => format!("{who} exited with code {}", exit.code),
    }
}
