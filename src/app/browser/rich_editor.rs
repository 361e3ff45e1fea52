//! The editor with colors and squiggles: a JavaScript module of the page's own folder, loaded after the first paint.

use js_sys::{Array, Function, Promise, Reflect};
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast as _, JsValue};
use wasm_bindgen_futures::JsFuture;

/// A mounted editor. The closure lives as long as it.
#[derive(Debug)]
pub(in crate::app) struct RichEditor {
    handle: JsValue,
    _changed: Closure<dyn Fn(String)>,
    _help: Closure<Help>,
    _jump: Closure<dyn Fn(u32)>,
}

/// What the editor asks: text, place in UTF-16 units, whether about a field that is there.
type Help = dyn Fn(String, u32, bool) -> JsValue;

impl RichEditor {
    /// Loads the module and mounts an editor; nothing if it cannot be had, and the text area stays.
    pub(in crate::app) async fn mount(
        parent: &web_sys::Element,
        text: &str,
        changed: impl Fn(String) + 'static,
        help: impl Fn(String, u32, bool) -> JsValue + 'static,
        jump: impl Fn(u32) + 'static,
    ) -> Option<Self> {
        let import: Function = Reflect::get(&js_sys::global(), &"podlabEditor".into()).ok()?.dyn_into().ok()?;
        let loading: Promise = import.call0(&JsValue::NULL).ok()?.dyn_into().ok()?;
        let module = JsFuture::from(loading).await.ok()?;
        let mount: Function = Reflect::get(&module, &"mount".into()).ok()?.dyn_into().ok()?;
        let changed = Closure::<dyn Fn(String)>::new(changed);
        let help = Closure::<Help>::new(help);
        let jump = Closure::<dyn Fn(u32)>::new(jump);
        let arguments = Array::of5(parent, &text.into(), changed.as_ref(), help.as_ref(), jump.as_ref());
        let handle = mount.apply(&JsValue::NULL, &arguments).ok()?;
        Some(Self { handle, _changed: changed, _help: help, _jump: jump })
    }

    fn call(&self, name: &str, arguments: &[JsValue]) {
        if let Ok(method) = Reflect::get(&self.handle, &name.into())
            && let Ok(method) = method.dyn_into::<Function>()
        {
            let list: Array = arguments.iter().collect();
            let _ = method.apply(&self.handle, &list).is_ok();
        }
    }

    /// Shows a part of the text; parts are told apart by their keys.
    pub(in crate::app) fn show(&self, key: &str, text: &str) {
        self.call("show", &[key.into(), text.into()]);
    }

    /// Underlines findings: from and to in UTF-16 units, severity, message.
    pub(in crate::app) fn set_findings(&self, found: &[(u32, u32, &'static str, String)]) {
        let one = |(from, to, severity, message): &(u32, u32, &'static str, String)| -> JsValue {
            Array::of4(&(*from).into(), &(*to).into(), &(*severity).into(), &message.as_str().into()).into()
        };
        let list: Array = found.iter().map(one).collect();
        self.call("setFindings", &[list.into()]);
    }

    /// Selects a range and shows it.
    pub(in crate::app) fn select(&self, from: u32, to: u32) {
        self.call("select", &[from.into(), to.into()]);
    }
}

impl Drop for RichEditor {
    fn drop(&mut self) {
        self.call("destroy", &[]);
    }
}
