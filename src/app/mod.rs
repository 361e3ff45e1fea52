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

/// Mounts the lab alone: what a first visit loads. The course is another build, which takes this one's place when it is asked for.
pub fn mount_lab() {
    start(|_| view! { <ui::LoadCourse/> }.into_any());
}

/// Mounts the lab and the course.
pub fn mount() {
    browser::take_over();
    start(course::page);
}

fn start(course: fn(Route) -> AnyView) {
    browser::restore_theme();
    let Some(body) = document().body() else { return };
    let mounted = leptos::mount::mount_to(body, move || view! { <App course/> });
    browser::on_take_over(move || drop(mounted));
}

/// The whole page: header, and what the address asks for.
#[component]
fn App(course: fn(Route) -> AnyView) -> impl IntoView {
    let route = browser::use_route();
    view! {
        <ui::Hatches/>
        <ui::Header route/>
        {move || match route.get() {
            Route::Lab(shared) => view! { <lab::Lab shared/> }.into_any(),
            other @ (Route::Course | Route::Exercise(_) | Route::Quiz(_) | Route::Gradebook | Route::Myths(_)) => course(other),
        }}
    }
}
