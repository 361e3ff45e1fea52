//! Files that are handed out and taken in.

use leptos::prelude::*;
use wasm_bindgen::JsCast as _;
use wasm_bindgen_futures::JsFuture;

/// Gives the reader a file to keep.
pub(in crate::app) fn download(name: &str, text: &str) {
    let parts = js_sys::Array::of1(&text.into());
    let Ok(blob) = web_sys::Blob::new_with_str_sequence(&parts) else { return };
    let Ok(url) = web_sys::Url::create_object_url_with_blob(&blob) else { return };
    if let Ok(link) = document().create_element("a") {
        let _ = link.set_attribute("href", &url).is_ok() && link.set_attribute("download", name).is_ok();
        link.unchecked_into::<web_sys::HtmlElement>().click();
    }
    let _ = web_sys::Url::revoke_object_url(&url).is_ok();
}

/// Names and texts of chosen files; one that cannot be read has an empty text.
pub(in crate::app) async fn read_all(files: Option<web_sys::FileList>) -> Vec<(String, String)> {
    let Some(files) = files else { return Vec::new() };
    let mut all = Vec::new();
    for index in 0..files.length() {
        let Some(file) = files.get(index) else { continue };
        let text = JsFuture::from(file.text()).await.ok().and_then(|t| t.as_string()).unwrap_or_default();
        all.push((file.name(), text));
    }
    all
}
