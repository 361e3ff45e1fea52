//! Questions without a manifest: a choice, an ordering.

use leptos::prelude::*;

use super::super::browser;
use super::{Debrief, Head, Hints, set_solved};
use crate::course::{Choice, Item, Order, Response, grade};
use crate::rng::Stream;

/// One of several is right.
#[component]
pub(super) fn ChoiceExercise(item: Item, choice: Choice) -> impl IntoView {
    let key = format!("answer.{}", item.id);
    let chosen = RwSignal::new(browser::load(&key).and_then(|n| n.parse::<usize>().ok()));
    Effect::new(move |_| {
        chosen.with(|c| browser::save(&key, &c.map(|c| c.to_string()).unwrap_or_default()));
    });
    let answered = RwSignal::new(false);
    let id = item.id.clone();
    let right = choice.options.iter().position(|o| o.right);
    let answer = move |_| {
        answered.set(true);
        if chosen.get_untracked() == right {
            set_solved(&id);
        }
    };
    let verdict = move || if chosen.get() == right { "Right: 1 of 1 point." } else { "Not this one: 0 of 1 point." };
    view! {
        <section class="card q question">
            <Head item=item.clone()/>
            <fieldset class="opts" disabled=move || answered.get()>
                <legend class="sr">"Answers"</legend>
                {choice.options.into_iter().enumerate().map(|(index, option)| {
                    let class = move || match (answered.get(), chosen.get() == Some(index), option.right) {
                        (true, _, true) => "opt right",
                        (true, true, false) => "opt wrong",
                        _ => "opt",
                    };
                    let tag = move || answered.get().then(|| if option.right { "✓ right answer" } else if chosen.get() == Some(index) { "✕ your answer" } else { "" });
                    view! {
                        <label class=class>
                            <input type="radio" name="choice" prop:checked=move || chosen.get() == Some(index) on:change=move |_| chosen.set(Some(index))/>
                            <span>{option.text}</span>
                            <span class="tag">{tag}</span>
                            {move || answered.get().then(|| view! { <p>{option.because.clone()}</p> })}
                        </label>
                    }
                }).collect_view()}
            </fieldset>
            <div class="check-row">
                {move || if answered.get() {
                    view! {
                        <p role="status"><b>{verdict()}</b></p>
                        <button class="btn" on:click=move |_| { answered.set(false); chosen.set(None); }>"Try again"</button>
                    }.into_any()
                } else {
                    view! { <button class="btn primary" disabled=move || chosen.get().is_none() on:click=answer.clone()>"Answer"</button> }.into_any()
                }}
            </div>
        </section>
        <Debrief item open=answered/>
    }
}

/// The steps of an ordering, shuffled, but the same for the same item.
fn shuffled(order: &Order, id: &str) -> Vec<usize> {
    let mut left: Vec<usize> = (0..order.steps.len()).collect();
    let mut random = Stream::new(id.len() as u64, id, 0);
    let mut out = Vec::new();
    while !left.is_empty() {
        let at = usize::try_from(random.below(left.len() as u64)).unwrap_or(0);
        out.push(left.remove(at));
    }
    out
}

/// Put steps in order.
#[component]
pub(super) fn OrderExercise(item: Item, order: Order) -> impl IntoView {
    let key = format!("answer.{}", item.id);
    let kept: Vec<usize> = browser::load(&key).map(|t| t.split(' ').filter_map(|n| n.parse().ok()).collect()).unwrap_or_default();
    let is_whole = (0..order.steps.len()).all(|step| kept.contains(&step)) && kept.len() == order.steps.len();
    let places = RwSignal::new(if is_whole { kept } else { shuffled(&order, &item.id) });
    Effect::new(move |_| {
        places.with(|p| browser::save(&key, &p.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ")));
    });
    let result = RwSignal::new(None::<crate::course::Score>);
    let hints = RwSignal::new(0_usize);
    let judged = item.clone();
    let steps = StoredValue::new(order.steps);
    let name = move |index: usize| steps.with_value(|s| s.get(index).map(|s| s.name.clone()).unwrap_or_default());
    let text = move |index: usize| steps.with_value(|s| s.get(index).map(|s| s.text.clone()).unwrap_or_default());
    let check = move |_| {
        let names = places.get_untracked().into_iter().map(name).collect();
        let score = grade(&judged, &Response::Order(names));
        if score.is_full() {
            set_solved(&judged.id);
        }
        result.set(Some(score));
    };
    let shift = move |place: usize, up: bool| {
        result.set(None);
        places.update(|p| {
            let other = if up { place.checked_sub(1) } else { Some(place + 1).filter(|n| *n < p.len()) };
            if let Some(other) = other {
                p.swap(place, other);
            }
        });
    };
    let row = move |(place, index): (usize, usize)| {
        let label = text(index);
        let (up, down) = (format!("{label}: up"), format!("{label}: down"));
        view! {
            <li>
                <span class="place">{place + 1}</span>
                <span>{label}</span>
                <div class="mv">
                    <button class="btn icon quiet" aria-label=up disabled=place == 0 on:click=move |_| shift(place, true)>"↑"</button>
                    <button class="btn icon quiet" aria-label=down on:click=move |_| shift(place, false)>"↓"</button>
                </div>
            </li>
        }
    };
    view! {
        <section class="card q question">
            <Head item=item.clone()/>
            <ol class="order" aria-label="Steps">{move || places.get().into_iter().enumerate().map(row).collect_view()}</ol>
            <div class="check-row">
                <button class="btn primary" on:click=check>"Check the order"</button>
                <div role="status">{move || result.get().map(|score| {
                    let wrong: Vec<_> = score.checks.iter().filter(|c| !c.passed).map(|c| view! { <li>{c.sentence.clone()}</li> }).collect();
                    let points = format!("{}.{:02} of 1 point.", score.hundredths / 100, score.hundredths % 100);
                    view! {
                        <p><b>{if score.is_full() { "Right: " } else { "Not yet: " }}{points}</b></p>
                        <ul class="verdicts">{wrong}</ul>
                    }
                })}</div>
            </div>
        </section>
        <Hints hints=item.hints.clone() opened=hints/>
        <Debrief item open=Signal::derive(move || result.get().is_some())/>
    }
}
