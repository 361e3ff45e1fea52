//! Any text as a manifest: it is read, explained, played, and its advice is given.
#![no_main]

use libfuzzer_sys::fuzz_target;
use podlab::{advice, manifest, sim};

fuzz_target!(|text: &str| {
    let read = manifest::read(text);
    let input = sim::Input { objects: read.admitted(), scenario: read.scenario.clone().unwrap_or_default() };
    let run = sim::simulate(&input);
    let _ = advice::advise(&read, Some(&run));
});
