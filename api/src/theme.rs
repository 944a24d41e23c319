//! What the gallery shows: `GET /api/themes`.

use serde::{Deserialize, Serialize};

/// A world that a guest can step into.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct Theme {
    /// `barbarian`, `greek`, ...: the name of its folder under `themes/`.
    pub id: String,
    pub name: String,
    /// A few words under the name.
    pub tagline: String,
    /// One or two sentences.
    pub description: String,
    /// Address of a 3:4 example portrait, 600 x 800 pixels: the first variant's.
    pub thumbnail_url: String,
    /// At least one; the first is the default.
    pub variants: Vec<Variant>,
}

/// A theme in another place, hour or weather.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct Variant {
    pub id: String,
    pub name: String,
    pub description: String,
    pub thumbnail_url: String,
}
