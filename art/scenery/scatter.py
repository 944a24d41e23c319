"""Thousands of leaves, petals, flakes or puffs as one mesh, and the small shapes that are scattered."""

from __future__ import annotations

import math

import bpy
import numpy as np

from .geometry import Point, add_to_scene

Template = tuple[list[Point], list[tuple[int, int, int]]]


def scatter(
    name: str,
    template: Template,
    points: np.ndarray,
    normals: np.ndarray,
    sizes: float | np.ndarray,
    material: bpy.types.Material,
    seed: int,
    *,
    tangents: np.ndarray | None = None,
) -> bpy.types.Object:
    """Puts a template of triangles at every point, as one mesh.

    A template's z goes along the normal, its y along the tangent (a random one if none is given). Materials find four
    attributes: `rnd`, a random number an instance; `tvx` and `tvy`, the template's x and y; `ctr`, its normal.
    """
    rng = np.random.default_rng(seed)
    shape, triangles = np.asarray(template[0], float), np.asarray(template[1], int)
    points = np.asarray(points, float)
    count, corners = len(points), len(shape)
    normals = _unit(np.asarray(normals, float))
    along = rng.normal(size=(count, 3)) if tangents is None else np.asarray(tangents, float)
    along = _unit(along - (along * normals).sum(1, keepdims=True) * normals)
    across = np.cross(normals, along)
    sizes = np.broadcast_to(np.asarray(sizes, float), (count,))[:, None, None]
    x, y, z = (shape[None, :, axis, None] for axis in range(3))
    vertices = points[:, None] + sizes * (x * across[:, None] + y * along[:, None] + z * normals[:, None])
    faces = (triangles[None] + (np.arange(count) * corners)[:, None, None]).reshape(-1, 3)
    mesh = _make_mesh(name, vertices.reshape(-1, 3), faces)
    _set_attribute(mesh, "rnd", np.repeat(rng.random(count), corners))
    _set_attribute(mesh, "tvx", np.tile(shape[:, 0], count))
    _set_attribute(mesh, "tvy", np.tile(shape[:, 1], count))
    _set_attribute(mesh, "ctr", np.repeat(normals, corners, axis=0))
    mesh.update(calc_edges=True)
    mesh.validate()
    mesh.shade_smooth()
    mesh.materials.append(material)
    return add_to_scene(bpy.data.objects.new(name, mesh))


def _unit(vectors: np.ndarray) -> np.ndarray:
    return vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-9)


def _make_mesh(name: str, vertices: np.ndarray, faces: np.ndarray) -> bpy.types.Mesh:
    """A mesh of triangles straight from arrays: Blender's own way takes minutes for a million."""
    mesh = bpy.data.meshes.new(name)
    mesh.vertices.add(len(vertices))
    mesh.vertices.foreach_set("co", vertices.astype(np.float32).ravel())
    mesh.loops.add(faces.size)
    mesh.loops.foreach_set("vertex_index", faces.astype(np.int32).ravel())
    mesh.polygons.add(len(faces))
    mesh.polygons.foreach_set("loop_start", np.arange(0, faces.size, 3, dtype=np.int32))
    return mesh


def _set_attribute(mesh: bpy.types.Mesh, name: str, values: np.ndarray) -> None:
    kind, field = ("FLOAT", "value") if values.ndim == 1 else ("FLOAT_VECTOR", "vector")
    attribute = mesh.attributes.new(name, kind, "POINT")
    attribute.data.foreach_set(field, values.astype(np.float32).ravel())


def leaf(width: float) -> Template:
    """A pointed leaf of length 1 along y, folded along its middle and curled."""
    steps, fold, curl = 5, 0.06, 0.12
    vertices: list[Point] = []
    for i in range(steps + 1):
        t = i / steps
        half = width * math.sin(math.pi * min(1, t**0.8)) if i < steps else 0
        z = -curl * t * t
        vertices += [(-half, t, z + fold * half / width), (0, t, z), (half, t, z + fold * half / width)]
    faces = []
    for i in range(steps):
        low, high = i * 3, (i + 1) * 3
        for a, b, c, d in ((low, low + 1, high + 1, high), (low + 1, low + 2, high + 2, high + 1)):
            faces += [(a, b, c), (a, c, d)]
    return vertices, faces


def bract(petals: int = 3, cup: float = 0.55, half_angle: float = 0.9) -> Template:
    """A bougainvillea's three papery bracts."""
    vertices: list[Point] = [(0, 0, 0)]
    faces = []
    rim = ((0.55, -1, 0.5), (0.95, -0.55, 1), (1.0, 0, 0.9), (0.95, 0.55, 1), (0.55, 1, 0.5))
    for i in range(petals):
        angle, first = 2 * math.pi * i / petals, len(vertices)
        for radius, turn, rise in rim:
            direction = angle + half_angle * turn
            vertices.append((radius * math.cos(direction), radius * math.sin(direction), cup * rise))
        faces += [(0, first + k, first + k + 1) for k in range(4)]
    return vertices, faces


def ball_points(
    count: int, centre: Point, radii: float | Point, rng: np.random.Generator, shell: float
) -> tuple[np.ndarray, np.ndarray]:
    """Points in a ball or ellipsoid, outside its inner `shell` share, and their directions from the centre."""
    directions = rng.normal(size=(count, 3))
    directions /= np.linalg.norm(directions, axis=1, keepdims=True)
    distance = shell + (1 - shell) * rng.random((count, 1)) ** 0.5
    return np.asarray(centre) + directions * distance * np.asarray(radii), directions
