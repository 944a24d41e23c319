//! What reads bytes of strangers, for tests/fuzz alone: compiled only under `--cfg fuzzing`.

use crate::encode::{Format, encode};
use crate::faces::{Landmarks, Pose};
use crate::grade::grade;
use crate::matte::Matte;
use crate::models::{BODY_POINTS, Body, BodyPoint};
use crate::paint::oil;
use crate::step::Stopwatch;
use crate::studio::analysis::PhotoAnalysis;
use crate::studio::scene::build_scene;
use crate::theme::{self, Catalog, Paint};
use crate::theming::canonical_face;
use crate::{PortraitSize, Refusal, RgbRaster, decode};
use std::path::Path;
use std::sync::LazyLock;

/// The shipped themes.
static CATALOG: LazyLock<Catalog> = LazyLock::new(|| {
    let themes = Path::new(env!("CARGO_MANIFEST_DIR")).join("../themes");
    Catalog::load(&themes).expect("the shipped themes are well-formed")
});

/// Width and height of the decoded photo.
///
/// # Errors
/// Why it is no photo for a portrait.
pub fn decode(photo: &[u8]) -> Result<(usize, usize), Refusal> {
    decode::decode(photo).map(|photo| (photo.picture.width(), photo.picture.height()))
}

/// From the photo to the portrait's file without a network: faces are where the last bytes of the photo say.
///
/// # Errors
/// Why it is no photo for a portrait.
pub fn portray(bytes: &[u8]) -> Result<Vec<u8>, Refusal> {
    let photo = decode::decode(bytes)?.picture;
    let bytes_at_end = TrailingBytes(bytes);
    let people: Vec<Landmarks> = (0..1 + bytes_at_end.at(0) % 3)
        .map(|person| bytes_at_end.face(1 + 5 * person, &photo))
        .collect();
    let themes = CATALOG.themes();
    let theme = &themes[bytes_at_end.at(40) % themes.len()];
    let variant = &theme.variants[bytes_at_end.at(41) % theme.variants.len()];
    let analysis = PhotoAnalysis {
        matte: Matte::of_faces(&photo, &people),
        bodies: people.iter().map(|_| unseen_body()).collect(),
        warnings: Vec::new(),
        photo,
        people,
    };
    let size =
        PortraitSize::of_width(120 + 12 * (bytes_at_end.at(42) % 10)).expect("a portrait's width");
    let mut listener = |_| ();
    let mut watch = Stopwatch::new(&mut listener);
    let is_lighter = bytes_at_end.at(43) % 3 == 0;
    let Ok(scene) = build_scene(&analysis, variant, size, is_lighter, &mut watch) else {
        // A face that lies outside of everything finds no place; that is said and nothing crashes.
        return Ok(Vec::new());
    };
    let composite = &scene.composite;
    let mut picture = match &variant.paint {
        Paint::Oil(brush) => oil::paint(&composite.into(), brush),
        Paint::Styles(_) | Paint::Cel(_) => composite.picture.clone(),
    };
    grade(&mut picture, &composite.faces, &variant.grade, 1);
    assert!(
        picture
            .pixels()
            .iter()
            .flatten()
            .all(|value| (0.0..=1.0).contains(value))
    );
    Ok(encode(&picture, Format::Jpeg).expect("a picture of a portrait's size"))
}

/// How many variants the text of a theme.toml describes.
///
/// # Errors
/// What is wrong with it.
pub fn read_theme(text: &str) -> anyhow::Result<usize> {
    theme::parse(text).map(|file| file.variants.len())
}

/// The last bytes of a file, which decoders ignore, as numbers.
struct TrailingBytes<'a>(&'a [u8]);

impl TrailingBytes<'_> {
    /// The byte so many places before the last; 0 where there is none.
    fn at(&self, index: usize) -> usize {
        self.0
            .iter()
            .rev()
            .nth(index)
            .map_or(0, |&byte| byte.into())
    }

    /// A face anywhere in or beside the photo, of any size, turned in the plane.
    fn face(&self, first: usize, photo: &RgbRaster) -> Landmarks {
        let share = |index| self.at(first + index) as f32 / 255.0;
        let (width, height) = (photo.width() as f32, photo.height() as f32);
        let centre = [
            (share(0) * 1.4 - 0.2) * width,
            (share(1) * 1.4 - 0.2) * height,
        ];
        let side = (0.05 + share(2)) * width.max(height);
        let (sine, cosine) = ((share(3) - 0.5) * 2.0).sin_cos();
        let points = canonical_face().map(|[x, y]| {
            let (x, y) = ((x - 0.5) * side, (y - 0.5) * side);
            let place = [x * cosine - y * sine, x * sine + y * cosine];
            [
                centre[0] + place[0],
                centre[1] + place[1],
                (share(4) - 0.5) * x,
            ]
        });
        Landmarks {
            points: points.collect(),
            pose: Pose {
                yaw: (share(4) - 0.5) * 90.0,
                pitch: (share(2) - 0.5) * 60.0,
                roll: ((share(3) - 0.5) * 2.0).to_degrees(),
            },
            presence: 1.0,
        }
    }
}

fn unseen_body() -> Body {
    Body {
        points: [BodyPoint {
            place: [0.0; 2],
            depth: 0.0,
            visibility: 0.0,
            presence: 0.0,
        }; BODY_POINTS],
        score: 0.0,
    }
}
