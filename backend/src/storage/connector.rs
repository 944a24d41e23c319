//! Carries the SDK's requests to the embedded endpoint without a socket, so that the process can store a
//! portrait whatever address it listens on, and even while its listener is closing.

use super::Endpoint;
use aws_smithy_runtime_api::client::http::{
    HttpClient, HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpConnector,
};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_smithy_runtime_api::client::result::ConnectorError;
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_smithy_types::body::SdkBody;
use bytes::Bytes;
use http::{HeaderValue, header};
use http_body_util::BodyExt;
use std::error::Error;

/// An HTTP client whose every request ends at the embedded endpoint.
#[derive(Clone, Debug)]
pub struct InProcess {
    endpoint: Endpoint,
}

impl InProcess {
    pub fn new(endpoint: Endpoint) -> Self {
        Self { endpoint }
    }
}

impl HttpClient for InProcess {
    fn http_connector(
        &self,
        _: &HttpConnectorSettings,
        _: &RuntimeComponents,
    ) -> SharedHttpConnector {
        SharedHttpConnector::new(self.clone())
    }
}

impl HttpConnector for InProcess {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let endpoint = self.endpoint.clone();
        HttpConnectorFuture::new(async move { exchange(&endpoint, request).await })
    }
}

async fn exchange(
    endpoint: &Endpoint,
    request: HttpRequest,
) -> Result<HttpResponse, ConnectorError> {
    let request = to_endpoint(request).map_err(ConnectorError::user)?;
    let response = endpoint
        .call(request)
        .await
        .map_err(|error| ConnectorError::io(error.into()))?;
    // Whole in memory: what the backend itself fetches is an upload of at most 10 MB.
    let (parts, body) = response.into_parts();
    let body = body.collect().await.map_err(ConnectorError::io)?.to_bytes();
    http::Response::from_parts(parts, SdkBody::from(body))
        .try_into()
        .map_err(|error: aws_smithy_runtime_api::http::HttpError| {
            ConnectorError::user(error.into())
        })
}

fn to_endpoint(request: HttpRequest) -> Result<s3s::HttpRequest, Box<dyn Error + Send + Sync>> {
    let mut request = request.try_into_http1x()?;
    if !request.headers().contains_key(header::HOST) {
        let authority = request
            .uri()
            .authority()
            .ok_or("a request without a host")?
            .as_str();
        let host = HeaderValue::from_str(authority)?;
        request.headers_mut().insert(header::HOST, host);
    }
    let (parts, body) = request.into_parts();
    let bytes = body.bytes().ok_or("a request body that is not in memory")?;
    Ok(http::Request::from_parts(
        parts,
        Bytes::copy_from_slice(bytes).into(),
    ))
}
