//! The API's description for programs (`/api/openapi.json`) and the page to read and try it (`/api/docs/`).

use crate::error::{ApiError, ApiResult};
use crate::{gallery, health, intake, results};
use api::ErrorCode;
use axum::extract::Path;
use axum::response::{IntoResponse, Redirect, Response};
use bytes::Bytes;
use http::{HeaderValue, header};
use std::sync::{Arc, LazyLock};
use utoipa::openapi::path::{Operation, PathItem};
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::openapi::{
    Content, Header, Object, Ref, RefOr, Response as Answer, ResponseBuilder, Type,
};
use utoipa::{Modify, OpenApi};
use utoipa_swagger_ui::Config;

/// The page writes its styles into its elements and draws its icons from data addresses; scripts stay files.
const DOCS_POLICY: HeaderValue = HeaderValue::from_static(
    "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; frame-ancestors 'none'",
);

/// A release's description never changes.
static DESCRIPTION: LazyLock<Result<Bytes, serde_json::Error>> = LazyLock::new(|| {
    let description = Description::openapi();
    Ok(serde_json::to_vec(&description)?.into())
});

#[derive(OpenApi)]
#[openapi(
    info(
        title = "AI Photobooth",
        description = "From a photo to a themed portrait in four calls: ask for a ticket, put the photo where it says, \
            ask for the portrait, and follow the job. Every error has a stable code, a sentence and what to do next."
    ),
    paths(
        intake::ticket::issue_ticket,
        intake::submit::submit,
        results::status::show_job,
        results::events::follow_job,
        results::control::cancel_job,
        results::control::delete_visit,
        results::sharing::share_portrait,
        results::shared::show_share,
        results::shared::show_portrait,
        results::shared::save_portrait,
        gallery::list_themes,
        gallery::show_theme,
        health::show_health,
        health::show_live,
        health::show_ready,
    ),
    components(schemas(ErrorCode)),
    modifiers(&Owner, &Patience)
)]
struct Description;

/// How a guest proves that a visit is theirs.
struct Owner;

impl Modify for Owner {
    fn modify(&self, description: &mut utoipa::openapi::OpenApi) {
        let secret = HttpBuilder::new()
            .scheme(HttpAuthScheme::Bearer)
            .description(Some(
                "The ownerSecret that came with the answer to POST /api/process",
            ))
            .build();
        let components = description.components.get_or_insert_default();
        components.add_security_scheme("owner", SecurityScheme::Http(secret));
    }
}

/// What is the same for every call but those of health, which is not counted: that it may come too soon, and when to
/// come back.
struct Patience;

impl Modify for Patience {
    fn modify(&self, description: &mut utoipa::openapi::OpenApi) {
        let calls = description.paths.paths.values_mut().flat_map(calls_of);
        for call in calls.filter(|call| !is_of_health(call)) {
            let answers = &mut call.responses.responses;
            if let Some(RefOr::T(unavailable)) = answers.get_mut("503") {
                let header = RefOr::T(retry_after());
                unavailable.headers.insert("retry-after".into(), header);
            }
            answers.insert("429".into(), RefOr::T(too_many_requests()));
        }
    }
}

fn calls_of(path: &mut PathItem) -> impl Iterator<Item = &mut Operation> {
    let calls = [
        &mut path.get,
        &mut path.put,
        &mut path.post,
        &mut path.patch,
        &mut path.delete,
    ];
    calls.into_iter().flatten()
}

fn is_of_health(call: &Operation) -> bool {
    call.tags.iter().flatten().any(|tag| tag == "health")
}

fn too_many_requests() -> Answer {
    let body = Content::new(Some(Ref::from_schema_name("ErrorBody")));
    ResponseBuilder::new()
        .description("RATE_LIMITED: come back after Retry-After seconds")
        .header("retry-after", retry_after())
        .content("application/json", body)
        .build()
}

fn retry_after() -> Header {
    let mut header = Header::new(Object::with_type(Type::Integer));
    header.description = Some("Seconds to wait, at least 1".to_owned());
    header
}

/// `GET /api/openapi.json`.
pub async fn show_description() -> ApiResult<Response> {
    let json = DESCRIPTION
        .as_ref()
        .map_err(|error| anyhow::anyhow!("{error}"))?;
    let headers = [
        (header::CONTENT_TYPE, "application/json"),
        (header::CACHE_CONTROL, "public, max-age=60"),
    ];
    Ok((headers, json.clone()).into_response())
}

/// `GET /api/docs`: its files are named relative to a folder.
pub async fn go_to_docs() -> Redirect {
    Redirect::permanent("/api/docs/")
}

/// `GET /api/docs/`.
pub async fn show_docs() -> ApiResult<Response> {
    file("index.html")
}

/// `GET /api/docs/{file}`.
pub async fn show_docs_file(Path(name): Path<String>) -> ApiResult<Response> {
    file(&name)
}

fn file(name: &str) -> ApiResult<Response> {
    // The page would ask a validator elsewhere about us.
    let config = Config::new(["/api/openapi.json"]).validator_url("none");
    let found = utoipa_swagger_ui::serve(name, Arc::new(config))
        .map_err(|error| anyhow::anyhow!("the description's page: {error}"))?
        .ok_or_else(|| ApiError::from(ErrorCode::NotFound))?;
    let headers = [
        (
            header::CONTENT_TYPE,
            HeaderValue::try_from(found.content_type).map_err(anyhow::Error::from)?,
        ),
        (header::CONTENT_SECURITY_POLICY, DOCS_POLICY),
    ];
    Ok((headers, found.bytes.into_owned()).into_response())
}
