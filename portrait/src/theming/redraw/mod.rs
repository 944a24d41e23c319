//! Draws a head as cel animation: hair in three tones, skin in two, features as tapered strokes on the landmarks.

mod beard;
mod canvas;
mod eyes;
mod features;
mod glasses;
mod hair;
mod scalp;
mod skin;
mod sunglasses;

use super::glasses::Glasses;
use super::shape::Shape;
use super::surface::normalize;
use crate::colour::{Lab, lab_raster, smoothstep};
use crate::drawing::{add_polygon, grow as grow_outline};
use crate::faces::FOREHEAD;
use crate::filter::{
    Flow, Lines, Pieces, Reach, clean, gaussian, gaussian_mask, grow, kuwahara, luma_mask,
    resize_mask, resize_rgb,
};
use crate::heads::{Head, skin as skin_colour};
use crate::mesh_regions::{LEFT_BROW, LEFT_EYE, LIPS, MOUTH, RIGHT_BROW, RIGHT_EYE};
use crate::theme::RedrawnFace;
use crate::{Mask, Raster, Rgb, RgbRaster};
use beard::Beard;
use canvas::{both, either, lay, without};

/// Everything that is measured in pixels is meant for a face of this height.
const NOMINAL_FACE: f32 = 330.0;
/// Height of the face in the draft.
const DRAFT_FACE: f32 = 200.0;

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
        let bare = resize_mask(&bare, width, height);
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

/// Everything that follows the picture's own flow, some times smaller than the head: what comes of it is smooth,
/// and its edges are drawn anew at full size.
struct Draft {
    /// Pixels to one of a face of nominal height.
    unit: f32,
    picture: RgbRaster,
    /// The picture as flat strokes.
    flat: RgbRaster,
    flow: Flow,
    hair: Mask,
    /// The direction of hair, and the picture dragged along it until it falls into locks.
    hair_flow: Flow,
    strands: RgbRaster,
}

impl Draft {
    /// How many times smaller than the head it is.
    fn scale(head: &Head) -> f32 {
        (head.axes.face_height / DRAFT_FACE).max(1.0)
    }

    /// The head's picture at the draft's size.
    fn picture(head: &Head) -> RgbRaster {
        let small = |side: usize| ((side as f32 / Self::scale(head)) as usize).max(1);
        let (width, height) = (small(head.alpha.width()), small(head.alpha.height()));
        resize_rgb(&head.picture, width, height)
    }

    fn of(head: &Head, picture: RgbRaster, hair: &Mask) -> Self {
        let (width, height) = (picture.width(), picture.height());
        let unit = head.axes.face_height / Self::scale(head) / NOMINAL_FACE;
        let hair = resize_mask(hair, width, height);
        let alpha = resize_mask(&head.alpha, width, height);
        let active = grow(&alpha.map(|value| f32::from(u8::from(value > 0.02))), 2.0);
        let flow = Flow::of(&picture, 2.5 * unit);
        let radii = active.map(|value| value * 4.5 * unit);
        let flat = kuwahara(&picture, &radii, |x, y| flow.at(x, y));
        let hair_flow = Flow::of(&flat, 9.0 * unit);
        let long = hair_flow.drag_rgb(&flat, &hair, reach(15.0, 3.0, 22.0, unit));
        let radii = hair.map(|value| if value > 0.02 { 6.5 * unit } else { 0.0 });
        let locks = kuwahara(&long, &radii, |x, y| {
            let [dx, dy, _] = hair_flow.at(x, y);
            [dx, dy, 0.8]
        });
        Self {
            strands: hair_flow.drag_rgb(&locks, &hair, reach(10.0, 2.4, 11.0, unit)),
            unit,
            picture,
            flat,
            flow,
            hair,
            hair_flow,
        }
    }

    /// A mask of the head's size at the draft's.
    fn small(&self, mask: &Mask) -> Mask {
        resize_mask(mask, self.flat.width(), self.flat.height())
    }
}

/// How far along the flow, for a face of nominal height.
fn reach(steps: f32, stride: f32, sigma: f32, unit: f32) -> Reach {
    Reach {
        steps: (steps * unit).max(1.0) as usize,
        stride,
        sigma: sigma * unit,
    }
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

/// The head's outline as one would draw it: hair in whole locks, nothing loose.
fn outline(model: &Model<'_>, beard: &Beard) -> Mask {
    let head = model.head;
    let face_height = model.face_height();
    let alpha = either(&head.alpha, &beard.under_chin);
    let draft = &model.draft;
    let near_hair = gaussian_mask(&draft.small(&head.hair), face_height * 0.01);
    let small = draft.small(&alpha);
    let dragged = draft
        .hair_flow
        .drag(&small, &near_hair, reach(10.0, 2.4, 11.0, draft.unit));
    let dragged = model.full_size(&dragged);
    let smooth = gaussian_mask(&dragged, face_height * 0.006).map(|v| smoothstep(0.36, 0.60, v));
    let locks = clean(&smooth, face_height * 0.05);
    let near = grow(&alpha, 2.0);
    let soft_hair = gaussian_mask(&head.hair, face_height * 0.01);
    let merged = model.mask(|x, y, _| {
        let skin = head.oval.row(y)[x].max(model.bare.row(y)[x]);
        let is_hair = soft_hair.row(y)[x] * (1.0 - skin) > 0.15;
        if is_hair {
            locks.row(y)[x].min(near.row(y)[x])
        } else {
            alpha.row(y)[x]
        }
    });
    let pieces = Pieces::find(&merged, |value| value > 0.3);
    let own = pieces.touching(|x, y| head.oval.row(y)[x] > 0.5);
    let kept = model.mask(|x, y, _| f32::from(u8::from(own[pieces.label(x, y) as usize])));
    both(&merged, &grow(&kept, 1.0))
}

/// A line along the outline, down to the neck.
fn silhouette(model: &Model<'_>, outline: &Mask) -> Mask {
    let face_height = model.face_height();
    let wide = gaussian_mask(&grow(outline, face_height * 0.004), 0.8);
    let narrow = gaussian_mask(&grow(outline, -face_height * 0.0035), 0.8);
    let chin = model.head.axes.chin;
    model.mask(|x, y, [_, v]| {
        let line = (wide.row(y)[x] - narrow.row(y)[x]).clamp(0.0, 1.0);
        line * (1.0 - smoothstep(chin + 0.45, chin + 0.6, v))
            * smoothstep(0.3, 0.8, outline.row(y)[x])
    })
}

/// A line where hair meets skin.
fn hairline(model: &Model<'_>, skin: &Mask) -> Mask {
    let face_height = model.face_height();
    let soft = gaussian_mask(skin, face_height * 0.004);
    let line = model.mask(|x, y, _| {
        let is_edge = (soft.row(y)[x] - 0.5).abs() < 0.22 && model.hair.row(y)[x] > 0.2;
        f32::from(u8::from(is_edge))
    });
    without(&gaussian_mask(&line, face_height * 0.003), &model.eyes)
}
