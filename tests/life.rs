//! Manifests with the life of their pods written into them: `# at 12s: web 0/1 Error 1`, and `# at 35s: web deleted`.
//!
//! A line stands for each change of READY, STATUS or RESTARTS, as `kubectl get pods -w` shows it; times agree within a second.
//! `# event: Warning BackOff Back-off restarting` asks for an event that begins so, `# log web/app: text` for a line of a log,
//! `# rule: id` for a rule that is reached; `# budget: 500` plays that many events at most. Nothing may be beyond the
//! simulation, unless `# rule: program/not-simulated` says so. `PODLAB_UPDATE=1 cargo test` writes the lines `# at` anew.

#![cfg(test)]

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use podlab::kubectl::{LogsOf, events_at, logs, pod_writes};
use podlab::printers::pod_columns;
use podlab::time::SimTime;
use podlab::trace::{Change, Run};
use podlab::{manifest, sim};

fn files() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/life");
    let mut paths: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    paths
}

fn play(text: &str) -> Run {
    let read = manifest::read(text);
    assert!(!read.has_errors(), "{:?}", read.diagnostics);
    let budget = sim::Budget::default();
    let events = wanted(text, "budget").first().map_or(budget.events, |n| n.parse().unwrap());
    let input = sim::Input { objects: read.admitted(), scenario: read.scenario.unwrap_or_default() };
    sim::simulate_within(&input, sim::Budget { events, ..budget })
}

/// What a watcher of pods sees: when, and the pod's columns.
fn changes(run: &Run) -> Vec<(SimTime, String)> {
    let mut last = BTreeMap::new();
    let mut lines = Vec::new();
    for write in pod_writes(&run.trace, run.end) {
        let name = &write.pod.metadata.name;
        let columns = pod_columns(write.pod);
        let line = match write.deleted {
            true => format!("{name} deleted"),
            false => format!("{name} {} {} {}", columns.ready_text(), columns.status, columns.restarts),
        };
        if last.insert(write.id, line.clone()) != Some(line.clone()) {
            lines.push((write.at, line));
        }
    }
    lines
}

/// The lines of the header that begin with a word.
fn wanted<'t>(text: &'t str, word: &str) -> Vec<&'t str> {
    let comments = text.lines().take_while(|l| l.starts_with('#')).map(|l| l.trim_start_matches(['#', ' ']));
    comments.filter_map(|l| l.strip_prefix(word)?.strip_prefix([' ', ':'])).map(str::trim).collect()
}

fn seconds(at: SimTime) -> u64 {
    (at.ms() + 500) / 1000
}

fn compare_changes(text: &str, run: &Run) -> Option<String> {
    let want: Vec<(u64, &str)> = wanted(text, "at")
        .iter()
        .map(|line| {
            let (at, line) = line.split_once("s: ").unwrap_or_else(|| panic!("`{line}` is no `12s: web 1/1 Running 0`"));
            (at.parse().unwrap(), line)
        })
        .collect();
    let got = changes(run);
    let agree = want.len() == got.len() && want.iter().zip(&got).all(|(w, g)| w.1 == g.1 && (w.0 * 1000).abs_diff(g.0.ms()) <= 1000);
    let shown: Vec<String> = got.iter().map(|(at, line)| format!("# at {}s: {line}", seconds(*at))).collect();
    (!agree).then(|| format!("this happened:\n{}", shown.join("\n")))
}

fn compare_others(text: &str, run: &Run) -> Vec<String> {
    let events: Vec<String> = events_at(&run.trace, run.end)
        .iter()
        .map(|(_, e)| format!("{} {} {}", e.kind.as_str(), e.reason, e.message.replace('\n', "\\n")))
        .collect();
    let mut wrong = Vec::new();
    for line in wanted(text, "event").iter().filter(|w| !events.iter().any(|e| e.starts_with(**w))) {
        wrong.push(format!("no event `{line}` among\n{}", events.join("\n")));
    }
    for line in wanted(text, "log") {
        let (of, line) = line.split_once(": ").unwrap();
        let (pod, container) = of.split_once('/').unwrap();
        let log = logs(&run.trace, run.end, LogsOf { namespace: "default", pod, container: Some(container), previous: false });
        if !log.lines().any(|l| l == line) {
            wrong.push(format!("no line `{line}` in the log of {of}:\n{log}"));
        }
    }
    if !wanted(text, "rule").contains(&"program/not-simulated") {
        let beyond = run
            .trace
            .records()
            .iter()
            .filter_map(|r| if let Change::NotSimulated { what } = &r.change { Some(format!("not simulated: {what}")) } else { None });
        wrong.extend(beyond);
    }
    for rule in wanted(text, "rule").iter().filter(|id| !run.trace.records().iter().any(|r| r.rule.id == **id)) {
        wrong.push(format!("rule {rule} is not reached"));
    }
    wrong
}

fn update(path: &Path, text: &str, run: &Run) {
    let (mut out, mut rest): (Vec<String>, Vec<&str>) = (Vec::new(), text.lines().collect());
    let body = rest.iter().position(|l| !l.starts_with('#')).unwrap_or(rest.len());
    let body = rest.split_off(body);
    let is_line = |l: &&str| l.starts_with("# at ");
    let first = rest.iter().position(|l| is_line(l) || ["# event:", "# log ", "# rule:", "# budget:"].iter().any(|w| l.starts_with(w)));
    let (about, asked) = rest.split_at(first.unwrap_or(rest.len()));
    out.extend(about.iter().map(|l| (*l).to_owned()));
    out.extend(changes(run).iter().map(|(at, line)| format!("# at {}s: {line}", seconds(*at))));
    out.extend(asked.iter().filter(|l| !is_line(l)).map(|l| (*l).to_owned()));
    out.extend(body.iter().map(|l| (*l).to_owned()));
    fs::write(path, out.join("\n") + "\n").unwrap();
}

#[test]
fn every_pod_lives_as_its_manifest_says() {
    let mut wrong = Vec::new();
    let files = files();
    for path in &files {
        let text = fs::read_to_string(path).unwrap();
        let run = play(&text);
        let name = path.file_name().unwrap().to_string_lossy();
        if std::env::var_os("PODLAB_UPDATE").is_some() {
            update(path, &text, &run);
        } else {
            wrong.extend(compare_changes(&text, &run).map(|c| format!("{name}: {c}")));
        }
        wrong.extend(compare_others(&text, &run).into_iter().map(|c| format!("{name}: {c}")));
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
    assert!(files.len() >= 60, "only {} manifests", files.len());
}
