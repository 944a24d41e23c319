"""The chlamys: a cloak pinned on the right shoulder, swagged over the chest and hanging from the left shoulder."""

from __future__ import annotations

import math
from dataclasses import dataclass

import bpy
import numpy as np
from mathutils import Vector

from ..drape import directions, hanging_share, shoulder_shell
from ..grids import (
    Grid,
    add_grid,
    along_rows,
    distances_along,
    distances_down,
    join,
    noise,
    normals,
    ridges,
    smooth_rows,
    unit_interval,
    wave,
)
from ..mannequin import Mannequin

# Rows up to this share lie on the shoulders, those below hang.
LYING = 0.62


@dataclass(frozen=True)
class Chlamys:
    """Degrees where it is pinned and how low it begins; metres it hangs on the chest; its folds."""

    pin_degrees: float
    start_degrees: float
    front_degrees: float
    front_power: float = 1.0
    gap: float = 0.030
    chest_gap: float = 0.044
    arm_gap: float = 0.028
    chest_drop: float = 0.105
    stand: tuple[float, float, float] = (0.010, 0.026, 0.075)
    swags: float = 7.2
    swag_depth: float = 0.0205
    fine_swags: float = 0.42
    hanging_folds: float = 30


@dataclass(frozen=True)
class Draped:
    """The folded cloth, UVs in metres (along the hem, up from it), and where the pin sits with its direction."""

    points: Grid
    uvs: Grid
    pin: Vector
    pin_normal: Vector


def drape_chlamys(body: Mannequin, design: Chlamys, density: float) -> Draped:
    """Lays, gathers and folds the cloth."""
    columns, rows = int(520 * density), int(190 * density)
    u, v = unit_interval(columns, 1), unit_interval(rows, 0)
    azimuth = _azimuths(design, u, v)
    on_arm = 1 / (1 + np.exp(-(np.degrees(azimuth) - 44) / 12))
    shell = _lay(body, design, azimuth, v, on_arm, density)
    row = int(rows * 0.12)
    place, normal = body.nearest(shell[row, 0])
    pin = place + normal * 0.035
    gathered = np.clip(
        np.maximum(_gather(u, v, 0.085, 0.62, 1.15, 0.7), _gather(1 - u, v, 0.06, 0.45, 1.1, 0.8)), 0, 0.97
    )
    heap = np.array(pin) + np.array([0, 0, -0.05]) * (v[..., None] - 0.12)
    smooth = shell * (1 - gathered[..., None]) + heap * gathered[..., None]
    folded = _fold(smooth, design, np.array(pin), on_arm, u, v)
    along = distances_along(smooth[-1]) * 1.15
    uvs = np.stack([np.tile(along, (rows, 1)), distances_down(smooth)], 2)
    return Draped(folded, uvs, pin, (normal + Vector((-0.1, -0.9, 0.15))).normalized())


def _azimuths(design: Chlamys, u: Grid, v: Grid) -> Grid:
    """From the pin round front, left side and back; the lower rows end before the right arm."""
    start = math.radians(design.pin_degrees)
    end = np.radians(300 - 52 * np.clip((v - 0.05) / 0.4, 0, 1) ** 0.8)
    return start + (end - start) * u


def _lay(body: Mannequin, design: Chlamys, azimuth: Grid, v: Grid, on_arm: Grid, density: float) -> Grid:
    rows, t = len(v), np.clip(v / LYING, 0, 1)
    ahead = np.clip(np.cos(azimuth), 0, 1) ** design.front_power
    behind = np.clip(-np.cos(azimuth), 0, 1) ** design.front_power
    start = design.start_degrees + design.front_degrees * ahead - behind
    resting = int(rows * LYING)
    shell = shoulder_shell(
        body,
        azimuth,
        np.radians(start + (84 - start) * t),
        centre=(0, 0.03, 1.27),
        gap=design.gap,
        skin_gap=design.chest_gap * (1 - on_arm) + design.arm_gap * on_arm,
        rounds=int(420 * density**2),
        blur=int(14 * density),
        rows=resting,
    )
    drop = (design.chest_drop + 0.02 * np.sin(azimuth * 3)) * (1 - on_arm) + 0.50 * on_arm
    fall = join(0 * drop, 0 * drop, -drop) + directions(azimuth) * (0.03 * on_arm)[..., None]
    shell = shell + hanging_share(rows, resting)[..., None] * fall
    front, side, back = design.stand
    rise = front * ahead + side * np.sin(azimuth) ** 2 + back * behind
    roll = np.clip(1 - v / 0.16, 0, 1)[..., None] ** 1.2
    shell = shell + roll * join(0.006 * np.sin(azimuth), -0.006 * np.cos(azimuth) + 0.010 * behind, rise)
    # The neckline is one clean curve: bumps of the shell's upper rows would fold into a kink.
    share = np.clip(1 - v / 0.35, 0, 1)[..., None] ** 0.8
    return shell * (1 - share) + smooth_rows(shell, int(500 * density**2)) * share


def _gather(from_pin: Grid, v: Grid, width: float, depth: float, top: float, power: float) -> Grid:
    """How much cloth is pulled to the pin."""
    return np.exp(-((from_pin / width) ** 1.6)) * np.clip(top - v / depth, 0, 1) ** power


def _fold(smooth: Grid, design: Chlamys, pin: Grid, on_arm: Grid, u: Grid, v: Grid) -> Grid:
    """Swags over the chest, hanging folds on arm and back, blended at the left shoulder."""
    facing = normals(smooth)[0]
    broad, fine = noise(smooth, 5.0, 1), noise(smooth, 11.0, 4)
    hang = np.clip((v - LYING) / (1 - LYING), 0, 1)
    swag = 2 * math.pi * design.swags * v**0.92 + 0.9 * broad[..., 0] + 0.45 * fine[..., 1]
    swag = swag - 1.5 * (u * 4 - 0.3) ** 2 * (1 - on_arm)
    pipe = 2 * math.pi * design.hanging_folds * u + 0.9 * broad[..., 1] + 0.4 * fine[..., 0]
    from_pin = np.linalg.norm(smooth - pin, axis=2)
    depth = (1.08 - np.exp(-from_pin / 0.085)) * design.swag_depth * (0.85 + 0.40 * broad[..., 2])
    depth = depth * np.clip(v * 9, 0.5, 1) * (1 - 0.7 * hang) * np.clip(u * 11, 0.12, 1)
    pipe_depth = (0.004 + 0.018 * np.clip((v - 0.30) * 1.8, 0, 1)) * (0.95 + 0.4 * broad[..., 2])
    small = (
        depth
        * design.fine_swags
        * ridges(swag * 2.63 + 2.2 * fine[..., 0] + 1.0)
        * np.clip(0.35 + 1.6 * broad[..., 2], 0, 1.2)
    )
    chest = depth * ridges(swag) * 1.05 + small
    arm = pipe_depth * wave(pipe) + pipe_depth * 0.22 * ridges(pipe * 1.9 + 2.0 * fine[..., 2])
    folded = smooth + facing * ((1 - on_arm) * chest + on_arm * arm + 0.008)[..., None]
    return folded + (on_arm * pipe_depth * 0.55 * np.cos(pipe))[..., None] * along_rows(folded)


def pin_place(draped: Draped) -> Vector:
    """On top of the gathered cloth."""
    pin, normal = np.array(draped.pin), np.array(draped.pin_normal)
    flat = draped.points.reshape(-1, 3)
    near = flat[np.linalg.norm(flat - pin, axis=1) < 0.05]
    return draped.pin + draped.pin_normal * (float(((near - pin) @ normal).max()) + 0.004)


def add_chlamys(draped: Draped, material: bpy.types.Material, thickness: float) -> None:
    """The cloth as a mesh."""
    add_grid("chlamys", draped.points, material, thickness=thickness, uvs=draped.uvs)
