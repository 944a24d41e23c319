//! Names that nobody can guess.

use std::fmt::Write;
use wasm_bindgen::prelude::*;

/// A random UUID (version 4, RFC 9562), from the browser's cryptographic generator.
///
/// Browsers keep their own `randomUUID` from pages that came over plain http, as to guests' phones.
///
/// # Errors
/// The browser has no such generator.
pub fn random_uuid() -> Result<String, JsValue> {
    let crypto = web_sys::window().ok_or(JsValue::UNDEFINED)?.crypto()?;
    let mut bytes = [0; 16];
    crypto.get_random_values_with_u8_array(&mut bytes)?;
    Ok(format_uuid(bytes))
}

fn format_uuid(mut bytes: [u8; 16]) -> String {
    bytes[6] = bytes[6] & 0x0f | 0x40;
    bytes[8] = bytes[8] & 0x3f | 0x80;
    let mut text = String::with_capacity(36);
    for (index, byte) in bytes.iter().enumerate() {
        if [4, 6, 8, 10].contains(&index) {
            text.push('-');
        }
        // Writing into a string cannot fail.
        let _ = write!(text, "{byte:02x}");
    }
    text
}

#[cfg(test)]
mod tests {
    use super::format_uuid;

    #[test]
    fn random_bytes_become_a_uuid_of_version_4() {
        assert_eq!(
            format_uuid([0xff; 16]),
            "ffffffff-ffff-4fff-bfff-ffffffffffff"
        );
        let counted = std::array::from_fn(|index| index as u8);
        assert_eq!(format_uuid(counted), "00010203-0405-4607-8809-0a0b0c0d0e0f");
    }
}
