"""Cloaks: one that hangs behind, and one that is open in front."""

from __future__ import annotations

import math
from dataclasses import dataclass

import bpy
import numpy as np

from ..drape import directions, hanging_share, shoulder_shell
from ..grids import Grid, add_grid, along_rows, join, noise, normals, ridges, unit_interval, wave
from ..mannequin import Mannequin


@dataclass(frozen=True)
class BackCloak:
    """A cloak behind: half its width above and what it gains below, and how it stands behind the neck."""

    half_top: float = 0.25
    half_growth: float = 0.20
    growth_power: float = 0.5
    depth: float = 0.13
    forwards: float = 0.17
    folds: float = 26
    top: float = 1.42
    sag: float = 0.03
    behind_neck: float = 0.0
    thickness: float = 0.004


def add_back_cloak(cloak: BackCloak, material: bpy.types.Material) -> None:
    """Seen beside the arms; with `behind_neck` its upper edge rises behind the neck, so that no gap shows there."""
    x, t = np.linspace(-1, 1, 260)[None, :], unit_interval(60, 0)
    half = cloak.half_top + cloak.half_growth * t**cloak.growth_power
    phase = x * cloak.folds + 1.25 * np.sin(x * 5 + t * 1.5) + 0.8 * t
    depth = 0.004 + 0.026 * t**0.8
    rise = np.exp(-((x / 0.43) ** 4))
    high, near = rise * np.clip(1 - t * 5, 0, 1), rise * np.clip(1 - t * 4, 0, 1)
    y = cloak.depth + 0.03 * t - cloak.forwards * np.abs(x) ** 5 * (1 - 0.3 * t)
    y = y + depth * wave(phase) * (0.7 + 0.3 * np.sin(x * 11 + 2)) - 0.55 * cloak.behind_neck * near
    z = cloak.top - cloak.sag * x**2 + cloak.behind_neck * high - t * 0.62
    add_grid("cloak", join(x * half + depth * 0.6 * np.cos(phase), y, z), material, thickness=cloak.thickness)


@dataclass(frozen=True)
class OpenCloak:
    """A cloak from the neck to the floor: degrees that it is open in front, above and where it begins to hang."""

    gap_top: float
    gap_growth: float


def lay_open_cloak(body: Mannequin, cloak: OpenCloak, density: float) -> tuple[Grid, Grid]:
    """Returns the cloak's points and the normals it had before its folds."""
    columns, rows, lying = int(480 * density), int(170 * density), 0.42
    s, v = unit_interval(columns, 1), unit_interval(rows, 0)
    t = np.clip(v / lying, 0, 1)
    gap = np.radians(cloak.gap_top + cloak.gap_growth * t**1.4)
    azimuth = gap + (2 * math.pi - 2 * gap) * s
    ahead = np.clip(np.cos(azimuth), 0, 1)
    start = 34 + 16 * ahead**2
    polar = np.radians(start + (84 - start) * t)
    resting = int(rows * lying)
    rounds, blur = int(420 * density**2), int(12 * density)
    shell = shoulder_shell(body, azimuth, polar, gap=0.03, skin_gap=0.030, rounds=rounds, blur=blur, rows=resting)
    hang = hanging_share(rows, resting)[..., None]
    fall = join(np.sign(np.sin(azimuth)) * 0.05 * ahead, 0 * azimuth, -0.56 + 0 * azimuth)
    shell = shell + hang * (fall + directions(azimuth) * 0.05)
    facing = normals(shell)[0]
    broad, fine = noise(shell, 5.0, 1), noise(shell, 11.0, 4)
    phase = 2 * math.pi * 26 * s + 1.1 * broad[..., 1] + 0.4 * fine[..., 0] + 1.2 * v
    edge = np.clip(np.minimum(s, 1 - s) * 30, 0.25, 1)
    depth = (0.001 + 0.023 * np.clip((v - 0.33) * 1.9, 0, 1)) * (1 + 0.4 * broad[..., 2]) * edge
    folds = depth * wave(phase) + depth * 0.22 * ridges(phase * 1.9 + 2 * fine[..., 2]) + 0.004
    shell = shell + facing * folds[..., None]
    return shell + (depth * 0.55 * np.cos(phase))[..., None] * along_rows(shell), facing


def add_front_edges(cloak: Grid, facing: Grid, materials: tuple[bpy.types.Material, bpy.types.Material]) -> None:
    """Embroidered strips on both front edges, of the cloak's own shape."""
    rows, columns = cloak.shape[:2]
    girth = np.linalg.norm(np.diff(cloak[int(rows * 0.6)], axis=0), axis=1).sum()
    width, first = max(4, int(0.055 * columns / girth)), int(rows * 0.40)
    for part, material in zip((slice(0, width), slice(columns - width, columns)), materials, strict=True):
        add_grid("edge", cloak[first:, part] + facing[first:, part] * 0.004, material, thickness=0.003)
