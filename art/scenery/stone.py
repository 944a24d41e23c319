"""Hewn blocks and rocks, roughened by noise."""

from __future__ import annotations

import math
import random
from collections.abc import Sequence

import bmesh
import bpy
from mathutils import Vector, noise

from .geometry import Point, make_box, place_mesh


def add_hewn_block(
    name: str,
    size: Point,
    location: Point,
    material: bpy.types.Material,
    *,
    rotation: Point = (0, 0, 0),
    bevel: float,
    divisions: int,
    roughness_m: float,
    grain: float,
    seed: int,
) -> bpy.types.Object:
    """A block whose faces were never quite flat; `grain` is how fine the unevenness is."""
    shape = make_box(size, bevel)
    _subdivide(shape, max(size) / divisions)
    shape.normal_update()
    shift = Vector((seed * 7.13, seed * 3.7, seed * 1.9))
    for vertex in shape.verts:
        place = vertex.co * grain + shift
        chipped = max(0.0, noise.turbulence(place * 0.5, 3, False) - 0.5)
        uneven = noise.fractal(place, 0.9, 2.1, 5) - 0.6 * chipped
        vertex.co += vertex.normal * roughness_m * uneven
    mesh = bpy.data.meshes.new(name)
    shape.to_mesh(mesh)
    shape.free()
    mesh.shade_smooth()
    mesh.set_sharp_from_angle(angle=math.radians(45))
    return place_mesh(mesh, material, location, rotation)


def _subdivide(shape: bmesh.types.BMesh, longest: float) -> None:
    for _ in range(4):
        edges = [edge for edge in shape.edges if edge.calc_length() > longest]
        if not edges:
            break
        bmesh.ops.subdivide_edges(shape, edges=edges, cuts=1, use_grid_fill=True)
    bmesh.ops.triangulate(shape, faces=[face for face in shape.faces if len(face.verts) > 4])


def add_pebble(
    radius: float, seed: int, proportions: Sequence[float], material: bpy.types.Material, location: Point
) -> None:
    """A small rock: a ball with flats ground into it, then roughened."""
    dice = random.Random(seed)
    flats = []
    for _ in range(10):
        normal = Vector((dice.gauss(0, 1), dice.gauss(0, 1), dice.gauss(0, 1))).normalized()
        flats.append((normal, dice.uniform(0.62, 0.92)))
    shape = bmesh.new()
    bmesh.ops.create_icosphere(shape, subdivisions=3, radius=1.0)
    shift = Vector((seed * 5.1, seed * 1.7, seed * 2.9))
    for vertex in shape.verts:
        place = _roughen(_grind(vertex.co.copy(), flats), vertex.co.normalized(), shift)
        vertex.co = Vector(x * side for x, side in zip(place, proportions, strict=True)) * radius
    mesh = bpy.data.meshes.new("pebble")
    shape.to_mesh(mesh)
    shape.free()
    mesh.shade_smooth()
    place_mesh(mesh, material, location)


def _grind(place: Vector, flats: list[tuple[Vector, float]]) -> Vector:
    for normal, height in flats:
        above = place.dot(normal) - height
        if above > 0:
            place -= normal * above * 0.92
    return place


def _roughen(place: Vector, outwards: Vector, shift: Vector) -> Vector:
    uneven = noise.fractal(place * 1.6 + shift, 0.9, 2.1, 6) * 0.15
    ridges = noise.ridged_multi_fractal(place * 2.2 + shift, 0.9, 2.1, 4, 1.0, 2.0) * 0.021
    return place + outwards * (uneven + ridges)
