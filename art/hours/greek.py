"""The terrace at noon: a blue sky and sea, white marble, short cool shadows. Seen as it was rendered, not mirrored."""

from __future__ import annotations

import numpy as np
from PIL import Image, ImageDraw

from . import picture
from .picture import Array

# Outlines in pixels of a picture 900 wide and 1200 high: the open air between the colonnades, and between the columns.
OUTLINE_SIZE = (900, 1200)
OPEN_AIR = [(170, 0), (235, 130), (285, 215), (333, 398), (336, 412), (320, 440), (320, 492), (304, 500), (304, 707)]
OPEN_AIR += [(594, 707), (596, 500), (582, 488), (584, 440), (567, 412), (590, 360), (650, 250), (705, 150), (748, 0)]
BETWEEN = ([(108, 340), (143, 395), (143, 792), (108, 792)], [(756, 392), (791, 372), (791, 792), (756, 792)])
# The hill in front of the setting sun, where it is too bright to be told from the sky.
BRIGHT_HILL = [(318, 610), (380, 622), (430, 640), (470, 660), (470, 678), (318, 678)]
# The low sun's path on sea and floor; the other half of the picture has the same floor without it.
SUN_PATH = [(300, 672), (450, 672), (450, 1200), (215, 1200), (250, 960), (262, 760)]
HORIZON, SEA_END = 0.565, 0.590
SKY = [(0.0, (0.10, 0.36, 0.74)), (0.25, (0.28, 0.56, 0.87)), (0.45, (0.58, 0.79, 0.95)), (0.56, (0.82, 0.92, 0.97))]
SEA = [(0.562, (0.20, 0.60, 0.74)), (0.590, (0.05, 0.42, 0.64))]
HILLS = ((0.34, 0.46, 0.60), (0.62, 0.74, 0.84))
EVENING_LIGHT = np.array([1.0, 0.800, 0.610], np.float32)


def raise_sun(image: Array) -> Array:
    """Takes the evening's colour out of the stone, then paints the open air anew."""
    path = picture.blur(_outline([SUN_PATH]), 22)
    image = picture.mix(image, image[:, ::-1], path * (np.linspace(0, 1, picture.SIZE[0])[None, :] < 0.5))
    stone = _whiten(image)
    bright, height = picture.luma(image), picture.heights() + 0 * image[..., 0]
    air = _outline([OPEN_AIR, *BETWEEN]) * _not_plants(image)
    hills = air * picture.smooth(0.482, 0.492, height) * picture.smooth(0.60, 0.50, bright) * (height < HORIZON)
    hills = np.maximum(hills, air * _outline([BRIGHT_HILL]) * (height < HORIZON))
    sea = air * (height >= HORIZON)
    clouds = picture.smooth(0.02, 0.30, image[..., 0] - image[..., 2]) * picture.smooth(0.36, 0.10, height) * 0.55
    sky = picture.mix(picture.gradient(height, SKY), (0.97, 0.98, 1.0), clouds)
    noon = picture.mix(stone, sky, air)
    tone = picture.smooth(0.25, 0.62, np.minimum(bright, 0.46))[..., None]
    noon = picture.mix(noon, np.array(HILLS[0], np.float32) * (1 - tone) + np.array(HILLS[1], np.float32) * tone, hills)
    noon = picture.mix(noon, picture.gradient(height, SEA), sea)
    noon = picture.screen(noon, (0.75, 0.88, 1.0), np.exp(-(((height - HORIZON) / 0.05) ** 2)) * air * 0.22)
    return picture.curve(noon, 0.20)


def _outline(polygons: list[list[tuple[int, int]]]) -> Array:
    """1 inside, with soft edges."""
    scale = picture.SIZE[0] / OUTLINE_SIZE[0]
    mask = Image.new("L", picture.SIZE, 0)
    for polygon in polygons:
        ImageDraw.Draw(mask).polygon([(x * scale, y * scale) for x, y in polygon], fill=255)
    return picture.blur(np.asarray(mask, np.float32) / 255, 1.5)


def _not_plants(image: Array) -> Array:
    """0 on red flowers, dark leaves and cypresses."""
    red = picture.smooth(0.36, 0.24, image[..., 0] - image[..., 1])
    dark = picture.smooth(0.16, 0.30, picture.luma(image))
    return picture.blur(red * dark, 1.0)


def _whiten(image: Array) -> Array:
    """Neutral light, cool shadows, and no bright path of the low sun on the floor."""
    flowers = picture.smooth(0.22, 0.40, image[..., 0] - image[..., 1])
    neutral = np.clip(image / EVENING_LIGHT, 0, 1.15)
    bright = picture.luma(neutral)
    floor = picture.smooth(0.60, 0.66, picture.heights()) + 0 * bright
    broad = picture.blur(np.clip(bright, 0, 1), 60)
    even = np.clip(neutral * (0.66 / np.maximum(broad, 0.25))[..., None] ** 0.75, 0, 1)
    neutral = picture.mix(neutral, even, floor * 0.85)
    neutral = np.clip(picture.saturate(np.clip(neutral, 0, 1), 0.62), 0, 1) ** 0.80
    bright = picture.luma(neutral)[..., None]
    tint = np.array([0.86, 0.95, 1.10], np.float32) * (1 - bright) + np.array([1.04, 1.02, 0.98], np.float32) * bright
    neutral = np.clip(neutral * tint, 0, 1)
    return picture.mix(neutral, np.clip(picture.saturate(image, 1.05), 0, 1) ** 0.85, flowers * 0.8)
