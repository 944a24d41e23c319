//! Whole portraits through the public interface: every theme against a committed small copy, formats, metadata.
//!
//! `UPDATE_GOLDEN=1 cargo test -p portrait --test portraits` writes the small copies anew: look at them before committing.

mod machine;

use image::{GenericImageView, RgbImage, imageops};
use machine::{astronaut, open_studio};
use portrait::{Format, Order, PORTRAIT_HEIGHT, PORTRAIT_WIDTH, RenderError, Step};
use std::io::Cursor;
use std::path::{Path, PathBuf};

/// Size of the committed copies.
const SMALL: (u32, u32) = (120, 160);
/// Mean difference a channel, of 255, that other processors and libraries may cause.
const TOLERANCE: f64 = 3.0;

fn order(theme: &str, format: Format) -> Order {
    Order {
        theme: theme.to_owned(),
        variant: None,
        format,
        seed: 7,
    }
}

fn golden(theme: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("tests/golden/{theme}.png"))
}

fn small(bytes: &[u8]) -> RgbImage {
    let picture = image::load_from_memory(bytes).expect("a portrait is a picture");
    assert_eq!(
        picture.dimensions(),
        (PORTRAIT_WIDTH as u32, PORTRAIT_HEIGHT as u32)
    );
    imageops::thumbnail(&picture.into_rgb8(), SMALL.0, SMALL.1)
}

fn mean_difference(a: &RgbImage, b: &RgbImage) -> f64 {
    assert_eq!(a.dimensions(), b.dimensions());
    let sum: u64 = a
        .as_raw()
        .iter()
        .zip(b.as_raw())
        .map(|(a, b)| u64::from(a.abs_diff(*b)))
        .sum();
    sum as f64 / a.as_raw().len() as f64
}

#[test]
fn every_theme_looks_as_it_was_approved() {
    let mut studio = open_studio();
    let themes: Vec<String> = studio
        .catalog()
        .themes()
        .iter()
        .map(|theme| theme.id.clone())
        .collect();
    let mut pictures = Vec::new();
    for theme in themes {
        let mut heard = Vec::new();
        let portrait = studio
            .render(&astronaut(), &order(&theme, Format::Jpeg), &mut |step| {
                heard.push(step)
            })
            .expect("the astronaut becomes a portrait");
        assert_eq!(
            heard,
            Step::ALL,
            "{theme}: every step announces itself, in order"
        );
        assert_eq!(portrait.report.faces, 1);
        let picture = small(&portrait.bytes);
        if std::env::var_os("UPDATE_GOLDEN").is_some() {
            picture
                .save(golden(&theme))
                .expect("the golden folder is writable");
        }
        let approved = image::open(golden(&theme))
            .unwrap_or_else(|_| panic!("{theme} has no approved copy: see UPDATE_GOLDEN above"))
            .into_rgb8();
        let difference = mean_difference(&picture, &approved);
        assert!(
            difference < TOLERANCE,
            "{theme} differs by {difference:.2} of 255"
        );
        pictures.push(picture);
    }
    // The tolerance would be worth nothing if it could not tell themes apart.
    for (index, a) in pictures.iter().enumerate() {
        for b in &pictures[index + 1..] {
            assert!(mean_difference(a, b) > 4.0 * TOLERANCE);
        }
    }
}

#[test]
fn the_same_order_gives_the_same_pixels_and_another_seed_other_grain() {
    let mut studio = open_studio();
    let mut make = |seed| {
        let order = Order {
            seed,
            ..order("greek", Format::Jpeg)
        };
        studio
            .render(&astronaut(), &order, &mut |_| ())
            .expect("a portrait")
            .bytes
    };
    let first = make(1);
    assert!(first == make(1), "the same seed");
    assert!(first != make(2), "another seed");
}

#[test]
fn files_are_tagged_and_tell_nothing_about_the_guest() {
    let mut studio = open_studio();
    let photo = indiscreet_photo();
    for secret in SECRETS {
        assert!(
            contains(&photo, secret.as_bytes()),
            "the photo tells {secret}"
        );
    }
    for format in [Format::Jpeg, Format::Png] {
        let bytes = studio
            .render(&photo, &order("anime", format), &mut |_| ())
            .expect("a portrait")
            .bytes;
        let says = |words: &str| contains(&bytes, words.as_bytes());
        assert!(
            says("compositeWithTrainedAlgorithmicMedia"),
            "{format}: says how it was made"
        );
        assert!(
            says("ICC_PROFILE") || says("iCCP"),
            "{format}: carries its colour space"
        );
        for secret in SECRETS.into_iter().chain(["Exif\0", "eXIf"]) {
            assert!(!says(secret), "{format} tells {secret:?}");
        }
        let reread = image::guess_format(&bytes).expect("a known format");
        let wanted = match format {
            Format::Jpeg => image::ImageFormat::Jpeg,
            Format::Png => image::ImageFormat::Png,
        };
        assert_eq!(reread, wanted);
        assert_eq!(small(&bytes).dimensions(), SMALL);
    }
}

/// What the photo of [`indiscreet_photo`] tells about its guest: in EXIF, as a place, in XMP, as a comment.
const SECRETS: [&str; 4] = [
    "Spyglass 9",
    "2026:11:23",
    "Dorothea Gale",
    "at grandmother's",
];

/// The astronaut as a JPEG whose metadata tells camera, day, name and place.
fn indiscreet_photo() -> Vec<u8> {
    let mut jpeg = Cursor::new(Vec::new());
    image::load_from_memory(&astronaut())
        .expect("the astronaut")
        .write_to(&mut jpeg, image::ImageFormat::Jpeg)
        .expect("a JPEG");
    let jpeg = jpeg.into_inner();
    let [camera, day, name, comment] = SECRETS.map(str::as_bytes);
    let xmp = [
        b"http://ns.adobe.com/xap/1.0/\0<x:xmpmeta xmlns:x=\"adobe:ns:meta/\"><dc:creator>"
            .as_slice(),
        name,
        b"</dc:creator></x:xmpmeta>",
    ];
    let segments = [
        (0xe1, exif(camera, day)),
        (0xe1, xmp.concat()),
        (0xfe, comment.to_vec()),
    ];
    let mut photo = jpeg[..2].to_vec();
    for (marker, data) in segments {
        photo.extend([0xff, marker]);
        photo.extend((data.len() as u16 + 2).to_be_bytes());
        photo.extend(data);
    }
    photo.extend(&jpeg[2..]);
    photo
}

/// EXIF with a camera's model and, in the directory of places, a day.
fn exif(camera: &[u8], day: &[u8]) -> Vec<u8> {
    const MODEL: u16 = 0x0110;
    const PLACES: u16 = 0x8825;
    const DAY: u16 = 0x001d;
    const ASCII: u16 = 2;
    const LONG: u16 = 4;
    // After the header of 8 bytes: two entries, then one, then the texts.
    let second = 8 + 2 + 2 * 12 + 4;
    let texts = second + 2 + 12 + 4;
    let mut exif = b"Exif\0\0MM\0\x2a\0\0\0\x08".to_vec();
    let write_entry = |exif: &mut Vec<u8>, tag: u16, kind: u16, count: usize, value: usize| {
        exif.extend([tag.to_be_bytes(), kind.to_be_bytes()].concat());
        exif.extend([(count as u32).to_be_bytes(), (value as u32).to_be_bytes()].concat());
    };
    exif.extend(2_u16.to_be_bytes());
    write_entry(&mut exif, MODEL, ASCII, camera.len(), texts);
    write_entry(&mut exif, PLACES, LONG, 1, second);
    exif.extend([0; 4]);
    exif.extend(1_u16.to_be_bytes());
    write_entry(&mut exif, DAY, ASCII, day.len(), texts + camera.len());
    exif.extend([0; 4]);
    exif.extend([camera, day].concat());
    exif
}

fn contains(bytes: &[u8], needle: &[u8]) -> bool {
    bytes.windows(needle.len()).any(|part| part == needle)
}

#[test]
fn orders_for_unknown_worlds_are_refused() {
    let mut studio = open_studio();
    let unknown = studio.render(&astronaut(), &order("atlantis", Format::Jpeg), &mut |_| ());
    assert!(matches!(unknown, Err(RenderError::UnknownTheme(theme)) if theme == "atlantis"));
    let order = Order {
        variant: Some("noon".to_owned()),
        ..order("greek", Format::Jpeg)
    };
    let unknown = studio.render(&astronaut(), &order, &mut |_| ());
    assert!(
        matches!(unknown, Err(RenderError::UnknownVariant { variant, .. }) if variant == "noon")
    );
}
