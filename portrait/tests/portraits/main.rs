//! Whole portraits through the public interface: every theme against a committed small copy, formats, metadata.
//!
//! `UPDATE_GOLDEN=1 cargo test -p portrait --test portraits` writes the small copies anew: look at them before committing.

mod any_photo;
mod drawn_eyes;
mod machine;

use image::{GenericImageView, RgbImage, imageops};
use machine::{SECRETS, astronaut, indiscreet_photo, open_studio};
use portrait::{CostumeReport, Format, Order, PortraitSize, RenderError, Step, Studio};
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
        size: PortraitSize::default(),
        seed: 7,
    }
}

fn golden(theme: &str, variant: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("tests/golden/{theme}-{variant}.png"))
}

/// Every theme with each of its variants.
fn variants(studio: &Studio) -> Vec<(String, String)> {
    let themes = studio.catalog().themes().iter();
    themes
        .flat_map(|theme| {
            let variants = theme.variants.iter();
            variants.map(|variant| (theme.id.clone(), variant.id.clone()))
        })
        .collect()
}

fn small(bytes: &[u8]) -> RgbImage {
    let picture = image::load_from_memory(bytes).expect("a portrait is a picture");
    assert_eq!(picture.dimensions(), (2400, 3200));
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
fn every_variant_looks_as_it_was_approved() {
    let mut studio = open_studio();
    let mut pictures = Vec::new();
    for (theme, variant) in variants(&studio) {
        let order = Order {
            variant: Some(variant.clone()),
            ..order(&theme, Format::Jpeg)
        };
        let mut heard = Vec::new();
        let portrait = studio
            .render(&astronaut(), &order, &mut |step| heard.push(step))
            .expect("the astronaut becomes a portrait");
        assert_eq!(
            heard,
            Step::ALL,
            "{theme}: every step announces itself, in order"
        );
        let guest = &portrait.report.guests[0];
        assert_eq!(portrait.report.faces, 1);
        assert_eq!(guest.costume, CostumeReport::Full, "{theme} {variant}");
        assert!(portrait.report.retries.is_empty(), "{theme} {variant}");
        let picture = small(&portrait.bytes);
        let path = golden(&theme, &variant);
        if std::env::var_os("UPDATE_GOLDEN").is_some() {
            picture.save(&path).expect("the golden folder is writable");
        }
        let approved = image::open(&path)
            .unwrap_or_else(|_| panic!("{theme} has no approved copy: see UPDATE_GOLDEN above"))
            .into_rgb8();
        let difference = mean_difference(&picture, &approved);
        assert!(
            difference < TOLERANCE,
            "{theme} {variant} differs by {difference:.2} of 255"
        );
        pictures.push(picture);
    }
    // The tolerance would be worth nothing if it could not tell variants apart.
    for (index, a) in pictures.iter().enumerate() {
        for b in &pictures[index + 1..] {
            assert!(mean_difference(a, b) > 4.0 * TOLERANCE);
        }
    }
}

#[test]
fn a_small_portrait_shows_the_same() {
    /// Strokes and grain are coarser, the picture is the same.
    const COARSER: f64 = 12.0;
    let mut studio = open_studio();
    for (theme, variant) in [("greek", "sunset-terrace"), ("anime", "blossom-lake")] {
        let order = Order {
            size: PortraitSize::of_width(300).expect("a size"),
            ..order(theme, Format::Png)
        };
        let portrait = studio
            .render(&astronaut(), &order, &mut |_| ())
            .expect("a small portrait");
        assert_eq!((portrait.report.width, portrait.report.height), (300, 400));
        let picture = image::load_from_memory(&portrait.bytes).expect("a picture");
        assert_eq!(picture.dimensions(), (300, 400));
        let picture = imageops::thumbnail(&picture.into_rgb8(), SMALL.0, SMALL.1);
        let approved = image::open(golden(theme, variant))
            .expect("a committed copy")
            .into_rgb8();
        let difference = mean_difference(&picture, &approved);
        assert!(
            difference < COARSER,
            "{theme} differs by {difference:.2} of 255"
        );
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

#[test]
fn studios_that_share_their_networks_make_portraits_at_the_same_time() {
    let mut first = open_studio();
    let second = first.open_beside().expect("the system has threads");
    let make = |studio: &mut Studio| {
        let order = Order {
            size: "300x400".parse().expect("a size"),
            ..order("greek", Format::Png)
        };
        studio
            .render(&astronaut(), &order, &mut |_| ())
            .expect("the astronaut becomes a portrait")
            .bytes
    };
    let alone = make(&mut first);
    std::thread::scope(|scope| {
        let beside = [first, second].map(|mut studio| scope.spawn(move || make(&mut studio)));
        for portrait in beside {
            assert!(portrait.join().expect("no panic") == alone);
        }
    });
}
