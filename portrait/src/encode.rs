//! The file a guest takes home: JPEG (quality 90, 4:4:4) or PNG, tagged sRGB and marked as AI-made.
//!
//! Nothing about the guest is written: no time, no place, no device.

mod srgb_profile;

use crate::{RenderError, RgbRaster};
use image::ImageEncoder;
use image::codecs::png::{CompressionType, FilterType, PngEncoder};
use img_parts::Bytes;
use img_parts::png::{Png, PngChunk};
use jpeg_encoder::{ColorType, Encoder, SamplingFactor};
use rayon::prelude::*;
use serde::{Deserialize, Serialize};
use srgb_profile::srgb_profile;
use std::fmt;
use std::str::FromStr;

const JPEG_QUALITY: u8 = 90;

/// IPTC's term for a composite that a trained model had a hand in, as an XMP packet.
const XMP: &str = concat!(
    r#"<?xpacket begin="" id="W5M0MpCehiHzreSzNTczkc9d"?>"#,
    r#"<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">"#,
    r#"<rdf:Description rdf:about="" xmlns:Iptc4xmpExt="http://iptc.org/std/Iptc4xmpExt/2008-02-29/" "#,
    r#"Iptc4xmpExt:DigitalSourceType="http://cv.iptc.org/newscodes/digitalsourcetype/compositeWithTrainedAlgorithmicMedia"/>"#,
    r#"</rdf:RDF></x:xmpmeta><?xpacket end="r"?>"#
);

/// The kinds of file a portrait can be.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Format {
    #[default]
    Jpeg,
    Png,
}

impl FromStr for Format {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "jpeg" | "jpg" => Ok(Self::Jpeg),
            "png" => Ok(Self::Png),
            other => Err(format!("{other:?} is neither \"jpeg\" nor \"png\"")),
        }
    }
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Jpeg => "jpeg",
            Self::Png => "png",
        })
    }
}

/// The picture as a file's bytes.
///
/// # Errors
/// [`RenderError::Internal`] when an encoder refuses: it never should.
pub(crate) fn encode(picture: &RgbRaster, format: Format) -> Result<Vec<u8>, RenderError> {
    let bytes: Vec<u8> = picture
        .pixels()
        .par_iter()
        .flat_map_iter(|pixel| pixel.map(|value| (value * 255.0 + 0.5) as u8))
        .collect();
    let (width, height) = (picture.width(), picture.height());
    let icc = srgb_profile();
    match format {
        Format::Jpeg => encode_jpeg(&bytes, width as u16, height as u16, &icc),
        Format::Png => encode_png(&bytes, width as u32, height as u32, icc),
    }
}

fn encode_jpeg(pixels: &[u8], width: u16, height: u16, icc: &[u8]) -> Result<Vec<u8>, RenderError> {
    let failed =
        |error: jpeg_encoder::EncodingError| RenderError::Internal(format!("JPEG: {error}"));
    let mut file = Vec::with_capacity(pixels.len() / 8);
    let mut encoder = Encoder::new(&mut file, JPEG_QUALITY);
    encoder.set_sampling_factor(SamplingFactor::F_1_1);
    encoder.add_icc_profile(icc).map_err(failed)?;
    let mut segment = b"http://ns.adobe.com/xap/1.0/\0".to_vec();
    segment.extend_from_slice(XMP.as_bytes());
    encoder.add_app_segment(1, segment).map_err(failed)?;
    encoder
        .encode(pixels, width, height, ColorType::Rgb)
        .map_err(failed)?;
    Ok(file)
}

fn encode_png(
    pixels: &[u8],
    width: u32,
    height: u32,
    icc: Vec<u8>,
) -> Result<Vec<u8>, RenderError> {
    let failed = |error: String| RenderError::Internal(format!("PNG: {error}"));
    let mut file = Vec::with_capacity(pixels.len() / 2);
    let mut encoder =
        PngEncoder::new_with_quality(&mut file, CompressionType::Fast, FilterType::Adaptive);
    encoder
        .set_icc_profile(icc)
        .map_err(|error| failed(error.to_string()))?;
    encoder
        .write_image(pixels, width, height, image::ExtendedColorType::Rgb8)
        .map_err(|error| failed(error.to_string()))?;
    let mut png = Png::from_bytes(file.into()).map_err(|error| failed(error.to_string()))?;
    let mut text = b"XML:com.adobe.xmp\0\0\0\0\0".to_vec();
    text.extend_from_slice(XMP.as_bytes());
    // After IHDR, before the pixels.
    png.chunks_mut()
        .insert(1, PngChunk::new(*b"iTXt", Bytes::from(text)));
    Ok(png.encoder().bytes().to_vec())
}
