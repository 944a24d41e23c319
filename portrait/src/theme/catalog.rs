//! Reads the themes folder and finds themes and variants in it.

use super::backdrop::Backdrop;
use super::check::check_file;
use super::recipe::{Bar, CostumeRecipe, Face, Grade, Layout, Light, Look, Paint, Stencil};
use super::wardrobe::{Costumes, Wardrobe, WardrobeNames, open_costumes};
use crate::{Raster, RenderError};
use anyhow::{Context, ensure};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Every theme of a folder, in the order of the gallery.
#[derive(Clone, Debug)]
pub struct Catalog {
    themes: Vec<Theme>,
}

/// A world to step into.
#[derive(Clone, Debug)]
pub struct Theme {
    /// The name of its folder.
    pub id: String,
    pub name: String,
    pub tagline: String,
    pub description: String,
    /// At least one; the first is the default.
    pub variants: Vec<Variant>,
}

/// A theme in one place, hour and costume, with the recipe of its portraits.
#[derive(Clone, Debug)]
pub struct Variant {
    pub id: String,
    pub name: String,
    pub description: String,
    /// An example portrait of 600 x 800 pixels; `thumbnails/<id>.jpg`.
    pub thumbnail: PathBuf,
    pub(crate) backdrop: Arc<Backdrop>,
    pub(crate) wardrobe: Wardrobe,
    pub(crate) layout: Layout,
    pub(crate) light: Light,
    pub(crate) face: Face,
    pub(crate) paint: Paint,
    pub(crate) grade: Grade,
    pub(crate) bar: Bar,
}

/// A variant as theme.toml has it; paths are relative to the theme's folder.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct VariantFile {
    pub id: String,
    pub name: String,
    pub description: String,
    pub backdrop: PathBuf,
    pub wears: WardrobeNames,
    pub light: Light,
    pub face: Face,
    pub grade: Grade,
    #[serde(default)]
    pub bar: Bar,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ThemeFile {
    /// Where the theme stands in the gallery; lower comes first.
    order: u32,
    name: String,
    tagline: String,
    description: String,
    /// By the name of their folder in `costumes/`.
    pub(crate) costumes: BTreeMap<String, CostumeRecipe>,
    /// Every variant's.
    pub(crate) layout: Layout,
    pub(crate) paint: Paint,
    pub(crate) variants: Vec<VariantFile>,
}

impl Variant {
    /// The same world with less of everything done to faces.
    pub(crate) fn milder(&self) -> Self {
        Self {
            face: self.face.milder(),
            ..self.clone()
        }
    }
}

impl Catalog {
    /// Reads `<folder>/<id>/theme.toml` of every theme.
    ///
    /// # Errors
    /// When the folder holds no theme, or a theme is malformed: the text names the file and what is wrong.
    pub fn load(folder: &Path) -> anyhow::Result<Self> {
        let mut ordered = Vec::new();
        for theme_folder in theme_folders(folder)? {
            ordered.push(read_theme(&theme_folder)?);
        }
        ordered.sort_by(|(a, theme_a), (b, theme_b)| (a, &theme_a.id).cmp(&(b, &theme_b.id)));
        let themes = ordered.into_iter().map(|(_, theme)| theme).collect();
        Ok(Self { themes })
    }

    /// The themes, in the order of the gallery.
    pub fn themes(&self) -> &[Theme] {
        &self.themes
    }

    pub fn theme(&self, id: &str) -> Option<&Theme> {
        self.themes.iter().find(|theme| theme.id == id)
    }

    /// The variant asked for, or the theme's first.
    ///
    /// # Errors
    /// [`RenderError::UnknownTheme`] and [`RenderError::UnknownVariant`].
    pub fn variant(&self, theme: &str, variant: Option<&str>) -> Result<&Variant, RenderError> {
        let found = self
            .theme(theme)
            .ok_or_else(|| RenderError::UnknownTheme(theme.to_owned()))?;
        match variant {
            None => Ok(&found.variants[0]),
            Some(id) => found
                .variants
                .iter()
                .find(|candidate| candidate.id == id)
                .ok_or_else(|| RenderError::UnknownVariant {
                    theme: theme.to_owned(),
                    variant: id.to_owned(),
                }),
        }
    }
}

/// The folders that hold a theme: one at least.
pub(super) fn theme_folders(folder: &Path) -> anyhow::Result<Vec<PathBuf>> {
    let entries = fs::read_dir(folder)
        .with_context(|| format!("cannot read the themes folder {}", folder.display()))?;
    let mut folders = Vec::new();
    for entry in entries {
        let theme_folder = entry?.path();
        if theme_folder.join("theme.toml").is_file() {
            folders.push(theme_folder);
        }
    }
    ensure!(
        !folders.is_empty(),
        "no theme.toml in any folder of {}",
        folder.display()
    );
    Ok(folders)
}

/// Reads the text of a theme.toml and checks every value.
pub(crate) fn parse(text: &str) -> anyhow::Result<ThemeFile> {
    let file: ThemeFile = toml::from_str(text)?;
    check_file(&file)?;
    Ok(file)
}

pub(super) fn read_theme(folder: &Path) -> anyhow::Result<(u32, Theme)> {
    let path = folder.join("theme.toml");
    let text =
        fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
    let file = parse(&text).with_context(|| format!("{} is malformed", path.display()))?;
    let id = folder
        .file_name()
        .and_then(|name| name.to_str())
        .with_context(|| format!("{} has no readable name", folder.display()))?
        .to_owned();
    let costumes = open_costumes(folder, file.costumes)
        .with_context(|| format!("{} is malformed", path.display()))?;
    let variants = file.variants.into_iter().map(|variant| {
        let id = variant.id.clone();
        open_variant(variant, &file.layout, &file.paint, &costumes, folder)
            .with_context(|| format!("variant {id:?}"))
            .with_context(|| format!("{} is malformed", path.display()))
    });
    let theme = Theme {
        id,
        variants: variants.collect::<anyhow::Result<_>>()?,
        name: file.name,
        tagline: file.tagline,
        description: file.description,
    };
    Ok((file.order, theme))
}

/// Finds everything that a variant names.
fn open_variant(
    mut file: VariantFile,
    layout: &Layout,
    paint: &Paint,
    costumes: &Costumes,
    folder: &Path,
) -> anyhow::Result<Variant> {
    let backdrop = Arc::new(Backdrop::at(folder.join(&file.backdrop))?);
    if let Look::Painted(face) = &mut file.face.look {
        for stencil in &mut face.stencils {
            load_stencil(stencil, folder)?;
        }
    }
    Ok(Variant {
        wardrobe: Wardrobe::gather(&file.wears, costumes, folder)?,
        thumbnail: folder.join("thumbnails").join(format!("{}.jpg", file.id)),
        backdrop,
        id: file.id,
        name: file.name,
        description: file.description,
        layout: layout.clone(),
        light: file.light,
        face: file.face,
        paint: paint.clone(),
        grade: file.grade,
        bar: file.bar,
    })
}

fn load_stencil(stencil: &mut Stencil, folder: &Path) -> anyhow::Result<()> {
    stencil.coverage = read_grey(&folder.join(&stencil.file))?;
    if let Some(height) = &stencil.height {
        stencil.relief = read_grey(&folder.join(height))?;
    }
    Ok(())
}

/// A square greyscale picture of moderate size.
fn read_grey(path: &Path) -> anyhow::Result<Raster<u8>> {
    /// Stencils as large as this show every pore.
    const MOST: u32 = 4096;
    let cannot_read = || format!("cannot read the stencil {}", path.display());
    let (width, height) = image::image_dimensions(path).with_context(cannot_read)?;
    ensure!(
        width == height && width <= MOST,
        "the stencil {} is {width} x {height}, not a square of {MOST} at most",
        path.display()
    );
    let picture = image::open(path).with_context(cannot_read)?.into_luma8();
    Ok(Raster::from_pixels(
        width as usize,
        height as usize,
        picture.into_raw(),
    ))
}
