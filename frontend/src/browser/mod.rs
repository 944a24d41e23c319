//! The browser's own interfaces, wrapped: the rest of the page never sees `web_sys` or `js_sys`.

pub mod address;
pub mod camera;
pub mod capture;
pub mod clipboard;
pub mod clock;
pub mod drop;
pub mod events;
pub mod http;
pub mod page;
pub mod photo_file;
pub mod random;
pub mod upload;

use wasm_bindgen::JsValue;

/// The name of a rejected promise's exception, such as `NotAllowedError`; empty for anything else.
fn exception_name(thrown: &JsValue) -> String {
    js_sys::Reflect::get(thrown, &"name".into())
        .ok()
        .and_then(|name| name.as_string())
        .unwrap_or_default()
}
