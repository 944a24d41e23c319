//! Makes pictures that show what the booth makes: thumbnails, portraits to judge, contact sheets, and photos for benchmarks.

mod artist;
mod files;
mod html;
mod portraits;
mod sheets;

use anyhow::Result;
use artist::{Artist, Machine, Selection};
use clap::{Parser, Subcommand};
use image::imageops::{self, FilterType};
use photobooth_tests::camera_frame::{astronaut_path, draw_camera_frame, frame_photo};
use portrait::PortraitSize;
use std::fs;
use std::path::PathBuf;

/// Size of a theme's example in the gallery, in pixels.
const THUMBNAIL: (u32, u32) = (600, 800);
/// Width and height of the photos that benchmarks use, in pixels.
const CAMERA: (u32, u32) = (1920, 1080);

#[derive(Parser)]
#[command(about)]
struct Arguments {
    #[command(flatten)]
    machine: Machine,
    #[command(subcommand)]
    picture: Picture,
}

#[derive(Subcommand)]
enum Picture {
    /// The astronaut in every variant of every theme, where the gallery looks for them.
    Thumbnails,
    /// Photos in every variant of every theme: OUTPUT/<photo>/<theme>/<variant>.jpg, and the report beside it as JSON.
    Portraits(portraits::Options),
    /// The same, with a page (index.html) and a picture (sheet.png) to look at all of them.
    ContactSheet(portraits::Options),
    /// The astronaut in every variant of every theme, in one JPEG for the README.
    ReadmeSheet {
        #[arg(short, long)]
        output: PathBuf,
    },
    /// A photo as a 1920 x 1080 camera sees it, for benchmarks.
    CameraFrame {
        output: PathBuf,
        /// The astronaut's when left out.
        photo: Option<PathBuf>,
    },
}

fn main() -> Result<()> {
    let arguments = Arguments::parse();
    let machine = &arguments.machine;
    match arguments.picture {
        Picture::Thumbnails => render_thumbnails(machine),
        Picture::Portraits(options) => portraits::render_all(machine, &options).map(drop),
        Picture::ContactSheet(options) => {
            let portraits = portraits::render_all(machine, &options)?;
            sheets::draw_sheet(&portraits, &options.output.join("sheet.png"))?;
            html::write_page(&portraits, &options.output.join("index.html"))
        }
        Picture::ReadmeSheet { output } => sheets::render_readme_sheet(machine, &output),
        Picture::CameraFrame { output, photo } => {
            let frame = match photo {
                Some(photo) => frame_photo(&files::open_upright(&photo)?, CAMERA.0, CAMERA.1),
                None => draw_camera_frame(CAMERA.0, CAMERA.1)?,
            };
            files::save_jpeg(&frame, 92, &output)
        }
    }
}

fn render_thumbnails(machine: &Machine) -> Result<()> {
    let mut artist = Artist::open(machine)?;
    let photo = fs::read(astronaut_path())?;
    for variant in artist.variants(&Selection::default())? {
        let portrait = artist.render_picture(&photo, &variant, PortraitSize::default())?;
        let (width, height) = THUMBNAIL;
        let small = imageops::resize(&portrait, width, height, FilterType::Lanczos3);
        files::save_jpeg(&small, 85, &variant.thumbnail)?;
        println!("{}", variant.thumbnail.display());
    }
    Ok(())
}
