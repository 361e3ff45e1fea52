//! The first example is shown before manifests can be read: what is stored of it must be what its text says.
//! `PODLAB_UPDATE=1 cargo test` writes it anew.

use podlab::trace::hash;
use podlab::{first, manifest, sim};
use serde_json::Value;

#[test]
fn the_first_life_is_that_of_its_text() {
    let read = manifest::read(first::TEXT);
    assert!(read.diagnostics.is_empty(), "{:?}", read.diagnostics);
    let stored: Value = read.objects.iter().map(|o| o.outcome.as_ref().expect("the example is valid").stored.clone()).collect();
    if std::env::var_os("PODLAB_UPDATE").is_some() {
        std::fs::write(concat!(env!("CARGO_MANIFEST_DIR"), "/src/first.json"), format!("{stored}\n")).expect("writable");
        return;
    }
    let input = sim::Input { objects: read.admitted(), scenario: read.scenario.unwrap_or_default() };
    assert_eq!(first::input(), input, "write it anew: PODLAB_UPDATE=1 cargo test --test first");
}

#[test]
fn the_first_life_needs_the_few_commands_only() {
    let cannot = |_: &_, _: &_, _, _: Option<&str>| Err(podlab::api::ApiError::bad_request("nothing is changed"));
    let parts = sim::Parts { update: cannot, commands: sim::Commands::few() };
    let few = sim::simulate_with(&first::input(), sim::Budget::default(), parts);
    assert_eq!(hash(&few.trace), hash(&sim::simulate(&first::input()).trace));
}
