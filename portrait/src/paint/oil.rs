//! Oil: photographed pixels become strokes that follow their own edges, with bristles, and darks that gather.
//!
//! An anisotropic Kuwahara filter does most of it: it flattens along the flow and keeps edges across it.

use crate::colour::luma;
use crate::compose::Composite;
use crate::filter::{
    Flow, Lines, Reach, gaussian, gaussian_mask, kuwahara, luma_mask, resize_change,
    resize_mask_region, resize_rgb_region,
};
use crate::theme::OilBrush;
use crate::{Mask, Raster, RgbRaster, Window};
use fastrand::Rng;

/// Everything that is measured in pixels of the canvas is meant for a portrait of this width.
const NOMINAL_WIDTH: f32 = 1200.0;
/// How much smaller than the portrait the canvas is.
const CANVAS_SCALE: usize = 2;
/// Strokes follow the picture smoothed by this much; bristles follow what was painted, smoother still.
const FLOW_SIGMA: f32 = 2.2;
const BRISTLE_SIGMA: f32 = 5.0;
/// How far a bristle's mark is drawn, in canvas pixels to either side, and how it fades.
const BRISTLE_LENGTH: f32 = 14.0;
const BRISTLE_FADE: f32 = 6.0;
/// Lines in which darks gather: their width, how dark they must be, and how hard they end.
const DARK_LINES: Lines = Lines {
    sigma: 1.1,
    balance: 0.985,
    threshold: -0.002,
    hardness: 120.0,
    length: 3.0,
};

/// What is painted, in portrait pixels.
pub(crate) struct Subject<'a> {
    pub picture: &'a RgbRaster,
    /// How much of each pixel is to be painted.
    pub photographed: &'a Mask,
    /// How much of each pixel is a face, and how much is an eye, a brow, a mouth; of any size.
    pub faces: &'a Mask,
    pub features: &'a Mask,
}

impl<'a> From<&'a Composite> for Subject<'a> {
    fn from(composite: &'a Composite) -> Self {
        Self {
            picture: &composite.picture,
            photographed: &composite.photographed,
            faces: &composite.faces,
            features: &composite.features,
        }
    }
}

/// Paints in the picture's full size; pixels that are not photographed stay as they are.
pub(crate) fn paint(subject: &Subject<'_>, brush: &OilBrush) -> RgbRaster {
    let unit = subject.picture.width() as f32 / CANVAS_SCALE as f32 / NOMINAL_WIDTH;
    paint_at(subject, brush, unit)
}

/// The same for a picture that is not as wide as a portrait: `unit` is how many pixels of the canvas, which is half as
/// large as the picture, the brush's pixel has.
pub(crate) fn paint_at(subject: &Subject<'_>, brush: &OilBrush, unit: f32) -> RgbRaster {
    let Some(window) = painted_window(subject.photographed) else {
        return subject.picture.clone();
    };
    let canvas = Canvas::prepare(subject, window, unit);
    let painted = canvas.paint(brush);
    carry_up(subject, &canvas.picture, painted, window)
}

/// Enlarges what painting changed and adds it where the picture is photographed.
fn carry_up(
    subject: &Subject<'_>,
    before: &RgbRaster,
    mut painted: RgbRaster,
    window: Window,
) -> RgbRaster {
    painted.for_each_row(|y, row| {
        for (pixel, before) in row.iter_mut().zip(before.row(y)) {
            *pixel = std::array::from_fn(|c| pixel[c] - before[c]);
        }
    });
    let change = resize_change(&painted, window.width, window.height);
    let mut picture = subject.picture.clone();
    picture.for_each_row(|y, row| {
        if !(window.top..window.top + window.height).contains(&y) {
            return;
        }
        let amounts = &subject.photographed.row(y)[window.left..];
        let changes = change.row(y - window.top);
        for ((pixel, change), &amount) in row[window.left..].iter_mut().zip(changes).zip(amounts) {
            *pixel = std::array::from_fn(|c| (pixel[c] + change[c] * amount).clamp(0.0, 1.0));
        }
    });
    picture
}

/// The part of the picture in which anything is photographed, at even pixels; `None` where nothing is.
fn painted_window(photographed: &Mask) -> Option<Window> {
    const MARGIN: usize = 16;
    let (width, height) = (photographed.width(), photographed.height());
    let (mut low, mut high) = ([width, height], [0, 0]);
    for y in 0..height {
        let row = photographed.row(y);
        if let Some(first) = row.iter().position(|&value| value > 0.01) {
            let last = row.iter().rposition(|&value| value > 0.01).unwrap_or(first);
            low = [low[0].min(first), low[1].min(y)];
            high = [high[0].max(last), high[1].max(y)];
        }
    }
    if low[0] > high[0] {
        return None;
    }
    let left = low[0].saturating_sub(MARGIN) / CANVAS_SCALE * CANVAS_SCALE;
    let top = low[1].saturating_sub(MARGIN) / CANVAS_SCALE * CANVAS_SCALE;
    Some(Window {
        left,
        top,
        width: ((high[0] + MARGIN).min(width) - left) / CANVAS_SCALE * CANVAS_SCALE,
        height: ((high[1] + MARGIN).min(height) - top) / CANVAS_SCALE * CANVAS_SCALE,
    })
}

/// The part that is painted, at half its size.
struct Canvas {
    picture: RgbRaster,
    photographed: Mask,
    faces: Mask,
    features: Mask,
    /// Canvas pixels to one of a canvas of nominal width.
    unit: f32,
    seed: u64,
}

impl Canvas {
    fn prepare(subject: &Subject<'_>, window: Window, unit: f32) -> Self {
        let full = [
            subject.picture.width() as f32,
            subject.picture.height() as f32,
        ];
        let (width, height) = (window.width / CANVAS_SCALE, window.height / CANVAS_SCALE);
        let region = [window.left, window.top, window.width, window.height].map(|v| v as f64);
        let sampled = |mask: &Mask| {
            let (across, down) = (
                mask.width() as f32 / full[0],
                mask.height() as f32 / full[1],
            );
            let step = CANVAS_SCALE as f32;
            Mask::from_fn(width, height, |x, y| {
                mask.sample(
                    ((x as f32 + 0.5) * step + window.left as f32) * across - 0.5,
                    ((y as f32 + 0.5) * step + window.top as f32) * down - 0.5,
                )
            })
        };
        Self {
            picture: resize_rgb_region(subject.picture, region, width, height),
            photographed: resize_mask_region(subject.photographed, region, width, height),
            faces: sampled(subject.faces),
            features: sampled(subject.features),
            unit,
            seed: 1,
        }
    }

    fn paint(&self, brush: &OilBrush) -> RgbRaster {
        let unit = self.unit;
        let flow = Flow::of(&self.picture, FLOW_SIGMA * unit);
        let radii = self.radii(brush);
        let mut painted = kuwahara(&self.picture, &radii, |x, y| flow.at(x, y));
        self.add_bristles(&mut painted, brush);
        self.return_detail(&mut painted, brush);
        self.gather_darks(&mut painted, &flow, brush);
        painted
    }

    /// Radius of the strokes: broad on cloth, fine on faces, finest on features.
    fn radii(&self, brush: &OilBrush) -> Mask {
        Mask::from_fn(self.picture.width(), self.picture.height(), |x, y| {
            if self.photographed.row(y)[x] < 0.01 {
                return 0.0;
            }
            let (face, feature) = (self.faces.row(y)[x], self.features.row(y)[x]);
            let radius = brush.radius * (1.0 - face) + brush.face_radius * face;
            (radius * (1.0 - feature) + brush.feature_radius * feature) * self.unit
        })
    }

    /// Noise dragged along the strokes, lit as relief; faint on faces, absent on features.
    fn add_bristles(&self, painted: &mut RgbRaster, brush: &OilBrush) {
        if brush.bristles <= 0.0 {
            return;
        }
        let unit = self.unit;
        let (width, height) = (painted.width(), painted.height());
        let mut rng = Rng::with_seed(self.seed);
        let white = (0..width * height).map(|_| rng.f32() + rng.f32() + rng.f32() - 1.5);
        let white = Mask::from_pixels(width, height, white.collect());
        let noise = gaussian_mask(&white, 0.8 * unit);
        let flow = Flow::of(&gaussian(painted, 2.0 * unit), BRISTLE_SIGMA * unit);
        let reach = Reach {
            steps: (BRISTLE_LENGTH * unit).max(1.0) as usize,
            stride: 1.0,
            sigma: BRISTLE_FADE * unit,
        };
        let marks = normalised(&flow.drag(&noise, &self.photographed, reach));
        painted.for_each_row(|y, row| {
            for (x, pixel) in row.iter_mut().enumerate() {
                let free = (1.0 - 0.75 * self.faces.row(y)[x]) * (1.0 - self.features.row(y)[x]);
                let relief = brush.bristles * 0.55 * free * marks.row(y)[x];
                *pixel = pixel.map(|value| value * (1.0 + relief * (0.5 + 0.8 * luma(*pixel))));
            }
        });
    }

    /// Gives back a part of the fine detail that strokes have swallowed, most of it on features.
    fn return_detail(&self, painted: &mut RgbRaster, brush: &OilBrush) {
        let smooth = gaussian(&self.picture, 1.6 * self.unit);
        painted.for_each_row(|y, row| {
            for (x, pixel) in row.iter_mut().enumerate() {
                let kept = brush.detail * (0.35 + 0.78 * self.features.row(y)[x]);
                *pixel = std::array::from_fn(|c| {
                    pixel[c] + kept * (self.picture.row(y)[x][c] - smooth.row(y)[x][c])
                });
            }
        });
    }

    /// Soft dark lines where the picture darkens across its flow.
    fn gather_darks(&self, painted: &mut RgbRaster, flow: &Flow, brush: &OilBrush) {
        let light = luma_mask(&gaussian(&self.picture, 0.8 * self.unit));
        let lines = flow.dark_lines(&light, &self.photographed, &DARK_LINES.scaled(self.unit));
        painted.for_each_row(|y, row| {
            for (x, pixel) in row.iter_mut().enumerate() {
                let (face, feature) = (self.faces.row(y)[x], self.features.row(y)[x]);
                let free = (1.0 - 0.8 * feature) * (1.0 - 0.4 * face);
                let ink = lines.row(y)[x] * brush.lines * free;
                let darken = [0.8, 0.85, 0.9].map(|share| 1.0 - ink * share);
                *pixel = std::array::from_fn(|c| (pixel[c] * darken[c]).clamp(0.0, 1.0));
            }
        });
    }
}

/// The same values with a deviation of 1.
fn normalised(mask: &Mask) -> Mask {
    let count = mask.pixels().len().max(1) as f32;
    let mean = mask.pixels().iter().sum::<f32>() / count;
    let variance = mask
        .pixels()
        .iter()
        .map(|v| (v - mean).powi(2))
        .sum::<f32>()
        / count;
    let scale = 1.0 / variance.sqrt().max(1e-6);
    Raster::map(mask, |value| (value - mean) * scale)
}
