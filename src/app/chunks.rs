//! The parts of the page that load after the first view: each is a chunk of the program, fetched when it is first needed.
//!
//! A function marked with `wasm_split` and all that only it needs goes into its chunk; `.ci/split` cuts the program so. What a
//! chunk offers comes back as plain functions, so that only the loading is asynchronous.
#![expect(clippy::unnecessary_wraps, reason = "the macro reports through the result that a chunk cannot be had")]

use leptos::prelude::*;
use leptos::task::spawn_local;
use wasm_split_helpers::{SplitLoaderError, wasm_split};

use super::browser::{self, Route};
use super::desk::{Desk, desk};

/// The pages of the course.
type Course = fn(Route) -> AnyView;

#[wasm_split(desk, fallible)]
fn load_desk() -> Result<Desk, SplitLoaderError> {
    Ok(desk())
}

#[wasm_split(course, fallible)]
fn load_course() -> Result<Course, SplitLoaderError> {
    Ok(super::course::page)
}

/// What became of a chunk.
#[derive(Debug, Clone, Copy)]
pub(super) enum Chunk<T> {
    /// It is on its way.
    Coming,
    /// It cannot be had.
    Missing,
    /// It is there.
    Here(T),
}

impl<T: Copy> Chunk<T> {
    fn of(loaded: Result<T, SplitLoaderError>) -> Self {
        loaded.map_or(Self::Missing, Self::Here)
    }
}

/// The desk, once it has come.
#[derive(Debug, Clone, Copy)]
pub(super) struct TheDesk(RwSignal<Chunk<Desk>>);

impl TheDesk {
    /// Its functions, if they are there.
    pub(super) fn get(self) -> Option<Desk> {
        match self.0.get() {
            Chunk::Here(desk) => Some(desk),
            Chunk::Coming | Chunk::Missing => None,
        }
    }
}

impl TheDesk {
    /// The same for somebody who need not know when it comes.
    pub(super) fn now(self) -> Option<Desk> {
        match self.0.try_get_untracked() {
            Some(Chunk::Here(desk)) => Some(desk),
            Some(Chunk::Coming | Chunk::Missing) | None => None,
        }
    }
}

/// Has the desk loaded after the next paint, and known to all below.
pub(super) fn provide_desk() {
    let desk = RwSignal::new(Chunk::Coming);
    provide_context(TheDesk(desk));
    request_animation_frame(move || spawn_local(async move { desk.set(Chunk::of(load_desk().await)) }));
}

/// The desk of this page.
pub(super) fn use_desk() -> TheDesk {
    use_context().unwrap_or_else(|| TheDesk(RwSignal::new(Chunk::Missing)))
}

/// Something that the desk is needed for.
pub(super) fn with_desk(what: impl Fn(Desk) -> AnyView + Send + 'static) -> AnyView {
    let desk = use_desk().0;
    (move || waiting(desk.get(), &what)).into_any()
}

/// A page of the course.
pub(super) fn course(route: Route) -> AnyView {
    let (desk, course) = (use_desk().0, RwSignal::new(Chunk::Coming));
    spawn_local(async move {
        browser::add_style("./learn.css").await;
        course.set(Chunk::of(load_course().await));
    });
    (move || waiting(desk.get(), |_| waiting(course.get(), |page| page(route.clone())))).into_any()
}

fn waiting<T>(chunk: Chunk<T>, then: impl FnOnce(T) -> AnyView) -> AnyView {
    let says = match chunk {
        Chunk::Here(there) => return then(there),
        Chunk::Coming => "Loading...",
        Chunk::Missing => "A part of this page could not be loaded. Is the connection there? Loading the page again tries it again.",
    };
    view! { <main class="page"><p role="status">{says}</p></main> }.into_any()
}
