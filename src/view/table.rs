//! The life of a pod as a table: the same records that the timeline draws, in sentences.

use std::fmt::Write as _;

use super::why::sentence;
use crate::time::SimTime;
use crate::trace::Trace;

/// How many lines are shown; a crash loop of hours tells nothing new.
const MOST: usize = 400;

/// When and what, in order. The same sentence is not said twice in a row.
pub fn lines(trace: &Trace) -> Vec<(SimTime, String)> {
    let mut lines: Vec<(SimTime, String)> = Vec::new();
    for record in trace.records() {
        if let Some(says) = sentence(trace, record).filter(|says| lines.last().is_none_or(|(_, last)| last != says)) {
            lines.push((record.at, says));
        }
        if lines.len() >= MOST {
            break;
        }
    }
    lines
}

/// The table's rows as HTML.
pub fn rows(trace: &Trace) -> String {
    let mut out = String::new();
    for (at, says) in lines(trace) {
        let says = says.replace('&', "&amp;").replace('<', "&lt;");
        let _ = write!(out, "<tr><td>{}.{:02} s</td><td>{says}</td></tr>", at.ms() / 1000, at.ms() % 1000 / 10);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::manifest;
    use crate::sim::{self, Input};

    #[test]
    fn the_table_tells_the_life_in_order() {
        let text = "apiVersion: v1\nkind: Pod\nmetadata: {name: shop}\nspec:\n  restartPolicy: Never\n  containers:\n  - {name: app, image: busybox, command: [sh, -c, 'sleep 2; exit 3']}\n";
        let read = manifest::read(text);
        let run = sim::simulate(&Input { objects: read.admitted(), scenario: crate::scenario::Scenario::default() });
        let lines = lines(&run.trace);
        assert!(lines.windows(2).all(|w| w[0].0 <= w[1].0 && w[0].1 != w[1].1));
        let place = |part: &str| lines.iter().position(|(_, says)| says.contains(part)).unwrap_or_else(|| panic!("{part}: {lines:?}"));
        assert!(place("created") < place("started") && place("started") < place("exited with code 3"));
        assert_eq!(rows(&run.trace).matches("<tr>").count(), lines.len());
    }
}
