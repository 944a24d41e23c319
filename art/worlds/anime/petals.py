"""Cherry petals, fallen and drifting."""

from __future__ import annotations

import random

import bpy
import numpy as np

from scenery.scatter import Template, scatter

from .hill import height

PETAL: Template = (
    [(0, 0, 0), (-0.34, 0.45, 0.10), (-0.22, 0.9, 0.16), (0, 0.80, 0.12), (0.22, 0.9, 0.16), (0.34, 0.45, 0.10)],
    [(0, 5, 1), (1, 3, 2), (1, 5, 3), (3, 5, 4)],
)


def let_lie(material: bpy.types.Material, dice: random.Random, rng: np.random.Generator) -> None:
    """Petals on the grass and on the path."""
    count = 1500
    x, y = rng.normal(size=count) * 2.2, -0.5 + 14 * rng.random(count)
    z = [height(*place) + 0.10 + 0.08 * dice.random() for place in zip(x, y, strict=True)]
    normals = np.stack([rng.normal(size=count) * 0.3, rng.normal(size=count) * 0.3 - 0.4, np.ones(count)], 1)
    scatter("fallen", PETAL, np.stack([x, y, z], 1), normals, 0.06 + 0.03 * rng.random(count), material, 8)


def let_drift(material: bpy.types.Material, rng: np.random.Generator) -> None:
    """Petals in the air, none right before the lens, where the guest will stand."""
    count = 260
    points = np.stack([rng.uniform(-3.2, 3.2, count), rng.uniform(-2.6, 8, count), rng.uniform(0.2, 5, count)], 1)
    points = points[~((np.abs(points[:, 0]) < 0.75) & (points[:, 1] < 0.5))]
    normals = rng.normal(size=points.shape)
    scatter("drifting", PETAL, points, normals, 0.045 + 0.04 * rng.random(len(points)), material, 9)
