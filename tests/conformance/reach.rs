//! Which recordings the simulator agrees with.

use std::collections::BTreeSet;

use podlab::kubectl::recording::{Case as Played, recording};
use podlab::sim;
use serde_json::Value;

use crate::align::Tolerance;
use crate::cases::{Case, cases, not_yet};
use crate::compare::{Differences, compare, probe_period};
use crate::record::Recording;

/// What differs between a case's recording and another one of it.
pub(crate) fn judge(case: &Case, candidate: Value) -> Differences {
    compare(&Recording::read(case.recording()), &Recording::read(candidate), Tolerance { extra: probe_period(&case.manifest()) })
}

/// What differs between a case's recording and the simulator's, or why it cannot be played.
fn play(case: &Case) -> Result<Differences, String> {
    let played = Played::read(&case.manifest(), &case.script())?;
    let input = sim::Input { objects: played.objects, scenario: played.scenario };
    let json = recording(&case.name, &sim::simulate(&input), &input.scenario, &played.refused).to_json();
    Ok(judge(case, serde_json::from_str(&json).map_err(|e| e.to_string())?))
}

#[test]
fn the_list_of_recordings_not_reached_only_shrinks() {
    let listed: BTreeSet<String> = not_yet();
    let (mut complaints, mut reached) = (Vec::new(), 0);
    let cases = cases();
    for case in &cases {
        let outcome = play(case).map(|bad| bad.0);
        let agrees = outcome.as_ref().is_ok_and(|bad| bad.is_empty());
        reached += usize::from(agrees);
        if agrees && listed.contains(&case.name) {
            complaints.push(format!("{}: agrees now; take it off tests/recordings/not-yet.txt", case.name));
        } else if !agrees && !listed.contains(&case.name) {
            complaints.push(format!("{}: {outcome:#?}", case.name));
        }
    }
    for name in listed.iter().filter(|name| cases.iter().all(|c| c.name != **name)) {
        complaints.push(format!("{name}: on the list, but there is no such case"));
    }
    assert!(complaints.is_empty(), "{reached} of {} agree\n{}", cases.len(), complaints.join("\n"));
}
