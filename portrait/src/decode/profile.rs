//! Colours of a file's own ICC profile to sRGB: phones write Display P3.

use image::RgbImage;
use moxcms::{ColorProfile, DataColorSpace, Layout, TransformOptions};
use rayon::prelude::*;

/// Converts in place. A profile that cannot be read, or that describes other inks than the decoded
/// pixels have (CMYK files arrive here as RGB), is left aside: the picture is then taken as sRGB,
/// which is what most programs would show.
pub(super) fn convert_to_srgb(picture: &mut RgbImage, icc_profile: &[u8]) {
    let Ok(profile) = ColorProfile::new_from_slice(icc_profile) else {
        return;
    };
    // A failed conversion leaves the row it failed on as it was.
    let _ = match profile.color_space {
        DataColorSpace::Rgb => convert_rgb(picture, &profile),
        DataColorSpace::Gray => convert_grey(picture, &profile),
        _ => Ok(()),
    };
}

fn convert_rgb(picture: &mut RgbImage, profile: &ColorProfile) -> Result<(), moxcms::CmsError> {
    let options = TransformOptions::default();
    let srgb = ColorProfile::new_srgb();
    let transform = profile.create_transform_8bit(Layout::Rgb, &srgb, Layout::Rgb, options)?;
    let row_bytes = picture.width() as usize * 3;
    picture.par_chunks_mut(row_bytes).try_for_each(|row| {
        let original = row.to_vec();
        transform.transform(&original, row)
    })
}

/// There are only 256 greys, so each is converted once.
fn convert_grey(picture: &mut RgbImage, profile: &ColorProfile) -> Result<(), moxcms::CmsError> {
    let options = TransformOptions::default();
    let srgb = ColorProfile::new_srgb();
    let transform = profile.create_transform_8bit(Layout::Gray, &srgb, Layout::Rgb, options)?;
    let greys: Vec<u8> = (0..=255).collect();
    let mut converted = [0; 256 * 3];
    transform.transform(&greys, &mut converted)?;
    for value in picture.iter_mut() {
        *value = converted[usize::from(*value) * 3];
    }
    Ok(())
}
