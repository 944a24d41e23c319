"""The cave in ice: pale blue and turquoise, mist over the water, frost on the rock."""

from __future__ import annotations

import numpy as np

from . import picture
from .picture import Array

DEEP, BLUE, ICE, WHITE = (0.010, 0.045, 0.085), (0.05, 0.30, 0.46), (0.46, 0.83, 0.92), (0.93, 0.99, 1.0)


def freeze(image: Array) -> Array:
    """Mirrored and nearer; colours by brightness, with a trace of the violet left."""
    image = picture.frame(image, 0.06, 0.10, 0.94, 0.98, mirror=True)
    bright = picture.luma(image)
    lifted = np.clip(bright * 0.96 + 0.04 * picture.smooth(0.0, 0.25, bright), 0, 1)
    ice = picture.gradient(lifted, [(0, DEEP), (0.24, BLUE), (0.72, ICE), (1, WHITE)])
    violet = picture.smooth(0.06, 0.30, image[..., 0] - image[..., 1])
    frozen = picture.mix(ice, picture.saturate(image, 0.9), 0.20 + 0.25 * violet)
    green = picture.smooth(0.04, 0.20, image[..., 1] - image[..., 2])
    frozen = picture.mix(frozen, (0.55, 0.92, 0.88), green * bright * 0.8)
    frozen = _frost(frozen, bright)
    height = picture.heights() + 0 * bright
    mist = np.exp(-(((height - 0.66) / 0.075) ** 2)) * 0.42 + picture.smooth(0.72, 1.0, height) * 0.10
    frozen = picture.screen(frozen, (0.50, 0.78, 0.88), mist)
    glow = picture.blur(np.clip(frozen - 0.80, 0, 1), 30)
    frozen = np.clip(frozen + glow * 0.5, 0, 1)
    return picture.curve(frozen, 0.22)


def _frost(image: Array, bright: Array) -> Array:
    """Brightens fine structure on the dark rock, most near the upper edge."""
    detail = bright - picture.blur(bright, 9)
    rock = picture.smooth(0.30, 0.08, bright)
    frost = np.clip(detail * 14, 0, 1) * rock * (0.75 - 0.35 * picture.heights())
    return picture.screen(image, (0.45, 0.72, 0.82), frost)
