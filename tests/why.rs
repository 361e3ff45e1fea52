//! Why: every record of every recorded case and of every life has a chain of causes that ends in the manifest, in a line of a program or in what somebody did.

#![cfg(test)]

use std::fs;
use std::path::Path;

use podlab::kubectl::recording::Case;
use podlab::trace::{Cause, Change, Record, Run, Subject, Trace};
use podlab::view::why::why;
use podlab::{manifest, sim};

fn folder(name: &str) -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/recordings").join(name)
}

fn play(name: &str) -> Run {
    let read = |file: &str| fs::read_to_string(folder(name).join(file)).unwrap();
    let case = Case::read(&read("manifest.yaml"), &read("case.yaml")).unwrap();
    sim::simulate(&sim::Input { objects: case.objects, scenario: case.scenario })
}

fn cases() -> Vec<String> {
    let entries = fs::read_dir(folder("")).unwrap().map(|e| e.unwrap()).filter(|e| e.path().is_dir());
    let mut names: Vec<String> = entries.map(|e| e.file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    names
}

/// The manifests of `tests/life`, played.
fn lives() -> Vec<(String, Run)> {
    let paths = fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/life")).unwrap().map(|e| e.unwrap().path());
    let play = |path: std::path::PathBuf| {
        let read = manifest::read(&fs::read_to_string(&path).unwrap());
        let input = sim::Input { objects: read.admitted(), scenario: read.scenario.unwrap_or_default() };
        (path.file_name().unwrap().to_string_lossy().into_owned(), sim::simulate(&input))
    };
    paths.filter(|path| !path.ends_with("budget.yaml")).map(play).collect()
}

/// What a chain may end in.
fn is_origin(record: &Record, origin: &str) -> bool {
    match origin {
        "The manifest asks for it." => matches!(record.change, Change::Created(_)) && record.cause == Cause::Manifest,
        "The world asks for it." => matches!(record.change, Change::Action { .. } | Change::Host { .. }) && record.cause == Cause::Scenario,
        "This line of the program does it." => matches!(&record.change, Change::Exited(_, exit) if exit.point.is_some()),
        _ => false,
    }
}

fn complaint(trace: &Trace, record: &Record) -> Option<String> {
    let told = why(trace, record.id);
    let wrong = |what: &str| Some(format!("{} at {} ms, rule {}: {what}", record.id.0, record.at.ms(), record.rule.id));
    let (Some(first), Some(last)) = (told.steps.first(), told.steps.last()) else { return wrong("no steps") };
    let end = trace.get(last.record).unwrap();
    if first.record != record.id {
        return wrong("its chain begins with another record");
    }
    if !told.steps.is_sorted_by(|a, b| a.record > b.record && a.at >= b.at) {
        return wrong("a cause comes after its effect");
    }
    if !is_origin(end, told.origin) {
        return wrong(&format!("ends with `{}`, {}", last.says, told.origin));
    }
    // What happens to a pod does not come from another pod's creation.
    if let (Change::Created(made), Subject::Container(at)) = (&end.change, record.subject)
        && end.subject != Subject::Object(at.pod)
        && made.pod().is_some()
    {
        return wrong(&format!("comes from another pod: {}", last.says));
    }
    let unsaid = told.steps.iter().find(|s| s.says.trim().is_empty() || s.says.starts_with(' ') || s.says.ends_with(": "));
    unsaid.and_then(|s| wrong(&format!("says `{}`", s.says)))
}

#[test]
fn every_record_has_a_chain_of_causes() {
    let (mut complaints, mut records) = (Vec::new(), 0);
    for name in cases() {
        let run = play(&name);
        records += run.trace.records().len();
        complaints.extend(run.trace.records().iter().filter_map(|r| complaint(&run.trace, r)).map(|c| format!("{name}: {c}")));
    }
    for (name, run) in lives() {
        records += run.trace.records().len();
        complaints.extend(run.trace.records().iter().filter_map(|r| complaint(&run.trace, r)).map(|c| format!("{name}: {c}")));
    }
    assert!(complaints.is_empty(), "{} of {records}\n{}", complaints.len(), complaints.join("\n"));
    assert!(records > 2000, "only {records} records");
}

/// The chain of the last record of a case that fits.
fn chain(case: &str, fits: impl Fn(&Change) -> bool) -> Vec<String> {
    let run = play(case);
    let record = run.trace.records().iter().rfind(|r| fits(&r.change)).unwrap();
    let told = why(&run.trace, record.id);
    told.steps.into_iter().map(|s| s.says).chain([told.origin.to_owned()]).collect()
}

const TOLD: &str = "\
crash-after-3s back-off:
  the restart of app is held back for 2m40s
  app exited with code 2 at `exit 2`
  This line of the program does it.
delete-ignores-term exit:
  app exited with code 137
  app got SIGKILL
  somebody acted on the cluster
  The world asks for it.
delete-honours-term exit:
  app exited with code 0 at `exit 0`
  app got SIGTERM
  somebody acted on the cluster
  The world asks for it.
delete-nginx removed:
  Pod web was removed
  the pod's sandbox was stopped
  nginx exited with code 0
  nginx got SIGQUIT
  somebody acted on the cluster
  The world asks for it.
liveness-exec-docs signal:
  liveness got SIGTERM
  the liveness probe of liveness failed (3 of 3): cat: can't open '/tmp/healthy': No such file or directory
  liveness was started
  the liveness probe of liveness failed (3 of 3): cat: can't open '/tmp/healthy': No such file or directory
  liveness was started
  the liveness probe of liveness failed (3 of 3): cat: can't open '/tmp/healthy': No such file or directory
  liveness was started
  the pod's sandbox was ready
  Pod liveness was created
  The manifest asks for it.
oom-killed exit:
  app used more memory than its limit at `tail /dev/zero` and was killed
  This line of the program does it.
";

#[test]
fn chains_are_told_in_plain_sentences() {
    let back_off = |c: &Change| matches!(c, Change::BackOff { .. });
    let exit = |c: &Change| matches!(c, Change::Exited(..));
    let removed = |c: &Change| matches!(c, Change::Deleted);
    let cases: [(&str, Vec<String>); 6] = [
        ("crash-after-3s back-off", chain("crash-after-3s", back_off)),
        ("delete-ignores-term exit", chain("delete-ignores-term", exit)),
        ("delete-honours-term exit", chain("delete-honours-term", exit)),
        ("delete-nginx removed", chain("delete-nginx", removed)),
        ("liveness-exec-docs signal", chain("liveness-exec-docs", |c| matches!(c, Change::Signal { .. }))),
        ("oom-killed exit", chain("oom-killed", exit)),
    ];
    let told: Vec<String> = cases.iter().map(|(what, steps)| format!("{what}:\n  {}\n", steps.join("\n  "))).collect();
    assert_eq!(told.concat(), TOLD);
}
