//! Tells those who watch that a job has changed, so that nobody has to ask again and again. With PostgreSQL the
//! news goes by way of the database, so that it reaches other processes as well.

use crate::db::{Db, Dialect};
use crate::photo_id::PhotoId;
use secrecy::{ExposeSecret, SecretString};
use sqlx::postgres::PgListener;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{Notify, broadcast};
use tokio::time::sleep;
use tokio_util::sync::CancellationToken;

/// What has changed. The news itself is in the database: whoever hears this reads it there, so a watcher that
/// missed one loses nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum News {
    /// A job was put into the queue, behind others.
    Queued(PhotoId),
    /// A job went one step further, without moving the others.
    Advanced(PhotoId),
    /// A job was claimed or is over: the others move up.
    Moved(PhotoId),
    /// News was lost on the way; whoever waits for some looks for itself.
    Missed,
}

/// More news than this unread, and a watcher is told that it missed some; it reads the row all the same.
const UNREAD_LIMIT: usize = 256;

/// The channel of PostgreSQL's LISTEN and NOTIFY.
const CHANNEL: &str = "photobooth";

/// How long to wait before the database is asked again to tell us its news.
const RECONNECT_REST: Duration = Duration::from_secs(1);

/// Where changes are announced and heard.
#[derive(Clone, Debug)]
pub struct Changes {
    db: Db,
    heard: Arc<Heard>,
}

/// What this process has heard.
#[derive(Debug)]
struct Heard {
    news: broadcast::Sender<News>,
    work: Notify,
}

impl Changes {
    pub fn new(db: Db) -> Self {
        let heard = Heard {
            news: broadcast::Sender::new(UNREAD_LIMIT),
            work: Notify::new(),
        };
        Self {
            db,
            heard: Arc::new(heard),
        }
    }

    pub fn watch(&self) -> broadcast::Receiver<News> {
        self.heard.news.subscribe()
    }

    /// Waits until a job is put into the queue. One that came while nobody waited counts as well.
    pub async fn wait_for_work(&self) {
        self.heard.work.notified().await;
    }

    /// Tells everybody. What cannot be told is logged only: all who wait look for themselves after a while.
    pub async fn announce(&self, news: News) {
        match self.db.dialect {
            Dialect::Sqlite => self.heard.take(news),
            Dialect::Postgres => {
                let told = sqlx::query("SELECT pg_notify($1, $2)")
                    .bind(CHANNEL)
                    .bind(news.to_string())
                    .execute(&self.db.pool)
                    .await;
                if let Err(error) = told {
                    tracing::warn!("news did not reach the other processes: {error}");
                    self.heard.take(news);
                }
            }
        }
    }

    /// Hears what other processes announce, until `closing`. Reconnects when the database was away.
    pub async fn listen(self, address: SecretString, closing: CancellationToken) {
        let hear = async {
            loop {
                if let Err(error) = self.hear(&address).await {
                    tracing::warn!("not hearing news from the database: {error}");
                }
                sleep(RECONNECT_REST).await;
            }
        };
        tokio::select! {
            () = closing.cancelled() => {}
            () = hear => {}
        }
    }

    async fn hear(&self, address: &SecretString) -> Result<(), sqlx::Error> {
        let mut listener = PgListener::connect(address.expose_secret()).await?;
        listener.listen(CHANNEL).await?;
        // Whatever happened before we listened.
        self.heard.take(News::Missed);
        loop {
            let news = match listener.try_recv().await? {
                Some(notification) => News::parse(notification.payload()),
                // The connection was lost and is there again.
                None => Some(News::Missed),
            };
            if let Some(news) = news {
                self.heard.take(news);
            }
        }
    }
}

impl Heard {
    fn take(&self, news: News) {
        if matches!(news, News::Queued(_) | News::Missed) {
            self.work.notify_one();
        }
        // No receiver means that nobody is watching, which is fine.
        let _ = self.news.send(news);
    }
}

impl News {
    fn parse(text: &str) -> Option<Self> {
        let (word, id) = text.split_once(' ')?;
        let photo = PhotoId::parse(id)?;
        match word {
            "queued" => Some(Self::Queued(photo)),
            "advanced" => Some(Self::Advanced(photo)),
            "moved" => Some(Self::Moved(photo)),
            // A newer release may announce more than we know.
            _ => None,
        }
    }
}

impl fmt::Display for News {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Queued(photo) => write!(f, "queued {photo}"),
            Self::Advanced(photo) => write!(f, "advanced {photo}"),
            Self::Moved(photo) => write!(f, "moved {photo}"),
            Self::Missed => f.write_str("missed"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn news_survives_the_way() {
        let photo = PhotoId::random();
        for news in [
            News::Queued(photo),
            News::Advanced(photo),
            News::Moved(photo),
        ] {
            assert_eq!(News::parse(&news.to_string()), Some(news));
        }
        for unknown in ["", "queued", "queued 1", "painted 1"] {
            assert_eq!(News::parse(unknown), None, "{unknown}");
        }
    }
}
