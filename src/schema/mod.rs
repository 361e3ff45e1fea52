//! The fields of Kubernetes' types (v1.36) with their Go names, for strict decoding.
//!
//! Left out: volume types that no current cluster offers, `status` of every kind, and managed fields; these are taken as they are.

mod container;
mod kinds;
mod meta;
mod other;
mod pod;
mod scheduling;
mod volume;
mod workload;

pub use kinds::root;

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

const STRINGS: Type = Type::List(&Type::Str);
const STRING_MAP: Type = Type::Map(&Type::Str);

const fn f(name: &'static str, of: Type) -> Field {
    Field { name, of, via: "" }
}

const fn via(via: &'static str, name: &'static str, of: Type) -> Field {
    Field { name, of, via }
}

/// Where the field `name` belongs, in words, for the common parts of a pod: "did you indent it right?"
pub fn home_of(name: &str) -> Option<&'static str> {
    let homes: [(&'static Struct, &'static str); 4] = [
        (&container::CONTAINER, "a container"),
        (&pod::POD_SPEC, "the pod's `spec`"),
        (&meta::OBJECT_META, "`metadata`"),
        (&container::PROBE, "a probe"),
    ];
    homes.into_iter().find(|(of, _)| of.field(name).is_some()).map(|(_, home)| home)
}
