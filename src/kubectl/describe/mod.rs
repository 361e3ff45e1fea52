//! `kubectl describe`. (kubectl/pkg/describe/describe.go)

mod container;
mod page;
mod pod;
mod volume;

use page::Page;

pub use pod::describe_pod;
