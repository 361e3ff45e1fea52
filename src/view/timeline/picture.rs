//! Lanes laid out for a width: rows, whole-pixel boxes, the label that fits, marks that keep apart.

use super::axis::{Scale, TimeView};
use super::lanes::{Lane, LaneKind, Look, MarkKind, Slice};
use crate::time::SimTime;
use crate::trace::RecordId;

/// A timeline ready to be printed, in px.
#[derive(Debug, Clone, PartialEq)]
pub struct Picture {
    /// Its width.
    pub width: f64,
    /// Its height.
    pub height: f64,
    /// Where instants lie.
    pub scale: Scale,
    /// Labelled and plain ticks: x and seconds.
    pub ticks: Vec<(f64, Option<u64>)>,
    /// The rows from top to bottom.
    pub rows: Vec<Row>,
    /// Where hairlines part groups.
    pub separators: Vec<f64>,
    /// Whether names stand above their lanes.
    pub narrow: bool,
    /// Where flags of the surroundings stand, and until where their line goes.
    pub bottom: f64,
}

/// A row of the picture.
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    /// What it shows.
    pub kind: LaneKind,
    /// Its name.
    pub title: String,
    /// What it is.
    pub note: String,
    /// Where its name stands.
    pub title_y: f64,
    /// Its top, below marks.
    pub y: f64,
    /// Its height.
    pub height: f64,
    /// Its boxes.
    pub boxes: Vec<Box>,
    /// Words above it that did not fit a box.
    pub callouts: Vec<(f64, f64, String)>,
    /// Its marks.
    pub marks: Vec<PlacedMark>,
    /// Its probe runs: x, passed, how many.
    pub dots: Vec<Dot>,
}

/// A slice as a box.
#[derive(Debug, Clone, PartialEq)]
pub struct Box {
    /// Left edge.
    pub x: f64,
    /// Width, at least 3.
    pub width: f64,
    /// How it looks.
    pub look: Look,
    /// The label that fits.
    pub label: Option<String>,
    /// What it says in full, for the tooltip.
    pub full: String,
    /// How full, in thousandths.
    pub fill: u16,
    /// From when.
    pub from: SimTime,
    /// Until when.
    pub to: SimTime,
    /// The record behind it.
    pub record: RecordId,
}

/// A mark of a lane, in pixels.
#[derive(Debug, Clone, PartialEq)]
pub struct PlacedMark {
    /// Where its instant is.
    pub x: f64,
    /// Where the mark stands, beside its instant if another mark is there.
    pub at: f64,
    /// What it stands for.
    pub kind: MarkKind,
    /// In words.
    pub text: String,
    /// The record behind it.
    pub record: RecordId,
}

/// Equal probe runs that are too near to be told apart, or one alone.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Dot {
    /// The middle.
    pub x: f64,
    /// Passed, failed, or not yet due.
    pub passed: Option<bool>,
    /// How many.
    pub count: u32,
    /// The record behind the last one.
    pub record: RecordId,
}

const LABELS: f64 = 144.0;
const EDGE: f64 = 16.0;
const NARROW_EDGE: f64 = 8.0;
const AXIS: f64 = 28.0;
const NARROWEST: f64 = 3.0;

/// Lays out lanes for a width.
pub fn picture(lanes: &[Lane], view: TimeView, width: f64) -> Picture {
    let narrow = width < 700.0;
    let left = if narrow { NARROW_EDGE } else { LABELS };
    let scale = Scale { view, left, width: (width - left - if narrow { NARROW_EDGE } else { EDGE }).max(50.0) };
    let mut y = AXIS + 5.0;
    let mut rows = Vec::new();
    let mut separators = Vec::new();
    let mut previous: Option<LaneKind> = None;
    for lane in lanes {
        if starts_group(lane.kind, previous) {
            separators.push((y + 8.0).round());
            y += 17.0;
        }
        let title_row = narrow && !matches!(lane.kind, LaneKind::Probe | LaneKind::Hook | LaneKind::World);
        y += space_above(lane.kind) + if title_row { title_height(lane.kind) } else { 0.0 };
        let height = height_of(lane.kind);
        let title_y = if title_row { y - space_above(lane.kind) - 4.0 } else { y + height / 2.0 + 4.0 };
        rows.push(row(lane, &scale, (y, height, title_y)));
        y += height + space_below(lane.kind);
        previous = Some(lane.kind);
    }
    let bottom = y + 6.0;
    Picture { width, height: bottom + 4.0, ticks: ticks(&scale), scale, rows, separators, narrow, bottom }
}

fn starts_group(kind: LaneKind, previous: Option<LaneKind>) -> bool {
    match kind {
        LaneKind::Container | LaneKind::Service => !matches!(previous, None | Some(LaneKind::World)),
        LaneKind::Status => matches!(previous, Some(LaneKind::Container | LaneKind::Probe | LaneKind::Hook | LaneKind::Service)),
        LaneKind::World | LaneKind::Phase | LaneKind::Ready | LaneKind::Probe | LaneKind::Hook => false,
    }
}

const fn space_above(kind: LaneKind) -> f64 {
    match kind {
        LaneKind::Status | LaneKind::Container => 15.0,
        LaneKind::World | LaneKind::Phase | LaneKind::Ready | LaneKind::Probe | LaneKind::Hook | LaneKind::Service => 0.0,
    }
}

/// The row of a lane's name where it stands above the lane, its callouts or marks.
const fn title_height(kind: LaneKind) -> f64 {
    match kind {
        LaneKind::Status | LaneKind::Container => 12.0,
        LaneKind::World | LaneKind::Phase | LaneKind::Ready | LaneKind::Probe | LaneKind::Hook | LaneKind::Service => 16.0,
    }
}

const fn height_of(kind: LaneKind) -> f64 {
    match kind {
        LaneKind::World => 18.0,
        LaneKind::Status => 26.0,
        LaneKind::Phase | LaneKind::Ready | LaneKind::Service => 16.0,
        LaneKind::Container => 22.0,
        LaneKind::Probe | LaneKind::Hook => 14.0,
    }
}

const fn space_below(kind: LaneKind) -> f64 {
    match kind {
        LaneKind::World => 3.0,
        LaneKind::Status | LaneKind::Phase => 6.0,
        LaneKind::Container => 4.0,
        LaneKind::Ready | LaneKind::Probe | LaneKind::Hook | LaneKind::Service => 1.0,
    }
}

fn ticks(scale: &Scale) -> Vec<(f64, Option<u64>)> {
    let step = scale.step_seconds();
    let half = step / 2;
    let (first, last) = (scale.view.from.ms() / 1000, scale.view.to.ms() / 1000);
    let mut ticks = Vec::new();
    let small = if half > 0 && step.is_multiple_of(2) { half } else { step };
    let mut s = first / small * small;
    while s <= last {
        if s >= first {
            ticks.push((scale.x(SimTime::from_ms(s * 1000)).round(), (s % step == 0).then_some(s)));
        }
        s += small;
    }
    ticks
}

fn row(lane: &Lane, scale: &Scale, place: (f64, f64, f64)) -> Row {
    let (y, height, title_y) = place;
    let mut boxes = boxes(&lane.slices, scale);
    let mut callouts = Vec::new();
    for b in &mut boxes {
        let room = b.width - 12.0;
        let labels = lane.slices.iter().find(|s| s.record == b.record && s.from == b.from).map_or(&[][..], |s| &s.labels);
        b.label = labels.iter().find(|l| text_width(l) <= room).cloned();
    }
    if lane.kind == LaneKind::Status {
        callouts = call_out(&boxes, scale);
    }
    Row {
        kind: lane.kind,
        title: lane.title.clone(),
        note: lane.note.clone(),
        title_y,
        y,
        height,
        boxes,
        callouts,
        marks: marks(lane, scale),
        dots: dots(lane, scale),
    }
}

/// Slices on whole pixels; where several fall into three, the worst state is drawn.
fn boxes(slices: &[Slice], scale: &Scale) -> Vec<Box> {
    let (left, right) = (scale.left, scale.left + scale.width);
    let mut out: Vec<Box> = Vec::new();
    for slice in slices {
        if slice.to <= scale.view.from || slice.from >= scale.view.to {
            continue;
        }
        let x = scale.x(slice.from).max(left).round();
        let end = scale.x(slice.to).min(right).round();
        let full = slice.labels.first().cloned().unwrap_or_default();
        let new = Box {
            x,
            width: (end - x - 1.0).max(NARROWEST),
            look: slice.look,
            label: None,
            full,
            fill: slice.fill,
            from: slice.from,
            to: slice.to,
            record: slice.record,
        };
        match out.last_mut().filter(|last| last.x + NARROWEST > x) {
            // A sliver gives way to what follows it, unless it is worse and what follows is a sliver too.
            Some(last) if new.width <= NARROWEST => {
                if new.look < last.look {
                    *last = Box { x: last.x, ..new };
                }
            }
            Some(last) => {
                let shift = last.x + last.width + 1.0 - x;
                out.push(Box { x: x + shift, width: (new.width - shift).max(NARROWEST), ..new });
            }
            None => out.push(new),
        }
    }
    out
}

/// Words of STATUS that do not fit stand above, where two are too close the later one.
fn call_out(boxes: &[Box], scale: &Scale) -> Vec<(f64, f64, String)> {
    let mut out: Vec<(f64, f64, String)> = Vec::new();
    for b in boxes.iter().filter(|b| b.label.is_none()) {
        let width = text_width(&b.full);
        let x = (b.x + b.width / 2.0 - width / 2.0).min(scale.left + scale.width - width).max(scale.left);
        while out.last().is_some_and(|(lx, lw, _)| lx + lw + 6.0 > x) {
            out.pop();
        }
        out.push((x, width, b.full.clone()));
    }
    out
}

/// Marks nearer than 14 px: the earlier one moves left.
fn marks(lane: &Lane, scale: &Scale) -> Vec<PlacedMark> {
    let inside = lane.marks.iter().filter(|m| m.at >= scale.view.from && m.at <= scale.view.to);
    let mut out: Vec<PlacedMark> = inside
        .map(|m| {
            let x = scale.x(m.at).round();
            PlacedMark { x, at: x, kind: m.kind, text: m.text.clone(), record: m.record }
        })
        .collect();
    if lane.kind == LaneKind::World {
        return out;
    }
    let mut next = f64::INFINITY;
    for mark in out.iter_mut().rev() {
        let needs = if mark.kind == MarkKind::Signal { 26.0 } else { 14.0 };
        mark.at = mark.at.min(next - needs / 2.0);
        next = mark.at - needs / 2.0;
    }
    out
}

/// Equal probe marks nearer than 7 px become one with their number.
fn dots(lane: &Lane, scale: &Scale) -> Vec<Dot> {
    let mut out: Vec<(Dot, f64)> = Vec::new();
    for tick in lane.ticks.iter().filter(|t| t.at >= scale.view.from && t.at <= scale.view.to) {
        let x = scale.x(tick.at);
        match out.last_mut().filter(|(dot, last)| dot.passed == tick.passed && x - *last < 7.0) {
            Some((dot, last)) => {
                (dot.count, dot.record) = (dot.count + 1, tick.record);
                *last = x;
            }
            None => out.push((Dot { x, passed: tick.passed, count: 1, record: tick.record }, x)),
        }
    }
    out.into_iter().map(|(dot, last)| Dot { x: ((dot.x + last) / 2.0).round(), ..dot }).collect()
}

/// About how wide a text of 11 px is, in a wide system font.
pub(super) fn text_width(text: &str) -> f64 {
    text.chars()
        .map(|c| match c {
            'i' | 'l' | 'j' | '.' | ',' | ':' | '\'' | '|' | '!' => 3.4,
            ' ' | 't' | 'f' | 'r' | '/' | '(' | ')' | '-' => 4.4,
            'm' | 'w' | 'M' | 'W' => 9.6,
            'A'..='Z' | '0'..='9' => 7.4,
            _ => 6.3,
        })
        .sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn slice(from: u64, to: u64, look: Look, label: &str) -> Slice {
        let (from, to) = (SimTime::from_ms(from), SimTime::from_ms(to));
        Slice { from, to, look, labels: vec![label.to_owned()], fill: 0, record: RecordId(u32::try_from(from.ms()).unwrap()) }
    }

    fn lane(slices: Vec<Slice>) -> Lane {
        Lane {
            key: "x".into(),
            title: "STATUS".into(),
            note: String::new(),
            kind: LaneKind::Status,
            slices,
            marks: Vec::new(),
            ticks: Vec::new(),
        }
    }

    #[test]
    fn slivers_show_the_worst_of_what_they_hide() {
        let view = TimeView::fit(SimTime::from_ms(100_000));
        let lane = lane(vec![
            slice(0, 50_000, Look::Ready, "Running"),
            slice(50_000, 50_010, Look::Err, "Error"),
            slice(50_010, 50_020, Look::Live, "Running"),
            slice(50_020, 100_000, Look::Ready, "Running"),
        ]);
        let picture = picture(&[lane], view, 1000.0);
        let looks: Vec<Look> = picture.rows[0].boxes.iter().map(|b| b.look).collect();
        assert_eq!(looks, [Look::Ready, Look::Err, Look::Ready]);
        assert!(picture.rows[0].boxes.iter().all(|b| b.width >= 3.0));
        assert_eq!(picture.rows[0].callouts.iter().map(|c| c.2.as_str()).collect::<Vec<_>>(), ["Error"]);
    }

    #[test]
    fn names_stand_above_their_lanes_on_a_phone() {
        let view = TimeView::fit(SimTime::from_ms(10_000));
        let picture = picture(&[lane(vec![slice(0, 9000, Look::Ready, "Running")])], view, 358.0);
        assert!(picture.narrow);
        assert!(picture.rows[0].title_y < picture.rows[0].y);
    }
}
