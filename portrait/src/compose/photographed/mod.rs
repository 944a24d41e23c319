//! Guests in their own clothes put into the world as they stand in the photo: placed, lit by it, shadowed onto it.

mod extent;
mod layer;
pub(crate) mod placement;
mod relight;
mod shadow;

use super::{Composite, face_masks, world};
use crate::colour::{luma, screen, smoothstep};
use crate::faces::Landmarks;
use crate::filter::{
    SOFT_SCALE, box_blur_mask, box_blur_rgb, resize_mask, resize_rgb, soft, soft_radius,
};
use crate::heads::Head;
use crate::matte::Cutout;
use crate::theme::{Light, Variant};
use crate::{Mask, PortraitSize, RenderError, RgbRaster, Window};
use extent::Extent;
use image::RgbImage;
use layer::Layer;
use placement::{FaceBox, Placement, place};

/// How far the surroundings of a pixel reach, and how far the world's light spreads round the guests,
/// over the portrait's width.
const SOLIDITY_SHARE: f32 = 0.0175;
const WRAP_SHARE: f32 = 0.035;

/// Composes at the portrait's full size. `heads` are the guests' themed heads, in the photo's pixels.
///
/// # Errors
/// [`RenderError::Internal`] when a face would lie outside the portrait: it never should.
pub(crate) fn compose(
    cutout: &Cutout,
    people: &[Landmarks],
    heads: &[Head],
    backdrop: &RgbImage,
    variant: &Variant,
    size: PortraitSize,
) -> Result<(Composite, Placement), RenderError> {
    let (layout, light) = (&variant.layout, &variant.light);
    let photo_size = [cutout.alpha.width() as f32, cutout.alpha.height() as f32];
    let boxes: Vec<FaceBox> = people.iter().map(FaceBox::of).collect();
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
    let mut lit = relight::relight(&cutout.foreground, &cutout.alpha, tallest, light);
    for head in heads {
        lay_head(&mut lit, head);
    }
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
    let placed: Vec<Landmarks> = people
        .iter()
        .map(|person| person.mapped(placement.scale, |point| placement.apply(point)))
        .collect();
    let (faces, features) = face_masks(&placed, size);
    let composite = Composite {
        picture,
        photographed: guests.alpha.clone(),
        people: guests.alpha,
        faces,
        features,
        face_height: tallest * placement.scale,
    };
    Ok((composite, placement))
}

/// Lays a themed head over the photo it was cut from.
fn lay_head(picture: &mut RgbRaster, head: &Head) {
    let frame = head.frame;
    let [left, top] = frame.to_photo([0.0, 0.0]);
    let [right, bottom] = frame.to_photo([frame.width as f32, frame.height as f32]);
    let window = Window::within(
        [left, top, right, bottom],
        picture.width(),
        picture.height(),
    );
    let (columns, rows) = (
        window.left..window.left + window.width,
        window.top..window.top + window.height,
    );
    picture.for_each_row(|y, row| {
        if !rows.contains(&y) {
            return;
        }
        for x in columns.clone() {
            let [head_x, head_y] = frame.place([x as f32, y as f32]);
            let alpha = head.alpha.sample(head_x, head_y);
            if alpha > 0.0 {
                let colour = head.picture.sample(head_x, head_y);
                row[x] = std::array::from_fn(|c| row[x][c] + (colour[c] - row[x][c]) * alpha);
            }
        }
    });
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
