//! The whole process: puts the parts together, serves, and closes them in order.

use crate::clock::Clock;
use crate::config::{Config, Role, StorageKind};
use crate::db::{self, Db, Dialect};
use crate::frontend::Page;
use crate::gallery::Gallery;
use crate::guards::{self, Guards};
use crate::headers;
use crate::health::Probes;
use crate::internal;
use crate::jobs::{Changes, crew, queue, recovery};
use crate::rendering::{self, Models, StepShares, attendance, protection};
use crate::results::sweeper;
use crate::router::router;
use crate::storage::Storage;
use crate::telemetry::{Outbox, Telemetry};
use anyhow::Context;
use http::HeaderMap;
use portrait::Catalog;
use std::fs::{DirBuilder, File};
use std::future::Future;
use std::net::SocketAddr;
use std::ops::Deref;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::task::JoinSet;
use tokio::time::{sleep, timeout};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

/// Everything that requests and workers share; built once.
#[derive(Debug)]
pub struct App {
    pub config: Config,
    pub role: Role,
    /// What this process is called where others see it.
    pub name: String,
    pub clock: Clock,
    pub db: Db,
    pub storage: Storage,
    pub gallery: Gallery,
    pub page: Option<Page>,
    pub security_headers: HeaderMap,
    pub guards: Guards,
    pub changes: Changes,
    pub models: Models,
    pub shares: StepShares,
    pub probes: Probes,
    pub telemetry: Telemetry,
    /// Told to stop: nothing more is claimed or accepted; portraits at hand are finished.
    pub stopping: CancellationToken,
    /// Nothing more is coming: event streams end.
    pub closing: CancellationToken,
    /// Held as long as the process uses the data folder.
    _lock: Option<File>,
}

impl App {
    /// Whether a submitted photo would be rendered: by this process, or by another one that lives.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn takes_work(&self) -> Result<bool, sqlx::Error> {
        if self.stopping.is_cancelled() {
            return Ok(false);
        }
        let only_queues = self.role == Role::All && self.config.rendering.workers == 0;
        Ok(only_queues
            || self.models.usable() > 0
            || crew::studios(&self.db.pool, self.clock.now_ms()).await? > 0)
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

/// The process, bound to its ports and ready to run.
#[derive(Debug)]
pub struct Application {
    app: AppState,
    /// For guests; `None` for a process that only works.
    listener: Option<TcpListener>,
    /// For operators, where they asked for it.
    internal: Option<TcpListener>,
    outbox: Outbox,
}

impl Application {
    /// Opens database, storage and themes, takes up what an earlier process left, and binds the port.
    /// Models are loaded by [`Self::run_until`], while the port answers already.
    ///
    /// # Errors
    /// A sentence that says which setting, file or port is at fault.
    pub async fn build(config: Config, role: Role) -> anyhow::Result<Self> {
        config.check(role)?;
        let data_dir = &config.data.data_dir;
        let database = &config.data.database;
        let is_embedded =
            database.database_url.is_none() || config.storage.storage == StorageKind::Embedded;
        let lock = is_embedded.then(|| take_data_dir(data_dir)).transpose()?;
        let catalog = Catalog::load(&config.rendering.themes_dir)?;
        let storage = Storage::open(&config.storage, &config.http, data_dir).await?;
        let db = Db::open(database, data_dir).await?;
        let security_headers = headers::security_headers(
            config.http.public_scheme,
            storage.external_origin().await?.as_deref(),
        )?;
        let listen = role.serves().then_some(config.http.listen);
        let listen_internal = config.telemetry.internal_listen;
        let name = format!("booth-{}", &Uuid::new_v4().simple().to_string()[..8]);
        let (telemetry, outbox) = Telemetry::open(&config, role, &name).await?;
        let app = AppState(Arc::new(App {
            role,
            name,
            clock: Clock::default(),
            gallery: Gallery::of(&catalog)?,
            page: Page::open(&config.http.frontend_dir),
            models: Models::starting(config.studios(role)),
            shares: StepShares::default(),
            changes: Changes::new(db.clone()),
            probes: Probes::default(),
            telemetry,
            guards: Guards::of(&config),
            stopping: CancellationToken::new(),
            closing: CancellationToken::new(),
            config,
            db,
            storage,
            security_headers,
            _lock: lock,
        }));
        app.clock.set_by(&app.db).await?;
        take_up_where_left(&app).await?;
        Ok(Self {
            app,
            listener: bind(listen).await?,
            internal: bind(listen_internal).await?,
            outbox,
        })
    }

    /// Where guests come; with port 0 configured, the port it was given. `None` where they do not.
    pub fn address(&self) -> Option<SocketAddr> {
        self.listener.as_ref()?.local_addr().ok()
    }

    /// Where metrics and health checks are asked for; `None` where they are not.
    pub fn internal_address(&self) -> Option<SocketAddr> {
        self.internal.as_ref()?.local_addr().ok()
    }

    /// What requests and workers share.
    pub fn state(&self) -> &AppState {
        &self.app
    }

    /// Serves and renders until `shutdown` resolves. Then nothing more is claimed, the portraits at hand are
    /// finished and can still be fetched for a while, and last the connections and the database are closed.
    ///
    /// # Errors
    /// A worker's models could not be opened, or the listener failed.
    pub async fn run_until(self, shutdown: impl Future<Output = ()>) -> anyhow::Result<()> {
        let Self {
            app,
            listener,
            internal,
            outbox,
        } = self;
        let mut server = tokio::spawn(serve(app.clone(), listener));
        let mut background = start_background(&app)?;
        if let Some(listener) = internal {
            background.spawn(internal::serve(listener, app.clone()));
        }
        let exporters = outbox.start(&app);
        let mut rendering = tokio::spawn(rendering::run(app.clone()));
        let mut ended = None;
        tokio::select! {
            () = shutdown => {}
            // Rendering ends by itself only when it cannot go on; whoever started us can start us again.
            result = &mut rendering => ended = Some(result),
            served = &mut server => return served.context("serving"),
        }
        app.stopping.cancel();
        let busy = queue::held_by(&app.db.pool, &app.name).await.unwrap_or(0);
        let has_news = busy > 0 || ended.is_some();
        let outcome = match ended {
            Some(result) => result,
            None => rendering.await,
        };
        let drain = Duration::from_secs(app.config.http.drain_seconds);
        if has_news && app.role.serves() {
            // The guests whose portraits were just finished come for them.
            sleep(drain).await;
        }
        app.closing.cancel();
        if timeout(drain, server).await.is_err() {
            tracing::warn!("connections were still open after {} s", drain.as_secs());
        }
        if timeout(drain, background.join_all()).await.is_err() {
            tracing::warn!("background work was cut off; the next process ends it");
        }
        exporters.finish(drain).await;
        app.db.pool.close().await;
        outcome.context("rendering panicked")?
    }
}

async fn bind(address: Option<SocketAddr>) -> anyhow::Result<Option<TcpListener>> {
    let Some(address) = address else {
        return Ok(None);
    };
    let listener = TcpListener::bind(address).await;
    let listener = listener.with_context(|| format!("listening on {address}"))?;
    Ok(Some(listener))
}

/// Answers guests, where they come, until `closing`.
async fn serve(app: AppState, listener: Option<TcpListener>) {
    match listener {
        Some(listener) => guards::serve(listener, router(&app), app).await,
        None => app.closing.cancelled().await,
    }
}

/// What runs beside requests and portraits, until `closing`.
fn start_background(app: &AppState) -> anyhow::Result<JoinSet<()>> {
    let mut tasks = JoinSet::new();
    if let Some(address) = db::postgres_address(&app.config.data.database)? {
        let changes = app.changes.clone();
        tasks.spawn(changes.listen(address, app.closing.clone()));
    }
    tasks.spawn(attendance::keep(app.clone()));
    tasks.spawn(protection::keep(app.clone()));
    tasks.spawn(recovery::keep_recovering(app.clone()));
    tasks.spawn(sweeper::keep_sweeping(app.clone()));
    Ok(tasks)
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

/// Nobody else uses an embedded database, so whoever held a photo is gone. On a shared one leases end by time.
async fn take_up_where_left(app: &AppState) -> anyhow::Result<()> {
    if app.db.dialect == Dialect::Sqlite {
        let photos = queue::end_all_leases(&app.db.pool).await?;
        if photos > 0 {
            tracing::info!(
                photos,
                "{photos} photos were being rendered when the process last ended; they go on"
            );
        }
    }
    recovery::recover(app).await
}
