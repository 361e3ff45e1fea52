//! The world as a form: the common settings of the Scenario document, edited in the text where they stand.

use leptos::prelude::*;

use super::state::LabState;
use crate::scenario::edit::{self, Step};

/// A list of the Scenario that the form shows.
type List = &'static str;

/// A field of the form: its label, what an empty one shows, and where it stands.
struct Field {
    label: &'static str,
    hint: &'static str,
    path: Vec<Step>,
}

/// The form.
pub(super) fn form(state: LabState) -> AnyView {
    let text = state.text;
    let field = move |label, hint, path: &[Step]| input(text, Field { label, hint, path: path.to_vec() });
    view! {
        <section class="world" aria-label="World">
            <p class="muted">"What surrounds the manifest. Every field stands in the Scenario document of the text, and changes there."</p>
            <div class="w-row">
                {field("Duration", "120s", &[Step::Field("duration")])}
                {field("Seed", "1", &[Step::Field("seed")])}
            </div>
            {rows(text, "images", "Images", "{image: 'shop:1'}", |_| &IMAGE)}
            {rows(text, "hosts", "Hosts outside", "{name: db, ports: [5432], from: 10s}", |_| &HOST)}
            {rows(text, "actions", "Actions", "{at: 30s, delete: {name: NAME}}", of_action)}
        </section>
    }
    .into_any()
}

/// The fields of a row: label, what an empty one shows, names on the way.
type Columns = [(&'static str, &'static str, &'static [&'static str])];

const IMAGE: [(&str, &str, &[&str]); 5] = [
    ("Image", "", &["image"]),
    ("Starts up in", "its own time", &["startup"]),
    ("Pull", "{takes: 12s}, notFound", &["pull"]),
    ("Crashes after", "never", &["crash", "after"]),
    ("Crash code", "1", &["crash", "code"]),
];
const HOST: [(&str, &str, &[&str]); 4] =
    [("Name", "", &["name"]), ("Ports", "[5432]", &["ports"]), ("From", "0s", &["from"]), ("Until", "the end", &["until"])];
const DELETE: [(&str, &str, &[&str]); 3] =
    [("At", "", &["at"]), ("Delete pod", "", &["delete", "name"]), ("Grace", "its own", &["delete", "grace"])];
const KILL: [(&str, &str, &[&str]); 4] = [
    ("At", "", &["at"]),
    ("Kill in pod", "", &["kill", "pod"]),
    ("Container", "", &["kill", "container"]),
    ("Signal", "KILL", &["kill", "signal"]),
];
const OTHER: [(&str, &str, &[&str]); 3] = [("At", "", &["at"]), ("Patch", "in the text", &["patch"]), ("Apply", "in the text", &["apply"])];

/// What an action is, by what it has.
fn of_action(spec: &str) -> &'static Columns {
    if spec.contains("delete") {
        &DELETE
    } else if spec.contains("kill") {
        &KILL
    } else {
        &OTHER
    }
}

/// The rows of a list, made anew only when their number or kind changes, so that the cursor stays where it is.
fn rows(text: RwSignal<String>, list: List, title: &'static str, new: &'static str, columns: fn(&str) -> &'static Columns) -> AnyView {
    let kinds = Memo::new(move |_| {
        let at = |t: &str, index| edit::get(t, &[Step::Field(list), Step::At(index)]).unwrap_or_default();
        text.with(|t| {
            (0..edit::len(t, list)).map(|index| columns(&at(t, index)).iter().map(|c| c.0).collect::<String>()).collect::<Vec<_>>()
        })
    });
    let row = move |index: usize| {
        let own = text.with_untracked(|t| edit::get(t, &[Step::Field(list), Step::At(index)])).unwrap_or_default();
        let one = |(label, hint, names): &(&'static str, &'static str, &'static [&'static str])| {
            let path = [Step::Field(list), Step::At(index)].into_iter().chain(names.iter().map(|name| Step::Field(name)));
            input(text, Field { label, hint, path: path.collect() })
        };
        view! {
            <li class="w-row">
                {columns(&own).iter().map(one).collect_view()}
                <button class="btn icon quiet" aria-label=format!("Remove {} of {title}", index + 1) title="Remove"
                    on:click=move |_| text.update(|t| *t = edit::remove(t, list, index))>"✕"</button>
            </li>
        }
    };
    let add = move |_| {
        let pod = text.with_untracked(|t| first_pod(t));
        text.update(|t| *t = edit::add(t, list, &new.replace("NAME", &edit::quoted(&pod))));
    };
    view! {
        <fieldset>
            <legend>{title}</legend>
            <ul>{move || (0..kinds.with(Vec::len)).map(row).collect_view()}</ul>
            <button class="btn" on:click=add>"Add"<span class="sr">{format!(" to {title}")}</span></button>
        </fieldset>
    }
    .into_any()
}

/// The name of the first pod of a text.
fn first_pod(text: &str) -> String {
    let read = crate::manifest::read(text);
    read.admitted().iter().find_map(|object| object.pod().map(|pod| pod.metadata.name.clone())).unwrap_or_else(|| "web".into())
}

fn input(text: RwSignal<String>, field: Field) -> AnyView {
    let Field { label, hint, path } = field;
    let of = path.clone();
    let value = Memo::new(move |_| text.with(|t| edit::get(t, &of).unwrap_or_default()));
    let set = move |ev| {
        let new = event_target_value(&ev);
        // Braces and brackets are YAML already.
        let new = if new.trim_start().starts_with(['{', '[']) { new } else { edit::quoted(&new) };
        text.update(|t| *t = edit::set(t, &path, &new));
    };
    view! { <label class="w-field"><span>{label}</span><input type="text" placeholder=hint prop:value=value on:change=set/></label> }
        .into_any()
}
