//! The timeline: places the picture, and turns keys and pointer into changes of range and playhead.

use leptos::html::Div;
use leptos::prelude::*;

use super::browser;
use super::state::{LabState, Panel};
use super::ui::Icon;
use crate::time::{SimDuration, SimTime};
use crate::trace::{Change, RecordId};
use crate::view::timeline::{Picture, Px, TimeView, picture, svg};

/// The moments at which something changed that a viewer sees.
fn changes(state: LabState) -> Vec<SimTime> {
    state.played.with(|p| {
        let told = |c: &Change| {
            matches!(c, Change::Created(_) | Change::Updated(_) | Change::Deleted | Change::Exited(..) | Change::Signal { .. })
        };
        let mut at: Vec<SimTime> = p.run.trace.records().iter().filter(|r| told(&r.change)).map(|r| r.at).collect();
        at.dedup();
        at
    })
}

fn step(state: LabState, forward: bool) {
    let now = state.playhead.get_untracked();
    let at = changes(state);
    let to = if forward { at.into_iter().find(|t| *t > now) } else { at.into_iter().rev().find(|t| *t < now) };
    if let Some(to) = to {
        state.seek(to);
    }
}

fn zoom(state: LabState, percent: u64) {
    let (view, end) = (state.visible(), state.end());
    let around = state.playhead.get_untracked().clamp(view.from, view.to);
    state.view.set(Some(view.zoom(percent, around, end)));
}

/// One table of keys for the timeline.
fn on_key(state: LabState, ev: &web_sys::KeyboardEvent) {
    if ev.ctrl_key() || ev.meta_key() || ev.alt_key() {
        return;
    }
    let nudge = |ms: i64| {
        let now = state.playhead.get_untracked().ms();
        state.seek(SimTime::from_ms(now.saturating_add_signed(ms)));
    };
    let far = if ev.shift_key() { 1000 } else { 100 };
    match ev.key().as_str() {
        "." => step(state, true),
        "," => step(state, false),
        "w" | "W" | "+" => zoom(state, 70),
        "s" | "S" | "-" => zoom(state, 143),
        "a" | "A" => state.view.set(Some(state.visible().pan(-20, state.end()))),
        "d" | "D" => state.view.set(Some(state.visible().pan(20, state.end()))),
        "f" | "F" => state.view.set(None),
        "ArrowLeft" => nudge(-far),
        "ArrowRight" => nudge(far),
        "Home" => state.seek(SimTime::ZERO),
        "End" => state.seek(state.end()),
        "1" => state.panel.set(Panel::Kubectl),
        "2" => state.panel.set(Panel::Events),
        "3" => state.panel.set(Panel::Describe),
        "4" => state.panel.set(Panel::Logs),
        "5" => state.panel.set(Panel::Status),
        "Escape" => state.selected.set(None),
        _ => return,
    }
    ev.prevent_default();
}

/// Ctrl and wheel zoom; shift and wheel, or a sideways wheel, pan.
fn on_wheel(state: LabState, ev: &web_sys::WheelEvent) {
    let sideways = if ev.shift_key() { ev.delta_x() + ev.delta_y() } else { ev.delta_x() };
    if ev.ctrl_key() {
        zoom(state, if ev.delta_y() < 0.0 { 80 } else { 125 });
    } else if sideways.abs() > 0.5 {
        state.view.set(Some(state.visible().pan(if sideways < 0.0 { -8 } else { 8 }, state.end())));
    } else {
        return;
    }
    ev.prevent_default();
}

fn seconds(t: SimTime) -> String {
    format!("{}.{:02}", t.ms() / 1000, t.ms() % 1000 / 10)
}

/// Buttons for everything that keys and pointer do.
#[component]
fn Transport(state: LabState) -> impl IntoView {
    view! {
        <div class="bar transport">
            <div class="group">
                <button class="btn icon quiet" aria-label="Previous change" title="Previous change (,)" on:click=move |_| step(state, false)>
                    <Icon path="M12 3.5v9L5.5 8zM4 3.5v9"/>
                </button>
                <button class="btn icon quiet" aria-label="Next change" title="Next change (.)" on:click=move |_| step(state, true)>
                    <Icon path="M4 3.5v9L10.5 8zM12 3.5v9"/>
                </button>
            </div>
            <span class="now">{move || seconds(state.playhead.get())}<small>{move || format!(" of {} s", seconds(state.end()))}</small></span>
            <span class="grow"></span>
            <div class="group">
                <button class="btn icon quiet" aria-label="Zoom out" title="Zoom out (S)" on:click=move |_| zoom(state, 143)><Icon path="M3.5 8h9"/></button>
                <button class="btn icon quiet" aria-label="Zoom in" title="Zoom in (W)" on:click=move |_| zoom(state, 70)><Icon path="M3.5 8h9M8 3.5v9"/></button>
                <button class="btn icon quiet wide" aria-label="Earlier" title="Earlier (A)" on:click=move |_| state.view.set(Some(state.visible().pan(-20, state.end())))>
                    <Icon path="M10 4L6 8l4 4"/>
                </button>
                <button class="btn icon quiet wide" aria-label="Later" title="Later (D)" on:click=move |_| state.view.set(Some(state.visible().pan(20, state.end())))>
                    <Icon path="M6 4l4 4-4 4"/>
                </button>
                <button class="btn quiet" title="Fit all (F)" on:click=move |_| state.view.set(None)><Icon path="M3 3.5v9M13 3.5v9M5.5 8h5M7 6L5 8l2 2M9 6l2 2-2 2"/>"Fit"</button>
            </div>
        </div>
    }
}

/// The timeline with its transport bar and legend.
#[component]
pub(super) fn Timeline(state: LabState) -> impl IntoView {
    let stage = NodeRef::<Div>::new();
    let width = browser::use_width(stage);
    let drawn = Memo::new(move |_| {
        let width = if width.get() < 60.0 { 960.0 } else { width.get().round() };
        let view = state.visible();
        state.played.with(|p| picture(&p.lanes, view, width))
    });
    let markup = Memo::new(move |_| drawn.with(svg));
    let stale = move || state.played.with(|p| p.stale && p.manifest.has_errors());
    let seek = move |client_x: i32| {
        if let Some(stage) = stage.get_untracked() {
            let x = browser::x_within(&stage, client_x);
            state.seek(drawn.with_untracked(|p: &Picture| p.scale.time(x)));
        }
    };
    let dragging = RwSignal::new(false);
    view! {
        <Transport state/>
        <div
            class="stage"
            class:is-stale=stale
            node_ref=stage
            tabindex="0"
            role="slider"
            aria-label="Timeline. Arrows move the playhead, comma and period go to the previous and next change, W and S zoom, A and D move, F fits."
            aria-valuemin="0"
            aria-valuemax=move || (state.end().ms() / 1000).to_string()
            aria-valuenow=move || (state.playhead.get().ms() / 1000).to_string()
            aria-valuetext=move || format!("{} seconds", seconds(state.playhead.get()))
            on:keydown=move |ev| on_key(state, &ev)
            on:pointerdown=move |ev| {
                let marked = browser::attribute_at(&ev, "data-r").and_then(|r| r.parse().ok()).map(RecordId);
                state.selected.set(marked);
                dragging.set(true);
                seek(ev.client_x());
            }
            on:pointermove=move |ev| if dragging.get_untracked() && ev.buttons() & 1 == 1 { seek(ev.client_x()) }
            on:pointerup=move |_| dragging.set(false)
            on:pointerleave=move |_| dragging.set(false)
            on:wheel=move |ev| on_wheel(state, &ev)
        >
            <svg
                class="tl"
                aria-hidden="true"
                width=move || drawn.with(|p| Px(p.width).to_string())
                height=move || drawn.with(|p| Px(p.height).to_string())
                viewBox=move || drawn.with(|p| format!("0 0 {} {}", Px(p.width), Px(p.height)))
            >
                <g inner_html=move || markup.get()></g>
                {move || drawn.with(|d| playhead(state.playhead.get(), d))}
            </svg>
            {move || stale().then(|| view! { <p class="stale-note" role="status">"This is the run before the text broke. Nothing you typed is lost."</p> })}
        </div>
        <Legend/>
    }
}

fn playhead(at: SimTime, drawn: &Picture) -> Option<impl IntoView + use<>> {
    let TimeView { from, to } = drawn.scale.view;
    if at < from || at > to {
        return None;
    }
    let x = Px(drawn.scale.x(at).round());
    let (left, right) = (Px(drawn.scale.left), Px(drawn.scale.left + drawn.scale.width));
    let pill = (x - 27.0).clamp(left, (right - 54.0).max(left));
    let text = format!("{} s", seconds(at));
    Some(view! {
        <g class="playhead">
            <line x1=x.to_string() x2=x.to_string() y1="19" y2=Px(drawn.bottom).to_string()></line>
            <rect x=pill.to_string() y="1" width="54" height="19" rx="4"></rect>
            <text x=(pill + 27.0).to_string() y="14" text-anchor="middle">{text}</text>
        </g>
    })
}

#[component]
fn Legend() -> impl IntoView {
    let entries = [
        ("wait", "waiting"),
        ("pull", "pulling"),
        ("init", "init running"),
        ("live", "running, not ready"),
        ("ready", "ready"),
        ("err", "error"),
        ("back", "back-off"),
        ("term", "terminating"),
    ];
    let swatch = |class: &'static str| {
        let hatch = matches!(class, "pull" | "init" | "err" | "back" | "term");
        view! {
            <svg class=format!("sw seg s-{class}") width="22" height="12" aria-hidden="true">
                <rect class="body" x=".5" y=".5" width="21" height="11" rx="2"></rect>
                {hatch.then(|| view! { <rect class="hatch" x=".5" y=".5" width="21" height="11" rx="2"></rect> })}
                {(class == "live").then(|| view! { <rect class="half" x="0" y="8" width="22" height="4" rx="1"></rect> })}
            </svg>
        }
    };
    view! { <ul class="legend">{entries.map(|(class, text)| view! { <li>{swatch(class)}{text}</li> }).collect_view()}</ul> }
}

/// The instant of the last record at or before the playhead: what panels depend on, rather than on the playhead itself.
pub(super) fn moment(state: LabState) -> Memo<SimTime> {
    Memo::new(move |_| {
        let at = state.playhead.get();
        let last = state.played.with(|p| p.run.trace.until(at).last().map_or(SimTime::ZERO, |r| r.at));
        // Ages are printed in whole seconds.
        last.max(at.floor_second()).min(last + SimDuration::from_secs(86_400))
    })
}
