//! What the guests of a variant wear: its costume, another one for heads that fit no hood, and a head prop.

use super::layers::LayerFolder;
use super::recipe::{CostumeRecipe, PropRecipe};
use anyhow::Context;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

/// A bust with how heads sit on it.
#[derive(Debug)]
pub(crate) struct Costume {
    pub folder: LayerFolder,
    pub recipe: CostumeRecipe,
}

/// A circlet or wreath with how it sits on heads.
#[derive(Debug)]
pub(crate) struct Prop {
    pub folder: LayerFolder,
    pub recipe: PropRecipe,
}

/// Names of costumes and the prop, as a variant gives them.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct WardrobeNames {
    pub costume: String,
    /// Worn where hair or a hat does not fit the costume's hood.
    pub hoodless: Option<String>,
    /// Worn with costumes without a hood, on bare brows.
    pub prop: Option<PropRecipe>,
}

/// The things themselves.
#[derive(Clone, Debug)]
pub(crate) struct Wardrobe {
    pub full: Arc<Costume>,
    pub hoodless: Option<Arc<Costume>>,
    pub prop: Option<Arc<Prop>>,
}

/// Every costume of a theme, by its name, which is that of its folder.
pub(super) type Costumes = BTreeMap<String, Arc<Costume>>;

/// Opens the costumes that a theme lists.
///
/// # Errors
/// Which one, and what is wrong with it.
pub(super) fn open_costumes(
    theme_folder: &Path,
    recipes: BTreeMap<String, CostumeRecipe>,
) -> anyhow::Result<Costumes> {
    recipes
        .into_iter()
        .map(|(name, recipe)| {
            let folder =
                LayerFolder::open(&theme_folder.join("costumes").join(&name), "costume.json")
                    .with_context(|| format!("costume {name:?}"))?;
            Ok((name, Arc::new(Costume { folder, recipe })))
        })
        .collect()
}

impl Wardrobe {
    /// Finds what a variant names.
    ///
    /// # Errors
    /// When the theme has no such costume, or the prop's folder is malformed.
    pub(super) fn gather(
        names: &WardrobeNames,
        costumes: &Costumes,
        theme_folder: &Path,
    ) -> anyhow::Result<Self> {
        let find = |name: &str| {
            costumes
                .get(name)
                .cloned()
                .with_context(|| format!("wears {name:?}, which [costumes] does not list"))
        };
        let prop = match &names.prop {
            Some(recipe) => {
                let folder = LayerFolder::open(&theme_folder.join(&recipe.folder), "prop.json")
                    .with_context(|| format!("prop {}", recipe.folder.display()))?;
                Some(Arc::new(Prop {
                    folder,
                    recipe: recipe.clone(),
                }))
            }
            None => None,
        };
        Ok(Self {
            full: find(&names.costume)?,
            hoodless: names.hoodless.as_deref().map(find).transpose()?,
            prop,
        })
    }
}
