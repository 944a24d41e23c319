//! The whole journey of one photo: a [`Studio`] walks it through the steps.

pub(crate) mod analysis;
mod finish;
pub(crate) mod scene;

use crate::encode::{Format, encode};
use crate::models::MattingSize;
use crate::networks::Networks;
use crate::runtime::Device;
use crate::step::{Stopwatch, milliseconds};
use crate::theme::{Catalog, Variant};
use crate::{PortraitSize, RenderError, Report, Step};
use analysis::analyse;
use anyhow::Context;
use finish::render_checked;
use rayon::ThreadPool;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Instant;

/// What a studio is made of.
#[derive(Clone, Debug)]
pub struct StudioConfig {
    /// Folder of the ONNX models.
    pub models_dir: PathBuf,
    /// Folder of the themes.
    pub themes_dir: PathBuf,
    /// The ONNX Runtime library; a studio does not open without one.
    pub onnxruntime: Option<PathBuf>,
    /// Where the networks run.
    pub device: Device,
    /// How many threads work on the pixels of one portrait.
    pub threads: usize,
    /// How many threads a network may use; it runs for one portrait at a time.
    pub network_threads: usize,
}

/// Which portrait to make.
#[derive(Clone, Debug)]
pub struct Order {
    pub theme: String,
    /// The theme's first when left out.
    pub variant: Option<String>,
    pub format: Format,
    pub size: PortraitSize,
    /// The same photo, order and seed give the same pixels.
    pub seed: u64,
}

/// A finished portrait.
#[derive(Clone, Debug)]
pub struct Portrait {
    /// The file.
    pub bytes: Vec<u8>,
    pub format: Format,
    pub report: Report,
}

/// Makes portraits, one at a time; studios that share their networks make several.
pub struct Studio {
    catalog: Arc<Catalog>,
    networks: Arc<Networks>,
    pool: ThreadPool,
}

impl Studio {
    /// Reads the themes and loads the models that they need.
    ///
    /// # Errors
    /// When a theme is malformed, a model or the runtime is missing, or the device is not there.
    pub fn open(config: &StudioConfig) -> anyhow::Result<Self> {
        let pool = pixel_threads(config.threads)?;
        let catalog = Catalog::load(&config.themes_dir)?;
        let networks = pool.install(|| Networks::open(config, &catalog))?;
        Ok(Self {
            catalog: Arc::new(catalog),
            networks: Arc::new(networks),
            pool,
        })
    }

    /// Another studio on the same networks: it works on the pixels of one photo while this one's is at a network.
    ///
    /// # Errors
    /// When the system has no more threads to give.
    pub fn open_beside(&self) -> anyhow::Result<Self> {
        Ok(Self {
            catalog: Arc::clone(&self.catalog),
            networks: Arc::clone(&self.networks),
            pool: pixel_threads(self.pool.current_num_threads())?,
        })
    }

    /// The themes this studio can render.
    pub fn catalog(&self) -> &Catalog {
        &self.catalog
    }

    /// Where the networks run; never [`Device::Auto`].
    pub fn device(&self) -> Device {
        self.networks.device
    }

    /// Why [`Device::Auto`] did not take a graphics card, for operators.
    pub fn fallback_reason(&self) -> Option<&str> {
        self.networks.fallback.as_deref()
    }

    /// Runs every network in every shape that portraits of this size ask for, so that the first guest waits no
    /// longer than the second.
    ///
    /// # Errors
    /// [`RenderError::Inference`] when a network does not run.
    pub fn warm_up(&mut self, size: PortraitSize) -> Result<(), RenderError> {
        self.pool.install(|| self.networks.warm_up(size))
    }

    /// Makes one portrait. Blocks for seconds; `on_step` hears of every step as it begins.
    ///
    /// # Errors
    /// [`RenderError::Refused`] when the photo cannot become a portrait, the others when the order
    /// or the machine is at fault.
    pub fn render(
        &mut self,
        photo: &[u8],
        order: &Order,
        on_step: &mut (dyn FnMut(Step) + Send),
    ) -> Result<Portrait, RenderError> {
        let variant = self
            .catalog
            .variant(&order.theme, order.variant.as_deref())?;
        // On a pool of its own: threads of a shared one, waiting for a part of this portrait, would take up
        // another one's and finish that first.
        self.pool
            .install(|| make(&self.networks, photo, order, variant, on_step))
    }
}

fn pixel_threads(count: usize) -> anyhow::Result<ThreadPool> {
    rayon::ThreadPoolBuilder::new()
        .num_threads(count)
        .thread_name(|index| format!("pixels-{index}"))
        .build()
        .context("cannot start the pixel threads")
}

/// Walks a photo through the steps.
fn make(
    networks: &Networks,
    photo: &[u8],
    order: &Order,
    variant: &Variant,
    on_step: &mut (dyn FnMut(Step) + Send),
) -> Result<Portrait, RenderError> {
    let (began, networks_before) = (Instant::now(), networks.clock.total());
    let mut watch = Stopwatch::new(on_step);
    let analysis = analyse(
        networks,
        photo,
        MattingSize::for_portrait(order.size),
        &mut watch,
    )?;
    let finished = render_checked(networks, &analysis, order, variant, &mut watch)?;
    let bytes = watch.time(Step::Encode, || encode(&finished.picture, order.format))?;
    let report = Report {
        steps: watch.into_steps(),
        total_ms: milliseconds(began.elapsed()),
        networks_ms: milliseconds(networks.clock.total() - networks_before),
        faces: analysis.people.len(),
        guests: finished.guests,
        retries: finished.retries,
        width: order.size.width(),
        height: order.size.height(),
        warnings: analysis.warnings,
    };
    Ok(Portrait {
        bytes,
        format: order.format,
        report,
    })
}
