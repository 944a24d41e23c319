//! Any bytes are either a photo within the limits or refused.

#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|photo: &[u8]| {
    if let Ok((width, height)) = portrait::fuzzing::decode(photo) {
        assert!(width * height <= 50_000_000, "{width} x {height}");
    }
});
