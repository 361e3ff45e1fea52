//! Judging checks in one pass over a trace.

use std::collections::{BTreeMap, BTreeSet};

use super::language::{Check, Condition, FileCondition, Property};
use crate::api::{ConditionType, ContainerStatus, Object, Pod};
use crate::printers::pod_columns;
use crate::scenario::Scenario;
use crate::time::SimTime;
use crate::trace::{Change, ContainerGroup, ContainerRef, FileChange, Run, Subject};

/// What became of a check.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verdict {
    /// Whether it holds.
    pub passed: bool,
    /// The moment that decided.
    pub at: Option<SimTime>,
    /// What was seen, for people.
    pub seen: String,
}

/// What is known of the pod at a moment.
#[derive(Debug, Default)]
struct Moment {
    names: BTreeMap<ContainerRef, String>,
    /// Containers whose process runs: the truth of the node, earlier than the published status.
    running: BTreeSet<String>,
    statuses: BTreeMap<String, ContainerStatus>,
    status: String,
    phase: &'static str,
    ready: bool,
    exists: bool,
    listening: BTreeSet<u16>,
    output: BTreeMap<String, String>,
    starts: BTreeMap<String, u32>,
    exits: BTreeMap<String, BTreeSet<i32>>,
    /// Files of volumes that programs have written: volume and path, text.
    files: BTreeMap<(String, String), String>,
    /// Services with a ready endpoint.
    endpoints: BTreeSet<String>,
    names_of_hosts: Vec<String>,
    /// Outside hosts that answer, by their place in the world.
    hosts: BTreeSet<u16>,
}

impl Moment {
    fn take(&mut self, subject: Subject, change: &Change) {
        match (subject, change) {
            (Subject::Object(id), Change::Created(Object::Pod(pod)) | Change::Updated(Object::Pod(pod))) => self.pod(id, pod),
            (Subject::Object(_), Change::Deleted) => {
                self.exists = false;
                self.ready = false;
            }
            (Subject::Container(at), Change::ContainerStarted(_)) => {
                if let Some(name) = self.names.get(&at).cloned() {
                    *self.starts.entry(name.clone()).or_default() += 1;
                    self.running.insert(name);
                }
            }
            (Subject::Container(at), Change::Exited(_, exit)) => {
                if let Some(name) = self.names.get(&at) {
                    self.running.remove(name);
                    self.exits.entry(name.clone()).or_default().insert(exit.code);
                }
            }
            (_, Change::Host { index, up }) => {
                if *up {
                    self.hosts.insert(*index);
                } else {
                    self.hosts.remove(index);
                }
            }
            (_, Change::Endpoints(slice)) => {
                if slice.endpoints.iter().any(|e| e.ready) {
                    self.endpoints.insert(slice.service.clone());
                } else {
                    self.endpoints.remove(&slice.service);
                }
            }
            (Subject::Container(_), Change::Listening { port, open }) => {
                if *open {
                    self.listening.insert(*port);
                } else {
                    self.listening.remove(port);
                }
            }
            (_, Change::File(file)) => self.file(file),
            (Subject::Container(at), Change::Output { text, .. }) => {
                if let Some(name) = self.names.get(&at).cloned() {
                    self.output.entry(name).or_default().push_str(text);
                }
            }
            _ => {}
        }
    }

    fn pod(&mut self, id: crate::trace::ObjectId, pod: &Pod) {
        let groups = [
            (ContainerGroup::Init, &pod.spec.init_containers),
            (ContainerGroup::App, &pod.spec.containers),
            (ContainerGroup::Ephemeral, &pod.spec.ephemeral_containers),
        ];
        for (group, list) in groups {
            for (index, container) in (0_u16..).zip(list) {
                self.names.insert(ContainerRef { pod: id, group, index }, container.name.clone());
            }
        }
        let all = pod.status.init_container_statuses.iter().chain(&pod.status.container_statuses);
        self.statuses = all.map(|s| (s.name.to_string(), s.clone())).collect();
        self.status = pod_columns(pod).status.as_str().to_owned();
        self.phase = pod.status.phase.as_str();
        self.ready = pod.status.is_true(&ConditionType::Ready) && !pod.is_terminating();
        self.exists = true;
    }

    fn file(&mut self, change: &FileChange) {
        let key = (change.volume.to_string(), change.path.to_string());
        match &change.text {
            Some(text) if change.added => self.files.entry(key).or_default().push_str(text),
            Some(text) => {
                self.files.insert(key, text.to_string());
            }
            None => {
                let below = format!("{}/", change.path);
                self.files.retain(|(volume, path), _| *volume != key.0 || (*path != key.1 && !path.starts_with(&below)));
            }
        }
    }

    fn says(&self, file: &FileCondition) -> bool {
        let end = file.path.trim_start_matches('/');
        self.files.iter().any(|((volume, path), text)| {
            file.volume.as_ref().is_none_or(|wanted| wanted == volume)
                && path.strip_suffix(end).is_some_and(|folder| folder.is_empty() || folder.ends_with('/'))
                && file.contains.as_deref().is_none_or(|wanted| text.contains(wanted))
        })
    }

    fn answers(&self, host: &str) -> bool {
        self.hosts.iter().any(|index| self.names_of_hosts.get(usize::from(*index)).is_some_and(|name| name == host))
    }

    fn holds(&self, c: &Condition) -> bool {
        let name = c.container.as_deref().unwrap_or_default();
        let status = self.statuses.get(name);
        let state = |wanted: &str| match wanted {
            "running" => self.running.contains(name),
            "started" => status.is_some_and(|s| s.started),
            "ready" => status.is_some_and(|s| s.ready),
            "terminated" => status.is_some_and(|s| s.state.terminated().is_some()),
            _ => self.exists && !self.running.contains(name),
        };
        c.state.as_deref().is_none_or(state)
            && c.restarts.is_none_or(|n| self.starts.get(name).copied().unwrap_or_default().saturating_sub(1) >= n)
            && c.status.as_deref().is_none_or(|s| self.status.contains(s))
            && c.phase.as_deref().is_none_or(|p| self.phase == p)
            && c.ready.is_none_or(|r| self.ready == r)
            && c.listening.is_none_or(|p| self.listening.contains(&p))
            && c.exit.is_none_or(|code| self.exits.get(name).is_some_and(|codes| codes.contains(&code)))
            && c.endpoint.as_deref().is_none_or(|service| self.endpoints.contains(service))
            && c.host.as_deref().is_none_or(|name| self.answers(name))
            && c.file.as_ref().is_none_or(|file| self.says(file))
            && c.output.as_deref().is_none_or(|o| self.output.get(name).is_some_and(|text| text.contains(o)))
    }
}

/// A check in progress.
#[derive(Debug, Default, Clone)]
struct Progress {
    /// When the deciding thing was first seen.
    first: Option<SimTime>,
    broken: Option<SimTime>,
    count: u32,
    held: bool,
}

/// Judges checks on a run.
pub fn judge(checks: &[Check], run: &Run, world: &Scenario) -> Vec<Verdict> {
    let mut moment = Moment { names_of_hosts: world.hosts.iter().map(|h| h.name.clone()).collect(), ..Moment::default() };
    let mut progress = vec![Progress::default(); checks.len()];
    let records = run.trace.records();
    for (index, record) in records.iter().enumerate() {
        moment.take(record.subject, &record.change);
        // What happens at one instant is judged once, after all of it.
        if records.get(index + 1).is_some_and(|next| next.at == record.at) {
            continue;
        }
        for (check, progress) in checks.iter().zip(&mut progress) {
            if let Some(property) = check.property() {
                follow(property, &moment, progress, record.at);
            }
        }
    }
    checks.iter().zip(progress).map(|(check, p)| verdict(check, &p)).collect()
}

/// The first moment at which a condition holds.
pub fn first(condition: &Condition, run: &Run, world: &Scenario) -> Option<SimTime> {
    let check = Check { eventually: Some(condition.clone()), ..Check::default() };
    judge(&[check], run, world).first().and_then(|verdict| verdict.at)
}

fn follow(property: Property<'_>, moment: &Moment, progress: &mut Progress, at: SimTime) {
    match property {
        Property::Never(c) => {
            if moment.holds(c) {
                progress.broken.get_or_insert(at);
            }
        }
        Property::Always(c) => {
            if moment.exists && !moment.holds(c) {
                progress.broken.get_or_insert(at);
            }
        }
        Property::Eventually(c, _) => {
            if moment.holds(c) {
                progress.first.get_or_insert(at);
            }
        }
        Property::Count(c, _, most) => {
            let holds = moment.holds(c);
            if holds && !progress.held {
                progress.count += 1;
                progress.first.get_or_insert(at);
                if progress.count > most {
                    progress.broken.get_or_insert(at);
                }
            }
            progress.held = holds;
        }
        Property::Order { first, then } => {
            if moment.holds(first) {
                progress.first.get_or_insert(at);
            }
            if progress.first.is_none() && moment.holds(then) {
                progress.broken.get_or_insert(at);
            }
        }
    }
}

fn seconds(t: SimTime) -> String {
    format!("{}.{:02} s", t.ms() / 1000, t.ms() % 1000 / 10)
}

fn verdict(check: &Check, p: &Progress) -> Verdict {
    let failed = |at: Option<SimTime>, seen: String| Verdict { passed: false, at, seen };
    let passed = |at: Option<SimTime>, seen: String| Verdict { passed: true, at, seen };
    match check.property() {
        None => failed(None, "this check says nothing that can be judged".into()),
        Some(Property::Never(_) | Property::Always(_)) => match p.broken {
            Some(at) => failed(Some(at), format!("not so at {}", seconds(at))),
            None => passed(None, "held all the time".into()),
        },
        Some(Property::Eventually(_, by)) => match (p.first, by) {
            (Some(at), Some(by)) if at > SimTime::ZERO + by => failed(Some(at), format!("only at {}", seconds(at))),
            (Some(at), _) => passed(Some(at), format!("at {}", seconds(at))),
            (None, _) => failed(None, "never in this run".into()),
        },
        Some(Property::Count(_, least, most)) => match p.broken {
            Some(at) => failed(Some(at), format!("{} times, the last one too many at {}", p.count, seconds(at))),
            None if p.count < least => failed(p.first, format!("only {} times", p.count)),
            None => passed(p.first, format!("{} times{}", p.count, if most == u32::MAX { "" } else { ", not more" })),
        },
        Some(Property::Order { .. }) => match (p.broken, p.first) {
            (Some(at), Some(first)) => {
                let early = SimTime::from_ms(first.since(at).ms());
                failed(Some(at), format!("at {}, {} too early", seconds(at), seconds(early)))
            }
            (Some(at), None) => failed(Some(at), format!("at {}, and what it needs never came", seconds(at))),
            (None, Some(first)) => passed(Some(first), format!("from {} on", seconds(first))),
            (None, None) => failed(None, "what has to come first never came".into()),
        },
    }
}
