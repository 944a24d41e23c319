//! The secret that proves who asked for a portrait. It is given out once; only its hash is stored.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest, Sha256};
use std::fmt::Write;

/// 256 random bits: more than anybody guesses, so a plain hash protects them.
const SECRET_BYTES: usize = 32;

/// A fresh secret and what is stored of it.
pub struct OwnerSecret {
    /// Base64 for URLs, without padding: 43 characters.
    pub text: String,
    /// Hexadecimal.
    pub sha256: String,
}

impl OwnerSecret {
    /// # Errors
    /// The operating system gives no random numbers.
    pub fn generate() -> anyhow::Result<Self> {
        let mut secret = [0; SECRET_BYTES];
        getrandom::fill(&mut secret)?;
        let text = URL_SAFE_NO_PAD.encode(secret);
        let sha256 = hash(&text);
        Ok(Self { text, sha256 })
    }
}

fn hash(text: &str) -> String {
    Sha256::digest(text.as_bytes())
        .iter()
        .fold(String::with_capacity(64), |mut hex, byte| {
            let _ = write!(hex, "{byte:02x}");
            hex
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hash_is_sha256_in_hexadecimal() {
        assert_eq!(
            hash("abc"),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
        );
    }
}
