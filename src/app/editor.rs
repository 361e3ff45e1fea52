//! The editor: a text area that works at once, and what was found in the text.

use leptos::html::Textarea;
use leptos::prelude::*;

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

/// The text with its line numbers, and the list of findings below it.
#[component]
pub(super) fn Editor(text: RwSignal<String>, played: Memo<Played>, #[prop(into)] goto: Signal<Option<Span>>) -> impl IntoView {
    let area = NodeRef::<Textarea>::new();
    let lines = Memo::new(move |_| text.with(|t| t.lines().count().max(1)));
    let numbers = move || (1..=lines.get()).map(|n| format!("{n}\n")).collect::<String>();
    let found = Memo::new(move |_| text.with(|t| played.with(|p| findings(t, p))));
    let select = move |span: Span| {
        if let Some(area) = area.get() {
            let units = |byte: u32| text.with_untracked(|t| t.get(..byte as usize).map_or(0, |s| s.encode_utf16().count()));
            let (start, end) = (u32::try_from(units(span.start)).unwrap_or(0), u32::try_from(units(span.end)).unwrap_or(0));
            let _ = area.focus().is_ok();
            let _ = area.set_selection_range(start, end).is_ok();
        }
    };
    Effect::new(move |_| {
        if let Some(span) = goto.get() {
            select(span);
        }
    });
    view! {
        <div class="ed-frame">
            <div class="ed-scroll">
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
