//! Reading files and showing findings.

use std::fmt;
use std::fs;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

use podlab::text::{Diagnostic, LineIndex, Severity};

/// What goes wrong outside of the texts.
#[derive(Debug)]
pub(crate) enum Failure {
    /// A file cannot be read.
    Read(PathBuf, io::Error),
    /// A file or folder cannot be written.
    Write(PathBuf, io::Error),
    /// A file is not text.
    NotText(PathBuf),
    /// A folder of content is not in order.
    Content(PathBuf, String),
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Read(path, error) => write!(f, "cannot read {}: {error}", path.display()),
            Self::Write(path, error) => write!(f, "cannot write {}: {error}", path.display()),
            Self::Content(path, problem) => write!(f, "{}: {problem}", path.display()),
            Self::NotText(path) => write!(f, "{} is not UTF-8 text", path.display()),
        }
    }
}

/// The text of a file, or of standard input for `-`.
///
/// # Errors
/// If it cannot be read or is not text.
pub(crate) fn read_text(path: &Path) -> Result<String, Failure> {
    let mut bytes = Vec::new();
    let read =
        if path.as_os_str() == "-" { io::stdin().read_to_end(&mut bytes).map(|_| ()) } else { fs::read(path).map(|found| bytes = found) };
    read.map_err(|error| Failure::Read(path.to_owned(), error))?;
    String::from_utf8(bytes).map_err(|_| Failure::NotText(path.to_owned()))
}

/// Prints findings on standard error: `file:3:5: error: what (help: what would be right)`.
pub(crate) fn show(path: &Path, text: &str, findings: &[Diagnostic]) {
    let lines = LineIndex::new(text);
    for found in findings {
        let at = lines.position(text, found.span.start as usize);
        let word = match found.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Hint => "hint",
        };
        eprintln!("{}:{}:{}: {word}: {}", path.display(), at.line, at.column, found.message);
        if let Some(help) = &found.help {
            eprintln!("  help: {help}");
        }
    }
}
