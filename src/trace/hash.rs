//! A hash over everything that a trace says: equal traces have equal hashes, on every platform.

use serde_json::Value;

use super::{Cause, Change, ContainerRef, Exit, Pull, Record, Subject, Trace};
use crate::api::{EndpointSlice, Event, ObjectKey};
use crate::time::{SimDuration, SimTime};

/// The hash of a trace: 64-bit FNV-1a over its records and the keys of its objects.
pub fn hash(trace: &Trace) -> u64 {
    let mut hash = Fnv(0xcbf2_9ce4_8422_2325);
    for (_, key) in trace.objects() {
        hash.key(key);
    }
    for record in trace.records() {
        hash.record(record);
    }
    hash.0
}

struct Fnv(u64);

impl Fnv {
    fn byte(&mut self, byte: u8) {
        self.0 = (self.0 ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
    }

    fn number(&mut self, number: impl Into<u64>) {
        number.into().to_le_bytes().into_iter().for_each(|b| self.byte(b));
    }

    fn text(&mut self, text: &str) {
        text.bytes().for_each(|b| self.byte(b));
        self.byte(0xff);
    }

    /// Several texts, one after another.
    fn texts(&mut self, texts: &[&str]) {
        texts.iter().for_each(|t| self.text(t));
    }

    fn time(&mut self, at: SimTime) {
        self.number((at - SimTime::ZERO).ms());
    }

    fn duration(&mut self, time: SimDuration) {
        self.number(time.ms());
    }

    fn key(&mut self, key: &ObjectKey) {
        self.texts(&[key.kind.as_str(), &key.namespace, &key.name]);
    }

    fn record(&mut self, record: &Record) {
        self.time(record.at);
        self.subject(record.subject);
        match record.cause {
            Cause::Record(id) => self.number(id.0),
            Cause::Manifest => self.text("manifest"),
            Cause::Scenario => self.text("scenario"),
        }
        self.text(record.rule.id);
        self.text(record.field.as_ref().map_or("", |f| f.as_str()));
        self.change(&record.change);
    }

    fn subject(&mut self, subject: Subject) {
        match subject {
            Subject::World => self.byte(0),
            Subject::Object(id) => {
                self.byte(1);
                self.number(id.0);
            }
            Subject::Container(c) => {
                self.byte(2);
                self.container(c);
            }
            Subject::Probe(c, kind) => {
                self.byte(3);
                self.container(c);
                self.byte(kind as u8);
            }
        }
    }

    fn container(&mut self, c: ContainerRef) {
        self.number(c.pod.0);
        self.byte(c.group as u8);
        self.number(c.index);
    }

    fn change(&mut self, change: &Change) {
        match change {
            Change::Created(object) | Change::Updated(object) => self.json(&object.to_json()),
            Change::Deleted => self.text("deleted"),
            Change::SandboxStopped => self.text("sandbox stopped"),
            Change::VolumesMounted => self.text("volumes mounted"),
            Change::Refused { message } => self.texts(&["refused", message]),
            Change::NotSimulated { what } => self.texts(&["not simulated", what]),
            Change::Budget { what } => self.texts(&["budget", what]),
            Change::SandboxReady { ip } => self.texts(&["sandbox", ip]),
            Change::Event(event) => self.event(event),
            Change::Endpoints(slice) => self.endpoints(slice),
            Change::ContainerCreated(id) => self.tagged("created", id.0),
            Change::ContainerStarted(id) => self.tagged("started", id.0),
            Change::Exited(id, exit) => {
                self.tagged("exited", id.0);
                self.exit(exit);
            }
            Change::Pull(pull) => self.pull(pull),
            Change::File(file) => {
                self.texts(&["file", &file.volume, &file.path, file.text.as_deref().unwrap_or("-"), if file.added { "added" } else { "" }])
            }
            Change::Action { .. }
            | Change::Host { .. }
            | Change::Signal { .. }
            | Change::Listening { .. }
            | Change::BackOff { .. }
            | Change::Probe { .. }
            | Change::HookStarted { .. }
            | Change::HookEnded { .. }
            | Change::Output { .. } => self.happening(change),
        }
    }

    /// The changes that hold several plain values.
    fn happening(&mut self, change: &Change) {
        match change {
            Change::Action { index, code, message } => self.plain("action", [(*index).into(), (*code).into()], message),
            Change::Host { index, up } => self.plain("host", [(*index).into(), (*up).into()], ""),
            Change::Signal { id, name } => self.plain("signal", [id.0.into(), 0], name),
            Change::Listening { port, open } => self.plain("listening", [(*port).into(), (*open).into()], ""),
            Change::HookStarted { hook, text } => self.plain("hook", [*hook as u64, 0], text),
            Change::HookEnded { hook, ok, message } => self.plain("hook ended", [*hook as u64, (*ok).into()], message),
            Change::Output { id, stream, text } => self.plain("output", [id.0.into(), *stream as u64], text),
            Change::BackOff { what, delay, until } => {
                self.plain("back-off", [*what as u64, delay.ms()], "");
                self.time(*until);
            }
            Change::Probe { outcome, message, count, threshold } => {
                self.plain("probe", [*outcome as u64, (*count).into()], message);
                self.number(*threshold);
            }
            Change::Created(_)
            | Change::Updated(_)
            | Change::Deleted
            | Change::SandboxStopped
            | Change::VolumesMounted
            | Change::Refused { .. }
            | Change::NotSimulated { .. }
            | Change::Budget { .. }
            | Change::SandboxReady { .. }
            | Change::Event(_)
            | Change::Endpoints(_)
            | Change::ContainerCreated(_)
            | Change::ContainerStarted(_)
            | Change::Exited(..)
            | Change::File(_)
            | Change::Pull(_) => {}
        }
    }

    fn plain(&mut self, tag: &str, numbers: [u64; 2], text: &str) {
        self.text(tag);
        numbers.into_iter().for_each(|n| self.number(n));
        self.text(text);
    }

    fn tagged(&mut self, tag: &str, number: impl Into<u64>) {
        self.text(tag);
        self.number(number);
    }

    fn exit(&mut self, exit: &Exit) {
        self.number(exit.code.cast_unsigned());
        self.number(exit.oom);
        self.text(exit.signal.unwrap_or_default());
        if let Some(point) = &exit.point {
            self.number(point.line);
            self.texts(&[point.field.as_str(), &point.text]);
        }
    }

    fn pull(&mut self, pull: &Pull) {
        match pull {
            Pull::Started => self.text("pulling"),
            Pull::Done { took } => {
                self.text("pulled");
                self.duration(*took);
            }
            Pull::Failed { message } => self.texts(&["pull failed", message]),
        }
    }

    fn event(&mut self, event: &Event) {
        self.key(&event.object);
        self.texts(&[event.kind.as_str(), event.reason, &event.message, event.component, event.field_path.as_str()]);
        self.number(event.count);
        self.time(event.first_seen);
        self.time(event.last_seen);
    }

    fn endpoints(&mut self, slice: &EndpointSlice) {
        self.texts(&["endpoints", &slice.name, &slice.service, &slice.namespace]);
        for e in &slice.endpoints {
            self.texts(&[&e.pod, &e.ip]);
            [e.ready, e.serving, e.terminating].into_iter().for_each(|b| self.number(b));
        }
    }

    fn json(&mut self, value: &Value) {
        match value {
            Value::Null => self.text("null"),
            Value::Bool(b) => self.number(*b),
            Value::Number(n) => self.text(&n.to_string()),
            Value::String(s) => self.text(s),
            Value::Array(list) => list.iter().for_each(|v| self.json(v)),
            Value::Object(map) => map.iter().for_each(|(k, v)| {
                self.text(k);
                self.json(v);
            }),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::trace::{NewRecord, Rule};

    static RULE: Rule = Rule { id: "test/rule", says: "", source: "" };

    fn of(changes: &[Change]) -> u64 {
        let mut trace = Trace::default();
        for change in changes {
            let (at, subject, cause) = (SimTime::from_ms(5), Subject::World, Cause::Manifest);
            trace.push(NewRecord { at, subject, change: change.clone(), cause, rule: &RULE, field: None });
        }
        hash(&trace)
    }

    #[test]
    fn every_part_of_a_change_counts() {
        let probe = |message: &str, count| Change::Probe {
            outcome: crate::trace::ProbeOutcome::Failure,
            message: Arc::from(message),
            count,
            threshold: 3,
        };
        let different = [
            of(&[]),
            of(&[Change::Deleted]),
            of(&[Change::Deleted, Change::Deleted]),
            of(&[probe("a", 1)]),
            of(&[probe("b", 1)]),
            of(&[probe("a", 2)]),
            of(&[Change::Listening { port: 80, open: true }]),
            of(&[Change::Listening { port: 80, open: false }]),
        ];
        for (i, a) in different.iter().enumerate() {
            for (j, b) in different.iter().enumerate() {
                assert_eq!(a == b, i == j, "{i} {j}");
            }
        }
    }
}
