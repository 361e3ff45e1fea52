//! Progress: what is solved and answered, kept in this browser, saved to a file and taken from one.

use leptos::prelude::*;
use leptos::task::spawn_local;
use serde_json::{Map, Value, json};

use super::super::browser;

/// What belongs to the course among all that is stored.
const KEPT: [&str; 4] = ["solved.", "answer.", "cause.", "variant."];

fn saved() -> String {
    let mut kept = Map::new();
    for (key, text) in browser::stored().into_iter().filter(|(key, _)| KEPT.iter().any(|k| key.starts_with(k))) {
        kept.insert(key, text.into());
    }
    format!("{:#}\n", json!({"podlab": "progress", "kept": kept}))
}

/// Takes a file over; what it does not name stays.
fn take(text: &str) -> Result<usize, String> {
    let wrong = || "This is no progress file of Podlab, or it is damaged.".to_owned();
    let parsed = crate::yaml::parse(text);
    let root = parsed.value.first().filter(|d| d.error.is_none()).map(|d| crate::decode::value(&d.root)).ok_or_else(wrong)?;
    if root.get("podlab").and_then(Value::as_str) != Some("progress") {
        return Err(wrong());
    }
    let kept = root.get("kept").and_then(Value::as_object).ok_or_else(wrong)?;
    let own = kept.iter().filter(|(key, _)| KEPT.iter().any(|k| key.starts_with(k)));
    Ok(own.filter(|(key, text)| text.as_str().is_some_and(|text| browser::save(key, text))).count())
}

/// Save and load.
#[component]
pub(super) fn Progress() -> impl IntoView {
    let told = RwSignal::new(String::new());
    let load = move |ev: web_sys::Event| {
        use wasm_bindgen::JsCast as _;
        let input = ev.target().and_then(|t| t.dyn_into::<web_sys::HtmlInputElement>().ok());
        let files = input.and_then(|i| i.files());
        spawn_local(async move {
            for (name, text) in browser::read_all(files).await {
                told.set(match take(&text) {
                    Ok(count) => format!("{name}: {count} entries are taken over. Reload the page to see them."),
                    Err(problem) => format!("{name}: {problem}"),
                });
            }
        });
    };
    view! {
        <section class="card q" aria-label="Progress">
            <h2>"Your progress"</h2>
            <div class="check-row">
                <button class="btn" on:click=move |_| browser::download("podlab-progress.json", &saved())>"Save to a file"</button>
                <label>"Load from a file "<input type="file" accept=".json" on:change=load/></label>
            </div>
            <p role="status">{told}</p>
        </section>
    }
}
