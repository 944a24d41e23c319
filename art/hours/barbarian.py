"""The mountain hall at dawn: the storm is over, a rose and golden sky behind the peak, snow in the first light."""

from __future__ import annotations

import numpy as np

from . import picture
from .picture import Array

SKY = [(0.0, (0.36, 0.44, 0.66)), (0.20, (0.60, 0.58, 0.76)), (0.34, (0.98, 0.70, 0.66)), (0.50, (1.0, 0.78, 0.64))]
SKY += [(1.0, (1.0, 0.80, 0.70))]


def break_dawn(image: Array) -> Array:
    """Mirrored and nearer; without lightning and flakes, lit from behind the mountain."""
    image = picture.frame(image, 0.08, 0.03, 0.92, 0.87, mirror=True)
    height = picture.heights() + 0 * image[..., 0]
    upper = picture.smooth(0.665, 0.64, height)
    image = _calm_sky(image, picture.smooth(0.42, 0.38, height))
    cold = picture.smooth(-0.02, 0.05, image[..., 2] - image[..., 0])
    lifted = np.clip(image, 0, 1) ** 0.62
    bright = picture.luma(lifted)
    open_air = picture.blur(cold * upper, 3) * picture.smooth(0.10, 0.30, bright)
    sky = picture.gradient(height, SKY) * (0.42 + 1.05 * bright)[..., None]
    dawn = picture.mix(_light_stone(lifted, bright), np.clip(sky, 0, 1), open_air * 0.88)
    far = picture.distance_from(0.5, 0.46)
    dawn = picture.screen(dawn, (1.0, 0.74, 0.52), np.exp(-((far / 0.42) ** 2)) * 0.42)
    dawn = picture.screen(dawn, (1.0, 0.80, 0.70), np.exp(-(((height - 0.60) / 0.10) ** 2)) * 0.16)
    return picture.curve(np.clip(dawn, 0, 1), 0.34)


def _calm_sky(image: Array, above_arch: Array) -> Array:
    """Takes lightning and flakes out of the cold air between the pillars, above the arch."""
    calm = picture.remove_small(image, 120)
    between = picture.smooth(0.285, 0.265, np.abs(np.linspace(-0.5, 0.5, picture.SIZE[0]))[None, :])
    sparks = picture.smooth(0.02, 0.07, picture.luma(image) - picture.luma(calm))
    sparks = sparks * picture.smooth(0.0, 0.03, calm[..., 2] - calm[..., 0]) * between * above_arch
    return picture.mix(image, calm, np.clip(picture.blur(sparks, 8) * 5, 0, 1))


def _light_stone(image: Array, bright: Array) -> Array:
    """Less of the fires' orange, lilac shadows, rose light."""
    calmer = picture.saturate(image, 0.72)
    tone = picture.smooth(0.15, 0.75, bright)[..., None]
    light = np.array([0.80, 0.82, 1.05], np.float32) * (1 - tone) + np.array([1.08, 0.98, 0.94], np.float32) * tone
    return np.clip(calmer * light, 0, 1)
