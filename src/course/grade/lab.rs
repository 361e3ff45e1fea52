//! Grading a manifest: it is played in the shown world and in varied ones.

use super::{CheckResult, Score};
use crate::check::{judge, sentence};
use crate::course::lab::Lab;
use crate::manifest::{self, Manifest};
use crate::scenario::Scenario;
use crate::sim::{self, Input};
use crate::text::{LineIndex, Severity};

/// Grades a lab, with or without the varied worlds.
pub fn grade_lab(lab: &Lab, text: &str, everywhere: bool) -> Score {
    let manifest = manifest::read(text);
    let mut checks = vec![accepted(text, &manifest)];
    if checks.iter().all(|c| c.passed) {
        checks.extend(kept(lab, &manifest));
        checks.extend(played(lab, &manifest, &lab.world, ""));
        if everywhere && checks.iter().all(|c| c.passed) {
            for (about, world) in &lab.variations {
                checks.extend(played(lab, &manifest, world, about).into_iter().find(|c| !c.passed).or_else(|| {
                    let sentence = format!("It holds in another world: {about}");
                    Some(CheckResult { name: format!("variation: {about}"), sentence, passed: true, at: None, message: "it does".into() })
                }));
            }
        }
    }
    // The checks of the shown world are worth three quarters, the varied worlds the rest.
    let shown = 1 + usize::from(!lab.keep.is_empty()) + lab.checks.len();
    let share = |passed: usize, of: usize, worth: usize| u32::try_from(passed * worth / of.max(1)).unwrap_or(0);
    let passed = checks.iter().take(shown).filter(|c| c.passed).count();
    let varied = checks.iter().skip(shown).filter(|c| c.passed).count();
    let base = share(passed, shown, if lab.variations.is_empty() { 100 } else { 75 });
    let extra = if lab.variations.is_empty() { 0 } else { share(varied, lab.variations.len(), 25) };
    Score { hundredths: base + extra, max_hundredths: 100, checks }
}

fn accepted(text: &str, manifest: &Manifest) -> CheckResult {
    let index = LineIndex::new(text);
    let wrong = manifest.diagnostics.iter().find(|d| d.severity == Severity::Error);
    let message = wrong.map_or_else(
        || if manifest.objects.is_empty() { "there is no object".into() } else { "no field is refused".to_owned() },
        |d| format!("line {}: {}", index.position(text, d.span.start as usize).line, d.message),
    );
    let passed = wrong.is_none() && !manifest.objects.is_empty();
    CheckResult { name: "accepted".into(), sentence: "The API server accepts the manifest".into(), passed, at: None, message }
}

/// The declared check on the text: these containers keep their image, command and args.
fn kept(lab: &Lab, manifest: &Manifest) -> Option<CheckResult> {
    if lab.keep.is_empty() {
        return None;
    }
    let start = manifest::read(&lab.start);
    let find = |m: &Manifest, name: &str| {
        m.admitted().iter().filter_map(|o| o.pod().cloned()).find_map(|pod| {
            let all = pod.spec.init_containers.iter().chain(&pod.spec.containers);
            all.into_iter().find(|c| c.name == name).map(|c| (c.image.clone(), c.command.clone(), c.args.clone()))
        })
    };
    let changed = lab.keep.iter().find(|name| find(&start, name) != find(manifest, name));
    let names = lab.keep.join(" and ");
    Some(CheckResult {
        name: "unchanged".into(),
        sentence: format!("Image and command of {names} are unchanged (a check of the text)"),
        passed: changed.is_none(),
        at: None,
        message: changed.map_or_else(|| "they are".to_owned(), |name| format!("{name} is another container now")),
    })
}

fn played(lab: &Lab, manifest: &Manifest, world: &Scenario, about: &str) -> Vec<CheckResult> {
    let run = sim::simulate(&Input { objects: manifest.admitted(), scenario: world.clone() });
    let verdicts = judge(&lab.checks, &run, world);
    let place = if about.is_empty() { String::new() } else { format!(" (in another world: {about})") };
    lab.checks
        .iter()
        .zip(verdicts)
        .map(|(check, v)| CheckResult {
            name: check.name.clone(),
            sentence: sentence(check),
            passed: v.passed,
            at: v.at,
            message: format!("{}{place}", v.seen),
        })
        .collect()
}
