//! An author's first ten minutes: each kind's skeleton checks clean, and what is wrong is told.
#![expect(clippy::unwrap_used, reason = "a test")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

const KINDS: [&str; 9] = ["lab", "debug", "predict", "choice", "multiple", "order", "match", "blank", "rubric"];

fn podlab(args: &[&str], content: &Path) -> (bool, String) {
    let out = Command::new(env!("CARGO_BIN_EXE_podlab")).args(args).arg(content).output().unwrap();
    let said = [out.stdout, out.stderr].concat();
    (out.status.success(), String::from_utf8_lossy(&said).into_owned())
}

fn folder(name: &str) -> PathBuf {
    let content = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = fs::remove_dir_all(&content).is_ok();
    for part in ["items", "myths", "examples"] {
        fs::create_dir_all(content.join(part)).unwrap();
        fs::write(content.join(part).join("index.json"), "[]").unwrap();
    }
    content
}

#[test]
fn a_new_item_of_each_kind_checks_clean() {
    let content = folder("new");
    for kind in KINDS {
        let (made, said) = podlab(&["new", kind, &format!("my-{kind}"), "--content"], &content);
        assert!(made, "{kind}: {said}");
    }
    let (clean, said) = podlab(&["check"], &content);
    assert!(clean, "{said}");
    assert!(said.contains("9 items, 0 myths and 0 examples checked, 0 wrong"), "{said}");
    let (made, said) = podlab(&["new", "lab", "my-lab", "--content"], &content);
    assert!(!made && said.contains("exists already"), "{said}");
}

#[test]
fn a_broken_item_is_told_with_file_line_and_column() {
    let content = folder("broken");
    let (made, said) = podlab(&["new", "choice", "mine", "--content"], &content);
    assert!(made, "{said}");
    let path = content.join("items/mine.yaml");
    let text = fs::read_to_string(&path).unwrap();
    fs::write(&path, text.replace("difficulty: 2", "difficulty: hard\nfollowUp: nowhere")).unwrap();
    let (clean, said) = podlab(&["check"], &content);
    assert!(!clean && said.contains("mine.yaml:4:13: error: a whole number is wanted here, not `hard`"), "{said}");
    fs::write(&path, text.replace("difficulty: 2", "difficulty: 2\nfollowUp: nowhere")).unwrap();
    let (clean, said) = podlab(&["check"], &content);
    assert!(!clean && said.contains("followUp names `nowhere`, which is no item"), "{said}");
}
