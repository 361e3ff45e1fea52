//! The course: its list, and one exercise. Items are read from the page's own folder.

mod answer;
mod forms;
mod gradebook;
mod lab;
mod myths;
mod progress;
mod questions;
mod quiz;

use leptos::prelude::*;

use super::browser::{self, Route};
use crate::course::{Item, Kind, markdown, read_item};
use crate::text::LineIndex;

/// An item, or why it cannot be shown.
type Loaded = Result<Item, String>;

/// The list, or one exercise.
pub(super) fn page(route: Route) -> AnyView {
    match route {
        Route::Exercise(id) => view! { <Exercise id/> }.into_any(),
        Route::Quiz(None) => view! { <quiz::Build/> }.into_any(),
        Route::Quiz(Some(text)) => view! { <quiz::Take text/> }.into_any(),
        Route::Myths(id) => view! { <myths::Myths id/> }.into_any(),
        Route::Gradebook => view! { <gradebook::Gradebook/> }.into_any(),
        Route::Course | Route::Lab(_) => view! { <Course/> }.into_any(),
    }
}

async fn load(file: &str) -> Loaded {
    let text = browser::fetch(&format!("content/items/{file}")).await?;
    read_item(&text).map_err(|found| {
        let index = LineIndex::new(&text);
        let first = found.first().map(|d| format!("line {}: {}", index.position(&text, d.span.start as usize).line, d.message));
        format!("{file}, {}", first.unwrap_or_default())
    })
}

async fn load_all() -> Vec<(String, Loaded)> {
    let names = browser::read::<Vec<String>>("content/items/index.json").await;
    match names {
        Err(problem) => vec![("index.json".into(), Err(problem))],
        Ok(names) => {
            let mut all = Vec::new();
            for name in names {
                let item = load(&name).await;
                all.push((name, item));
            }
            all
        }
    }
}

const fn kind_name(kind: &Kind) -> &'static str {
    match kind {
        Kind::Lab(_) => "Lab",
        Kind::Debug(_) => "Debug",
        Kind::Predict(_) => "Predict",
        Kind::Choice(_) => "Choice",
        Kind::Multiple(_) => "Several right",
        Kind::Order(_) => "Order",
        Kind::Match(_) => "Match",
        Kind::Blank(_) => "Gaps",
        Kind::Rubric(_) => "Own words",
    }
}

/// The modules of the course.
const MODULES: [(&str, &str); 15] = [
    ("m01", "Pods and containers"),
    ("m02", "Life cycle and reading status"),
    ("m03", "Init containers"),
    ("m04", "Patterns of several containers"),
    ("m05", "Native sidecars and the order of the start"),
    ("m06", "Probes"),
    ("m07", "Hooks, signals and graceful termination"),
    ("m08", "Restarts and finding faults"),
    ("m09", "Resources, QoS and memory"),
    ("m10", "Data and configuration"),
    ("m11", "Workload controllers and rollouts"),
    ("m12", "Scheduling and autoscaling"),
    ("m13", "Networking"),
    ("m14", "Control plane, API and security"),
    ("", "Further exercises"),
];

/// What the browser remembers of an exercise: whether it is solved.
fn is_solved(id: &str) -> bool {
    browser::load(&format!("solved.{id}")).is_some()
}

fn set_solved(id: &str) {
    browser::save(&format!("solved.{id}"), "1");
}

/// The items under their modules, each in the order of the index; a broken one stands under the last.
fn by_module(all: Vec<(String, Loaded)>) -> Vec<(&'static str, Vec<(String, Loaded)>)> {
    let mut groups: Vec<(&'static str, Vec<(String, Loaded)>)> = MODULES.iter().map(|(_, title)| (*title, Vec::new())).collect();
    for (file, loaded) in all {
        let module = loaded.as_ref().map(|item| item.module.clone()).unwrap_or_default();
        let at = MODULES.iter().position(|(id, _)| *id == module).unwrap_or(MODULES.len() - 1);
        if let Some((_, list)) = groups.get_mut(at) {
            list.push((file, loaded));
        }
    }
    groups.retain(|(_, list)| !list.is_empty());
    groups
}

/// The list of exercises.
#[component]
pub(super) fn Course() -> impl IntoView {
    let items = LocalResource::new(load_all);
    let one = |(file, loaded): (String, Loaded)| match loaded {
        Err(problem) => view! { <li class="card item-row"><b>{file}</b><p class="muted">{problem}</p></li> }.into_any(),
        Ok(item) => {
            let solved = is_solved(&item.id);
            view! {
                <li class="card item-row">
                    <a href=format!("#/exercise/{}", item.id)>
                        <b>{item.title.clone()}</b>
                        <span class="meta">
                            <span class="badge">{kind_name(&item.kind)}</span>
                            <span class="badge">{format!("Difficulty {} of 5", item.difficulty)}</span>
                            <span class="badge">{format!("About {} min", item.minutes)}</span>
                            {solved.then(|| view! { <span class="badge ok">"✓ solved"</span> })}
                        </span>
                    </a>
                </li>
            }
            .into_any()
        }
    };
    view! {
        <main class="page course">
            <h1>"Course"</h1>
            <p class="muted">"Exercises that the simulator judges. Your progress stays in this browser. "<a href="#/quiz">"Make a quiz"</a>" · "<a href="#/gradebook">"Gradebook"</a></p>
            {move || items.get().map(|all| by_module(all).into_iter().map(|(title, items)| view! {
                <section aria-label=title>
                    <h2 class="module">{title}</h2>
                    <ul class="item-list">{items.into_iter().map(one).collect_view()}</ul>
                </section>
            }).collect_view())}
            <progress::Progress/>
        </main>
    }
}

/// One exercise.
#[component]
pub(super) fn Exercise(id: String) -> impl IntoView {
    let file = format!("{id}.yaml");
    let key = format!("variant.{id}");
    let variant = RwSignal::new(browser::load(&key).and_then(|n| n.parse().ok()).unwrap_or(0_usize));
    let kept = format!("answer.{id}");
    let next = move |_| {
        let number = variant.get_untracked() + 1;
        browser::save(&key, &number.to_string());
        browser::forget(&kept);
        variant.set(number);
    };
    let item = LocalResource::new(move || {
        let file = file.clone();
        async move { load(&file).await }
    });
    view! {
        <main class="page">
            <nav class="crumbs" aria-label="Where you are"><ol><li><a href="#/course">"Course"</a></li><li>{id}</li></ol></nav>
            {move || item.get().map(|loaded| match loaded {
                Err(problem) => view! {
                    <section class="card item-row"><h1>"This exercise cannot be shown"</h1><p>{problem}</p><a href="#/course">"Back to the course"</a></section>
                }.into_any(),
                Ok(item) => {
                    let (shown_variant, all) = (item.variant(variant.get()).clone(), item.variants.len() + 1);
                    let next = next.clone();
                    let other = (all > 1).then(|| view! {
                        <div class="check-row"><button class="btn" on:click=next>"Another case"</button>
                        <span class="muted">{format!("Case {} of {all}", variant.get() % all + 1)}</span></div>
                    });
                    view! { {shown(shown_variant)} {other} }.into_any()
                }
            })}
        </main>
    }
}

fn shown(item: Item) -> AnyView {
    match item.kind.clone() {
        Kind::Lab(lab) | Kind::Debug(lab) => view! { <lab::LabExercise item lab=*lab/> }.into_any(),
        Kind::Predict(_) | Kind::Multiple(_) | Kind::Match(_) | Kind::Blank(_) | Kind::Rubric(_) => {
            view! { <forms::PartsExercise item/> }.into_any()
        }
        Kind::Choice(choice) => view! { <questions::ChoiceExercise item choice/> }.into_any(),
        Kind::Order(order) => view! { <questions::OrderExercise item order/> }.into_any(),
    }
}

/// Title, badges and prompt.
#[component]
fn Head(item: Item) -> impl IntoView {
    view! {
        <div class="ex-head">
            <div class="meta">
                <span class="badge">{kind_name(&item.kind)}</span>
                <span class="badge">{format!("Difficulty {} of 5", item.difficulty)}</span>
                <span class="badge">{format!("About {} min", item.minutes)}</span>
            </div>
            <h1>{item.title.clone()}</h1>
            <div class="prose" inner_html=markdown(&item.prompt)></div>
        </div>
    }
}

/// Hints, one step at a time.
#[component]
fn Hints(hints: Vec<String>, opened: RwSignal<usize>) -> impl IntoView {
    let all = hints.len();
    if all == 0 {
        return ().into_any();
    }
    view! {
        <section class="card hints-card" aria-label="Hints">
            <header><h2>"Hints"</h2><span class="muted">{move || format!("{} of {all} shown", opened.get())}</span></header>
            <ol class="hint-list">
                {move || hints.iter().take(opened.get()).map(|h| view! { <li class="prose" inner_html=markdown(h)></li> }).collect_view()}
            </ol>
            {move || (opened.get() < all).then(|| view! {
                <button class="btn" on:click=move |_| opened.update(|n| *n += 1)>{format!("Show hint {}", opened.get() + 1)}</button>
                <span class="muted hint-cost">"A hint costs a tenth of the points."</span>
            })}
        </section>
    }
    .into_any()
}

/// What to take home, once it is time.
#[component]
fn Debrief(item: Item, #[prop(into)] open: Signal<bool>, #[prop(optional)] solution: Option<String>) -> impl IntoView {
    move || {
        open.get().then(|| {
            let solution = solution.clone().map(|text| {
                view! { <div><h3>"A solution"</h3><pre class="solution" tabindex="0">{text}</pre></div> }
            });
            view! {
                <section class="card debrief" aria-label="Debrief">
                    <header><h2>"Debrief"</h2></header>
                    <div class="debrief-cols">
                        <div class="prose"><h3>"What happened"</h3><div inner_html=markdown(&item.debrief)></div></div>
                        {solution}
                        <div class="prose"><h3>"In the interview"</h3><div inner_html=markdown(&item.interview)></div>
                            {item.follow_up.clone().map(|id| view! { <p><a href=format!("#/exercise/{id}")>"The follow-up question"</a></p> })}
                        </div>
                    </div>
                </section>
            }
        })
    }
}
