"""Fur and fringes: thousands of hair curves on a grid, clumped to a few guides."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import bpy
import numpy as np
from mathutils import Vector
from mathutils.kdtree import KDTree
from scenery.geometry import add_to_scene

from .grids import Grid, noise, normals, sample, unit

POINTS_PER_HAIR = 7
# Of two places on the grid, each from 0 to 1 (columns, rows), to a number.
Field = Callable[[Grid, Grid], Grid]


@dataclass(frozen=True)
class Coat:
    """How fur grows: metres of length, how far it lies down the columns (negative: up them), and how tidy it is."""

    hairs: int
    length: Field
    slant: Field
    lift: Field = lambda u, v: 0.62 + 0 * u
    guides: int = 900
    clump: float = 0.66
    wild: float = 0.42
    gravity: float = 0.17
    radius: float = 0.00036
    tint: Field | None = None
    seed: int = 1


def grow_fur(name: str, grid: Grid, material: bpy.types.Material, coat: Coat) -> bpy.types.Object:
    """Grows a coat on a grid; its material finds a `tint` a hair, by guide, by place and by noise."""
    rng = np.random.default_rng(coat.seed)
    facing, down = normals(grid)
    surface = (grid, facing, down)
    columns, rows = _draw_places(grid, coat.guides, rng)
    guides = _grow(surface, columns, rows, 0.85 + 0.4 * rng.random(coat.guides), coat)
    guide_tint = rng.random(coat.guides) ** 2
    tree = KDTree(coat.guides)
    for index, foot in enumerate(guides[:, 0]):
        tree.insert(Vector(foot), index)
    tree.balance()
    columns, rows = _draw_places(grid, coat.hairs, rng)
    hairs = _grow(surface, columns, rows, 0.5 + 0.65 * rng.random(coat.hairs), coat)
    nearest = np.array([tree.find(Vector(foot))[1] for foot in hairs[:, 0]])
    t = np.linspace(0, 1, POINTS_PER_HAIR)[None, :, None]
    pull = coat.clump * t**1.15
    hairs = hairs * (1 - pull) + guides[nearest] * pull + rng.normal(size=hairs.shape) * 0.0005 * t
    broad = noise(hairs[:, 0] * np.array([1.0, 1.0, 0.45]), 9.0, coat.seed + 11)[:, 0] * 0.5 + 0.5
    if coat.tint is not None:
        broad = broad + coat.tint(columns / (grid.shape[1] - 1), rows / (grid.shape[0] - 1))
    tint = np.clip(0.45 * guide_tint[nearest] + 0.9 * np.clip((broad - 0.45) * 2.0, 0, 1), 0, 1)
    return _add_curves(name, hairs, coat.radius, tint, material)


def _draw_places(grid: Grid, count: int, rng: np.random.Generator) -> tuple[Grid, Grid]:
    """Random columns and rows, as many on every square metre."""
    rows, columns = grid.shape[:2]
    across, down = grid[:-1, 1:] - grid[:-1, :-1], grid[1:, :-1] - grid[:-1, :-1]
    area = np.cumsum(np.linalg.norm(np.cross(down, across), axis=2).ravel())
    row, column = np.divmod(np.searchsorted(area / area[-1], rng.random(count)), columns - 1)
    return column + rng.random(count), row + rng.random(count)


def _grow(surface: tuple[Grid, Grid, Grid], columns: Grid, rows: Grid, factor: Grid, coat: Coat) -> Grid:
    """Hairs from their feet outwards: noise bends them, gravity pulls them down."""
    grid, facing, down = surface
    foot, normal, slope = (sample(values, columns, rows) for values in (grid, facing, down))
    u, v = columns / (grid.shape[1] - 1), rows / (grid.shape[0] - 1)
    step = (coat.length(u, v) * factor / (POINTS_PER_HAIR - 1))[:, None]
    way = normal * coat.lift(u, v)[:, None] + slope * coat.slant(u, v)[:, None]
    way = unit(way + noise(foot, 15, coat.seed) * coat.wild * 1.3 + noise(foot, 40, coat.seed + 7) * coat.wild * 0.7)
    bend = noise(foot, 24, coat.seed + 3) * coat.wild * 0.35
    hairs = np.zeros((len(columns), POINTS_PER_HAIR, 3))
    hairs[:, 0] = foot - normal * 0.002
    for point in range(1, POINTS_PER_HAIR):
        way = unit(way + bend * 0.5 + np.array([0, 0, -coat.gravity]))
        hairs[:, point] = hairs[:, point - 1] + way * step
    return hairs


def _add_curves(name: str, hairs: Grid, radius: float, tint: Grid, material: bpy.types.Material) -> bpy.types.Object:
    curves = bpy.data.hair_curves.new(name)
    curves.add_curves([POINTS_PER_HAIR] * len(hairs))
    curves.attributes["position"].data.foreach_set("vector", hairs.astype(np.float32).ravel())
    radii = np.tile(radius * (1 - 0.85 * np.linspace(0, 1, POINTS_PER_HAIR)), len(hairs))
    curves.attributes.new("radius", "FLOAT", "POINT").data.foreach_set("value", radii.astype(np.float32))
    curves.attributes.new("tint", "FLOAT", "CURVE").data.foreach_set("value", tint.astype(np.float32))
    curves.materials.append(material)
    return add_to_scene(bpy.data.objects.new(name, curves))
