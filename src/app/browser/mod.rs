//! The browser, behind small functions: storage, address, theme, clipboard. None of them fails; at worst nothing happens.

mod files;
mod layout;
mod rich_editor;
mod size;

use leptos::prelude::*;
use wasm_bindgen::JsCast as _;
use wasm_bindgen::closure::Closure;
use wasm_bindgen_futures::JsFuture;

pub(super) use files::{download, read_all};
pub(super) use layout::format;
pub(super) use rich_editor::RichEditor;
pub(super) use size::use_width;

/// Where the address points.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Route {
    /// The lab, perhaps with a shared manifest.
    Lab(Option<String>),
    /// The list of exercises.
    Course,
    /// One exercise.
    Exercise(String),
    /// A quiz to make, or one to take.
    Quiz(Option<String>),
    /// The results of a class.
    Gradebook,
    /// All myths, or one.
    Myths(Option<String>),
}

fn route_of(hash: &str) -> Route {
    let path = hash.trim_start_matches('#').trim_start_matches('/');
    match path.split_once('/') {
        Some(("exercise", id)) => Route::Exercise(id.to_owned()),
        Some(("lab", shared)) if !shared.is_empty() => Route::Lab(Some(shared.to_owned())),
        Some(("quiz", quiz)) if !quiz.is_empty() => Route::Quiz(Some(quiz.to_owned())),
        _ if path == "course" => Route::Course,
        _ if path.trim_end_matches('/') == "quiz" => Route::Quiz(None),
        Some(("myths", id)) if !id.is_empty() => Route::Myths(Some(id.to_owned())),
        _ if path == "gradebook" => Route::Gradebook,
        _ if path.trim_end_matches('/') == "myths" => Route::Myths(None),
        _ => Route::Lab(None),
    }
}

/// The route, following the address.
pub(super) fn use_route() -> Signal<Route> {
    let read = || route_of(&window().location().hash().unwrap_or_default());
    let (route, set_route) = signal(read());
    let changed = Closure::<dyn Fn()>::new(move || set_route.set(read()));
    let _ = window().add_event_listener_with_callback("hashchange", changed.as_ref().unchecked_ref()).is_ok();
    changed.forget();
    route.into()
}

/// The address of this page without its hash.
pub(super) fn base_address() -> String {
    let href = window().location().href().unwrap_or_default();
    href.split('#').next().unwrap_or_default().to_owned()
}

fn storage() -> Option<web_sys::Storage> {
    window().local_storage().ok().flatten()
}

/// Reads a stored text.
pub(super) fn load(key: &str) -> Option<String> {
    storage()?.get_item(&format!("podlab.v1.{key}")).ok().flatten()
}

/// Stores a text; a full or forbidden storage is no reason to stop.
pub(super) fn save(key: &str, text: &str) -> bool {
    storage().is_some_and(|s| s.set_item(&format!("podlab.v1.{key}"), text).is_ok())
}

/// Forgets a stored text.
pub(super) fn forget(key: &str) {
    if let Some(storage) = storage() {
        let _ = storage.remove_item(&format!("podlab.v1.{key}")).is_ok();
    }
}

/// All stored texts by key.
pub(super) fn stored() -> Vec<(String, String)> {
    let Some(storage) = storage() else { return Vec::new() };
    let keys = (0..storage.length().unwrap_or(0)).filter_map(|index| storage.key(index).ok().flatten());
    keys.filter_map(|key| key.strip_prefix("podlab.v1.").map(str::to_owned)).filter_map(|key| load(&key).map(|text| (key, text))).collect()
}

/// Sets the theme that was chosen before, if any.
pub(super) fn restore_theme() {
    if let Some(theme) = load("theme") {
        set_theme(&theme);
    }
}

fn set_theme(theme: &str) {
    if let Some(root) = document().document_element() {
        let _ = root.set_attribute("data-theme", theme).is_ok();
    }
}

/// Changes between light and dark.
pub(super) fn toggle_theme() {
    let chosen = document().document_element().and_then(|r| r.get_attribute("data-theme"));
    let prefers_dark = window().match_media("(prefers-color-scheme: dark)").ok().flatten().is_some_and(|m| m.matches());
    let dark = chosen.map_or(prefers_dark, |t| t == "dark");
    let theme = if dark { "light" } else { "dark" };
    set_theme(theme);
    save("theme", theme);
}

/// Puts a text on the clipboard.
pub(super) fn copy(text: &str) {
    let _ = window().navigator().clipboard().write_text(text);
}

/// Puts a hash into the address without a new entry in the history and without a change of route.
pub(super) fn show_hash(hash: &str) {
    if let Ok(history) = window().history() {
        let _ = history.replace_state_with_url(&wasm_bindgen::JsValue::NULL, "", Some(hash)).is_ok();
    }
}

/// Adds a style sheet of this page's own folder, once.
pub(super) async fn add_style(path: &str) {
    let known = document().query_selector(&format!("link[href=\"{path}\"]")).ok().flatten();
    let add = js_sys::Reflect::get(&js_sys::global(), &"podlabStyle".into()).and_then(wasm_bindgen::JsCast::dyn_into::<js_sys::Function>);
    if known.is_none()
        && let Ok(added) = add.and_then(|add| add.call1(&wasm_bindgen::JsValue::NULL, &path.into()))
    {
        let _ = JsFuture::from(js_sys::Promise::from(added)).await.is_ok();
    }
}

/// Fetches a file of this page's own folder.
pub(super) async fn fetch(path: &str) -> Result<String, String> {
    let failed = |e: wasm_bindgen::JsValue| format!("{path}: {}", String::from(js_sys::Object::from(e).to_string()));
    let answer = JsFuture::from(window().fetch_with_str(path)).await.map_err(failed)?;
    let answer: web_sys::Response = answer.unchecked_into();
    if !answer.ok() {
        return Err(format!("{path}: the server answered {}", answer.status()));
    }
    let text = JsFuture::from(answer.text().map_err(failed)?).await.map_err(failed)?;
    Ok(text.as_string().unwrap_or_default())
}

/// Reads a file of this page's own folder, YAML or JSON.
pub(super) async fn read<T: serde::de::DeserializeOwned>(path: &str) -> Result<T, String> {
    parse(path, &fetch(path).await?)
}

/// Reads the text of the file `path`, YAML or JSON.
pub(super) fn parse<T: serde::de::DeserializeOwned>(path: &str, text: &str) -> Result<T, String> {
    let parsed = crate::yaml::parse(text);
    let root = parsed.value.first().map(|document| &document.root).ok_or_else(|| format!("{path} is empty"))?;
    crate::decode::from_node(root).map_err(|found| {
        let line = crate::text::LineIndex::new(text).position(text, found.span.start as usize).line;
        format!("{path}, line {line}: {}", found.message)
    })
}

/// The x of a pointer within an element.
pub(super) fn x_within(element: &web_sys::Element, client_x: i32) -> f64 {
    f64::from(client_x) - element.get_bounding_client_rect().left()
}

/// The value of an attribute on the element that a pointer is at, or on one around it. Some marks are a pixel wide: what is
/// hardly beside the pointer counts too.
pub(super) fn attribute_near(ev: &web_sys::PointerEvent, name: &str) -> Option<String> {
    let document = document();
    #[expect(clippy::cast_precision_loss, reason = "no screen has so many pixels")]
    let (x, y) = (ev.client_x() as f32, ev.client_y() as f32);
    [0.0, -2.0, 2.0, -4.0, 4.0].into_iter().find_map(|aside| {
        let element = document.element_from_point(x + aside, y)?;
        element.closest(&format!("[{name}]")).ok().flatten()?.get_attribute(name)
    })
}
