//! The trace of every recorded case as a hash: nothing changes unseen, neither by a faster data structure nor on another platform.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use podlab::trace;

use crate::cases::cases;
use crate::reach::simulate;

/// `PODLAB_UPDATE=1 cargo test` writes the hashes anew, when a rule has changed.
#[test]
fn the_traces_of_recorded_cases_are_what_they_were() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/recordings/hashes.txt");
    let text = fs::read_to_string(&path).unwrap_or_default();
    let stored: BTreeMap<&str, &str> = text.lines().filter_map(|l| l.split_once(' ')).collect();
    let now: BTreeMap<String, String> = cases()
        .iter()
        .map(|case| (case.name.clone(), format!("{:016x}", trace::hash(&simulate(case).unwrap_or_else(|e| panic!("{e}")).run.trace))))
        .collect();
    if std::env::var_os("PODLAB_UPDATE").is_some() {
        let mut text = String::new();
        for (name, hash) in &now {
            writeln!(text, "{name} {hash}").unwrap();
        }
        fs::write(&path, text).unwrap();
        return;
    }
    let changed: Vec<&String> =
        now.iter().filter(|(name, hash)| stored.get(name.as_str()) != Some(&hash.as_str())).map(|(n, _)| n).collect();
    assert!(
        changed.is_empty(),
        "traces differ from tests/recordings/hashes.txt; if a rule was meant to change: PODLAB_UPDATE=1\n{changed:#?}"
    );
    assert_eq!(now.len(), stored.len(), "tests/recordings/hashes.txt names cases that are gone");
}
