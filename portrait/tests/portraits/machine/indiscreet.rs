//! A photo that tells more than the guest may know.

use std::io::Cursor;

/// What the photo of [`indiscreet_photo`] tells about its guest: in EXIF, as a place, in XMP, as a comment.
pub const SECRETS: [&str; 4] = [
    "Spyglass 9",
    "2026:11:23",
    "Dorothea Gale",
    "at grandmother's",
];

/// The astronaut as a JPEG whose metadata tells camera, day, name and place.
pub fn indiscreet_photo() -> Vec<u8> {
    let mut jpeg = Cursor::new(Vec::new());
    image::load_from_memory(&super::astronaut())
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
