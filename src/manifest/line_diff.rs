//! The unified diff of two texts, by the same matching as the API server's: the longest common run of lines first, then what
//! lies left and right of it. Other algorithms choose other lines where several fit.
//! (apimachinery/pkg/util/diff; github.com/pmezard/go-difflib: SequenceMatcher with autojunk)

use std::collections::BTreeMap;
use std::fmt::Write;
use std::ops::Range;

/// How many equal lines stand around a change.
const CONTEXT: usize = 3;
/// From this many lines on, a line that stands for more than a hundredth of them begins no run.
const MANY: usize = 200;

/// How many pairs of equal lines are looked at; what is left then counts as changed.
const PAIRS: usize = 2_000_000;

/// `length` equal lines from `old` and from `new` on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Run {
    old: usize,
    new: usize,
    length: usize,
}

/// A piece of both texts; whether it is equal.
#[derive(Debug, Clone)]
struct Piece {
    equal: bool,
    old: Range<usize>,
    new: Range<usize>,
}

struct Matcher<'t> {
    old: Vec<&'t str>,
    new: Vec<&'t str>,
    /// Where in the new text a line stands.
    places: BTreeMap<&'t str, Vec<usize>>,
}

/// The hunks of a unified diff, without names of files; nothing if the texts are equal.
pub(super) fn unified(old: &str, new: &str) -> String {
    let matcher = Matcher::new(old, new);
    let mut out = String::new();
    for hunk in hunks(pieces(&matcher)) {
        let (Some(first), Some(last)) = (hunk.first(), hunk.last()) else { continue };
        let span = |from: &Range<usize>, to: &Range<usize>| header(from.start..to.end);
        // Writing to a text cannot fail.
        let _ = writeln!(out, "@@ -{} +{} @@", span(&first.old, &last.old), span(&first.new, &last.new)).is_ok();
        for piece in hunk {
            let lines = |of: &[&str], range: Range<usize>, sign: char| -> String {
                of.get(range).unwrap_or_default().iter().map(|line| format!("{sign}{line}\n")).collect()
            };
            out += &lines(&matcher.old, piece.old, if piece.equal { ' ' } else { '-' });
            if !piece.equal {
                out += &lines(&matcher.new, piece.new, '+');
            }
        }
    }
    out
}

/// A range of lines as a hunk's head names it.
fn header(lines: Range<usize>) -> String {
    match lines.len() {
        1 => format!("{}", lines.start + 1),
        0 => format!("{},0", lines.start),
        length => format!("{},{length}", lines.start + 1),
    }
}

impl<'t> Matcher<'t> {
    fn new(old: &'t str, new: &'t str) -> Self {
        let (old, new): (Vec<_>, Vec<_>) = (old.lines().collect(), new.lines().collect());
        let mut places: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
        for (i, line) in new.iter().enumerate() {
            places.entry(line).or_default().push(i);
        }
        if new.len() >= MANY {
            places.retain(|_, at| at.len() <= new.len() / 100 + 1);
        }
        Self { old, new, places }
    }

    /// The longest run within two ranges, the first of equally long ones, as far as `pairs` of lines may be looked at.
    fn longest(&self, old: Range<usize>, new: Range<usize>, pairs: &mut usize) -> Run {
        let mut best = Run { old: old.start, new: new.start, length: 0 };
        // How long the run is that ends at a line of the new text and at the last line of the old one.
        let mut before: Vec<(usize, usize)> = Vec::new();
        for i in old.clone() {
            let places = self.old.get(i).and_then(|line| self.places.get(line));
            let within = places.into_iter().flatten().copied().filter(|j| new.contains(j));
            let ends = |j: usize| {
                let last = before.binary_search_by_key(&j.wrapping_sub(1), |(j, _)| *j);
                (j, last.ok().and_then(|at| before.get(at)).map_or(1, |(_, length)| length + 1))
            };
            let now: Vec<(usize, usize)> = within.map(ends).collect();
            for (j, length) in &now {
                if *length > best.length {
                    best = Run { old: i + 1 - length, new: j + 1 - length, length: *length };
                }
            }
            *pairs = pairs.saturating_sub(now.len() + 1);
            if *pairs == 0 {
                break;
            }
            before = now;
        }
        let equal = |i: usize, j: usize| self.old.get(i) == self.new.get(j);
        while best.old > old.start && best.new > new.start && equal(best.old - 1, best.new - 1) {
            best = Run { old: best.old - 1, new: best.new - 1, length: best.length + 1 };
        }
        while best.old + best.length < old.end && best.new + best.length < new.end && equal(best.old + best.length, best.new + best.length)
        {
            best.length += 1;
        }
        best
    }

    /// All runs in order.
    fn runs(&self) -> Vec<Run> {
        let mut runs = Vec::new();
        let mut pairs = PAIRS;
        let mut open = vec![(0..self.old.len(), 0..self.new.len())];
        while let Some((old, new)) = open.pop().filter(|_| pairs > 0) {
            let run = self.longest(old.clone(), new.clone(), &mut pairs);
            if run.length > 0 {
                open.push((run.old + run.length..old.end, run.new + run.length..new.end));
                open.push((old.start..run.old, new.start..run.new));
                runs.push(run);
            }
        }
        crate::order::sort_by_key(&mut runs, |run| *run);
        runs
    }
}

/// Both texts from their beginning to their end.
fn pieces(matcher: &Matcher<'_>) -> Vec<Piece> {
    let end = Run { old: matcher.old.len(), new: matcher.new.len(), length: 0 };
    let (mut old, mut new) = (0, 0);
    let mut pieces: Vec<Piece> = Vec::new();
    for run in matcher.runs().into_iter().chain([end]) {
        if old < run.old || new < run.new {
            pieces.push(Piece { equal: false, old: old..run.old, new: new..run.new });
        }
        (old, new) = (run.old + run.length, run.new + run.length);
        match pieces.last_mut().filter(|last| last.equal) {
            Some(last) => (last.old.end, last.new.end) = (old, new),
            None => pieces.push(Piece { equal: true, old: run.old..old, new: run.new..new }),
        }
    }
    pieces.retain(|p| !p.old.is_empty() || !p.new.is_empty());
    pieces
}

/// Changes that are near to each other, with the equal lines around.
fn hunks(pieces: Vec<Piece>) -> Vec<Vec<Piece>> {
    let mut hunks = Vec::new();
    let mut hunk: Vec<Piece> = Vec::new();
    let count = pieces.len();
    for (i, piece) in pieces.into_iter().enumerate() {
        let (is_last, length) = (i + 1 == count, piece.old.len());
        if !piece.equal {
            hunk.push(piece);
            continue;
        }
        let head = Piece {
            old: piece.old.start..piece.old.start + length.min(CONTEXT),
            new: piece.new.start..piece.new.start + length.min(CONTEXT),
            ..piece
        };
        let tail = Piece {
            old: piece.old.end - length.min(CONTEXT)..piece.old.end,
            new: piece.new.end - length.min(CONTEXT)..piece.new.end,
            ..piece
        };
        match (hunk.is_empty(), is_last) {
            (true, _) => hunk.push(tail),
            (false, true) => hunk.push(head),
            (false, false) if length > 2 * CONTEXT => {
                hunk.push(head);
                hunks.push(std::mem::replace(&mut hunk, vec![tail]));
            }
            (false, false) => hunk.push(piece),
        }
    }
    hunks.push(hunk);
    hunks.retain(|hunk| hunk.iter().any(|piece| !piece.equal));
    hunks
}

#[cfg(test)]
mod tests {
    use super::unified;

    #[test]
    fn hunks_are_those_of_difflib() {
        let lines = |range: std::ops::Range<i32>| range.map(|i| format!("{i}\n")).collect::<String>();
        let many = lines(0..30);
        let cases = [
            (many.clone(), many.clone(), ""),
            ("a\n".into(), "b\n".into(), "@@ -1 +1 @@\n-a\n+b\n"),
            (String::new(), "a\nb\n".into(), "@@ -0,0 +1,2 @@\n+a\n+b\n"),
            (many.clone(), many.replace("\n10\n", "\nten\n"), "@@ -8,7 +8,7 @@\n 7\n 8\n 9\n-10\n+ten\n 11\n 12\n 13\n"),
            (
                many.clone(),
                many.replace("\n3\n", "\n").replace("\n20\n", "\n20\n20.5\n"),
                "@@ -1,7 +1,6 @@\n 0\n 1\n 2\n-3\n 4\n 5\n 6\n@@ -19,6 +18,7 @@\n 18\n 19\n 20\n+20.5\n 21\n 22\n 23\n",
            ),
            // The longest run decides: the new item stands before the brace that both have.
            ("[\n{\na\n}\n]\n".into(), "[\n{\nb\n},\n{\na\n}\n]\n".into(), "@@ -1,4 +1,7 @@\n [\n+{\n+b\n+},\n {\n a\n }\n"),
        ];
        for (old, new, expected) in cases {
            assert_eq!(unified(&old, &new), expected);
        }
    }

    #[test]
    fn many_equal_lines_do_not_hold_it_up() {
        let lines = |shift: usize| (0..60_000).map(|i| format!("{}\n", (i * 7919 + shift * (i / 50)) % 101)).collect::<String>();
        let (old, new) = (lines(1), lines(3));
        let diff = unified(&old, &new);
        let begun = |sign: char| diff.lines().filter(|line| line.starts_with(sign)).count();
        assert_eq!(old.lines().count() + begun('+'), new.lines().count() + begun('-'));
        assert!(begun('-') > 0);
    }
}
