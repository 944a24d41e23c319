//! The clipboard, which browsers give to pages only over `https` and on `localhost`.

use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::Clipboard;

fn clipboard() -> Option<Clipboard> {
    let navigator = web_sys::window()?.navigator();
    let found = js_sys::Reflect::get(&navigator, &"clipboard".into()).ok()?;
    found.dyn_into().ok()
}

/// Whether there is one.
pub fn is_there() -> bool {
    clipboard().is_some()
}

/// Puts a text into it; whether that was allowed.
pub async fn copy(text: &str) -> bool {
    match clipboard() {
        Some(clipboard) => JsFuture::from(clipboard.write_text(text)).await.is_ok(),
        None => false,
    }
}
