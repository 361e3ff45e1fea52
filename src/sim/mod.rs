//! The engine: manifests and a scenario in, one trace out. Pure and total.
//!
//! A discrete-event simulation: [`engine`] takes the next [`event`] from the [`queue`] and hands it to a component.
//! Components meet in the API server's store, as in Kubernetes.

mod apiserver;
mod cluster;
mod controllers;
mod ctx;
mod engine;
mod event;
mod kubelet;
pub mod program;
mod queue;
pub mod rules;
mod runtime;
mod scheduler;
#[cfg(test)]
mod tests;

pub use ctx::Budget;
pub use program::Commands;

use serde_json::Value;

use crate::api::{ApiError, Object};
use crate::manifest;
use crate::scenario::{PatchStyle, Scenario};
use crate::trace::Run;

/// What the API server makes of a patch to a stored object. (object, patch, its style, subresource)
pub type Update = fn(&Object, &Value, PatchStyle, Option<&str>) -> Result<Object, ApiError>;

/// Parts of the engine that a page loads when they are needed.
#[derive(Debug, Clone, Copy)]
pub struct Parts {
    /// How stored objects are changed.
    pub update: Update,
    /// What programs can run.
    pub commands: Commands,
}

/// What is simulated: admitted objects, in the order of the manifest, and their surroundings.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Input {
    /// The objects.
    pub objects: Vec<Object>,
    /// The surroundings.
    pub scenario: Scenario,
}

/// Plays the life of the objects. Always returns; what exceeds the budget is said in the trace.
pub fn simulate(input: &Input) -> Run {
    simulate_within(input, Budget::default())
}

/// The same within another budget.
pub fn simulate_within(input: &Input, budget: Budget) -> Run {
    simulate_with(input, budget, Parts { update: manifest::update, commands: Commands::all() })
}

/// The same with some parts only.
pub fn simulate_with(input: &Input, budget: Budget, parts: Parts) -> Run {
    engine::play(input, budget, parts)
}
