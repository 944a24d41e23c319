//! How a photo gets into storage: `POST /api/upload/presigned`, then one PUT straight to the storage.

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What the guest is about to upload.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct UploadRequest {
    /// Only its ending is compared with the type; the name is never stored.
    pub file_name: String,
    /// One of [`crate::PHOTO_TYPES`].
    pub file_type: String,
    /// Exact size in bytes, 1 to [`crate::MAX_UPLOAD_BYTES`].
    pub file_size: u64,
}

/// Leave to upload exactly that file for a short while.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct UploadTicket {
    pub photo_id: String,
    pub upload_url: String,
    /// `PUT`.
    pub method: String,
    /// Headers that the signature covers; send them as they are (the browser sets `content-length` itself).
    pub headers: BTreeMap<String, String>,
    /// Seconds until the address stops working; at most 900.
    pub expires_in: u64,
}
