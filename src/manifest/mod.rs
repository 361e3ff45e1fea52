//! From decoded objects to what the cluster would store: defaults, admission, validation, in the API server's order and words.
//!
//! ```text
//! read(text)      everything at once, for the page and the tools
//! admit           default -> mutate -> validate; the only door into a cluster
//! admit_update    the same for a change, with what may not change
//! apply_patch     a patch to a stored object
//! ```
//!
//! The rules work on JSON in the wire format, which the field table has checked, so that templates of all kinds share them; what
//! passes becomes a typed object. Left out: webhooks, pod security levels, quota.

mod admission;
mod admit;
mod defaults;
mod field_error;
mod fixed;
mod internal;
mod json;
mod line_diff;
mod patch;
mod qos;
mod read;
mod simulated;
mod update;
mod validate;
mod world;

pub use admit::{AdmitContext, Admitted, Refusal, admit, admit_body};
pub use defaults::default_pod;
pub use field_error::{ErrorKind, FieldError};
pub use patch::apply_patch;
pub use read::{Client, Manifest, Posted, Source, answers, answers_in, post, read};
pub use update::{admit_update, update};
pub use world::scenario;
