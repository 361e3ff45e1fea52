//! Laying YAML out anew: a JavaScript module of the page's own folder, loaded when it is asked for.

use js_sys::{Function, Promise, Reflect};
use wasm_bindgen::{JsCast as _, JsValue};
use wasm_bindgen_futures::JsFuture;

/// The same text in a tidy layout.
///
/// # Errors
/// Why it cannot be laid out, for people.
pub(in crate::app) async fn format(text: &str) -> Result<String, String> {
    let missing = |_| "the formatter cannot be loaded".to_owned();
    let call = || -> Result<Promise, JsValue> {
        let format: Function = Reflect::get(&js_sys::global(), &"podlabFormat".into())?.dyn_into()?;
        format.call1(&JsValue::NULL, &text.into())?.dyn_into()
    };
    let said = |error: JsValue| error.dyn_into::<js_sys::Error>().map_or_else(missing, |error| String::from(error.message()));
    let new = JsFuture::from(call().map_err(missing)?).await.map_err(said)?;
    new.as_string().ok_or_else(|| missing(JsValue::NULL))
}
