//! Whatever is a photo becomes a portrait, wherever its faces are said to be.

#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|photo: &[u8]| {
    // Why a photo is refused does not matter here.
    let _ = portrait::fuzzing::portray(photo);
});
