//! The panels under the playhead: what kubectl would print at that moment, and why something is as it is.

use leptos::prelude::*;

use super::chunks::use_desk;
use super::state::{LabState, Panel};
use super::timeline::moment;
use crate::api::Kind;
use crate::kubectl;
use crate::time::SimTime;
use crate::trace::{ObjectId, Trace};

pub(super) const NAMESPACE: &str = "default";

/// A command and what it prints.
pub(super) type Said = (String, String);

/// The pods of a moment.
pub(super) fn pods(trace: &Trace, at: SimTime) -> Vec<(ObjectId, String)> {
    kubectl::pods_at(trace, at, NAMESPACE).map(|(id, p)| (id, p.metadata.name.clone())).collect()
}

fn has(trace: &Trace, at: SimTime, kind: Kind) -> bool {
    !kubectl::list(trace, at, kind, NAMESPACE).is_empty()
}

fn kubectl_panel(trace: &Trace, at: SimTime) -> Vec<Said> {
    let mut out = vec![("kubectl get pods".to_owned(), kubectl::get_pods(trace, at, NAMESPACE, kubectl::Columns::Default))];
    if has(trace, at, Kind::Service) {
        out.push(("kubectl get endpointslices".to_owned(), kubectl::get_endpoint_slices(trace, at, NAMESPACE)));
    }
    for (name, container) in containers(trace, at) {
        let log = logs(trace, at, &name, &container);
        if !log.starts_with("Error") && !log.is_empty() {
            let tail: Vec<&str> = log.lines().rev().take(4).collect();
            let text: String = tail.into_iter().rev().map(|l| format!("{l}\n")).collect();
            out.push((format!("kubectl logs {name} -c {container} --tail=4"), text));
        }
    }
    out
}

/// The log of a container.
pub(super) fn logs(trace: &Trace, at: SimTime, pod: &str, container: &str) -> String {
    kubectl::logs(trace, at, kubectl::LogsOf { namespace: NAMESPACE, pod, container: Some(container), previous: false })
}

/// The containers of a moment with their pods.
pub(super) fn containers(trace: &Trace, at: SimTime) -> Vec<(String, String)> {
    let mut out = Vec::new();
    for (_, pod) in kubectl::pods_at(trace, at, NAMESPACE) {
        for c in pod.spec.init_containers.iter().chain(&pod.spec.containers).chain(&pod.spec.ephemeral_containers) {
            out.push((pod.metadata.name.clone(), c.name.clone()));
        }
    }
    out
}

const TABS: [(Panel, &str); 7] = [
    (Panel::Kubectl, "kubectl"),
    (Panel::Events, "Events"),
    (Panel::Describe, "Describe"),
    (Panel::Logs, "Logs"),
    (Panel::Status, "Status"),
    (Panel::Effective, "Stored"),
    (Panel::Terminal, "Terminal"),
];

/// The panels.
#[component]
pub(super) fn Panels(state: LabState) -> impl IntoView {
    let at = moment(state);
    let desk = use_desk();
    let said = Memo::new(move |_| {
        state.played.with(|p| match state.panel.get() {
            Panel::Kubectl => kubectl_panel(&p.run.trace, at.get()),
            other @ (Panel::Events | Panel::Describe | Panel::Logs | Panel::Status | Panel::Effective | Panel::Terminal) => {
                desk.get().map_or_else(Vec::new, |desk| (desk.say)(p, at.get(), other))
            }
        })
    });
    view! {
        <section class="pane panels" aria-label="The cluster at the playhead">
            <div class="bar">
                <div class="tabs" role="tablist" aria-label="Panels">
                    {TABS.map(|(panel, name)| view! {
                        <button
                            role="tab"
                            id=format!("tab-{name}")
                            aria-selected=move || if state.panel.get() == panel { "true" } else { "false" }
                            aria-controls="panel"
                            on:click=move |_| state.panel.set(panel)
                        >{name}</button>
                    }).collect_view()}
                </div>
                <span class="grow"></span>
                <span class="at">"at "<b>{move || format!("{}.{:02} s", state.playhead.get().ms() / 1000, state.playhead.get().ms() % 1000 / 10)}</b></span>
            </div>
            <div class="out is-open" id="panel" role="tabpanel" tabindex="0" aria-label="Output">
                {move || {
                    match state.panel.get() {
                        Panel::Terminal => return desk.get().map(|desk| (desk.terminal)(state)).into_any(),
                        Panel::Events => return desk.get().map(|desk| (desk.events)(state, at.get())).into_any(),
                        Panel::Kubectl | Panel::Describe | Panel::Logs | Panel::Status | Panel::Effective => {}
                    }
                    let said = said.get();
                    if said.is_empty() {
                        return view! { <p class="muted">"No pod exists at this moment."</p> }.into_any();
                    }
                    said.into_iter().map(|(command, text)| view! {
                        <pre class="said"><span class="cmd"><i>"$ "</i><b>{command}</b></span>"\n"{text}</pre>
                    }).collect_view().into_any()
                }}
            </div>
        </section>
    }
}

/// Why the selected part of the timeline is as it is.
#[component]
pub(super) fn Why(state: LabState) -> impl IntoView {
    let desk = use_desk();
    let chain = Memo::new(move |_| {
        let id = state.selected.get()?;
        let desk = desk.get()?;
        state.played.with(|p| (desk.why)(p, id))
    });
    move || {
        let (told, places) = chain.get()?;
        let rule = told.steps.first().map(|s| s.rule)?;
        let steps = told.steps.into_iter().zip(places).take(4).map(|(step, span)| {
            let at = step.at;
            // What the API server refuses may end in lines that show the change.
            let (says, shown) = step.says.split_once('\n').map_or((step.says.clone(), None), |(says, rest)| (says.to_owned(), Some(rest.to_owned())));
            view! {
                <li>
                    <b>{format!("{says} at {}.{:02} s", at.ms() / 1000, at.ms() % 1000 / 10)}</b>
                    {shown.map(|lines| view! { <pre class="mono">{lines}</pre> })}
                    <button class="link" on:click=move |_| state.seek(at)>"Go to the moment"</button>
                    {span.map(|span| view! { " "<button class="link" on:click=move |_| state.goto.set(Some(span))>"Go to the line"</button> })}
                </li>
            }
        }).collect_view();
        Some(view! {
            <section class="why-box" aria-label="Why">
                <header>
                    <h2>"Why?"</h2>
                    <span class="grow"></span>
                    <button class="btn icon quiet" aria-label="Close" on:click=move |_| state.selected.set(None)>"✕"</button>
                </header>
                <ol class="chain">{steps}</ol>
                <p class="rule"><b>"Rule. "</b>{rule.says}</p>
                <p class="origin muted">{told.origin}</p>
            </section>
        })
    }
}
