//! Asking a server for JSON.

use crate::problem::Problem;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{AbortSignal, Headers, RequestInit, Response};

/// A venue's network that has swallowed a request for this long will not deliver it.
const TIMEOUT_MS: u32 = 15_000;

/// What a server said.
pub struct Answer {
    pub status: u16,
    pub retry_after: Option<String>,
    pub body: String,
}

/// GETs a text.
///
/// # Errors
/// [`Problem::Offline`] when no answer comes; any answer at all is a success here.
pub async fn get(url: &str) -> Result<Answer, Problem> {
    request("GET", url, &[], None).await
}

/// POSTs a JSON text, with `headers` of its own beside the usual ones.
///
/// # Errors
/// As [`get`].
pub async fn post_json(url: &str, headers: &[(&str, &str)], body: &str) -> Result<Answer, Problem> {
    request("POST", url, headers, Some(body)).await
}

/// POSTs nothing but the question.
///
/// # Errors
/// As [`get`].
pub async fn post(url: &str, headers: &[(&str, &str)]) -> Result<Answer, Problem> {
    request("POST", url, headers, None).await
}

/// DELETEs what is at an address. The request goes on when the guest closes the page.
///
/// # Errors
/// As [`get`].
pub async fn delete(url: &str, headers: &[(&str, &str)]) -> Result<Answer, Problem> {
    request("DELETE", url, headers, None).await
}

async fn request(
    method: &str,
    url: &str,
    headers: &[(&str, &str)],
    body: Option<&str>,
) -> Result<Answer, Problem> {
    let answer = match describe_request(method, headers, body) {
        Ok(options) => fetch(url, &options).await,
        Err(thrown) => Err(thrown),
    };
    answer.map_err(|_| Problem::Offline)
}

fn describe_request(
    method: &str,
    own_headers: &[(&str, &str)],
    body: Option<&str>,
) -> Result<RequestInit, JsValue> {
    let options = RequestInit::new();
    options.set_method(method);
    options.set_signal(Some(&AbortSignal::timeout_with_u32(TIMEOUT_MS)));
    // `web_sys` does not know this option yet.
    let outlives_page = method == "DELETE";
    js_sys::Reflect::set(&options, &"keepalive".into(), &outlives_page.into())?;
    let headers = Headers::new()?;
    headers.set("accept", "application/json")?;
    for (name, value) in own_headers {
        headers.set(name, value)?;
    }
    if let Some(body) = body {
        headers.set("content-type", "application/json")?;
        options.set_body(&body.into());
    }
    options.set_headers(&headers);
    Ok(options)
}

async fn fetch(url: &str, options: &RequestInit) -> Result<Answer, JsValue> {
    let window = web_sys::window().ok_or(JsValue::UNDEFINED)?;
    let response: Response = JsFuture::from(window.fetch_with_str_and_init(url, options))
        .await?
        .dyn_into()?;
    let body = JsFuture::from(response.text()?).await?;
    Ok(Answer {
        status: response.status(),
        retry_after: response.headers().get("retry-after")?,
        body: body.as_string().unwrap_or_default(),
    })
}
