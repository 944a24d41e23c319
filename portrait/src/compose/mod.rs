//! Puts the guests into the theme's world: placed, lit by it, shadowed onto it, its light round their edges.

mod extent;
mod layer;
mod placement;
mod relight;
mod shadow;

use crate::colour::{luma, screen, smoothstep};
use crate::faces::Landmarks;
use crate::filter::{box_blur_mask, box_blur_rgb, resize_mask, resize_rgb, resize_rgb_region};
use crate::matte::Cutout;
use crate::theme::{Layout, Light};
use crate::{Mask, PortraitSize, Refusal, RenderError, RgbRaster};
use extent::Extent;
use layer::Layer;
use placement::{FaceBox, Placement, place};

/// Soft things (shadows, wrap, face masks) are computed this many times smaller than the portrait.
pub(crate) const SOFT_SCALE: usize = 6;

/// How far the surroundings of a pixel reach, and how far the world's light spreads round the guests,
/// over the portrait's width.
const SOLIDITY_SHARE: f32 = 0.0175;
const WRAP_SHARE: f32 = 0.035;

/// Guests and world in one picture, and where in it the guests are.
pub(crate) struct Composite {
    /// The portrait's full size.
    pub picture: RgbRaster,
    /// How much of each pixel is a guest, the portrait's full size.
    pub people: Mask,
    /// How much of each pixel is a face, [`SOFT_SCALE`] times smaller.
    pub faces: Mask,
    /// Height of the tallest face in portrait pixels.
    pub face_height: f32,
    /// How many faces are in it.
    pub guests: usize,
}

/// Composes at the portrait's full size. A face that the matte does not know is left out: it hangs on
/// the wall, and its place is now the world's.
///
/// # Errors
/// [`Refusal::NoFace`] when that leaves no face.
pub(crate) fn compose(
    cutout: &Cutout,
    landmarks: &[Landmarks],
    backdrop: &RgbRaster,
    layout: &Layout,
    light: &Light,
    size: PortraitSize,
) -> Result<Composite, RenderError> {
    let photo_size = [cutout.alpha.width() as f32, cutout.alpha.height() as f32];
    let boxes: Vec<FaceBox> = landmarks
        .iter()
        .map(face_box)
        .filter(|face| is_cut_out(face, &cutout.alpha))
        .collect();
    if boxes.is_empty() {
        return Err(Refusal::NoFace.into());
    }
    let tallest = boxes.iter().map(FaceBox::height).fold(1.0, f32::max);
    let extent = Extent::measure(&cutout.alpha);
    let placement = place(layout, &boxes, &extent, photo_size, size);
    if !boxes
        .iter()
        .all(|face| placement.shows(face, photo_size, size))
    {
        let problem = format!("a face lies outside the portrait: {placement:?}, {boxes:?}");
        return Err(RenderError::Internal(problem));
    }
    let lit = relight::relight(&cutout.foreground, &cutout.alpha, tallest, light);
    let guests = Layer::cut(&lit, &cutout.alpha, &placement, &extent, size);
    drop(lit);

    let soft_people = resize_mask(
        &guests.alpha,
        size.width() / SOFT_SCALE,
        size.height() / SOFT_SCALE,
    );
    let shadow = shadow::cast(&soft_people, light, &placement);
    let world = world(backdrop, placement.world_scale, size);
    let picture = blend(&guests, world, &shadow, &soft_people, light);
    Ok(Composite {
        picture,
        people: guests.alpha,
        faces: face_mask(&boxes, &placement, size),
        face_height: tallest * placement.scale,
        guests: boxes.len(),
    })
}

/// The backdrop at the portrait's size, `scale` times larger; its sides and its foot fall away.
fn world(backdrop: &RgbRaster, scale: f32, size: PortraitSize) -> RgbRaster {
    let (width, height) = (backdrop.width() as f64, backdrop.height() as f64);
    let shown = 1.0 / f64::from(scale);
    let region = [
        width * (1.0 - shown) / 2.0,
        0.0,
        width * shown,
        height * shown,
    ];
    resize_rgb_region(backdrop, region, size.width(), size.height())
}

fn blend(
    guests: &Layer,
    world: RgbRaster,
    shadow: &Mask,
    soft_people: &Mask,
    light: &Light,
) -> RgbRaster {
    let glow = wrap_colour(&world);
    // How open the surroundings of a pixel are: 0 deep inside a guest, 0.5 on the edge.
    let radius = soft_radius(SOLIDITY_SHARE, soft_people.width());
    let solidity = box_blur_mask(&box_blur_mask(soft_people, radius), radius);
    let mut picture = world;
    picture.for_each_row(|y, row| {
        let (colours, alphas) = (guests.picture.row(y), guests.alpha.row(y));
        let soft_y = soft(y);
        for (x, pixel) in row.iter_mut().enumerate() {
            let soft_x = soft(x);
            let alpha = alphas[x];
            if alpha < 1.0 {
                let dark = 1.0 - light.shadow_strength * shadow.sample(soft_x, soft_y);
                *pixel = pixel.map(|value| value * dark);
            }
            if alpha > 0.0 {
                let openness = 1.0 - smoothstep(0.45, 1.0, solidity.sample(soft_x, soft_y));
                let wrap = glow
                    .sample(soft_x, soft_y)
                    .map(|value| value * openness * light.wrap_strength);
                let guest = colours[x];
                *pixel = std::array::from_fn(|channel| {
                    let wrapped = screen(guest[channel], wrap[channel] * 0.6);
                    pixel[channel] + (wrapped - pixel[channel]) * alpha
                });
            }
        }
    });
    picture
}

/// The backdrop blurred, its dark parts giving no light at all.
fn wrap_colour(world: &RgbRaster) -> RgbRaster {
    let small = resize_rgb(
        world,
        world.width() / SOFT_SCALE,
        world.height() / SOFT_SCALE,
    );
    let bright = small.map(|pixel| {
        let weight = smoothstep(0.15, 0.75, luma(pixel));
        pixel.map(|value| value * weight)
    });
    let radius = soft_radius(WRAP_SHARE, bright.width());
    box_blur_rgb(&box_blur_rgb(&bright, radius), radius)
}

/// A blur's radius on a soft raster of this width.
pub(crate) fn soft_radius(share: f32, width: usize) -> usize {
    ((share * width as f32).round() as usize).max(1)
}

/// A portrait pixel's centre on the smaller raster of soft things.
pub(crate) fn soft(position: usize) -> f32 {
    (position as f32 + 0.5) / SOFT_SCALE as f32 - 0.5
}

fn face_box(landmarks: &Landmarks) -> FaceBox {
    let mut low = [f32::INFINITY; 2];
    let mut high = [f32::NEG_INFINITY; 2];
    for point in &landmarks.points {
        for axis in 0..2 {
            low[axis] = low[axis].min(point[axis]);
            high[axis] = high[axis].max(point[axis]);
        }
    }
    FaceBox { low, high }
}

/// Whether most of a face, as far as the photo shows it, belongs to a person.
fn is_cut_out(face: &FaceBox, alpha: &Mask) -> bool {
    const LEAST: f32 = 0.5;
    let size = [alpha.width(), alpha.height()];
    let [left, top] = [0, 1].map(|axis| (face.low[axis].max(0.0) as usize).min(size[axis] - 1));
    let [right, bottom] =
        [0, 1].map(|axis| (face.high[axis].ceil().max(0.0) as usize).min(size[axis]));
    let covered: f32 = (top..bottom)
        .flat_map(|y| &alpha.row(y)[left..right.max(left)])
        .sum();
    covered > LEAST * (bottom.saturating_sub(top) * right.saturating_sub(left)) as f32
}

/// Soft ellipses over the faces, at the soft scale.
fn face_mask(faces: &[FaceBox], placement: &Placement, size: PortraitSize) -> Mask {
    let ellipses: Vec<([f32; 2], [f32; 2])> = faces
        .iter()
        .map(|face| {
            let [low, high] = [face.low, face.high].map(|corner| placement.apply(corner));
            let centre = [(low[0] + high[0]) / 2.0, (low[1] + high[1]) / 2.0];
            (
                centre,
                [(high[0] - low[0]) * 0.55, (high[1] - low[1]) * 0.58],
            )
        })
        .collect();
    let scale = SOFT_SCALE as f32;
    Mask::from_fn(
        size.width() / SOFT_SCALE,
        size.height() / SOFT_SCALE,
        |x, y| {
            let (px, py) = ((x as f32 + 0.5) * scale, (y as f32 + 0.5) * scale);
            ellipses
                .iter()
                .map(|(centre, axes)| {
                    let (dx, dy) = ((px - centre[0]) / axes[0], (py - centre[1]) / axes[1]);
                    1.0 - smoothstep(0.75, 1.15, (dx * dx + dy * dy).sqrt())
                })
                .fold(0.0, f32::max)
        },
    )
}

#[cfg(test)]
mod tests;
