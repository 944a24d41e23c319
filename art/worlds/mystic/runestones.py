"""Standing stones with glowing engraved signs. The signs are invented: no real alphabet, no emblem."""

from __future__ import annotations

import math
import random

import bpy
import numpy as np
from mathutils import Vector

from scenery.geometry import add_tubes
from scenery.light import add_spot
from scenery.stone import add_hewn_block

from .materials import Materials

Stroke = tuple[float, float, float, float]
# x, y, height, width, turn, seed.
STONES = [
    (-2.1, 3.6, 3.3, 1.15, 0.25, 31),
    (2.2, 4.1, 3.6, 1.2, -0.28, 44),
    (-2.7, 7.4, 3.0, 1.1, 0.2, 52),
    (2.8, 8.0, 2.9, 1.1, -0.2, 63),
    (-3.0, 12.5, 3.2, 1.2, 0.1, 71),
    (3.1, 13.0, 3.4, 1.2, -0.1, 85),
]
SIGNS_PER_STONE = 3


def _ring(x: float, y: float, radius: float, start: float = 0, end: float = 360, steps: int = 14) -> list[Stroke]:
    """An arc, in degrees, as short strokes from (x0, y0) to (x1, y1)."""
    angles = [math.radians(start + (end - start) * step / steps) for step in range(steps + 1)]
    points = [(x + radius * math.cos(angle), y + radius * math.sin(angle)) for angle in angles]
    return [(*first, *second) for first, second in zip(points, points[1:], strict=False)]


def _path(*points: tuple[float, float]) -> list[Stroke]:
    return [(*first, *second) for first, second in zip(points, points[1:], strict=False)]


SUN_ON_A_STAFF = _ring(0.25, 0.66, 0.24) + _ring(0.25, 0.66, 0.10, steps=10) + _path((0.25, 0.42), (0.25, 0.02))
MOON_AND_STAR = (
    _ring(0.25, 0.62, 0.26, 40, 320) + _ring(0.36, 0.62, 0.15, 70, 290, 10) + _ring(0.25, 0.12, 0.07, steps=8)
)
EYE_IN_A_LOZENGE = _path((0.25, 0.98), (0.02, 0.55), (0.25, 0.12), (0.48, 0.55), (0.25, 0.98))
EYE_IN_A_LOZENGE += _ring(0.25, 0.55, 0.09, steps=10)
TREE_OF_WAVES = _path((0.25, 0.05), (0.25, 0.95))
CONSTELLATION = _path((0.05, 0.10), (0.25, 0.42), (0.12, 0.70), (0.40, 0.95))
for _height in (0.95, 0.62, 0.29):
    TREE_OF_WAVES += _ring(0.25, _height, 0.22, 200, 340, 8)
for _star in ((0.05, 0.10), (0.25, 0.42), (0.12, 0.70), (0.40, 0.95)):
    CONSTELLATION += _ring(*_star, 0.05, steps=6)
SIGNS = [SUN_ON_A_STAFF, MOON_AND_STAR, EYE_IN_A_LOZENGE, TREE_OF_WAVES, CONSTELLATION]


def build(materials: Materials, dice: random.Random) -> None:
    """Raises the stones, engraves them and lights their faces from below."""
    for x, y, height, width, turn, seed in STONES:
        stone = _raise_stone(materials, (x, y), height, width, turn, seed, dice)
        _engrave(stone, height, materials.sign, random.Random(seed))
    for side, y in ((-1, 3.0), (1, 3.5), (-1, 6.8), (1, 7.4)):
        place, target = (side * 0.9, y - 2.6, 0.25), (side * 1.95, y + 0.4, 1.7)
        add_spot(place, 130, (0.40, 0.72, 1.0), 0.3, target, cone_degrees=60, blend=0.8)


def _raise_stone(
    materials: Materials,
    place: tuple[float, float],
    height: float,
    width: float,
    turn: float,
    seed: int,
    dice: random.Random,
) -> bpy.types.Object:
    """A tapering stone whose top slopes to one side."""
    stone = add_hewn_block(
        "menhir",
        (width, width * 0.42, height),
        (*place, height * 0.42),
        materials.menhir,
        rotation=(dice.uniform(-0.05, 0.05), dice.uniform(-0.07, 0.07), turn),
        bevel=0.07,
        divisions=26,
        roughness_m=0.06,
        grain=1.6,
        seed=seed,
    )
    slope = random.Random(seed).choice((-1, 1))
    for vertex in stone.data.vertices:
        up = min(1.0, max(0.0, vertex.co.z / height + 0.5))
        vertex.co.x *= 1.06 - 0.30 * up**1.7
        vertex.co.y *= 1.1 - 0.35 * up
        vertex.co.z += slope * 0.22 * vertex.co.x * max(0, up - 0.55) * 2
    stone.data.update()
    bpy.context.view_layer.update()
    return stone


def _engrave(stone: bpy.types.Object, height: float, material: bpy.types.Material, dice: random.Random) -> None:
    """Draws signs one under the other, following the stone's surface."""
    size = height * 0.165
    top, paths = height * 0.36, []
    for sign in dice.sample(SIGNS, SIGNS_PER_STONE):
        for x0, y0, x1, y1 in sign:
            steps = np.linspace(0, 1, 7)
            flat = [((x0 + (x1 - x0) * t - 0.25) * size, top - size + (y0 + (y1 - y0) * t) * size) for t in steps]
            path = _lay_on(stone, flat)
            if len(path) > 1:
                paths.append(path)
        top -= size * 1.32
    add_tubes("signs", paths, [[0.016 * height / 2] * len(path) for path in paths], material, 3)


def _lay_on(stone: bpy.types.Object, points: list[tuple[float, float]]) -> list[tuple[float, ...]]:
    """Where points (x, z) before the stone meet its face, in the world's coordinates."""
    met = []
    for x, z in points:
        hit, place, _, _ = stone.ray_cast(Vector((x, -5, z)), Vector((0, 1, 0)))
        if hit:
            met.append(tuple(stone.matrix_world @ (place + Vector((0, -0.004, 0)))))
    return met
