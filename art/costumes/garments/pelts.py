"""Fur over the shoulders: a mantle round the neck, and a pelt on one shoulder."""

from __future__ import annotations

import math

import bpy
import numpy as np

from ..drape import cast_shell, shoulder_shell
from ..fur import Coat, grow_fur
from ..grids import Grid, add_grid, bell, join, smooth_grid, unit_interval
from ..mannequin import Mannequin


def add_mantle(body: Mannequin, hide: bpy.types.Material, hair: bpy.types.Material, density: float) -> Grid:
    """A fur mantle, open a little in front, that stands up round the neck, with a ruff inside; returns its hide."""
    columns, rows = 150, 26
    s, v = unit_interval(columns, 1), unit_interval(rows, 0)
    gap = np.radians(4 + 17 * v**1.3)
    azimuth = gap + (2 * math.pi - 2 * gap) * s
    along = azimuth[0]
    ahead, behind, side = np.clip(np.cos(along), 0, 1), np.clip(-np.cos(along), 0, 1), np.abs(np.sin(along))
    start, end = np.radians(33 - ahead + behind), np.radians(86 + 2 * ahead + 30 * behind)
    shell = smooth_grid(cast_shell(body, (0, 0.03, 1.28), azimuth, start + (end - start) * v, 0.034), 8, closed=True)
    shell = np.array([[tuple(body.push_out(point, 0.03)) for point in row] for row in shell])
    rise = (0.012 * ahead + 0.030 * side + 0.085 * behind)[None, :] + 0 * azimuth
    stand = np.clip(1 - v / 0.22, 0, 1)[..., None] ** 1.3
    shell = shell + stand * join(0.010 * np.sin(azimuth), -0.010 * np.cos(azimuth) + 0.012 * behind[None, :], rise)
    add_grid("hide", shell, hide)
    radius = 0.00036 / math.sqrt(density)
    coat = Coat(
        hairs=int(95000 * density),
        length=lambda u, v: (
            (0.042 + 0.058 * np.clip(v * 1.3, 0, 1))
            * np.where(v < 0.12, 0.8, 1)
            * (1 + 0.34 * v * np.sin(u * 61) * np.sin(u * 23 + 1))
        ),
        slant=lambda u, v: np.where(v < 0.10, -0.25, np.clip((v - 0.10) * 4.5, 0, 1) * 1.05),
        guides=3200,
        radius=radius,
        tint=lambda u, v: 0.22 * bell(v, 0, 0.22) - 0.12 * bell(v, 0.55, 0.15) + 0.6 * np.clip(v - 0.75, 0, 1),
    )
    grow_fur("fur", shell, hair, coat)
    ruff = Coat(
        hairs=int(16000 * density),
        length=lambda u, v: 0.040 + 0 * u,
        slant=lambda u, v: -0.9 + 0 * u,
        guides=500,
        clump=0.6,
        wild=0.4,
        gravity=-0.02,
        radius=radius,
        seed=5,
    )
    grow_fur("ruff", shell[:7, 30:-30][:, ::-1], hair, ruff)
    return shell


def add_shoulder_pelt(body: Mannequin, hide: bpy.types.Material, hair: bpy.types.Material, density: float) -> None:
    """A wolf's pelt on the right shoulder."""
    columns, rows = 90, 30
    s, v = unit_interval(columns, 1), unit_interval(rows, 0)
    azimuth, polar = np.radians(-148 + 104 * s + 0 * v), np.radians(36 + 56 * v + 0 * s)
    shell = shoulder_shell(
        body, azimuth, polar, centre=(0, 0.03, 1.28), gap=0.026, skin_gap=0.030, rounds=30, blur=3, rows=rows
    )
    add_grid("hide", shell, hide)
    coat = Coat(
        hairs=int(44000 * density),
        length=lambda u, v: (
            (0.040 + 0.050 * np.clip(v * 1.3, 0, 1)) * (1 + 0.30 * v * np.sin(u * 41) * np.sin(u * 17 + 1))
        ),
        slant=lambda u, v: np.where(v < 0.06, 0.1, np.clip((v - 0.02) * 4.5, 0, 1) * 1.05),
        guides=1400,
        radius=0.00036 / math.sqrt(density),
        tint=lambda u, v: 0.22 * bell(v, 0, 0.22) + 0.6 * np.clip(v - 0.75, 0, 1),
        seed=2,
    )
    grow_fur("pelt", shell, hair, coat)
