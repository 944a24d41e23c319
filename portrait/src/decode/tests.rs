//! Every kind of file a guest may send, made here from one photograph.

use super::*;
use crate::trial::astronaut_bytes;
use image::{ExtendedColorType, ImageEncoder, ImageFormat};
use jpeg_encoder::{ColorType, Encoder};
use std::io::Cursor;

/// The astronaut, 400 x 360 pixels: not square, so that turns show.
fn photo() -> DynamicImage {
    image::load_from_memory(&astronaut_bytes())
        .unwrap()
        .crop_imm(50, 0, 400, 360)
}

fn write(picture: &DynamicImage, format: ImageFormat) -> Vec<u8> {
    let mut file = Cursor::new(Vec::new());
    picture.write_to(&mut file, format).unwrap();
    file.into_inner()
}

fn write_jpeg(pixels: &[u8], (width, height): (u32, u32), colour: ColorType) -> Vec<u8> {
    let mut file = Vec::new();
    Encoder::new(&mut file, 95)
        .encode(pixels, width as u16, height as u16, colour)
        .unwrap();
    file
}

/// The mean distance of two pictures' values, 0 to 1.
fn distance(a: &RgbRaster, b: &DynamicImage) -> f32 {
    let b = RgbRaster::from(&b.to_rgb8());
    assert_eq!((a.width(), a.height()), (b.width(), b.height()));
    let pairs = a.pixels().iter().flatten().zip(b.pixels().iter().flatten());
    pairs.map(|(a, b)| (a - b).abs()).sum::<f32>() / (a.pixels().len() * 3) as f32
}

fn assert_decodes(file: &[u8], wanted: &DynamicImage, tolerance: f32, what: &str) {
    let decoded = decode(file).unwrap_or_else(|refusal| panic!("{what}: {refusal}"));
    assert_eq!(decoded.cut_side, None, "{what}");
    let distance = distance(&decoded.picture, wanted);
    assert!(distance < tolerance, "{what}: off by {distance}");
}

fn refusal(file: &[u8]) -> Refusal {
    decode(file)
        .map(|photo| (photo.picture.width(), photo.picture.height()))
        .unwrap_err()
}

/// A PNG that declares a size and has hardly any pixels: its header must be enough to refuse it.
fn png_header(width: u32, height: u32) -> Vec<u8> {
    let mut file = b"\x89PNG\r\n\x1a\n".to_vec();
    let mut header = b"IHDR".to_vec();
    header.extend([width.to_be_bytes(), height.to_be_bytes()].concat());
    header.extend([8, 2, 0, 0, 0]);
    for chunk in [header, b"IDATx".to_vec(), b"IEND".to_vec()] {
        file.extend((chunk.len() as u32 - 4).to_be_bytes());
        file.extend(&chunk);
        file.extend(checksum(&chunk).to_be_bytes());
    }
    file
}

/// CRC-32 as PNG has it.
fn checksum(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(u32::MAX, |crc, &byte| {
        (0..8).fold(crc ^ u32::from(byte), |crc, _| {
            if crc & 1 == 1 {
                (crc >> 1) ^ 0xedb8_8320
            } else {
                crc >> 1
            }
        })
    })
}

/// A JPEG with a segment of metadata after its first two bytes.
fn with_segment(jpeg: &[u8], marker: u8, data: &[u8]) -> Vec<u8> {
    let length = (data.len() as u16 + 2).to_be_bytes();
    [&jpeg[..2], &[0xff, marker], &length, data, &jpeg[2..]].concat()
}

fn with_orientation(jpeg: &[u8], orientation: u8) -> Vec<u8> {
    let exif = [
        b"Exif\0\0MM\0\x2a\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0".as_slice(),
        &[orientation, 0, 0, 0, 0, 0, 0],
    ];
    with_segment(jpeg, 0xe1, &exif.concat())
}

fn webp_chunk(name: &[u8; 4], data: &[u8]) -> Vec<u8> {
    let mut chunk = [name, (data.len() as u32).to_le_bytes().as_slice(), data].concat();
    chunk.resize(chunk.len().next_multiple_of(2), 0);
    chunk
}

/// An animated WebP of two pictures, each stored as the bare picture chunk of a still file.
fn animated_webp(first: &DynamicImage, second: &DynamicImage) -> Vec<u8> {
    let size = |value: u32| (value - 1).to_le_bytes()[..3].to_vec();
    let (width, height) = (size(first.width()), size(first.height()));
    let mut body = b"WEBP".to_vec();
    body.extend(webp_chunk(
        b"VP8X",
        &[&[2, 0, 0, 0], &width[..], &height[..]].concat(),
    ));
    body.extend(webp_chunk(b"ANIM", &[0; 6]));
    for picture in [first, second] {
        const STILL_HEADER_BYTES: usize = 12;
        let still = write(&DynamicImage::from(picture.to_rgb8()), ImageFormat::WebP);
        let place = [&[0; 6], &width[..], &height[..], &[100, 0, 0, 2]].concat();
        body.extend(webp_chunk(
            b"ANMF",
            &[&place[..], &still[STILL_HEADER_BYTES..]].concat(),
        ));
    }
    webp_chunk(b"RIFF", &body)
}

#[test]
fn each_container_is_known_by_its_bytes() {
    let photo = photo();
    for (format, tolerance) in [
        (ImageFormat::Png, 1e-3),
        (ImageFormat::WebP, 1e-3),
        (ImageFormat::Jpeg, 0.02),
    ] {
        assert_decodes(
            &write(&photo, format),
            &photo,
            tolerance,
            &format!("{format:?}"),
        );
    }
}

#[test]
fn every_kind_of_pixel_becomes_rgb() {
    let photo = photo();
    let grey = DynamicImage::from(photo.to_luma8());
    let png = |picture: DynamicImage| write(&picture, ImageFormat::Png);
    assert_decodes(&png(photo.to_rgb16().into()), &photo, 1e-3, "16-bit RGB");
    assert_decodes(&png(photo.to_rgba16().into()), &photo, 1e-3, "16-bit RGBA");
    assert_decodes(&png(photo.to_luma8().into()), &grey, 1e-3, "grey");
    assert_decodes(&png(photo.to_luma16().into()), &grey, 3e-3, "16-bit grey");
    assert_decodes(
        &png(photo.to_luma_alpha8().into()),
        &grey,
        1e-3,
        "grey with alpha",
    );
    assert_decodes(
        &png(photo.to_luma_alpha16().into()),
        &grey,
        3e-3,
        "16-bit grey with alpha",
    );
    let jpeg = write_jpeg(&photo.to_luma8(), (400, 360), ColorType::Luma);
    assert_decodes(&jpeg, &grey, 0.02, "grey JPEG");
}

#[test]
fn transparent_pixels_lie_on_white() {
    let photo = photo();
    let (mut see_through, mut wanted) = (photo.to_rgba8(), photo.to_rgb8());
    for (x, y, pixel) in see_through
        .enumerate_pixels_mut()
        .filter(|(x, _, _)| *x < 100)
    {
        pixel.0[3] = 51;
        let on_white = |value: u8| ((u32::from(value) + 255 * 4 + 2) / 5) as u8;
        wanted
            .get_pixel_mut(x, y)
            .0
            .iter_mut()
            .for_each(|value| *value = on_white(*value));
    }
    let see_through = DynamicImage::from(see_through);
    for format in [ImageFormat::Png, ImageFormat::WebP] {
        let file = write(&see_through, format);
        assert_decodes(&file, &wanted.clone().into(), 3e-3, &format!("{format:?}"));
    }
}

#[test]
fn printers_inks_become_rgb() {
    let photo = photo();
    let inks: Vec<u8> = photo
        .to_rgb8()
        .pixels()
        .flat_map(|pixel| {
            let black = 255 - pixel.0.into_iter().max().unwrap();
            let [cyan, magenta, yellow] = pixel.0.map(|value| {
                let ink = u32::from(255 - black - value) * 255 / u32::from(255 - black).max(1);
                ink as u8
            });
            [cyan, magenta, yellow, black]
        })
        .collect();
    for colour in [ColorType::Cmyk, ColorType::CmykAsYcck] {
        let file = write_jpeg(&inks, (400, 360), colour);
        assert_decodes(&file, &photo, 0.03, &format!("{colour:?}"));
    }
}

#[test]
fn every_orientation_is_applied() {
    let photo = photo();
    let upright = [
        photo.clone(),
        photo.fliph(),
        photo.rotate180(),
        photo.flipv(),
        photo.rotate90().fliph(),
        photo.rotate90(),
        photo.rotate270().fliph(),
        photo.rotate270(),
    ];
    let jpeg = write(&photo, ImageFormat::Jpeg);
    for (orientation, wanted) in (1..).zip(&upright) {
        let file = with_orientation(&jpeg, orientation);
        assert_decodes(&file, wanted, 0.02, &format!("orientation {orientation}"));
    }
}

#[test]
fn a_display_p3_photo_becomes_srgb() {
    // The most vivid green of sRGB, and how Display P3 writes it.
    let green = RgbImage::from_pixel(400, 360, image::Rgb([0, 255, 0]));
    let written = RgbImage::from_pixel(400, 360, image::Rgb([117, 251, 76]));
    let mut file = Vec::new();
    let mut encoder = image::codecs::png::PngEncoder::new(&mut file);
    let profile = moxcms::ColorProfile::new_display_p3().encode().unwrap();
    encoder.set_icc_profile(profile).unwrap();
    encoder
        .write_image(&written, 400, 360, ExtendedColorType::Rgb8)
        .unwrap();
    assert_decodes(&file, &green.into(), 0.01, "Display P3");
}

#[test]
fn an_animation_gives_its_first_frame() {
    let photo = photo();
    let file = animated_webp(&photo, &photo.rotate180());
    assert_decodes(&file, &photo, 1e-3, "animated WebP");
}

#[test]
fn large_photos_are_shrunk_to_the_working_size() {
    let photo = photo().resize_exact(3200, 2880, image::imageops::FilterType::Triangle);
    let decoded = decode(&write(&photo, ImageFormat::Jpeg)).unwrap().picture;
    assert_eq!((decoded.width(), decoded.height()), (2560, 2304));
    let small = photo.resize_exact(2560, 2304, image::imageops::FilterType::CatmullRom);
    assert!(distance(&decoded, &small) < 0.02);
}

#[test]
fn what_is_no_picture_is_refused() {
    let mut broken = write(&photo(), ImageFormat::Png);
    broken[2000..2400].fill(0x55);
    let files: [&[u8]; 6] = [
        b"",
        b"hello",
        b"GIF89a\x01\0\x01\0",
        b"<svg/>",
        b"\xff\xd8\xff\xd9",
        &broken,
    ];
    for file in files {
        let start = &file[..file.len().min(8)];
        assert_eq!(refusal(file), Refusal::NotAnImage, "{start:?}");
    }
}

#[test]
fn truncated_pngs_and_webps_are_refused() {
    let photo = photo();
    for format in [ImageFormat::Png, ImageFormat::WebP] {
        let file = write(&photo, format);
        for share in [0.05, 0.5, 0.95, 0.999] {
            let end = (file.len() as f64 * share) as usize;
            assert_eq!(
                refusal(&file[..end]),
                Refusal::ImageTruncated,
                "{format:?} at {share}"
            );
        }
    }
}

/// JPEGs of every kind that rows are counted in, by name: colours at half the size, restarts, grey, progressive.
fn jpegs(picture: &DynamicImage) -> [(&'static str, Vec<u8>); 5] {
    let (rgb, grey) = (picture.to_rgb8(), picture.to_luma8());
    let size = (picture.width() as u16, picture.height() as u16);
    let encode = |pixels: &[u8], colour, change: fn(&mut Encoder<&mut Vec<u8>>)| {
        let mut file = Vec::new();
        let mut encoder = Encoder::new(&mut file, 90);
        change(&mut encoder);
        encoder.encode(pixels, size.0, size.1, colour).unwrap();
        file
    };
    let halved = |encoder: &mut Encoder<&mut Vec<u8>>| {
        encoder.set_sampling_factor(jpeg_encoder::SamplingFactor::F_2_2);
    };
    [
        ("full colour", encode(&rgb, ColorType::Rgb, |_| ())),
        ("half colour", encode(&rgb, ColorType::Rgb, halved)),
        (
            "restarts",
            encode(&rgb, ColorType::Rgb, |encoder| {
                encoder.set_restart_interval(7)
            }),
        ),
        ("grey", encode(&grey, ColorType::Luma, |_| ())),
        (
            "progressive",
            encode(&rgb, ColorType::Rgb, |encoder| {
                encoder.set_progressive(true)
            }),
        ),
    ]
}

#[test]
fn of_a_cut_jpeg_the_rows_that_are_there_remain() {
    // As wide as high where 320 rows are left of 640.
    let photo = photo().resize_exact(600, 640, image::imageops::FilterType::Triangle);
    for (kind, file) in jpegs(&photo) {
        let whole = decode(&file).unwrap().picture;
        for share in [0.6, 0.8, 0.95, 0.999] {
            let end = (file.len() as f64 * share) as usize;
            let Ok(cut) = decode(&file[..end]) else {
                assert!(kind == "progressive" || share < 0.8, "{kind} at {share}");
                continue;
            };
            let picture = cut.picture;
            assert_eq!(picture.width(), 600);
            assert!((320..=640).contains(&picture.height()), "{kind} at {share}");
            let is_short = picture.height() < 640;
            assert_eq!(
                cut.cut_side,
                is_short.then_some(Side::Bottom),
                "{kind} at {share}"
            );
            if kind == "progressive" {
                assert!(!is_short, "the whole picture is there, or nothing");
                continue;
            }
            // Not one row is lost that is there, and none is there that is not.
            let expected = share * 640.0;
            assert!(
                (picture.height() as f64 - expected).abs() < 80.0,
                "{kind} at {share}: {}",
                picture.height()
            );
            for y in 0..picture.height() {
                assert_eq!(picture.row(y), whole.row(y), "{kind} at {share}, row {y}");
            }
        }
    }
}

#[test]
fn a_progressive_jpeg_is_whole_after_its_first_passes() {
    let photo = photo();
    let (_, file) = jpegs(&photo).into_iter().next_back().unwrap();
    assert_decodes(&file[..file.len() - 40], &photo, 0.05, "almost all");
    assert_eq!(refusal(&file[..file.len() / 3]), Refusal::ImageTruncated);
}

#[test]
fn a_jpeg_that_lacks_only_its_last_mark_is_whole() {
    let photo = photo();
    for (kind, file) in jpegs(&photo) {
        if kind != "grey" {
            assert_decodes(&file[..file.len() - 2], &photo, 0.03, kind);
        }
    }
}

#[test]
fn the_cut_side_follows_the_orientation() {
    use Side::{Bottom, Left, Right, Top};
    let photo = photo().resize_exact(600, 600, image::imageops::FilterType::Triangle);
    let jpeg = write(&photo, ImageFormat::Jpeg);
    for (orientation, side) in (1..).zip([Bottom, Bottom, Top, Top, Right, Left, Left, Right]) {
        let file = with_orientation(&jpeg, orientation);
        let cut = decode(&file[..file.len() * 4 / 5]).unwrap();
        assert_eq!(cut.cut_side, Some(side), "orientation {orientation}");
    }
}

#[test]
fn a_file_cut_anywhere_is_a_picture_or_refused() {
    let photo = photo();
    let others = [ImageFormat::Png, ImageFormat::WebP].map(|format| ("", write(&photo, format)));
    for (kind, file) in jpegs(&photo).into_iter().chain(others) {
        // 97 and the lengths share no factor that matters: cuts fall at every place of a code.
        for end in (0..file.len()).step_by(file.len() / 97) {
            match decode(&file[..end]) {
                Ok(cut) => assert!(cut.picture.height() >= 320, "{kind} at {end}"),
                Err(Refusal::ImageTruncated | Refusal::NotAnImage) => {}
                Err(other) => panic!("{kind} at {end}: {other:?}"),
            }
        }
    }
}

#[test]
fn the_end_of_an_embedded_thumbnail_is_not_the_end() {
    let photo = photo();
    let thumbnail = write(&photo.thumbnail(64, 64), ImageFormat::Jpeg);
    let file = with_segment(&write(&photo, ImageFormat::Jpeg), 0xe1, &thumbnail);
    let file = with_segment(&file, 0xfe, b"a comment");
    assert_decodes(&file, &photo, 0.02, "with a thumbnail");
    assert_eq!(refusal(&file[..file.len() / 2]), Refusal::ImageTruncated);
}

#[test]
fn limits_are_read_from_the_header() {
    assert_eq!(
        refusal(&png_header(7200, 7100)),
        Refusal::ImageTooManyPixels
    );
    assert_eq!(
        refusal(&png_header(60_000, 60_000)),
        Refusal::ImageTooManyPixels
    );
    assert_eq!(refusal(&png_header(20_000, 10)), Refusal::ImageBadShape);
    assert_eq!(refusal(&png_header(319, 400)), Refusal::ImageBadShape);
    assert_eq!(refusal(&png_header(1700, 420)), Refusal::ImageBadShape);
    // A size within the limits gets as far as the missing pixels.
    assert_eq!(refusal(&png_header(1600, 400)), Refusal::NotAnImage);
}

#[test]
fn eleven_megabytes_are_too_many() {
    let mut file = write(&photo(), ImageFormat::Jpeg);
    file.resize(11 * 1024 * 1024, 0);
    assert_eq!(refusal(&file), Refusal::FileTooLarge);
    file.truncate(MAX_BYTES);
    assert!(decode(&file).is_ok(), "bytes after the end do no harm");
}
