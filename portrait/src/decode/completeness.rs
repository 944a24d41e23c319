//! Whether a file reaches its own end. Decoders fill what is missing with grey and say nothing.

use super::container::Container;

/// Walks the file's structure, without decoding, to the mark that ends it.
pub(super) fn is_complete(container: Container, bytes: &[u8]) -> bool {
    match container {
        Container::Jpeg => jpeg_has_end(bytes).is_some(),
        Container::Png => png_has_end(bytes).is_some(),
        Container::WebP => webp_has_end(bytes).is_some(),
    }
}

/// From marker to marker; what lies between a scan's header and the next marker is its data.
fn jpeg_has_end(bytes: &[u8]) -> Option<()> {
    const STUFFED: u8 = 0x00;
    const TEMPORARY: u8 = 0x01;
    const RESTARTS: std::ops::RangeInclusive<u8> = 0xd0..=0xd7;
    const START: u8 = 0xd8;
    const END: u8 = 0xd9;
    const FILL: u8 = 0xff;

    let mut position = 0;
    loop {
        position += bytes
            .get(position..)?
            .iter()
            .position(|&byte| byte == 0xff)?
            + 1;
        match *bytes.get(position)? {
            END => return Some(()),
            FILL => {}
            STUFFED | TEMPORARY | START => position += 1,
            marker if RESTARTS.contains(&marker) => position += 1,
            _ => {
                let length = bytes.get(position + 1..position + 3)?;
                position += 1 + usize::from(u16::from_be_bytes([length[0], length[1]]));
            }
        }
    }
}

/// Chunk by chunk: length, name, data, checksum.
fn png_has_end(bytes: &[u8]) -> Option<()> {
    const SIGNATURE_BYTES: usize = 8;
    let mut rest = bytes.get(SIGNATURE_BYTES..)?;
    loop {
        let (length, after) = rest.split_first_chunk()?;
        let name = after.get(..4)?;
        rest = after.get((u32::from_be_bytes(*length) as usize).checked_add(8)?..)?;
        if name == b"IEND" {
            return Some(());
        }
    }
}

/// The container's header says how long the rest is.
fn webp_has_end(bytes: &[u8]) -> Option<()> {
    let (length, rest) = bytes.get(4..)?.split_first_chunk()?;
    (rest.len() >= u32::from_le_bytes(*length) as usize).then_some(())
}
