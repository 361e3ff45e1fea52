//! Sequences of states, and whether two of them agree.

use std::sync::LazyLock;

use regex::Regex;

use crate::mask::pattern;

/// A state that lasted less may have been missed by a watcher.
pub(crate) const SHORT: f64 = 1.1;
const SLACK: f64 = 1.6;
const DRIFT: f64 = 0.02;
/// The kubelet stretches its retry waits by up to half.
const JITTER: f64 = 0.55;

/// Whether a state is one in which a retry is waited for.
pub(crate) fn is_retry(state: &str) -> bool {
    pattern!(
        "down|BackOff|ErrImage|InvalidImageName|Error|Completed|OOMKilled|Init:|PodInitializing|ContainerCreating|state=waiting|state=terminated"
    )
    .is_match(state)
}

/// A state, when it began and how long it lasted.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Step {
    pub(crate) at: f64,
    pub(crate) state: String,
    pub(crate) lasted: f64,
}

impl std::fmt::Display for Step {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:.1}s for {:.1}s: {}", self.at, self.lasted, self.state)
    }
}

/// Steps without repeats; the last lasts to the end.
pub(crate) fn collapse(steps: impl IntoIterator<Item = (f64, String)>, end: f64) -> Vec<Step> {
    let mut out: Vec<Step> = Vec::new();
    for (at, state) in steps {
        if out.last().is_none_or(|last| last.state != state) {
            out.push(Step { at, state, lasted: 0.0 });
        }
    }
    let ends: Vec<f64> = out.iter().skip(1).map(|s| s.at).chain([end]).collect();
    for (step, end) in out.iter_mut().zip(ends) {
        step.lasted = end - step.at;
    }
    out
}

/// How exactly times have to agree.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Tolerance {
    /// The longest probe period of the case: probes have a random phase.
    pub(crate) extra: f64,
}

impl Tolerance {
    pub(crate) fn close(self, a: f64, b: f64, loose: bool) -> bool {
        (a - b).abs() <= SLACK + self.extra + if loose { JITTER } else { DRIFT } * a.max(b)
    }

    /// Nothing when the sequences agree, else a line that says where they part.
    pub(crate) fn align(self, a: &[Step], b: &[Step], loose: bool) -> Option<String> {
        let (mut i, mut j) = (0, 0);
        let mut waited = loose;
        if let (Some(x), Some(y)) = (a.first(), b.first())
            && !self.close(x.at, y.at, loose)
        {
            return Some(format!("starts at {:.1}s | {:.1}s", x.at, y.at));
        }
        while i < a.len() || j < b.len() {
            let (x, y) = (a.get(i), b.get(j));
            let last = i + 1 == a.len() || j + 1 == b.len();
            let same =
                x.zip(y).filter(|(x, y)| x.state == y.state && (last || self.close(x.lasted, y.lasted, loose || is_retry(&x.state))));
            if let Some((x, _)) = same {
                waited = waited || is_retry(&x.state);
                (i, j) = (i + 1, j + 1);
            } else if x.is_some_and(|x| x.lasted < SHORT && !is_skipped(x, y, b.get(j + 1))) {
                i += 1;
            } else if y.is_some_and(|y| y.lasted < SHORT) {
                j += 1;
            } else if waited && (x.is_none() || y.is_none()) {
                return None;
            } else {
                let show = |step: Option<&Step>| step.map_or("nothing more".into(), Step::to_string);
                return Some(format!("reference {} | candidate {}", show(x), show(y)));
            }
        }
        None
    }
}

/// Whether the candidate's short step stands before the one that agrees.
fn is_skipped(x: &Step, y: Option<&Step>, next: Option<&Step>) -> bool {
    y.is_some_and(|y| y.lasted < SHORT) && next.is_some_and(|next| next.state == x.state)
}
