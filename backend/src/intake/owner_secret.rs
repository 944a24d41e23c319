//! The secret that proves who asked for a portrait. It is given out with the answer; only its hash is stored.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

/// 256 bits: more than anybody guesses, so a plain hash protects them.
const SECRET_BYTES: usize = 32;

/// A secret and what is stored of it.
pub struct OwnerSecret {
    /// Base64 for URLs, without padding: 43 characters.
    pub text: String,
    /// Hexadecimal.
    pub sha256: String,
    /// What brings the secret forth again from the guest's idempotency key; `None` when it was drawn by lot.
    pub salt: Option<String>,
}

impl OwnerSecret {
    /// A fresh secret. With an idempotency key it is mixed from that key and a salt, so that the same request sent
    /// again gets the same secret, though neither secret nor key is stored.
    ///
    /// # Errors
    /// The operating system gives no random numbers.
    pub fn generate(idempotency_key: Option<&str>) -> anyhow::Result<Self> {
        let drawn = draw()?;
        Ok(match idempotency_key {
            None => Self::of(drawn, None),
            Some(key) => Self::mix(drawn, key),
        })
    }

    /// The secret that a salt and a guest's idempotency key make.
    pub fn mix(salt: String, idempotency_key: &str) -> Self {
        // The salt's length is fixed, so no other pair makes the same text.
        let mixed = Sha256::digest(format!("{salt}{idempotency_key}"));
        Self::of(URL_SAFE_NO_PAD.encode(mixed), Some(salt))
    }

    fn of(text: String, salt: Option<String>) -> Self {
        Self {
            sha256: hash(&text),
            text,
            salt,
        }
    }
}

/// 256 bits by lot, as base64 for URLs, without padding: 43 characters.
///
/// # Errors
/// The operating system gives no random numbers.
pub fn draw() -> anyhow::Result<String> {
    let mut random = [0; SECRET_BYTES];
    getrandom::fill(&mut random)?;
    Ok(URL_SAFE_NO_PAD.encode(random))
}

/// Whether a secret is the one whose hash was stored; takes the same time whatever the answer.
pub fn is_secret_of(text: &str, sha256: &str) -> bool {
    hash(text).as_bytes().ct_eq(sha256.as_bytes()).into()
}

/// SHA-256 in hexadecimal: what is stored of secrets and tokens.
pub fn hash(text: &str) -> String {
    crate::digest::hexadecimal(&Sha256::digest(text))
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

    #[test]
    fn a_key_brings_its_secret_forth_again() {
        let first = OwnerSecret::generate(Some("a guest's key")).unwrap();
        let again = OwnerSecret::mix(first.salt.clone().unwrap(), "a guest's key");
        assert_eq!(again.text, first.text);
        assert!(is_secret_of(&again.text, &first.sha256));
        let other = OwnerSecret::mix(first.salt.unwrap(), "another key");
        assert!(!is_secret_of(&other.text, &first.sha256));
        assert_ne!(
            OwnerSecret::generate(None).unwrap().text,
            OwnerSecret::generate(None).unwrap().text
        );
    }
}
