"""Anime: a flagged path between cherry trees on a hill, above a lake with a snow-capped mountain, under summer clouds.

Nothing here is lit: every surface emits one of a few flat colours, chosen by how it faces the painted sun.
"""

from __future__ import annotations

import random

import numpy as np

from scenery import scene

from . import clouds, distance, garden, hill, ink, petals, sky, trees
from .cel import Materials

LOOK = scene.Look(samples=32, bounces=2, adaptive_threshold=0.03, view="Standard", contrast="None")
SEED = 5


def build() -> None:
    """Builds the world, from the sky to the camera."""
    dice, rng = random.Random(SEED), np.random.default_rng(SEED)
    sky.paint()
    materials = Materials()
    clouds.build(dice)
    distance.build(dice)
    hill.build(dice, rng)
    petals.let_lie(materials.petal, dice, rng)
    outlined = garden.build(materials)
    outlined += trees.build(materials)
    petals.let_drift(materials.petal, rng)
    ink.outline(outlined)
    scene.place_camera((0, -4.6, 1.50), (0, 6, 2.55), lens_mm=28, focus_m=7.5, f_stop=3.2)
    scene.add_bloom(0.12, 0.6, 0.98)
