//! Which recordings the simulator agrees with.

use std::collections::BTreeSet;

use podlab::kubectl::recording::{Case as Played, recording};
use podlab::sim;
use podlab::trace::Run;
use serde_json::Value;

use crate::align::Tolerance;
use crate::cases::{Case, cases, list};
use crate::compare::{Differences, compare, probe_period};
use crate::record::Recording;

/// What differs between a case's recording and another one of it.
pub(crate) fn judge(case: &Case, candidate: Value) -> Differences {
    compare(&Recording::read(case.recording()), &Recording::read(candidate), Tolerance { extra: probe_period(&case.manifest()) })
}

/// A case as the simulator plays it.
pub(crate) struct Simulated {
    pub(crate) run: Run,
    recording: String,
}

/// Plays a case, or says why it cannot be played.
pub(crate) fn simulate(case: &Case) -> Result<Simulated, String> {
    let played = Played::read(&case.manifest(), &case.script())?;
    let input = sim::Input { objects: played.objects, scenario: played.scenario };
    let run = sim::simulate(&input);
    let recording = recording(&case.name, &run, &input.scenario, &played.refused).to_json();
    Ok(Simulated { run, recording })
}

#[test]
fn the_list_of_recordings_not_reached_only_shrinks() {
    let listed: BTreeSet<String> = list("not-yet.txt");
    let (mut complaints, mut reached) = (Vec::new(), 0);
    let cases = cases();
    for case in &cases {
        let simulated = simulate(case).unwrap_or_else(|why| panic!("{}: {why}", case.name));
        let outcome = judge(case, serde_json::from_str(&simulated.recording).unwrap()).0;
        let agrees = outcome.is_empty();
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

#[test]
fn every_rule_is_reached_by_a_recording_or_a_life_or_listed() {
    let mut reached: BTreeSet<String> = BTreeSet::new();
    for case in cases() {
        reached.extend(simulate(&case).unwrap().run.trace.records().iter().map(|r| r.rule.id.to_owned()));
    }
    // `tests/life.rs` checks that these are reached.
    for life in std::fs::read_dir(std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/life")).unwrap() {
        let text = std::fs::read_to_string(life.unwrap().path()).unwrap();
        reached.extend(text.lines().filter_map(|l| l.strip_prefix("# rule: ")).map(str::to_owned));
    }
    for case in crate::scheduling::recorded() {
        reached.extend(crate::scheduling::play(&case).trace.records().iter().map(|r| r.rule.id.to_owned()));
    }
    let listed = list("rules-not-reached.txt");
    let mut complaints = Vec::new();
    for rule in sim::rules::all() {
        match (reached.contains(rule.id), listed.contains(rule.id)) {
            (true, true) => complaints.push(format!("{}: is reached; take it off tests/recordings/rules-not-reached.txt", rule.id)),
            (false, false) => complaints.push(format!("{}: no recording and no file of tests/life reaches it", rule.id)),
            (true, false) | (false, true) => {}
        }
    }
    assert!(complaints.is_empty(), "\n{}", complaints.join("\n"));
}
