//! Builds lanes in one pass over the records.

use crate::order::SortedMap;
use std::sync::Arc;

use super::lanes::{Lane, LaneKind, Look, Mark, MarkKind, Slice, Tick};
use crate::api::{ConditionType, ContainerState, EndpointSlice, Kind, Object, Phase, Pod, Probe};
use crate::printers::pod_columns;
use crate::scenario::{Do, Scenario};
use crate::time::{SimTime, go_duration};
use crate::trace::{
    BackOffKind, Change, ContainerGroup, ContainerRef, HookKind, ObjectId, ProbeKind, ProbeOutcome, Pull, Record, Subject, Trace,
};

/// The order of lanes: the world, then each object with its rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Place {
    World,
    Pod(ObjectId, u8),
    Container(ContainerRef, u8),
    Service(ObjectId),
}

/// What a container does as far as its lane is concerned.
#[derive(Debug, Clone, PartialEq, Default)]
struct ContainerView {
    running: bool,
    ready: bool,
    started: bool,
    stopping: bool,
    starts: u32,
    /// What the published status says it waits for.
    waiting: String,
    exit: Option<i32>,
    back_off: Option<String>,
    pulling: bool,
}

#[derive(Debug)]
pub(super) struct Builder<'t> {
    trace: &'t Trace,
    scenario: &'t Scenario,
    end: SimTime,
    lanes: SortedMap<Place, Lane>,
    open: SortedMap<Place, Slice>,
    containers: SortedMap<ContainerRef, ContainerView>,
    pods: SortedMap<ObjectId, Arc<Pod>>,
}

impl<'t> Builder<'t> {
    pub(super) fn new(trace: &'t Trace, scenario: &'t Scenario, end: SimTime) -> Self {
        Self { trace, scenario, end, lanes: SortedMap::new(), open: SortedMap::new(), containers: SortedMap::new(), pods: SortedMap::new() }
    }

    /// Takes the next record.
    pub(super) fn take(&mut self, record: &Record) {
        match (&record.subject, &record.change) {
            (Subject::Object(id), Change::Created(Object::Pod(pod)) | Change::Updated(Object::Pod(pod))) => self.pod(*id, pod, record),
            (Subject::Object(id), Change::Created(Object::Service(s))) => {
                self.lane(Place::Service(*id), LaneKind::Service, &s.metadata.name, "Service");
            }
            (Subject::Object(id), Change::Deleted) => self.deleted(*id, record),
            (Subject::Object(id), Change::Endpoints(slice)) => self.endpoints(*id, slice, record),
            (Subject::World, Change::Action { index, code, .. }) => {
                let what = self.scenario.actions.get(usize::from(*index)).map(|a| describe(&a.what)).unwrap_or_default();
                let refused = if *code >= 400 { " (refused)" } else { "" };
                self.flag(&format!("{what}{refused}"), record);
            }
            (Subject::World, Change::Host { index, up }) => {
                let name = self.scenario.hosts.get(usize::from(*index)).map(|h| h.name.clone()).unwrap_or_default();
                self.flag(&format!("host {name} {}", if *up { "appears" } else { "vanishes" }), record);
            }
            (Subject::Container(at), change) => self.container(*at, change, record),
            (Subject::Probe(at, kind), Change::Probe { outcome, .. }) => self.probe(*at, *kind, *outcome, record),
            _ => {}
        }
    }

    fn lane(&mut self, place: Place, kind: LaneKind, title: &str, note: &str) -> &mut Lane {
        self.lanes.entry(place).or_insert_with(|| Lane {
            key: format!("{place:?}"),
            title: title.to_owned(),
            note: note.to_owned(),
            kind,
            slices: Vec::new(),
            marks: Vec::new(),
            ticks: Vec::new(),
        })
    }

    /// Ends the slice that is open in a lane, and begins another, unless it is the same.
    fn begin(&mut self, place: Place, look: (Look, u16), labels: Vec<String>, record: &Record) {
        let ((look, fill), at) = (look, record.at);
        if self.open.get(&place).is_some_and(|s| s.look == look && s.labels == labels && s.fill == fill) {
            return;
        }
        self.close(place, at);
        self.open.insert(place, Slice { from: at, to: at, look, labels, fill, record: record.id });
    }

    fn close(&mut self, place: Place, at: SimTime) {
        if let Some(mut slice) = self.open.remove(&place) {
            slice.to = at;
            if slice.to > slice.from
                && let Some(lane) = self.lanes.get_mut(&place)
            {
                lane.slices.push(slice);
            }
        }
    }

    fn mark(&mut self, place: Place, kind: MarkKind, text: String, record: &Record) {
        if let Some(lane) = self.lanes.get_mut(&place) {
            lane.marks.push(Mark { at: record.at, kind, text, record: record.id });
        }
    }

    fn flag(&mut self, text: &str, record: &Record) {
        self.lane(Place::World, LaneKind::World, "world", "");
        self.mark(Place::World, MarkKind::Flag, text.to_owned(), record);
    }

    fn pod(&mut self, id: ObjectId, pod: &Arc<Pod>, record: &Record) {
        let many = self.trace.objects().filter(|(_, k)| k.kind == Kind::Pod).count() > 1;
        let name = if many { pod.metadata.name.as_str() } else { "" };
        let columns = pod_columns(pod);
        let status = columns.status.as_str().to_owned();
        self.lane(Place::Pod(id, 0), LaneKind::Status, "STATUS", if many { name } else { "kubectl" });
        let look = status_look(&status, pod, columns.ready == columns.total);
        self.begin(Place::Pod(id, 0), (look, 0), vec![status], record);
        self.lane(Place::Pod(id, 1), LaneKind::Phase, "phase", "");
        self.begin(Place::Pod(id, 1), (Look::Unk, 0), vec![pod.status.phase.as_str().to_owned()], record);
        self.lane(Place::Pod(id, 2), LaneKind::Ready, "READY", "kubectl");
        let fill = u16::try_from(columns.ready * 1000 / columns.total.max(1)).unwrap_or(0);
        let look = if fill == 1000 { Look::Ready } else { Look::Live };
        self.begin(Place::Pod(id, 2), (look, fill), vec![columns.ready_text()], record);
        self.rows(id, pod);
        for (at, status) in statuses(id, pod) {
            let view = self.containers.entry(at).or_default();
            view.ready = status.ready;
            view.started = status.started;
            view.waiting = match &status.state {
                ContainerState::Waiting(w) => w.reason.to_string(),
                ContainerState::Unset | ContainerState::Running(_) | ContainerState::Terminated(_) => String::new(),
            };
            self.show(at, record);
        }
        self.pods.insert(id, Arc::clone(pod));
    }

    /// The rows of a pod's containers, their probes and hooks.
    fn rows(&mut self, id: ObjectId, pod: &Pod) {
        for (at, container, note) in containers(id, pod) {
            self.lane(Place::Container(at, 0), LaneKind::Container, &container.name, &note);
            self.containers.entry(at).or_default();
            let probes =
                [("startup", &container.startup_probe), ("readiness", &container.readiness_probe), ("liveness", &container.liveness_probe)];
            for (row, (name, probe)) in (1_u8..).zip(probes) {
                if let Some(probe) = probe {
                    self.lane(Place::Container(at, row), LaneKind::Probe, name, &period(probe));
                }
            }
            let hooks = container.lifecycle.as_ref();
            for (row, name, there) in [
                (4, "postStart", hooks.is_some_and(|l| l.post_start.is_some())),
                (5, "preStop", hooks.is_some_and(|l| l.pre_stop.is_some())),
            ] {
                if there {
                    self.lane(Place::Container(at, row), LaneKind::Hook, name, "hook");
                }
            }
        }
    }

    fn deleted(&mut self, id: ObjectId, record: &Record) {
        let places: Vec<Place> = self
            .open
            .keys()
            .filter(|p| match p {
                Place::Pod(of, _) | Place::Service(of) => *of == id,
                Place::Container(at, _) => at.pod == id,
                Place::World => false,
            })
            .copied()
            .collect();
        for place in places {
            self.close(place, record.at);
        }
    }

    fn endpoints(&mut self, id: ObjectId, slice: &EndpointSlice, record: &Record) {
        let place = Place::Service(id);
        let ready = slice.endpoints.iter().filter(|e| e.ready).count();
        let terminating = slice.endpoints.iter().any(|e| e.terminating);
        let (look, labels) = if ready > 0 {
            (Look::Ready, vec![format!("{ready} ready")])
        } else if terminating {
            let serving = slice.endpoints.iter().any(|e| e.serving);
            (Look::Term, vec![if serving { "terminating, serving" } else { "terminating" }.to_owned(), "terminating".to_owned()])
        } else if slice.endpoints.is_empty() {
            (Look::Unk, vec!["no endpoint".to_owned()])
        } else {
            let n = slice.endpoints.len();
            (Look::Wait, vec![format!("{n} endpoint, not ready: gets no traffic"), format!("{n} not ready")])
        };
        self.begin(place, (look, 0), labels, record);
    }

    #[expect(clippy::wildcard_enum_match_arm, reason = "a lane shows some of what happens to a container")]
    fn container(&mut self, at: ContainerRef, change: &Change, record: &Record) {
        let place = Place::Container(at, 0);
        let view = self.containers.entry(at).or_default();
        match change {
            Change::ContainerStarted(_) => {
                *view = ContainerView { running: true, starts: view.starts + 1, ..ContainerView::default() };
            }
            Change::Exited(_, exit) => {
                *view = ContainerView { exit: Some(exit.code), starts: view.starts, ..ContainerView::default() };
                self.mark(place, MarkKind::Exit { ok: exit.code == 0 }, exit.code.to_string(), record);
            }
            Change::Signal { name, .. } => {
                view.stopping = true;
                self.mark(place, MarkKind::Signal, (*name).to_owned(), record);
            }
            Change::BackOff { what, delay, .. } => {
                let what = if *what == BackOffKind::Pull { "pull back-off" } else { "back-off" };
                view.back_off = Some(format!("{what} {}", go_duration(*delay)));
            }
            Change::Pull(pull) => {
                view.pulling = *pull == Pull::Started;
                if matches!(pull, Pull::Started) {
                    view.back_off = None;
                }
            }
            Change::HookStarted { hook, text } => {
                let place = Place::Container(at, if *hook == HookKind::PostStart { 4 } else { 5 });
                self.begin(place, (Look::Term, 0), vec![text.to_string()], record);
            }
            Change::HookEnded { hook, .. } => {
                self.close(Place::Container(at, if *hook == HookKind::PostStart { 4 } else { 5 }), record.at);
            }
            _ => return,
        }
        self.show(at, record);
    }

    /// Shows what a container does now.
    fn show(&mut self, at: ContainerRef, record: &Record) {
        let Some(view) = self.containers.get(&at) else { return };
        let init = at.group == ContainerGroup::Init && self.lanes.get(&Place::Container(at, 0)).is_some_and(|l| l.note.starts_with("init"));
        let restart = view.starts.saturating_sub(1);
        let numbered = |text: &str| {
            if restart > 0 { vec![format!("{text}, restart {restart}"), format!("↻ {restart}")] } else { vec![text.to_owned()] }
        };
        let (look, labels) = if view.running && view.stopping {
            (Look::Term, vec!["terminating".into(), "term.".into()])
        } else if view.running && init {
            (Look::Init, numbered("running"))
        } else if view.running && view.ready {
            (Look::Ready, numbered("ready"))
        } else if view.running && view.started {
            (Look::Live, numbered("running, not ready"))
        } else if view.running {
            (Look::Live, numbered("running, not started"))
        } else if view.pulling {
            (Look::Pull, vec!["pulling".into()])
        } else if let Some(text) = &view.back_off {
            (Look::Back, vec![text.clone(), "back-off".into()])
        } else {
            match view.exit {
                Some(0) => (Look::Ok, vec!["Completed".into()]),
                Some(code) => (Look::Err, vec![format!("exit {code}"), code.to_string()]),
                None if view.waiting.is_empty() => (Look::Wait, vec!["waiting".into()]),
                None => (Look::Wait, vec![format!("waiting: {}", view.waiting), "waiting".into()]),
            }
        };
        self.begin(Place::Container(at, 0), (look, 0), labels, record);
    }

    fn probe(&mut self, at: ContainerRef, kind: ProbeKind, outcome: ProbeOutcome, record: &Record) {
        let row = match kind {
            ProbeKind::Startup => 1,
            ProbeKind::Readiness => 2,
            ProbeKind::Liveness => 3,
        };
        let passed = match outcome {
            ProbeOutcome::Success => Some(true),
            ProbeOutcome::Failure | ProbeOutcome::Error => Some(false),
            ProbeOutcome::NotYet => None,
        };
        if let Some(lane) = self.lanes.get_mut(&Place::Container(at, row)) {
            lane.ticks.push(Tick { at: record.at, passed, record: record.id });
        }
    }

    /// Closes what is open, and hands the lanes out in their order.
    pub(super) fn finish(mut self) -> Vec<Lane> {
        let (open, end): (Vec<Place>, SimTime) = (self.open.keys().copied().collect(), self.end);
        for place in open {
            self.close(place, end);
        }
        self.lanes.into_values().collect()
    }
}

/// An action in kubectl's words.
fn describe(what: &Do) -> String {
    match what {
        Do::Delete { kind, name, grace_seconds } => {
            let force = if *grace_seconds == Some(0) { " --force" } else { "" };
            format!("kubectl delete {} {name}{force}", kind.as_str().to_ascii_lowercase())
        }
        Do::Patch { kind, name, .. } => format!("kubectl patch {} {name}", kind.as_str().to_ascii_lowercase()),
        Do::Apply { object } => format!("kubectl apply {} {}", object.kind().as_str().to_ascii_lowercase(), object.metadata().name),
        Do::Kill { container, signal, .. } => format!("kill -{signal} in {container}"),
    }
}

/// How a STATUS looks.
fn status_look(status: &str, pod: &Pod, all_ready: bool) -> Look {
    if pod.is_terminating() && !pod.status.phase.is_terminal() {
        return Look::Term;
    }
    match pod.status.phase {
        Phase::Succeeded => return Look::Ok,
        Phase::Failed => return Look::Err,
        Phase::Pending | Phase::Running => {}
    }
    let word = status.rsplit(':').next().unwrap_or(status);
    match word {
        "Running" if all_ready && pod.status.is_true(&ConditionType::Ready) => Look::Ready,
        "Running" | "NotReady" => Look::Live,
        "Completed" => Look::Ok,
        w if w.ends_with("BackOff") => Look::Back,
        w if w.contains("Err") || w.contains("OOM") || w.starts_with("Exit") || w.starts_with("Invalid") || w == "StartError" => Look::Err,
        _ if status.starts_with("Init:") => Look::Init,
        _ => Look::Wait,
    }
}

/// The containers of a pod with what they are.
fn containers(id: ObjectId, pod: &Pod) -> Vec<(ContainerRef, &crate::api::Container, String)> {
    let mut out = Vec::new();
    for (index, container) in (0_u16..).zip(&pod.spec.init_containers) {
        let note = if container.is_sidecar() { "sidecar".to_owned() } else { format!("init {}", index + 1) };
        out.push((ContainerRef { pod: id, group: ContainerGroup::Init, index }, container, note));
    }
    for (index, container) in (0_u16..).zip(&pod.spec.containers) {
        out.push((ContainerRef { pod: id, group: ContainerGroup::App, index }, container, "container".to_owned()));
    }
    for (index, container) in (0_u16..).zip(&pod.spec.ephemeral_containers) {
        out.push((ContainerRef { pod: id, group: ContainerGroup::Ephemeral, index }, container, "ephemeral".to_owned()));
    }
    out
}

/// The published statuses of a pod's containers.
fn statuses(id: ObjectId, pod: &Pod) -> Vec<(ContainerRef, &crate::api::ContainerStatus)> {
    let lists = [&pod.status.init_container_statuses, &pod.status.container_statuses, &pod.status.ephemeral_container_statuses];
    let find = |name: &str, group: ContainerGroup| {
        let list = match group {
            ContainerGroup::Init => lists.first(),
            ContainerGroup::App => lists.get(1),
            ContainerGroup::Ephemeral => lists.get(2),
        };
        list.and_then(|l| l.iter().find(|s| s.name == name))
    };
    containers(id, pod).into_iter().filter_map(|(at, c, _)| find(&c.name, at.group).map(|s| (at, s))).collect()
}

fn period(probe: &Probe) -> String {
    format!("{} s", if probe.period_seconds == 0 { 10 } else { probe.period_seconds })
}
