//! A case to record: the objects of its manifest, and `case.yaml` as a scenario on a cluster like the recorded one.

use serde::Deserialize;
use serde_json::Value;

use crate::api::{ApiError, Kind, Object};
use crate::decode;
use crate::manifest::{self, AdmitContext};
use crate::scenario::{Action, Do, ImageRule, PatchStyle, Pull, Registry, Scenario};
use crate::time::{SimDuration, SimTime};
use crate::yaml;

/// What is played to make a recording.
#[derive(Debug, Clone, PartialEq)]
pub struct Case {
    /// The objects that the API takes.
    pub objects: Vec<Object>,
    /// The recorded cluster and what was done on it.
    pub scenario: Scenario,
    /// What the API answered to those that it refuses.
    pub refused: Vec<ApiError>,
}

/// `case.yaml`, as far as it is played: what it is `about` is for people.
#[derive(Debug, Deserialize)]
struct Script {
    duration: Seconds,
    #[serde(default)]
    actions: Vec<Step>,
}

/// Something that is done.
#[derive(Debug, Deserialize)]
struct Step {
    /// After the last object was created.
    at: Seconds,
    #[serde(rename = "do")]
    verb: String,
    #[serde(default = "pod")]
    kind: String,
    #[serde(default)]
    name: String,
    grace: Option<i64>,
    #[serde(default)]
    patch: Value,
    #[serde(rename = "type")]
    style: Option<String>,
    subresource: Option<String>,
    #[serde(default)]
    object: Value,
    #[serde(default)]
    container: String,
    #[serde(default)]
    signal: String,
}

fn pod() -> String {
    "Pod".into()
}

impl Case {
    /// Reads a case.
    ///
    /// # Errors
    /// What is wrong with `case.yaml`, for people.
    pub fn read(manifest: &str, case: &str) -> Result<Self, String> {
        Self::read_in(manifest, case, "default")
    }

    /// Reads a case that is played in a namespace.
    ///
    /// # Errors
    /// What is wrong with `case.yaml`, for people.
    pub fn read_in(manifest: &str, case: &str, namespace: &str) -> Result<Self, String> {
        let script = script(case)?;
        let (mut objects, mut refused) = (Vec::new(), Vec::new());
        for answer in manifest::answers_in(manifest, namespace) {
            match answer {
                Ok(admitted) => objects.push(admitted.object),
                Err(error) => refused.push(error),
            }
        }
        let actions = script.actions.into_iter().map(|step| action(step, &objects, namespace)).collect::<Result<_, _>>()?;
        let duration = SimDuration::from_ms(script.duration.0);
        let scenario = Scenario { duration, namespace: namespace.into(), actions, ..recorded_cluster() };
        Ok(Self { objects, scenario, refused })
    }
}

fn script(case: &str) -> Result<Script, String> {
    let parsed = yaml::parse(case);
    let document = parsed.value.first().ok_or("case.yaml is empty")?;
    if let Some(error) = &document.error {
        return Err(format!("case.yaml: {}", error.server));
    }
    let read = decode::read(&document.root);
    let wrong = || read.diagnostics.first().map(|d| d.message.clone()).unwrap_or_default();
    read.value.ok_or_else(|| format!("case.yaml: {}", wrong()))
}

/// Seconds with up to three decimals, in milliseconds.
#[derive(Debug, Clone, Copy)]
struct Seconds(u64);

impl<'de> Deserialize<'de> for Seconds {
    fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct Visitor;
        impl serde::de::Visitor<'_> for Visitor {
            type Value = Seconds;

            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("a number of seconds")
            }

            fn visit_i64<E: serde::de::Error>(self, seconds: i64) -> Result<Seconds, E> {
                u64::try_from(seconds).map(|s| Seconds(s * 1000)).map_err(|_| E::custom("seconds do not run backwards"))
            }

            fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<Seconds, E> {
                let (whole, part) = text.split_once('.').unwrap_or((text, ""));
                let wrong = || E::custom(format!("`{text}` is no number of seconds"));
                let ms: u64 = format!("{part:0<3}").get(..3).unwrap_or_default().parse().map_err(|_| wrong())?;
                whole.parse::<u64>().map(|s| Seconds(s * 1000 + ms)).map_err(|_| wrong())
            }
        }
        from.deserialize_any(Visitor)
    }
}

fn action(step: Step, objects: &[Object], namespace: &str) -> Result<Action, String> {
    let kind = || kind(&step.kind);
    let what = match step.verb.as_str() {
        "delete" => Do::Delete { kind: kind()?, name: step.name, grace_seconds: step.grace },
        "patch" => {
            let strategic = step.style.is_some_and(|s| s == "application/strategic-merge-patch+json");
            let style = if strategic { PatchStyle::Strategic } else { PatchStyle::Merge };
            Do::Patch { kind: kind()?, name: step.name, patch: step.patch, style, subresource: step.subresource }
        }
        "apply" => Do::Apply { object: admitted(step.object, objects, namespace)? },
        "kill" => Do::Kill { pod: step.name, container: step.container, signal: step.signal },
        other => return Err(format!("case.yaml: unknown action `{other}`: delete, patch, apply or kill")),
    };
    Ok(Action { at: SimTime::from_ms(step.at.0), what })
}

fn kind(name: &str) -> Result<Kind, String> {
    Kind::ALL.into_iter().find(|k| k.as_str() == name).ok_or_else(|| format!("case.yaml: unknown kind `{name}`"))
}

fn admitted(object: Value, objects: &[Object], namespace: &str) -> Result<Object, String> {
    let kind = kind(object.get("kind").and_then(Value::as_str).unwrap_or_default())?;
    let context = AdmitContext { namespace, objects, token_volume: Some("x7k2p"), ..AdmitContext::default() };
    manifest::admit_body(kind, object, &context).map(|a| a.object).map_err(|r| format!("case.yaml: {}", r.answer().message))
}

/// The one-node cluster that recordings were made on: what its node held, and what its registry had.
fn recorded_cluster() -> Scenario {
    const PRESENT: [&str; 10] = [
        "busybox:1.36",
        "busybox:1.28",
        "busybox:stable",
        "busybox:latest",
        "alpine:latest",
        "nginx:latest",
        "nginx:1.25",
        "nginx:1.14.2",
        "redis:latest",
        "redis:7",
    ];
    let present = PRESENT.map(|image| ImageRule { image: image.into(), present: Some(true), ..ImageRule::default() });
    let pulled = ["redis:6", "redis:5"].map(|image| ImageRule {
        image: image.into(),
        present: Some(false),
        pull: Some(Pull::Takes(SimDuration::from_ms(900))),
        ..ImageRule::default()
    });
    // Up to fourteen cases ran at once.
    let neighbors = Some(SimDuration::from_secs(3));
    Scenario { registry: Registry::Listed, neighbors, images: present.into_iter().chain(pulled).collect(), ..Scenario::default() }
}
