//! The words under which enumerations lie in the database: the very ones that the API speaks.

use serde::de::value::{Error, StrDeserializer};
use serde::{Deserialize, Serialize};
use std::fmt;

/// The word of a value: `JobStatus::Queued` is `queued`.
pub fn word_of<T: Serialize>(value: T) -> String {
    struct Word<T>(T);
    impl<T: Serialize> fmt::Display for Word<T> {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            self.0.serialize(f)
        }
    }
    Word(value).to_string()
}

/// The value of a word.
///
/// # Errors
/// The column holds a word that this release does not know, so a newer one wrote it.
pub fn value_of<'a, T: Deserialize<'a>>(word: &'a str) -> Result<T, sqlx::Error> {
    T::deserialize(StrDeserializer::<Error>::new(word))
        .map_err(|error| sqlx::Error::Decode(error.into()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use api::{ErrorCode, JobStatus, Stage};

    #[test]
    fn words_are_those_of_the_api_and_lead_back() {
        assert_eq!(word_of(JobStatus::Queued), "queued");
        assert_eq!(word_of(Stage::FindFaces), "find_faces");
        assert_eq!(value_of::<Stage>("find_faces").unwrap(), Stage::FindFaces);
        for &code in ErrorCode::ALL {
            assert_eq!(value_of::<ErrorCode>(&word_of(code)).unwrap(), code);
        }
        assert!(value_of::<JobStatus>("ticketed").is_err());
    }
}
