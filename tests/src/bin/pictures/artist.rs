//! Renders portraits of photos in the variants that were asked for.

use anyhow::{Result, ensure};
use clap::Args;
use image::{ImageReader, RgbImage};
use portrait::{
    Device, Format, Order, Portrait, PortraitSize, RenderError, Studio, StudioConfig, Theme,
};
use std::io::Cursor;
use std::path::PathBuf;
use std::thread;

#[derive(Args)]
pub struct Machine {
    /// Folder of the themes.
    #[arg(long, env = "PHOTOBOOTH_THEMES_DIR", default_value = "themes")]
    themes_dir: PathBuf,
    /// Folder of the ONNX models.
    #[arg(long, env = "PHOTOBOOTH_MODELS_DIR")]
    models_dir: PathBuf,
    /// The ONNX Runtime library.
    #[arg(long, env = "PHOTOBOOTH_ONNXRUNTIME")]
    onnxruntime: Option<PathBuf>,
    /// Where the networks run: `cpu` or `cuda:0`.
    #[arg(long, env = "PHOTOBOOTH_DEVICE", default_value = "cpu")]
    device: Device,
}

/// Which of the catalogue's variants.
#[derive(Args, Default)]
pub struct Selection {
    /// Only this theme; may be given several times.
    #[arg(long)]
    theme: Vec<String>,
    /// Only variants of this id; may be given several times.
    #[arg(long)]
    variant: Vec<String>,
}

/// A variant of a theme.
#[derive(Clone)]
pub struct Variant {
    pub theme: String,
    pub theme_name: String,
    pub id: String,
    pub name: String,
    pub thumbnail: PathBuf,
}

pub struct Artist {
    studio: Studio,
}

impl Artist {
    pub fn open(machine: &Machine) -> Result<Self> {
        let threads = thread::available_parallelism().map_or(1, usize::from);
        let studio = Studio::open(&StudioConfig {
            models_dir: machine.models_dir.clone(),
            themes_dir: machine.themes_dir.clone(),
            onnxruntime: machine.onnxruntime.clone(),
            device: machine.device,
            threads,
            network_threads: threads,
        })?;
        Ok(Self { studio })
    }

    /// The chosen variants in the catalogue's order.
    ///
    /// # Errors
    /// There is none of them.
    pub fn variants(&self, selection: &Selection) -> Result<Vec<Variant>> {
        let is_chosen = |chosen: &[String], id: &String| chosen.is_empty() || chosen.contains(id);
        let themes = self.studio.catalog().themes().iter();
        let variants: Vec<_> = themes
            .filter(|theme| is_chosen(&selection.theme, &theme.id))
            .flat_map(list_variants)
            .filter(|variant| is_chosen(&selection.variant, &variant.id))
            .collect();
        ensure!(!variants.is_empty(), "no theme has such a variant");
        Ok(variants)
    }

    pub fn render(
        &mut self,
        photo: &[u8],
        variant: &Variant,
        size: PortraitSize,
        format: Format,
    ) -> Result<Portrait, RenderError> {
        let order = Order {
            theme: variant.theme.clone(),
            variant: Some(variant.id.clone()),
            format,
            size,
            seed: 0,
        };
        self.studio.render(photo, &order, &mut |_| ())
    }

    /// A portrait's pixels.
    pub fn render_picture(
        &mut self,
        photo: &[u8],
        variant: &Variant,
        size: PortraitSize,
    ) -> Result<RgbImage> {
        println!("{}, {}", variant.theme, variant.id);
        let portrait = self.render(photo, variant, size, Format::Png)?;
        let picture = ImageReader::new(Cursor::new(portrait.bytes)).with_guessed_format()?;
        Ok(picture.decode()?.into_rgb8())
    }
}

fn list_variants(theme: &Theme) -> impl Iterator<Item = Variant> {
    theme.variants.iter().map(|variant| Variant {
        theme: theme.id.clone(),
        theme_name: theme.name.clone(),
        id: variant.id.clone(),
        name: variant.name.clone(),
        thumbnail: variant.thumbnail.clone(),
    })
}
