"""The chiton: pleated linen with an overfold, its lower part under the belt, and a sleeve pinned along the arm."""

from __future__ import annotations

import math
from dataclasses import dataclass

import bpy
import numpy as np
from mathutils import Vector
from mathutils import noise as blender_noise

from ..drape import directions, hanging_share, shoulder_shell, wrap_torso
from ..grids import (
    Grid,
    add_grid,
    along_rows,
    bell,
    distances_along,
    distances_down,
    join,
    noise,
    normals,
    ridges,
    smooth_grid,
    smoothstep,
    unit_interval,
)
from ..mannequin import Mannequin
from ..metalwork import add_dome, add_ring

LYING = 0.55
PLEATS = 68


@dataclass(frozen=True)
class Overfold:
    """The folded cloth with UVs in metres, its first row before folding, and the azimuth of its columns in degrees."""

    points: Grid
    uvs: Grid
    neckline: Grid
    degrees: Grid


def drape_overfold(body: Mannequin, pin_degrees: float, density: float) -> Overfold:
    """From the neck over both shoulders to the waist and the elbows; swags between the pins, pleats below."""
    columns, rows = int(720 * density), int(200 * density)
    s, v = unit_interval(columns, 1), unit_interval(rows, 0)
    azimuth = -math.pi + 2 * math.pi * s + 0 * v
    degrees = np.degrees(azimuth)
    smooth = _lay(body, azimuth, v, density)
    broad, fine = noise(smooth, 5.0, 1), noise(smooth, 12.0, 4)
    from_middle = np.clip(np.abs(degrees) / pin_degrees, 0, 1.4)
    swag = 2 * math.pi * 5.6 * (v + 0.17 * from_middle**2) + 0.55 * broad[..., 0] + 0.30 * fine[..., 1]
    swag = swag + 0.4 * np.sin(degrees / 30)
    swagged = (1 - smoothstep(0.80, 1.12, from_middle)) * (1 - smoothstep(0.36, 0.62, v + 0.10 * from_middle**2))
    swag_depth = 0.0125 * (1 - 0.80 * np.clip(from_middle, 0, 1) ** 2) * (0.85 + 0.35 * broad[..., 2])
    swag_depth = swag_depth * np.clip(v * 7, 0.06, 1)
    pleat = 2 * math.pi * PLEATS * s + 0.60 * broad[..., 1] + 0.25 * fine[..., 0] + 0.5 * np.sin(v * 5 + degrees / 17)
    pleat_depth = (0.0012 + 0.0066 * smoothstep(0.10, 0.75, v)) * (1 + 0.5 * broad[..., 2])
    group = 2 * math.pi * 15 * s + 1.3 * fine[..., 2] + 0.7 * broad[..., 0]
    pleats = pleat_depth * ridges(pleat) + 0.8 * pleat_depth * np.sin(group) * smoothstep(0.3, 0.8, v)
    depth = swagged * (swag_depth * ridges(swag) + 0.0007 * ridges(pleat * 1.5)) + (1 - swagged) * pleats + 0.004
    across, facing = along_rows(smooth), normals(smooth)[0]
    folded = smooth.copy()
    folded[..., 2] -= 0.0030 * smoothstep(0.86, 1.0, v) * np.cos(pleat + 0.6)
    # Pleats lean sideways, but not at the hem: there the woven band would break.
    lean = (1 - swagged) * pleat_depth * 0.40 * np.cos(pleat) * (1 - 0.7 * smoothstep(0.78, 1.0, v))
    folded = folded + facing * depth[..., None] + lean[..., None] * across
    uvs = np.stack([np.tile(distances_along(smooth[-1]) * 1.1, (rows, 1)), distances_down(smooth)], 2)
    return Overfold(folded, uvs, folded[0], degrees[0])


def _lay(body: Mannequin, azimuth: Grid, v: Grid, density: float) -> Grid:
    rows, t = len(v), np.clip(v / LYING, 0, 1)
    ahead, behind = np.clip(np.cos(azimuth), 0, 1) ** 2, np.clip(-np.cos(azimuth), 0, 1) ** 2
    side = np.sin(azimuth) ** 2
    start, resting = 22.5 + 15.0 * ahead - 3 * behind, int(rows * LYING)
    shell = shoulder_shell(
        body,
        azimuth,
        np.radians(start + (84 - start) * t),
        centre=(0, 0.03, 1.27),
        gap=0.018,
        skin_gap=0.020,
        rounds=int(300 * density**2),
        blur=int(10 * density),
        rows=resting,
    )
    fall = join(0 * side, 0 * side, -(0.150 + 0.075 * side)) + directions(azimuth) * (0.012 + 0.022 * side)[..., None]
    shell = smooth_grid(shell + hanging_share(rows, resting)[..., None] * fall, int(60 * density**2))
    ring = shell[:, :-1]
    for _ in range(int(900 * density**2)):
        ring = 0.5 * ring + 0.25 * (np.roll(ring, 1, 1) + np.roll(ring, -1, 1))
    ring = np.concatenate([ring, ring[:, :1]], 1)
    share = (1 - smoothstep(0.06, 0.42, v))[..., None]
    shell = shell * (1 - share) + ring * share
    rise = 0.016 * ahead + 0.008 * side + 0.026 * behind
    roll = np.clip(1 - v / 0.10, 0, 1)[..., None] ** 1.3
    return shell + roll * join(0.004 * np.sin(azimuth), -0.004 * ahead + 0.006 * behind, rise)


def drape_skirt(body: Mannequin, belt_z: float, density: float) -> tuple[Grid, Grid]:
    """The chiton below the overfold, drawn in by the belt and puffed above it; returns it and the belt's line."""
    columns, rows = int(420 * density), int(90 * density)
    azimuth = np.radians(np.linspace(-105, 105, columns))
    heights = np.linspace(1.22, 0.78, rows)[:, None] + 0 * azimuth[None, :]
    cloth = smooth_grid(wrap_torso(body, azimuth, heights, 0.022, 0.12), int(120 * density**2))
    facing = normals(cloth)[0]
    facing = facing * np.sign(-facing[..., 1].mean())
    drawn_in = bell(heights, belt_z, 0.03)
    pleat = 2 * math.pi * 34 * azimuth[None, :] / math.radians(210) + noise(cloth, 6, 2)[..., 0]
    puff = 0.018 * bell(heights, belt_z + 0.046, 0.030)
    depth = 0.0065 * (1 - 0.75 * drawn_in) * ridges(pleat) - 0.010 * drawn_in + puff
    cloth = cloth + facing * depth[..., None]
    row = cloth[int(np.argmin(np.abs(heights[:, 0] - belt_z)))]
    line = smooth_grid(np.repeat(row[None], 3, 0), 200)[1]
    return cloth, join(line[:, 0] * 1.05, line[:, 1] - 0.010, np.full(len(line), belt_z))


def add_sleeve(body: Mannequin, side: str, linen: bpy.types.Material, gold: bpy.types.Material, density: float) -> None:
    """A wide sleeve, pinned along the arm with gold buttons."""
    shoulder, elbow, _ = body.arm(side)
    axis, sign = elbow - shoulder, 1 if side == "l" else -1
    out = Vector((sign, 0, 0))
    out = (out - axis.normalized() * out.dot(axis.normalized())).normalized()
    third = axis.normalized().cross(out)
    rows, columns = int(110 * density), int(420 * density)
    sleeve = np.zeros((rows, columns, 3))
    for row in range(rows):
        t = row / (rows - 1)
        centre = shoulder + axis * (-0.30 + 1.34 * t) + Vector((sign * (0.002 + 0.004 * t), 0, 0))
        cap = min(1, (t / 0.26) ** 0.55) if t else 0.0
        for column in range(columns):
            angle = 2 * math.pi * column / columns
            radius, wobble = _sleeve_radius(angle, t, cap)
            place = centre + out * (math.cos(angle) * radius) + third * (math.sin(angle) * radius * 1.03)
            sleeve[row, column] = (place.x, place.y, place.z - 0.020 * t * t * wobble)
    add_grid("sleeve", sleeve, linen, closed=True, thickness=0.0015)
    way = (out * 0.75 + Vector((0, -0.65, 0))).normalized()
    for share in (0.10, 0.38, 0.66, 0.92):
        row = sleeve[int((share + 0.30) / 1.34 * (rows - 1))]
        place = Vector(row[int(np.argmax(row @ np.array(way)))])
        add_dome(place + way * 0.001, way, 0.0085, gold, 0.55)
        add_ring(place, way, 0.0095, 0.0018, gold)


def _sleeve_radius(angle: float, t: float, cap: float) -> tuple[float, float]:
    """The sleeve's radius with its folds, and the noise they share."""
    x, y = math.cos(angle), math.sin(angle)
    broad = blender_noise.noise(Vector((x * 1.2, y * 1.2, t * 0.9)))
    fine = blender_noise.noise(Vector((x * 2.6, y * 2.6, t * 1.6 + 5)))
    phase = angle * 13 + 3.2 * broad + 1.5 * fine + 0.7 * math.sin(t * 3 + angle * 2)
    fold = math.exp(1.1 * math.cos(phase)) / 1.6 - 0.85
    depth = 0.0012 + 0.0085 * max(0, t - 0.15)
    small = math.sin(phase * 2.4 + 3 * fine)
    radius = (0.066 + 0.012 * t * t) * cap + depth * (fold * 1.15 + 0.22 * small) * (0.8 + 0.8 * fine) + 0.005 * broad
    return radius, broad
