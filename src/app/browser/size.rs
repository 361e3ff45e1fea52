//! How wide an element is, followed through every change.

use leptos::html::Div;
use leptos::prelude::*;
use wasm_bindgen::JsCast as _;
use wasm_bindgen::closure::Closure;

/// The width of an element's content in pixels; 0 until it is known.
pub(in crate::app) fn use_width(of: NodeRef<Div>) -> Signal<f64> {
    let width = RwSignal::new(0.0);
    let measured = Closure::<dyn Fn(js_sys::Array)>::new(move |entries: js_sys::Array| {
        let last: web_sys::ResizeObserverEntry = entries.get(entries.length().saturating_sub(1)).unchecked_into();
        let _ = width.try_set(last.content_rect().width());
    });
    let Ok(observer) = web_sys::ResizeObserver::new(measured.as_ref().unchecked_ref()) else { return width.into() };
    let watching = observer.clone();
    Effect::new(move |_| {
        if let Some(element) = of.get() {
            watching.observe(&element);
        }
    });
    // Dropped with the page's part that asked for it.
    let alive = StoredValue::new_local((observer, measured));
    on_cleanup(move || {
        let _ = alive.try_with_value(|(observer, _)| observer.disconnect());
    });
    width.into()
}
