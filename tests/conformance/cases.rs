//! The cases under `tests/recordings`.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

/// A case: its folder and its name.
pub(crate) struct Case {
    folder: PathBuf,
    pub(crate) name: String,
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/recordings")
}

/// All of them, by name.
pub(crate) fn cases() -> Vec<Case> {
    let mut cases: Vec<Case> = fs::read_dir(root())
        .unwrap()
        .map(|e| e.unwrap().path())
        .filter(|p| p.is_dir())
        .map(|folder| Case { name: folder.file_name().unwrap().to_string_lossy().into_owned(), folder })
        .collect();
    cases.sort_by(|a, b| a.name.cmp(&b.name));
    cases
}

/// What the simulator does not reach yet, an entry a line; such a list may only shrink.
pub(crate) fn list(file: &str) -> BTreeSet<String> {
    let text = fs::read_to_string(root().join(file)).unwrap();
    text.lines().map(str::trim).filter(|l| !l.is_empty() && !l.starts_with('#')).map(str::to_owned).collect()
}

impl Case {
    fn text(&self, file: &str) -> String {
        fs::read_to_string(self.folder.join(file)).unwrap()
    }

    pub(crate) fn manifest(&self) -> String {
        self.text("manifest.yaml")
    }

    pub(crate) fn script(&self) -> String {
        self.text("case.yaml")
    }

    /// What kubectl printed at the end of a third run, where that was kept.
    pub(crate) fn kubectl(&self) -> Option<String> {
        fs::read_to_string(self.folder.join("kubectl.txt")).ok()
    }

    pub(crate) fn recording(&self) -> Value {
        serde_json::from_str(&self.text("recording.json")).unwrap()
    }
}
