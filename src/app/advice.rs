//! What a reviewer would say about the manifest, below the editor: quiet until it is opened.

use leptos::prelude::*;

use super::state::LabState;
use crate::advice::{Advice, advise};
use crate::text::LineIndex;

/// The advice of the current text.
fn given(state: LabState) -> Vec<(u32, Advice)> {
    state.text.with(|text| {
        state.played.with(|played| {
            if played.stale {
                return Vec::new();
            }
            let index = LineIndex::new(text);
            let all = advise(&played.manifest, Some(&played.run));
            all.into_iter().map(|advice| (index.position(text, advice.span.start as usize).line, advice)).collect()
        })
    })
}

/// The list, with a change for what can be mended and the moment for what the run proves.
pub(super) fn list(state: LabState) -> AnyView {
    let one = move |(line, advice): (u32, Advice)| {
        let Advice { lint, span, message, fix, at } = advice;
        let mend = fix.map(|fix| {
            let change = move |_| state.text.update(|text| *text = fix.apply(text));
            view! { <button class="link" on:click=change>"Mend it"</button>" " }
        });
        let show = at.map(|at| {
            let seek = move |_| state.seek(at);
            view! { <button class="link" on:click=seek>{format!("Show the moment, {}.{} s", at.ms() / 1000, at.ms() % 1000 / 100)}</button>" " }
        });
        view! {
            <li>
                <button class="link" on:click=move |_| state.goto.set(Some(span))>{format!("Line {line}")}</button>" "<b>{message}</b>
                <p>{lint.reason}</p>
                <p>{mend}{show}<a href=format!("#/exercise/{}", lint.lesson)>"Lesson"</a></p>
            </li>
        }
    };
    let all = move || given(state);
    view! {
        <details class="advice">
            <summary>{move || match all().len() { 0 => "No advice".to_owned(), 1 => "1 piece of advice".into(), n => format!("{n} pieces of advice") }}</summary>
            <ul>{move || all().into_iter().map(one).collect_view()}</ul>
        </details>
    }
    .into_any()
}
