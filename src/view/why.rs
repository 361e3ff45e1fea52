//! Why: from a record back along its causes, in plain sentences, to the manifest or to somebody's action.

use crate::text::FieldPath;
use crate::time::{SimTime, go_duration};
use crate::trace::{BackOffKind, Cause, Change, ProbeOutcome, Pull, Record, RecordId, Rule, Subject, Trace};

/// One step of the chain.
#[derive(Debug, Clone, PartialEq)]
pub struct Step {
    /// When.
    pub at: SimTime,
    /// What happened, as a sentence.
    pub says: String,
    /// The record, to go to.
    pub record: RecordId,
    /// The field of the manifest that decided it.
    pub field: Option<FieldPath>,
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

/// Why a record is there. Steps that nobody would name are passed over.
pub fn why(trace: &Trace, id: RecordId) -> Why {
    let mut steps = Vec::new();
    let mut next = Cause::Record(id);
    let origin = loop {
        match next {
            Cause::Manifest => break "The manifest asks for it.",
            Cause::Scenario => break "The world asks for it.",
            Cause::Record(id) => {
                let Some(record) = trace.get(id) else { break "The manifest asks for it." };
                if let Some(says) = sentence(trace, record) {
                    steps.push(Step { at: record.at, says, record: id, field: record.field.clone(), rule: record.rule });
                }
                next = record.cause;
            }
        }
    };
    Why { steps, origin }
}

/// The container or object that a record is about.
fn name(trace: &Trace, record: &Record) -> String {
    let of = |at: &crate::trace::ContainerRef| {
        let pod = trace.revisions(at.pod).find_map(|(_, o)| o.and_then(|o| o.pod().cloned()));
        let list = pod.as_ref().map(|p| match at.group {
            crate::trace::ContainerGroup::Init => &p.spec.init_containers,
            crate::trace::ContainerGroup::App => &p.spec.containers,
            crate::trace::ContainerGroup::Ephemeral => &p.spec.ephemeral_containers,
        });
        list.and_then(|l| l.get(usize::from(at.index))).map(|c| c.name.clone()).unwrap_or_default()
    };
    match &record.subject {
        Subject::World => "the world".into(),
        Subject::Object(id) => trace.key(*id).map(|k| format!("{} {}", k.kind.as_str(), k.name)).unwrap_or_default(),
        Subject::Container(at) | Subject::Probe(at, _) => of(at),
    }
}

/// A record as a sentence; nothing for one that nobody would name.
fn sentence(trace: &Trace, record: &Record) -> Option<String> {
    let who = name(trace, record);
    Some(match &record.change {
        Change::Created(_) => format!("{who} was created"),
        Change::Deleted => format!("{who} was removed"),
        Change::Refused { message } => format!("the API server refused: {message}"),
        Change::Action { .. } => "somebody acted on the cluster".into(),
        Change::Host { up, .. } => format!("a host {}", if *up { "appeared" } else { "vanished" }),
        Change::SandboxReady { .. } => "the pod's sandbox was ready".into(),
        Change::SandboxStopped => "the pod's sandbox was stopped".into(),
        Change::Pull(Pull::Started) => format!("the pull of {who}'s image began"),
        Change::Pull(Pull::Done { took }) => format!("{who}'s image was pulled in {}", go_duration(*took)),
        Change::Pull(Pull::Failed { message }) => format!("the pull of {who}'s image failed: {message}"),
        Change::ContainerStarted(_) => format!("{who} was started"),
        Change::Exited(_, exit) if exit.oom => format!("{who} used more memory than its limit and was killed"),
        Change::Exited(_, exit) => match &exit.point {
            Some(point) => format!("{who} exited with code {} at `{}`", exit.code, point.text),
            None => format!("{who} exited with code {}", exit.code),
        },
        Change::Signal { name, .. } => format!("{who} got SIG{name}"),
        Change::BackOff { what: BackOffKind::Restart, delay, .. } => {
            format!("the restart of {who} is held back for {}", go_duration(*delay))
        }
        Change::BackOff { what: BackOffKind::Pull, delay, .. } => format!("the pull for {who} is held back for {}", go_duration(*delay)),
        Change::Probe { outcome: ProbeOutcome::Failure, message, count, threshold } => {
            format!("a probe of {who} failed ({count} of {threshold}): {}", message.trim())
        }
        Change::Probe { outcome: ProbeOutcome::Success, .. } => format!("a probe of {who} passed"),
        Change::HookEnded { ok: false, .. } => format!("a hook of {who} failed"),
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
        | Change::Budget { .. } => return None,
    })
}
