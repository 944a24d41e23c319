//! Makes a head ready for a brush that paints cel animation: large drawn eyes, clean frames of glasses, a crisp outline.

mod canvas;
mod eyes;
mod glasses;
mod iris;
mod lids;
mod outline;
mod sunglasses;

use super::glasses::Glasses;
use crate::colour::Lab;
use crate::costume::turned_away;
use crate::heads::{Head, skin};
use crate::theme::{AnimatedFace, Light};
use crate::{Mask, Rgb};
use canvas::lay;

/// What the drawing is made from.
struct Model<'a> {
    head: &'a Head,
    recipe: &'a AnimatedFace,
    /// The skin in the theme's light.
    skin: Lab,
    /// Which side of the picture the light comes from: -1 left, 1 right.
    light_side: f32,
}

/// Draws on the head in place; it is still to be painted.
pub(super) fn animate(head: &mut Head, recipe: &AnimatedFace, light: &Light) {
    let model = Model::of(head, recipe, light);
    let mut picture = head.picture.clone();
    if model.shows_eyes() {
        eyes::draw(&model, &mut picture);
        if let Some(glasses) = Glasses::find(head) {
            glasses::draw(&glasses, &model, &mut picture);
        }
    }
    let alpha = outline::crisp(head);
    lay(
        &mut picture,
        model.ink(),
        &outline::line(head, &alpha),
        outline::STRENGTH,
    );
    head.picture = picture;
    head.alpha = alpha;
}

impl<'a> Model<'a> {
    fn of(head: &'a Head, recipe: &'a AnimatedFace, light: &Light) -> Self {
        let from_left = light
            .lamps
            .first()
            .is_some_and(|lamp| lamp.direction[0] < 0.0);
        Self {
            skin: skin::median(&head.picture, head),
            light_side: if from_left { -1.0 } else { 1.0 },
            head,
            recipe,
        }
    }

    /// Drawn eyes look broken on a face that is turned far away, and lie on top of sunglasses.
    fn shows_eyes(&self) -> bool {
        turned_away(self.head.landmarks.pose, true).is_none() && !sunglasses::are_worn(self)
    }

    fn width(&self) -> usize {
        self.head.picture.width()
    }

    fn height(&self) -> usize {
        self.head.picture.height()
    }

    fn face_height(&self) -> f32 {
        self.head.axes.face_height
    }

    fn ink(&self) -> Rgb {
        self.recipe.ink.0
    }

    /// The skin's colour, lighter or darker.
    fn skin_tone(&self, lighter: f32) -> Rgb {
        let [lightness, a, b] = self.skin;
        crate::colour::from_lab([lightness + lighter, a, b])
    }

    /// A mask computed pixel by pixel; the closure gets the pixel and its place in the face's coordinates.
    fn mask(&self, value_at: impl Fn(usize, usize, [f32; 2]) -> f32 + Sync) -> Mask {
        Mask::from_fn(self.width(), self.height(), |x, y| {
            value_at(x, y, self.head.axes.place([x as f32, y as f32]))
        })
    }
}
