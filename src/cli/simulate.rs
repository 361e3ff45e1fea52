//! `podlab simulate FILE`: what `kubectl get pods -w` and `kubectl events` would have shown.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::process::ExitCode;

use podlab::api::Pod;
use podlab::kubectl::{self, Columns, pod_row, pod_writes};
use podlab::printers::{pod_columns, table};
use podlab::time::{SimDuration, SimTime, parse_duration};
use podlab::trace::{ObjectId, Run};
use podlab::{manifest, sim};

use crate::input::{self, Failure};

/// Arguments of `podlab simulate`.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Output: a line for each change of a pod's READY, STATUS or RESTARTS, as `kubectl get pods -w` prints it, with the
time since the objects were created in front; the last line of a deleted pod comes once more. Then, after an empty
line, the events as `kubectl events` prints them at the end. What is wrong with the manifest goes to standard error;
the exit code is 1 if an object is refused (the others are played all the same).")]
pub(crate) struct Args {
    /// The manifest; `-` is standard input. A document of kind Scenario describes the surroundings.
    file: PathBuf,
    /// How long is simulated, e.g. `90s` or `2m`; the scenario's duration, else 2m, if not given.
    #[arg(long = "for", value_name = "DURATION", value_parser = duration)]
    duration: Option<SimDuration>,
}

fn duration(text: &str) -> Result<SimDuration, String> {
    parse_duration(text).ok_or_else(|| "not a duration; write for example 90s or 2m".into())
}

/// Prints the lines.
pub(crate) fn run(args: &Args) -> Result<ExitCode, Failure> {
    let text = input::read_text(&args.file)?;
    let manifest = manifest::read(&text);
    input::show(&args.file, &text, &manifest.diagnostics);
    let mut scenario = manifest.scenario.clone().unwrap_or_default();
    scenario.duration = args.duration.unwrap_or(scenario.duration);
    let run = sim::simulate(&sim::Input { objects: manifest.admitted(), scenario });
    say!("{}", changes(&run));
    for namespace in namespaces(&run) {
        say!("\n{}", kubectl::events(&run.trace, run.end, namespace));
    }
    Ok(if manifest.has_errors() { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}

/// The change lines with their times.
fn changes(run: &Run) -> String {
    let mut last: BTreeMap<ObjectId, _> = BTreeMap::new();
    let mut rows = Vec::new();
    for write in pod_writes(&run.trace, run.end) {
        let now = summary(write.pod);
        if write.deleted || last.get(&write.id) != Some(&now) {
            rows.push(std::iter::once(clock(write.at)).chain(pod_row(write.pod, write.at, Columns::Default)).collect());
            last.insert(write.id, now);
        }
    }
    if rows.is_empty() {
        return "No resources found in default namespace.\n".into();
    }
    table(&["TIME", "NAME", "READY", "STATUS", "RESTARTS", "AGE"], &rows)
}

fn summary(pod: &Pod) -> (String, String, u32) {
    let printed = pod_columns(pod);
    (printed.ready_text(), printed.status.to_string(), printed.restarts)
}

/// `12.03s`.
fn clock(at: SimTime) -> String {
    format!("{}.{:02}s", at.ms() / 1000, at.ms() / 10 % 100)
}

fn namespaces(run: &Run) -> Vec<&str> {
    let mut names: Vec<&str> = run.trace.events().map(|(_, e)| e.object.namespace.as_str()).collect();
    names.sort_unstable();
    names.dedup();
    names
}
