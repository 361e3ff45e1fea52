//! The header and small parts that every page shares.

use leptos::prelude::*;

use super::browser::{self, Route};

/// The hatches that the timeline fills its states with.
#[component]
pub(super) fn Hatches() -> impl IntoView {
    let patterns = concat!(
        r#"<pattern id="h-pull" width="5" height="5" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><path d="M.5 0v5" class="m-pull"/></pattern>"#,
        r#"<pattern id="h-init" width="6" height="6" patternUnits="userSpaceOnUse"><path d="M.5 0v6" class="m-init"/></pattern>"#,
        r#"<pattern id="h-back" width="9" height="9" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><path d="M1.5 0v9" class="m-back"/></pattern>"#,
        r#"<pattern id="h-term" width="7" height="7" patternUnits="userSpaceOnUse" patternTransform="rotate(-45)"><path d="M1 0v7" class="m-term"/></pattern>"#,
        r#"<pattern id="h-err" width="9" height="9" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><path d="M.5 0v9M0 .5h9" class="m-err"/></pattern>"#
    );
    view! { <svg class="defs" width="0" height="0" aria-hidden="true"><defs inner_html=patterns></defs></svg> }
}

/// A symbol drawn with one path.
#[component]
pub(super) fn Icon(path: &'static str) -> impl IntoView {
    view! { <svg class="i" viewBox="0 0 16 16" aria-hidden="true"><path d=path></path></svg> }
}

const LOGO: &str = concat!(
    r#"<path d="M9.5 1.5H8a6.5 6.5 0 0 0 0 13h1.5" fill="none" stroke="currentColor" stroke-width="1.5" stroke-dasharray="2.2 2"/>"#,
    r#"<path d="M9.5 1.5h9v13h-9z" fill="none" stroke="currentColor" stroke-width="1.5"/><path d="M9.5 8h9v6.5h-9z" fill="currentColor"/>"#,
    r#"<path d="M18.5.75H22a7.25 7.25 0 0 1 0 14.5h-3.5z" fill="currentColor"/><path d="M18.5 0v16" stroke="var(--accent)" stroke-width="2"/>"#
);

/// The top bar.
#[component]
pub(super) fn Header(route: Signal<Route>) -> impl IntoView {
    let at = move |place: u8| {
        let here = match route.get() {
            Route::Lab(_) => 0,
            Route::Course | Route::Exercise(_) => 1,
            Route::Myths(_) => 2,
            Route::Quiz(_) | Route::Gradebook => 3,
        };
        (here == place).then_some("page")
    };
    view! {
        <header class="top">
            <a class="brand" href="#/lab"><svg viewBox="0 0 30 16" aria-hidden="true" inner_html=LOGO></svg>"Podlab"</a>
            <nav class="nav" aria-label="Pages">
                <a href="#/lab" aria-current=move || at(0)>"Lab"</a>
                <a href="#/course" aria-current=move || at(1)>"Course"</a>
                <a href="#/myths" aria-current=move || at(2)>"Myths"</a>
                <a href="#/quiz" aria-current=move || at(3)>"Quiz"</a>
            </nav>
            <span class="grow"></span>
            <button class="btn icon quiet" aria-label="Light or dark" title="Light or dark" on:click=|_| browser::toggle_theme()>
                <Icon path="M13 9.7A5.4 5.4 0 0 1 6.3 3 5.4 5.4 0 1 0 13 9.7z"/>
            </button>
        </header>
    }
}
