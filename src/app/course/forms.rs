//! The forms of questions with several parts: one list of texts is the answer of every kind.

use leptos::prelude::*;

use super::super::{browser, share};
use super::{Debrief, Head, Hints, set_solved};
use crate::course::{Item, Kind, Predict, Response, Score, grade};
use crate::rng::Stream;

/// What separates the parts of a stored answer; nobody can type it.
const SEPARATOR: char = '\u{1f}';

/// How many parts an answer has.
fn parts(kind: &Kind) -> usize {
    match kind {
        Kind::Multiple(m) => m.options.len(),
        Kind::Match(m) => m.pairs.len(),
        Kind::Blank(b) => b.gaps.len(),
        Kind::Predict(p) => p.columns.len(),
        Kind::Rubric(r) => 1 + r.points.len(),
        Kind::Lab(_) | Kind::Debug(_) | Kind::Choice(_) | Kind::Order(_) => 0,
    }
}

/// The answer that the parts say.
fn response(kind: &Kind, parts: &[String], variant: usize) -> Response {
    let filled = |text: &String| !text.is_empty();
    match kind {
        Kind::Multiple(_) => Response::Multiple(parts.iter().enumerate().filter(|(_, p)| filled(p)).map(|(i, _)| i).collect()),
        Kind::Match(_) => Response::Match(parts.to_vec()),
        Kind::Blank(_) => Response::Blank(parts.to_vec()),
        Kind::Predict(_) => Response::Predict(variant, parts.to_vec()),
        Kind::Rubric(_) => {
            let (text, ticks) = parts.split_first().map_or((String::new(), parts), |(t, rest)| (t.clone(), rest));
            let ticked = ticks.iter().any(filled).then(|| ticks.iter().map(|t| t == "1").collect());
            Response::Rubric(text, ticked)
        }
        Kind::Lab(_) | Kind::Debug(_) | Kind::Choice(_) | Kind::Order(_) => Response::Blank(Vec::new()),
    }
}

/// What the form's parts share.
#[derive(Debug, Clone, Copy)]
struct Form {
    parts: RwSignal<Vec<String>>,
    score: RwSignal<Option<Score>>,
    variant: RwSignal<usize>,
}

impl Form {
    fn part(self, index: usize) -> String {
        self.parts.with(|p| p.get(index).cloned().unwrap_or_default())
    }

    fn set(self, index: usize, text: String) {
        self.parts.update(|p| {
            if let Some(part) = p.get_mut(index) {
                *part = text;
            }
        });
    }

    /// `is-right`, `is-wrong` or nothing, once it is judged.
    fn class(self, index: usize, base: &'static str) -> String {
        let passed = self.score.with(|s| s.as_ref().and_then(|s| s.checks.get(index).map(|c| c.passed)));
        match passed {
            Some(true) => format!("{base} is-right"),
            Some(false) => format!("{base} is-wrong"),
            None => base.to_owned(),
        }
    }

    fn is_judged(self) -> bool {
        self.score.with(Option::is_some)
    }
}

/// A question of one of the kinds with parts.
#[component]
pub(super) fn PartsExercise(item: Item) -> impl IntoView {
    let key = format!("answer.{}", item.id);
    let count = parts(&item.kind);
    let stored: Vec<String> = browser::load(&key).map(|t| t.split(SEPARATOR).map(str::to_owned).collect()).unwrap_or_default();
    let first = if stored.len() == count { stored } else { vec![String::new(); count] };
    let case = format!("{key}.case");
    let variant = browser::load(&case).and_then(|n| n.parse::<usize>().ok()).unwrap_or(0);
    let form = Form { parts: RwSignal::new(first), score: RwSignal::new(None), variant: RwSignal::new(variant) };
    Effect::new(move |_| {
        form.parts.with(|p| browser::save(&key, &p.join(&SEPARATOR.to_string())));
    });
    Effect::new(move |_| browser::save(&case, &form.variant.get().to_string()));
    let hints = RwSignal::new(0_usize);
    let (judged, kind) = (item.clone(), StoredValue::new(item.kind.clone()));
    let check = move |_| {
        let answer = form.parts.with_untracked(|p| kind.with_value(|k| response(k, p, form.variant.get_untracked())));
        let score = grade(&judged, &answer);
        if score.is_full() {
            set_solved(&judged.id);
        }
        form.score.set(Some(score));
    };
    let again = move |_| {
        form.score.set(None);
        form.parts.set(vec![String::new(); count]);
        let cases = kind.with_value(|k| if let Kind::Predict(p) = k { p.variants.len() } else { 1 });
        form.variant.update(|v| *v = (*v + 1) % cases.max(1));
    };
    view! {
        <section class="card q question">
            <Head item=item.clone()/>
            {fields(&item, form)}
            <div class="check-row">
                {move || if form.is_judged() {
                    view! { <button class="btn" on:click=again>"Try again"</button> }.into_any()
                } else {
                    view! { <button class="btn primary" on:click=check.clone()>"Check the answer"</button> }.into_any()
                }}
                <div role="status">{move || form.score.get().map(|score| verdict(&score, hints.get()))}</div>
            </div>
        </section>
        <Hints hints=item.hints.clone() opened=hints/>
        <Debrief item open=Signal::derive(move || form.is_judged())/>
    }
}

fn verdict(score: &Score, hints: usize) -> AnyView {
    let left = score.hundredths.saturating_sub(u32::try_from(hints).unwrap_or(0) * 10);
    let word = if score.is_full() { "Right: " } else { "Not yet: " };
    let points = format!("{}.{:02} of 1 point.", left / 100, left % 100);
    view! { <p><b>{word}{points}</b></p> }.into_any()
}

/// What was right or wrong about a part, once it is judged.
fn told(form: Form, index: usize) -> AnyView {
    (move || {
        form.score.with(|s| {
            s.as_ref().and_then(|s| s.checks.get(index)).map(|c| {
                let sign = if c.passed { "✓ Right. " } else { "✕ Not so. " };
                view! { <p class="told"><b>{sign}</b>{c.message.clone()}</p> }
            })
        })
    })
    .into_any()
}

fn fields(item: &Item, form: Form) -> AnyView {
    match &item.kind {
        Kind::Multiple(multiple) => options(multiple.options.iter().map(|o| o.text.clone()).collect(), form),
        Kind::Match(pairs) => {
            let rights = pairs.pairs.iter().map(|p| p.right.clone()).chain(pairs.extra.iter().cloned()).collect();
            let rights = mixed(rights, &item.id);
            let left = pairs.pairs.iter().map(|p| (p.left.clone(), rights.clone(), String::new())).collect();
            inputs(left, form)
        }
        Kind::Blank(blank) => inputs(blank.gaps.iter().map(|g| (g.label.clone(), Vec::new(), g.unit.clone())).collect(), form),
        Kind::Predict(predict) => prediction(predict, form),
        Kind::Rubric(rubric) => free(rubric.points.iter().map(|p| p.text.clone()).collect(), rubric.model.clone(), form),
        Kind::Lab(_) | Kind::Debug(_) | Kind::Choice(_) | Kind::Order(_) => ().into_any(),
    }
}

/// Mixed, but the same for the same item.
fn mixed(mut left: Vec<String>, id: &str) -> Vec<String> {
    let mut random = Stream::new(id.len() as u64, id, 0);
    let mut out = Vec::new();
    while !left.is_empty() {
        let at = usize::try_from(random.below(left.len() as u64)).unwrap_or(0);
        out.push(left.remove(at));
    }
    out
}

fn options(texts: Vec<String>, form: Form) -> AnyView {
    let option = |(index, text): (usize, String)| {
        let tick = move |ev| form.set(index, if event_target_checked(&ev) { "1".into() } else { String::new() });
        view! {
            <label class=move || form.class(index, "opt")>
                <input type="checkbox" disabled=move || form.is_judged() prop:checked=move || !form.part(index).is_empty() on:change=tick/>
                <span>{text}</span>
                {told(form, index)}
            </label>
        }
    };
    view! {
        <fieldset class="opts">
            <legend class="sr">"Answers, several may be right"</legend>
            {texts.into_iter().enumerate().map(option).collect_view()}
        </fieldset>
    }
    .into_any()
}

/// Rows with a label and a field: typed, or picked where there is something to pick from.
fn inputs(rows: Vec<(String, Vec<String>, String)>, form: Form) -> AnyView {
    let row = |(index, (label, picks, unit)): (usize, (String, Vec<String>, String))| {
        let field = if picks.is_empty() {
            view! {
                <input type="text" autocomplete="off" autocapitalize="off" spellcheck="false" disabled=move || form.is_judged()
                    prop:value=move || form.part(index) on:input=move |ev| form.set(index, event_target_value(&ev))/>
            }
            .into_any()
        } else {
            view! {
                <select disabled=move || form.is_judged() prop:value=move || form.part(index) on:change=move |ev| form.set(index, event_target_value(&ev))>
                    <option value="">"Choose"</option>
                    {picks.into_iter().map(|p| view! { <option value=p.clone() selected=form.part(index) == p>{p.clone()}</option> }).collect_view()}
                </select>
            }
            .into_any()
        };
        view! {
            <li class=move || form.class(index, "gap")>
                <label><span>{label}</span>{field}<span class="unit">{unit}</span></label>
                {told(form, index)}
            </li>
        }
    };
    view! { <ul class="gaps">{rows.into_iter().enumerate().map(row).collect_view()}</ul> }.into_any()
}

fn prediction(predict: &Predict, form: Form) -> AnyView {
    let cases: Vec<(String, u64)> = predict.variants.iter().map(|v| (v.about.clone(), v.at.ms())).collect();
    let moment = move || {
        let (about, ms) = cases.get(form.variant.get()).cloned().unwrap_or_default();
        let seconds = format!("{}.{:02} s", ms / 1000, ms % 1000 / 10);
        if about.is_empty() { format!("At {seconds}") } else { format!("{about} ({seconds})") }
    };
    let pick = predict.pick.clone();
    let rows = predict.columns.iter().map(|c| (c.clone(), if c == "STATUS" { pick.clone() } else { Vec::new() }, String::new())).collect();
    let text = predict.manifest.clone();
    let link = format!("#/lab/{}", share::encode(&text, 0));
    view! {
        <pre class="solution" tabindex="0">{text}</pre>
        <p><b>{moment}</b></p>
        {inputs(rows, form)}
        {move || form.is_judged().then(|| view! { <p><a href=link.clone()>"Watch it in the Lab"</a></p> })}
    }
    .into_any()
}

/// A free answer; once it is judged, the learner says which points are in it.
fn free(points: Vec<String>, model: String, form: Form) -> AnyView {
    let point = move |(index, text): (usize, String)| {
        let found = move || form.score.with(|s| s.as_ref().and_then(|s| s.checks.get(index)).is_some_and(|c| c.passed));
        let tick = move |ev| {
            let on = event_target_checked(&ev);
            form.score.update(|score| {
                if let Some(score) = score {
                    if let Some(check) = score.checks.get_mut(index) {
                        check.passed = on;
                    }
                    let passed = score.checks.iter().filter(|c| c.passed).count();
                    score.hundredths = u32::try_from(passed * 100 / score.checks.len().max(1)).unwrap_or(0);
                }
            });
            form.set(index + 1, if on { "1".into() } else { "0".into() });
        };
        view! { <li><label><input type="checkbox" prop:checked=found on:change=tick/>" "{text}</label></li> }
    };
    view! {
        <label class="free">
            <span>"Your answer"</span>
            <textarea rows="6" disabled=move || form.is_judged() prop:value=move || form.part(0) on:input=move |ev| form.set(0, event_target_value(&ev))></textarea>
        </label>
        {move || form.is_judged().then(|| view! {
            <h2>"Key points"</h2>
            <p class="muted">"Ticked are the points whose words were found. Correct the ticks yourself: you know what you meant."</p>
            <ul class="points">{points.clone().into_iter().enumerate().map(point).collect_view()}</ul>
            <h2>"A good answer"</h2>
            <p class="model">{model.clone()}</p>
        })}
    }
    .into_any()
}
