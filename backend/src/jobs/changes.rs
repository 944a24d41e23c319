//! Tells those who watch that a job has changed, so that nobody has to ask again and again.

use crate::photo_id::PhotoId;
use tokio::sync::{Notify, broadcast};

/// What has changed. The news itself is in the database: whoever hears this reads it there, so a watcher
/// that missed one loses nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Change {
    pub photo: PhotoId,
    /// Whether others moved up or down the queue as well.
    pub moves_queue: bool,
}

/// More changes than this unread, and a watcher is told that it missed some; it reads the row all the same.
const UNREAD_LIMIT: usize = 256;

/// Where changes are announced. With workers in other processes this is where their news comes in.
#[derive(Debug)]
pub struct Changes {
    sender: broadcast::Sender<Change>,
    enqueued: Notify,
}

impl Default for Changes {
    fn default() -> Self {
        Self {
            sender: broadcast::Sender::new(UNREAD_LIMIT),
            enqueued: Notify::new(),
        }
    }
}

impl Changes {
    pub fn watch(&self) -> broadcast::Receiver<Change> {
        self.sender.subscribe()
    }

    /// A job went one step further, without moving the others.
    pub fn announce_progress(&self, photo: PhotoId) {
        self.announce(photo, false);
    }

    /// A job was claimed or is over: the others move up.
    pub fn announce_move(&self, photo: PhotoId) {
        self.announce(photo, true);
    }

    /// A job was put into the queue: one idle worker wakes.
    pub fn announce_enqueued(&self, photo: PhotoId) {
        self.enqueued.notify_one();
        self.announce(photo, true);
    }

    /// Waits until a job is put into the queue. One that came while nobody waited counts as well.
    pub async fn wait_for_work(&self) {
        self.enqueued.notified().await;
    }

    fn announce(&self, photo: PhotoId, moves_queue: bool) {
        // No receiver means that nobody is watching, which is fine.
        let _ = self.sender.send(Change { photo, moves_queue });
    }
}
