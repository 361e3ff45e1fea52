//! What kubectl printed on the real cluster, in a third run of each case, against what is printed of the recorded objects.

use std::sync::LazyLock;

use podlab::kubectl::command::split;
use podlab::kubectl::{Shell, answer};
use podlab::time::SimTime;
use podlab::trace::Trace;
use regex::Regex;

use crate::cases::{Case, cases, list};
use crate::mask::pattern;
use crate::reach::simulate;
use crate::rebuild::{NAMESPACE, trace};

/// Texts of which the third run had got to another state than the recorded one, or whose pod's specification a patch had
/// changed, which recordings do not tell.
const OTHER_STATE: [&str; 6] = [
    "delete-readiness-service: kubectl get events",
    "ephemeral-container: kubectl describe pod dbg",
    "init-not-rerun-on-app-crash: kubectl get pods",
    "init-not-rerun-on-app-crash: kubectl get pods -o wide",
    "init-not-rerun-on-app-crash: kubectl describe pod cache",
    "resize-in-place: kubectl describe pod grow",
];

/// A text without ages, dates, addresses and ids; runs of spaces count as one, events come in any order.
fn mask(text: &str) -> Vec<String> {
    let text = pattern!(r"[ \t]+").replace_all(&mask_values(text), " ").into_owned();
    let is_event = pattern!(r"^((<age>|<unknown>) (Normal|Warning) |(Normal|Warning) \S+ (<age>|<unknown>) )");
    let (mut events, mut lines): (Vec<String>, Vec<String>) =
        text.lines().map(|l| l.trim().to_owned()).filter(|l| !l.is_empty()).partition(|l| is_event.is_match(l));
    events.sort();
    events.dedup();
    lines.append(&mut events);
    lines
}

/// The same with its spaces, without the events: their widths depend on ages.
fn layout(text: &str) -> String {
    mask_values(text.split("\nEvents:").next().unwrap())
}

fn mask_values(text: &str) -> String {
    let rules: [(&Regex, &str); 9] = [
        (pattern!(r"\b\d{1,3}(\.\d{1,3}){3}\b"), "<ip>"),
        (pattern!(r"\b(containerd://|sha256:|docker\.io/\S+@sha256:)[0-9a-f]+"), "${1}<id>"),
        (pattern!(r"[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} \+\d{4}"), "<date>"),
        (pattern!(r"\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b"), "<uid>"),
        (pattern!(r"kube-api-access-[a-z0-9]{5}"), "kube-api-access-<x>"),
        (pattern!(r"in [0-9.]+m?s \([0-9.]+m?s including waiting\)\. Image size: \d+ bytes"), "in <time>"),
        (pattern!(r"\(x\d+ over [0-9a-z]+\)"), "(x)"),
        (pattern!(r"\b(\d+d)?(\d+h)?(\d+m)?\d+s\b( \(x\))?"), "<age>"),
        (pattern!(r"docker\.io/\S+@sha256:"), "sha256:"),
    ];
    rules.iter().fold(text.to_owned(), |text, (pattern, with)| pattern.replace_all(&text, *with).into_owned())
}

/// The moment of the texts, and each command with what it printed.
fn sections(text: &str) -> (SimTime, Vec<(String, String)>) {
    let at: f64 = pattern!(r"t=([0-9.]+)s").captures(text).unwrap()[1].parse().unwrap();
    let parts = text.split("\n$ ").skip(1).filter_map(|part| part.split_once('\n')).map(|(a, b)| (a.to_owned(), b.to_owned())).collect();
    (crate::rebuild::moment(&at.into()).unwrap(), parts)
}

/// What is printed for a command.
fn print(trace: &Trace, at: SimTime, namespace: &str, command: &str) -> String {
    answer(Shell { trace, at, namespace }, &split(command).unwrap()).text()
}

/// Only the pods that a manifest names itself can be put together from a recording.
fn has_own_pods(case: &Case) -> bool {
    !pattern!(r"(?m)^kind: (Deployment|StatefulSet|DaemonSet|Job)$").is_match(&case.manifest())
}

/// The lines that only one side has.
fn difference(want: &[String], got: &[String]) -> Option<String> {
    let only =
        |a: &[String], b: &[String], sign| a.iter().filter(|l| !b.contains(l)).map(|l| format!("\n  {sign} {l}")).collect::<String>();
    (want != got).then(|| only(want, got, '-') + &only(got, want, '+'))
}

#[test]
fn kubectl_prints_recorded_objects_as_the_real_one_did() {
    let (mut compared, mut wrong) = (0, Vec::new());
    for case in cases().iter().filter(|c| has_own_pods(c)) {
        let Some(text) = case.kubectl() else { continue };
        let trace = trace(case);
        let (at, parts) = sections(&text);
        // The recorded objects are put together without their endpoints.
        for (command, want) in parts.into_iter().filter(|(command, _)| !command.contains("describe service")) {
            let got = print(&trace, at, NAMESPACE, &command);
            let what = format!("{}: {command}", case.name);
            if OTHER_STATE.contains(&what.as_str()) {
                continue;
            }
            compared += 1;
            if command.contains("describe") {
                assert_eq!(layout(&want), layout(&got), "{what}");
            }
            wrong.extend(difference(&mask(&want), &mask(&got)).map(|lines| format!("{what}{lines}")));
        }
    }
    assert!(wrong.is_empty(), "{} of {compared} differ:\n{}", wrong.len(), wrong.join("\n"));
    assert!(compared > 100, "only {compared} texts were compared");
}

#[test]
fn the_list_of_texts_not_reached_only_shrinks() {
    let listed = list("texts-not-yet.txt");
    let (mut complaints, mut equal) = (Vec::new(), 0);
    for case in cases().iter().filter(|c| has_own_pods(c)) {
        let Some(text) = case.kubectl() else { continue };
        let simulated = simulate(case).unwrap();
        let (at, parts) = sections(&text);
        for (command, want) in parts {
            let got = print(&simulated.run.trace, at, "default", &command);
            let what = format!("{}: {command}", case.name);
            match difference(&mask(&want.replace(NAMESPACE, "default")), &mask(&got)) {
                None if listed.contains(&what) => complaints.push(format!("{what}: equal now; take it off the list")),
                None => equal += 1,
                Some(_) if listed.contains(&what) => {}
                Some(lines) => complaints.push(format!("{what}{lines}")),
            }
        }
    }
    assert!(complaints.is_empty(), "{equal} equal\n{}", complaints.join("\n"));
}
