"""Barbarian: a ruined hall high in the mountains, braziers burning in falling snow, a storm behind the broken arch."""

from __future__ import annotations

import random

import numpy as np

from scenery import light, scene

from . import arms, fire, masonry, mountains, sky, weather
from .materials import Materials

LOOK = scene.Look(samples=96, contrast="AgX - High Contrast")
SEED = 11
STORM = (0.62, 0.78, 1.0)


def build() -> None:
    """Builds the world, from the sky to the camera."""
    dice, rng = random.Random(SEED), np.random.default_rng(SEED)
    sky.paint()
    materials = Materials()
    masonry.build(materials, dice)
    fire.build(materials, dice)
    arms.build(materials)
    mountains.build(materials, dice, rng)
    weather.build(rng)
    _light()
    scene.place_camera((0, -4.9, 1.60), (0, 6, 2.40), lens_mm=30, focus_m=6.6, f_stop=2.0)
    scene.add_bloom(0.28, 0.6, 1.0)


def _light() -> None:
    """Cold light through the arch and from the sky; the warm light comes from the braziers."""
    light.add_sun((-120, 110, 90), 1.5, (0.68, 0.80, 1.0), 6)
    light.add_area((0, -8, 6), 110, (0.55, 0.68, 1.0), 6, (0, 4, 2))
    light.add_area((0, 17, 4.2), 900, STORM, 4, (0, 8, 1.5)).visible_glossy = False
    light.add_spot((0, 13.8, 6.5), 700, STORM, 0.8, (0, 6, 0), cone_degrees=75, blend=0.9)
