//! Reads the themes folder and finds themes and variants in it.

use super::check::check_variants;
use super::recipe::{Grade, Layout, Light, Paint};
use crate::RenderError;
use anyhow::{Context, ensure};
use serde::Deserialize;
use std::fs;
use std::path::{Path, PathBuf};

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

/// A theme in one place, hour and weather, with the recipe of its portraits.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Variant {
    pub id: String,
    pub name: String,
    pub description: String,
    /// The world's picture, 3:4. Relative in the file, absolute once read.
    pub backdrop: PathBuf,
    /// An example portrait of 600 x 800 pixels; `thumbnails/<id>.jpg`.
    #[serde(skip)]
    pub thumbnail: PathBuf,
    pub(crate) layout: Layout,
    pub(crate) light: Light,
    pub(crate) paint: Paint,
    pub(crate) grade: Grade,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ThemeFile {
    /// Where the theme stands in the gallery; lower comes first.
    order: u32,
    name: String,
    tagline: String,
    description: String,
    pub(crate) variants: Vec<Variant>,
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
    check_variants(&file.variants)?;
    Ok(file)
}

fn ensure_backdrop(variant: &Variant) -> anyhow::Result<()> {
    ensure!(
        variant.backdrop.is_file(),
        "a backdrop is not there: {}",
        variant.backdrop.display()
    );
    Ok(())
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
    let mut variants = file.variants;
    for variant in &mut variants {
        variant.backdrop = folder.join(&variant.backdrop);
        ensure_backdrop(variant)
            .with_context(|| format!("variant {:?}", variant.id))
            .with_context(|| format!("{} is malformed", path.display()))?;
        variant.thumbnail = folder
            .join("thumbnails")
            .join(format!("{}.jpg", variant.id));
    }
    let theme = Theme {
        id,
        name: file.name,
        tagline: file.tagline,
        description: file.description,
        variants,
    };
    Ok((file.order, theme))
}
