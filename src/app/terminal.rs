//! A command line at the playhead: any kubectl command that reads, answered from the trace.

use leptos::prelude::*;

use super::panels::NAMESPACE;
use super::state::LabState;
use super::timeline::moment;
use crate::kubectl::{Shell, answer, split};

/// What is there to try first.
const TRY: [&str; 5] = [
    "kubectl get pods -o wide",
    "kubectl get pods -o yaml",
    "kubectl describe pods",
    "kubectl get events --sort-by=.lastTimestamp",
    "kubectl get services",
];

/// What a line prints.
fn run(state: LabState, at: crate::time::SimTime, line: &str) -> String {
    let Some(words) = split(line) else { return "a quote is not closed\n".to_owned() };
    match words.split_first() {
        None => String::new(),
        Some((name, words)) if name == "kubectl" || name == "k" => {
            state.played.with(|p| answer(Shell { trace: &p.run.trace, at, namespace: NAMESPACE }, words).text())
        }
        Some((name, _)) => format!("{name}: only kubectl is here\n"),
    }
}

/// The panel.
pub(super) fn panel(state: LabState) -> AnyView {
    let line = RwSignal::new(TRY[1].to_owned());
    let at = moment(state);
    let said = Memo::new(move |_| run(state, at.get(), &line.get()));
    view! {
        <div class="terminal">
            <label class="term-line"><span aria-hidden="true">"$"</span><span class="sr">"Command"</span>
                <input type="text" list="tries" spellcheck="false" autocapitalize="off" autocomplete="off" prop:value=line on:change=move |ev| line.set(event_target_value(&ev))/>
            </label>
            <datalist id="tries">{TRY.map(|line| view! { <option value=line></option> }).collect_view()}</datalist>
            <pre class="said" role="status">{said}</pre>
        </div>
    }
    .into_any()
}
