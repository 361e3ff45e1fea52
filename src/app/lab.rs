//! The lab: a manifest, its life, and the cluster at the playhead.

use leptos::prelude::*;
use leptos::task::spawn_local;

use super::browser;
use super::chunks::{use_desk, with_desk};
use super::desk::Example;
use super::editor::Editor;
use super::panels::{Panels, Why};
use super::state::LabState;
use super::timeline::Timeline;
use super::ui::Icon;
use crate::first;
use crate::time::SimTime;

/// The page. A newcomer sees the first example at once; other texts wait for the desk, which reads them.
pub(super) fn page(shared: Option<String>) -> AnyView {
    let stored = browser::load("lab").unwrap_or_else(|| first::TEXT.into());
    match shared {
        None if stored == first::TEXT => view! { <Lab text=stored/> }.into_any(),
        shared => with_desk(move |desk| {
            let stored = stored.clone();
            match shared.as_deref().map(desk.open) {
                None => view! { <Lab text=stored/> }.into_any(),
                Some(Ok((text, ms))) => view! { <Lab text ms/> }.into_any(),
                Some(Err(problem)) => view! { <Lab text=stored problem/> }.into_any(),
            }
        }),
    }
}

#[component]
fn Lab(text: String, #[prop(optional)] ms: Option<u64>, #[prop(optional)] problem: String) -> impl IntoView {
    let state = LabState::new(text, None);
    if let Some(ms) = ms {
        state.seek(SimTime::from_ms(ms));
    }
    let notice = RwSignal::new(problem);
    Effect::new(move |_| {
        state.text.with(|t| browser::save("lab", t));
    });
    // A phone shows one part: the one that something leads to.
    let tab = RwSignal::new("time");
    Effect::new(move |_| {
        if state.goto.get().is_some() {
            tab.set("yaml");
        }
    });
    Effect::new(move |_| {
        if state.selected.get().is_some() {
            tab.set("time");
        }
    });
    let (desk, world) = (use_desk(), RwSignal::new(false));
    view! {
        <main class="lab" data-tab=move || tab.get()>
            <h1 class="sr">"Lab"</h1>
            <section class="pane p-yaml" aria-label="Manifest">
                <div class="bar">
                    <h2 class="bar-title">"Manifest"</h2>
                    <span class="grow"></span>
                    <Examples state/>
                    <button class="btn" aria-pressed=move || if world.get() { "true" } else { "false" } on:click=move |_| world.update(|w| *w = !*w)>"World"</button>
                    <Share state notice/>
                </div>
                {move || (!notice.get().is_empty()).then(|| view! { <p class="notice" role="status">{notice.get()}</p> })}
                {move || world.get().then(|| desk.get().map(|desk| (desk.world)(state)))}
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
    let (desk, part, notice) = (use_desk(), RwSignal::new(None), RwSignal::new(String::new()));
    view! {
        <div class="docs">{move || desk.get().map(|desk| (desk.documents)(state, part, notice))}</div>
        {move || (!notice.get().is_empty()).then(|| view! { <p class="notice" role="status">{notice.get()}</p> })}
        <Editor state part notice/>
        <div class="advice-place">{move || desk.get().map(|desk| (desk.advice)(state))}</div>
    }
}

/// The timeline with its reasons and panels.
#[component]
pub(super) fn Life(state: LabState) -> impl IntoView {
    view! {
        <section class="pane p-time" aria-label="Life of the pod">
            <Timeline state/>
            <Why state/>
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

/// The examples menu. Its list and files come from the page's own folder.
#[component]
fn Examples(state: LabState) -> impl IntoView {
    let text = RwSignal::new(None::<Result<String, String>>);
    spawn_local(async move { text.set(Some(browser::fetch("content/examples/index.json").await)) });
    let desk = use_desk();
    let list = move || desk.get().and_then(|desk| text.get().map(|text| text.and_then(|text| (desk.examples)(&text))));
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
                {move || list().map(|l| match l {
                    Ok(all) => options(all).into_any(),
                    Err(problem) => view! { <option value="" disabled>{problem}</option> }.into_any(),
                })}
            </select>
        </label>
    }
}

#[component]
fn Share(state: LabState, notice: RwSignal<String>) -> impl IntoView {
    let desk = use_desk();
    let share = move |_| {
        let Some(desk) = desk.get() else { return };
        let part = (desk.share)(&state.text.get_untracked(), state.playhead.get_untracked().ms());
        let hash = format!("#/lab/{part}");
        browser::show_hash(&hash);
        browser::copy(&format!("{}{hash}", browser::base_address()));
        notice.set("The link to this manifest and moment is in the address bar and on the clipboard.".into());
    };
    view! { <button class="btn" on:click=share><Icon path="M8 9.8V2.3M5.2 4.8L8 2.2l2.8 2.6M5 7.5H3.5v6h9v-6H11"/>"Share"</button> }
}
