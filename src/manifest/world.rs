//! The surroundings document: `apiVersion: podlab/v1`, `kind: Scenario`.

use serde::Deserialize;
use serde_json::Value;

use super::{AdmitContext, admit_body};
use crate::api::{Kind, Quantity};
use crate::decode;
use crate::scenario::{Action, Crash, Do, Host, ImageRule, PatchStyle, Pull, Registry, Scenario};
use crate::text::{Diagnostic, Parsed};
use crate::time::{SimDuration, SimTime, parse_duration};
use crate::yaml::Node;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Document {
    #[serde(rename = "apiVersion")]
    _api_version: String,
    #[serde(rename = "kind")]
    _kind: String,
    #[serde(default, rename = "metadata")]
    _metadata: Value,
    #[serde(default)]
    spec: Spec,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
struct Spec {
    duration: Option<Span>,
    seed: Option<u64>,
    registry: Option<String>,
    images: Vec<Image>,
    hosts: Vec<HostEntry>,
    actions: Vec<ActionEntry>,
}

/// `90`, `90s`, `1m30s`.
#[derive(Clone, Copy)]
struct Span(SimDuration);

impl<'de> Deserialize<'de> for Span {
    fn deserialize<D: serde::Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        let value = Value::deserialize(d)?;
        let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        let wrong = || serde::de::Error::custom(format!("`{text}` is no duration: write `30s`, `1m30s` or `250ms`"));
        parse_duration(&text).map(Span).ok_or_else(wrong)
    }
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
struct Image {
    image: String,
    present: Option<bool>,
    pull: Option<PullEntry>,
    startup: Option<Span>,
    ports: Option<Vec<u16>>,
    crash: Option<CrashEntry>,
    memory: Vec<MemoryEntry>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct MemoryEntry {
    at: Span,
    #[serde(rename = "use")]
    amount: Amount,
}

/// `64Mi`, `1Gi`, in bytes.
struct Amount(u64);

impl<'de> Deserialize<'de> for Amount {
    fn deserialize<D: serde::Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        let value = Value::deserialize(d)?;
        let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        let wrong = || serde::de::Error::custom(format!("`{text}` is no amount of memory: write `64Mi` or `1Gi`"));
        let quantity = Quantity::parse(&text).ok_or_else(wrong)?;
        u64::try_from(quantity.value()).map(Amount).map_err(|_| wrong())
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
enum PullEntry {
    Takes(Span),
    NotFound,
    Denied,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct CrashEntry {
    after: Span,
    #[serde(default = "one")]
    code: i32,
    times: Option<u32>,
}

const fn one() -> i32 {
    1
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
struct HostEntry {
    name: String,
    ports: Vec<u16>,
    from: Option<Span>,
    until: Option<Span>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct ActionEntry {
    at: Span,
    delete: Option<DeleteEntry>,
    patch: Option<PatchEntry>,
    apply: Option<Value>,
    kill: Option<KillEntry>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct DeleteEntry {
    #[serde(default = "pod")]
    kind: String,
    name: String,
    grace: Option<i64>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct PatchEntry {
    #[serde(default = "pod")]
    kind: String,
    name: String,
    patch: Value,
    subresource: Option<String>,
    #[serde(rename = "type")]
    style: Option<String>,
}

fn pod() -> String {
    "Pod".into()
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct KillEntry {
    pod: String,
    container: String,
    #[serde(default = "kill")]
    signal: String,
}

fn kill() -> String {
    "KILL".into()
}

/// Reads a scenario document; what is wrong is said with its place.
pub fn scenario(node: &Node) -> Parsed<Option<Scenario>> {
    let parsed = decode::read::<Document>(node);
    let mut diagnostics = parsed.diagnostics;
    let Some(document) = parsed.value else { return Parsed { value: None, diagnostics } };
    let spec = document.spec;
    let mut scenario = Scenario::default();
    scenario.duration = spec.duration.map_or(scenario.duration, |d| d.0);
    scenario.seed = spec.seed.unwrap_or(scenario.seed);
    scenario.registry = if spec.registry.as_deref() == Some("listed") { Registry::Listed } else { Registry::Open };
    scenario.images = spec.images.into_iter().map(image).collect();
    scenario.hosts = spec.hosts.into_iter().map(host).collect();
    let places = node.get("spec").and_then(|s| s.get("actions")).map(Node::items).unwrap_or_default();
    for (index, entry) in spec.actions.into_iter().enumerate() {
        let at = SimTime::ZERO + entry.at.0;
        match action(entry) {
            Ok(what) => scenario.actions.push(Action { at, what }),
            Err(message) => {
                let span = places.get(index).map_or(node.span, |n| n.span);
                diagnostics.push(Diagnostic::error("scenario/action", span, message));
            }
        }
    }
    crate::order::sort_by_key(&mut scenario.actions, |a| a.at);
    Parsed { value: Some(scenario), diagnostics }
}

fn image(entry: Image) -> ImageRule {
    let pull = entry.pull.map(|p| match p {
        PullEntry::Takes(time) => Pull::Takes(time.0),
        PullEntry::NotFound => Pull::NotFound,
        PullEntry::Denied => Pull::Denied,
    });
    let crash = entry.crash.map(|c| Crash { after: c.after.0, code: c.code, times: c.times });
    let mut memory: Vec<_> = entry.memory.into_iter().map(|m| (m.at.0, m.amount.0)).collect();
    crate::order::sort_by_key(&mut memory, |(at, _)| *at);
    ImageRule { image: entry.image, present: entry.present, pull, startup: entry.startup.map(|s| s.0), ports: entry.ports, crash, memory }
}

fn host(entry: HostEntry) -> Host {
    let instant = |s: Span| SimTime::ZERO + s.0;
    Host { name: entry.name, ports: entry.ports, from: entry.from.map_or(SimTime::ZERO, instant), until: entry.until.map(instant) }
}

fn kind(name: &str) -> Result<Kind, String> {
    Kind::ALL.into_iter().find(|k| k.as_str() == name).ok_or_else(|| format!("`{name}` is no kind that is known here"))
}

fn action(entry: ActionEntry) -> Result<Do, String> {
    match (entry.delete, entry.patch, entry.apply, entry.kill) {
        (Some(d), None, None, None) => Ok(Do::Delete { kind: kind(&d.kind)?, name: d.name, grace_seconds: d.grace }),
        (None, Some(p), None, None) => Ok(Do::Patch {
            kind: kind(&p.kind)?,
            name: p.name,
            patch: p.patch,
            style: if p.style.as_deref() == Some("merge") { PatchStyle::Merge } else { PatchStyle::Strategic },
            subresource: p.subresource,
        }),
        (None, None, Some(body), None) => {
            let kind = kind(body.get("kind").and_then(Value::as_str).unwrap_or_default())?;
            let admitted = admit_body(kind, body, &AdmitContext::default()).map_err(|r| r.answer().message)?;
            Ok(Do::Apply { object: admitted.object })
        }
        (None, None, None, Some(k)) => Ok(Do::Kill { pod: k.pod, container: k.container, signal: k.signal }),
        _ => Err("an action does one thing: `delete`, `patch`, `apply` or `kill`".into()),
    }
}
