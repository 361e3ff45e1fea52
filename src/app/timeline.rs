//! The timeline: places the picture, and turns keys and pointer into changes of range and playhead.

use leptos::html::Div;
use leptos::prelude::*;

use super::browser;
use super::chunks::use_desk;
use super::state::{LabState, Panel};
use super::ui::Icon;
use crate::time::{SimDuration, SimTime};
use crate::trace::{Change, RecordId};
use crate::view::timeline::{Picture, Px, TimeView, picture, svg};

/// The changes that a viewer sees.
fn changes(state: LabState) -> Vec<(SimTime, RecordId)> {
    let told = |c: &Change| {
        matches!(
            c,
            Change::Created(_) | Change::Updated(_) | Change::Deleted | Change::Action { .. } | Change::Exited(..) | Change::Signal { .. }
        )
    };
    state.played.with(|p| p.run.trace.records().iter().filter(|r| told(&r.change)).map(|r| (r.at, r.id)).collect())
}

fn step(state: LabState, forward: bool) {
    let now = state.playhead.get_untracked();
    let at = changes(state);
    let to = if forward { at.into_iter().find(|(t, _)| *t > now) } else { at.into_iter().rev().find(|(t, _)| *t < now) };
    if let Some((to, _)) = to {
        state.seek(to);
    }
}

/// Asks why the last change at the playhead came.
fn ask(state: LabState) {
    let now = state.playhead.get_untracked();
    let last = changes(state).into_iter().rev().find(|(at, _)| *at <= now);
    state.selected.set(last.map(|(_, id)| id));
}

fn zoom(state: LabState, percent: u64) {
    let (view, end) = (state.visible(), state.end());
    let around = state.playhead.get_untracked().clamp(view.from, view.to);
    state.view.set(Some(view.zoom(percent, around, end)));
}

/// One table of keys for the timeline.
fn on_key(state: LabState, tools: Tools, ev: &web_sys::KeyboardEvent) {
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
        "6" => state.panel.set(Panel::Effective),
        "7" => state.panel.set(Panel::Terminal),
        "Enter" => ask(state),
        "Escape" => {
            state.selected.set(None);
            tools.keys.set(false);
        }
        " " => tools.toggle(),
        "?" => tools.keys.update(|k| *k = !*k),
        "t" | "T" => tools.table.update(|t| *t = !*t),
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

/// What the timeline's buttons switch.
#[derive(Debug, Clone, Copy)]
struct Tools {
    playing: RwSignal<bool>,
    /// Simulated seconds a second.
    speed: RwSignal<u64>,
    table: RwSignal<bool>,
    keys: RwSignal<bool>,
}

/// How often the playhead moves while it plays.
const FRAME_MS: u32 = 100;

impl Tools {
    fn new(state: LabState) -> Self {
        let tools =
            Self { playing: RwSignal::new(false), speed: RwSignal::new(4), table: RwSignal::new(false), keys: RwSignal::new(false) };
        // Nothing ticks while it is paused.
        let clock = StoredValue::new_local(None::<gloo_timers::callback::Interval>);
        Effect::new(move |_| {
            let tick = move || {
                let step = SimDuration::from_ms(u64::from(FRAME_MS) * tools.speed.get_untracked());
                let next = state.playhead.get_untracked() + step;
                state.seek(next);
                if next >= state.end() {
                    tools.playing.set(false);
                }
            };
            clock.set_value(tools.playing.get().then(|| gloo_timers::callback::Interval::new(FRAME_MS, tick)));
        });
        on_cleanup(move || {
            let _ = clock.try_set_value(None);
        });
        tools
    }

    /// Plays on, from the beginning if the end was reached, or pauses.
    fn toggle(self) {
        self.playing.update(|p| *p = !*p);
    }
}

/// The keys of the timeline, as the help shows them.
const KEYS: &str = "<dl><dt>← →</dt><dd>move the playhead, with Shift by a second</dd><dt>, .</dt><dd>previous and next change</dd><dt>Space</dt><dd>play and pause</dd>\
<dt>W S</dt><dd>zoom in and out, also Ctrl and wheel</dd><dt>A D</dt><dd>earlier and later, also Shift and wheel</dd><dt>F</dt><dd>show everything</dd><dt>Home End</dt><dd>beginning and end</dd>\
<dt>Enter</dt><dd>why the last change came</dd>\
<dt>1 … 7</dt><dd>panels</dd><dt>T</dt><dd>table</dd><dt>?</dt><dd>these keys</dd></dl>";

/// Buttons for everything that keys and pointer do.
#[component]
fn Transport(state: LabState, tools: Tools) -> impl IntoView {
    let pressed = |on: bool| if on { "true" } else { "false" };
    let playing = move || tools.playing.get();
    view! {
        <div class="bar transport">
            <div class="group">
                <button class="btn icon quiet" aria-label="Previous change" title="Previous change (,)" on:click=move |_| step(state, false)>
                    <Icon path="M12 3.5v9L5.5 8zM4 3.5v9"/>
                </button>
                <button class="btn icon quiet" aria-label="Next change" title="Next change (.)" on:click=move |_| step(state, true)>
                    <Icon path="M4 3.5v9L10.5 8zM12 3.5v9"/>
                </button>
                <button class="btn icon quiet" aria-label="Play" title="Play and pause (Space)" aria-pressed=move || pressed(playing()) on:click=move |_| tools.toggle()>
                    {move || if playing() { view! { <Icon path="M5 3.5v9M11 3.5v9"/> } } else { view! { <Icon path="M4.5 3v10l8-5z"/> } }}
                </button>
                <button class="btn quiet speed wide" aria-label="Speed" title="Speed" on:click=move |_| tools.speed.update(|s| *s = if *s >= 16 { 1 } else { *s * 4 })>
                    {move || format!("{}×", tools.speed.get())}
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
                <button class="btn quiet wide" title="Table (T)" aria-pressed=move || pressed(tools.table.get()) on:click=move |_| tools.table.update(|t| *t = !*t)>"Table"</button>
                <button class="btn icon quiet wide" aria-label="Keys" title="Keys (?)" aria-pressed=move || pressed(tools.keys.get()) on:click=move |_| tools.keys.update(|k| *k = !*k)>"?"</button>
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
    let (tools, desk) = (Tools::new(state), use_desk());
    view! {
        <Transport state tools/>
        {move || tools.keys.get().then(|| view! { <div class="keys" role="note" aria-label="Keys" inner_html=KEYS></div> })}
        {move || tools.table.get().then(|| {
            let rows = desk.get().map(|desk| state.played.with(|p| (desk.table)(&p.run.trace))).unwrap_or_default();
            view! {
                <div class="life" tabindex="0" role="region" aria-label="The same life as a table">
                    <table><thead><tr><th scope="col">"Time"</th><th scope="col">"What happens"</th></tr></thead><tbody inner_html=rows></tbody></table>
                </div>
            }
        })}
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
            on:keydown=move |ev| on_key(state, tools, &ev)
            on:pointerdown=move |ev| {
                let marked = browser::attribute_near(&ev, "data-r").and_then(|r| r.parse().ok()).map(RecordId);
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
