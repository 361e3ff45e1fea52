//! Making a quiz and taking one.

use leptos::prelude::*;
use leptos::task::spawn_local;

use super::super::{browser, share};
use super::answer::{Ask, graded};
use super::{kind_name, load, load_all};
use crate::course::{Handed, Item, Quiz};
use crate::order::SortedMap;

/// Said wherever a quiz might be taken for an examination.
const HONEST: &str = "A static page cannot secure an examination: the content and the program are in the learner's hands. Use it where you can look over the shoulder, or for practice.";

/// Choose items, then share the quiz.
#[component]
pub(super) fn Build() -> impl IntoView {
    let items = LocalResource::new(load_all);
    let chosen = RwSignal::new(Vec::<String>::new());
    let (title, minutes) = (RwSignal::new("Quiz".to_owned()), RwSignal::new("0".to_owned()));
    let (exam, shuffle) = (RwSignal::new(false), RwSignal::new(true));
    let quiz = move || {
        let mut quiz = Quiz::new(title.get(), chosen.get());
        quiz.exam = exam.get();
        quiz.shuffle = shuffle.get();
        quiz.minutes = minutes.with(|m| m.trim().parse().unwrap_or(0));
        quiz
    };
    let link = move || format!("{}#/quiz/{}", browser::base_address(), share::encode(&quiz().text(), 0));
    let row = move |item: Item| {
        let (id, key) = (item.id.clone(), item.id.clone());
        let on = move || chosen.with(|c| c.contains(&id));
        let toggle = move |_| chosen.update(|c| if c.contains(&key) { c.retain(|i| *i != key) } else { c.push(key.clone()) });
        view! {
            <li><label class="opt">
                <input type="checkbox" prop:checked=on on:change=toggle/>
                <span>{item.title.clone()}" "<span class="badge">{kind_name(&item.kind)}</span></span>
            </label></li>
        }
        .into_any()
    };
    view! {
        <main class="page course">
            <h1>"Make a quiz"</h1>
            <p class="muted">{HONEST}</p>
            <section class="card q" aria-label="Settings">
                <ul class="gaps">
                    <li class="gap"><label><span>"Title"</span><input type="text" prop:value=move || title.get() on:input=move |ev| title.set(event_target_value(&ev))/></label></li>
                    <li class="gap"><label><span>"Minutes, 0 for no limit"</span><input type="text" inputmode="numeric" prop:value=move || minutes.get() on:input=move |ev| minutes.set(event_target_value(&ev))/></label></li>
                    <li class="gap"><label><span>"Exam: nothing is told before the end"</span><input type="checkbox" prop:checked=move || exam.get() on:change=move |ev| exam.set(event_target_checked(&ev))/></label></li>
                    <li class="gap"><label><span>"Each learner gets an order of their own"</span><input type="checkbox" prop:checked=move || shuffle.get() on:change=move |ev| shuffle.set(event_target_checked(&ev))/></label></li>
                </ul>
            </section>
            <section class="card q" aria-label="Items">
                <h2>"Items"</h2>
                <ul class="points">{move || items.get().map(|all| all.into_iter().filter_map(|(_, i)| i.ok()).map(row).collect_view())}</ul>
            </section>
            <section class="card q" aria-label="Share">
                {move || if chosen.with(Vec::is_empty) {
                    view! { <p class="muted">"Choose at least one item."</p> }.into_any()
                } else {
                    view! {
                        <p><a href=link>"Open the quiz"</a></p>
                        <div class="check-row">
                            <button class="btn primary" on:click=move |_| browser::copy(&link())>"Copy the link"</button>
                            <button class="btn" on:click=move |_| browser::download("quiz.json", &quiz().text())>"Save as a file"</button>
                        </div>
                    }.into_any()
                }}
            </section>
        </main>
    }
}

/// What is kept of a quiz under way.
#[derive(Debug, Clone, Copy)]
struct Sitting {
    learner: RwSignal<String>,
    started: RwSignal<bool>,
    answers: RwSignal<SortedMap<String, String>>,
    finished: RwSignal<bool>,
    left: RwSignal<u32>,
}

/// Takes a quiz from a link.
#[component]
pub(super) fn Take(text: String) -> impl IntoView {
    match share::decode(&text).and_then(|(text, _)| Quiz::read(&text)) {
        Err(problem) => {
            view! { <main class="page"><section class="card q"><h1>"This quiz cannot be opened"</h1><p>{problem}</p></section></main> }
                .into_any()
        }
        Ok(quiz) => sitting(quiz, &text),
    }
}

fn sitting(quiz: Quiz, link: &str) -> AnyView {
    let key = format!("quiz.{}", link.chars().rev().take(24).collect::<String>());
    let kept = browser::load(&key).and_then(|text| Handed::read(&text).ok()).filter(|h| h.quiz == quiz);
    let began = kept.is_some();
    let (learner, answers) = kept.map_or((String::new(), SortedMap::new()), |h| (h.learner, h.answers));
    let sitting = Sitting {
        learner: RwSignal::new(learner),
        started: RwSignal::new(began),
        answers: RwSignal::new(answers),
        finished: RwSignal::new(false),
        left: RwSignal::new(quiz.minutes * 60),
    };
    let store = quiz.clone();
    Effect::new(move |_| {
        if sitting.started.get() {
            let handed = Handed { learner: sitting.learner.get(), quiz: store.clone(), answers: sitting.answers.get() };
            browser::save(&key, &handed.text());
        }
    });
    if quiz.minutes > 0 {
        clock(sitting);
    }
    let title = quiz.title.clone();
    view! {
        <main class="page course">
            <h1>{title}</h1>
            {move || match (sitting.started.get(), sitting.finished.get()) {
                (false, _) => welcome(&quiz, sitting),
                (true, false) => questions(&quiz, sitting),
                (true, true) => hand_in(&quiz, sitting),
            }}
        </main>
    }
    .into_any()
}

/// Counts down while the quiz is under way, and ends it.
fn clock(sitting: Sitting) {
    let tick = move || {
        if sitting.started.get_untracked() && !sitting.finished.get_untracked() {
            sitting.left.update(|left| *left = left.saturating_sub(1));
            if sitting.left.get_untracked() == 0 {
                sitting.finished.set(true);
            }
        }
    };
    let interval = StoredValue::new_local(Some(gloo_timers::callback::Interval::new(1000, tick)));
    on_cleanup(move || drop(interval.try_update_value(Option::take)));
}

fn welcome(quiz: &Quiz, sitting: Sitting) -> AnyView {
    let time = if quiz.minutes == 0 { "as long as you like".to_owned() } else { format!("{} minutes", quiz.minutes) };
    let mode = if quiz.exam { "Nothing is told before the end." } else { "You may check each answer." };
    view! {
        <section class="card q" aria-label="Before you begin">
            <p>{format!("{} questions, {time}. {mode}", quiz.items.len())}</p>
            <p class="muted">{HONEST}</p>
            <ul class="gaps"><li class="gap"><label><span>"Your name, as your teacher knows it"</span>
                <input type="text" autocomplete="name" prop:value=move || sitting.learner.get() on:input=move |ev| sitting.learner.set(event_target_value(&ev))/>
            </label></li></ul>
            <button class="btn primary" disabled=move || sitting.learner.with(|n| n.trim().is_empty()) on:click=move |_| sitting.started.set(true)>"Begin"</button>
        </section>
    }
    .into_any()
}

fn questions(quiz: &Quiz, sitting: Sitting) -> AnyView {
    let order = quiz.order(&sitting.learner.get_untracked());
    let (count, timed, exam) = (order.len(), quiz.minutes > 0, quiz.exam);
    let time = move || timed.then(|| sitting.left.with(|s| format!("{}:{:02} left", s / 60, s % 60)));
    let one = move |(index, id): (usize, String)| {
        let item = RwSignal::new(None::<Result<Item, String>>);
        let file = format!("{id}.yaml");
        spawn_local(async move {
            let loaded = load(&file).await;
            let _ = item.try_set(Some(loaded));
        });
        let key = id.clone();
        let answer = Ask {
            get: Callback::new(move |()| sitting.answers.with(|a| a.get(&key).cloned().unwrap_or_default())),
            set: Callback::new(move |text: String| sitting.answers.update(|a| drop(a.insert(id.clone(), text)))),
        };
        view! {
            <section class="card q" aria-label=format!("Question {} of {count}", index + 1)>
                {move || item.get().map(|loaded| match loaded {
                    Err(problem) => view! { <p>{problem}</p> }.into_any(),
                    Ok(item) => {
                        let item = sitting.learner.with_untracked(|learner| item.of_learner(learner).clone());
                        view! { {answer.form(&item)} {(!exam).then(|| graded(item, answer))} }.into_any()
                    }
                })}
            </section>
        }
        .into_any()
    };
    view! {
        <p class="muted" role="timer">{time}</p>
        {order.into_iter().enumerate().map(one).collect_view()}
        <button class="btn primary" on:click=move |_| sitting.finished.set(true)>"Finish"</button>
    }
    .into_any()
}

fn hand_in(quiz: &Quiz, sitting: Sitting) -> AnyView {
    let handed =
        Handed { learner: sitting.learner.get_untracked().trim().to_owned(), quiz: quiz.clone(), answers: sitting.answers.get_untracked() };
    let text = handed.text();
    let name: String = handed.learner.chars().map(|c| if c.is_alphanumeric() { c } else { '-' }).collect();
    let save = {
        let text = text.clone();
        move |_| browser::download(&format!("{name}.podlab.json"), &text)
    };
    view! {
        <section class="card q" aria-label="Hand in">
            <p><b>"That is all. "</b>"Save your answers as a file and give it to your teacher. It holds your answers, not a score."</p>
            <div class="check-row">
                <button class="btn primary" on:click=save>"Save my answers"</button>
                <button class="btn" on:click=move |_| sitting.finished.set(false)>"Back to the questions"</button>
            </div>
            <label class="free"><span>"The same as text"</span><textarea rows="6" readonly prop:value=text></textarea></label>
        </section>
    }
    .into_any()
}
