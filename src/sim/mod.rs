//! The engine: manifests and a scenario in, one trace out. Pure and total.

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
    let _ = input;
    Run::default()
}
