//! Renders photos in every variant, each portrait with its report beside it; one studio makes all of them.

use crate::artist::{Artist, Machine, Selection, Variant};
use crate::files;
use anyhow::{Context, Result, bail, ensure};
use clap::Args;
use portrait::{Format, PortraitSize, RenderError};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

#[derive(Args)]
pub struct Options {
    /// The photos; their names without the ending must differ.
    #[arg(required = true)]
    photos: Vec<PathBuf>,
    /// Folder of the portraits.
    #[arg(short, long)]
    pub output: PathBuf,
    /// Width and height of a portrait in pixels.
    #[arg(long, default_value = "600x800")]
    size: PortraitSize,
    #[command(flatten)]
    selection: Selection,
}

/// All portraits of one photo.
pub struct Sitting {
    /// The photo's file name without its ending.
    pub name: String,
    pub photo: PathBuf,
    pub portraits: Vec<Outcome>,
}

/// What became of one variant.
pub struct Outcome {
    pub variant: Variant,
    /// Where the portrait lies, or would lie.
    pub file: PathBuf,
    /// `{"report": ...}`, or `{"refused": ...}` with the reason.
    pub report: Value,
}

impl Outcome {
    pub fn refusal(&self) -> Option<&str> {
        self.report["refused"].as_str()
    }
}

/// Renders everything; a photo that is refused is a result, not an error.
pub fn render_all(machine: &Machine, options: &Options) -> Result<Vec<Sitting>> {
    ensure_names_differ(&options.photos)?;
    let mut artist = Artist::open(machine)?;
    let variants = artist.variants(&options.selection)?;
    let mut sittings = Vec::new();
    for (photo, number) in options.photos.iter().zip(1..) {
        let name = stem(photo);
        println!("{number}/{} {name}", options.photos.len());
        let bytes = fs::read(photo).with_context(|| format!("cannot read {}", photo.display()))?;
        let folder = options.output.join(&name);
        // What an earlier run left of variants that are gone would be counted and shown.
        remove_folder(&folder)?;
        let mut portraits = Vec::new();
        for variant in &variants {
            let file = folder
                .join(&variant.theme)
                .join(&variant.id)
                .with_extension("jpg");
            let report = render_one(&mut artist, &bytes, variant, options.size, &file)
                .with_context(|| format!("{name} in {}, {}", variant.theme, variant.id))?;
            let variant = variant.clone();
            portraits.push(Outcome {
                variant,
                file,
                report,
            });
        }
        let photo = photo.clone();
        sittings.push(Sitting {
            name,
            photo,
            portraits,
        });
    }
    Ok(sittings)
}

fn render_one(
    artist: &mut Artist,
    photo: &[u8],
    variant: &Variant,
    size: PortraitSize,
    file: &Path,
) -> Result<Value> {
    let report = match artist.render(photo, variant, size, Format::Jpeg) {
        Ok(portrait) => {
            files::write(&portrait.bytes, file)?;
            json!({ "report": portrait.report })
        }
        Err(RenderError::Refused(refusal)) => json!({ "refused": refusal.to_string() }),
        Err(error) => bail!(error),
    };
    files::write(
        &serde_json::to_vec_pretty(&report)?,
        &file.with_extension("json"),
    )?;
    Ok(report)
}

fn ensure_names_differ(photos: &[PathBuf]) -> Result<()> {
    let mut names = BTreeSet::new();
    for photo in photos {
        let name = stem(photo);
        ensure!(names.insert(name.clone()), "two photos are called {name}");
    }
    Ok(())
}

fn stem(photo: &Path) -> String {
    photo
        .file_stem()
        .unwrap_or_default()
        .to_string_lossy()
        .into_owned()
}

fn remove_folder(folder: &Path) -> Result<()> {
    match fs::remove_dir_all(folder) {
        Err(error) if error.kind() != ErrorKind::NotFound => {
            Err(error).with_context(|| format!("cannot remove {}", folder.display()))
        }
        _ => Ok(()),
    }
}
