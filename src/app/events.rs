//! The events of a moment, as kubectl lists them; each line leads to its reasons, and from there to the manifest.

use leptos::prelude::*;

use super::panels::NAMESPACE;
use super::state::LabState;
use crate::kubectl;
use crate::time::SimTime;
use crate::trace::{RecordId, Trace};

/// The heading, and each line with the record that wrote the event last.
fn lines(trace: &Trace, at: SimTime) -> (String, Vec<(String, RecordId)>) {
    let text = kubectl::get_events(trace, at, NAMESPACE);
    let records = kubectl::events_at(trace, at).into_iter().filter(|(_, e)| e.object.namespace == NAMESPACE).map(|(r, _)| r.id);
    let mut lines = text.lines().map(str::to_owned);
    (lines.next().unwrap_or_default(), lines.zip(records).collect())
}

/// The panel.
pub(super) fn panel(state: LabState, at: SimTime) -> AnyView {
    let (heading, lines) = state.played.with(|p| lines(&p.run.trace, at));
    let line = |(line, record): (String, RecordId)| {
        let is_asked = move || if state.selected.get() == Some(record) { "true" } else { "false" };
        view! { <button class="event" title="Why?" aria-pressed=is_asked on:click=move |_| state.selected.set(Some(record))>{line}</button> }
    };
    view! {
        <pre class="said"><span class="cmd"><i>"$ "</i><b>"kubectl get events"</b></span>"\n"{heading}"\n"{lines.into_iter().map(line).collect_view()}</pre>
    }
    .into_any()
}
