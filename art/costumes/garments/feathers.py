"""A mantle of feathers, row over row."""

from __future__ import annotations

import math

import numpy as np
from scenery.materials import make_material, surface
from scenery.nodes import ShaderGraph, Value
from scenery.scatter import Template, scatter

from .. import fabrics
from ..drape import directions, hanging_share, shoulder_shell
from ..grids import Grid, add_grid, join, normals, outward_normals, sample, smooth_grid, unit, unit_interval
from ..mannequin import Mannequin

COLUMNS, ROWS, FEATHER_ROWS, LYING = 240, 60, 15, 0.8
HALF_WIDTH = 0.21


def add_feather_mantle(body: Mannequin) -> Grid:
    """Some thousand feathers over the shoulders; returns the cloth that they lie on."""
    cloth = _lay(body)
    facing, down = outward_normals(cloth, (0, 0.03, 1.22)), normals(cloth)[1]
    add_grid("base", cloth, fabrics.plain("base", (0.004, 0.010, 0.016)))
    rng = np.random.default_rng(3)
    girth = np.linalg.norm(np.diff(cloth, axis=1), axis=2).sum(1)
    points, backs, ways, sizes = [], [], [], []
    for row in range(FEATHER_ROWS):
        v = 0.985 - (row / (FEATHER_ROWS - 1)) ** 0.92 * 0.965
        place, length = v * (ROWS - 1), 0.040 + 0.085 * v**1.4
        count = int(girth[int(place)] / (length * 0.27))
        columns = (np.arange(count) + (0.5 if row % 2 else 0) + rng.uniform(-0.22, 0.22, count)) / count * (COLUMNS - 1)
        # The uppermost rows stay clear of the throat, where they would stick up as tufts.
        margin = 1.2 if v > 0.16 else COLUMNS * 0.075
        columns = columns[(columns > margin) & (columns < COLUMNS - 1.01 - margin)]
        rows = np.clip(min(place, ROWS - 1.01) + rng.uniform(-0.35, 0.35, len(columns)), 0, ROWS - 1.01)
        point, normal, way = (sample(grid, columns, rows) for grid in (cloth, facing, down))
        across = np.cross(normal, way)
        way = unit(way + across * rng.normal(0, 0.13, len(columns))[:, None])
        size = length * rng.uniform(0.85, 1.18, len(columns))
        points.append(point - way * size[:, None] * 0.35 + normal * 0.004)
        tilt = way * (0.02 + 0.10 * rng.random(len(columns)))[:, None]
        backs.append(normal - tilt + across * rng.normal(0, 0.10, len(columns))[:, None])
        ways.append(way)
        sizes.append(size)
    material = make_material("feather", _raven)
    joined = [np.concatenate(part) for part in (points, backs, sizes, ways)]
    scatter("feathers", _feather(), *joined[:3], material, 5, tangents=joined[3])
    return cloth


def _lay(body: Mannequin) -> Grid:
    s, v = unit_interval(COLUMNS, 1), unit_interval(ROWS, 0)
    gap = np.radians(7 + 10 * v**1.2)
    azimuth = gap + (2 * math.pi - 2 * gap) * s
    polar, resting = np.radians(33 + 53 * np.clip(v / LYING, 0, 1) + 0 * s), int(ROWS * LYING)
    shell = shoulder_shell(body, azimuth, polar, gap=0.040, skin_gap=0.046, rounds=60, blur=5, rows=resting)
    fall = join(0 * azimuth, 0 * azimuth, -0.075 + 0 * azimuth) + directions(azimuth) * 0.012
    return smooth_grid(shell + hanging_share(ROWS, resting)[..., None] * fall, 20)


def _feather() -> Template:
    """A feather of length 1 along y, arched, with an uneven edge."""
    columns, rows = 8, 14
    vertices, faces = [], []
    for j in range(rows + 1):
        y = j / rows
        half = HALF_WIDTH * min(1, y / 0.10 + 0.25)
        if y >= 0.55:
            half *= math.sqrt(max(0, 1 - ((y - 0.55) / 0.45) ** 2.2))
        for i in range(columns + 1):
            x = i / columns * 2 - 1
            arch = 0.055 * (1 - x * x) * (0.3 + y) + 0.035 * y - 0.05 * y * y
            vertices.append((x * half, y - 0.05 * abs(x) * (y > 0.2), arch + 0.012 * math.sin(y * 9 + i) * abs(x)))
    for j in range(rows):
        for i in range(columns):
            a, b = j * (columns + 1) + i, (j + 1) * (columns + 1) + i
            faces += [(a, a + 1, b + 1), (a, b + 1, b)]
    return vertices, faces


def _raven(graph: ShaderGraph) -> Value:
    """Black barbs that shine teal and, at a low angle, violet; a pale shaft."""
    along = graph.attribute("tvy")
    across = abs(graph.attribute("tvx"))
    barbs = graph.math("SINE", (along - across * 0.9) * 210)
    facing = graph.value(graph.node("LayerWeight", {"Blend": 0.42}), "Facing")
    colour = graph.mix(graph.attribute("rnd"), (0.006, 0.085, 0.110), (0.012, 0.034, 0.120))
    colour = graph.mix(graph.remap(facing, 0.15, 0.75), colour, (0.150, 0.040, 0.330))
    colour = graph.mix(graph.remap(along, 0.05, 0.7, 0.85, 0), colour, (0.002, 0.005, 0.010))
    colour = graph.mix(graph.remap(along, 0.86, 1.0, 0, 0.5), colour, (0.07, 0.34, 0.38))
    colour = graph.mix(graph.remap(barbs, -1, 1, 0, 0.45), colour, (0.001, 0.003, 0.006))
    shaft = graph.math("LESS_THAN", across, 0.008)
    colour = graph.mix(shaft * 0.7, colour, (0.12, 0.26, 0.30))
    rough = graph.remap(graph.noise(graph.object_place(), 70, 4, 0.6), 0.3, 0.7, 0.34, 0.52)
    bump = graph.bump(barbs + shaft * 2.0, 0.30, 0.0010)
    return surface(graph, Base_Color=colour, Metallic=0.55, Roughness=rough, Sheen_Weight=0.15, Normal=bump)
