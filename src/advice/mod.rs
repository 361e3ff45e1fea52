//! Advice beyond the API server: what an experienced reviewer would say about a manifest that a cluster takes.
//!
//! A lint is a name, a reason, a lesson and a function over one place of the text. Most read what is written, since only that can be
//! changed; those of [`proved`] read a run and name the moment. A fix is there only where it is certain.
//!
//! Left out: advice on security beyond what changes a pod's life.

mod container;
mod fix;
mod lint;
mod place;
mod pod;
mod probe;
mod proved;
mod workload;

pub use fix::Fix;
pub use lint::{Advice, Lint, lints};

use crate::manifest::{Manifest, Source};
use crate::trace::Run;
use lint::{Check, Found};
use place::{Container, Unit};

/// What a reviewer would say, in the order of the text. With a run, also what it proves.
pub fn advise(manifest: &Manifest, run: Option<&Run>) -> Vec<Advice> {
    let mut all = Vec::new();
    for source in manifest.objects.iter().filter(|s| s.outcome.is_ok()) {
        let Some(unit) = Unit::new(manifest, source) else { continue };
        for lint in lints() {
            let mut found = Found { lint, all: &mut all };
            apply(lint, &unit, source, run, &mut found);
        }
    }
    crate::order::sort_by_key(&mut all, |a: &Advice| (a.span.start, a.lint.id));
    all
}

fn apply(lint: &Lint, unit: &Unit<'_>, source: &Source, run: Option<&Run>, found: &mut Found<'_>) {
    match lint.check {
        Check::Object(check) => check(unit, found),
        Check::Pod(check) => {
            if unit.spec.is_some() {
                check(unit, found);
            }
        }
        Check::Container(check) => {
            for container in Container::of(unit) {
                check(&container, found);
            }
        }
        Check::Run(check) => {
            if let Some(run) = run {
                check(source, run, found);
            }
        }
    }
}
