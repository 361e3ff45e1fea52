//! The course: its list, and one exercise.

use leptos::prelude::*;

/// The list of exercises.
#[component]
pub(super) fn Course() -> impl IntoView {
    view! { <main class="course"><h1>"Course"</h1></main> }
}

/// One exercise.
#[component]
pub(super) fn Exercise(id: String) -> impl IntoView {
    view! { <main class="course"><h1>{id}</h1></main> }
}
