"""Greek: a marble terrace between two colonnades above the sea, the sun going down behind the guest."""

from __future__ import annotations

import random

import numpy as np

from scenery import light, scene

from . import garden, islands, sky, temple
from .materials import Materials

LOOK = scene.Look(samples=96, bounces=5, contrast="AgX - Punchy")
SEED = 4
WARM = (1.0, 0.66, 0.36)


def build() -> None:
    """Builds the world, from the sky to the camera."""
    dice, rng = random.Random(SEED), np.random.default_rng(SEED)
    sky.paint()
    materials = Materials()
    temple.build(materials, dice)
    garden.build(materials, rng)
    islands.build(materials)
    light.add_sun(sky.SUN_DIRECTION * 50, 3.0, WARM, 1.5)
    # The same light once more from the side, so that the columns' flutes show.
    light.add_sun((-45, 6, 21), 2.3, WARM, 2)
    light.add_area((0.5, -9, 5), 150, (1.0, 0.86, 0.74), 6, (0, 4, 2))
    scene.place_camera((0, -4.9, 1.62), (0, 6, 2.35), lens_mm=31, focus_m=5.2, f_stop=1.6)
    scene.add_bloom(0.22, 0.6, 1.6)
