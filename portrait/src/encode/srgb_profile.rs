//! The sRGB profile that portraits carry: ICC version 4, matrix and curve exactly as IEC 61966-2-1 has them.
//!
//! Put together here, so that it is small, has a fixed date and nobody's copyright, and passes what libpng and
//! `LittleCMS` check: an illuminant of exactly D50, primaries that sum up to it, tags that begin on four bytes.

/// White of the profile's connection space, in 1/65536.
const D50: [i32; 3] = [0xF6D6, 0x10000, 0xD32D];
/// sRGB's primaries, adapted to D50.
const RED: [i32; 3] = [0x6FA0, 0x38F2, 0x038F];
const GREEN: [i32; 3] = [0x6296, 0xB789, 0x18DA];
const BLUE: [i32; 3] = [0x24A0, 0x0F85, 0xB6C4];
/// How D65 was adapted to D50 (Bradford), row by row.
const ADAPTATION: [i32; 9] = [
    0x10C42, 0x5DE, -0xCDB, 0x793, 0xFD90, -0x45E, -0x25D, 0x3DC, 0xC06E,
];
/// (a x + b) ^ g from d on, c x below it: g, a, b, c, d.
const CURVE: [i32; 5] = [0x26666, 0xF2A7, 0x0D59, 0x13D0, 0x0A5B];
/// The kind of curve that has these five numbers.
const CURVE_KIND: [u8; 4] = [0, 3, 0, 0];
const HEADER_BYTES: usize = 128;
/// A tag's name, place and length.
const ENTRY_BYTES: usize = 12;

/// The profile as bytes.
pub(super) fn srgb_profile() -> Vec<u8> {
    let tags: [(&[u8; 4], Vec<u8>); 10] = [
        (b"desc", text("sRGB")),
        (b"cprt", text("Public domain")),
        (b"wtpt", numbers(b"XYZ ", &[], &D50)),
        (b"chad", numbers(b"sf32", &[], &ADAPTATION)),
        (b"rXYZ", numbers(b"XYZ ", &[], &RED)),
        (b"gXYZ", numbers(b"XYZ ", &[], &GREEN)),
        (b"bXYZ", numbers(b"XYZ ", &[], &BLUE)),
        (b"rTRC", numbers(b"para", &CURVE_KIND, &CURVE)),
        (b"gTRC", Vec::new()),
        (b"bTRC", Vec::new()),
    ];
    let mut table = (tags.len() as u32).to_be_bytes().to_vec();
    let mut data = Vec::new();
    let first = HEADER_BYTES + table.len() + tags.len() * ENTRY_BYTES;
    let mut place = [0; 2];
    for (name, content) in tags {
        // A tag without content of its own shares that of the one before it.
        if !content.is_empty() {
            place = [first + data.len(), content.len()];
            data.extend(content);
            data.resize(data.len().next_multiple_of(4), 0);
        }
        table.extend(name);
        table.extend(
            place
                .map(|value| value as u32)
                .into_iter()
                .flat_map(u32::to_be_bytes),
        );
    }
    [header(first + data.len()), table, data].concat()
}

/// A display's RGB to XYZ, of the first of January 2000.
fn header(length: usize) -> Vec<u8> {
    let mut header = (length as u32).to_be_bytes().to_vec();
    header.extend([0; 4]);
    header.extend([4, 0x30, 0, 0]);
    header.extend(b"mntrRGB XYZ ");
    header.extend([0x07, 0xD0, 0, 1, 0, 1, 0, 0, 0, 0, 0, 0]);
    header.extend(b"acsp");
    // No platform, flags, maker or model; rendering is perceptual.
    header.resize(68, 0);
    header.extend(D50.into_iter().flat_map(i32::to_be_bytes));
    header.resize(HEADER_BYTES, 0);
    header
}

/// Words in English.
fn text(words: &str) -> Vec<u8> {
    const RECORDS_START: u32 = 28;
    let encoded: Vec<u8> = words.encode_utf16().flat_map(u16::to_be_bytes).collect();
    let mut tag = b"mluc\0\0\0\0".to_vec();
    tag.extend([1_u32, 12].into_iter().flat_map(u32::to_be_bytes));
    tag.extend(b"enUS");
    tag.extend(
        [encoded.len() as u32, RECORDS_START]
            .into_iter()
            .flat_map(u32::to_be_bytes),
    );
    tag.extend(encoded);
    tag
}

fn numbers(kind: &[u8; 4], before: &[u8], values: &[i32]) -> Vec<u8> {
    let values = values.iter().flat_map(|value| value.to_be_bytes());
    [kind.as_slice(), &[0; 4], before]
        .concat()
        .into_iter()
        .chain(values)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use moxcms::{ColorProfile, Layout, TransformOptions};

    fn word(bytes: &[u8], at: usize) -> i32 {
        i32::from_be_bytes(*bytes[at..].first_chunk().unwrap())
    }

    #[test]
    fn the_header_says_what_readers_check() {
        let profile = srgb_profile();
        assert_eq!(word(&profile, 0) as usize, profile.len());
        assert_eq!(profile.len() % 4, 0);
        assert_eq!(&profile[12..24], b"mntrRGB XYZ ");
        assert_eq!(&profile[36..40], b"acsp");
        assert_eq!(
            [68, 72, 76].map(|at| word(&profile, at)),
            [0xF6D6, 0x10000, 0xD32D]
        );
    }

    #[test]
    fn tags_lie_inside_the_profile_on_four_bytes() {
        let profile = srgb_profile();
        let count = word(&profile, 128) as usize;
        assert_eq!(count, 10);
        for tag in 0..count {
            let [start, length] = [4, 8].map(|at| word(&profile, 132 + tag * 12 + at) as usize);
            assert_eq!(start % 4, 0);
            assert!(start >= 132 + count * 12 && start + length <= profile.len());
        }
    }

    #[test]
    fn the_primaries_sum_up_to_white() {
        for axis in 0..3 {
            assert_eq!(RED[axis] + GREEN[axis] + BLUE[axis], D50[axis]);
        }
    }

    #[test]
    fn colours_keep_their_values() {
        let profile = ColorProfile::new_from_slice(&srgb_profile()).unwrap();
        let srgb = ColorProfile::new_srgb();
        let options = TransformOptions::default();
        let transform = profile
            .create_transform_8bit(Layout::Rgb, &srgb, Layout::Rgb, options)
            .unwrap();
        let colours: Vec<u8> = (0..=255)
            .flat_map(|value| [value, 255 - value, value / 2])
            .collect();
        let mut converted = vec![0; colours.len()];
        transform.transform(&colours, &mut converted).unwrap();
        for (value, wanted) in converted.iter().zip(&colours) {
            assert!(value.abs_diff(*wanted) <= 1, "{value}, not {wanted}");
        }
    }
}
