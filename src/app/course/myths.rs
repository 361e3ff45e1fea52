//! Myths: the claim, and the two runs that refute it, live.

use leptos::prelude::*;

use super::super::lab::Life;
use super::super::state::LabState;
use super::super::{browser, share};
use crate::course::{Experiment, Myth, markdown, read_myth};

async fn load(id: &str) -> Result<Myth, String> {
    let text = browser::fetch(&format!("content/myths/{id}.yaml")).await?;
    read_myth(&text).map_err(|found| format!("{id}.yaml: {}", found.first().map(|d| d.message.clone()).unwrap_or_default()))
}

async fn load_all() -> Vec<Result<Myth, String>> {
    match browser::read::<Vec<String>>("content/myths/index.json").await {
        Err(problem) => vec![Err(problem)],
        Ok(names) => {
            let mut all = Vec::new();
            for name in names {
                all.push(load(name.trim_end_matches(".yaml")).await);
            }
            all
        }
    }
}

/// The list of myths, or one with its experiment.
#[component]
pub(super) fn Myths(id: Option<String>) -> impl IntoView {
    match id {
        None => list(),
        Some(id) => {
            let myth = LocalResource::new(move || {
                let id = id.clone();
                async move { load(&id).await }
            });
            view! {
                <main class="page">
                    <nav class="crumbs" aria-label="Where you are"><ol><li><a href="#/myths">"Myths"</a></li></ol></nav>
                    {move || myth.get().map(|loaded| match loaded {
                        Ok(myth) => shown(&myth),
                        Err(problem) => view! { <section class="card q"><h1>"This myth cannot be shown"</h1><p>{problem}</p></section> }.into_any(),
                    })}
                </main>
            }
            .into_any()
        }
    }
}

fn list() -> AnyView {
    let all = LocalResource::new(load_all);
    let one = |loaded: Result<Myth, String>| match loaded {
        Ok(myth) => {
            view! { <li class="card item-row"><a href=format!("#/myths/{}", myth.id)><b>{format!("“{}”", myth.claim)}</b></a></li> }
                .into_any()
        }
        Err(problem) => view! { <li class="card item-row"><p class="muted">{problem}</p></li> }.into_any(),
    };
    view! {
        <main class="page course">
            <h1>"Myths"</h1>
            <p class="muted">"What people say about pods, and the experiment that shows otherwise."</p>
            <ul class="item-list">{move || all.get().map(|all| all.into_iter().map(one).collect_view())}</ul>
        </main>
    }
    .into_any()
}

fn shown(myth: &Myth) -> AnyView {
    let practice = myth.item.clone().map(|id| view! { <p><a href=format!("#/exercise/{id}")>"Practise it"</a></p> });
    view! {
        <section class="card q">
            <p class="muted">"People say"</p>
            <h1>{format!("“{}”", myth.claim)}</h1>
            <div class="prose" inner_html=markdown(&myth.truth)></div>
            {practice}
        </section>
        <div class="runs">{myth.runs.iter().map(run).collect_view()}</div>
    }
    .into_any()
}

fn run(experiment: &Experiment) -> AnyView {
    let state = LabState::new(experiment.manifest.clone(), Some(experiment.world.clone()));
    let sights = experiment.play().unwrap_or_default();
    let row = |(sentence, seen): (String, String)| view! { <li><b>{sentence}</b>" "<span class="muted">{seen}</span></li> };
    let link = format!("#/lab/{}", share::encode(&experiment.manifest, 0));
    view! {
        <section class="card bench" aria-label=experiment.about.clone()>
            <div class="bar"><h2 class="bar-title">{experiment.about.clone()}</h2><span class="grow"></span><a class="btn" href=link>"Open in the Lab"</a></div>
            <pre class="solution" tabindex="0">{experiment.manifest.clone()}</pre>
            <ul class="points">{sights.into_iter().map(|s| (s.sentence, s.seen)).map(row).collect_view()}</ul>
            <Life state/>
        </section>
    }
    .into_any()
}
