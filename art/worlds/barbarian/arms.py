"""What hangs on the pillars: banners on poles, and shields over crossed axes."""

from __future__ import annotations

import math

import bpy

from scenery.geometry import add_lathe, add_mesh, add_to_scene, add_tubes, grid_faces

from .materials import Materials

# x, y, z of the pole, width, height, and where in their swing the folds are.
BANNERS = [
    (-2.45, 1.78, 5.25, 0.92, 2.5, 1),
    (2.45, 1.78, 5.25, 0.92, 2.4, 4),
    (-2.5, 5.42, 5.0, 0.85, 2.2, 2),
    (2.5, 5.42, 5.0, 0.85, 2.2, 6),
]
BANNER_POINTS = (40, 70)
AXE_BLADE = [(0.02, 0.10), (0.16, 0.17), (0.30, 0.30), (0.335, 0.10)]
AXE_BLADE += [(0.335, -0.08), (0.29, -0.27), (0.15, -0.08), (0.02, -0.04)]
AXE_TILT = 0.75
RIVETS = 16


def build(materials: Materials) -> None:
    """Hangs all of it."""
    for banner in BANNERS:
        _hang_banner(materials, *banner)
    for side in (-1, 1):
        _hang_shield(materials, (side * 2.20, 5.40, 2.75), 0.46, -side * 0.12)


def _hang_banner(materials: Materials, x: float, y: float, z: float, width: float, height: float, phase: float) -> None:
    columns, rows = BANNER_POINTS
    vertices, uvs = [], []
    for j in range(rows):
        t = j / (rows - 1)
        for i in range(columns):
            s = i / (columns - 1)
            swing = 0.055 * t * math.sin(s * 9 + phase + t * 1.5) + 0.10 * t * t * math.sin(t * 4 + phase)
            folds = 0.02 * math.sin(s * 23 + t * 6)
            vertices.append(((s - 0.5) * width * (1 - 0.04 * math.sin(t * 3)), swing + folds, -t * height))
            uvs.append((s, 1 - t))
    # Blender takes where a banner is torn from its name.
    add_mesh("banner", vertices, grid_faces(columns, rows), materials.cloth, location=(x, y, z), uvs=uvs)
    ends = [(x - width * 0.62, y - 0.02, z + 0.02), (x + width * 0.62, y - 0.02, z + 0.02)]
    add_tubes("pole", [ends], [[0.035, 0.035]], materials.wood, 5)


def _hang_shield(materials: Materials, location: tuple[float, float, float], radius: float, turn: float) -> None:
    """The parts lie flat and are turned upright together."""
    holder = add_to_scene(bpy.data.objects.new("shield", None))
    holder.location, holder.rotation_euler = location, (math.radians(90), 0, turn)
    r = radius
    parts = [
        add_lathe("rim", [(r * 0.90, 0), (r, 0), (r * 1.02, 0.03), (r, 0.06), (r * 0.90, 0.06)], 64, materials.iron),
        add_lathe(
            "board", [(r * 0.92, 0.0), (r * 0.92, 0.03), (r * 0.6, 0.055), (r * 0.2, 0.07)], 64, materials.leather
        ),
        add_lathe("boss", [(r * 0.30, 0.05), (r * 0.29, 0.09), (r * 0.2, 0.15), (r * 0.08, 0.18)], 40, materials.steel),
    ]
    parts += [_add_rivet(materials, r, 2 * math.pi * number / RIVETS) for number in range(RIVETS)]
    for side in (-1, 1):
        parts += _add_axe(materials, r, side)
    for part in parts:
        part.parent = holder


def _add_rivet(materials: Materials, radius: float, angle: float) -> bpy.types.Object:
    bpy.ops.mesh.primitive_uv_sphere_add(radius=radius * 0.045, segments=12, ring_count=8)
    rivet = bpy.context.object
    rivet.data.materials.append(materials.steel)
    rivet.data.shade_smooth()
    rivet.location = (math.cos(angle) * radius * 0.95, math.sin(angle) * radius * 0.95, 0.06)
    return rivet


def _add_axe(materials: Materials, radius: float, side: int) -> list[bpy.types.Object]:
    ends = [(0, -radius * 1.45, -0.02), (0, radius * 1.45, -0.02)]
    haft = add_tubes("haft", [ends], [[0.028, 0.026]], materials.wood, 5)
    count = len(AXE_BLADE)
    vertices = [(-side * x, y + radius * 1.25, z - 0.02) for z in (-0.012, 0.012) for x, y in AXE_BLADE]
    edge = [(i, (i + 1) % count, count + (i + 1) % count, count + i) for i in range(count)]
    faces = [tuple(range(count))[::-1], tuple(range(count, 2 * count)), *edge]
    blade = add_mesh("blade", vertices, faces, materials.steel, smooth=False)
    haft.rotation_euler = blade.rotation_euler = (0, 0, side * AXE_TILT)
    return [haft, blade]
