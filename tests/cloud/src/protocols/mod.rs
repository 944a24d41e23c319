//! How services are spoken with: one protocol a file. Each reads a request into JSON and writes an answer from it.

pub(crate) mod cbor;
pub(crate) mod json;
pub(crate) mod query;
pub(crate) mod rest;

use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};

const REQUEST_ID: HeaderName = HeaderName::from_static("x-amzn-requestid");

fn answer(status: u16, content_type: &'static str, body: impl Into<Vec<u8>>) -> Response {
    let mut headers = HeaderMap::new();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(content_type));
    headers.insert(REQUEST_ID, HeaderValue::from_static("rehearsal"));
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    (status, headers, body.into()).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pass::unknown;
    use axum::body::to_bytes;

    async fn read(response: Response) -> (u16, String) {
        let status = response.status().as_u16();
        let body = to_bytes(response.into_body(), usize::MAX).await.unwrap();
        (status, String::from_utf8_lossy(&body).into_owned())
    }

    #[tokio::test]
    async fn each_protocol_has_its_own_word_for_what_it_does_not_know() {
        let word = "UnknownOperationException";
        for (answer, status, word) in [
            (json::write(unknown("Ask")), 400, word),
            (cbor::write(unknown("Ask")), 404, word),
            (
                query::write("Ask", unknown("Ask")),
                400,
                "<Code>InvalidAction</Code>",
            ),
        ] {
            let (given, body) = read(answer).await;
            assert_eq!(given, status);
            assert!(body.contains(word), "{body}");
        }
        let answer = rest::write(unknown("Ask"));
        assert_eq!(answer.status(), 404);
        assert_eq!(answer.headers()["x-amzn-errortype"], word);
    }
}
