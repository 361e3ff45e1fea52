//! The two builds of the page: the lab alone, and the one with the course, which replaces it once it is asked for.

use js_sys::{Function, Promise, Reflect};
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast as _, JsValue};
use wasm_bindgen_futures::JsFuture;

/// What the page calls to make the mounted build leave.
const LEAVE: &str = "podlabLeave";

fn function(name: &str) -> Option<Function> {
    Reflect::get(&js_sys::global(), &name.into()).ok()?.dyn_into().ok()
}

/// Lets another build take this one's place.
pub(in crate::app) fn on_take_over(leave: impl FnOnce() + 'static) {
    let leave = Closure::once_into_js(leave);
    let _ = Reflect::set(&js_sys::global(), &LEAVE.into(), &leave).is_ok();
}

/// Takes the place of the build that is mounted, if one is.
pub(in crate::app) fn take_over() {
    if let Some(leave) = function(LEAVE) {
        let _ = leave.call0(&JsValue::NULL).is_ok();
    }
}

/// Loads the build with the course and starts it.
///
/// # Errors
/// It cannot be fetched.
pub(in crate::app) async fn load_course() -> Result<(), String> {
    let problem = |e: JsValue| String::from(js_sys::Object::from(e).to_string());
    let start = function("podlabCourse").ok_or("this page was built without the course")?;
    let loading: Promise = start.call0(&JsValue::NULL).map_err(problem)?.unchecked_into();
    JsFuture::from(loading).await.map(|_| ()).map_err(problem)
}
