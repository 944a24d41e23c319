"""Straps and belts: ribbons laid on the body, with rounded edges and rivets."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import bmesh
import bpy
import numpy as np
from mathutils import Vector
from scenery.geometry import add_mesh

from .mannequin import Mannequin
from .metalwork import add_dome

# Across the ribbon, and how far out: half widths and half thicknesses.
PROFILE = ((-0.5, -1), (-0.5, 0), (-0.44, 0.8), (-0.2, 1), (0.2, 1), (0.44, 0.8), (0.5, 0), (0.5, -1))
STEP_M = 0.006


@dataclass(frozen=True)
class Rivets:
    """Rivets down the middle: metres apart, their metal and radius."""

    every: float
    material: bpy.types.Material
    radius: float


def add_strap(
    name: str,
    body: Mannequin,
    points: Sequence[Sequence[float]],
    width: float,
    material: bpy.types.Material,
    *,
    gap: float = 0.0,
    thickness: float = 0.005,
    rivets: Rivets | None = None,
    on_body: bool = True,
    rounds: int = 8,
) -> None:
    """A ribbon through points, drawn down onto the torso or left where they are; UV: 0 to 1 across, metres along."""
    line = _relax(_fill([Vector(point) for point in points]), 6)
    if on_body:
        places = [body.nearest(point) for point in line]
        centres, facing = [place + normal * gap for place, normal in places], [normal for _, normal in places]
    else:
        centres, facing = line, [Vector((0, -1, 0))] * len(line)
    centres, facing = _relax(centres, rounds), [normal.normalized() for normal in _relax(facing, rounds)]
    vertices, uvs = _sweep(centres, facing, width, thickness)
    _add_ribbon(name, vertices, uvs, len(centres), material)
    if rivets:
        covered, next_rivet = 0.0, rivets.every * 0.5
        for before, centre, normal in zip(centres, centres[1:], facing[1:], strict=False):
            covered += (centre - before).length
            if covered > next_rivet:
                next_rivet += rivets.every
                add_dome(centre + normal * thickness * 0.5, normal, rivets.radius, rivets.material)


def _fill(points: list[Vector]) -> list[Vector]:
    """Points between points, so that a ribbon can bend."""
    line = []
    for start, end in zip(points, points[1:], strict=False):
        steps = max(2, int((end - start).length / STEP_M))
        line += [start.lerp(end, step / steps) for step in range(steps)]
    return [*line, points[-1]]


def _relax(line: list[Vector], rounds: int) -> list[Vector]:
    for _ in range(rounds):
        middle = [(a + b * 2 + c) / 4 for a, b, c in zip(line, line[1:], line[2:], strict=False)]
        line = [line[0], *middle, line[-1]]
    return line


def _sweep(
    centres: list[Vector], facing: list[Vector], width: float, thickness: float
) -> tuple[list[Vector], list[tuple[float, float]]]:
    vertices, uvs, along = [], [], 0.0
    for index, centre in enumerate(centres):
        tangent = (centres[min(index + 1, len(centres) - 1)] - centres[max(index - 1, 0)]).normalized()
        normal = (facing[index] - tangent * facing[index].dot(tangent)).normalized()
        across = tangent.cross(normal)
        along += (centre - centres[index - 1]).length if index else 0
        vertices += [centre + across * (x * width) + normal * (h * thickness * 0.5) for x, h in PROFILE]
        uvs += [(x + 0.5, along) for x, _ in PROFILE]
    return vertices, uvs


def _add_ribbon(
    name: str, vertices: list[Vector], uvs: list[tuple[float, float]], count: int, material: bpy.types.Material
) -> None:
    k = len(PROFILE)
    faces: list[tuple[int, ...]] = []
    for row in range(count - 1):
        faces += [(row * k + j, row * k + j + 1, (row + 1) * k + j + 1, (row + 1) * k + j) for j in range(k - 1)]
    faces += [tuple(range(k)), tuple(range((count - 1) * k, count * k))[::-1]]
    ribbon = add_mesh(name, vertices, faces, material, uvs=uvs, sharp_degrees=50)
    shape = bmesh.new()
    shape.from_mesh(ribbon.data)
    bmesh.ops.recalc_face_normals(shape, faces=shape.faces)
    shape.to_mesh(ribbon.data)
    shape.free()


def belt_line(z: float, reach: float = 2.0, dip: float = 0.0) -> list[tuple[float, float, float]]:
    """Points round the front of the body at one height, to be drawn down onto it."""
    return [(0.30 * math.sin(a), -0.30 * math.cos(a), z - dip * math.cos(a)) for a in np.linspace(-reach, reach, 60)]
