//! What a variant's values may be: a mistake in a theme is found at start, not in a guest's portrait.

use super::Variant;
use super::recipe::{Brush, CelBrush, Grade, Lamp, Layout, Light, Paint, StyleBrush};
use crate::models::STYLES;
use anyhow::{Context, ensure};
use std::collections::BTreeSet;
use std::path::Component;

/// More than this turns every colour into a primary one.
const MAX_SATURATION: f32 = 4.0;

/// Checks every variant of a theme.
///
/// # Errors
/// Which variant, which value, what it is and what it may be.
pub(super) fn check_variants(variants: &[Variant]) -> anyhow::Result<()> {
    ensure!(!variants.is_empty(), "lists no variant");
    let mut ids = BTreeSet::new();
    for variant in variants {
        check_variant(variant).with_context(|| format!("variant {:?}", variant.id))?;
        ensure!(
            ids.insert(&variant.id),
            "two variants have the id {:?}",
            variant.id
        );
    }
    Ok(())
}

fn check_variant(variant: &Variant) -> anyhow::Result<()> {
    let is_plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    ensure!(
        !variant.id.is_empty() && variant.id.chars().all(is_plain),
        "an id is made of lower-case letters, digits and hyphens"
    );
    let mut parts = variant.backdrop.components();
    ensure!(
        parts.all(|part| matches!(part, Component::Normal(_))),
        "a backdrop lies inside the theme's folder, not at {}",
        variant.backdrop.display()
    );
    check_layout(&variant.layout)?;
    check_light(&variant.light)?;
    check_paint(&variant.paint)?;
    check_grade(&variant.grade)
}

fn check_layout(layout: &Layout) -> anyhow::Result<()> {
    check_shares(&[
        ("layout.face_height", layout.face_height),
        ("layout.face_height_max", layout.face_height_max),
        ("layout.face_y", layout.face_y),
        ("layout.group_width", layout.group_width),
        ("layout.ground_y", layout.ground_y),
    ])?;
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
        ("light.exposure", light.exposure),
        ("light.exposure_strength", light.exposure_strength),
        ("light.wrap_strength", light.wrap_strength),
        ("light.shadow_strength", light.shadow_strength),
    ])?;
    light.lamps.iter().try_for_each(check_lamp)
}

fn check_lamp(lamp: &Lamp) -> anyhow::Result<()> {
    check_shares(&[("lamp.strength", lamp.strength), ("lamp.rim", lamp.rim)])?;
    let length = lamp
        .direction
        .iter()
        .map(|value| value * value)
        .sum::<f32>();
    ensure!(
        length.is_finite() && length > 0.0,
        "lamp.direction is {:?}, which points nowhere",
        lamp.direction
    );
    Ok(())
}

fn check_paint(paint: &Paint) -> anyhow::Result<()> {
    check_shares(&[
        ("paint.world", paint.world),
        ("paint.people", paint.people),
        ("paint.faces", paint.faces),
        ("paint.keep_luma", paint.keep_luma),
        ("paint.colour", paint.colour),
        ("paint.detail", paint.detail),
    ])?;
    match &paint.brush {
        Brush::Styles(brush) => check_styles(brush),
        Brush::Cel(brush) => check_cel(brush),
    }
}

fn check_styles(brush: &StyleBrush) -> anyhow::Result<()> {
    for (number, &share) in &brush.styles {
        ensure!(
            number.parse().is_ok_and(|number: usize| number < STYLES),
            "paint.brush.styles has no style {number:?}: they are numbered 0 to {}",
            STYLES - 1
        );
        check(&format!("paint.brush.styles.{number}"), share, 0.0, 1.0)?;
    }
    ensure!(
        brush.styles.values().sum::<f32>() > 0.0,
        "paint.brush.styles has no share above 0"
    );
    Ok(())
}

fn check_cel(brush: &CelBrush) -> anyhow::Result<()> {
    check_shares(&[
        ("paint.brush.tone_hardness", brush.tone_hardness),
        ("paint.brush.ink_strength", brush.ink_strength),
    ])?;
    check("paint.brush.face_pixels", brush.face_pixels, 16.0, 128.0)?;
    check("paint.brush.tones", brush.tones as f32, 2.0, 16.0)?;
    check(
        "paint.brush.saturation",
        brush.saturation,
        0.0,
        MAX_SATURATION,
    )
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
