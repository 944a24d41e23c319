//! Makes themed portraits from the command line: `portrait render`, and measures how long it takes: `portrait bench`.

mod bench;

use anyhow::Context;
use clap::{Args, Parser, Subcommand};
use image::DynamicImage;
use portrait::{
    ArtBrush, ArtKind, Catalog, Device, Format, Order, PortraitSize, RenderError, Studio,
    StudioConfig, find_mistakes, paint_art,
};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// The exit status for a photo that cannot become a portrait; whatever else goes wrong is 1.
const REFUSED: u8 = 3;

#[derive(Parser)]
#[command(version, about = "Makes a themed portrait of a photo, on this machine")]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Makes one portrait.
    Render(Render),
    /// Makes the same portrait again and again and prints milliseconds by step, total and peak memory.
    Bench(bench::Bench),
    /// Lists the themes and their variants.
    Themes(Folders),
    /// For people who write themes.
    #[command(subcommand)]
    Theme(Theme),
}

#[derive(Subcommand)]
enum Theme {
    /// Checks every theme of a folder and prints file and line of what is wrong; the exit status is then 1.
    Check {
        /// Folder of the themes.
        folder: PathBuf,
    },
    /// Paints a backdrop or a layer of a costume by the brush that paints guests.
    Paint(Painting),
}

/// What is painted, and how; lengths are pixels of a portrait 1200 wide.
#[derive(Args)]
struct Painting {
    /// The picture: PNG, JPEG or WebP.
    picture: PathBuf,
    /// Where the painting goes: a PNG where it has to stay transparent, else JPEG or PNG.
    #[arg(short, long)]
    output: PathBuf,
    /// Its width in pixels; the picture's own when left out.
    #[arg(long)]
    width: Option<u32>,
    /// Height of the face that a costume was made for, in pixels of the painting; a backdrop has none.
    #[arg(long)]
    face_height: Option<f32>,
    /// Radius of the strokes.
    #[arg(long, default_value_t = 5.0)]
    radius: f32,
    /// How deep the marks of bristles are, 0 to 1.
    #[arg(long, default_value_t = 0.05)]
    bristles: f32,
    /// How much of the detail finer than strokes comes back, 0 to 1.
    #[arg(long, default_value_t = 0.30)]
    detail: f32,
    /// How dark the lines are in which darks gather, 0 to 1.
    #[arg(long, default_value_t = 0.0)]
    lines: f32,
}

/// Where the machine keeps what a portrait needs.
#[derive(Args)]
struct Folders {
    /// Folder of the themes.
    #[arg(long, env = "PHOTOBOOTH_THEMES_DIR", default_value = "themes")]
    themes_dir: PathBuf,
}

#[derive(Args)]
struct Machine {
    #[command(flatten)]
    folders: Folders,
    /// Folder of the ONNX models; `cargo xtask models` fills one.
    #[arg(long, env = "PHOTOBOOTH_MODELS_DIR")]
    models_dir: PathBuf,
    /// The ONNX Runtime library, `libonnxruntime.so`.
    #[arg(long, env = "PHOTOBOOTH_ONNXRUNTIME")]
    onnxruntime: Option<PathBuf>,
    /// Where the networks run: `cpu`; `cuda:0` for the first NVIDIA card, fails when it is not there; `auto` for
    /// that card or else the processor.
    #[arg(long, env = "PHOTOBOOTH_DEVICE", default_value = "cpu")]
    device: Device,
    /// Threads for one portrait; every core when left out.
    #[arg(long, env = "PHOTOBOOTH_RENDER_THREADS")]
    threads: Option<usize>,
}

impl Machine {
    fn open_studio(&self) -> anyhow::Result<Studio> {
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        let threads = self.threads.unwrap_or(cores).max(1);
        Studio::open(&StudioConfig {
            models_dir: self.models_dir.clone(),
            themes_dir: self.folders.themes_dir.clone(),
            onnxruntime: self.onnxruntime.clone(),
            device: self.device,
            threads,
            network_threads: threads,
        })
    }
}

/// Which photo, and as what.
#[derive(Args)]
struct Subject {
    /// The photo: JPEG, PNG or WebP.
    photo: PathBuf,
    /// A theme's id; `portrait themes` lists them.
    #[arg(long)]
    theme: String,
    /// A variant's id; the theme's first when left out.
    #[arg(long)]
    variant: Option<String>,
    /// `jpeg` or `png`.
    #[arg(long, default_value = "jpeg")]
    format: Format,
    /// Width and height in pixels, three to four; smaller ones are previews.
    #[arg(long, default_value_t)]
    size: PortraitSize,
    /// The same photo, theme and seed give the same pixels.
    #[arg(long, default_value_t = 0)]
    seed: u64,
}

impl Subject {
    fn read_photo(&self) -> anyhow::Result<Vec<u8>> {
        fs::read(&self.photo).with_context(|| format!("cannot read {}", self.photo.display()))
    }

    fn order(&self) -> Order {
        Order {
            theme: self.theme.clone(),
            variant: self.variant.clone(),
            format: self.format,
            size: self.size,
            seed: self.seed,
        }
    }
}

#[derive(Args)]
struct Render {
    #[command(flatten)]
    machine: Machine,
    #[command(flatten)]
    subject: Subject,
    /// Where the portrait goes.
    #[arg(short, long)]
    output: PathBuf,
    /// Where a report goes, as JSON: milliseconds by step, faces, size.
    #[arg(long)]
    report: Option<PathBuf>,
}

fn main() -> ExitCode {
    let outcome = match Cli::parse().command {
        Command::Render(render) => make_portrait(&render),
        Command::Bench(bench) => bench.run(),
        Command::Themes(folders) => list_themes(&folders),
        Command::Theme(Theme::Check { folder }) => return check_themes(&folder),
        Command::Theme(Theme::Paint(painting)) => paint(&painting),
    };
    outcome.map_or_else(|error| report(&error), |()| ExitCode::SUCCESS)
}

/// Tells people what went wrong: of a refused photo what a guest is told, of everything else the causes.
fn report(error: &anyhow::Error) -> ExitCode {
    if let Some(RenderError::Refused(refusal)) = error.downcast_ref() {
        eprintln!("{} {}", refusal.message(), refusal.hint());
        return ExitCode::from(REFUSED);
    }
    eprintln!("error: {error:#}");
    ExitCode::FAILURE
}

fn check_themes(folder: &Path) -> ExitCode {
    match find_mistakes(folder) {
        Ok(mistakes) if mistakes.is_empty() => ExitCode::SUCCESS,
        Ok(mistakes) => {
            for mistake in mistakes {
                println!("{mistake}");
            }
            ExitCode::FAILURE
        }
        Err(error) => report(&error),
    }
}

fn paint(painting: &Painting) -> anyhow::Result<()> {
    let picture = image::open(&painting.picture)
        .with_context(|| format!("cannot read {}", painting.picture.display()))?
        .into_rgba8();
    let kind = painting
        .face_height
        .map_or(ArtKind::Backdrop, |face_height| ArtKind::Layer {
            face_height,
        });
    let brush = ArtBrush {
        radius: painting.radius,
        bristles: painting.bristles,
        detail: painting.detail,
        lines: painting.lines,
    };
    let width = painting.width.unwrap_or(picture.width());
    let painted = DynamicImage::ImageRgba8(paint_art(&picture, width, kind, brush));
    let is_opaque = painting.face_height.is_none();
    let painted = if is_opaque {
        DynamicImage::ImageRgb8(painted.into_rgb8())
    } else {
        painted
    };
    painted
        .save(&painting.output)
        .with_context(|| format!("cannot write {}", painting.output.display()))
}

fn make_portrait(render: &Render) -> anyhow::Result<()> {
    let photo = render.subject.read_photo()?;
    let mut studio = render.machine.open_studio()?;
    let portrait = studio
        .render(&photo, &render.subject.order(), &mut |_| ())
        .with_context(|| format!("no portrait of {}", render.subject.photo.display()))?;
    fs::write(&render.output, &portrait.bytes)
        .with_context(|| format!("cannot write {}", render.output.display()))?;
    if let Some(path) = &render.report {
        fs::write(path, serde_json::to_vec_pretty(&portrait.report)?)
            .with_context(|| format!("cannot write {}", path.display()))?;
    }
    Ok(())
}

fn list_themes(folders: &Folders) -> anyhow::Result<()> {
    for theme in Catalog::load(&folders.themes_dir)?.themes() {
        let variants: Vec<&str> = theme.variants.iter().map(|v| v.id.as_str()).collect();
        println!("{}: {} ({})", theme.id, theme.tagline, variants.join(", "));
    }
    Ok(())
}
