"""Puffs: balls on balls on balls, which clouds and tree lines are made of."""

from __future__ import annotations

from dataclasses import dataclass

import bpy
import numpy as np

from scenery.geometry import make_ball
from scenery.scatter import scatter

# x, y, z and radius of a large ball.
Base = tuple[float, float, float, float]
# The share of balls that are drawn with few triangles.
SMALL_PERCENTILE = 82


@dataclass(frozen=True)
class Fluff:
    """How many medium balls sit on a large one, and how many small ones on each of those."""

    medium: int
    small: int


def pile_up(bases: list[Base], fluff: Fluff, material: bpy.types.Material, seed: int) -> None:
    """Covers large balls with smaller ones; all face outwards from the middle of the pile."""
    rng = np.random.default_rng(seed)
    middle = np.array([base[:3] for base in bases]).mean(0)
    balls: list[tuple[np.ndarray, float, np.ndarray]] = []
    for x, y, z, radius in bases:
        centre = np.array([x, y, z])
        balls.append((centre, radius, (centre - middle) / radius * 0.4 + np.array([0, -0.3, 0.3])))
        for _ in range(fluff.medium):
            _add_medium(balls, centre, radius, fluff.small, rng)
    points, radii, normals = (np.array(part) for part in zip(*balls, strict=True))
    large = radii > np.percentile(radii, SMALL_PERCENTILE)
    scatter("puffs", make_ball(3), points[large], normals[large], radii[large], material, seed)
    scatter("puffs", make_ball(2), points[~large], normals[~large], radii[~large], material, seed)


def _add_medium(
    balls: list[tuple[np.ndarray, float, np.ndarray]],
    centre: np.ndarray,
    radius: float,
    small: int,
    rng: np.random.Generator,
) -> None:
    """One medium ball, towards the camera and rather above, with its small ones."""
    outwards = rng.normal(size=3)
    outwards[1] = -abs(outwards[1]) * 0.8
    outwards[2] += 0.15
    outwards /= np.linalg.norm(outwards)
    medium = radius * rng.uniform(0.22, 0.58)
    place = centre + outwards * radius * 0.86
    balls.append((place, medium, outwards))
    for _ in range(small):
        further = rng.normal(size=3) * 0.8 + outwards
        further /= np.linalg.norm(further)
        size = medium * rng.uniform(0.22, 0.58)
        balls.append((place + further * medium * 0.86, size, outwards * 0.6 + further * 0.4))
