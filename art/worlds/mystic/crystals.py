"""Clusters of crystals, the large ones lighting their surroundings."""

from __future__ import annotations

import math
import random

import bpy

from scenery.geometry import add_mesh
from scenery.light import add_point

from .materials import Materials

LIGHTS = {"cyan": (0.15, 0.7, 1.0), "violet": (0.6, 0.25, 1.0), "teal": (0.2, 1.0, 0.7)}
# Foot, height of the tallest, kind, how many, lean to the side, watts of light.
CLUSTERS = [
    ((-1.95, 0.9, 0.0), 1.25, "cyan", 11, -0.15, 60),
    ((2.0, 1.1, 0.0), 1.4, "violet", 11, 0.18, 75),
    ((-3.0, 5.2, 0.1), 2.1, "violet", 12, -0.1, 90),
    ((3.2, 5.8, 0.1), 1.9, "cyan", 10, 0.15, 80),
    ((-1.35, 7.4, 0.0), 1.0, "teal", 9, 0, 35),
    ((1.5, 7.6, 0.0), 0.9, "teal", 9, 0, 30),
    # Hanging from the roof.
    ((-2.95, 2.4, 4.9), 1.1, "cyan", 8, 2.6, 30),
    ((2.95, 2.6, 5.0), 1.2, "violet", 8, -2.6, 30),
]


def build(materials: Materials, dice: random.Random) -> None:
    """Grows all of them."""
    for foot, size, kind, count, lean, watts in CLUSTERS:
        _grow_cluster(getattr(materials, kind), foot, size, count, lean, dice)
        place = (foot[0], foot[1] - 0.25 * size, foot[2] + size * 0.75)
        add_point(place, watts, LIGHTS[kind], 0.25).visible_glossy = False
    for _ in range(16):
        side = dice.choice((-1, 1))
        foot = (side * dice.uniform(1.15, 2.3), dice.uniform(0.6, 8), 0.02)
        size = dice.uniform(0.18, 0.42)
        _grow_cluster(dice.choice((materials.cyan, materials.violet, materials.teal)), foot, size, 5, 0, dice)


def _grow_cluster(
    material: bpy.types.Material,
    foot: tuple[float, float, float],
    size: float,
    count: int,
    lean: float,
    dice: random.Random,
) -> None:
    """One tall crystal and smaller ones leaning away from it."""
    for number in range(count):
        tallest = number == 0
        angle = dice.uniform(0, 6.28)
        tilt = 0.12 if tallest else dice.uniform(0.25, 0.75)
        height = size * (1.0 if tallest else dice.uniform(0.3, 0.75))
        radius = height * dice.uniform(0.10, 0.15)
        crystal = _add_crystal(radius, height, material, dice.choice((5, 6, 6)))
        away = 0 if tallest else radius * 1.5
        crystal.location = (foot[0] + math.cos(angle) * away, foot[1] + math.sin(angle) * away, foot[2] - 0.1)
        crystal.rotation_euler = (-math.sin(angle) * tilt, math.cos(angle) * tilt + lean, dice.uniform(0, 6))


def _add_crystal(radius: float, height: float, material: bpy.types.Material, sides: int) -> bpy.types.Object:
    """An uneven prism with a point beside its middle."""
    vertices = []
    for ring, (ring_radius, z) in enumerate([(radius * 0.82, 0), (radius, height * 0.72)]):
        for i in range(sides):
            angle, uneven = 2 * math.pi * i / sides, 0.85 + 0.3 * ((i * 37) % 5) / 5
            rise = 0.06 * height * ((i * 53) % 3 - 1) if ring else 0
            vertices.append((ring_radius * uneven * math.cos(angle), ring_radius * uneven * math.sin(angle), z + rise))
    vertices.append((radius * 0.12, -radius * 0.08, height))
    faces: list[tuple[int, ...]] = []
    for i in range(sides):
        after = (i + 1) % sides
        faces += [(i, after, sides + after, sides + i), (sides + i, sides + after, 2 * sides)]
    crystal = add_mesh("crystal", vertices, faces, material, smooth=False)
    bevel = crystal.modifiers.new("bevel", "BEVEL")
    bevel.width, bevel.segments = radius * 0.05, 2
    return crystal
