"""Shapes: meshes, copies, grids over a height, turned profiles, tubes, cards and boxes. Lengths in metres."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

import bmesh
import bpy
import numpy as np
from mathutils import Vector

Point = Sequence[float]
Faces = Sequence[Sequence[int]]
CARD_UV = [(0, 0), (1, 0), (1, 1), (0, 1)]


def add_to_scene(thing: bpy.types.Object) -> bpy.types.Object:
    """Puts an object into the scene and returns it."""
    bpy.context.scene.collection.objects.link(thing)
    return thing


def add_mesh(
    name: str,
    vertices: Sequence[Point],
    faces: Faces,
    material: bpy.types.Material | None = None,
    *,
    smooth: bool = True,
    location: Point = (0, 0, 0),
    rotation: Point = (0, 0, 0),
    sharp_degrees: float | None = None,
    uvs: Sequence[Point] | None = None,
) -> bpy.types.Object:
    """A mesh from vertices and faces; edges sharper than an angle stay sharp when it is smooth."""
    mesh = bpy.data.meshes.new(name)
    mesh.from_pydata([tuple(vertex) for vertex in vertices], [], faces)
    mesh.update()
    if uvs is not None:
        indices = np.empty(len(mesh.loops), dtype=np.int32)
        mesh.loops.foreach_get("vertex_index", indices)
        mesh.uv_layers.new(name="UVMap").data.foreach_set("uv", np.asarray(uvs, dtype=np.float32)[indices].ravel())
    if smooth:
        mesh.shade_smooth()
    if sharp_degrees is not None:
        mesh.set_sharp_from_angle(angle=math.radians(sharp_degrees))
    return place_mesh(mesh, material, location, rotation)


def place_mesh(
    mesh: bpy.types.Mesh, material: bpy.types.Material | None, location: Point, rotation: Point = (0, 0, 0)
) -> bpy.types.Object:
    """Makes an object of a mesh."""
    if material:
        mesh.materials.append(material)
    thing = bpy.data.objects.new(mesh.name, mesh)
    thing.location, thing.rotation_euler = location, rotation
    return add_to_scene(thing)


def copy_object(
    source: bpy.types.Object, location: Point, rotation: Point = (0, 0, 0), scale: float | Point = 1.0
) -> bpy.types.Object:
    """Another object with the same mesh, which costs no memory."""
    thing = bpy.data.objects.new(source.name, source.data)
    thing.location, thing.rotation_euler = location, rotation
    thing.scale = scale if isinstance(scale, Sequence) else (scale,) * 3
    return add_to_scene(thing)


def grid_faces(columns: int, rows: int) -> list[tuple[int, int, int, int]]:
    """The faces between rows of vertices that are stored one row after the other."""
    corners = ((j * columns + i, (j + 1) * columns + i) for j in range(rows - 1) for i in range(columns - 1))
    return [(low, low + 1, high + 1, high) for low, high in corners]


def add_terrain(
    name: str,
    points: tuple[int, int],
    size: tuple[float, float],
    height: Callable[[float, float], float],
    material: bpy.types.Material,
    centre: tuple[float, float] = (0, 0),
) -> bpy.types.Object:
    """A ground of so many points and metres, as high as `height(x, y)`."""
    xs, ys = (np.linspace(-size[i] / 2, size[i] / 2, points[i]) + centre[i] for i in (0, 1))
    vertices = [(x, y, height(x, y)) for y in ys for x in xs]
    return add_mesh(name, vertices, grid_faces(*points), material)


def add_flat(
    name: str, x: float, near: tuple[float, float], far: tuple[float, float], material: bpy.types.Material
) -> None:
    """A flat ground from -x to x; `near` and `far` are (y, z)."""
    corners = [(-x, *near), (x, *near), (x, *far), (-x, *far)]
    add_mesh(name, corners, [(0, 1, 2, 3)], material, smooth=False)


def add_card(
    name: str, y: float, bottom: float, top: float, width: float, material: bpy.types.Material, x: float = 0
) -> None:
    """An upright picture in the air: it casts no shadow and no light."""
    left, right = x - width / 2, x + width / 2
    corners = [(left, y, bottom), (right, y, bottom), (right, y, top), (left, y, top)]
    card = add_mesh(name, corners, [(0, 1, 2, 3)], material, smooth=False, uvs=CARD_UV)
    card.visible_shadow = card.visible_diffuse = False


def add_lathe(
    name: str,
    profile: Sequence[tuple[float, float]],
    segments: int,
    material: bpy.types.Material,
    *,
    location: Point = (0, 0, 0),
    sharp_degrees: float = 40,
    flutes: int = 0,
    flute_depth: float = 0.0,
    flute_range: tuple[float, float] = (0, 0),
) -> bpy.types.Object:
    """A profile of (radius, height) turned round; between two heights it may be fluted like a column."""
    vertices = []
    for radius, z in profile:
        fluted = flutes and flute_range[0] <= z <= flute_range[1]
        for i in range(segments):
            angle = 2 * math.pi * i / segments
            cut = flute_depth * radius * abs(math.sin(angle * flutes / 2)) if fluted else 0
            vertices.append(((radius - cut) * math.cos(angle), (radius - cut) * math.sin(angle), z))
    faces: list[tuple[int, ...]] = []
    for j in range(len(profile) - 1):
        for i in range(segments):
            after = (i + 1) % segments
            low, high = j * segments, (j + 1) * segments
            faces.append((low + i, low + after, high + after, high + i))
    last = (len(profile) - 1) * segments
    faces += [tuple(range(segments))[::-1], tuple(range(last, last + segments))]
    return add_mesh(name, vertices, faces, material, location=location, sharp_degrees=sharp_degrees)


def add_tubes(
    name: str,
    paths: Sequence[Sequence[Point]],
    radii: Sequence[Sequence[float]],
    material: bpy.types.Material,
    roundness: int,
) -> bpy.types.Object:
    """Round tubes along paths, with a radius at every point, as one curve."""
    curve = bpy.data.curves.new(name, "CURVE")
    curve.dimensions, curve.bevel_depth, curve.bevel_resolution, curve.use_fill_caps = "3D", 1.0, roundness, True
    for path, path_radii in zip(paths, radii, strict=True):
        spline = curve.splines.new("POLY")
        spline.points.add(len(path) - 1)
        spline.use_smooth = True
        for target, point, radius in zip(spline.points, path, path_radii, strict=True):
            target.co, target.radius = (*point, 1), radius
    curve.materials.append(material)
    return add_to_scene(bpy.data.objects.new(name, curve))


def add_box(
    name: str,
    size: Point,
    location: Point,
    material: bpy.types.Material,
    *,
    rotation: Point = (0, 0, 0),
    bevel: float = 0.0,
) -> bpy.types.Object:
    """A box with bevelled edges."""
    mesh = bpy.data.meshes.new(name)
    shape = make_box(size, bevel)
    shape.normal_update()
    shape.to_mesh(mesh)
    shape.free()
    mesh.shade_smooth()
    mesh.set_sharp_from_angle(angle=math.radians(45))
    return place_mesh(mesh, material, location, rotation)


def make_box(size: Point, bevel: float) -> bmesh.types.BMesh:
    """A box to be worked on further."""
    shape = bmesh.new()
    bmesh.ops.create_cube(shape, size=1.0)
    for vertex in shape.verts:
        vertex.co = Vector(x * side for x, side in zip(vertex.co, size, strict=True))
    if bevel:
        bmesh.ops.bevel(shape, geom=shape.edges[:], offset=bevel, segments=2, affect="EDGES", profile=0.6)
    return shape


def make_ball(subdivisions: int) -> tuple[list[Point], list[tuple[int, ...]]]:
    """Vertices and triangles of a ball of radius 1."""
    shape = bmesh.new()
    bmesh.ops.create_icosphere(shape, subdivisions=subdivisions, radius=1.0)
    vertices = [tuple(vertex.co) for vertex in shape.verts]
    faces = [tuple(vertex.index for vertex in face.verts) for face in shape.faces]
    shape.free()
    return vertices, faces
