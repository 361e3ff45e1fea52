//! `kubectl describe`. (kubectl/pkg/describe/describe.go)

mod container;
mod page;
mod pod;
mod service;
mod volume;

use page::Page;

pub(super) use pod::describe_one;
pub use pod::describe_pod;
pub(super) use service::describe_service;
