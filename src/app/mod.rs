//! The page: a thin skin around manifest, simulation and views.
#![expect(unreachable_pub, reason = "the component macro writes public items")]
#![expect(clippy::too_many_lines, reason = "a component's markup reads as one piece")]
#![expect(clippy::needless_pass_by_value, reason = "a component owns its properties")]

mod browser;
mod course;
mod editor;
mod lab;
mod panels;
mod share;
mod state;
mod timeline;
mod ui;

use leptos::prelude::*;

use browser::Route;

/// Mounts the page into the document's body.
pub fn mount() {
    browser::restore_theme();
    leptos::mount::mount_to_body(App);
}

/// The whole page: header, and what the address asks for.
#[component]
fn App() -> impl IntoView {
    let route = browser::use_route();
    view! {
        <ui::Hatches/>
        <ui::Header route/>
        {move || match route.get() {
            Route::Lab(shared) => view! { <lab::Lab shared/> }.into_any(),
            Route::Course => view! { <course::Course/> }.into_any(),
            Route::Exercise(id) => view! { <course::Exercise id/> }.into_any(),
        }}
    }
}
