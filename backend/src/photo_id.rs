//! The name of a photo, which is the name of its job and of its objects in storage as well.

use api::OutputFormat;
use std::fmt;
use uuid::Uuid;

/// A random UUID (version 4): 122 bits that nobody guesses, so knowing it is leave to see the status.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct PhotoId(Uuid);

impl PhotoId {
    pub fn random() -> Self {
        Self(Uuid::new_v4())
    }

    /// Reads an id in the one form in which we hand it out: 36 characters, lower case, with hyphens.
    /// Anything else is no id of ours.
    pub fn parse(text: &str) -> Option<Self> {
        let id = Self(Uuid::try_parse(text).ok()?);
        (id.0.get_version_num() == 4 && id.to_string() == text).then_some(id)
    }

    /// Where the guest's photo lies while the portrait is waited for.
    pub fn upload_key(self) -> String {
        format!("uploads/{self}")
    }

    /// Where the portrait lies.
    pub fn result_key(self, format: OutputFormat) -> String {
        format!("results/{self}.{}", extension(format))
    }

    /// Whose object lies under this key of the storage.
    pub fn of_key(key: &str) -> Option<Self> {
        let name = key.rsplit_once('/')?.1;
        Self::parse(name.split_once('.').map_or(name, |(id, _)| id))
    }

    /// What makes this portrait's grain, embers and petals its own: the same photo gets the same pixels
    /// in every attempt.
    pub fn seed(self) -> u64 {
        self.0.as_u64_pair().1
    }
}

impl fmt::Display for PhotoId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// The ending of a portrait's file name.
pub fn extension(format: OutputFormat) -> &'static str {
    match format {
        OutputFormat::Jpeg => "jpg",
        OutputFormat::Png => "png",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_only_what_it_writes() {
        let id = PhotoId::random();
        let text = id.to_string();
        assert_eq!(PhotoId::parse(&text), Some(id));
        for other in [
            "",
            "nonsense",
            "../etc/passwd",
            "00000000-0000-0000-0000-000000000000",
            &text.replace('-', ""),
            &format!("{{{text}}}"),
            &format!("urn:uuid:{text}"),
        ] {
            assert_eq!(PhotoId::parse(other), None, "{other}");
        }
        let upper = "A1B2C3D4-0000-4000-8000-00000000000A";
        assert_eq!(PhotoId::parse(upper), None);
        assert!(PhotoId::parse(&upper.to_lowercase()).is_some());
    }
}
