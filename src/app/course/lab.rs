//! A lab exercise: prompt, manifest, life, checks.

use leptos::prelude::*;

use super::super::browser;
use super::super::lab::{Life, Workbench};
use super::super::share;
use super::super::state::LabState;
use super::{Debrief, Head, Hints, set_solved};
use crate::course::{CheckResult, Choice, Item, Kind, Lab, Response, Score, grade, grade_lab};
use crate::trace::Change;

/// Attempts in other worlds after which the debrief opens.
const ATTEMPTS: u32 = 3;

/// The exercise.
#[component]
pub(super) fn LabExercise(item: Item, lab: Lab) -> impl IntoView {
    let key = format!("answer.{}", item.id);
    let state = LabState::new(browser::load(&key).unwrap_or_else(|| lab.start.clone()), Some(lab.world.clone()));
    Effect::new(move |_| {
        state.text.with(|t| browser::save(&key, t));
    });
    let (here, start) = (lab.clone(), lab.start.clone());
    let shown = Memo::new(move |_| state.text.with(|t| Same(grade_lab(&here, t, false))));
    let attempts = RwSignal::new(0_u32);
    // The verdict of the varied worlds is about one text; another text has none yet.
    let varied = RwSignal::new(None::<(String, Score)>);
    let hints = RwSignal::new(0_usize);
    let of_text = Memo::new(move |_| varied.get().filter(|(text, _)| state.text.with(|t| t == text)).map(|(_, s)| Same(s)));
    let solved = Memo::new(move |_| of_text.with(|s| s.as_ref().is_some_and(|s| s.0.is_full())));
    let judged = item.clone();
    let kept = format!("cause.{}", item.id);
    let cause = RwSignal::new(browser::load(&kept).and_then(|index| index.parse::<usize>().ok()));
    Effect::new(move |_| cause.get().map(|index| browser::save(&kept, &index.to_string())));
    let check = move |_| {
        let text = state.text.get_untracked();
        let response = match &judged.kind {
            Kind::Debug(_) => Response::Debug(cause.get_untracked(), text.clone()),
            Kind::Lab(_)
            | Kind::Predict(_)
            | Kind::Choice(_)
            | Kind::Multiple(_)
            | Kind::Order(_)
            | Kind::Match(_)
            | Kind::Blank(_)
            | Kind::Rubric(_) => Response::Manifest(text.clone()),
        };
        let score = grade(&judged, &response);
        if score.is_full() {
            set_solved(&judged.id);
        }
        attempts.update(|n| *n += 1);
        varied.set(Some((text, score)));
    };
    let ready = move || shown.with(|s| s.0.checks.iter().all(|c| c.passed));
    let solution = lab.solutions.first().map(|s| s.manifest.clone()).unwrap_or_default();
    let worlds = lab.variations.len();
    let open_in_lab = move |_| {
        let _ = window().location().set_hash(&format!("/lab/{}", share::encode(&state.text.get_untracked(), 0))).is_ok();
    };
    view! {
        <div class="ex">
            <div class="ex-left">
                <Head item=item.clone()/>
                {lab.diagnosis.map(|d| diagnosis(d, cause, Signal::derive(move || of_text.with(Option::is_some))))}
                <Checks shown of_text state worlds/>
                <div class="check-row">
                    <button class="btn primary" disabled=move || !ready() on:click=check>{format!("Check in {worlds} other worlds")}</button>
                    <p class="muted" role="status">{move || {
                        of_text.get().map_or_else(
                            || "The checks follow every keystroke. This runs the same manifest with other start times and failures.".to_owned(),
                            |s| if s.0.is_full() {
                                format!("Solved: {} of 1 point.", points(&s.0, hints.get()))
                            } else {
                                "It does not hold in every world yet.".to_owned()
                            },
                        )
                    }}</p>
                </div>
                <Hints hints=item.hints.clone() opened=hints/>
            </div>
            <div class="ex-right">
                <section class="card bench" aria-label="Workbench">
                    <div class="bar">
                        <h2 class="bar-title">"Manifest"</h2>
                        <span class="grow"></span>
                        <button class="btn quiet" on:click=move |_| state.text.set(start.clone())>"Start again"</button>
                        <button class="btn" on:click=open_in_lab>"Open in the Lab"</button>
                    </div>
                    <div class="bench-cols"><div class="bench-edit"><Workbench state/></div><Life state/></div>
                </section>
                <Debrief item open=Signal::derive(move || solved.get() || attempts.get() >= ATTEMPTS) solution/>
            </div>
        </div>
    }
}

/// What is wrong at the start, to be found before the repair is judged.
fn diagnosis(question: Choice, cause: RwSignal<Option<usize>>, judged: Signal<bool>) -> AnyView {
    let option = move |(index, option): (usize, crate::course::Option_)| {
        let because = option.because.clone();
        let is_mine = move || cause.get() == Some(index);
        let class = move || match (judged.get() && is_mine(), option.right) {
            (false, _) => "opt",
            (true, true) => "opt right",
            (true, false) => "opt wrong",
        };
        view! {
            <label class=class>
                <input type="radio" name="cause" prop:checked=is_mine on:change=move |_| cause.set(Some(index))/>
                <span>{option.text}</span>
                {move || (judged.get() && is_mine()).then(|| view! { <p>{because.clone()}</p> })}
            </label>
        }
    };
    view! {
        <fieldset class="card opts cause">
            <legend><b>"What is wrong?"</b></legend>
            {question.options.into_iter().enumerate().map(option).collect_view()}
        </fieldset>
    }
    .into_any()
}

/// A score that is compared by its checks.
#[derive(Debug, Clone, PartialEq)]
struct Same(Score);

fn points(score: &Score, hints: usize) -> String {
    let cost = u32::try_from(hints).unwrap_or(0) * 10;
    let left = score.hundredths.saturating_sub(cost);
    format!("{}.{:02}", left / 100, left % 100)
}

#[component]
fn Checks(shown: Memo<Same>, of_text: Memo<Option<Same>>, state: LabState, worlds: usize) -> impl IntoView {
    let all = Memo::new(move |_| of_text.get().map_or_else(|| shown.get().0.checks, |s| s.0.checks));
    let count = move || all.with(|a| format!("{} of {}", a.iter().filter(|c| c.passed).count(), a.len()));
    view! {
        <section class="card" aria-label="Checks">
            <header><h2>"Checks"</h2><span class="muted">{count}</span></header>
            <ul class="checks" aria-live="polite">
                {move || all.get().into_iter().map(|c| check_row(c, state)).collect_view()}
                {move || of_text.with(Option::is_none).then(|| view! {
                    <li class="pend"><span class="box" aria-hidden="true">"·"</span><div><b>{format!("Holds in {worlds} other worlds")}</b><small>"Runs when the checks above pass"</small></div></li>
                })}
            </ul>
        </section>
    }
}

fn check_row(check: CheckResult, state: LabState) -> impl IntoView + use<> {
    let (class, sign, word) = if check.passed { ("yes", "✓", "Passed: ") } else { ("no", "✕", "Failed: ") };
    let at = check.at.filter(|_| !check.passed);
    let go = move |_| {
        if let Some(at) = at {
            state.seek(at);
            let record = state.played.with_untracked(|p| {
                p.run
                    .trace
                    .records()
                    .iter()
                    .find(|r| r.at == at && !matches!(r.change, Change::Updated(_) | Change::Event(_)))
                    .map(|r| r.id)
            });
            state.selected.set(record);
        }
    };
    view! {
        <li class=class>
            <span class="box" aria-hidden="true">{sign}</span>
            <div>
                <span class="sr">{word}</span>
                <b>{check.sentence}</b>
                <small>{check.message}</small>
                {at.map(|_| view! { <button class="btn" on:click=go>"Show me the moment"</button> })}
            </div>
        </li>
    }
}
