//! Guests in costume drawn onto the world: the layer behind, the head, its shadows, the layer in front.

use crate::colour::smoothstep;
use crate::costume::{DressedGuest, WornProp};
use crate::geometry::Similarity;
use crate::{Mask, Raster, RgbRaster};
use rayon::prelude::*;

/// How dark the costume's shadow on the neck is.
const COLLAR_SHADOW: f32 = 0.42;
/// Below its lower edge a costume repeats the row this many pixels above that edge, and fades to black over so many
/// face heights.
const HEM_MARGIN: f32 = 3.0;
const HEM_FADE: f32 = 1.2;
/// A prop hides in hair where the head is this much there.
const PROP_FROM: f32 = 0.2;
const PROP_TO: f32 = 0.6;

/// A picture that guests are drawn into, one after another from the back.
pub(super) struct Canvas {
    pub picture: RgbRaster,
    /// How much of each pixel is a guest.
    pub people: Mask,
    /// How much of each pixel is photographed and still unpainted.
    pub photographed: Mask,
}

/// What is drawn at a pixel.
struct Stroke {
    canvas: [f32; 3],
    people: f32,
    photographed: f32,
}

/// `shadow_strength` is how dark a head makes the costume behind it; `fades_at_hem` says that what lies below the costume
/// is dark.
pub(super) fn draw(
    canvas: &mut Canvas,
    guest: &DressedGuest,
    shadow_strength: f32,
    fades_at_hem: bool,
) {
    let painter = Painter::new(guest, shadow_strength, fades_at_hem);
    let Canvas {
        picture,
        people,
        photographed,
    } = canvas;
    let (width, height) = (picture.width(), picture.height());
    let [left, top, right, bottom] = painter.bounds();
    let range = |from: f32, to: f32, side: usize| {
        let from = (from.max(0.0) as usize).min(side);
        from..(to.ceil().max(0.0) as usize).clamp(from, side)
    };
    let (columns, rows) = (range(left, right, width), range(top, bottom, height));
    let lines = picture
        .pixels_mut()
        .par_chunks_mut(width)
        .zip(people.pixels_mut().par_chunks_mut(width))
        .zip(photographed.pixels_mut().par_chunks_mut(width))
        .enumerate();
    lines.for_each(|(y, ((picture, people), photographed))| {
        if !rows.contains(&y) {
            return;
        }
        for x in columns.clone() {
            let stroke = painter.draw(
                [x as f32, y as f32],
                Stroke {
                    canvas: picture[x],
                    people: people[x],
                    photographed: photographed[x],
                },
            );
            picture[x] = stroke.canvas;
            people[x] = stroke.people;
            photographed[x] = stroke.photographed;
        }
    });
}

struct Painter<'a> {
    guest: &'a DressedGuest,
    /// Colour and alpha of the head, for sampling between pixels.
    head: Raster<[f32; 4]>,
    to_head: Similarity,
    to_bust: Similarity,
    to_prop: Option<(&'a WornProp, Similarity)>,
    shadow_strength: f32,
    fades_at_hem: bool,
}

impl<'a> Painter<'a> {
    fn new(guest: &'a DressedGuest, shadow_strength: f32, fades_at_hem: bool) -> Self {
        let (picture, alpha) = (&guest.head.picture, &guest.head.alpha);
        Self {
            head: Raster::from_fn(picture.width(), picture.height(), |x, y| {
                let [red, green, blue] = picture.row(y)[x];
                [red, green, blue, alpha.row(y)[x]]
            }),
            to_head: guest.head_to_portrait.inverse(),
            to_bust: guest.bust_to_portrait.inverse(),
            to_prop: guest
                .prop
                .as_ref()
                .map(|prop| (prop, prop.to_portrait.inverse())),
            guest,
            shadow_strength,
            fades_at_hem,
        }
    }

    /// Left, top, right and bottom of all that is drawn, in portrait pixels.
    fn bounds(&self) -> [f32; 4] {
        let bust = self
            .guest
            .bust_to_portrait
            .bounds(self.guest.costume.folder.frame());
        let frame = [
            0.0,
            0.0,
            self.head.width() as f32,
            self.head.height() as f32,
        ];
        let head = self.guest.head_to_portrait.bounds(frame);
        [
            bust[0].min(head[0]),
            bust[1].min(head[1]),
            bust[2].max(head[2]),
            f32::INFINITY,
        ]
    }

    /// Clamps a place of the bust to its lower edge; returns how far below it lay, in face heights.
    fn clamp_to_hem(&self, place: &mut [f32; 2]) -> f32 {
        let folder = &self.guest.costume.folder;
        let hem = folder.frame()[3] - HEM_MARGIN;
        let below = (place[1] - hem).max(0.0);
        place[1] -= below;
        below / folder.face_height()
    }

    fn draw(&self, place: [f32; 2], mut stroke: Stroke) -> Stroke {
        let (head_place, mut bust_place) = (self.to_head.apply(place), self.to_bust.apply(place));
        let below_hem = self.clamp_to_hem(&mut bust_place);
        let light = if self.fades_at_hem {
            1.0 - smoothstep(0.0, HEM_FADE, below_hem)
        } else {
            1.0
        };
        let layers = &self.guest.layers;
        let front = darkened(layers.front.sample(bust_place), light);
        if front[3] >= 0.999 && self.to_prop.is_none() {
            stroke.lay(front);
            return stroke;
        }
        let back = darkened(layers.back.sample(bust_place), light);
        stroke.lay(back);
        let [red, green, blue, alpha] = self.head.sample_cubic(head_place[0], head_place[1]);
        let alpha = alpha.clamp(0.0, 1.0);
        if back[3] > 0.0 {
            let scale = self.guest.shadow_scale;
            let shadow = self.guest.shadow.sample(
                (head_place[0] + 0.5) / scale - 0.5,
                (head_place[1] + 0.5) / scale - 0.5,
            );
            stroke.darken(self.shadow_strength * shadow * back[3]);
        }
        if alpha > 0.0 {
            let face = self.guest.head.axes.place(head_place);
            let collar =
                COLLAR_SHADOW * layers.shadow.sample(bust_place) * self.guest.collar_shadow(face);
            let colour = [red, green, blue].map(|value| value.clamp(0.0, 1.0) * (1.0 - collar));
            stroke.lay([
                colour[0] * alpha,
                colour[1] * alpha,
                colour[2] * alpha,
                alpha,
            ]);
            stroke.photographed += alpha * (1.0 - stroke.photographed);
        }
        stroke.lay(front);
        if let Some((prop, to_prop)) = &self.to_prop {
            let [x, y] = to_prop.apply(place);
            let x = prop.middle + (x - prop.middle) / prop.narrowing;
            let shown = smoothstep(PROP_FROM, PROP_TO, alpha);
            let below = prop.layers.shadow.sample([x, y]) * 0.5 * shown;
            let ornament = prop.layers.front.sample([x, y]).map(|value| value * shown);
            stroke.darken(below * (1.0 - ornament[3]));
            stroke.lay(ornament);
        }
        stroke
    }
}

fn darkened([red, green, blue, alpha]: [f32; 4], light: f32) -> [f32; 4] {
    [red * light, green * light, blue * light, alpha]
}

impl Stroke {
    /// Lays a colour (times its alpha) over what is there; a costume hides photographed pixels.
    fn lay(&mut self, [red, green, blue, alpha]: [f32; 4]) {
        if alpha <= 0.0 {
            return;
        }
        let rest = 1.0 - alpha;
        let colours = [red, green, blue];
        self.canvas = std::array::from_fn(|c| self.canvas[c] * rest + colours[c]);
        self.people = self.people * rest + alpha;
        self.photographed *= rest;
    }

    fn darken(&mut self, by: f32) {
        self.canvas = self.canvas.map(|value| value * (1.0 - by));
    }
}
