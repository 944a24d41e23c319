//! What a theme's values may be: a mistake in a theme is found at start, not in a guest's portrait.

use super::catalog::{ThemeFile, VariantFile};
use super::recipe::{
    AnimatedFace, CelBrush, CostumeRecipe, Cover, Face, Grade, Lamp, Layout, Light, Look, OilBrush,
    Paint, PaintKind, PaintedFace, Reshape, Stencil, StyleBrush,
};
use crate::models::STYLES;
use anyhow::{Context, ensure};
use std::collections::BTreeSet;
use std::path::{Component, Path};

/// More than this turns every colour into a primary one.
const MAX_SATURATION: f32 = 4.0;
/// Larger warps make a face somebody else's.
const MAX_JAW: f32 = 0.15;
const RESHAPED_BY: [f32; 2] = [-0.4, 0.8];

/// Checks every value of a theme.
///
/// # Errors
/// Which variant or costume, which value, what it is and what it may be.
pub(super) fn check_file(file: &ThemeFile) -> anyhow::Result<()> {
    for (name, costume) in &file.costumes {
        check_costume(name, costume).with_context(|| format!("costume {name:?}"))?;
    }
    check_layout(&file.layout)?;
    check_paint(&file.paint)?;
    ensure!(!file.variants.is_empty(), "lists no variant");
    let mut ids = BTreeSet::new();
    for variant in &file.variants {
        check_variant(variant).with_context(|| format!("variant {:?}", variant.id))?;
        ensure!(
            ids.insert(&variant.id),
            "two variants have the id {:?}",
            variant.id
        );
    }
    Ok(())
}

fn check_variant(variant: &VariantFile) -> anyhow::Result<()> {
    check_id(&variant.id)?;
    check_inside("a backdrop", &variant.backdrop)?;
    if let Some(prop) = &variant.wears.prop {
        check_inside("a prop", &prop.folder)?;
        check("wears.prop.scale", prop.scale, 0.5, 2.0)?;
        check("wears.prop.lift", prop.lift, -0.5, 0.5)?;
    }
    check_light(&variant.light)?;
    check_face(&variant.face)?;
    check_grade(&variant.grade)?;
    check("bar.skin_hue", variant.bar.skin_hue, 0.0, 180.0)?;
    check("bar.skin_lightness", variant.bar.skin_lightness, 0.0, 100.0)?;
    check("bar.shape", variant.bar.shape, 0.0, 1.0)?;
    check("bar.edge", variant.bar.edge, 0.0, 1.0)
}

fn check_id(id: &str) -> anyhow::Result<()> {
    let is_plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    ensure!(
        !id.is_empty() && id.chars().all(is_plain),
        "an id is made of lower-case letters, digits and hyphens"
    );
    Ok(())
}

fn check_inside(what: &str, path: &Path) -> anyhow::Result<()> {
    let mut parts = path.components();
    ensure!(
        parts.all(|part| matches!(part, Component::Normal(_))),
        "{what} lies inside the theme's folder, not at {}",
        path.display()
    );
    Ok(())
}

fn check_costume(name: &str, costume: &CostumeRecipe) -> anyhow::Result<()> {
    check_id(name)?;
    check("head_scale", costume.head_scale, 0.5, 2.0)?;
    check("chin_drop", costume.chin_drop, -0.3, 0.3)?;
    check("neck_flare", costume.neck_flare, 0.0, 1.0)?;
    check("neck_flare_start", costume.neck_flare_start, 0.0, 0.6)
}

fn check_layout(layout: &Layout) -> anyhow::Result<()> {
    check_shares(&[
        ("layout.bust_face_y", layout.bust_face_y),
        ("layout.face_height", layout.face_height),
        ("layout.face_height_max", layout.face_height_max),
        ("layout.face_y", layout.face_y),
        ("layout.group_width", layout.group_width),
        ("layout.ground_y", layout.ground_y),
    ])?;
    check(
        "layout.bust_face_height",
        layout.bust_face_height,
        0.05,
        0.5,
    )?;
    check("layout.row_distance", layout.row_distance, 0.5, 3.0)?;
    check(
        "layout.face_height",
        layout.face_height,
        0.02,
        layout.face_height_max,
    )?;
    check("layout.group_width", layout.group_width, 0.2, 1.0)?;
    check("layout.ground_y", layout.ground_y, 0.5, 1.0)
}

fn check_light(light: &Light) -> anyhow::Result<()> {
    check_shares(&[
        ("light.ambient_strength", light.ambient_strength),
        ("light.colour_strength", light.colour_strength),
        ("light.white_balance", light.white_balance),
        ("light.costume_shadow", light.costume_shadow),
        ("light.exposure", light.exposure),
        ("light.exposure_strength", light.exposure_strength),
        ("light.wrap_strength", light.wrap_strength),
        ("light.shadow_strength", light.shadow_strength),
    ])?;
    check("light.skin_lightness", light.skin_lightness, 0.0, 100.0)?;
    light.lamps.iter().try_for_each(check_lamp)
}

fn check_lamp(lamp: &Lamp) -> anyhow::Result<()> {
    check_shares(&[("lamp.strength", lamp.strength), ("lamp.rim", lamp.rim)])?;
    check_direction("lamp.direction", lamp.direction)
}

fn check_direction(name: &str, direction: [f32; 3]) -> anyhow::Result<()> {
    let length = direction.iter().map(|value| value * value).sum::<f32>();
    ensure!(
        length.is_finite() && length > 0.0,
        "{name} is {direction:?}, which points nowhere"
    );
    Ok(())
}

fn check_face(face: &Face) -> anyhow::Result<()> {
    let Reshape {
        jaw,
        eyes,
        nose,
        mouth,
    } = face.reshape;
    check("face.reshape.jaw", jaw, -MAX_JAW, MAX_JAW)?;
    let [low, high] = RESHAPED_BY;
    for (name, by) in [("eyes", eyes), ("nose", nose), ("mouth", mouth)] {
        for value in by {
            check(&format!("face.reshape.{name}"), value, low, high)?;
        }
    }
    check("face.skin_change", face.skin_change, 0.0, 1.0)?;
    match &face.look {
        Look::Painted(face) => check_painted(face),
        Look::Animated(face) => check_animated(face),
    }
}

fn check_painted(face: &PaintedFace) -> anyhow::Result<()> {
    check_shares(&[
        ("face.look.smoothing", face.smoothing),
        ("face.look.shine", face.shine),
        ("face.look.eyes.strength", face.eyes.strength),
        ("face.look.eyes.glow", face.eyes.glow),
        ("face.look.hair.tint", face.hair.tint),
        ("face.look.hair.sheen", face.hair.sheen),
    ])?;
    face.stencils.iter().try_for_each(check_stencil)
}

fn check_stencil(stencil: &Stencil) -> anyhow::Result<()> {
    let name = stencil.file.display();
    check_inside("a stencil", &stencil.file)?;
    check(&format!("opacity of {name}"), stencil.opacity, 0.0, 1.0)?;
    ensure!(
        stencil.height.is_some() == (stencil.kind == PaintKind::Leaf),
        "the stencil {name} has a height and is no leaf, or the other way round"
    );
    stencil
        .height
        .as_deref()
        .map_or(Ok(()), |height| check_inside("a stencil", height))
}

fn check_animated(face: &AnimatedFace) -> anyhow::Result<()> {
    let [low, high] = RESHAPED_BY;
    face.eyes
        .into_iter()
        .try_for_each(|value| check("face.look.eyes", value, low, high))
}

fn check_paint(paint: &Paint) -> anyhow::Result<()> {
    match paint {
        Paint::Oil(brush) => check_oil(brush),
        Paint::Styles(brush) => check_styles(brush),
        Paint::Cel(brush) => check_cel(brush),
    }
}

fn check_oil(brush: &OilBrush) -> anyhow::Result<()> {
    check("paint.radius", brush.radius, 0.0, 16.0)?;
    check("paint.face_radius", brush.face_radius, 0.0, 16.0)?;
    check("paint.feature_radius", brush.feature_radius, 0.0, 16.0)?;
    check_shares(&[
        ("paint.bristles", brush.bristles),
        ("paint.detail", brush.detail),
        ("paint.lines", brush.lines),
    ])
}

fn check_cover(cover: &Cover) -> anyhow::Result<()> {
    check_shares(&[
        ("paint.cover.world", cover.world),
        ("paint.cover.people", cover.people),
        ("paint.cover.faces", cover.faces),
        ("paint.cover.keep_luma", cover.keep_luma),
    ])
}

fn check_styles(brush: &StyleBrush) -> anyhow::Result<()> {
    check_cover(&brush.cover)?;
    check_shares(&[
        ("paint.detail", brush.detail),
        ("paint.colour", brush.colour),
    ])?;
    for (number, &share) in &brush.styles {
        ensure!(
            number.parse().is_ok_and(|number: usize| number < STYLES),
            "paint.styles has no style {number:?}: they are numbered 0 to {}",
            STYLES - 1
        );
        check(&format!("paint.styles.{number}"), share, 0.0, 1.0)?;
    }
    ensure!(
        brush.styles.values().sum::<f32>() > 0.0,
        "paint.styles has no share above 0"
    );
    Ok(())
}

fn check_cel(brush: &CelBrush) -> anyhow::Result<()> {
    check_cover(&brush.cover)?;
    check_shares(&[
        ("paint.tone_hardness", brush.tone_hardness),
        ("paint.ink_strength", brush.ink_strength),
    ])?;
    check("paint.face_pixels", brush.face_pixels, 16.0, 128.0)?;
    check("paint.tones", brush.tones as f32, 2.0, 16.0)?;
    check("paint.saturation", brush.saturation, 0.0, MAX_SATURATION)
}

fn check_grade(grade: &Grade) -> anyhow::Result<()> {
    check_shares(&[
        ("grade.contrast", grade.contrast),
        ("grade.tint_strength", grade.tint_strength),
        ("grade.bloom", grade.bloom),
        ("grade.vignette", grade.vignette),
        ("grade.grain", grade.grain),
    ])?;
    check("grade.saturation", grade.saturation, 0.0, MAX_SATURATION)
}

fn check_shares(values: &[(&str, f32)]) -> anyhow::Result<()> {
    values
        .iter()
        .try_for_each(|&(name, value)| check(name, value, 0.0, 1.0))
}

fn check(name: &str, value: f32, low: f32, high: f32) -> anyhow::Result<()> {
    ensure!(
        (low..=high).contains(&value),
        "{name} is {value}, not between {low} and {high}"
    );
    Ok(())
}
