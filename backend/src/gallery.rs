//! `GET /api/themes` and the pictures it names: everything is made once, at the start, and kept in memory.

use crate::app::AppState;
use crate::digest::hexadecimal;
use crate::error::ApiResult;
use anyhow::Context;
use api::{ErrorBody, ErrorCode};
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use http::{HeaderMap, HeaderValue, StatusCode, header};
use portrait::Catalog;
use serde::Serialize;
use sha2::{Digest, Sha256};
use std::collections::HashMap;
use std::fs;

/// Themes change with a release; within a minute every page has the new ones, and asking again costs no body.
const THEMES_CACHING: HeaderValue = HeaderValue::from_static("public, max-age=60, must-revalidate");

/// A thumbnail's address holds its hash, so what lies under it never changes.
const THUMBNAIL_CACHING: HeaderValue =
    HeaderValue::from_static("public, max-age=31536000, immutable");

/// The themes as data and as finished answers.
#[derive(Debug)]
pub struct Gallery {
    themes: Vec<api::Theme>,
    list: Prepared,
    each: HashMap<String, Prepared>,
    /// By theme and file name.
    thumbnails: HashMap<(String, String), Bytes>,
}

/// An answer that is the same for everybody.
#[derive(Debug)]
struct Prepared {
    json: Bytes,
    etag: HeaderValue,
}

impl Gallery {
    /// Takes in every theme and reads the thumbnails.
    ///
    /// # Errors
    /// A thumbnail is there but cannot be read.
    pub fn of(catalog: &Catalog) -> anyhow::Result<Self> {
        let mut thumbnails = HashMap::new();
        let mut themes = Vec::new();
        for theme in catalog.themes() {
            themes.push(describe(theme, &mut thumbnails)?);
        }
        let mut each = HashMap::new();
        for theme in &themes {
            each.insert(theme.id.clone(), Prepared::of(theme)?);
        }
        Ok(Self {
            list: Prepared::of(&themes)?,
            themes,
            each,
            thumbnails,
        })
    }

    pub fn theme(&self, id: &str) -> Option<&api::Theme> {
        self.themes.iter().find(|theme| theme.id == id)
    }
}

impl Prepared {
    fn of(value: &impl Serialize) -> anyhow::Result<Self> {
        let json = Bytes::from(serde_json::to_vec(value)?);
        let etag = HeaderValue::try_from(format!("\"{}\"", short_hash(&json)))?;
        Ok(Self { json, etag })
    }

    fn answer(&self, request: &HeaderMap) -> Response {
        let known = request
            .get_all(header::IF_NONE_MATCH)
            .iter()
            .filter_map(|value| value.to_str().ok())
            .flat_map(|list| list.split(','))
            .map(|tag| tag.trim().trim_start_matches("W/"))
            .any(|tag| tag == "*" || tag.as_bytes() == self.etag.as_bytes());
        let caching = [
            (header::ETAG, self.etag.clone()),
            (header::CACHE_CONTROL, THEMES_CACHING),
        ];
        if known {
            return (StatusCode::NOT_MODIFIED, caching).into_response();
        }
        let json = [(header::CONTENT_TYPE, "application/json")];
        (caching, json, self.json.clone()).into_response()
    }
}

/// Every theme, in the gallery's order.
#[utoipa::path(
    get, path = "/api/themes", tag = "themes",
    responses(
        (status = 200, body = [api::Theme], description = "Every theme, in the gallery's order", headers(
            ("etag" = String, description = "Send it as If-None-Match to get 304 as long as nothing changed"),
        )),
        (status = 304, description = "Nothing changed"),
    ),
)]
pub async fn list_themes(State(app): State<AppState>, headers: HeaderMap) -> Response {
    app.gallery.list.answer(&headers)
}

/// One theme.
#[utoipa::path(
    get, path = "/api/themes/{id}", tag = "themes",
    params(("id" = String, Path, description = "A theme's id, such as greek")),
    responses(
        (status = 200, body = api::Theme, description = "The theme"),
        (status = 304, description = "Nothing changed"),
        (status = 404, body = ErrorBody, description = "UNKNOWN_THEME"),
    ),
)]
pub async fn show_theme(
    State(app): State<AppState>,
    Path(id): Path<String>,
    headers: HeaderMap,
) -> ApiResult<Response> {
    let prepared = app.gallery.each.get(&id).ok_or(ErrorCode::UnknownTheme)?;
    Ok(prepared.answer(&headers))
}

/// One example portrait.
pub async fn show_thumbnail(
    State(app): State<AppState>,
    Path(names): Path<(String, String)>,
) -> ApiResult<Response> {
    let jpeg = app
        .gallery
        .thumbnails
        .get(&names)
        .ok_or(ErrorCode::NotFound)?;
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static("image/jpeg")),
        (header::CACHE_CONTROL, THUMBNAIL_CACHING),
    ];
    Ok((headers, jpeg.clone()).into_response())
}

fn describe(
    theme: &portrait::Theme,
    thumbnails: &mut HashMap<(String, String), Bytes>,
) -> anyhow::Result<api::Theme> {
    let mut variants = Vec::new();
    for variant in &theme.variants {
        variants.push(api::Variant {
            id: variant.id.clone(),
            name: variant.name.clone(),
            description: variant.description.clone(),
            thumbnail_url: take_thumbnail(&theme.id, variant, thumbnails)?,
        });
    }
    let first = variants
        .first()
        .with_context(|| format!("theme {} has no variant", theme.id))?;
    Ok(api::Theme {
        id: theme.id.clone(),
        name: theme.name.clone(),
        tagline: theme.tagline.clone(),
        description: theme.description.clone(),
        thumbnail_url: first.thumbnail_url.clone(),
        variants,
    })
}

/// Reads a variant's thumbnail and gives its address. A theme whose thumbnail was not rendered yet works all
/// the same; the gallery shows its name in the picture's place.
fn take_thumbnail(
    theme: &str,
    variant: &portrait::Variant,
    thumbnails: &mut HashMap<(String, String), Bytes>,
) -> anyhow::Result<String> {
    let file = format!("{}.jpg", variant.id);
    let address = format!("/media/themes/{theme}/{file}");
    if !variant.thumbnail.is_file() {
        tracing::warn!(
            "theme {theme} has no thumbnail of its variant {}",
            variant.id
        );
        return Ok(address);
    }
    let jpeg = fs::read(&variant.thumbnail)
        .with_context(|| format!("reading {}", variant.thumbnail.display()))?;
    let version = short_hash(&jpeg);
    thumbnails.insert((theme.to_owned(), file), jpeg.into());
    Ok(format!("{address}?v={version}"))
}

/// 64 bits of SHA-256: enough to tell versions of one thing apart.
fn short_hash(bytes: &[u8]) -> String {
    hexadecimal(&Sha256::digest(bytes)[..8])
}
