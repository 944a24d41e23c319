//! A text as a QR code: the outline of its dark squares, for an SVG path.

use qrcode::{Color, EcLevel, QrCode};
use std::fmt::Write;

/// Squares of light around the code that scanners look for (ISO/IEC 18004).
const QUIET_ZONE: usize = 4;

/// The code and the light around it, one unit a square.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outline {
    pub size: usize,
    pub path: String,
}

/// The outline of a text; nothing for one that no code can hold, of some 2,300 bytes and more.
///
/// A seventh of the code may be hidden: by a reflection on the kiosk's glass, say.
pub fn outline(text: &str) -> Option<Outline> {
    let code = QrCode::with_error_correction_level(text, EcLevel::M).ok()?;
    let width = code.width();
    let mut path = String::new();
    for (y, row) in code.to_colors().chunks(width).enumerate() {
        let mut x = 0;
        for run in row.chunk_by(|a, b| a == b) {
            let length = run.len();
            if run[0] == Color::Dark {
                let (left, top) = (x + QUIET_ZONE, y + QUIET_ZONE);
                // Writing into a string cannot fail.
                let _ = write!(path, "M{left} {top}h{length}v1h-{length}z");
            }
            x += length;
        }
    }
    Some(Outline {
        size: width + 2 * QUIET_ZONE,
        path,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_begins_with_a_corner_mark_inside_the_quiet_zone() {
        let token = "a".repeat(43);
        let code = outline(&format!("http://192.168.178.20:3000/s/{token}")).unwrap();
        // Version 5: 37 squares a side.
        assert_eq!(code.size, 37 + 8);
        assert!(code.path.starts_with("M4 4h7v1h-7z"), "{}", code.path);
        // The mark's second row: its left and its right edge, one square each.
        assert!(code.path.contains("M4 5h1v1h-1zM10 5h1v1h-1z"));
    }

    #[test]
    fn what_no_code_can_hold_has_none() {
        assert_eq!(outline(&"x".repeat(3_000)), None);
    }
}
