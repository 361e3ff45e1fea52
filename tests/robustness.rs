//! Whatever is typed, the simulation ends, and says how.

#![cfg(test)]

use podlab::sim::{self, Input};
use podlab::trace::{Change, Run};
use podlab::{manifest, time::SimDuration};
use proptest::prelude::*;

/// Ten minutes of a container that runs a script.
fn play(script: &str) -> Run {
    let args = serde_json::to_string(script).unwrap();
    let text = format!(
        "apiVersion: v1\nkind: Pod\nmetadata: {{name: x}}\nspec:\n  restartPolicy: Never\n  containers:\n  - name: app\n    image: busybox:1.36\n    command: [sh, -c, {args}]\n"
    );
    let read = manifest::read(&text);
    let mut input = Input { objects: read.admitted(), ..Input::default() };
    input.scenario.duration = SimDuration::from_secs(600);
    sim::simulate(&input)
}

fn exit_code(run: &Run) -> Option<i32> {
    run.trace.records().iter().find_map(|r| if let Change::Exited(_, exit) = &r.change { Some(exit.code) } else { None })
}

#[test]
fn scripts_without_measure_end_or_wait() {
    let nested = "(".repeat(5000);
    let cases = [
        ("while :; do :; done", None),
        ("while true; do echo x; done", None),
        ("f() { f; }; f", Some(2)),
        (":(){ :|:& };:", Some(2)),
        ("b() { b | b & }; b", Some(0)),
        ("x=a; while :; do x=$x$x; done", Some(2)),
        ("trap '' TERM; while :; do wait; done", None),
        (nested.as_str(), Some(2)),
        ("echo \"unterminated", Some(2)),
        ("echo $((1/0))", Some(2)),
        ("no-such-command", Some(127)),
        ("exit 300", Some(44)),
    ];
    for (script, code) in cases {
        assert_eq!(exit_code(&play(script)), code, "{}", script.get(..40).unwrap_or(script));
    }
}

#[test]
fn the_same_input_gives_the_same_trace() {
    let script = "i=0; while [ $i -lt 20 ]; do i=$((i+1)); echo line $i; sleep 1; done; exit 3";
    assert_eq!(play(script), play(script));
}

/// Texts that are too large, too deep or not what they seem, and what is said about each; nothing for what is taken.
fn strange() -> Vec<(&'static str, String, &'static str)> {
    let pod = "apiVersion: v1\nkind: Pod\nmetadata: {name: x}\nspec:\n  containers:\n  - {name: app, image: nginx}\n";
    let mut bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n".to_owned();
    for n in 1..30 {
        let before = format!("*a{}, ", n - 1).repeat(9);
        bomb.push_str(&format!("a{n}: &a{n} [{before}]\n"));
    }
    let documents = format!("---\n{pod}").repeat(5000);
    vec![
        ("3 MiB of a comment", format!("# {}\n{pod}", "x".repeat(3 << 20)), "the text is too long"),
        ("1 MiB of text", "x".repeat(1 << 20), "an object is wanted here"),
        ("1 MiB of keys", (0..80_000).map(|n| format!("key{n}: {n}\n")).collect(), "apiVersion not set"),
        ("an alias bomb", bomb, "the document grows too large"),
        ("10,000 lists", "[".repeat(10_000), "too deep in each other"),
        ("10,000 mappings", "{a: ".repeat(10_000), "too deep in each other"),
        ("10,000 keys", (0..10_000).map(|n| format!("{}a:\n", " ".repeat(n % 100))).collect(), "apiVersion not set"),
        ("5,000 documents", documents, "the text has 5000 documents, at most 200 are read"),
        ("CRLF", pod.replace('\n', "\r\n"), ""),
        ("a byte order mark", format!("\u{feff}{pod}"), ""),
        ("tabs", pod.replace("  ", "\t"), "a tab is used for indentation"),
        ("a nul", format!("{pod}\0"), "a control character is not allowed"),
    ]
}

#[test]
fn a_strange_text_gets_an_answer_at_once() {
    for (name, text, said) in strange() {
        let read = manifest::read(&text);
        let first = read.diagnostics.first().map(|d| d.message.as_str()).unwrap_or_default();
        assert!(first.contains(said) && first.is_empty() == said.is_empty(), "{name}: {first}");
    }
}

#[test]
fn a_reader_that_goes_away_is_no_failure() {
    use std::process::{Command, Stdio};
    let example = concat!(env!("CARGO_MANIFEST_DIR"), "/content/examples/first-life.yaml");
    let mut tool = Command::new(env!("CARGO_BIN_EXE_podlab"));
    let mut child = tool.args(["defaults", example]).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    drop(child.stdout.take());
    let ended = child.wait_with_output().unwrap();
    assert!(ended.status.success() && ended.stderr.is_empty(), "{ended:?}");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, ..ProptestConfig::default() })]

    #[test]
    fn no_script_panics_and_time_never_runs_back(script in "[a-z$(){}|&;<>'\"` \\n=\\[\\]0-9*?!#]{0,60}") {
        let run = play(&script);
        prop_assert!(run.trace.records().windows(2).all(|w| w[0].at <= w[1].at));
    }

    #[test]
    fn no_manifest_panics(text in "\\PC{0,200}") {
        let read = manifest::read(&text);
        let run = sim::simulate(&Input { objects: read.admitted(), ..Input::default() });
        prop_assert!(run.end.ms() > 0);
    }
}
