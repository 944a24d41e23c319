//! What a portrait is made of, and what the backend holds of it.

use std::fmt;

/// What the page knows of the photo; its bytes stay with the session.
#[derive(Clone, Debug, PartialEq)]
pub struct Photo {
    /// An address inside the browser at which the photo can be shown.
    pub preview_url: String,
    /// One of [`api::PHOTO_TYPES`].
    pub media_type: String,
    pub size_bytes: u64,
}

/// The world that the guest steps into.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice {
    pub theme_id: String,
    pub theme_name: String,
    /// An example portrait, for the mood of the screens that follow.
    pub thumbnail_url: String,
    pub variant_id: Option<String>,
}

/// A photo that the storage has, and the key under which its portrait is asked for.
///
/// The key belongs to this upload: asked again with it, the backend repeats its answer, so that an answer
/// lost on its way loses neither the portrait nor the secret. Whoever knows it hears that secret.
#[derive(Clone, PartialEq, Eq)]
pub struct Arrived {
    pub photo_id: String,
    pub idempotency_key: String,
}

/// What the guest holds for a portrait that is being made: its number and the proof that it is theirs.
///
/// The proof is only ever in this page's memory.
#[derive(Clone, PartialEq, Eq)]
pub struct Receipt {
    pub job_id: String,
    pub owner_secret: String,
}

/// What the backend already holds for this portrait, so that a retry goes on where it stopped.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Handed {
    #[default]
    Nothing,
    Photo(Arrived),
    Job(Receipt),
}

/// A portrait as it is asked for, and how far it has come.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Order {
    pub choice: Choice,
    pub handed: Handed,
}

impl fmt::Debug for Arrived {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Arrived({})", self.photo_id)
    }
}

impl fmt::Debug for Receipt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Receipt({})", self.job_id)
    }
}
