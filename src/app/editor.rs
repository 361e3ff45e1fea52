//! The editor: a text area that works at once, and what was found in the text. It shows all documents or one of them.

use std::ops::Range;

use leptos::html::{Div, Textarea};
use leptos::prelude::*;
use leptos::task::spawn_local;
use wasm_bindgen::JsValue;

use super::browser::RichEditor;
use super::chunks::use_desk;
use super::state::LabState;
use crate::text::{Diagnostic, LineIndex, Severity, Span};
use crate::yaml;

/// A finding with its place.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Finding {
    severity: Severity,
    /// "Line 3", or which document it is in if the editor shows another one.
    place: String,
    /// In the whole text.
    span: Span,
    message: String,
    help: Option<String>,
}

/// The bytes of the text that the editor shows.
fn shown_range(text: &str, part: Option<usize>) -> Range<usize> {
    part.and_then(|index| yaml::documents(text).get(index).cloned()).unwrap_or(0..text.len())
}

/// The document that a byte is in.
fn document_at(documents: &[Range<usize>], byte: u32) -> Option<(usize, &Range<usize>)> {
    let index = documents.partition_point(|range| range.end < byte as usize);
    documents.get(index).map(|range| (index, range))
}

/// How many findings are shown, and how much of each: a page is no file.
const SHOWN: usize = 100;
const MESSAGE: usize = 600;

fn shortened(message: &str) -> String {
    match message.char_indices().nth(MESSAGE) {
        Some((end, _)) => format!("{}...", message.get(..end).unwrap_or_default()),
        None => message.to_owned(),
    }
}

fn findings(text: &str, found: &[Diagnostic], part: Option<usize>) -> Vec<Finding> {
    let index = LineIndex::new(text);
    let documents = part.map(|_| yaml::documents(text)).unwrap_or_default();
    let line = |byte: u32| index.position(text, byte as usize).line;
    let place = |byte: u32| match (part, document_at(&documents, byte)) {
        (Some(shown), Some((document, range))) => {
            let here = line(byte) + 1 - line(u32::try_from(range.start).unwrap_or_default());
            if shown == document { format!("Line {here}") } else { format!("Document {}, line {here}", document + 1) }
        }
        _ => format!("Line {}", line(byte)),
    };
    let of = |d: &Diagnostic| Finding {
        severity: d.severity,
        place: place(d.span.start),
        span: d.span,
        message: shortened(&d.message),
        help: d.help.clone(),
    };
    found.iter().take(SHOWN).map(of).collect()
}

/// A place in the shown part in the units that editors count in.
fn utf16(text: &str, range: &Range<usize>, byte: u32) -> u32 {
    let byte = (byte as usize).clamp(range.start, range.end);
    u32::try_from(text.get(range.start..byte).map_or(0, |s| s.encode_utf16().count())).unwrap_or(u32::MAX)
}

/// The findings of the shown part as the rich editor underlines them.
fn underlined(text: &str, range: &Range<usize>, found: &[Finding]) -> Vec<(u32, u32, &'static str, String)> {
    let severity = |s: Severity| match s {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Hint => "info",
    };
    let here = found.iter().filter(|f| (range.start..=range.end).contains(&(f.span.start as usize)));
    here.map(|f| (utf16(text, range, f.span.start), utf16(text, range, f.span.end), severity(f.severity), f.message.clone())).collect()
}

/// Puts a new text in the place of the shown part; a document that others follow ends with its line.
fn replace(whole: &mut String, part: Option<usize>, mut new: String) {
    let range = shown_range(whole, part);
    if range.end < whole.len() && !new.is_empty() && !new.ends_with('\n') {
        new.push('\n');
    }
    whole.replace_range(range, &new);
}

/// What the shown part has of the whole text, and how to get from one to the other.
#[derive(Debug, Clone, Copy)]
struct Shown {
    state: LabState,
    part: RwSignal<Option<usize>>,
}

impl Shown {
    fn with<T>(self, act: impl FnOnce(&str, Range<usize>) -> T) -> T {
        let part = self.part.get();
        self.state.text.with(|text| act(text, shown_range(text, part)))
    }

    fn text(self) -> String {
        self.with(|text, range| text.get(range).unwrap_or_default().to_owned())
    }

    /// The byte of the whole text at a place of the shown part.
    fn byte_of(self, units: u32) -> usize {
        untrack(move || {
            self.with(|text, range| {
                let part = text.get(range.clone()).unwrap_or_default();
                let mut left = units as usize;
                let here = part.char_indices().find(|(_, c)| {
                    let is_it = left == 0;
                    left = left.saturating_sub(c.len_utf16());
                    is_it
                });
                range.start + here.map_or(part.len(), |(byte, _)| byte)
            })
        })
    }
}

/// The text area that works at once, the rich editor that takes its place, and the list of findings below.
#[component]
pub(super) fn Editor(state: LabState, part: RwSignal<Option<usize>>, notice: RwSignal<String>) -> impl IntoView {
    let shown = Shown { state, part };
    let text = Memo::new(move |_| shown.text());
    let area = NodeRef::<Textarea>::new();
    let frame = NodeRef::<Div>::new();
    let rich = RwSignal::new_local(None::<RichEditor>);
    let lines = Memo::new(move |_| text.with(|t| t.lines().count().max(1)));
    let numbers = move || (1..=lines.get()).map(|n| format!("{n}\n")).collect::<String>();
    let found =
        Memo::new(move |_| state.text.with(|text| state.played.with(|played| findings(text, &played.manifest.diagnostics, part.get()))));
    let changed = move |new: String| {
        let _ = state.text.try_update(|whole| replace(whole, part.get_untracked(), new));
    };
    let mark = move |span: Span| {
        let (start, end) = untrack(|| shown.with(|text, range| (utf16(text, &range, span.start), utf16(text, &range, span.end))));
        if rich.with_untracked(Option::is_some) {
            rich.with_untracked(|r| r.as_ref().map(|r| r.select(start, end)));
        } else if let Some(area) = area.get_untracked() {
            let _ = area.focus().is_ok();
            let _ = area.set_selection_range(start, end).is_ok();
        }
    };
    let show = move || {
        let key = part.get().map_or_else(String::new, |index| index.to_string());
        text.with(|t| rich.with(|r| r.as_ref().map(|r| r.show(&key, t))));
    };
    // A place in another document has that one shown first.
    let select = move |span: Span| {
        let documents = state.text.with_untracked(|text| yaml::documents(text));
        let document = document_at(&documents, span.start).map(|(index, _)| index);
        if part.get_untracked().is_some() && part.get_untracked() != document {
            part.set(document);
            if rich.with_untracked(Option::is_none) {
                request_animation_frame(move || mark(span));
                return;
            }
            // At once: what is typed next is meant for this place.
            untrack(show);
        }
        mark(span);
    };
    let desk = use_desk();
    let first = move |at: u32| {
        let desk = desk.now()?;
        state.played.with_untracked(|played| (desk.first_of_field)(played, shown.byte_of(at)))
    };
    let help = move |text: String, at: u32, hover: bool| {
        let found = desk.now().map_or(JsValue::NULL, |desk| (desk.help)(&text, at, hover));
        if let (true, Some((_, moment))) = (hover && found.is_object(), first(at)) {
            let label = format!("On the timeline from {}.{} s on (F12)", moment.ms() / 1000, moment.ms() % 1000 / 100);
            let told = js_sys::Array::from(&found);
            told.push(&label.into());
            return told.into();
        }
        found
    };
    let jump = move |at: u32| match first(at) {
        Some((record, moment)) => {
            notice.set(String::new());
            state.selected.set(Some(record));
            state.seek(moment);
        }
        None => notice.set("Nothing on the timeline follows from this field.".into()),
    };
    Effect::new(move |_| {
        let Some(parent) = frame.get() else { return };
        request_animation_frame(move || {
            spawn_local(async move {
                let first = text.get_untracked();
                let editor = RichEditor::mount(&parent, &first, changed, help, jump).await;
                let _ = rich.try_set(editor);
            });
        });
    });
    Effect::new(move |_| show());
    Effect::new(move |_| {
        let marks = found.with(|f| shown.with(|text, range| underlined(text, &range, f)));
        rich.with(|r| r.as_ref().map(|r| r.set_findings(&marks)));
    });
    Effect::new(move |_| {
        if let Some(span) = state.goto.get() {
            // A phone shows the editor first.
            request_animation_frame(move || select(span));
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
                    on:input=move |ev| changed(event_target_value(&ev))
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
                            <b>{f.place}</b>" "<span class="sr">{word(f.severity)}" "</span>{f.message.clone()}
                            {f.help.clone().map(|h| view! { <span class="help">{h}</span> })}
                        </button>
                    </li>
                }
            }).collect_view()}
            {move || found.with(|f| f.len() == SHOWN).then(|| view! { <li class="find note muted">"Further findings are not shown."</li> })}
        </ul>
        <div class="foot">
            <span>{move || match count(Severity::Error) { 0 => "no errors".to_owned(), 1 => "1 error".into(), n => format!("{n} errors") }}</span>
            <span>{move || match count(Severity::Hint) { 0 => String::new(), n => format!("{n} not simulated") }}</span>
            <span class="grow"></span>
            <span>"Kubernetes 1.36"</span>
        </div>
    }
}
