//! `podlab check content/`: every item read and proved, every example admitted.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use podlab::course;
use podlab::manifest;

use crate::input::{self, Failure};

/// Where the content is.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The folder with `items/` and `examples/`.
    folder: PathBuf,
}

/// Says what is wrong; the exit code is 1 if anything is.
pub(crate) fn run(args: &Args) -> Result<ExitCode, Failure> {
    let mut wrong = 0;
    let items = listed(&args.folder.join("items"))?;
    let mut ids: BTreeMap<String, PathBuf> = BTreeMap::new();
    for path in &items {
        wrong += item(path, &mut ids, &items)?;
    }
    let myths = listed(&args.folder.join("myths"))?;
    for path in &myths {
        wrong += myth(path, &items)?;
    }
    let examples = listed(&args.folder.join("examples"))?;
    for path in &examples {
        let text = input::read_text(path)?;
        let read = manifest::read(&text);
        if read.has_errors() {
            wrong += 1;
            input::show(path, &text, &read.diagnostics);
        }
    }
    sayln!("{} items, {} myths and {} examples checked, {wrong} wrong", items.len(), myths.len(), examples.len());
    Ok(if wrong == 0 { ExitCode::SUCCESS } else { ExitCode::from(1) })
}

fn item(path: &Path, ids: &mut BTreeMap<String, PathBuf>, all: &[PathBuf]) -> Result<usize, Failure> {
    let text = input::read_text(path)?;
    let item = match course::read_item(&text) {
        Ok(item) => item,
        Err(found) => {
            input::show(path, &text, &found);
            return Ok(1);
        }
    };
    let mut found = course::prove(&item);
    if path.file_stem().is_none_or(|s| s != item.id.as_str()) {
        found.push(format!("the id `{}` is not the file's name", item.id));
    }
    found.extend(missing_item("followUp", item.follow_up.as_deref(), all));
    if let Some(other) = ids.insert(item.id.clone(), path.to_path_buf()) {
        found.push(format!("the id `{}` stands in {} too", item.id, other.display()));
    }
    for message in &found {
        eprintln!("{}:1:1: {message}", path.display());
    }
    Ok(usize::from(!found.is_empty()))
}

fn myth(path: &Path, items: &[PathBuf]) -> Result<usize, Failure> {
    let text = input::read_text(path)?;
    let myth = match course::read_myth(&text) {
        Ok(myth) => myth,
        Err(found) => {
            input::show(path, &text, &found);
            return Ok(1);
        }
    };
    let mut found = course::prove_myth(&myth);
    if path.file_stem().is_none_or(|s| s != myth.id.as_str()) {
        found.push(format!("the id `{}` is not the file's name", myth.id));
    }
    found.extend(missing_item("item", myth.item.as_deref(), items));
    for message in &found {
        eprintln!("{}:1:1: {message}", path.display());
    }
    Ok(usize::from(!found.is_empty()))
}

/// A link to an item that does not exist.
fn missing_item(field: &str, id: Option<&str>, items: &[PathBuf]) -> Option<String> {
    let id = id.filter(|id| !items.iter().any(|p| p.file_stem().is_some_and(|s| s == *id)))?;
    Some(format!("{field} names `{id}`, which is no item"))
}

/// The files that a folder's `index.json` lists, which have to be all that are there.
fn listed(folder: &Path) -> Result<Vec<PathBuf>, Failure> {
    let index = folder.join("index.json");
    let text = input::read_text(&index)?;
    let entries: Vec<serde_json::Value> = serde_json::from_str(&text).map_err(|e| Failure::Content(index.clone(), e.to_string()))?;
    let name = |e: &serde_json::Value| e.as_str().or_else(|| e.get("file").and_then(|f| f.as_str())).unwrap_or_default().to_owned();
    let files: Vec<PathBuf> = entries.iter().map(|e| folder.join(name(e))).collect();
    for entry in std::fs::read_dir(folder).map_err(|e| Failure::Read(folder.to_owned(), e))?.flatten() {
        let path = entry.path();
        if path.extension().is_some_and(|e| e == "yaml") && !files.contains(&path) {
            return Err(Failure::Content(path, "not listed in index.json".into()));
        }
    }
    Ok(files)
}
