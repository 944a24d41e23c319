"""What is seen through the arch: mountains, the snowfield before them, pines, and a bolt of lightning."""

from __future__ import annotations

import math
import random

import numpy as np
from mathutils import Vector, noise

from scenery.geometry import add_flat, add_terrain, add_tubes
from scenery.materials import emission, make_material
from scenery.scatter import leaf, scatter

from .materials import Materials

# Centre, size and height in metres, seed of the ridges, steepness.
MOUNTAINS = [
    ((-140, 1500), (1700, 1300), 900, 3, 0.9),
    ((620, 1900), (1800, 1300), 900, 8, 0.95),
    ((-900, 2100), (2000, 1500), 1000, 12, 0.95),
]
BRANCH_LAYERS = 13
BOLT_STEP_M = 14


def build(materials: Materials, dice: random.Random, rng: np.random.Generator) -> None:
    """Builds all of it."""
    for mountain in MOUNTAINS:
        _raise_mountain(materials, *mountain)
    add_flat("snowfield", 3000, (16, -12), (4000, -60), materials.snow)
    for seed in range(26):
        _plant_pine(materials, seed, dice, rng)
    _strike(x=150, y=1350, top=830, length=620, width=2.0, seed=5)


def _raise_mountain(
    materials: Materials,
    centre: tuple[float, float],
    size: tuple[float, float],
    height: float,
    seed: int,
    steepness: float,
) -> None:
    def height_at(x: float, y: float) -> float:
        u, v = (x - centre[0]) / (size[0] / 2), (y - centre[1]) / (size[1] / 2)
        place = Vector((x / size[0] * 4.2 + seed, y / size[1] * 4.2, seed))
        ridges = noise.ridged_multi_fractal(place, 0.9, 2.15, 8, 1.0, 2.0)
        return -60 + height * max(0, 1 - math.hypot(u, v)) ** steepness * (0.62 + 0.24 * ridges)

    add_terrain("mountain", (230, 150), size, height_at, materials.mountain, centre)


def _plant_pine(materials: Materials, seed: int, dice: random.Random, rng: np.random.Generator) -> None:
    """Layers of drooping branches, each narrower than the one below."""
    x = dice.choice((-1, 1)) * dice.uniform(2.2, 15)
    y, height, needles = dice.uniform(19, 46), dice.uniform(4.5, 9), 1800
    up = rng.random(needles) ** 0.8
    layer = np.floor(up * BRANCH_LAYERS) / BRANCH_LAYERS
    within = up * BRANCH_LAYERS - np.floor(up * BRANCH_LAYERS)
    radius = (1 - layer) * height * 0.21 * (1.0 - 0.55 * within)
    angle = rng.random(needles) * 6.283
    cos, sin, ones = np.cos(angle), np.sin(angle), np.ones(needles)
    points = np.stack([x + radius * cos, y + radius * sin, -3.2 + height * (0.10 + 0.9 * up)], 1)
    normals, tangents = np.stack([cos * 0.35, sin * 0.35, 0.9 * ones], 1), np.stack([cos, sin, -0.35 * ones], 1)
    size = 0.34 * height / 7
    scatter("pine", leaf(0.12), points, normals, size, materials.pine, seed, tangents=tangents)


def _strike(x: float, y: float, top: float, length: float, width: float, seed: int) -> None:
    """Lightning: a jagged path downwards that forks twice at most."""
    dice = random.Random(seed)
    paths: list[list[tuple[float, ...]]] = []
    radii: list[list[float]] = []

    def run(start: Vector, slope: float, fall: float, length: float, width: float, depth: int) -> None:
        place, path = start, [tuple(start)]
        for _ in range(int(length / BOLT_STEP_M)):
            side = slope * BOLT_STEP_M + dice.gauss(0, 7.5)
            place = place + Vector((side, 0, fall * BOLT_STEP_M + dice.gauss(0, 2.5)))
            path.append(tuple(place))
            if depth < 2 and dice.random() < 0.13:
                fork = slope + dice.choice((-1, 1)) * dice.uniform(0.5, 1.0)
                run(place, fork, fall * 0.9, length * dice.uniform(0.25, 0.45), width * 0.45, depth + 1)
        paths.append(path)
        radii.append([width * (1 - 0.6 * i / len(path)) for i in range(len(path))])

    run(Vector((x, y, top)), 0.10, -1, length, width, 0)
    material = make_material("lightning", lambda graph: emission(graph, (0.60, 0.75, 1.0), 14.0))
    add_tubes("lightning", paths, radii, material, 2).visible_diffuse = False
