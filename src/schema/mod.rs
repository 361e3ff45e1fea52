//! The fields of Kubernetes' types (v1.36) with their Go names, for strict decoding, completion and hover.
//!
//! The tables are made by `build.rs` from the API's schema; what only Go knows stands in `go.txt`.

use std::sync::LazyLock;

use crate::api::Kind;
use crate::order::SortedMap;

/// A line a type, after those that it holds. Tables of pointers would take three times as much of the page.
static TEXT: &str = include_str!(concat!(env!("OUT_DIR"), "/schema.txt"));

/// The types by name, read once and kept for good.
static TYPES: LazyLock<SortedMap<&'static str, &'static Struct>> = LazyLock::new(|| {
    let mut types = SortedMap::new();
    for line in TEXT.lines() {
        let mut words = line.split(' ');
        let go = words.next().unwrap_or_default();
        let fields: Vec<Field> = words.filter_map(|word| field(word, &types)).collect();
        let of: &'static Struct = Box::leak(Box::new(Struct { go, fields: fields.leak() }));
        types.insert(of.short(), of);
    }
    types
});

/// A type without fields, for a name that the API does not have.
static NOTHING: Struct = Struct { go: "", fields: &[] };

/// The type of a name.
fn named(name: &str) -> &'static Struct {
    TYPES.get(name).copied().unwrap_or(&NOTHING)
}

/// `name=type` or `name=type~Embedded`.
fn field(word: &'static str, types: &SortedMap<&'static str, &'static Struct>) -> Option<Field> {
    let (name, of) = word.split_once('=')?;
    let (of, via) = of.split_once('~').unwrap_or((of, ""));
    Some(Field { name, of: read(of, types)?, via })
}

/// A type as `build.rs` writes it.
fn read(of: &'static str, types: &SortedMap<&'static str, &'static Struct>) -> Option<Type> {
    if let Some(inner) = of.strip_prefix('[') {
        return Some(Type::List(Box::leak(Box::new(read(inner, types)?))));
    }
    if let Some(inner) = of.strip_prefix('{') {
        return Some(Type::Map(Box::leak(Box::new(read(inner, types)?))));
    }
    Some(match of {
        "s" => Type::Str,
        "b" => Type::Bool,
        "i" => Type::Int32,
        "l" => Type::Int64,
        "q" => Type::Quantity,
        "o" => Type::IntOrString,
        "t" => Type::Time,
        "y" => Type::Bytes,
        "a" => Type::Any,
        "r" => Type::Resources,
        _ => of.strip_prefix('\'').map_or_else(|| types.get(of).map(|inner| Type::Object(inner)), |name| Some(Type::Named(name)))?,
    })
}

/// The fields of an object of `kind`.
pub fn root(kind: Kind) -> &'static Struct {
    named(kind.as_str())
}

/// The type of a field, as Go has it.
#[derive(Debug, Clone, Copy)]
pub enum Type {
    /// `string`.
    Str,
    /// A named string type: `v1.RestartPolicy`.
    Named(&'static str),
    /// `bool`.
    Bool,
    /// `int32`.
    Int32,
    /// `int64`.
    Int64,
    /// `resource.Quantity`.
    Quantity,
    /// `intstr.IntOrString`.
    IntOrString,
    /// `metav1.Time`, RFC 3339.
    Time,
    /// `[]byte`, base64.
    Bytes,
    /// Anything; taken as it is.
    Any,
    /// A struct.
    Object(&'static Struct),
    /// A slice.
    List(&'static Self),
    /// A map with text keys.
    Map(&'static Self),
    /// `v1.ResourceList`: quantities by resource name.
    Resources,
}

/// A struct type.
#[derive(Debug)]
pub struct Struct {
    /// Its Go name; with the package where that is not `v1`.
    pub go: &'static str,
    /// Its fields.
    pub fields: &'static [Field],
}

/// A field.
#[derive(Debug)]
pub struct Field {
    /// Its name in JSON.
    pub name: &'static str,
    /// Its type.
    pub of: Type,
    /// The embedded struct that it comes from, or nothing; Go's messages name it.
    pub via: &'static str,
}

impl Struct {
    /// The field `name`; case matters.
    pub fn field(&self, name: &str) -> Option<&'static Field> {
        self.fields.iter().find(|f| f.name == name)
    }

    /// The name without its package.
    pub fn short(&self) -> &'static str {
        self.go.split_once('.').map_or(self.go, |(_, name)| name)
    }
}

impl Type {
    /// The type as Go writes it.
    pub fn go(self) -> String {
        match self {
            Self::Str => "string".into(),
            Self::Named(name) => name.into(),
            Self::Bool => "bool".into(),
            Self::Int32 | Self::IntOrString => "int32".into(),
            Self::Int64 => "int64".into(),
            Self::Quantity => "resource.Quantity".into(),
            Self::Time => "v1.Time".into(),
            Self::Bytes => "[]uint8".into(),
            Self::Any => "interface {}".into(),
            Self::Object(of) if of.go.contains('.') => of.go.into(),
            Self::Object(of) => format!("v1.{}", of.go),
            Self::List(of) => format!("[]{}", of.go()),
            Self::Map(of) => format!("map[string]{}", of.go()),
            Self::Resources => "v1.ResourceList".into(),
        }
    }

    /// The type in words for people.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Str | Self::Named(_) => "text",
            Self::Bool => "true or false",
            Self::Int32 | Self::Int64 => "a whole number",
            Self::Quantity => "a quantity such as 100m or 64Mi",
            Self::IntOrString => "a whole number or text",
            Self::Time => "a time such as 2026-01-05T10:00:00Z",
            Self::Bytes => "base64 text",
            Self::Any => "anything",
            Self::Object(_) => "a mapping",
            Self::List(_) => "a list",
            Self::Map(_) | Self::Resources => "a mapping",
        }
    }
}

/// Where the field `name` belongs, in words, for the common parts of a pod: "did you indent it right?"
pub fn home_of(name: &str) -> Option<&'static str> {
    let homes = [("Container", "a container"), ("PodSpec", "the pod's `spec`"), ("ObjectMeta", "`metadata`"), ("Probe", "a probe")];
    homes.into_iter().find(|(of, _)| named(of).field(name).is_some()).map(|(_, home)| home)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_has_its_fields_and_every_type_is_known() {
        for kind in Kind::ALL {
            assert_eq!(root(kind).field("apiVersion").map(|f| f.via), Some("TypeMeta"), "{}", kind.as_str());
        }
        let written = TEXT.split([' ', '\n']).filter(|word| word.contains('=')).count();
        assert_eq!(TYPES.values().map(|of| of.fields.len()).sum::<usize>(), written);
        assert!(written > 1000);
    }

    #[test]
    fn go_names_are_those_of_the_messages() {
        let go = |of: &str, name: &str| named(of).field(name).map(|f| f.of.go()).unwrap_or_default();
        assert_eq!(go("PodSpec", "restartPolicy"), "v1.RestartPolicy");
        assert_eq!(go("PodSpec", "containers"), "[]v1.Container");
        assert_eq!(go("HorizontalPodAutoscalerSpec", "metrics"), "[]v2.MetricSpec");
        assert_eq!(go("ResourceRequirements", "limits"), "v1.ResourceList");
        assert_eq!(named("Volume").field("emptyDir").map(|f| f.via), Some("VolumeSource"));
    }
}
