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

use crate::api::Object;
use crate::scenario::Scenario;
use crate::trace::Run;

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
    engine::play(&input.objects, &input.scenario, budget)
}
