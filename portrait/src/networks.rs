//! Every network of the booth, opened once on one device; any number of studios share them.

use crate::faces::Detectors;
use crate::matte::MatteNetworks;
use crate::models::{BodyPose, FaceMesh, Matting, Segmenter};
use crate::moderate::Moderators;
use crate::network_clock::NetworkClock;
use crate::paint::Brushes;
use crate::runtime::{Device, Runtime};
use crate::theme::Catalog;
use crate::{PortraitSize, RenderError, StudioConfig};

/// The networks in the order of the pixels' journey.
pub(crate) struct Networks {
    pub moderators: Moderators,
    pub detectors: Detectors,
    pub mesh: FaceMesh,
    pub body: BodyPose,
    pub matte: MatteNetworks,
    pub brushes: Brushes,
    /// How long they have been running.
    pub clock: NetworkClock,
    /// Where they run; never [`Device::Auto`].
    pub device: Device,
    /// Why they do not run on a graphics card, where one would have been taken.
    pub fallback: Option<String>,
}

impl Networks {
    /// Loads the networks that portraits in these themes need. [`Device::Auto`] takes the first graphics card on which they open and run.
    ///
    /// # Errors
    /// When a model or the runtime is missing, or the device is not there.
    pub(crate) fn open(config: &StudioConfig, catalog: &Catalog) -> anyhow::Result<Self> {
        if config.device != Device::Auto {
            return Self::open_on(config, catalog, config.device);
        }
        Self::open_on(config, catalog, Device::Cuda(0)).or_else(|error| {
            Ok(Self {
                fallback: Some(format!("{error:#}")),
                ..Self::open_on(config, catalog, Device::Cpu)?
            })
        })
    }

    fn open_on(config: &StudioConfig, catalog: &Catalog, device: Device) -> anyhow::Result<Self> {
        let library = config.onnxruntime.as_deref();
        let runtime = Runtime::load(library, device, config.network_threads)?;
        let models = &config.models_dir;
        let networks = Self {
            moderators: Moderators::load(&runtime, models)?,
            detectors: Detectors::load(&runtime, models)?,
            mesh: FaceMesh::load(&runtime, models)?,
            body: BodyPose::load(&runtime, models)?,
            matte: MatteNetworks {
                segmenter: Segmenter::load(&runtime, models)?,
                matting: Matting::load(&runtime, models)?,
            },
            brushes: Brushes::load(&runtime, models, catalog)?,
            clock: runtime.clock().clone(),
            device,
            fallback: None,
        };
        // A card may be there and not compute: its driver too old, its memory taken.
        networks.moderators.warm_up()?;
        Ok(networks)
    }

    /// Runs every network in every shape that portraits of this size ask for.
    ///
    /// # Errors
    /// [`RenderError::Inference`] when one does not run.
    pub(crate) fn warm_up(&self, size: PortraitSize) -> Result<(), RenderError> {
        self.moderators.warm_up()?;
        self.detectors.warm_up()?;
        self.mesh.warm_up()?;
        self.body.warm_up()?;
        self.matte.warm_up()?;
        self.brushes.warm_up(size, self.device)
    }
}
