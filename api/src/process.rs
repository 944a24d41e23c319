//! Asking for a portrait and following it: `POST /api/process`, `GET /api/process/{id}` and its events.

use crate::ErrorBody;
use serde::{Deserialize, Serialize};

/// Which portrait of which photo.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct ProcessRequest {
    pub photo_id: String,
    pub theme_id: String,
    /// The theme's first variant when left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub variant_id: Option<String>,
    /// JPEG when left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub output_format: Option<OutputFormat>,
}

/// The file that the guest takes home.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum OutputFormat {
    #[default]
    Jpeg,
    Png,
}

/// The 201 answer: the photo is queued.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct SubmittedJob {
    /// The photo's id: a photo's row is its job.
    pub id: String,
    pub status: JobStatus,
    /// Given once, to whoever asked for the portrait; only its hash is stored.
    pub owner_secret: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum JobStatus {
    Queued,
    Processing,
    Completed,
    Failed,
}

impl JobStatus {
    /// Whether nothing more will happen.
    pub fn is_final(self) -> bool {
        matches!(self, Self::Completed | Self::Failed)
    }
}

/// What the worker is doing at this moment, in the order in which it happens.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Stage {
    Decode,
    Moderate,
    FindFaces,
    Landmarks,
    Judge,
    Matte,
    CutHeads,
    ThemeFaces,
    Dress,
    Compose,
    Paint,
    Grade,
    Check,
    Encode,
    Store,
}

/// Where a portrait stands: the answer to `GET /api/process/{id}` and the data of each event.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct Job {
    pub id: String,
    pub status: JobStatus,
    pub theme_id: String,
    pub variant_id: String,
    /// Only while processing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stage: Option<Stage>,
    /// 0 to 1, by the time that the steps done so far usually take.
    pub progress: f32,
    /// Only while queued: 1 is next.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub queue_position: Option<u32>,
    /// Seconds until it is likely done; absent when it is over.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub eta_seconds: Option<u32>,
    /// Only when completed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub result: Option<ResultLink>,
    /// Only when failed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error: Option<ErrorBody>,
    /// Only when completed: the release that made the portrait.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub release: Option<String>,
}

/// Where the finished portrait can be fetched.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct ResultLink {
    /// A presigned GET address; it opens in the browser.
    pub url: String,
    /// The same file, with headers that make the browser save it under a name.
    pub download_url: String,
    /// Seconds until both addresses stop working.
    pub expires_in: u64,
    pub content_type: String,
    pub width: u32,
    pub height: u32,
    pub bytes: u64,
    /// How many faces are in the portrait.
    pub faces: u32,
}

/// The answer to a deletion.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct Deletion {
    pub id: String,
    /// Photo, portrait and everything known of them are gone. `false`: nobody can see them any more, and they are
    /// gone as soon as the storage answers.
    pub deleted: bool,
}
