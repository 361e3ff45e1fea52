//! Lints that a run proves: each names the first moment at which it is seen.

use super::lint::{Check, Found, Lint};
use crate::api::{Kind, Object, RestartPolicy};
use crate::manifest::Source;
use crate::text::{FieldPath, Span};
use crate::trace::{BackOffKind, Change, ContainerGroup, ContainerRef, ProbeKind, ProbeOutcome, Record, Run, Subject};

pub(super) const LINTS: &[Lint] = &[
    Lint {
        id: "memory-limit-too-low",
        lesson: "debug-oom",
        reason: "a program that needs more memory than its limit is killed again and again",
        check: Check::Run(out_of_memory),
    },
    Lint {
        id: "killed-after-grace",
        lesson: "rubric-grace",
        reason: "a program that does not end on TERM is killed when the grace period is over: nothing is finished or written",
        check: Check::Run(killed),
    },
    Lint {
        id: "liveness-restarts",
        lesson: "rubric-liveness",
        reason: "a restart helps only where the program hangs; here the probe itself ends it",
        check: Check::Run(restarted),
    },
    Lint {
        id: "ends-and-starts-again",
        lesson: "predict-completed",
        reason: "a program that ends well is started again under `restartPolicy: Always`, with longer and longer pauses; a task is a Job",
        check: Check::Run(task),
    },
    Lint {
        id: "crash-loop",
        lesson: "debug-crash-loop",
        reason: "each crash doubles the pause before the next start, up to five minutes",
        check: Check::Run(crash_loop),
    },
];

/// The first record about a container of the pod of `source` that `is` it, and where that container stands in the text.
fn first<'r>(source: &Source, run: &'r Run, is: impl Fn(&Record) -> bool) -> Option<(&'r Record, Span)> {
    let object = source.outcome.as_ref().ok().map(|a| &a.object).filter(|o| o.kind() == Kind::Pod)?;
    let about = |record: &Record| match record.subject {
        Subject::Container(container) | Subject::Probe(container, _) => Some(container),
        Subject::World | Subject::Object(_) => None,
    };
    run.trace.records().iter().find_map(|record| {
        let container = about(record).filter(|c| is_of(run, *c, object) && is(record))?;
        Some((record, source.source.underline(&field(container)?)?))
    })
}

fn is_of(run: &Run, container: ContainerRef, object: &Object) -> bool {
    let meta = object.metadata();
    run.trace.key(container.pod).is_some_and(|key| key.name == meta.name && key.namespace == meta.namespace)
}

fn field(container: ContainerRef) -> Option<FieldPath> {
    let list = match container.group {
        ContainerGroup::Init => "initContainers",
        ContainerGroup::App => "containers",
        ContainerGroup::Ephemeral => return None,
    };
    Some(FieldPath::root().field("spec").field(list).index(container.index.into()).field("name"))
}

fn out_of_memory(source: &Source, run: &Run, found: &mut Found<'_>) {
    if let Some((record, span)) = first(source, run, |r| matches!(&r.change, Change::Exited(_, exit) if exit.oom)) {
        found.prove(span, "the container needs more memory than its limit", record.at);
    }
}

fn killed(source: &Source, run: &Run, found: &mut Found<'_>) {
    if let Some((record, span)) = first(source, run, |r| matches!(r.change, Change::Signal { name: "KILL", .. })) {
        found.prove(span, "the container does not end within its grace period", record.at);
    }
}

fn restarted(source: &Source, run: &Run, found: &mut Found<'_>) {
    let is = |r: &Record| {
        let is_live = matches!(r.subject, Subject::Probe(_, ProbeKind::Liveness));
        is_live && matches!(r.change, Change::Probe { outcome: ProbeOutcome::Failure, count, threshold, .. } if count >= threshold)
    };
    if let Some((record, span)) = first(source, run, is) {
        found.prove(span, "the liveness probe restarts the container", record.at);
    }
}

fn task(source: &Source, run: &Run, found: &mut Found<'_>) {
    let pod = source.outcome.as_ref().ok().and_then(|a| a.object.pod());
    if pod.is_none_or(|p| !matches!(p.spec.restart_policy, None | Some(RestartPolicy::Always))) {
        return;
    }
    let is = |r: &Record| {
        let is_app = matches!(r.subject, Subject::Container(ContainerRef { group: ContainerGroup::App, .. }));
        is_app && matches!(&r.change, Change::Exited(_, exit) if exit.code == 0 && exit.signal.is_none())
    };
    if let Some((record, span)) = first(source, run, is).filter(|(record, _)| has_later_start(run, record)) {
        found.prove(span, "the program ends with code 0 and is started again", record.at);
    }
}

fn has_later_start(run: &Run, ended: &Record) -> bool {
    run.trace.records().iter().any(|r| r.id > ended.id && r.subject == ended.subject && matches!(r.change, Change::ContainerStarted(_)))
}

fn crash_loop(source: &Source, run: &Run, found: &mut Found<'_>) {
    let is = |r: &Record| matches!(r.change, Change::BackOff { what: BackOffKind::Restart, .. });
    if let Some((record, span)) = first(source, run, is) {
        found.prove(span, "the container ends again and again and waits for its next start", record.at);
    }
}
