//! A photo as a file: checked, shrunk where it is too large, and given an address for previews.

use super::capture::{JPEG_QUALITY, encode_bitmap};
use crate::booth::Photo;
use crate::problem::Problem;
use api::{ErrorBody, ErrorCode, MAX_UPLOAD_BYTES, PHOTO_TYPES};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{HtmlInputElement, ImageBitmap, ImageBitmapOptions, ResizeQuality, Url};

pub use web_sys::{Blob, File};

/// Longest side of a photo that is sent, in pixels: more than the portrait itself can show.
const LONGEST_SIDE_PX: u32 = 4000;

/// JPEG quality and longest side, one after the other until the file is small enough to be sent. Only a picture of
/// noise needs more than the first; even that has fewer than two bytes a pixel at the last, which makes 8 MB.
const FITTINGS: [(f64, u32); 4] = [
    (JPEG_QUALITY, LONGEST_SIDE_PX),
    (0.8, LONGEST_SIDE_PX),
    (0.8, 2800),
    (0.8, 2000),
];

/// The bytes of a photo and the facts that the page shows of it.
#[derive(Clone)]
pub struct PhotoFile {
    pub blob: Blob,
    pub photo: Photo,
}

impl PhotoFile {
    /// Gives a picture file an address. Nothing when the browser has run out of memory for it.
    pub fn from_blob(blob: Blob) -> Option<Self> {
        let photo = Photo {
            preview_url: Url::create_object_url_with_blob(&blob).ok()?,
            media_type: blob.type_(),
            size_bytes: blob.size() as u64,
        };
        Some(Self { blob, photo })
    }

    /// Reads a guest's file and makes it fit: JPEG, PNG or WebP, at most 10 MB and 4000 pixels a side.
    ///
    /// A type that the booth does not take but this browser can read (HEIC in Safari) becomes a JPEG.
    ///
    /// # Errors
    /// When the browser cannot read it as a picture.
    pub async fn from_file(file: File) -> Result<Self, Problem> {
        let is_taken = PHOTO_TYPES.contains(&file.type_().as_str());
        let Some(bitmap) = decode(&file, None).await else {
            return Err(unreadable(&file.name(), is_taken));
        };
        let (width, height) = (bitmap.width(), bitmap.height());
        let size_bytes = file.size() as u64;
        if is_taken && size_bytes <= MAX_UPLOAD_BYTES && width.max(height) <= LONGEST_SIDE_PX {
            bitmap.close();
            return Self::from_blob(file.into()).ok_or_else(|| ErrorCode::NotAnImage.into());
        }
        let fitted = fit_within(width, height, LONGEST_SIDE_PX);
        let smaller = if fitted == (width, height) {
            bitmap
        } else {
            bitmap.close();
            decode(&file, Some(fitted))
                .await
                .ok_or(Problem::from(ErrorCode::ImageTooManyPixels))?
        };
        let blob = encode_to_fit(&smaller).await;
        smaller.close();
        blob.and_then(Self::from_blob)
            .ok_or_else(|| ErrorCode::ImageTooManyPixels.into())
    }
}

/// A JPEG of the picture that may be uploaded, in the best quality that is small enough.
async fn encode_to_fit(bitmap: &ImageBitmap) -> Option<Blob> {
    for (quality, longest_side) in FITTINGS {
        let size = fit_within(bitmap.width(), bitmap.height(), longest_side);
        let blob = encode_bitmap(bitmap, size, quality).await?;
        if blob.size() as u64 <= MAX_UPLOAD_BYTES {
            return Some(blob);
        }
    }
    None
}

/// Lets go of a photo that no screen shows any more.
pub fn forget_preview(photo: &Photo) {
    // Fails only for an address that is no address; there is nothing to free then.
    let _ = Url::revoke_object_url(&photo.preview_url);
}

/// The file that the guest picked in a file field; the field is emptied, so that the same file can be picked again.
pub fn take_picked_file(field: &HtmlInputElement) -> Option<File> {
    let file = field.files()?.get(0);
    field.set_value("");
    file
}

/// The picture in a file, upright as its EXIF says; scaled where a size is given.
async fn decode(file: &Blob, size: Option<(u32, u32)>) -> Option<ImageBitmap> {
    let window = web_sys::window()?;
    let decoding = match size {
        None => window.create_image_bitmap_with_blob(file),
        Some((width, height)) => {
            let options = ImageBitmapOptions::new();
            options.set_resize_width(width);
            options.set_resize_height(height);
            options.set_resize_quality(ResizeQuality::High);
            window.create_image_bitmap_with_blob_and_image_bitmap_options(file, &options)
        }
    };
    JsFuture::from(decoding.ok()?).await.ok()?.dyn_into().ok()
}

fn unreadable(file_name: &str, is_taken: bool) -> Problem {
    if is_taken {
        return ErrorCode::NotAnImage.into();
    }
    let mut error = ErrorBody::from(ErrorCode::UnsupportedMediaType);
    let name = file_name.to_ascii_lowercase();
    if name.ends_with(".heic") || name.ends_with(".heif") {
        error.message = "This browser cannot open HEIC photos.".into();
        error.hint = Some("Choose a JPEG, PNG or WebP picture, or take a photo here.".into());
    }
    Problem::Answered {
        error,
        retry_after_seconds: None,
    }
}

/// The largest size of the same shape whose sides are at most `limit`, never under 1 pixel.
fn fit_within(width: u32, height: u32, limit: u32) -> (u32, u32) {
    let longest = width.max(height);
    if longest <= limit {
        return (width, height);
    }
    let scale = f64::from(limit) / f64::from(longest);
    let shrink = |side: u32| ((f64::from(side) * scale).round() as u32).max(1);
    (shrink(width), shrink(height))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn large_photos_shrink_to_the_limit_and_keep_their_shape() {
        assert_eq!(fit_within(8000, 6000, 4000), (4000, 3000));
        assert_eq!(fit_within(3000, 9000, 4000), (1333, 4000));
        assert_eq!(fit_within(20_000, 1, 4000), (4000, 1));
    }

    #[test]
    fn small_photos_stay_as_they_are() {
        assert_eq!(fit_within(4000, 3000, 4000), (4000, 3000));
        assert_eq!(fit_within(640, 480, 4000), (640, 480));
    }

    #[test]
    fn an_unreadable_file_says_which_kind_would_do() {
        let heic = unreadable("IMG_0001.HEIC", false);
        assert_eq!(heic.code(), "UNSUPPORTED_MEDIA_TYPE");
        assert!(heic.message().contains("HEIC"));
        assert!(!unreadable("letter.pdf", false).message().contains("HEIC"));
        assert_eq!(unreadable("broken.jpg", true).code(), "NOT_AN_IMAGE");
    }
}
