"""The lake in the evening: the sky from violet to orange, the sun behind the mountain, violet shadows, lit lanterns."""

from __future__ import annotations

import numpy as np

from . import picture
from .picture import Array

SKY = [(0.0, (0.22, 0.17, 0.45)), (0.24, (0.47, 0.27, 0.57)), (0.44, (0.90, 0.46, 0.50)), (0.60, (1.0, 0.72, 0.42))]
SKY += [(0.66, (1.0, 0.86, 0.58)), (1.0, (1.0, 0.86, 0.58))]
CLOUD_SHADE, CLOUD_LIGHT = (0.64, 0.36, 0.56), (1.0, 0.80, 0.66)
SUN = (0.47, 0.560)
LANTERNS = ((0.324, 0.604), (0.683, 0.604))


def set_sun(image: Array) -> Array:
    """Mirrored and nearer; sky, clouds and ground by their colours."""
    image = picture.frame(image, 0.05, 0.06, 0.95, 0.96, mirror=True)
    red, green, blue = image[..., 0], image[..., 1], image[..., 2]
    height = picture.heights() + 0 * red
    above = picture.smooth(0.66, 0.62, height)
    sky = picture.smooth(0.08, 0.26, blue - red) * picture.smooth(-0.06, 0.02, blue - green) * above
    cloud = picture.smooth(0.72, 0.88, picture.luma(image)) * picture.smooth(0.16, 0.06, red - green) * above
    evening = _light_ground(image, height)
    depth = picture.luma(image) - picture.blur(picture.luma(image), 60)
    painted = picture.gradient(height, SKY) * (1 + 0.5 * np.clip(depth, -0.3, 0.3)[..., None])
    evening = picture.mix(evening, painted, np.clip(sky * 1.15, 0, 1))
    tone = picture.smooth(0.80, 0.99, picture.luma(image))[..., None]
    clouds = np.array(CLOUD_SHADE, np.float32) * (1 - tone) + np.array(CLOUD_LIGHT, np.float32) * tone
    evening = picture.mix(evening, clouds, cloud * 0.92)
    return _add_lights(evening)


def _light_ground(image: Array, height: Array) -> Array:
    """Warm light, violet shadows, darker towards the viewer."""
    bright = picture.luma(image)[..., None]
    shade = np.array([0.50, 0.36, 0.62], np.float32) * (1 - bright) + np.array([1.06, 0.78, 0.62], np.float32) * bright
    lit = image * (0.35 + 0.65 * shade)
    grass = picture.smooth(0.05, 0.25, image[..., 1] - image[..., 0])
    lit = picture.mix(lit, lit * np.array([1.25, 0.80, 0.80], np.float32), grass)
    lit = lit * (1.04 - 0.30 * picture.smooth(0.68, 1.0, height))[..., None]
    return np.clip(lit, 0, 1)


def _add_lights(image: Array) -> Array:
    """The sun has gone behind the mountain: haze over everything far away. Both lanterns are lit."""
    far = picture.distance_from(*SUN)
    image = picture.screen(image, (1.0, 0.66, 0.32), np.exp(-((far / 0.26) ** 2)) * 0.50)
    image = picture.screen(image, (1.0, 0.55, 0.35), np.exp(-((far / 0.75) ** 2)) * 0.20)
    for place in LANTERNS:
        near = picture.distance_from(*place)
        image = picture.screen(image, (1.0, 0.80, 0.42), np.exp(-((near / 0.022) ** 2)) * 0.85)
        image = picture.screen(image, (1.0, 0.66, 0.28), np.exp(-((near / 0.085) ** 2)) * 0.50)
    return image
