//! The whole process: puts the parts together, serves, and closes them in order.

use crate::config::{Config, origin_of};
use crate::frontend::Page;
use crate::gallery::Gallery;
use crate::health::Probes;
use crate::jobs::{Changes, queue};
use crate::rendering::{Models, StepShares, Worker};
use crate::results::originals;
use crate::router::router;
use crate::storage::Storage;
use crate::{db, headers};
use anyhow::Context;
use http::HeaderMap;
use portrait::Catalog;
use sqlx::AnyPool;
use std::fs::{DirBuilder, File};
use std::future::Future;
use std::net::SocketAddr;
use std::ops::Deref;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::task::JoinSet;
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;

/// Everything that requests and workers share; built once.
#[derive(Debug)]
pub struct App {
    pub config: Config,
    pub db: AnyPool,
    pub storage: Storage,
    pub gallery: Gallery,
    pub page: Option<Page>,
    pub security_headers: HeaderMap,
    pub changes: Changes,
    pub models: Models,
    pub shares: StepShares,
    pub probes: Probes,
    /// Told to stop: nothing more is claimed or accepted; portraits at hand are finished.
    pub stopping: CancellationToken,
    /// Nothing more is coming: event streams end.
    pub closing: CancellationToken,
    /// Held as long as the process uses the data folder.
    _lock: File,
}

impl App {
    /// Whether a submitted photo would be rendered.
    pub fn takes_work(&self) -> bool {
        self.models.are_ready() && !self.stopping.is_cancelled()
    }
}

/// A handle on the [`App`]; cheap to clone.
#[derive(Clone, Debug)]
pub struct AppState(Arc<App>);

impl Deref for AppState {
    type Target = App;

    fn deref(&self) -> &App {
        &self.0
    }
}

/// The process, bound to its port and ready to run.
#[derive(Debug)]
pub struct Application {
    app: AppState,
    listener: TcpListener,
    address: SocketAddr,
}

impl Application {
    /// Opens database, storage and themes, takes up what an earlier process left, and binds the port.
    /// Models are loaded by [`Self::run_until`], while the port answers already.
    ///
    /// # Errors
    /// A sentence that says which setting, file or port is at fault.
    pub async fn build(config: Config) -> anyhow::Result<Self> {
        config.check()?;
        let data_dir = &config.data.data_dir;
        let lock = take_data_dir(data_dir)?;
        let catalog = Catalog::load(&config.rendering.themes_dir)?;
        let storage = Storage::open(&config.storage, &config.http, data_dir)?;
        let db = db::open_sqlite(&data_dir.join("photobooth.db")).await?;
        let page = Page::open(&config.http.frontend_dir);
        let storage_origin = config.storage.s3_endpoint.as_deref().and_then(origin_of);
        let security_headers = headers::security_headers(storage_origin.as_deref())?;
        let listen = config.http.listen;
        let app = AppState(Arc::new(App {
            gallery: Gallery::of(&catalog)?,
            models: Models::starting(config.rendering.workers),
            shares: StepShares::default(),
            changes: Changes::default(),
            probes: Probes::default(),
            stopping: CancellationToken::new(),
            closing: CancellationToken::new(),
            config,
            db,
            storage,
            page,
            security_headers,
            _lock: lock,
        }));
        take_up_where_left(&app).await?;
        let listener = TcpListener::bind(listen)
            .await
            .with_context(|| format!("listening on {listen}"))?;
        let address = listener.local_addr()?;
        Ok(Self {
            app,
            listener,
            address,
        })
    }

    /// Where the process listens; with port 0 configured, the port it was given.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// What requests and workers share.
    pub fn state(&self) -> &AppState {
        &self.app
    }

    /// Serves and renders until `shutdown` resolves. Then nothing more is claimed, the portraits at hand are
    /// finished and can still be fetched, and last the connections and the database are closed.
    ///
    /// # Errors
    /// A worker's models could not be opened, or the listener failed.
    pub async fn run_until(self, shutdown: impl Future<Output = ()>) -> anyhow::Result<()> {
        let Self { app, listener, .. } = self;
        let closing = app.closing.clone();
        let mut server = tokio::spawn(
            axum::serve(listener, router(&app))
                .with_graceful_shutdown(closing.cancelled_owned())
                .into_future(),
        );
        let mut workers = JoinSet::new();
        for number in 0..app.config.rendering.workers {
            let app = app.clone();
            workers.spawn(async move { Worker::start(app, number).await?.run().await });
        }
        let mut outcome = tokio::select! {
            () = shutdown => Ok(()),
            // A worker ends by itself only when it cannot go on; whoever started us can start us again.
            Some(ended) = workers.join_next() => flatten(ended),
            served = &mut server => return served?.context("serving"),
        };
        app.stopping.cancel();
        while let Some(ended) = workers.join_next().await {
            outcome = outcome.and(flatten(ended));
        }
        app.closing.cancel();
        let drain = Duration::from_secs(app.config.http.drain_seconds);
        if timeout(drain, server).await.is_err() {
            tracing::warn!("connections were still open after {} s", drain.as_secs());
        }
        app.db.close().await;
        outcome
    }
}

fn flatten(ended: Result<anyhow::Result<()>, tokio::task::JoinError>) -> anyhow::Result<()> {
    ended.context("a worker panicked")?
}

/// Makes the data folder and keeps other processes out of it: two of them would take each other's photos for
/// their own left-overs.
fn take_data_dir(folder: &Path) -> anyhow::Result<File> {
    let mut maker = DirBuilder::new();
    maker.recursive(true);
    // Guests' photos are nobody else's business on this machine.
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut maker, 0o700);
    maker
        .create(folder)
        .with_context(|| format!("making the data folder {}", folder.display()))?;
    let lock = File::create(folder.join("lock"))?;
    lock.try_lock().with_context(|| {
        format!(
            "another process uses the data folder {}; give this one a --data-dir of its own",
            folder.display()
        )
    })?;
    Ok(lock)
}

async fn take_up_where_left(app: &AppState) -> anyhow::Result<()> {
    let photos = queue::end_own_leases(&app.db, &app.config.queue.instance).await?;
    if photos > 0 {
        tracing::info!(
            photos,
            "{photos} photos were being rendered when the process last ended; they go on"
        );
    }
    originals::delete_leftovers(app).await
}
