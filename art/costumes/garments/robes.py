"""Robes of the mystics: the inner robe, a stole down the middle, a cowl, a hood and a high collar."""

from __future__ import annotations

import math

import bpy
import numpy as np

from ..drape import lift_off_skin
from ..grids import (
    Grid,
    add_grid,
    face_outwards,
    join,
    noise,
    normals,
    ridges,
    smooth_line,
    smoothstep,
    unit,
    unit_interval,
)
from ..mannequin import Mannequin
from ..metalwork import add_tube
from ..straps import add_strap
from .armour import add_shell

Material = bpy.types.Material
COLLAR_REACH = 2.62


def add_robe(body: Mannequin, material: Material, top: float) -> None:
    """Close to the body, wrinkled."""

    def covered(x: float, y: float, z: float) -> bool:
        return 0.75 < z < top and not (abs(x) > 0.20 and z < 1.2)

    add_shell("robe", body, covered, material, 0.014, wrinkles=0.010, frequency=13, upright=0.54)


def stole_line(body: Mannequin, top: float, bottom: float) -> Grid:
    """Down the middle of the front, on the skin."""
    heights = np.linspace(top, bottom, 64)
    depth = [min(body.nearest((x, -0.4, z))[0].y for x in (-0.035, 0, 0.035)) for z in heights]
    smooth = smooth_line(np.array(depth)[:, None], 60)[:, 0]
    return join(np.zeros(64), smooth, heights)


def add_stole(body: Mannequin, line: Grid, gap: float, width: float, material: Material) -> None:
    """A band that hangs down the middle."""
    points = [tuple(point) for point in line - (0, gap, 0)]
    add_strap("stole", body, points, width, material, on_body=False)


def drape_cowl(body: Mannequin, density: float) -> Grid:
    """A thick roll round the neck, open enough for a chin; smooth functions only, or its halves would cross."""
    columns, rows = int(360 * density), int(80 * density)
    a, q = np.linspace(0, 2 * math.pi, columns, endpoint=False)[None, :], unit_interval(rows, 0)

    def soft(value: Grid) -> Grid:
        return 0.5 * (value + np.sqrt(value * value + 0.09)) - 0.02

    ahead, behind, side = soft(np.cos(a)), soft(-np.cos(a)), np.sin(a) ** 2
    inner, outer = 0.078 + 0.012 * side, 0.150 + 0.036 * side + 0.005 * ahead
    radius = inner + (outer - inner) * q
    high, low = 1.362 + 0.020 * side + 0.080 * behind, 1.295 - 0.075 * ahead - 0.040 * side + 0.02 * behind
    z = high + (low - high) * q**1.35 + 0.022 * np.sin(math.pi * np.clip(q * 1.1, 0, 1))
    cowl = join(radius * np.sin(a), -radius * np.cos(a) * 0.92 + 0.018, z)
    broad, fine = noise(cowl, 7, 9), noise(cowl, 15, 3)
    facing = normals(cowl, closed=True)[0]
    facing = facing * (np.sign(facing[..., 2].mean()) or 1)
    phase = 2 * math.pi * 3.4 * q + 1.9 * broad[..., 0] + 0.6 * fine[..., 1] + 0.9 * np.sin(a * 2 + 1)
    gap = 0.054 - 0.022 * np.clip((q - 0.72) / 0.28, 0, 1) ** 1.5 + 0 * a
    cowl = lift_off_skin(body, cowl, gap, blur=int(8 * density), closed=True)
    cowl[..., 2] -= 0.012 * np.clip((q - 0.70) / 0.30, 0, 1) ** 2 * side
    calm = np.clip(q * 4, 0.12, 1) * (1 - 0.62 * side * np.clip((q - 0.55) * 4, 0, 1))
    folds = 0.0145 * ridges(phase) * (1 + 0.4 * broad[..., 1]) * calm + 0.006
    folds = folds + 0.0042 * ridges(phase * 2.3 + fine[..., 0] * 2) + 0.0016 * ridges(phase * 4.6 + fine[..., 1] * 3)
    return _clear_neck(cowl + facing * folds[..., None])


def _clear_neck(cowl: Grid) -> Grid:
    """No cloth inside the neck: it would show over the guest's throat."""
    radius = np.hypot(cowl[..., 0], cowl[..., 1] - 0.008)
    outside = 0.5 * (radius + 0.094 + np.sqrt((radius - 0.094) ** 2 + 0.0003))
    upper = np.clip((cowl[..., 2] - 1.37) / 0.04, 0, 1)
    factor = (1 - upper) + upper * outside / np.maximum(radius, 1e-3)
    return join(cowl[..., 0] * factor, 0.008 + (cowl[..., 1] - 0.008) * factor, cowl[..., 2])


def add_hood(materials: tuple[Material, Material, Material], cord: Material, density: float) -> None:
    """An arch of cross-sections from the rim to the back of the head; materials of hood, back and rim."""
    columns, rows = int(240 * density), int(110 * density)
    t, d = np.linspace(-1, 1, columns)[None, :], unit_interval(rows, 0)
    angle = t * math.pi * 0.80
    width = 0.143 + 0.022 * np.sin(math.pi * d) - 0.05 * d**3
    top = 0.192 + 0.014 * np.sin(math.pi * d) - 0.075 * d**2.2
    low = np.clip((np.abs(t) - 0.55) / 0.45, 0, 1)
    peak = np.cos(angle) * top * (1 + 0.10 * np.exp(-((t / 0.18) ** 2)))
    z = 1.60 + np.where(np.cos(angle) > 0, peak, np.cos(angle) * 0.29 * (1 - 0.25 * d))
    y = -0.105 + 0.055 * (1 - np.clip(np.cos(angle), 0, 1)) * (1 - d) + 0.30 * d**0.9
    y = y - 0.018 * np.exp(-((t / 0.3) ** 2)) * (1 - d)
    hood = join(np.sin(angle) * width * (1 + 0.20 * low**1.3), y, z)
    broad, fine = noise(hood, 6, 12), noise(hood, 14, 13)
    facing = normals(hood)[0]
    facing = facing * np.sign(((hood - np.array([0, 0.03, 1.58])) * facing).sum(2, keepdims=True))
    round_fold = 2 * math.pi * 2.2 * d + 1.4 * broad[..., 0] + 2.2 * np.abs(t)
    long_fold = 2 * math.pi * 5 * np.abs(t) + 1.5 * broad[..., 1] + 1.5 * d
    folds = 0.0085 * ridges(round_fold) * np.clip(d * 6, 0, 1) * (0.6 + 0.6 * np.abs(t))
    # The rim stays calm: its embroidery is seen from the front.
    crumple = 0.006 * broad[..., 2] + 0.008 * low * ridges(long_fold) + 0.004 * fine[..., 2]
    hood = hood + facing * (folds + crumple * np.clip(d * 6, 0.15, 1))[..., None]
    end = hood[-1]
    cap = end.mean(0) + np.array([0, 0.03, 0.02])
    closing = [end * (1 - share) + cap * share for share in (0.25, 0.5, 0.75, 1.0)]
    add_grid("hood", np.concatenate([hood, np.array(closing)], 0), materials[0], thickness=0.004)
    add_grid("hood back", _fan(end[0], end[-1], cap), materials[1])
    _add_rim(hood[0], materials[2], cord)


def _fan(first: Grid, last: Grid, cap: Grid) -> Grid:
    """Cloth between the ends of the arch, behind the neck."""
    rows = []
    for k in np.linspace(-1.6, 1.0, 24):
        start, end = first * (1 - k) + cap * k, last * (1 - k) + cap * k
        shares = np.linspace(-0.25, 1.25, 24)[:, None]
        rows.append(start * (1 - shares) + end * shares + np.array([[0, 0.02, 0]]) * np.sin(math.pi * shares))
    return np.array(rows)


def _add_rim(rim: Grid, material: Material, cord: Material) -> None:
    """A rolled edge whose signs face forwards, between two cords."""
    outwards = rim - np.array([0, rim[:, 1].mean(), 1.58])
    outwards[:, 1] = 0
    outwards, rows = unit(outwards), []
    for t in np.linspace(0, 1, 9):
        forwards = -0.012 * math.cos(t * 2.4) + 0.016 * t * t - 0.003
        rows.append(rim + outwards * (-0.004 + 0.030 * t) + np.array([0, forwards, 0]))
    add_grid("rim", np.array(rows), material, thickness=0.004)
    add_tube("cord", rows[0], 0.0042, cord)
    add_tube("cord", rows[-1], 0.003, cord)


def add_high_collar(outside: Material, inside: Material, cord: Material, density: float) -> None:
    """Two pointed wings, open in front; inside and outside are two cloths with a cord along the edge."""
    along = np.linspace(-COLLAR_REACH, COLLAR_REACH, int(300 * density))[None, :]
    q, azimuth, share = unit_interval(int(60 * density), 0), along + math.pi, np.abs(along) / COLLAR_REACH
    behind, ahead = np.clip(-np.cos(azimuth), 0, 1) ** 2, np.clip(np.cos(azimuth), 0, 1) ** 2
    side, wing = np.sin(azimuth) ** 2, np.exp(-(((share - 0.62) / 0.21) ** 2))
    height = 0.100 + 0.052 * behind + 0.042 * wing - 0.035 * smoothstep(0.86, 1.0, share)
    flare = 0.014 + 0.030 * wing + 0.016 * behind + 0.020 * ahead
    radius = 0.096 + 0.014 * side + flare * q**1.5
    z = 1.386 - 0.040 * ahead + 0.030 * behind + height * q - 0.006 * np.sin(math.pi * q)
    y = -radius * np.cos(azimuth) * 0.95 + 0.018 + 0.016 * q * behind
    collar, centre = join(radius * np.sin(azimuth), y, z), (0, 0.02, 1.45)
    lining = collar + (np.array(centre) - collar) * np.array([1, 1, 0]) * 0.030
    face_outwards(add_grid("collar", collar, outside), centre)
    face_outwards(add_grid("lining", lining, inside), centre, inwards=True)
    edge = np.concatenate([collar[::-1, 0], 0.5 * (collar[-1] + lining[-1]), collar[:, -1]])
    add_tube("cord", edge, 0.0036, cord)


def belt_round(body: Mannequin, z: float, gap: float, stole_y: float) -> Grid:
    """A belt's line round the front at one height, over the stole."""
    line = []
    for angle in np.linspace(-1.6, 1.6, 60):
        way = np.array([math.sin(angle), -math.cos(angle), 0])
        start = np.array([0, 0.02, z])
        hit = body.torso.ray_cast(tuple(start + way * 0.6), tuple(-way), 0.6)[0]
        line.append(np.array(hit) + way * gap)
    line = smooth_line(np.array(line), 60)
    line[:, 1] = np.minimum(line[:, 1], np.where(np.abs(line[:, 0]) < 0.05, stole_y, 9)) - 0.004
    return smooth_line(line, 12)
