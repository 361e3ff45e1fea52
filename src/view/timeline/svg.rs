//! A picture as SVG elements, in the classes of the style sheet. The page and the export print the same.

use std::fmt::Write as _;

use super::lanes::{LaneKind, Look, MarkKind};
use super::picture::{Box, Picture, PlacedMark, Row, text_width};
use super::px::Px;

/// The elements inside `<svg>`.
pub fn svg(picture: &Picture) -> String {
    let mut out = String::with_capacity(16 * 1024);
    axis(picture, &mut out);
    for y in picture.separators.iter().copied().map(Px) {
        let _ = write!(out, r#"<line class="sep" x1="0" x2="{}" y1="{y}.5" y2="{y}.5"/>"#, Px(picture.width));
    }
    for row in &picture.rows {
        title(row, picture, &mut out);
        match row.kind {
            LaneKind::World => {}
            LaneKind::Phase => phase(row, &mut out),
            LaneKind::Ready => wave(row, &mut out),
            LaneKind::Probe => probe(row, picture, &mut out),
            LaneKind::Hook => hooks(row, &mut out),
            LaneKind::Status | LaneKind::Container | LaneKind::Service => row.boxes.iter().for_each(|b| segment(row, b, &mut out)),
        }
        callouts(row, &mut out);
    }
    for row in &picture.rows {
        marks(row, picture, &mut out);
    }
    out
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

fn axis(picture: &Picture, out: &mut String) {
    let (left, right) = (Px(picture.scale.left), Px(picture.scale.left) + Px(picture.scale.width));
    let _ = write!(out, r#"<line class="axl" x1="{left}" x2="{right}" y1="27.5" y2="27.5"/>"#);
    for (x, label) in picture.ticks.iter().map(|(x, label)| (Px(*x), label)) {
        if label.is_some() {
            let _ = write!(out, r#"<line class="grid" x1="{x}.5" x2="{x}.5" y1="28" y2="{}"/>"#, Px(picture.bottom));
        }
        let _ = write!(
            out,
            r#"<line class="tk{}" x1="{x}.5" x2="{x}.5" y1="{}" y2="27"/>"#,
            if label.is_some() { "" } else { "2" },
            if label.is_some() { 20 } else { 23 }
        );
        if let Some(seconds) = label {
            let text = match (*seconds, *seconds >= 120) {
                (0, _) => "0 s".to_owned(),
                (s, true) if s % 60 == 0 => format!("{} min", s / 60),
                (s, true) => format!("{}:{:02}", s / 60, s % 60),
                (s, false) => s.to_string(),
            };
            let anchor = if x < left + 8.0 {
                "start"
            } else if x > right - 14.0 {
                "end"
            } else {
                "middle"
            };
            let _ = write!(out, r#"<text class="tx" x="{x}" y="15" text-anchor="{anchor}">{text}</text>"#);
        }
    }
}

fn title(row: &Row, picture: &Picture, out: &mut String) {
    let (name, note) = (escape(&row.title), escape(&row.note));
    let sub = matches!(row.kind, LaneKind::Probe | LaneKind::Hook);
    if picture.narrow {
        if !sub && row.kind != LaneKind::World {
            let _ = write!(
                out,
                r#"<text class="nm" x="{}" y="{}">{name} <tspan class="kd">{note}</tspan></text>"#,
                Px(picture.scale.left),
                Px(row.title_y)
            );
        }
        return;
    }
    let class = match row.kind {
        LaneKind::Status | LaneKind::Ready => "nm mono",
        LaneKind::World => "nm quiet",
        LaneKind::Probe | LaneKind::Hook => "nm sub",
        LaneKind::Phase | LaneKind::Container | LaneKind::Service => "nm",
    };
    let x = if sub { 30 } else { 16 };
    let fits = text_width(&row.title) * 1.15 + text_width(&row.note) + 10.0 < 130.0 - f64::from(x);
    let short: String =
        if text_width(&row.title) > 108.0 { row.title.chars().take(14).collect::<String>() + "…" } else { row.title.clone() };
    let _ = write!(out, r#"<text class="{class}" x="{x}" y="{}">{}<title>{name} {note}</title></text>"#, Px(row.title_y), escape(&short));
    if fits {
        let _ = write!(out, r#"<text class="kd" x="130" y="{}" text-anchor="end">{note}</text>"#, Px(row.title_y));
    }
}

/// What a box says when one points at it.
fn tooltip(b: &Box) -> String {
    let seconds = |ms: u64| format!("{}.{:02} s", ms / 1000, ms % 1000 / 10);
    let (from, to) = (b.from.ms(), b.to.ms());
    format!("{}, {} to {} ({})", escape(&b.full), seconds(from), seconds(to), seconds(to - from))
}

fn segment(row: &Row, b: &Box, out: &mut String) {
    let (x, y, w, h) = (Px(b.x), Px(row.y), Px(b.width), Px(row.height));
    let class = b.look.class();
    let _ = write!(out, r#"<g class="seg s-{class}" data-r="{}"><title>{}</title>"#, b.record.0, tooltip(b));
    let middle = y + h / 2.0;
    if b.look == Look::Ok {
        let _ = write!(out, r#"<rect x="{x}" y="{y}" width="{w}" height="{h}" fill="transparent"/>"#);
        let start = b.label.as_ref().map_or(x, |l| x + text_width(l) + 14.0);
        let _ = write!(out, r#"<line class="okline" x1="{start}" x2="{}" y1="{middle}" y2="{middle}"/>"#, x + w);
    } else if b.look == Look::Unk {
        let _ = write!(out, r#"<line class="ep0" x1="{x}" x2="{}" y1="{middle}" y2="{middle}"/>"#, x + w);
    } else {
        let r = if w <= 8.0 { 1 } else { 3 };
        let _ = write!(
            out,
            r#"<rect class="body" x="{}" y="{}" width="{}" height="{}" rx="{r}"/>"#,
            x + 0.5,
            y + 0.5,
            (w - 1.0).max(2.0),
            h - 1.0
        );
        if matches!(b.look, Look::Pull | Look::Init | Look::Err | Look::Back | Look::Term) {
            let _ = write!(
                out,
                r#"<rect class="hatch" x="{}" y="{}" width="{}" height="{}" rx="{r}"/>"#,
                x + 0.5,
                y + 0.5,
                (w - 1.0).max(2.0),
                h - 1.0
            );
        }
        if b.look == Look::Live {
            let _ = write!(out, r#"<rect class="half" x="{x}" y="{}" width="{w}" height="4" rx="1"/>"#, y + h - 4.0);
        }
    }
    if let Some(label) = &b.label {
        let lift = if b.look == Look::Live { 5.0 } else { 4.0 };
        let x = if b.look == Look::Unk { x + 12.0 } else { x + 6.0 };
        let halo = if b.look == Look::Unk { " halo" } else { "" };
        let _ = write!(out, r#"<text class="lbl{halo}" x="{x}" y="{}">{}</text>"#, y + h / 2.0 + lift - 0.5, escape(label));
    }
    out.push_str("</g>");
}

fn phase(row: &Row, out: &mut String) {
    for b in &row.boxes {
        let _ = write!(
            out,
            r#"<g class="phase" data-r="{}"><title>{}</title><rect x="{}" y="{}" width="{}" height="{}" rx="2"/>"#,
            b.record.0,
            tooltip(b),
            Px(b.x),
            Px(row.y),
            Px(b.width),
            Px(row.height)
        );
        if let Some(label) = &b.label {
            let _ = write!(out, r#"<text x="{}" y="{}">{label}</text>"#, Px(b.x) + 6.0, Px(row.y) + 12.0);
        }
        out.push_str("</g>");
    }
}

fn wave(row: &Row, out: &mut String) {
    let base = Px(row.y) + Px(row.height);
    let mut path = String::new();
    for b in &row.boxes {
        let h = Px((row.height - 2.0) * f64::from(b.fill) / 1000.0);
        let class = if b.fill == 1000 { "w-full" } else { "w-part" };
        if h > 0.0 {
            let _ = write!(out, r#"<rect class="{class}" x="{}" y="{}" width="{}" height="{h}"/>"#, Px(b.x), base - h, Px(b.width) + 1.0);
        }
        let command = if path.is_empty() { 'M' } else { 'L' };
        let _ = write!(path, "{command}{} {}L{} {}", Px(b.x), base - h, Px(b.x) + Px(b.width) + 1.0, base - h);
    }
    let _ = write!(out, r#"<path class="wave" d="{path}"/>"#);
    for b in &row.boxes {
        if let Some(label) = &b.label {
            let class = match b.fill {
                1000 => "wtx on",
                0 => "wtx zero",
                _ => "wtx",
            };
            let _ = write!(out, r#"<text class="{class}" x="{}" y="{}">{label}</text>"#, Px(b.x) + 6.0, base - 4.0);
        }
    }
}

fn probe(row: &Row, picture: &Picture, out: &mut String) {
    let y = Px(row.y) + Px(row.height) / 2.0;
    let _ = write!(
        out,
        r#"<line class="pbase" x1="{}" x2="{}" y1="{y}" y2="{y}"/>"#,
        Px(picture.scale.left),
        Px(picture.scale.left) + Px(picture.scale.width)
    );
    for dot in &row.dots {
        let (x, r) = (Px(dot.x), dot.record.0);
        match (dot.passed, dot.count) {
            (Some(ok), n) if n > 1 => {
                let text = n.to_string();
                let w = Px(text_width(&text) + 6.0);
                let (class, round) = if ok { ("rp", "5.5") } else { ("rf", "2") };
                let _ = write!(
                    out,
                    r#"<g class="run {class}" data-r="{r}"><title>{n} {}</title><rect x="{}" y="{}" width="{w}" height="11" rx="{round}"/><text x="{x}" y="{}">{text}</text></g>"#,
                    if ok { "passed" } else { "failed" },
                    x - w / 2.0,
                    y - 5.5,
                    y + 3.5
                );
            }
            (Some(true), _) => {
                let _ = write!(out, r#"<line class="pp" data-r="{r}" x1="{x}" x2="{x}" y1="{}" y2="{}"/>"#, y - 4.0, y + 4.0);
            }
            (Some(false), _) => {
                let (left, right, top, low) = (x - 3.0, x + 3.0, y - 3.0, y + 3.0);
                let _ = write!(out, r#"<path class="pf" data-r="{r}" d="M{left} {top}L{right} {low}M{right} {top}L{left} {low}"/>"#);
            }
            (None, _) => {
                let _ = write!(out, r#"<circle class="pn" data-r="{r}" cx="{x}" cy="{y}" r="2.5"/>"#);
            }
        }
    }
}

fn hooks(row: &Row, out: &mut String) {
    for b in &row.boxes {
        let _ = write!(
            out,
            r#"<g class="hook" data-r="{}"><title>{}</title><rect x="{}" y="{}" width="{}" height="11" rx="5.5"/>"#,
            b.record.0,
            tooltip(b),
            Px(b.x) + 0.5,
            Px(row.y) + 1.5,
            Px(b.width).max(8.0)
        );
        if let Some(label) = &b.label {
            let _ = write!(out, r#"<text x="{}" y="{}">{}</text>"#, Px(b.x) + 7.0, Px(row.y) + 10.5, escape(label));
        }
        out.push_str("</g>");
    }
}

fn callouts(row: &Row, out: &mut String) {
    for (x, width, text) in row.callouts.iter().map(|(x, width, text)| (Px(*x), *width, text)) {
        let middle = x + width / 2.0;
        let (top, y) = (Px(row.y) - 4.0, Px(row.y) - 6.0);
        let _ = write!(
            out,
            r#"<g class="call"><line x1="{middle}" x2="{middle}" y1="{top}" y2="{}"/><text x="{x}" y="{y}">{}</text></g>"#,
            Px(row.y) - 0.5,
            escape(text)
        );
    }
}

fn marks(row: &Row, picture: &Picture, out: &mut String) {
    let top = Px(row.y) - 8.0;
    for mark in &row.marks {
        let (x, at, text, r) = (Px(mark.x), Px(mark.at), &mark.text, mark.record.0);
        let label = escape(text);
        match mark.kind {
            MarkKind::Exit { ok } => exit(row, mark, ok, out),
            MarkKind::Signal => {
                let _ = write!(
                    out,
                    r#"<g class="sig" data-r="{r}"><path class="stem" fill="none" d="M{x} {}L{x} {}"/><path class="sgn" d="M{} {}h10l-5 8z"/><text class="sgt" x="{}" y="{}" text-anchor="end">{label}</text></g>"#,
                    Px(row.y) + Px(row.height),
                    top + 4.0,
                    at - 5.0,
                    top - 4.0,
                    at - 7.0,
                    top + 3.5
                );
            }
            MarkKind::Flag => {
                let y = Px(row.y);
                let fits = x + 13.0 + text_width(text) * 1.1 < Px(picture.width);
                let (tx, anchor) = if fits { (x + 13.0, "start") } else { (x - 4.0, "end") };
                let _ = write!(
                    out,
                    r#"<g class="world" data-r="{r}"><line x1="{x}.5" x2="{x}.5" y1="{}" y2="{}"/><path d="M{x} {}v12h1v-6h8l-2-3 2-3z"/><text x="{tx}" y="{}" text-anchor="{anchor}">{label}</text></g>"#,
                    y + 2.0,
                    Px(picture.bottom),
                    y + 2.0,
                    y + 11.0
                );
            }
        }
    }
}

/// How a container ended: a circle for 0, a box for anything else.
fn exit(row: &Row, mark: &PlacedMark, ok: bool, out: &mut String) {
    let (x, at, text) = (Px(mark.x), Px(mark.at), &mark.text);
    let (label, top) = (escape(text), Px(row.y) - 8.0);
    let _ = write!(out, r#"<path class="stem" fill="none" d="M{x} {}L{at} {}L{at} {top}"/>"#, Px(row.y) + Px(row.height), Px(row.y) - 2.0);
    let w = Px(text_width(text) + 5.0).max(12.0);
    let shape = if ok {
        format!(r#"<circle class="ex0" cx="{at}" cy="{top}" r="6"/><text class="ext0" x="{at}" y="{}">{label}</text>"#, top + 3.5)
    } else {
        format!(
            r#"<rect class="ex1" x="{}" y="{}" width="{w}" height="12" rx="2"/><text class="ext1" x="{at}" y="{}">{label}</text>"#,
            at - w / 2.0,
            top - 6.0,
            top + 3.5
        )
    };
    let _ = write!(out, r#"<g class="exit" data-r="{}"><title>exit code {label}</title>{shape}</g>"#, mark.record.0);
}
