//! The page: a thin skin around manifest, simulation and views.
#![expect(unreachable_pub, reason = "the component macro writes public items")]
#![expect(clippy::too_many_lines, reason = "a component's markup reads as one piece")]
#![expect(clippy::needless_pass_by_value, reason = "a component owns its properties")]

mod advice;
mod browser;
mod chunks;
mod course;
mod desk;
mod documents;
mod editor;
mod events;
mod lab;
mod panels;
mod share;
mod state;
mod terminal;
mod timeline;
mod ui;
mod world;

use leptos::prelude::*;

use browser::Route;

/// Mounts the page.
pub fn mount() {
    browser::restore_theme();
    leptos::mount::mount_to_body(App);
}

/// The whole page: header, and what the address asks for.
#[component]
fn App() -> impl IntoView {
    chunks::provide_desk();
    let route = browser::use_route();
    view! {
        <ui::Hatches/>
        <ui::Header route/>
        {move || match route.get() {
            Route::Lab(shared) => lab::page(shared),
            other @ (Route::Course | Route::Exercise(_) | Route::Quiz(_) | Route::Gradebook | Route::Myths(_)) => chunks::course(other),
        }}
    }
}
