//! Settings of the workers: how many, on what, and where their models lie.

use anyhow::Context;
use clap::Args;
use portrait::{Device, PortraitSize};
use std::ffi::OsString;
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// Who makes the portraits, and from what.
#[derive(Clone, Debug, Args)]
#[command(next_help_heading = "Rendering")]
pub struct RenderingConfig {
    /// Portraits made at a time; they share the models, each holds its own pixels. With 0 the role all only queues
    #[arg(long, env = "PHOTOBOOTH_WORKERS", default_value_t = 1)]
    pub workers: usize,

    /// Threads for the pixels of each portrait; by default the machine's cores divided by the workers
    #[arg(long, env = "PHOTOBOOTH_RENDER_THREADS")]
    pub render_threads: Option<NonZeroUsize>,

    /// Milliseconds after which a guest is told that a portrait took too long
    #[arg(
        long,
        env = "PHOTOBOOTH_PROCESSING_TIMEOUT_MS",
        default_value_t = 60_000,
        value_parser = clap::value_parser!(u64).range(1..=3_600_000)
    )]
    pub processing_timeout_ms: u64,

    /// Width and height of portraits in pixels, 3:4. Smaller ones are for previews and load tests; prints want all
    /// of the default's
    #[arg(long, env = "PHOTOBOOTH_PORTRAIT_SIZE", default_value_t = PortraitSize::default())]
    pub portrait_size: PortraitSize,

    /// Where inference runs: cpu; cuda:N for graphics card N, which fails at start when that card is not there; auto
    /// for the first card that works or else the processor
    #[arg(long, env = "PHOTOBOOTH_DEVICE", default_value = "cpu")]
    pub device: Device,

    /// Address of ECS's agent, which ECS sets by itself: while portraits are made, it is asked to leave this task running
    #[arg(long, env = "ECS_AGENT_URI")]
    pub ecs_agent_uri: Option<String>,

    /// Folder with the ONNX models; by default where `cargo xtask up` puts them, models/ in the cache folder
    #[arg(long, env = "PHOTOBOOTH_MODELS_DIR")]
    pub models_dir: Option<PathBuf>,

    /// The ONNX Runtime library; by default the one that `cargo xtask up` puts into onnxruntime/ in the cache
    /// folder
    #[arg(long, env = "PHOTOBOOTH_ONNXRUNTIME")]
    pub onnxruntime: Option<PathBuf>,

    /// Folder with the themes
    #[arg(long, env = "PHOTOBOOTH_THEMES_DIR", default_value = "themes")]
    pub themes_dir: PathBuf,

    /// The cache folder of models and tools; by default ai-photobooth/ in `XDG_CACHE_HOME` or ~/.cache
    #[arg(long, env = "PHOTOBOOTH_CACHE_DIR")]
    pub cache_dir: Option<PathBuf>,

    #[arg(long, env = "XDG_CACHE_HOME", hide = true)]
    xdg_cache_home: Option<PathBuf>,

    #[arg(long, env = "HOME", hide = true)]
    home: Option<PathBuf>,
}

impl RenderingConfig {
    /// How long one portrait may take.
    pub fn render_timeout(&self) -> Duration {
        Duration::from_millis(self.processing_timeout_ms)
    }

    /// What `portrait` needs to open one worker's models.
    ///
    /// # Errors
    /// Neither a models folder nor a cache folder is known.
    pub fn studio(&self) -> anyhow::Result<portrait::StudioConfig> {
        let models_dir = match &self.models_dir {
            Some(folder) => folder.clone(),
            None => self
                .cache()
                .context("--models-dir is not set, and there is no home folder to look in")?
                .join("models"),
        };
        Ok(portrait::StudioConfig {
            models_dir,
            themes_dir: self.themes_dir.clone(),
            onnxruntime: self.onnxruntime.clone().or_else(|| self.cached_runtime()),
            device: self.device,
            threads: self.threads_per_worker(),
            network_threads: self.threads_per_worker() * self.workers.max(1),
        })
    }

    fn threads_per_worker(&self) -> usize {
        let cores = std::thread::available_parallelism().map_or(1, NonZeroUsize::get);
        self.render_threads
            .map_or_else(|| (cores / self.workers.max(1)).max(1), NonZeroUsize::get)
    }

    fn cache(&self) -> Option<PathBuf> {
        self.cache_dir.clone().or_else(|| {
            let base = self
                .xdg_cache_home
                .clone()
                .filter(|folder| folder.is_absolute())
                .or_else(|| Some(self.home.as_ref()?.join(".cache")))?;
            Some(base.join("ai-photobooth"))
        })
    }

    fn cached_runtime(&self) -> Option<PathBuf> {
        newest_runtime(&self.cache()?.join("onnxruntime"))
    }
}

/// The ONNX Runtime library of a folder; the last by name when several versions lie there.
fn newest_runtime(folder: &Path) -> Option<PathBuf> {
    let is_runtime = |name: OsString| name.to_string_lossy().starts_with("libonnxruntime.so");
    let entries = std::fs::read_dir(folder).ok()?.flatten();
    entries
        .filter(|entry| is_runtime(entry.file_name()))
        .map(|entry| entry.path())
        .max()
}
