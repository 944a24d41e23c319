//! Draws a head as cel animation: hair in three tones, skin in two, features as tapered strokes on the landmarks.

mod beard;
mod canvas;
mod draft;
mod eyes;
mod face_plane;
mod far_cheek;
mod features;
mod glasses;
mod hair;
mod outline;
mod scalp;
mod skin;
mod sunglasses;

use super::glasses::Glasses;
use super::shape::Shape;
use super::surface::normalize;
use crate::colour::{Lab, lab_raster, smoothstep};
use crate::drawing::{add_polygon, grow as grow_outline};
use crate::faces::FOREHEAD;
use crate::filter::{Lines, clean, gaussian, gaussian_mask, luma_mask, resize_mask, resize_rgb};
use crate::heads::{Head, skin as skin_colour};
use crate::mesh_regions::{LEFT_BROW, LEFT_EYE, LIPS, MOUTH, RIGHT_BROW, RIGHT_EYE};
use crate::theme::RedrawnFace;
use crate::{Mask, Raster, Rgb, RgbRaster};
use beard::Beard;
use canvas::lay;
use draft::Draft;
use outline::{hairline, outline, silhouette};

/// Everything that is measured in pixels is meant for a face of this height.
const NOMINAL_FACE: f32 = 330.0;
/// Level of the brows, in face heights from the face's centre.
const BROW_LEVEL: f32 = -0.24;

/// What the drawing is made from. All rasters have the head's size.
struct Model<'a> {
    head: &'a Head,
    recipe: &'a RedrawnFace,
    /// The skin as photographed, without coloured light.
    skin: Lab,
    /// Pixels to one of a face of nominal height.
    unit: f32,
    /// The picture as flat strokes, and the same in CIELAB.
    flat: RgbRaster,
    flat_lab: RgbRaster,
    /// The picture drawn out along the hair's direction.
    strands: RgbRaster,
    draft: Draft,
    normals: Raster<[f32; 3]>,
    dome: Raster<[f32; 3]>,
    /// Hair, without skin that shows through it.
    hair: Mask,
    /// Skin above the face's outline: a high forehead, a bald head.
    bare: Mask,
    eyes: Mask,
    brows: Mask,
    lips: Mask,
    mouth: Mask,
    /// Towards the light.
    light: [f32; 3],
}

/// Redraws in place.
pub(super) fn redraw(head: &mut Head, shape: &Shape, recipe: &RedrawnFace) {
    let model = Model::of(head, shape, recipe);
    let tones = skin::Tones::of(model.skin, recipe.shadow_depth);
    let beard = beard::find(&model);
    let mut picture = model.flat.clone();
    let hair_colours = hair::draw(&model, &mut picture);
    beard.lay_under_chin(&model, &mut picture);
    let drawn_skin = skin::draw(&model, &tones, &beard, hair_colours.base, &mut picture);
    beard.draw(&model, &mut picture);
    ink_strands(&model, &beard, &drawn_skin, &mut picture);
    features::draw(&model, &tones, &beard, &mut picture);
    if let Some(sunglasses) = sunglasses::find(&model) {
        sunglasses.draw(&model, &mut picture);
    } else {
        eyes::draw(&model, &tones, &mut picture);
        if let Some(glasses) = Glasses::find(head) {
            glasses::draw(&glasses, &model, &mut picture);
        }
    }
    let outline = outline(&model, &beard);
    let ink = model.ink();
    lay(&mut picture, ink, &silhouette(&model, &outline), 0.9);
    lay(
        &mut picture,
        ink.map(|v| v * 0.8),
        &hairline(&model, &drawn_skin),
        0.5,
    );
    // A drawing's edges are narrow, but not so narrow that steps show when it is enlarged.
    let crisp = gaussian_mask(&outline, 0.7).map(|value| smoothstep(0.15, 0.85, value));
    head.alpha = crisp;
    head.picture = picture;
}

impl<'a> Model<'a> {
    fn of(head: &'a Head, shape: &Shape, recipe: &'a RedrawnFace) -> Self {
        let (width, height) = (head.alpha.width(), head.alpha.height());
        let picture = Draft::picture(head);
        let bare = bare_scalp(head, &picture);
        let far_cheek = far_cheek::find(head);
        let bare = resize_mask(&bare, width, height);
        let bare = Mask::from_fn(width, height, |x, y| {
            bare.row(y)[x].max(far_cheek.row(y)[x])
        });
        let hair = Mask::from_fn(width, height, |x, y| {
            let skin = (0.85 * head.skin_everywhere.row(y)[x]).max(bare.row(y)[x]);
            head.hair.row(y)[x] * (1.0 - skin)
        });
        let draft = Draft::of(head, picture, &hair);
        let sampled = |raster: &Raster<[f32; 3]>| {
            Raster::from_fn(width, height, |x, y| {
                raster.sample(shape.place(x), shape.place(y))
            })
        };
        let region = |of: &[&[usize]], by: f32, softness: f32| {
            let mut mask = Mask::filled(width, height, 0.0);
            for indices in of {
                add_polygon(
                    &mut mask,
                    &grow_outline(&head.landmarks.all_at(indices), by),
                );
            }
            gaussian_mask(&mask, softness * head.axes.face_height)
        };
        let flat = resize_rgb(&draft.flat, width, height);
        Self {
            skin: skin_colour::tone(head),
            flat_lab: lab_raster(&flat),
            strands: resize_rgb(&draft.strands, width, height),
            normals: sampled(&shape.normals),
            dome: sampled(&shape.dome),
            eyes: region(&[&LEFT_EYE, &RIGHT_EYE], 0.04, 0.004),
            brows: region(&[&LEFT_BROW, &RIGHT_BROW], 0.1, 0.008),
            lips: region(&[&LIPS], 0.0, 0.006),
            mouth: region(&[&MOUTH], 0.0, 0.004),
            light: normalize(recipe.light),
            unit: head.axes.face_height / NOMINAL_FACE,
            draft,
            head,
            recipe,
            flat,
            hair,
            bare,
        }
    }

    fn width(&self) -> usize {
        self.flat.width()
    }

    fn height(&self) -> usize {
        self.flat.height()
    }

    fn face_height(&self) -> f32 {
        self.head.axes.face_height
    }

    fn ink(&self) -> Rgb {
        self.recipe.ink.0
    }

    /// Which side of the picture the light comes from: -1 left, 1 right.
    fn light_side(&self) -> f32 {
        if self.light[0] < 0.0 { -1.0 } else { 1.0 }
    }

    /// A mask computed pixel by pixel; the closure gets the pixel and its place in the face's coordinates.
    fn mask(&self, value_at: impl Fn(usize, usize, [f32; 2]) -> f32 + Sync) -> Mask {
        Mask::from_fn(self.width(), self.height(), |x, y| {
            value_at(x, y, self.head.axes.place([x as f32, y as f32]))
        })
    }

    /// A mask of the draft's size at the head's.
    fn full_size(&self, mask: &Mask) -> Mask {
        resize_mask(mask, self.width(), self.height())
    }

    /// How much a pixel faces the light, -1 to 1.
    fn facing(&self, x: usize, y: usize) -> f32 {
        let normal = self.normals.row(y)[x];
        (0..3).map(|axis| normal[axis] * self.light[axis]).sum()
    }
}

/// Where skin shows above the face's outline, at the size of a small copy of the head's picture.
fn bare_scalp(head: &Head, picture: &RgbRaster) -> Mask {
    let scale = Draft::scale(head);
    let small = |mask: &Mask| resize_mask(mask, picture.width(), picture.height());
    let view = scalp::SmallHead {
        lab: &lab_raster(picture),
        hair: &small(&head.hair),
        oval: &small(&head.oval),
        face_height: head.axes.face_height / scale,
        top: head.axes.place(head.landmarks.at(FOREHEAD))[1],
        skin: skin_colour::tone(head)[0],
    };
    scalp::bare_skin(&view, |x, y| {
        head.axes.place([x as f32 * scale, y as f32 * scale])[1]
    })
}

/// Ink where strands of hair and beard part.
fn ink_strands(model: &Model<'_>, beard: &Beard, skin: &Mask, picture: &mut RgbRaster) {
    let draft = &model.draft;
    let lines = |sigma: f32, threshold: f32, hardness: f32, length: f32| Lines {
        sigma: sigma * draft.unit,
        balance: 0.99,
        threshold,
        hardness,
        length: length * draft.unit,
    };
    let light = luma_mask(&gaussian(&draft.flat, 0.8 * draft.unit));
    let inked = model.mask(|x, y, _| model.head.oval.row(y)[x].max(beard.shape.row(y)[x]));
    let inked = draft.small(&inked);
    let fine = draft
        .flow
        .dark_lines(&light, &inked, &lines(1.5, -0.004, 160.0, 4.0));
    let hair_light = luma_mask(&gaussian(&draft.strands, 1.2 * draft.unit));
    let wanted = lines(2.4, -0.003, 220.0, 9.0);
    let strands = draft
        .hair_flow
        .dark_lines(&hair_light, &draft.hair, &wanted);
    let (fine, strands) = (model.full_size(&fine), model.full_size(&strands));
    let strands = strands.map(|value| smoothstep(0.3, 0.8, value));
    let strands = gaussian_mask(&clean(&strands, model.face_height() * 0.035), 0.6);
    let ink = model.mask(|x, y, _| {
        let fine = smoothstep(0.25, 0.8, fine.row(y)[x]);
        let face = 0.04
            * model.head.oval.row(y)[x]
            * (1.0 - model.eyes.row(y)[x])
            * (1.0 - 0.6 * skin.row(y)[x]);
        strands.row(y)[x] * model.hair.row(y)[x] * 0.62
            + fine * (beard.shape.row(y)[x] * 0.5 + face)
    });
    lay(
        picture,
        model.ink(),
        &ink.map(|value| value.clamp(0.0, 1.0)),
        1.0,
    );
}
