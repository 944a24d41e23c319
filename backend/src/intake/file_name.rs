//! Compares the ending of a photo's file name with the type that it is said to have.

/// Whether a name may go with a media type. A name without an ending may: cameras and clipboards give such.
pub fn fits(file_name: &str, media_type: &str) -> bool {
    let Some((stem, ending)) = file_name.rsplit_once('.') else {
        return true;
    };
    if stem.is_empty() {
        return true;
    }
    let endings: &[&str] = match media_type {
        "image/jpeg" => &["jpg", "jpeg", "jpe", "jfif"],
        "image/png" => &["png"],
        "image/webp" => &["webp"],
        _ => &[],
    };
    endings
        .iter()
        .any(|known| ending.eq_ignore_ascii_case(known))
}

#[cfg(test)]
mod tests {
    use super::fits;

    #[test]
    fn an_ending_must_fit_the_type() {
        for (name, media_type, expected) in [
            ("me.jpg", "image/jpeg", true),
            ("me.at.the.sea.JPEG", "image/jpeg", true),
            ("me", "image/png", true),
            (".hidden", "image/png", true),
            ("me.webp", "image/webp", true),
            ("me.png", "image/jpeg", false),
            ("me.exe", "image/jpeg", false),
            ("me.jpg.exe", "image/jpeg", false),
            ("me.", "image/jpeg", false),
        ] {
            assert_eq!(fits(name, media_type), expected, "{name} {media_type}");
        }
    }
}
