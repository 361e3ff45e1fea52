//! The editor: a text area that works at once, and what was found in the text.

use leptos::html::{Div, Textarea};
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::browser::RichEditor;
use super::chunks::use_desk;
use super::state::Played;
use crate::text::{LineIndex, Severity, Span};

/// A finding with its place.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Finding {
    severity: Severity,
    line: u32,
    span: Span,
    message: String,
    help: Option<String>,
}

fn findings(text: &str, played: &Played) -> Vec<Finding> {
    let index = LineIndex::new(text);
    let of = |d: &crate::text::Diagnostic| Finding {
        severity: d.severity,
        line: index.position(text, d.span.start as usize).line,
        span: d.span,
        message: d.message.clone(),
        help: d.help.clone(),
    };
    played.manifest.diagnostics.iter().map(of).collect()
}

/// A place in the units that editors count in.
fn utf16(text: &str, byte: u32) -> u32 {
    u32::try_from(text.get(..byte as usize).map_or(0, |s| s.encode_utf16().count())).unwrap_or(u32::MAX)
}

/// The findings as the rich editor underlines them.
fn underlined(text: &str, found: &[Finding]) -> Vec<(u32, u32, &'static str, String)> {
    let severity = |s: Severity| match s {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Hint => "info",
    };
    found.iter().map(|f| (utf16(text, f.span.start), utf16(text, f.span.end), severity(f.severity), f.message.clone())).collect()
}

/// The text area that works at once, the rich editor that takes its place, and the list of findings below.
#[component]
pub(super) fn Editor(text: RwSignal<String>, played: Memo<Played>, #[prop(into)] goto: Signal<Option<Span>>) -> impl IntoView {
    let area = NodeRef::<Textarea>::new();
    let frame = NodeRef::<Div>::new();
    let rich = RwSignal::new_local(None::<RichEditor>);
    let lines = Memo::new(move |_| text.with(|t| t.lines().count().max(1)));
    let numbers = move || (1..=lines.get()).map(|n| format!("{n}\n")).collect::<String>();
    let found = Memo::new(move |_| text.with(|t| played.with(|p| findings(t, p))));
    let select = move |span: Span| {
        let (start, end) = text.with_untracked(|t| (utf16(t, span.start), utf16(t, span.end)));
        if rich.with_untracked(Option::is_some) {
            rich.with_untracked(|r| r.as_ref().map(|r| r.select(start, end)));
        } else if let Some(area) = area.get_untracked() {
            let _ = area.focus().is_ok();
            let _ = area.set_selection_range(start, end).is_ok();
        }
    };
    let desk = use_desk();
    let help =
        move |text: String, at: u32, hover: bool| desk.now().map_or(wasm_bindgen::JsValue::NULL, |desk| (desk.help)(&text, at, hover));
    Effect::new(move |_| {
        let Some(parent) = frame.get() else { return };
        request_animation_frame(move || {
            spawn_local(async move {
                let first = text.get_untracked();
                let changed = move |t| {
                    let _ = text.try_set(t);
                };
                let editor = RichEditor::mount(&parent, &first, changed, help).await;
                let _ = rich.try_set(editor);
            });
        });
    });
    Effect::new(move |_| text.with(|t| rich.with(|r| r.as_ref().map(|r| r.set_text(t)))));
    Effect::new(move |_| {
        let marks = found.with(|f| text.with_untracked(|t| underlined(t, f)));
        rich.with(|r| r.as_ref().map(|r| r.set_findings(&marks)));
    });
    Effect::new(move |_| {
        if let Some(span) = goto.get() {
            select(span);
        }
    });
    view! {
        <div class="ed-frame" class:is-rich=move || rich.with(Option::is_some) node_ref=frame>
            <div class="ed-scroll" hidden=move || rich.with(Option::is_some)>
                <pre class="ed-numbers" aria-hidden="true">{numbers}</pre>
                <textarea
                    class="ed-text"
                    node_ref=area
                    spellcheck="false"
                    autocapitalize="off"
                    autocomplete="off"
                    wrap="off"
                    aria-label="Manifest, YAML"
                    rows=move || lines.get().to_string()
                    prop:value=move || text.get()
                    on:input=move |ev| text.set(event_target_value(&ev))
                ></textarea>
            </div>
        </div>
        <Findings found select=Callback::new(select)/>
    }
}

#[component]
fn Findings(found: Memo<Vec<Finding>>, select: Callback<Span>) -> impl IntoView {
    let count = move |s: Severity| found.with(|f| f.iter().filter(|d| d.severity == s).count());
    let class = |s: Severity| match s {
        Severity::Error => "find bad",
        Severity::Warning => "find warn",
        Severity::Hint => "find note",
    };
    let word = |s: Severity| match s {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Hint => "not simulated",
    };
    view! {
        <ul class="finds" aria-label="Findings" aria-live="polite">
            {move || found.get().into_iter().map(|f| {
                let span = f.span;
                view! {
                    <li class=class(f.severity)>
                        <button on:click=move |_| select.run(span)>
                            <b>{format!("Line {}", f.line)}</b>" "<span class="sr">{word(f.severity)}" "</span>{f.message.clone()}
                            {f.help.clone().map(|h| view! { <span class="help">{h}</span> })}
                        </button>
                    </li>
                }
            }).collect_view()}
        </ul>
        <div class="foot">
            <span>{move || match count(Severity::Error) { 0 => "no errors".to_owned(), 1 => "1 error".into(), n => format!("{n} errors") }}</span>
            <span>{move || match count(Severity::Hint) { 0 => String::new(), n => format!("{n} not simulated") }}</span>
            <span class="grow"></span>
            <span>"Kubernetes 1.36"</span>
        </div>
    }
}
