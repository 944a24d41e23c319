//! Which kind of file the bytes are, by what they begin with.

use image::codecs::jpeg::JpegDecoder;
use image::codecs::png::PngDecoder;
use image::codecs::webp::WebPDecoder;
use image::{ImageDecoder, ImageResult, Limits};
use std::io::Cursor;

/// Most memory that a decoder may take besides the picture itself: embedded profiles and the like.
const MAX_SIDE_DATA_BYTES: u64 = 64 * 1024 * 1024;

/// A file format guests may send.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Container {
    Jpeg,
    Png,
    WebP,
}

impl Container {
    pub(super) fn recognise(bytes: &[u8]) -> Option<Self> {
        match bytes {
            [0xff, 0xd8, 0xff, ..] => Some(Self::Jpeg),
            [0x89, b'P', b'N', b'G', b'\r', b'\n', 0x1a, b'\n', ..] => Some(Self::Png),
            [
                b'R',
                b'I',
                b'F',
                b'F',
                _,
                _,
                _,
                _,
                b'W',
                b'E',
                b'B',
                b'P',
                ..,
            ] => Some(Self::WebP),
            _ => None,
        }
    }

    /// Reads the header only.
    pub(super) fn open(self, bytes: &[u8]) -> ImageResult<Box<dyn ImageDecoder + '_>> {
        let reader = Cursor::new(bytes);
        Ok(match self {
            Self::Jpeg => Box::new(JpegDecoder::new(reader)?),
            Self::Png => {
                let mut limits = Limits::no_limits();
                limits.max_alloc = Some(MAX_SIDE_DATA_BYTES);
                Box::new(PngDecoder::with_limits(reader, limits)?)
            }
            Self::WebP => Box::new(WebPDecoder::new(reader)?),
        })
    }
}
