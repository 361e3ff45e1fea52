//! The lab: a manifest, its life, and the cluster at the playhead.

use leptos::prelude::*;
use leptos::task::spawn_local;

use super::browser;
use super::editor::Editor;
use super::panels::{Panels, Why};
use super::share;
use super::state::LabState;
use super::timeline::Timeline;
use super::ui::Icon;
use crate::text::Span;
use crate::time::SimTime;

/// What a newcomer sees.
const FIRST: &str = include_str!("../../content/examples/first-life.yaml");

/// What the lab begins with: a shared manifest, what was typed before, or the first example.
fn beginning(shared: Option<&str>) -> (String, Option<u64>, Option<String>) {
    if let Some(part) = shared {
        match share::decode(part) {
            Ok((text, ms)) => return (text, Some(ms), None),
            Err(problem) => return (browser::load("lab").unwrap_or_else(|| FIRST.into()), None, Some(problem)),
        }
    }
    (browser::load("lab").unwrap_or_else(|| FIRST.into()), None, None)
}

/// The page.
#[component]
pub(super) fn Lab(shared: Option<String>) -> impl IntoView {
    let (text, ms, problem) = beginning(shared.as_deref());
    let state = LabState::new(text, None);
    if let Some(ms) = ms {
        state.seek(SimTime::from_ms(ms));
    }
    let notice = RwSignal::new(problem.unwrap_or_default());
    Effect::new(move |_| {
        state.text.with(|t| browser::save("lab", t));
    });
    let tab = RwSignal::new("time");
    view! {
        <main class="lab" data-tab=move || tab.get()>
            <h1 class="sr">"Lab"</h1>
            <section class="pane p-yaml" aria-label="Manifest">
                <div class="bar">
                    <h2 class="bar-title">"Manifest"</h2>
                    <span class="grow"></span>
                    <Examples state/>
                    <Share state notice/>
                </div>
                {move || (!notice.get().is_empty()).then(|| view! { <p class="notice" role="status">{notice.get()}</p> })}
                <Workbench state/>
            </section>
            <Life state/>
        </main>
        <BottomTabs tab/>
    }
}

/// The editor of a lab.
#[component]
pub(super) fn Workbench(state: LabState) -> impl IntoView {
    let goto = RwSignal::new(None::<Span>);
    provide_context(goto);
    view! { <Editor text=state.text played=state.played goto/> }
}

/// The timeline with its reasons and panels.
#[component]
pub(super) fn Life(state: LabState) -> impl IntoView {
    let goto = use_context::<RwSignal<Option<Span>>>().unwrap_or_else(|| RwSignal::new(None));
    view! {
        <section class="pane p-time" aria-label="Life of the pod">
            <Timeline state/>
            <Why state goto/>
            <Panels state/>
        </section>
    }
}

#[component]
fn BottomTabs(tab: RwSignal<&'static str>) -> impl IntoView {
    let button = move |name: &'static str, label: &'static str| {
        view! { <button aria-pressed=move || if tab.get() == name { "true" } else { "false" } on:click=move |_| tab.set(name)>{label}</button> }
    };
    view! { <nav class="phone-tabs" aria-label="Parts of the lab">{button("yaml", "YAML")}{button("time", "Timeline")}{button("kube", "kubectl")}</nav> }
}

/// One entry of the examples' index.
#[derive(Debug, Clone, PartialEq, Eq, serde::Deserialize)]
struct Example {
    file: String,
    title: String,
    group: String,
}

/// The examples menu. Its list and files come from the page's own folder.
#[component]
fn Examples(state: LabState) -> impl IntoView {
    let list = RwSignal::new(None::<Result<Vec<Example>, String>>);
    spawn_local(async move {
        let index = browser::read::<Vec<Example>>("content/examples/index.json").await;
        list.set(Some(index));
    });
    let open = move |file: String| {
        spawn_local(async move {
            if let Ok(text) = browser::fetch(&format!("content/examples/{file}")).await {
                state.view.set(None);
                state.selected.set(None);
                state.text.set(text);
            }
        });
    };
    let options = move |all: Vec<Example>| {
        let mut groups: Vec<(String, Vec<Example>)> = Vec::new();
        for example in all {
            match groups.last_mut().filter(|(g, _)| *g == example.group) {
                Some((_, list)) => list.push(example),
                None => groups.push((example.group.clone(), vec![example])),
            }
        }
        let one = |e: Example| view! { <option value=e.file>{e.title}</option> };
        groups.into_iter().map(|(g, l)| view! { <optgroup label=g>{l.into_iter().map(one).collect_view()}</optgroup> }).collect_view()
    };
    view! {
        <label class="picker">
            <span class="sr">"Examples"</span>
            <select on:change=move |ev| {
                let file = event_target_value(&ev);
                if !file.is_empty() { open(file) }
            }>
                <option value="">"Examples"</option>
                {move || list.get().map(|l| match l {
                    Ok(all) => options(all).into_any(),
                    Err(problem) => view! { <option value="" disabled>{problem}</option> }.into_any(),
                })}
            </select>
        </label>
    }
}

#[component]
fn Share(state: LabState, notice: RwSignal<String>) -> impl IntoView {
    let share = move |_| {
        let part = share::encode(&state.text.get_untracked(), state.playhead.get_untracked().ms());
        let hash = format!("#/lab/{part}");
        browser::show_hash(&hash);
        browser::copy(&format!("{}{hash}", browser::base_address()));
        notice.set("The link to this manifest and moment is in the address bar and on the clipboard.".into());
    };
    view! { <button class="btn" on:click=share><Icon path="M8 9.8V2.3M5.2 4.8L8 2.2l2.8 2.6M5 7.5H3.5v6h9v-6H11"/>"Share"</button> }
}
