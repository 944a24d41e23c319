"""Mage: a blue capelet and cloak with golden hems, a high collar with a red lining, a red ribbon."""

from __future__ import annotations

import math

import bpy
import numpy as np
from mathutils import Vector
from scenery.materials import make_material, transparent
from scenery.nodes import ShaderGraph, Value

from ... import toon
from ...design import Design
from ...drape import directions, hanging_share, neck_band, shoulder_shell
from ...garments.armour import read_vectors
from ...grids import (
    Grid,
    add_grid,
    along_rows,
    face_outwards,
    join,
    noise,
    outward_normals,
    smooth_grid,
    subdivide,
    unit_interval,
    wave,
)
from ...layers import Cut, Grade
from ...mannequin import Mannequin

CHEST = (0, 0.03, 1.2)
LYING = 0.42


def body() -> Mannequin:
    """A slim body between male and female."""
    return Mannequin(0.5)


def build(body: Mannequin, density: float) -> None:
    """From the skin outwards."""
    ink, gold = toon.Ink(), toon.flat("gold", "gold", (0.36, 0.58, 0.86), shaded=False)
    _add_torso(body, ink)
    for row in range(4):
        for side in (-1, 1):
            x, z = side * 0.038, 1.165 - row * 0.060
            hit, normal, _, _ = body.torso.ray_cast(Vector((x, -1, z)), Vector((0, 1, 0)))
            ink.dome(hit + normal * 0.014, normal, 0.0085, gold, 0.5, 0.13)
    band = neck_band(body, 1.375, 1.466, front=-0.016, back=0.020, side=0.010, gap=0.007, flare=0.006)
    ink.grid("band", band, toon.flat("shirt", "white", (0.36, 0.56, 0.98)), (0, 0.01, 1.41))
    cloak = _drape_cape(
        body, density, drop=0.60, gap=0.016, opening=(11, 26), folds=15, depth=0.013, seed=2, flare=0.02
    )
    ink.grid("cloak", cloak, _hemmed("cloak", 0.012, (2, 3), under=0.615), CHEST, 0.0022)
    capelet = _drape_cape(
        body, density, drop=0.15, gap=0.034, opening=(9, 20), folds=12, depth=0.0075, seed=5, flare=0.030, start=24
    )
    ink.grid("capelet", capelet, _hemmed("capelet", 0.016, (0.90, 0.965)), CHEST, 0.0022)
    _add_collar(ink)
    _add_ribbon(body, ink, gold)
    for side, column in ((1, 3), (-1, -4)):
        place, normal = Vector(capelet[int(len(capelet) * 0.10), column]), Vector((side * 0.35, -1, 0.25)).normalized()
        toon.add_star(ink, place, normal, gold)
    toon.hide_from_light()


def _add_torso(body: Mannequin, ink: toon.Ink) -> None:
    """Shirt and buttoned vest with golden piping, painted on a smoothed body."""
    torso = body.add_part("torso", lambda x, y, z: 0.75 < z < 1.43 and abs(x) < 0.2, toon.painted("torso", _vest))
    vertices = torso.data.vertices
    moved = read_vectors(vertices, "co") + read_vectors(vertices, "normal") * 0.012
    vertices.foreach_set("co", moved.ravel())
    smooth = torso.modifiers.new("smooth", "SMOOTH")
    smooth.iterations, smooth.factor = 12, 0.5
    subdivide(torso, 2)
    ink.outline(torso, 0.0017)


def _vest(graph: ShaderGraph) -> Value:
    x, _, z = graph.split(graph.object_place())
    side = abs(x)
    edge = side - (z - 1.205) * 0.40
    white, vest = toon.tones(graph, "white", (0.36, 0.58, 0.97)), toon.tones(graph, "vest", (0.34, 0.58, 0.96))
    colour = graph.mix(graph.math("GREATER_THAN", edge, 0.0), white, vest)
    piping = abs(edge - 0.004)
    colour = graph.mix(graph.math("LESS_THAN", piping, 0.0042), colour, toon.tones(graph, "gold", (0.40, 0.62, 0.93)))
    lines = graph.math("LESS_THAN", abs(piping - 0.0048), 0.0008)
    lines = graph.math("MAXIMUM", lines, graph.math("LESS_THAN", side, 0.0009))
    return graph.mix(lines, colour, toon.linear(toon.INK))


def _drape_cape(
    body: Mannequin,
    density: float,
    *,
    drop: float,
    gap: float,
    opening: tuple[float, float],
    folds: float,
    depth: float,
    seed: int,
    flare: float,
    start: float = 35,
) -> Grid:
    """A cape with few, broad folds; it begins `start` degrees from the neck's axis, so that none ends in points."""
    columns, rows = int(420 * density), int(170 * density)
    s, v = unit_interval(columns, 1), unit_interval(rows, 0)
    t = np.clip(v / LYING, 0, 1)
    open_angle = np.radians(opening[0] + (opening[1] - opening[0]) * t**1.2)
    azimuth = open_angle + (2 * math.pi - 2 * open_angle) * s
    polar, resting = np.radians(start + (84 - start) * t + 0 * s), int(rows * LYING)
    rounds, blur = int(420 * density**2), int(12 * density)
    shell = shoulder_shell(body, azimuth, polar, gap=gap, skin_gap=gap, rounds=rounds, blur=blur, rows=resting)
    ahead = np.clip(np.cos(azimuth), 0, 1)
    fall = join(np.sign(np.sin(azimuth)) * flare * 0.8 * ahead, 0 * azimuth, -drop + 0 * azimuth)
    shell = shell + hanging_share(rows, resting)[..., None] * (fall + directions(azimuth) * flare)
    shell = smooth_grid(shell, int(110 * density**2))
    facing, broad = outward_normals(shell, (0, 0.03, 1.25)), noise(shell, 4.0, seed)
    phase = 2 * math.pi * folds * s + 0.9 * broad[..., 1] + 0.6 * v
    height = depth * np.clip((v - 0.16) * 1.5, 0.05, 1) * (1 + 0.3 * broad[..., 2])
    height = height * np.clip(np.minimum(s, 1 - s) * 24, 0.2, 1)
    shell = shell + facing * (height * wave(phase) + 0.004)[..., None]
    return shell + (height * 0.6 * np.cos(phase))[..., None] * along_rows(shell)


def _hemmed(name: str, edge: float, hem: tuple[float, float], under: float | None = None) -> bpy.types.Material:
    """Blue with golden front edges and hem and a red lining; above `under` it lies in the capelet's shadow."""

    def colour(graph: ShaderGraph) -> Value:
        across, down, _ = graph.split(graph.uv())
        side = graph.math("MINIMUM", across, 1.0 - across)
        shadow = None
        if under is not None:
            line = down + graph.math("SINE", across * 75) * 0.006
            shadow = graph.math("LESS_THAN", line, under) * 0.30
        blue, red = (
            toon.tones(graph, "navy", (0.36, 0.60, 0.94), darker=shadow),
            toon.tones(graph, "lining", (0.40, 0.62, 0.93)),
        )
        cloth = graph.mix(graph.geometry("Backfacing"), blue, red)
        level = toon.between(graph, down, *hem) * graph.math("GREATER_THAN", side, edge * 0.35)
        upright = toon.between(graph, side, edge * 0.35, edge) * graph.math("LESS_THAN", down, hem[1])
        return graph.mix(graph.math("MAXIMUM", level, upright), cloth, toon.tones(graph, "gold", (0.40, 0.62, 0.93)))

    return toon.painted(name, colour)


def _add_collar(ink: toon.Ink) -> None:
    """Stands round the neck, highest behind; a second hull draws the ink of its inside."""
    azimuth, q = np.linspace(-2.72, 2.72, 120)[None, :] + math.pi, unit_interval(30, 0)
    behind, ahead = np.clip(-np.cos(azimuth), 0, 1) ** 2, np.clip(np.cos(azimuth), 0, 1)
    side = np.abs(np.sin(azimuth))
    height, flare = 0.095 + 0.070 * behind + 0.035 * side - 0.005 * ahead, 0.042 + 0.020 * side + 0.03 * ahead
    radius = 0.098 + 0.014 * side + flare * q**1.6
    y = -radius * np.cos(azimuth) * 0.95 + 0.018 + 0.012 * q * behind
    collar = join(radius * np.sin(azimuth), y, 1.398 - 0.040 * ahead + 0.020 * behind + height * q)
    centre = (0, 0.02, 1.45)
    ink.grid("collar", collar, toon.painted("collar", _collar_colour), centre, 0.0022)
    nothing = make_material("nothing", transparent)
    inside = add_grid("collar's inside", collar * np.array([0.985, 0.985, 1]), nothing)
    ink.outline(face_outwards(inside, centre, inwards=True), 0.0022)


def _collar_colour(graph: ShaderGraph) -> Value:
    across, up, _ = graph.split(graph.uv())
    side = graph.math("MINIMUM", across, 1.0 - across)
    red = toon.tones(graph, "lining", (0.30, 0.60, 0.96), shaded=False)
    cloth = graph.mix(graph.geometry("Backfacing"), toon.tones(graph, "navy", (0.36, 0.60, 0.94)), red)
    trim = graph.math("MAXIMUM", toon.between(graph, up, 0.86, 0.95), toon.between(graph, side, 0.008, 0.022))
    return graph.mix(trim * graph.math("LESS_THAN", up, 0.95), cloth, toon.tones(graph, "gold", (0.40, 0.62, 0.93)))


def _add_ribbon(body: Mannequin, ink: toon.Ink, gold: bpy.types.Material) -> None:
    """A great bow with a brooch on its knot."""
    red = toon.flat("ribbon", "red", (0.36, 0.58, 0.92), shaded=False)
    knot = Vector((0, body.nearest((0, -0.3, 1.335))[0].y - 0.045, 1.345))
    toon.add_bow(ink, knot, red, red, (0.098, 0.052, 0.017, 0.155))
    forwards = Vector((0, -1, 0))
    ink.dome(knot + Vector((0, -0.022, 0.002)), forwards, 0.021, red, 0.75, 0.09)
    ink.ring(knot + Vector((0, -0.038, 0.002)), forwards, 0.0145, 0.0036, gold)
    blue = toon.flat("gem", "gem", (0.40, 0.66, 0.92), shaded=False)
    ink.dome(knot + Vector((0, -0.036, 0.002)), forwards, 0.0125, blue, 0.7, 0.1)


DESIGN = Design(
    body=body,
    build=build,
    light=toon.light_drawing,
    grade=Grade(),
    look=toon.LOOK,
    cut=Cut(0.012, (-0.24, 0.24, 1.28, 1.64)),
    seed=9,
    drawn=True,
)
