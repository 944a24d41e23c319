"""Small hard things: domes, rings, brooches, chains, clasps with rays, and plates for arms."""

from __future__ import annotations

import math
from collections.abc import Sequence

import bpy
import numpy as np
from mathutils import Matrix, Vector
from scenery.geometry import add_tubes

from .grids import Grid, add_grid, join, smooth_values
from .mannequin import Mannequin

Material = bpy.types.Material


def add_tube(
    name: str,
    line: Sequence[Sequence[float]] | Grid,
    radius: float | Sequence[float],
    material: Material,
    roundness: int = 5,
) -> bpy.types.Object:
    """A cord or a wire along a line, of one radius or one a point."""
    radii = [radius] * len(line) if isinstance(radius, int | float) else list(radius)
    return add_tubes(name, [[tuple(point) for point in line]], [radii], material, roundness)


def _place(
    normal: Sequence[float], point: Sequence[float], scale: Sequence[float], material: Material
) -> bpy.types.Object:
    thing = bpy.context.object
    thing.location, thing.scale = point, scale
    thing.rotation_euler = Vector(normal).to_track_quat("Z", "Y").to_euler()
    thing.data.materials.append(material)
    thing.data.shade_smooth()
    return thing


def add_dome(
    point: Sequence[float], normal: Sequence[float], radius: float, material: Material, height: float = 0.6
) -> bpy.types.Object:
    """A rivet, a button or a gem: a flattened ball."""
    bpy.ops.mesh.primitive_uv_sphere_add(radius=1, segments=20, ring_count=12)
    return _place(normal, point, (radius, radius, radius * height), material)


def add_ring(
    point: Sequence[float], normal: Sequence[float], radius: float, wire: float, material: Material, tall: float = 1.0
) -> bpy.types.Object:
    """A ring; `tall` stretches it upwards."""
    bpy.ops.mesh.primitive_torus_add(major_radius=radius, minor_radius=wire, major_segments=64, minor_segments=16)
    return _place(normal, point, (1, tall, 1), material)


def add_brooch(
    point: Sequence[float],
    normal: Sequence[float],
    radius: float,
    metals: tuple[Material, Material],
    gem: Material,
    beads: int = 24,
) -> None:
    """A round clasp: dished disc, beaded rim, rings and a gem."""
    facing, middle = Vector(normal).normalized(), Vector(point)
    turn, (disc, trim) = facing.to_track_quat("Z", "Y"), metals

    def on_circle(share: float, reach: float, rise: float) -> Vector:
        angle = 2 * math.pi * share
        return middle + turn @ Vector(
            (math.cos(angle) * radius * reach, math.sin(angle) * radius * reach, radius * rise)
        )

    add_dome(middle, facing, radius, disc, 0.28)
    add_ring(middle + facing * 0.001, facing, radius, radius * 0.10, trim)
    add_ring(middle + facing * radius * 0.18, facing, radius * 0.62, radius * 0.06, trim)
    add_ring(middle + facing * radius * 0.24, facing, radius * 0.33, radius * 0.06, trim)
    for bead in range(beads):
        add_dome(on_circle(bead / beads, 0.81, 0.13), facing, radius * 0.075, trim, 0.8)
    for bead in range(6):
        add_dome(on_circle(bead / 6, 0.47, 0.2), facing, radius * 0.10, trim, 0.7)
    add_dome(middle + facing * radius * 0.22, facing, radius * 0.30, gem, 0.75)


def add_chain(
    start: Sequence[float],
    end: Sequence[float],
    sag: float,
    material: Material,
    links: int,
    radius: float = 0.0075,
    wire: float = 0.0021,
) -> None:
    """Links between two points, every other one seen from its edge."""
    start, end = Vector(start), Vector(end)
    for link in range(links):
        t = (link + 0.5) / links
        centre = start.lerp(end, t) + Vector((0, -0.002 * (link % 2), -sag * 4 * t * (1 - t)))
        along = (end - start + Vector((0, 0, -sag * 4 * (1 - 2 * t)))).normalized()
        facing = Vector((0, -1, 0.15)) if link % 2 == 0 else Vector((0, -0.35, 1))
        facing = (facing - along * facing.dot(along)).normalized()
        bpy.ops.mesh.primitive_torus_add(major_radius=radius, minor_radius=wire, major_segments=40, minor_segments=12)
        thing = bpy.context.object
        thing.data.shade_smooth()
        thing.data.materials.append(material)
        axes = Matrix((along, facing.cross(along), facing)).transposed().to_4x4()
        thing.matrix_world = Matrix.Translation(centre) @ axes @ Matrix.Diagonal((1.35, 0.9, 1, 1))


def add_star_clasp(middle: Sequence[float], radius: float, metal: Material, gem: Material, small_gem: Material) -> None:
    """A brooch with eight rays."""
    middle, facing = Vector(middle), Vector((0, -1, 0.08)).normalized()
    add_brooch(middle, facing, radius, (metal, metal), gem)
    for ray in range(8):
        angle = math.pi * ray / 4
        way = Vector((math.cos(angle), 0, math.sin(angle)))
        reach = radius * (1.65 if ray % 2 == 0 else 1.32)
        line = [
            middle + way * at + Vector((0, back, 0))
            for at, back in ((radius * 0.95, 0.002), (radius * 1.2, 0.003), (reach, 0.004))
        ]
        add_tube("ray", line, [radius * 0.15, radius * 0.11, radius * 0.012], metal, 4)
        if ray % 2 == 0:
            add_dome(middle + way * radius * 1.22 + Vector((0, -0.003, 0)), facing, radius * 0.12, small_gem, 0.8)


def add_pendant(top: Vector, chain: float, radius: float, metal: Material, gem: Material) -> None:
    """A drop-shaped gem on a short chain."""
    add_chain(top, top + Vector((0, 0, -chain)), 0.0, metal, 4, 0.005, 0.0014)
    centre = top + Vector((0, -0.002, -chain - radius * 1.6))
    drop = add_dome(centre, (0, -1, 0), radius, gem, 0.7)
    drop.scale.y *= 1.5
    add_ring(centre + Vector((0, 0.002, 0)), (0, -1, 0), radius + 0.001, 0.0026, metal)


def _arm_axes(body: Mannequin, side: str, lower: bool) -> tuple[Vector, Vector, Vector, Vector]:
    """Start of a limb, the way along it with its length, the way outwards, and the third axis."""
    shoulder, elbow, hand = body.arm(side)
    start, along = (elbow, hand - elbow) if lower else (shoulder, elbow - shoulder)
    axis, out = along.normalized(), Vector((1 if side == "l" else -1, 0, 0))
    out = (out - axis * out.dot(axis)).normalized()
    return start, along, out, axis.cross(out)


def add_arm_plate(
    body: Mannequin,
    side: str,
    span: tuple[float, float],
    radii: tuple[float, float],
    materials: tuple[Material, Material, Material],
    arc_degrees: float = 150,
) -> None:
    """A curved plate round part of the upper arm; materials of plate, rim and rivets."""
    start, along, out, third = _arm_axes(body, side, lower=False)
    k = np.linspace(0, 1, 11)[:, None]
    angle = np.radians(np.linspace(-arc_degrees, arc_degrees, 41))[None, :]
    radius = radii[0] + (radii[1] - radii[0]) * k + 0.006 * k**5
    centres = np.array(start) + np.array(along) * (span[0] + (span[1] - span[0]) * k) + np.array(out) * 0.004
    reach = (np.cos(angle) * radius)[..., None] * np.array(out) + (np.sin(angle) * radius * 0.95)[..., None] * np.array(
        third
    )
    plate = centres[:, None] + reach
    add_grid("plate", plate, materials[0], thickness=0.004)
    add_tube("rim", plate[-1], 0.0034, materials[1], 4)
    for column in range(2, 40, 4):
        add_dome(plate[-3, column], plate[-3, column] - centres[-1], 0.0042, materials[2])


def add_bracer(
    body: Mannequin,
    side: str,
    span: tuple[float, float],
    materials: tuple[Material, Material],
    *,
    studs: Material | None = None,
    gap: float = 0.014,
    ribs: Sequence[float] = (0.30, 0.62),
    ridge: float = 0.004,
) -> None:
    """A plate that follows the forearm (radii by rays): ribs across, a ridge along the front, flared ends with rims."""
    start, along, out, third = _arm_axes(body, side, lower=True)
    columns, rows, flare = 96, 60, 0.010
    angles, k = np.linspace(0, 2 * math.pi, columns, endpoint=False), np.linspace(0, 1, rows)
    shares, radius = span[0] + (span[1] - span[0]) * k, np.zeros((rows, columns))
    for row, column in np.ndindex(radius.shape):
        way = out * math.cos(angles[column]) + third * math.sin(angles[column])
        origin = start + along * shares[row]
        hit = body.whole.ray_cast(origin, way, 0.12)[0]
        radius[row, column] = (hit - origin).length if hit is not None else 0.045
    radius = smooth_values(np.minimum(radius, 0.07), 40, closed=True) + gap
    ends = flare * np.clip(1 - k / 0.16, 0, 1) ** 2 + 0.5 * flare * np.clip((k - 0.88) / 0.12, 0, 1) ** 2
    for rib in ribs:
        ends += 0.0042 * np.exp(-(((k - rib) / 0.022) ** 2)) + 0.0030 * np.exp(-(((k - rib - 0.055) / 0.014) ** 2))
    ahead = Vector((0, -1, 0))
    off = (angles - math.atan2(ahead.dot(third), ahead.dot(out)) + math.pi) % (2 * math.pi) - math.pi
    radius += ends[:, None] + ridge * np.exp(-((off / 0.16) ** 2))[None, :] * np.sin(math.pi * k)[:, None] ** 0.5
    centres = np.array(start) + shares[:, None] * np.array(along)
    ways = np.cos(angles)[:, None] * np.array(out) + np.sin(angles)[:, None] * np.array(third)
    plate = centres[:, None] + radius[..., None] * ways[None]
    add_grid("bracer", plate, materials[0], closed=True, thickness=0.004)
    for row in (0, -1):
        add_tube("rim", [*plate[row], plate[row, 0]], 0.0042, materials[1], 4)
    for share in (0.16, 0.50, 0.80) if studs else ():
        row = int(share * (rows - 1))
        for column in range(0, columns, 8):
            add_dome(plate[row, column], plate[row, column] - centres[row], 0.0036, studs)


def coil(line: Grid, strands: int, turns: float, radius: float) -> list[Grid]:
    """Strands twisted round a line, as of a torc or a braid."""
    along = np.gradient(line, axis=0)
    along /= np.linalg.norm(along, axis=1, keepdims=True)
    up = np.array([0, 0, 1.0]) - along * along[:, 2:3]
    up /= np.linalg.norm(up, axis=1, keepdims=True)
    side, t = np.cross(along, up), np.linspace(0, 1, len(line))
    phases = (t * turns * 2 * math.pi + strand * 2 * math.pi / strands for strand in range(strands))
    return [line + radius * (np.cos(p)[:, None] * up + np.sin(p)[:, None] * side) for p in phases]


def circle(radius: float, count: int) -> Grid:
    """A flat circle of points, for what is turned upright later."""
    angle = np.linspace(0, 2 * math.pi, count)
    return join(radius * np.cos(angle), 0 * angle, radius * np.sin(angle))
