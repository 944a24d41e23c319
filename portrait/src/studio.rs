//! The whole journey of one photo: a [`Studio`] owns every model and walks a photo through the steps.

use crate::compose::compose;
use crate::decode::decode;
use crate::encode::{Format, encode};
use crate::faces::{Detectors, find_faces, find_landmarks};
use crate::filter::whole;
use crate::grade::grade;
use crate::judge::judge;
use crate::matte::cut_out;
use crate::models::{CelPainter, FaceMesh, Moderator, MultiStyle, Segmenter};
use crate::moderate::moderate;
use crate::paint::{Brushes, paint};
use crate::runtime::{Device, Runtime};
use crate::step::Stopwatch;
use crate::theme::{Catalog, Variant};
use crate::{PortraitSize, RenderError, Report, RgbRaster, Step};
use anyhow::Context;
use rayon::ThreadPool;
use std::path::{Path, PathBuf};
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
    /// How many threads one portrait may use.
    pub threads: usize,
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

/// Every model, loaded once; owned by one thread.
pub struct Studio {
    catalog: Catalog,
    moderator: Moderator,
    detectors: Detectors,
    mesh: FaceMesh,
    segmenter: Segmenter,
    brushes: Brushes,
    pool: ThreadPool,
}

impl Studio {
    /// Reads the themes and loads every model.
    ///
    /// # Errors
    /// When a theme is malformed, a model or the runtime is missing, or the device is not there.
    pub fn open(config: &StudioConfig) -> anyhow::Result<Self> {
        let runtime = Runtime::load(config.onnxruntime.as_deref(), config.device, config.threads)?;
        let models = &config.models_dir;
        let pool = rayon::ThreadPoolBuilder::new()
            .num_threads(config.threads)
            .thread_name(|index| format!("pixels-{index}"))
            .build()
            .context("cannot start the pixel threads")?;
        Ok(Self {
            catalog: Catalog::load(&config.themes_dir)?,
            moderator: Moderator::load(&runtime, models)?,
            detectors: Detectors::load(&runtime, models)?,
            mesh: FaceMesh::load(&runtime, models)?,
            segmenter: Segmenter::load(&runtime, models)?,
            brushes: Brushes {
                styles: MultiStyle::load(&runtime, models)?,
                cel: CelPainter::load(&runtime, models)?,
            },
            pool,
        })
    }

    /// The themes this studio can render.
    pub fn catalog(&self) -> &Catalog {
        &self.catalog
    }

    /// Runs every model once, so that the first guest waits no longer than the second.
    ///
    /// # Errors
    /// [`RenderError::Inference`] when a model does not run.
    pub fn warm_up(&mut self) -> Result<(), RenderError> {
        let Self {
            moderator,
            detectors,
            mesh,
            segmenter,
            brushes,
            pool,
            ..
        } = self;
        pool.install(|| {
            let grey: RgbRaster = RgbRaster::filled(256, 256, [0.5; 3]);
            moderator.run(&grey)?;
            find_faces(detectors, &grey)?;
            mesh.warm_up()?;
            segmenter.run(&grey, whole(&grey))?;
            brushes.warm_up()
        })
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
            .variant(&order.theme, order.variant.as_deref())?
            .clone();
        let Self {
            moderator,
            detectors,
            mesh,
            segmenter,
            brushes,
            pool,
            ..
        } = self;
        let mut bench = Bench {
            moderator,
            detectors,
            mesh,
            segmenter,
            brushes,
        };
        pool.install(|| bench.make(photo, order, &variant, on_step))
    }
}

/// The models laid out for one portrait.
struct Bench<'a> {
    moderator: &'a mut Moderator,
    detectors: &'a mut Detectors,
    mesh: &'a mut FaceMesh,
    segmenter: &'a mut Segmenter,
    brushes: &'a mut Brushes,
}

impl Bench<'_> {
    fn make(
        &mut self,
        photo: &[u8],
        order: &Order,
        variant: &Variant,
        on_step: &mut (dyn FnMut(Step) + Send),
    ) -> Result<Portrait, RenderError> {
        let began = Instant::now();
        let mut watch = Stopwatch::new(on_step);
        let photo = watch.time(Step::Decode, || decode(photo))?;
        watch.time(Step::Moderate, || moderate(self.moderator, &photo))?;
        let faces = watch.time(Step::FindFaces, || find_faces(self.detectors, &photo))?;
        let landmarks = watch.time(Step::Landmarks, || {
            faces
                .iter()
                .map(|face| find_landmarks(self.mesh, &photo, face))
                .collect::<Result<Vec<_>, _>>()
        })?;
        let (faces, landmarks) = watch.time(Step::Judge, || judge(&photo, faces, landmarks))?;
        let cutout = watch.time(Step::Matte, || cut_out(self.segmenter, &photo, &faces))?;
        drop(photo);
        let composite = watch.time(Step::Compose, || -> Result<_, RenderError> {
            let backdrop = read_backdrop(&variant.backdrop)?;
            compose(
                &cutout,
                &landmarks,
                &backdrop,
                &variant.layout,
                &variant.light,
                order.size,
            )
        })?;
        drop(cutout);
        let guests = composite.guests;
        let mut picture = watch.time(Step::Paint, || {
            paint(self.brushes, &composite, &variant.paint)
        })?;
        drop(composite);
        watch.time(Step::Grade, || {
            grade(&mut picture, &variant.grade, order.seed)
        });
        let bytes = watch.time(Step::Encode, || encode(&picture, order.format))?;
        let report = Report {
            steps: watch.into_steps(),
            total_ms: began.elapsed().as_secs_f64() * 1000.0,
            faces: guests,
            width: order.size.width(),
            height: order.size.height(),
        };
        Ok(Portrait {
            bytes,
            format: order.format,
            report,
        })
    }
}

/// A theme's world as it lies on disk.
fn read_backdrop(path: &Path) -> Result<RgbRaster, RenderError> {
    let picture = image::open(path)
        .map_err(|error| RenderError::Internal(format!("backdrop {}: {error}", path.display())))?;
    Ok(RgbRaster::from(&picture.into_rgb8()))
}
