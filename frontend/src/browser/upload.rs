//! Sending a file while watching how much of it has gone: `fetch` does not tell, `XMLHttpRequest` does.

use crate::problem::Problem;
use futures::channel::oneshot;
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;
use wasm_bindgen::prelude::*;
use web_sys::{Blob, ProgressEvent, XmlHttpRequest};

/// 10 MB over a poor venue's network; past this the guest had better know.
const TIMEOUT_MS: u32 = 120_000;

/// Aborts the transfer when nobody waits for it any more, and keeps its listeners alive until then.
struct Transfer {
    request: XmlHttpRequest,
    on_progress: Closure<dyn FnMut(ProgressEvent)>,
    on_end: Closure<dyn FnMut()>,
}

impl Drop for Transfer {
    fn drop(&mut self) {
        self.request.set_onloadend(None);
        if let Ok(upload) = self.request.upload() {
            upload.set_onprogress(None);
        }
        // Does nothing to a transfer that is over.
        let _ = self.request.abort();
    }
}

/// Sends `file` with exactly the given headers; `on_progress` hears fractions from 0 to 1.
///
/// # Errors
/// [`Problem::Offline`] when it did not get through, [`Problem::UploadRefused`] when it was not taken.
pub async fn send_file(
    method: &str,
    url: &str,
    headers: &BTreeMap<String, String>,
    file: &Blob,
    on_progress: impl FnMut(f64) + 'static,
) -> Result<(), Problem> {
    let (transfer, ended) =
        begin(method, url, headers, file, on_progress).map_err(|_| Problem::UploadRefused)?;
    // The sender lives in the transfer's listener, so the channel cannot close before the end.
    let _ = ended.await;
    match transfer.request.status().unwrap_or(0) {
        200..=299 => Ok(()),
        0 => Err(Problem::Offline),
        _ => Err(Problem::UploadRefused),
    }
}

fn begin(
    method: &str,
    url: &str,
    headers: &BTreeMap<String, String>,
    file: &Blob,
    mut on_progress: impl FnMut(f64) + 'static,
) -> Result<(Transfer, oneshot::Receiver<()>), JsValue> {
    let (end, ended) = oneshot::channel();
    let end = Rc::new(RefCell::new(Some(end)));
    let transfer = Transfer {
        request: XmlHttpRequest::new()?,
        on_progress: Closure::new(move |event: ProgressEvent| {
            if event.length_computable() && event.total() > 0.0 {
                on_progress(event.loaded() / event.total());
            }
        }),
        on_end: Closure::new(move || {
            if let Some(end) = end.borrow_mut().take() {
                let _ = end.send(());
            }
        }),
    };
    let request = &transfer.request;
    request.open_with_async(method, url, true)?;
    request.set_timeout(TIMEOUT_MS);
    for (name, value) in headers {
        if !is_set_by_browser(name) {
            request.set_request_header(name, value)?;
        }
    }
    request
        .upload()?
        .set_onprogress(Some(transfer.on_progress.as_ref().unchecked_ref()));
    request.set_onloadend(Some(transfer.on_end.as_ref().unchecked_ref()));
    request.send_with_opt_blob(Some(file))?;
    Ok((transfer, ended))
}

/// Headers that pages may not set; the browser does, to the same values.
fn is_set_by_browser(name: &str) -> bool {
    name.eq_ignore_ascii_case("content-length") || name.eq_ignore_ascii_case("host")
}

#[cfg(test)]
mod tests {
    use super::is_set_by_browser;

    #[test]
    fn signed_headers_are_sent_except_those_the_browser_owns() {
        assert!(is_set_by_browser("Content-Length") && is_set_by_browser("host"));
        assert!(!is_set_by_browser("content-type") && !is_set_by_browser("x-amz-meta-a"));
    }
}
