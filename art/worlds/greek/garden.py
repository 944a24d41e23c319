"""What grows: flowering urns, bougainvillea hanging from the entablatures, cypresses outside."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from scenery.geometry import add_box, add_lathe, add_tubes
from scenery.scatter import ball_points, bract, leaf, scatter

from .materials import Materials
from .temple import COLONNADE_X, ENTABLATURE

LEAF, FLOWER = leaf(0.26), bract()
URN_X, URN_Y = 1.95, 4.4
URN = [(0.16, 0), (0.17, 0.05), (0.07, 0.10), (0.08, 0.16), (0.22, 0.30), (0.30, 0.48)]
URN += [(0.31, 0.60), (0.22, 0.72), (0.20, 0.78), (0.29, 0.84), (0.29, 0.87), (0.24, 0.87)]
# Offset from the urn's foot, and radius.
BUSHES = [
    (0, 0, 2.05, 0.36),
    (-0.27, -0.1, 1.98, 0.27),
    (0.26, -0.08, 2.0, 0.28),
    (0.05, -0.2, 2.28, 0.27),
    (-0.2, -0.25, 1.76, 0.2),
    (0.27, -0.22, 1.70, 0.19),
]
# x, y and height.
CYPRESSES = [(-5.6, 13, 5.5), (-6.9, 17, 7.5), (5.9, 14, 6.5), (7.6, 19, 8), (4.9, 20, 5.0)]
STEP_M = 0.07


@dataclass
class Cascade:
    """Strands that hang down from one place: where, how long, how many."""

    x: float
    y: float
    length: float
    strands: int
    seed: int


CASCADES = [
    Cascade(-COLONNADE_X + 0.35, 2.4, 2.3, 46, 11),
    Cascade(COLONNADE_X - 0.35, 2.6, 1.7, 34, 12),
    Cascade(COLONNADE_X - 0.35, 7.4, 1.4, 26, 13),
]


def build(materials: Materials, rng: np.random.Generator) -> None:
    """Plants everything."""
    for side in (-1, 1):
        _plant_urn(materials, side, rng)
    for cascade in CASCADES:
        _hang(cascade, materials)
    for seed, (x, y, height) in enumerate(CYPRESSES):
        _plant_cypress(materials, x, y, height, seed, rng)


def _plant_urn(materials: Materials, side: int, rng: np.random.Generator) -> None:
    x = side * URN_X
    add_box("pedestal", (0.62, 0.62, 0.75), (x, URN_Y, 0.375), materials.marble, bevel=0.03)
    add_box("pedestal", (0.74, 0.74, 0.1), (x, URN_Y, 0.78), materials.marble, bevel=0.03)
    profile = [(radius * 1.05, height * 1.05) for radius, height in URN]
    add_lathe("urn", profile, 64, materials.clay, location=(x, URN_Y, 0.83))
    for number, (dx, dy, z, radius) in enumerate(BUSHES):
        centre, radii = (x + dx, URN_Y + dy, z), np.array((radius, radius, radius * 0.85))
        _plant_bush(materials, centre, radii, (side + 2) * 10 + number, rng)


def _plant_bush(
    materials: Materials, centre: tuple[float, float, float], radii: np.ndarray, seed: int, rng: np.random.Generator
) -> None:
    leaves, flowers = 520, 120
    points, outwards = ball_points(leaves, centre, radii, rng, 0.5)
    normals = outwards + rng.normal(size=points.shape) * 0.5
    scatter("leaves", LEAF, points, normals, 0.15 * (0.6 + 0.7 * rng.random(leaves)), materials.ivy, seed)
    points, outwards = ball_points(flowers, centre, radii * 1.05, rng, 0.85)
    # Drawn for nothing, but without it all that is planted later would stand elsewhere than in the backdrop.
    rng.random(flowers)
    normals = outwards + rng.normal(size=points.shape) * 0.3
    sizes = 0.055 * (0.7 + 0.6 * rng.random(flowers))
    scatter("flowers", FLOWER, points, normals, sizes, materials.bougainvillea, seed + 1)


def _hang(cascade: Cascade, materials: Materials) -> None:
    rng = np.random.default_rng(cascade.seed)
    strands: list[list[np.ndarray]] = []
    leaves: list[tuple[np.ndarray, np.ndarray]] = []
    flowers: list[tuple[np.ndarray, np.ndarray]] = []
    for _ in range(cascade.strands):
        strands.append(_grow_strand(cascade, rng, leaves, flowers))
    add_tubes("strands", strands, [[0.008] * len(strand) for strand in strands], materials.bark, 2)
    for kind, grown, template, size, spread, seed in (
        (materials.ivy, leaves, LEAF, 0.11, (0.6, 0.7), cascade.seed),
        (materials.bougainvillea, flowers, FLOWER, 0.055, (0.7, 0.6), cascade.seed + 1),
    ):
        points, normals = (np.array(part) for part in zip(*grown, strict=True))
        scatter(
            "cascade", template, points, normals, size * (spread[0] + spread[1] * rng.random(len(points))), kind, seed
        )


def _grow_strand(
    cascade: Cascade,
    rng: np.random.Generator,
    leaves: list[tuple[np.ndarray, np.ndarray]],
    flowers: list[tuple[np.ndarray, np.ndarray]],
) -> list[np.ndarray]:
    """Lets one strand fall from the cornice; adds its leaves and flowers (place, normal) and returns its path."""
    top = ENTABLATURE + 1.35
    place = np.array([cascade.x + rng.normal() * 0.30, cascade.y + rng.normal() * 0.9, top + rng.random() * 0.2])
    heading = np.array([rng.normal() * 0.25, rng.normal() * 0.4, 0.25])
    steps = int(cascade.length * (0.35 + 0.65 * rng.random()) / STEP_M)
    path = []
    for step in range(steps):
        path.append(place)
        heading = heading * 0.86 + np.array([rng.normal() * 0.06, rng.normal() * 0.06, -0.16])
        place = place + heading / np.linalg.norm(heading) * STEP_M
        for _ in range(5):
            leaves.append((place + rng.normal(size=3) * 0.07, rng.normal(size=3) + np.array([0, -0.8, 0.5])))
        for _ in range(5 if step > steps * 0.25 else 2):
            flowers.append((place + rng.normal(size=3) * 0.085, rng.normal(size=3) + np.array([0, -0.8, 0.2])))
    return path


def _plant_cypress(
    materials: Materials, x: float, y: float, height: float, seed: int, rng: np.random.Generator
) -> None:
    leaves = 9000
    up = rng.random(leaves)
    radius = 0.62 * np.sin(np.pi * up**0.55) * (0.75 + 0.25 * rng.random(leaves))
    angle = rng.random(leaves) * 2 * np.pi
    cos, sin = np.cos(angle), np.sin(angle)
    points = np.stack([x + radius * cos, y + radius * sin, -1.5 + up * height], 1)
    normals = np.stack([cos, sin, np.full(leaves, 0.9)], 1) + rng.normal(size=points.shape) * 0.35
    scatter("cypress", leaf(0.2), points, normals, 0.17, materials.cypress, seed)
