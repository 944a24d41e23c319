//! Makes the pictures that show what the booth makes: thumbnails, contact sheet, and a camera's frame.

use anyhow::{Context, Result};
use clap::{Args, Parser, Subcommand};
use image::codecs::jpeg::JpegEncoder;
use image::imageops::{self, FilterType};
use image::{ImageReader, Rgb, RgbImage};
use photobooth_tests::camera_frame::{astronaut_path, draw_camera_frame};
use portrait::{Catalog, Device, Format, Order, PortraitSize, Studio, StudioConfig};
use std::fs::{self, File};
use std::io::Cursor;
use std::path::{Path, PathBuf};
use std::thread;

/// Size of one portrait on the contact sheet, in pixels, and the gap around it.
const CELL: (u32, u32) = (480, 640);
const GAP: u32 = 16;
/// Size of a theme's example in the gallery, in pixels.
const THUMBNAIL: (u32, u32) = (600, 800);

#[derive(Parser)]
#[command(about)]
struct Arguments {
    #[command(flatten)]
    machine: Machine,
    #[command(subcommand)]
    picture: Picture,
}

#[derive(Args)]
struct Machine {
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

#[derive(Subcommand)]
enum Picture {
    /// The astronaut in every variant of every theme, where the gallery looks for them.
    Thumbnails,
    /// Photos in the first variant of every theme: a row a photo, a column a theme.
    ContactSheet {
        /// The astronaut alone when none is given.
        photos: Vec<PathBuf>,
        #[arg(short, long)]
        output: PathBuf,
    },
    /// The astronaut as a 1920 x 1080 camera sees her, for benchmarks.
    CameraFrame { output: PathBuf },
}

fn main() -> Result<()> {
    let arguments = Arguments::parse();
    let machine = &arguments.machine;
    match arguments.picture {
        Picture::Thumbnails => render_thumbnails(machine),
        Picture::ContactSheet { photos, output } => render_contact_sheet(machine, photos, &output),
        Picture::CameraFrame { output } => save(&draw_camera_frame(1920, 1080)?, 92, &output),
    }
}

fn render_thumbnails(machine: &Machine) -> Result<()> {
    let mut artist = Artist::open(machine)?;
    let photo = fs::read(astronaut_path())?;
    let catalog = Catalog::load(&machine.themes_dir)?;
    for theme in catalog.themes() {
        for variant in &theme.variants {
            let portrait = artist.render(&photo, &theme.id, &variant.id, THUMBNAIL)?;
            save(&portrait, 85, &variant.thumbnail)?;
        }
    }
    Ok(())
}

fn render_contact_sheet(machine: &Machine, mut photos: Vec<PathBuf>, output: &Path) -> Result<()> {
    if photos.is_empty() {
        photos.push(astronaut_path());
    }
    let mut artist = Artist::open(machine)?;
    let catalog = Catalog::load(&machine.themes_dir)?;
    let (columns, rows) = (catalog.themes().len() as u32, photos.len() as u32);
    let size = |cells, side| GAP + cells * (side + GAP);
    let paper = Rgb([24, 22, 20]);
    let mut sheet = RgbImage::from_pixel(size(columns, CELL.0), size(rows, CELL.1), paper);
    for (photo, row) in photos.iter().zip(0..) {
        let photo = fs::read(photo).with_context(|| format!("cannot read {}", photo.display()))?;
        for (theme, column) in catalog.themes().iter().zip(0..) {
            let portrait = artist.render(&photo, &theme.id, &theme.variants[0].id, CELL)?;
            let (left, top) = (size(column, CELL.0), size(row, CELL.1));
            imageops::replace(&mut sheet, &portrait, left.into(), top.into());
        }
    }
    save(&sheet, 88, output)
}

/// Renders portraits and makes them smaller.
struct Artist {
    studio: Studio,
}

impl Artist {
    fn open(machine: &Machine) -> Result<Self> {
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

    fn render(
        &mut self,
        photo: &[u8],
        theme: &str,
        variant: &str,
        (width, height): (u32, u32),
    ) -> Result<RgbImage> {
        println!("{theme}, {variant}");
        let order = Order {
            theme: theme.to_owned(),
            variant: Some(variant.to_owned()),
            format: Format::Png,
            size: PortraitSize::default(),
            seed: 0,
        };
        let portrait = self.studio.render(photo, &order, &mut |_| ())?;
        let picture = ImageReader::new(Cursor::new(portrait.bytes)).with_guessed_format()?;
        let picture = picture.decode()?.into_rgb8();
        Ok(imageops::resize(
            &picture,
            width,
            height,
            FilterType::Lanczos3,
        ))
    }
}

fn save(picture: &RgbImage, quality: u8, path: &Path) -> Result<()> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    let file = File::create(path).with_context(|| format!("cannot write {}", path.display()))?;
    JpegEncoder::new_with_quality(file, quality).encode_image(picture)?;
    println!("{}", path.display());
    Ok(())
}
