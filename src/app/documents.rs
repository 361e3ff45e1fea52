//! The documents of the text as tabs, and what is done with the text as a whole: add, open, save, format.

use leptos::html::Input;
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::browser;
use super::state::LabState;
use crate::{first, yaml};

/// How many documents have a tab.
const TABS: usize = 40;
/// How much of a name a tab shows.
const NAME: usize = 40;

/// What a document is called: its kind and name, as far as they are written.
pub(super) fn title(document: &str) -> String {
    let value = |line: &str, key: &str| line.strip_prefix(key).map(|rest| rest.trim().trim_matches(['"', '\'']).to_owned());
    let kind = document.lines().find_map(|line| value(line, "kind:")).filter(|kind| !kind.is_empty());
    let metadata = document.lines().skip_while(|line| !line.starts_with("metadata:"));
    let named = |line: &str| value(line.trim_start().trim_start_matches("metadata:").trim_start_matches([' ', '{']), "name:");
    let name = metadata.take(6).find_map(named).map(|name| name.split([',', '}']).next().unwrap_or_default().trim().to_owned());
    let short = |name: String| name.chars().take(NAME).collect::<String>();
    match (kind.as_deref(), name.map(short)) {
        (Some(kind), Some(name)) => format!("{kind} {name}"),
        (Some(kind), None) => short(kind.to_owned()),
        (None, _) => "New".to_owned(),
    }
}

/// The text with another document behind it.
fn with_document(text: &str, document: &str) -> String {
    let head = text.trim_end();
    if head.is_empty() { document.to_owned() } else { format!("{head}\n---\n{document}") }
}

/// The text without one of its documents.
fn without_document(text: &str, index: usize) -> String {
    let parts = yaml::documents(text).into_iter().enumerate().filter(|(i, _)| *i != index);
    let rest: Vec<&str> = parts.filter_map(|(_, range)| text.get(range)).map(str::trim_end).collect();
    rest.join("\n---\n") + "\n"
}

/// The bar. `part` is the document that the editor shows, or nothing for all.
pub(super) fn bar(state: LabState, part: RwSignal<Option<usize>>, notice: RwSignal<String>) -> AnyView {
    let titles = Memo::new(move |_| {
        state.text.with(|text| {
            let all = yaml::documents(text);
            let shown = all.iter().take(TABS).map(|range| title(text.get(range.clone()).unwrap_or_default()));
            (shown.collect::<Vec<_>>(), all.len())
        })
    });
    let pressed = move |wanted: Option<usize>| if part.get() == wanted { "true" } else { "false" };
    let remove = move |_| {
        let Some(index) = part.get_untracked() else { return };
        part.set(None);
        state.text.update(|text| *text = without_document(text, index));
    };
    let tab = move |(index, title): (usize, String)| {
        view! {
            <button class="doc" aria-pressed=move || pressed(Some(index)) on:click=move |_| part.set(Some(index))>{title.clone()}</button>
            {move || (part.get() == Some(index)).then(|| view! { <button class="doc" aria-label=format!("Remove {title}") on:click=remove>"×"</button> })}
        }
    };
    let add = move |_| {
        state.text.update(|text| *text = with_document(text, ""));
        part.set(Some(titles.get_untracked().1.saturating_sub(1)));
    };
    view! {
        <div class="doc-tabs" role="group" aria-label="Documents">
            <button class="doc" aria-pressed=move || pressed(None) on:click=move |_| part.set(None)>"All"</button>
            {move || titles.get().0.into_iter().enumerate().map(tab).collect_view()}
            {move || titles.get().1.checked_sub(TABS + 1).map(|more| view! { <span class="muted">{format!("and {} more", more + 1)}</span> })}
        </div>
        <button class="doc" aria-label="Add a document" on:click=add>"+"</button>
        <span class="grow"></span>
        <button class="link" on:click=move |_| format(state, notice)>"Format"</button>
        <Open state part/>
        <button class="link" on:click=move |_| browser::download("manifest.yaml", &state.text.get_untracked())>"Save"</button>
    }
    .into_any()
}

/// Files from the reader's disk; the first example gives way to them.
#[component]
fn Open(state: LabState, part: RwSignal<Option<usize>>) -> impl IntoView {
    let input = NodeRef::<Input>::new();
    let chosen = move |_| {
        let files = input.get_untracked().and_then(|input| input.files());
        spawn_local(async move {
            let all = browser::read_all(files).await;
            if all.is_empty() {
                return;
            }
            part.set(None);
            state.view.set(None);
            state.selected.set(None);
            state.text.update(|text| {
                let kept = if text == first::TEXT { String::new() } else { text.clone() };
                *text = all.iter().fold(kept, |text, (_, file)| with_document(&text, file));
            });
            if let Some(input) = input.get_untracked() {
                input.set_value("");
            }
        });
    };
    let choose = move |_| {
        if let Some(input) = input.get_untracked() {
            input.click();
        }
    };
    view! {
        <input type="file" multiple hidden accept=".yaml,.yml,.json,text/yaml" aria-label="Files to open" node_ref=input on:change=chosen/>
        <button class="link" on:click=choose>"Open"</button>
    }
}

/// Lays the text out anew, comments and all; only if it still says the same.
fn format(state: LabState, notice: RwSignal<String>) {
    let text = state.text.get_untracked();
    spawn_local(async move {
        match browser::format(&text).await {
            Err(problem) => notice.set(format!("The text stays as it is: {problem}")),
            Ok(new) if !says_the_same(&text, &new) => {
                notice.set("The text stays as it is: laid out anew it would say something else.".into())
            }
            Ok(new) => {
                notice.set(String::new());
                state.text.set(new);
            }
        }
    });
}

/// Whether two texts hold the same documents, wherever their parts stand.
fn says_the_same(one: &str, other: &str) -> bool {
    fn same(a: &yaml::Node, b: &yaml::Node) -> bool {
        let entries = |node: &yaml::Node| node.entries().len() + node.items().len();
        if entries(a) + entries(b) == 0 {
            return a.kind == b.kind;
        }
        let keys = a.entries().iter().zip(b.entries()).all(|(a, b)| a.key == b.key && same(&a.value, &b.value));
        let items = a.items().iter().zip(b.items()).all(|(a, b)| same(a, b));
        a.entries().len() == b.entries().len() && a.items().len() == b.items().len() && keys && items
    }
    let (one, other) = (yaml::parse(one), yaml::parse(other));
    let roots = || one.value.iter().zip(&other.value);
    !one.has_errors() && !other.has_errors() && one.value.len() == other.value.len() && roots().all(|(a, b)| same(&a.root, &b.root))
}
