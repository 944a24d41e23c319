//! Pixels to a JPEG file: a frame of the live picture, or a picture drawn smaller.

use super::photo_file::PhotoFile;
use crate::problem::Problem;
use api::ErrorCode;
use js_sys::{Function, Promise};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, CanvasRenderingContext2d, HtmlCanvasElement, HtmlVideoElement, ImageBitmap};

/// High enough that the painter sees skin, not compression blocks.
pub const JPEG_QUALITY: f64 = 0.92;

/// Takes the frame that the video shows now, in its full resolution and as others see the guest: not mirrored.
///
/// # Errors
/// When the camera has not delivered a frame yet.
pub async fn take_photo(video: &HtmlVideoElement) -> Result<PhotoFile, Problem> {
    let (width, height) = (video.video_width(), video.video_height());
    if width == 0 || height == 0 {
        return Err(Problem::CameraBusy);
    }
    let (canvas, context) = make_canvas(width, height).ok_or(Problem::CameraBusy)?;
    context
        .draw_image_with_html_video_element(video, 0.0, 0.0)
        .map_err(|_| Problem::CameraBusy)?;
    let blob = encode_jpeg(&canvas, JPEG_QUALITY)
        .await
        .ok_or(Problem::CameraBusy)?;
    PhotoFile::from_blob(blob).ok_or_else(|| ErrorCode::NotAnImage.into())
}

/// A picture as a JPEG file of that size in pixels; transparent parts become white, as on paper.
pub async fn encode_bitmap(
    bitmap: &ImageBitmap,
    (width, height): (u32, u32),
    quality: f64,
) -> Option<Blob> {
    let (canvas, context) = make_canvas(width, height)?;
    let (width, height) = (f64::from(width), f64::from(height));
    context.set_fill_style_str("#fff");
    context.fill_rect(0.0, 0.0, width, height);
    context
        .draw_image_with_image_bitmap_and_dw_and_dh(bitmap, 0.0, 0.0, width, height)
        .ok()?;
    encode_jpeg(&canvas, quality).await
}

fn make_canvas(width: u32, height: u32) -> Option<(HtmlCanvasElement, CanvasRenderingContext2d)> {
    let canvas: HtmlCanvasElement = web_sys::window()?
        .document()?
        .create_element("canvas")
        .ok()?
        .dyn_into()
        .ok()?;
    canvas.set_width(width);
    canvas.set_height(height);
    let context = canvas.get_context("2d").ok()??.dyn_into().ok()?;
    Some((canvas, context))
}

async fn encode_jpeg(canvas: &HtmlCanvasElement, quality: f64) -> Option<Blob> {
    let encoding = Promise::new(&mut |resolve: Function, reject: Function| {
        let started =
            canvas.to_blob_with_type_and_encoder_options(&resolve, "image/jpeg", &quality.into());
        if let Err(thrown) = started {
            // The promise is rejected with what was thrown; a failing `reject` would change nothing.
            let _ = reject.call1(&JsValue::UNDEFINED, &thrown);
        }
    });
    JsFuture::from(encoding).await.ok()?.dyn_into().ok()
}
