"""The himation: a bundle of folds over the left shoulder, and the cloth round the waist."""

from __future__ import annotations

import math

import numpy as np

from ..drape import lift_off_skin, move_clear, wrap_torso
from ..grids import (
    Grid,
    along_rows,
    bell,
    distances_along,
    noise,
    normals,
    outward_normals,
    ridges,
    smooth_grid,
    smooth_line,
    unit_interval,
)
from ..mannequin import Mannequin

# Over the shoulder from the back to the front's lower edge.
BUNDLE_LINE = np.array(
    [
        (0.155, 0.150, 1.10),
        (0.150, 0.140, 1.25),
        (0.142, 0.105, 1.38),
        (0.134, 0.030, 1.452),
        (0.128, -0.060, 1.415),
        (0.118, -0.125, 1.33),
        (0.108, -0.160, 1.20),
        (0.104, -0.165, 1.05),
        (0.102, -0.160, 0.90),
        (0.10, -0.155, 0.74),
    ]
)
# Where along the line the shoulder's top is: folds there would show as teeth against the backdrop.
SHOULDER_TOP = 0.38


def drape_waist(body: Mannequin, density: float) -> tuple[Grid, Grid]:
    """Round the waist from the right hip up to the left arm; points, and UVs in metres."""
    columns, rows = int(420 * density), int(170 * density)
    azimuth, t = np.radians(np.linspace(-118, 47, columns)), unit_interval(columns, 1)
    q = unit_interval(rows, 0)
    upper = 1.020 + 0.085 * t**1.3 - 0.030 * np.sin(math.pi * t)
    cloth = smooth_grid(wrap_torso(body, azimuth, upper - q * 0.34, 0.046, 0.15, lowest=0.74), int(160 * density**2))
    facing = outward_normals(cloth, (0, 0.03, 0.95))
    broad, fine = noise(cloth, 5, 17), noise(cloth, 12, 18)
    phase = (
        2 * math.pi * (8.0 * q**0.95 - 1.9 * t + 0.55 * np.sin(math.pi * t)) + 0.9 * broad[..., 0] + 0.4 * fine[..., 1]
    )
    depth = 0.0125 * (0.55 + 0.45 * np.cos(azimuth) ** 2) * (1 + 0.4 * broad[..., 2]) * np.clip(q * 14, 0.35, 1)
    folds = depth * (0.7 * ridges(phase) + 0.5 * np.cos(phase)) + 0.0035 * ridges(phase * 2.5 + 2 * fine[..., 0])
    cloth = cloth + facing * (folds + 0.004 + 0.004 * bell(q, 0, 0.07))[..., None]
    along = np.tile(distances_along(cloth[0])[None, :], (rows, 1))
    steps = np.linalg.norm(np.diff(cloth, axis=0), axis=2)
    down = np.concatenate([np.zeros((1, columns)), np.cumsum(steps, 0)], 0)
    return cloth, np.stack([along, down], 2)


def drape_bundle(body: Mannequin, under: list[Grid], density: float) -> tuple[Grid, Grid]:
    """Over the left shoulder, laid on the cloth under it; points, and UVs in metres."""
    length, width = int(260 * density), int(170 * density)
    line = smooth_line(_resample(BUNDLE_LINE, length), int(300 * density**2))
    t, across = np.linspace(0, 1, length), np.linspace(-1, 1, width)
    half = np.interp(t, [0, 0.30, 0.42, 0.55, 1], [0.085, 0.066, 0.060, 0.066, 0.088])
    bundle = line[:, None] + (across[None, :, None] * half[:, None, None]) * np.array([1.0, 0.10, 0])
    bundle[..., 2] -= 0.012 * across[None, :] * np.interp(t, [0.3, 0.42, 0.5, 0.62], [0, 1, 1, 0])[:, None]
    bundle = smooth_grid(lift_off_skin(body, bundle, 0.036, rounds=3, blur=int(9 * density)), int(60 * density**2))
    bundle = move_clear(bundle, under, 0.011, (0.22, 0.50), (0.40, 1.0), int(8 * density))
    facing = outward_normals(bundle, (0.10, 0.04, 1.15))
    broad, fine = noise(bundle, 5, 7), noise(bundle, 13, 8)
    phase = 2 * math.pi * 4.6 * (across[None, :] * 0.5 + 0.5) + 0.75 * broad[..., 0] + 0.35 * fine[..., 1]
    depth = 0.0078 * (1 + 0.35 * broad[..., 2]) * (1 - 0.82 * bell(t, SHOULDER_TOP, 0.13))[:, None]
    edge = np.clip((1 - np.abs(across)) / 0.10, 0, 1)[None, :]
    folds = depth * (0.55 * ridges(phase) + 0.6 * np.cos(phase) + 0.45) + 0.0022 * ridges(
        phase * 2.3 + fine[..., 0] * 2
    )
    bundle = bundle + facing * (folds - 0.040 * (1 - edge) ** 2)[..., None]
    bundle = bundle + (depth * 0.45 * np.cos(phase) * edge)[..., None] * along_rows(bundle)
    steps = np.linalg.norm(np.diff(bundle, axis=1), axis=2)
    over = np.concatenate([np.zeros((length, 1)), np.cumsum(steps, 1)], 1)
    return bundle, np.stack([np.tile(distances_along(line)[:, None], (1, width)), over], 2)


def _resample(line: Grid, count: int) -> Grid:
    along = distances_along(line)
    return np.stack([np.interp(np.linspace(0, along[-1], count), along, line[:, axis]) for axis in range(3)], 1)


def facing_at(grid: Grid, index: tuple[int, int], centre: tuple[float, float, float]) -> Grid:
    """The outward normal at one point."""
    normal = normals(grid)[0][index]
    return normal * np.sign(normal @ (grid[index] - np.array(centre)))
