//! A link to a portrait: `POST /api/process/{id}/share`, and `GET /api/share/{token}` for whoever follows it.

use serde::{Deserialize, Serialize};

/// The 201 answer: a link to the portrait, for whoever its guest gives it to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct Share {
    /// Given once; only its hash is stored.
    pub token: String,
    /// Where the page shows the portrait, to be put behind the booth's own address.
    pub path: String,
    /// When the link ends (RFC 3339, UTC).
    #[cfg_attr(feature = "openapi", schema(format = DateTime))]
    pub expires_at: String,
}

/// What whoever has the link may see.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct SharedPortrait {
    pub theme_id: String,
    pub theme_name: String,
    /// The portrait; it opens in the browser, as long as the link lasts.
    pub url: String,
    /// The same file, with headers that make the browser save it under a name.
    pub download_url: String,
    pub content_type: String,
    pub width: u32,
    pub height: u32,
    pub bytes: u64,
    /// When the link ends (RFC 3339, UTC).
    #[cfg_attr(feature = "openapi", schema(format = DateTime))]
    pub expires_at: String,
}
