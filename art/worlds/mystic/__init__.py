"""Mystic: a cave of glowing crystals and engraved stones, open to a lake under moon and aurora."""

from __future__ import annotations

import random

from scenery import light, scene

from . import cave, crystals, lake, runestones, sky
from .materials import Materials

LOOK = scene.Look(samples=96, bounces=4, contrast="AgX - Punchy", exposure=1.0)
SEED = 7


def build() -> None:
    """Builds the world, from the sky to the camera."""
    dice = random.Random(SEED)
    sky.paint()
    materials = Materials()
    cave.build(materials, dice)
    crystals.build(materials, dice)
    runestones.build(materials, dice)
    cave.strew_pebbles(materials, dice)
    lake.build(materials)
    lake.release_fireflies(dice)
    _light()
    scene.place_camera((0, -4.6, 1.55), (0, 6, 2.25), lens_mm=28, focus_m=6.6, f_stop=2.0)
    scene.add_bloom(0.6, 0.7, 0.9)


def _light() -> None:
    """Moonlight from the opening; soft cyan and violet from behind the camera."""
    light.add_sun((0, 150, 65), 2.2, (0.55, 0.72, 1.0), 2)
    light.add_area((0, 9.5, 6.5), 420, (0.40, 0.66, 1.0), 4, (0, 0, 1.5)).visible_glossy = False
    light.add_area((-2.0, -3.5, 3.2), 34, (0.35, 0.45, 1.0), 3, (-2, 3, 1.5))
    light.add_area((2.0, -3.5, 3.2), 34, (0.6, 0.35, 1.0), 3, (2, 3, 1.5))
