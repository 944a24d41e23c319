//! How a photo gets into storage: `POST /api/upload/presigned`, then one PUT straight to the storage.

use crate::{MAX_UPLOAD_BYTES, PHOTO_TYPES};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What the guest is about to upload.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct UploadRequest {
    /// Only its ending is compared with the type; the name is never stored.
    pub file_name: String,
    /// One of [`crate::PHOTO_TYPES`].
    #[cfg_attr(feature = "openapi", schema(pattern = "^image/(jpeg|png|webp)$"))]
    pub file_type: String,
    /// Exact size in bytes, 1 to [`crate::MAX_UPLOAD_BYTES`].
    #[cfg_attr(feature = "openapi", schema(minimum = 1, maximum = 10_485_760))]
    pub file_size: u64,
}

/// Why a file cannot be a photo that we take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UploadFlaw {
    /// Its type is none of [`crate::PHOTO_TYPES`].
    Type,
    /// It is larger than [`crate::MAX_UPLOAD_BYTES`].
    TooLarge,
    Empty,
    /// The ending of its name belongs to another type.
    NameEnding,
}

impl UploadRequest {
    /// Looks at what is announced, before a byte is sent.
    ///
    /// # Errors
    /// The first flaw.
    pub fn check(&self) -> Result<(), UploadFlaw> {
        if !PHOTO_TYPES.contains(&self.file_type.as_str()) {
            Err(UploadFlaw::Type)
        } else if self.file_size > MAX_UPLOAD_BYTES {
            Err(UploadFlaw::TooLarge)
        } else if self.file_size == 0 {
            Err(UploadFlaw::Empty)
        } else if !ending_fits(&self.file_name, &self.file_type) {
            Err(UploadFlaw::NameEnding)
        } else {
            Ok(())
        }
    }
}

/// Whether a name may go with a media type. A name without an ending may: cameras and clipboards give such.
fn ending_fits(file_name: &str, media_type: &str) -> bool {
    let Some((stem, ending)) = file_name.rsplit_once('.') else {
        return true;
    };
    let endings: &[&str] = match media_type {
        "image/jpeg" => &["jpg", "jpeg", "jpe", "jfif"],
        "image/png" => &["png"],
        "image/webp" => &["webp"],
        _ => &[],
    };
    stem.is_empty()
        || endings
            .iter()
            .any(|known| ending.eq_ignore_ascii_case(known))
}

/// Leave to upload exactly that file for a short while.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
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

#[cfg(test)]
mod tests {
    use super::*;

    fn request(file_name: &str, file_type: &str, file_size: u64) -> UploadRequest {
        UploadRequest {
            file_name: file_name.to_owned(),
            file_type: file_type.to_owned(),
            file_size,
        }
    }

    #[test]
    fn an_ending_must_fit_the_type() {
        for (name, media_type, fits) in [
            ("me.jpg", "image/jpeg", true),
            ("me.at.the.sea.JPEG", "image/jpeg", true),
            ("me", "image/png", true),
            (".hidden", "image/png", true),
            ("me.webp", "image/webp", true),
            ("me.png", "image/jpeg", false),
            ("me.exe", "image/jpeg", false),
            ("me.jpg.exe", "image/jpeg", false),
            ("me.", "image/jpeg", false),
        ] {
            let expected = if fits {
                Ok(())
            } else {
                Err(UploadFlaw::NameEnding)
            };
            assert_eq!(
                request(name, media_type, 1).check(),
                expected,
                "{name} {media_type}"
            );
        }
    }

    #[test]
    fn type_and_size_have_limits() {
        for (media_type, bytes, expected) in [
            ("image/png", MAX_UPLOAD_BYTES, Ok(())),
            ("image/png", MAX_UPLOAD_BYTES + 1, Err(UploadFlaw::TooLarge)),
            ("image/png", 0, Err(UploadFlaw::Empty)),
            ("image/gif", 1, Err(UploadFlaw::Type)),
            ("IMAGE/PNG", 1, Err(UploadFlaw::Type)),
        ] {
            assert_eq!(request("me.png", media_type, bytes).check(), expected);
        }
    }
}
