//! The parts of one face within the window in which it is painted.

use super::glasses::Glasses;
use super::surface::Surface;
use crate::colour::{luma, smoothstep};
use crate::drawing::{add_polygon, grow};
use crate::filter::{distance_to, gaussian_mask};
use crate::heads::Head;
use crate::mesh_regions::{
    LEFT_BROW, LEFT_EYE, LEFT_SOCKET, LIPS, RIGHT_BROW, RIGHT_EYE, RIGHT_SOCKET,
};
use crate::{Mask, RgbRaster, Window};

/// How far the window reaches beyond the face, in face heights: glow spreads that far.
const MARGIN: f32 = 0.14;
/// Glasses are dark when the lightest tenth of what shows in an eye is darker than this share of the skin.
const DARK_GLASS: f32 = 0.45;

/// Masks of the window's size, 0 to 1.
pub(super) struct Regions {
    pub window: Window,
    pub surface: Surface,
    pub eyes: Mask,
    pub lips: Mask,
    /// Inside the mesh, softly at its outline.
    pub face: Mask,
    pub skin: Mask,
    pub hair: Mask,
    /// Bare skin, and brows: where paint lies on its own.
    pub bare: Mask,
    /// The same with brows and eye sockets, over which a broad brush goes on.
    pub bridged: Mask,
    /// Both eyes are behind dark glasses.
    pub dark_glasses: bool,
    pub face_height: f32,
}

impl Regions {
    /// `skin_luma` is how light the skin is, 0 to 1.
    pub(super) fn of(head: &Head, skin_luma: f32) -> Self {
        let window = window_of(head);
        let face_height = head.axes.face_height;
        let surface = Surface::draw(&head.landmarks, window.width, window.height, |point| {
            window.place(point)
        });
        let eyes = outlines(
            head,
            window,
            &[&LEFT_EYE, &RIGHT_EYE],
            0.04,
            face_height * 0.004,
        );
        let brows = outlines(
            head,
            window,
            &[&LEFT_BROW, &RIGHT_BROW],
            0.1,
            face_height * 0.008,
        );
        let lips = outlines(head, window, &[&LIPS], 0.0, face_height * 0.006);
        let picture = head.picture.crop(window);
        let dark_glasses = [&LEFT_EYE, &RIGHT_EYE]
            .iter()
            .all(|eye| is_dark_glass(head, window, &picture, *eye, skin_luma));
        let depth = distance_to(&surface.covered, |value| value < 0.5);
        let face = depth.map(|d| f32::from(u8::from(d > (face_height * 0.015).max(1.0))));
        let mut regions = Self {
            face: gaussian_mask(&face, face_height * 0.012),
            skin: head.skin.crop(window),
            hair: head.hair.crop(window),
            bare: Mask::filled(window.width, window.height, 0.0),
            bridged: Mask::filled(window.width, window.height, 0.0),
            window,
            surface,
            eyes,
            lips,
            dark_glasses,
            face_height,
        };
        regions.bare = regions.find_bare(&brows);
        let sockets = if dark_glasses {
            Mask::filled(window.width, window.height, 0.0)
        } else {
            outlines(head, window, &[&LEFT_SOCKET, &RIGHT_SOCKET], 0.0, 0.0)
        };
        regions.bridged = regions.find_bridged(&brows, &sockets);
        if let Some(glasses) = Glasses::find(head) {
            regions.keep_frames(&glasses);
        }
        regions
    }

    fn find_bare(&self, brows: &Mask) -> Mask {
        let soft = gaussian_mask(&self.skin, self.face_height * 0.008);
        self.map(|x, y| {
            let skin = (soft.row(y)[x] * 1.5 - 0.15).clamp(0.0, 1.0) * (1.0 - self.eyes.row(y)[x]);
            let brow = brows.row(y)[x] * 0.8;
            skin.max(brow) * self.face.row(y)[x] * (1.0 - self.hair.row(y)[x].min(1.0))
        })
    }

    fn find_bridged(&self, brows: &Mask, sockets: &Mask) -> Mask {
        let any = self.map(|x, y| {
            self.skin.row(y)[x]
                .max(brows.row(y)[x])
                .max(self.eyes.row(y)[x])
                .max(sockets.row(y)[x])
        });
        let wide = gaussian_mask(&any, self.face_height * 0.025);
        let near = gaussian_mask(&self.skin, self.face_height * 0.006);
        self.map(|x, y| {
            let mut cover = smoothstep(0.18, 0.5, wide.row(y)[x])
                * self.face.row(y)[x]
                * (1.0 - self.eyes.row(y)[x])
                * (1.0 - self.hair.row(y)[x].min(1.0));
            if self.dark_glasses {
                cover *= smoothstep(0.35, 0.6, near.row(y)[x]);
            }
            cover
        })
    }

    /// Paint lies below the frames of glasses.
    fn keep_frames(&mut self, glasses: &Glasses) {
        let corner = [self.window.left as f32, self.window.top as f32];
        let frames = glasses.frames(self.window.width, self.window.height, corner);
        for zone in [&mut self.bare, &mut self.bridged] {
            zone.for_each_row(|y, row| {
                for (free, frame) in row.iter_mut().zip(frames.row(y)) {
                    *free *= 1.0 - frame;
                }
            });
        }
    }

    fn map(&self, value_at: impl Fn(usize, usize) -> f32 + Sync) -> Mask {
        Mask::from_fn(self.window.width, self.window.height, value_at)
    }
}

/// The face with room for glow.
fn window_of(head: &Head) -> Window {
    let margin = MARGIN * head.axes.face_height;
    let [left, top, right, bottom] = head.landmarks.bounds();
    let bounds = [left - margin, top - margin, right + margin, bottom + margin];
    Window::within(bounds, head.alpha.width(), head.alpha.height())
}

/// Outlines of the mesh filled, grown by a share and softened.
fn outlines(head: &Head, window: Window, of: &[&[usize]], by: f32, softness: f32) -> Mask {
    let mut mask = Mask::filled(window.width, window.height, 0.0);
    for indices in of {
        let corners: Vec<[f32; 2]> = head
            .landmarks
            .all_at(indices)
            .into_iter()
            .map(|point| window.place(point))
            .collect();
        add_polygon(&mut mask, &grow(&corners, by));
    }
    gaussian_mask(&mask, softness)
}

fn is_dark_glass(
    head: &Head,
    window: Window,
    picture: &RgbRaster,
    eye: &[usize],
    skin_luma: f32,
) -> bool {
    let opening = outlines(head, window, &[eye], 0.0, 0.0);
    let mut lumas: Vec<f32> = picture
        .pixels()
        .iter()
        .zip(opening.pixels())
        .filter(|(_, inside)| **inside > 0.7)
        .map(|(pixel, _)| luma(*pixel))
        .collect();
    if lumas.len() <= 20 {
        return false;
    }
    let light = lumas.len() * 9 / 10;
    *lumas.select_nth_unstable_by(light, f32::total_cmp).1 < DARK_GLASS * skin_luma
}
