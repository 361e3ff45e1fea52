//! Manifests with their findings written into them: `# error: LINE:COLUMN text`, `# warning: ...`, `# hint: ...`.
//!
//! Each file under `tests/manifests` says all that is found in it; one that says nothing is clean.

use std::fs;
use std::path::Path;

use podlab::manifest;
use podlab::text::{LineIndex, Severity};
use proptest::prelude::*;

const WORDS: [(&str, Severity); 3] = [("error", Severity::Error), ("warning", Severity::Warning), ("hint", Severity::Hint)];

/// The findings that the file expects, in order.
fn expected(text: &str) -> Vec<String> {
    let comments = text.lines().filter_map(|line| line.strip_prefix("# "));
    comments.filter(|c| WORDS.iter().any(|(word, _)| c.starts_with(&format!("{word}: ")))).map(str::to_owned).collect()
}

fn found(text: &str) -> Vec<String> {
    let lines = LineIndex::new(text);
    let all = manifest::read(text).diagnostics.into_iter().map(|d| {
        let at = lines.position(text, d.span.start as usize);
        let word = WORDS.iter().find(|(_, severity)| *severity == d.severity).map_or("", |(word, _)| word);
        let help = d.help.map(|h| format!(" ({h})")).unwrap_or_default();
        format!("{word}: {}:{} {}{help}", at.line, at.column, d.message.replace('\n', "\\n"))
    });
    all.collect()
}

#[test]
fn every_manifest_has_the_findings_that_it_says() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/manifests");
    let mut paths: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    assert!(paths.len() >= 10);
    for path in paths {
        let text = fs::read_to_string(&path).unwrap();
        assert_eq!(found(&text), expected(&text), "{}", path.display());
    }
}

#[test]
fn large_and_strange_texts_are_answered() {
    let pod = "apiVersion: v1\nkind: Pod\nmetadata: {name: web}\nspec:\n  containers:\n  - {name: app, image: nginx}\n";
    let unknown: String = (0..60_000).map(|i| format!("k{i}: {i}\n")).collect();
    let cases = [
        (format!("{pod}{unknown}"), "`Pod` has no field `k0`"),
        (format!("apiVersion: podlab/v1\nkind: Scenario\n{unknown}"), "there is no field `k0` here"),
        (format!("a: &a {{{}}}\nb:\n  <<: *a\n", "x: 1, ".repeat(40_000)), "apiVersion not set"),
        ("a: \0b\n".to_owned(), "a control character is not allowed here"),
        (format!("{pod}    env: [{}]\n", "{name: A}, ".repeat(20_000)), "this line does not fit the lines above it"),
    ];
    for (text, message) in cases {
        let messages: Vec<_> = manifest::read(&text).diagnostics.into_iter().map(|d| d.message).collect();
        assert!(messages.iter().any(|m| m == message), "{message} not in {:?}", messages.first());
        assert!(messages.len() <= 40_100, "{}", messages.len());
    }
}

/// Pieces of manifests, to be put together wrongly.
const PIECES: [&str; 34] = [
    "apiVersion: v1\n",
    "kind: Pod\n",
    "kind: Deployment\n",
    "metadata:\n",
    "  name: web\n",
    "spec:\n",
    "  containers:\n",
    "  - name: app\n",
    "    image: nginx\n",
    "    ports: [{containerPort: 80}]\n",
    "    resources: {limits: {cpu: 1, memory: 1Gi}}\n",
    "    livenessProbe:\n",
    "      httpGet: {port: http}\n",
    "    command: [sh, -c, 'sleep 1']\n",
    "---\n",
    "...\n",
    "- ",
    "  ",
    "\t",
    "&a ",
    "*a ",
    "<<: *a\n",
    "{",
    "}",
    "[",
    "]",
    "'",
    "\"",
    ": ",
    "#",
    "|\n",
    "restartPolicy: Sometimes\n",
    "apiVersion: podlab/v1\nkind: Scenario\n",
    "\u{feff}",
];

/// All spans lie inside of the text and on its characters.
fn spans_fit(text: &str) -> bool {
    manifest::read(text).diagnostics.iter().all(|d| text.get(d.span.start as usize..d.span.end as usize).is_some())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_text_is_read_without_panic(text in "\\PC{0,200}") {
        prop_assert!(spans_fit(&text));
    }

    #[test]
    fn any_bytes_are_read_without_panic(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        prop_assert!(spans_fit(&String::from_utf8_lossy(&bytes)));
    }

    #[test]
    fn any_pile_of_pieces_is_read_without_panic(pieces in prop::collection::vec(prop::sample::select(&PIECES[..]), 0..40)) {
        let text = pieces.concat();
        prop_assert!(spans_fit(&text));
        prop_assert_eq!(manifest::read(&text), manifest::read(&text));
    }
}
