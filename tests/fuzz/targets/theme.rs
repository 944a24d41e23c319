//! Any theme.toml is either a theme whose every value can be used, or refused.

#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    if let Ok(variants) = portrait::fuzzing::read_theme(text) {
        assert!(variants > 0);
    }
});
