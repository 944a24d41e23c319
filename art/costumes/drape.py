"""Laying cloth on the mannequin: shells from rays, lifting off the skin, rows that hang, and bands round the neck.

Azimuth: 0 is the front, growing towards the mannequin's left; polar angle: 0 is up. Lift a grid off the skin once,
before its folds: lifting afterwards creases it.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from mathutils import Vector
from mathutils.bvhtree import BVHTree

from .grids import Grid, normals, smooth_grid, smooth_values
from .mannequin import Mannequin

Centre = tuple[float, float, float]


def directions(azimuth: Grid) -> Grid:
    """Horizontal unit vectors of azimuths."""
    return np.stack([np.sin(azimuth), -np.cos(azimuth), 0 * azimuth], -1)


def cast_shell(body: Mannequin, centre: Centre, azimuth: Grid, polar: Grid, gap: float) -> Grid:
    """Wraps a grid of directions round the body below the head, as seen from a centre in the chest."""
    middle, grid = Vector(centre), np.zeros((*azimuth.shape, 3))
    for index in np.ndindex(azimuth.shape):
        u, f = azimuth[index], polar[index]
        way = Vector((math.sin(f) * math.sin(u), -math.sin(f) * math.cos(u), math.cos(f)))
        hit = body.headless.ray_cast(middle + way * 1.2, -way, 1.2)[0]
        grid[index] = middle + way * ((hit - middle).length + gap if hit is not None else 0.13 + gap)
    return smooth_grid(grid, 2)


def lift_off_skin(
    body: Mannequin, grid: Grid, gap: float | Grid, *, rounds: int = 2, blur: int = 3, closed: bool = False
) -> Grid:
    """Lifts a grid along its own smooth normals until it is `gap` off the skin, without creases.

    Single vertices are not followed: the lift is limited to its surroundings, widened by a round brush and softened.
    """
    gaps = np.broadcast_to(gap, grid.shape[:2])
    for _ in range(rounds):
        facing, lift = normals(grid, closed=closed)[0], np.zeros(grid.shape[:2])
        for index in np.ndindex(lift.shape):
            point = Vector(grid[index])
            place, normal, _, distance = body.headless.find_nearest(point)
            if distance < 0.12:
                lift[index] = max(0.0, gaps[index] - (point - place).dot(normal))
        lift = np.minimum(lift, smooth_values(lift, int(blur * blur * 1.2) + 2, closed=closed) * 1.25)
        lift = smooth_values(_widen(lift, blur, closed), int(blur * blur * 2.2) + 2, closed=closed)
        grid = grid + facing * np.minimum(lift, 0.05)[..., None]
    return grid


def _widen(values: Grid, steps: int, closed: bool = False) -> Grid:
    """The largest value within so many steps, by a cross and a box in turn."""
    for step in range(steps):
        padded = np.pad(values, ((1, 1), (0, 0)), mode="edge")
        padded = np.pad(padded, ((0, 0), (1, 1)), mode="wrap" if closed else "edge")
        near = [padded[1:-1, 1:-1], padded[:-2, 1:-1], padded[2:, 1:-1], padded[1:-1, :-2], padded[1:-1, 2:]]
        if step % 2:
            near += [padded[:-2, :-2], padded[:-2, 2:], padded[2:, :-2], padded[2:, 2:]]
        values = np.maximum.reduce(near)
    return values


def shoulder_shell(
    body: Mannequin,
    azimuth: Grid,
    polar: Grid,
    *,
    centre: Centre = (0, 0.03, 1.25),
    gap: float,
    skin_gap: float | Grid,
    rounds: int,
    blur: int,
    rows: int,
) -> Grid:
    """A shell over the shoulders in its first rows; the rows below repeat the last of them, ready to hang."""
    shell = smooth_grid(cast_shell(body, centre, azimuth[:rows], polar[:rows], gap), rounds)
    limit = skin_gap if np.isscalar(skin_gap) else skin_gap[:rows]
    shell = lift_off_skin(body, shell, limit, blur=blur)
    return np.concatenate([shell, np.repeat(shell[-1:], azimuth.shape[0] - rows, 0)], 0)


def hanging_share(rows: int, lying: int) -> Grid:
    """As a column: 0 in rows that lie on the shoulders, growing to 1 in the last row that hangs."""
    return (np.clip(np.arange(rows) - lying + 1, 0, None) / (rows - lying))[:, None]


def neck_band(
    body: Mannequin,
    bottom: float,
    top: float,
    *,
    front: float = -0.014,
    back: float = 0.022,
    side: float = 0.012,
    gap: float = 0.008,
    limit: float = 0.100,
    flare: float = 0.004,
    columns: int = 260,
    rows: int = 16,
) -> Grid:
    """A band round the neck's base that closes the costume against the guest's neck, in front and behind."""
    angle, q = np.linspace(-math.pi, math.pi, columns)[None, :], np.linspace(0, 1, rows)[:, None]
    ahead, behind = np.clip(np.cos(angle), 0, 1) ** 2, np.clip(-np.cos(angle), 0, 1) ** 2
    z = bottom + (top - bottom) * q + front * ahead + back * behind + side * np.sin(angle) ** 2
    radius = np.zeros(z.shape)
    for row, column in np.ndindex(z.shape):
        start = Vector((0, 0.005, z[row, column]))
        way = Vector((math.sin(angle[0, column]), -math.cos(angle[0, column]), 0))
        hit = body.whole.ray_cast(start, way)[0]
        radius[row, column] = (hit - start).length if hit is not None else 0.08
    radius = smooth_values(np.minimum(radius, limit), 30) + gap + flare * (1 - q)
    return np.stack([radius * np.sin(angle), 0.005 - radius * np.cos(angle), z], 2)


def wrap_torso(body: Mannequin, azimuth: Grid, heights: Grid, gap: float, fallback: float, lowest: float = 0) -> Grid:
    """A grid of heights round the torso, `gap` off it; below `lowest` it goes on straight down."""
    grid = np.zeros((*heights.shape, 3))
    for row, column in np.ndindex(heights.shape):
        angle, height = azimuth[column], heights[row, column]
        way, start = Vector((math.sin(angle), -math.cos(angle), 0)), Vector((0, 0.02, max(lowest, height)))
        hit = body.torso.ray_cast(start + way * 0.6, -way, 0.6)[0]
        point = (hit if hit is not None else start + way * fallback) + way * gap
        grid[row, column] = (point.x, point.y, height)
    return grid


def move_clear(grid: Grid, others: Sequence[Grid], gap: float, above: Centre, ahead: Centre, blur: int) -> Grid:
    """Moves a grid off other cloth: upwards in the rows `above` (two shares from 0 to 1), forwards in `ahead`."""
    tree = _tree_of(others)
    for axis, (first, last), way in ((2, above, (0, 0, -1)), (1, ahead, (0, 1, 0))):
        lift = np.zeros(grid.shape[:2])
        for row in range(int(first * len(grid)), int(last * len(grid))):
            for column in range(grid.shape[1]):
                start = Vector(grid[row, column])
                start[axis] = 2.0 if axis == 2 else -1.0
                hit = tree.ray_cast(start, Vector(way))[0]
                if hit is not None:
                    inside = hit.z + gap - grid[row, column, 2] if axis == 2 else grid[row, column, 1] - hit.y + gap
                    lift[row, column] = min(0.08, max(0.0, inside))
        lift = smooth_values(_widen(lift, blur), blur * blur * 2)
        grid = grid.copy()
        grid[..., axis] += lift if axis == 2 else -lift
    return grid


def _tree_of(grids: Sequence[Grid]) -> BVHTree:
    vertices, faces = [], []
    for grid in grids:
        first, (rows, columns) = len(vertices), grid.shape[:2]
        vertices += [tuple(point) for point in grid.reshape(-1, 3)]
        for j in range(rows - 1):
            for i in range(columns - 1):
                low, high = first + j * columns + i, first + (j + 1) * columns + i
                faces.append((low, low + 1, high + 1, high))
    return BVHTree.FromPolygons(vertices, faces)
