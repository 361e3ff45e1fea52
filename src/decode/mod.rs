//! Tree to typed values: Kubernetes objects as strictly as the API server reads them, and own documents for other schemas.
//!
//! Objects are checked against the field table ([`crate::schema`]) and become JSON in the API's wire format without nulls and with
//! quantities in stored form. They become typed objects when they are admitted, since until then any text may stand where
//! an enumeration is wanted.

mod go;
mod object;
mod reader;
mod similar;
mod source_map;
mod value;

pub use object::{Content, Decoded, documents};
pub use reader::{from_node, read};
pub use similar::similar;
pub use source_map::SourceMap;
pub use value::value;

/// The `apiVersion` of Podlab's own documents.
pub const OWN_VERSION: &str = "podlab/v1";

#[cfg(test)]
mod tests;
