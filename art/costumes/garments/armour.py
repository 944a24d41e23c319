"""Armour and what lies under it: shells of the skin, leather scales with studs, and chain mail of single rings."""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Iterator

import bpy
import numpy as np
from mathutils import Vector
from mathutils import noise as blender_noise
from scenery.materials import make_material, surface
from scenery.nodes import ShaderGraph, Value
from scenery.scatter import scatter

from ..grids import Grid, subdivide
from ..mannequin import Mannequin

Where = Callable[[float, float, float], bool]
Template = tuple[list[tuple[float, float, float]], list[tuple[int, int, int]]]

SCALE_M, SCALE_ROW_M = 0.036, 0.0235
RING_M, WIRE_M = 0.0052, 0.00098
MAIL_STEP_M, MAIL_ROW_M, MAIL_TILT = 0.0080, 0.0056, 0.62


def add_shell(
    name: str,
    body: Mannequin,
    where: Where,
    material: bpy.types.Material,
    gap: float,
    *,
    wrinkles: float = 0.0,
    frequency: float = 18,
    upright: float = 1.0,
    relief: float = 0.0,
    levels: int = 2,
    thickness: float = 0.0,
) -> bpy.types.Object:
    """Part of the skin moved outwards: a tunic with wrinkles, or a cuirass with the muscles' `relief` exaggerated."""
    thing = body.add_part(name, where, material)
    mesh = thing.data
    points, facing = read_vectors(mesh.vertices, "co"), read_vectors(mesh.vertices, "normal")
    scale = np.array([frequency, frequency, frequency * upright])
    offset = np.full(len(points), gap)
    if wrinkles:
        offset += wrinkles * np.array([blender_noise.fractal(Vector(p * scale), 0.8, 2.0, 4) for p in points])
    if relief:
        offset += relief * _relief(mesh, points, facing)
    mesh.vertices.foreach_set("co", (points + facing * offset[:, None]).ravel())
    mesh.update()
    if thickness:
        solid = thing.modifiers.new("thickness", "SOLIDIFY")
        solid.thickness, solid.offset = thickness, 1
    subdivide(thing, levels)
    return thing


def read_vectors(elements: bpy.types.bpy_prop_collection, field: str) -> Grid:
    """One vector a vertex, as an array."""
    values = np.empty(len(elements) * 3)
    elements.foreach_get(field, values)
    return values.reshape(-1, 3)


def _relief(mesh: bpy.types.Mesh, points: Grid, facing: Grid) -> Grid:
    """How far each vertex in front stands above its smoothed surroundings."""
    edges = np.empty(len(mesh.edges) * 2, np.int32)
    mesh.edges.foreach_get("vertices", edges)
    edges = edges.reshape(-1, 2)
    degree = np.maximum(np.bincount(edges.ravel(), minlength=len(points)), 1)[:, None]
    smooth = points.copy()
    for _ in range(14):
        total = np.zeros_like(smooth)
        np.add.at(total, edges[:, 0], smooth[edges[:, 1]])
        np.add.at(total, edges[:, 1], smooth[edges[:, 0]])
        smooth = 0.5 * smooth + 0.5 * total / degree
    return np.clip(((points - smooth) * facing).sum(1), -0.012, 0.012) * (points[:, 1] < 0.06)


def add_scales(body: Mannequin, where: Where, stud: bpy.types.Material) -> None:
    """Leather scales in rows from below, each with a stud."""
    points, facing, down, sizes, studs = [], [], [], [], []
    for row in range(17):
        z, step = 0.93 + row * SCALE_ROW_M, SCALE_M * 0.98 / 0.165
        for number in range(-13, 14):
            angle = (number + (0.5 if row % 2 else 0)) * step
            way = Vector((math.sin(angle), -math.cos(angle), 0))
            hit, normal, _, _ = body.torso.ray_cast(Vector((0, 0.02, z)) + way * 0.6, -way, 0.6)
            if abs(angle) > 1.75 or hit is None or not where(hit.x, hit.y, hit.z - 0.01):
                continue
            fall = Vector((0, 0, -1)) + normal * normal.z
            fall.normalize()
            jitter = Vector((random.gauss(0, 0.03), 0, random.gauss(0, 0.03)))
            points.append(hit + normal * 0.024)
            facing.append((normal - fall * 0.10 + jitter).normalized())
            down.append(fall + normal * 0.12)
            sizes.append(SCALE_M * random.uniform(0.97, 1.05))
            studs.append((hit + normal * 0.0315 + fall * 0.012, normal))
    leather = make_material("scale", _scale_leather)
    scatter("scales", _scale(), _array(points), _array(facing), np.array(sizes), leather, 4, tangents=_array(down))
    scatter("studs", _stud(), _array([p for p, _ in studs]), _array([n for _, n in studs]), 0.0042, stud, 5)


def _array(vectors: list[Vector]) -> Grid:
    return np.array([tuple(vector) for vector in vectors])


def _quads(columns: int, rows: int) -> list[tuple[int, int, int]]:
    """Triangles of a grid of vertices."""
    faces = []
    for j in range(rows):
        for i in range(columns):
            a, b = j * (columns + 1) + i, (j + 1) * (columns + 1) + i
            faces += [(a, a + 1, b + 1), (a, b + 1, b)]
    return faces


def _scale() -> Template:
    """A tongue with a round end and a raised edge, its length along y."""
    columns, rows, vertices = 8, 10, []
    for j in range(rows + 1):
        y = j / rows
        half = 0.5 * (1 if y < 0.45 else math.sqrt(max(0, 1 - ((y - 0.45) / 0.55) ** 2)))
        for i in range(columns + 1):
            across = i / columns * 2 - 1
            x = across * half
            edge = 0.05 if abs(across) > 0.72 or j > rows - 2 else 0
            vertices.append((x, y * 1.25, 0.16 * (1 - (2 * x) ** 2 * 0.8) * (0.5 + 0.5 * y) + edge))
    return vertices, _quads(columns, rows)


def _stud() -> Template:
    angles = np.linspace(0, 2 * math.pi, 9)[:-1]
    tilts = (1.5, 1.1, 0.6, 0.02)
    vertices = [
        (math.cos(a) * math.sin(tilt), math.sin(a) * math.sin(tilt), math.cos(tilt) * 0.7)
        for tilt in tilts
        for a in angles
    ]
    faces = []
    for j in range(3):
        for i in range(8):
            a, b = j * 8 + i, j * 8 + (i + 1) % 8
            faces += [(a, b, b + 8), (a, b + 8, a + 8)]
    return vertices, faces


def _scale_leather(graph: ShaderGraph) -> Value:
    place = graph.object_place()
    broad, fine, along = graph.noise(place, 16, 8, 0.65), graph.noise(place, 120, 5, 0.62), graph.attribute("tvy")
    tone = graph.attribute("rnd") * 0.6 + graph.remap(broad, 0.3, 0.7, 0, 0.5)
    colour = graph.mix(tone, (0.014, 0.007, 0.004), (0.070, 0.030, 0.013))
    worn = graph.remap(along, 0.92, 1.25) * graph.remap(fine, 0.35, 0.62, 0.1, 1)
    worn = graph.math("MAXIMUM", worn, graph.remap(fine, 0.66, 0.76, 0, 0.5))
    rough = graph.remap(fine, 0.3, 0.7, 0.34, 0.62)
    bump = graph.bump(graph.cells(place, 430) + fine, 0.35, 0.0014)
    return surface(graph, Base_Color=graph.mix(worn, colour, (0.30, 0.17, 0.09)), Roughness=rough, Normal=bump)


def add_mail(body: Mannequin, arms: tuple[str, ...]) -> None:
    """Some eight thousand real rings round the torso and the given arms, rows tilted in turn."""
    rings = list(_torso_rings(body))
    for side in arms:
        rings += _sleeve_rings(body, side)
    points, facing, down = (_array([ring[part] for ring in rings]) for part in range(3))
    scatter("mail", _ring(), points, facing, 1.0, make_material("mail", _mail_iron), 4, tangents=down)


Ring = tuple[Vector, Vector, Vector]
Hit = Callable[[Vector, Vector], tuple[Vector | None, Vector]]


def _row_of_rings(
    centre: Vector, axis: Vector, first: Vector, second: Vector, reach: float, tilt: float, find: Hit
) -> Iterator[Ring]:
    """Rings round an axis, at equal distances on the surface that `find` gives for a direction."""
    angle = -reach
    while angle < reach:
        way = first * math.cos(angle) + second * math.sin(angle)
        point, normal = find(centre, way)
        if point is None:
            angle += 0.03
            continue
        along = (axis - normal * axis.dot(normal)).normalized()
        yield point + normal * 0.0035, (normal + along * tilt).normalized(), along
        angle += MAIL_STEP_M / max(0.03, (point - centre).length)


def _torso_rings(body: Mannequin) -> Iterator[Ring]:
    def find(centre: Vector, way: Vector) -> tuple[Vector | None, Vector]:
        hit, normal, _, _ = body.torso.ray_cast(centre + way * 0.6, -way, 0.6)
        if hit is None or (hit - centre).length > 0.235:
            return None, Vector()
        return hit + normal * 0.018, normal

    for row, z in enumerate(np.arange(0.80, 1.42, MAIL_ROW_M)):
        turn = 0.5 * MAIL_STEP_M / 0.16 if row % 2 else 0
        first = Vector((math.sin(turn), -math.cos(turn), 0))
        second = Vector((math.cos(turn), math.sin(turn), 0))
        tilt = MAIL_TILT if row % 2 else -MAIL_TILT
        yield from _row_of_rings(Vector((0, 0, z)), Vector((0, 0, -1)), first, second, 1.75, tilt, find)


def _sleeve_rings(body: Mannequin, side: str) -> Iterator[Ring]:
    shoulder, elbow, _ = body.arm(side)
    axis, length = (elbow - shoulder).normalized(), (elbow - shoulder).length
    out = Vector((0.6 if side == "l" else -0.6, -0.8, 0))
    out = (out - axis * out.dot(axis)).normalized()
    third = axis.cross(out)
    for row, at in enumerate(np.arange(-0.02, 0.80 * length, MAIL_ROW_M)):

        def find(centre: Vector, way: Vector, at: float = at) -> tuple[Vector | None, Vector]:
            hit, normal, _, _ = body.whole.ray_cast(centre + way * 0.25, -way, 0.25)
            if hit is None:
                return None, Vector()
            loose = 0.020 + 0.012 * max(0, at / length - 0.2)
            return hit + normal * loose, (normal * 0.5 + way * 0.5).normalized()

        turn = 0.5 * MAIL_STEP_M / 0.07 if row % 2 else 0
        first = out * math.cos(turn) + third * math.sin(turn)
        second = third * math.cos(turn) - out * math.sin(turn)
        tilt = MAIL_TILT if row % 2 else -MAIL_TILT
        yield from _row_of_rings(shoulder + axis * at, axis, first, second, 1.9, tilt, find)


def _ring() -> Template:
    around, section = 12, 6
    vertices, faces = [], []
    for i in range(around):
        a = 2 * math.pi * i / around
        for j in range(section):
            c = 2 * math.pi * j / section
            radius = RING_M + WIRE_M * math.cos(c)
            vertices.append((radius * math.cos(a), radius * math.sin(a) * 0.94, WIRE_M * math.sin(c)))
    for i in range(around):
        for j in range(section):
            p, q = i * section + j, i * section + (j + 1) % section
            u, w = (i + 1) % around * section + j, (i + 1) % around * section + (j + 1) % section
            faces += [(p, u, w), (p, w, q)]
    return vertices, faces


def _mail_iron(graph: ShaderGraph) -> Value:
    place = graph.object_place()
    rust = graph.remap(graph.noise(place, 30, 5, 0.6), 0.56, 0.72, 0, 0.75)
    colour = graph.mix(graph.attribute("rnd"), (0.34, 0.33, 0.32), (0.62, 0.60, 0.57))
    colour = graph.mix(rust, colour, (0.16, 0.075, 0.035))
    rough = graph.remap(graph.noise(place, 400, 2, 0.6), 0.3, 0.7, 0.20, 0.42)
    return surface(graph, Base_Color=colour, Metallic=1.0 - rust * 0.6, Roughness=rough)
