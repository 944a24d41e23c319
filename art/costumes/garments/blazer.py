"""A drawn blazer: all on its front is drawn as pictures at a quarter of a millimetre and projected."""

from __future__ import annotations

import math
from collections.abc import Sequence

import bpy
import numpy as np
from PIL import Image, ImageDraw, ImageFilter
from scenery.nodes import ShaderGraph, Value

from .. import patterns, toon

# What the pictures cover: left, right, bottom, top in metres.
LEFT, RIGHT, BOTTOM, TOP = -0.36, 0.36, 0.80, 1.50
PIXELS_PER_METRE = 4000
LAYERS = ("shirt", "knit", "ink", "shade", "gold", "crest")
# Where the fronts meet.
CLOSING_Z = 1.135
CREST = ((0.094, 1.236), (0.134, 1.240), (0.134, 1.208), (0.128, 1.194), (0.114, 1.183), (0.100, 1.192), (0.094, 1.205))
CREST_CENTRE = (0.114, 1.212)
LAPEL_SHADOW = ((0.0, CLOSING_Z), (0.112, 1.318), (0.118, 1.345), (0.10, 1.36), (0.04, 1.30))
BOW_SHADOW = ((-0.072, 1.375), (0.088, 1.375), (0.080, 1.322), (0.052, 1.312), (0.036, 1.255), (0.014, 1.240))
BOW_SHADOW += ((0.008, 1.30), (-0.012, 1.245), (-0.03, 1.26), (-0.05, 1.325))
# Curves of two or three points (x for the right half), thickest width, and its share at both ends.
SEAMS = (
    (((0.058, 0.962), (0.152, 0.974)), 0.0034, 1, 1),
    (((0.058, 0.962), (0.060, 0.915)), 0.0022, 1, 1),
    (((0.152, 0.974), (0.154, 0.925)), 0.0022, 1, 1),
    (((0.060, 0.915), (0.154, 0.925)), 0.0026, 1, 1),
    (((0.182, 1.392), (0.186, 1.33), (0.170, 1.262)), 0.0028, 0.3, 0.1),
    (((0.100, 1.09), (0.094, 1.02), (0.098, 0.975)), 0.0016, 0.3, 0.3),
)
CREASES = (
    (((0.176, 1.238), (0.140, 1.252), (0.112, 1.290)), 0.0026),
    (((0.172, 1.215), (0.140, 1.215), (0.120, 1.228)), 0.0022),
    (((0.030, 1.128), (0.080, 1.105), (0.125, 1.120)), 0.0024),
    (((0.022, 1.112), (0.060, 1.080), (0.085, 1.082)), 0.0022),
    (((0.155, 1.05), (0.130, 1.045), (0.110, 1.055)), 0.0022),
    (((0.262, 1.130), (0.245, 1.112), (0.222, 1.118)), 0.0026),
    (((0.264, 1.105), (0.248, 1.090), (0.236, 1.092)), 0.0022),
    (((0.206, 1.155), (0.222, 1.142), (0.238, 1.146)), 0.0022),
    (((0.200, 1.225), (0.214, 1.20), (0.216, 1.175)), 0.0024),
)

Points = Sequence[Sequence[float]]


def _pixel(x: float, z: float) -> tuple[float, float]:
    return (x - LEFT) * PIXELS_PER_METRE, (TOP - z) * PIXELS_PER_METRE


def _curve(points: Points, count: int) -> np.ndarray:
    """A straight line of two points, or a Bezier curve of three."""
    p, t = np.array(points, float), np.linspace(0, 1, count)[:, None]
    if len(p) == 2:
        return p[0] + (p[1] - p[0]) * t
    return (1 - t) ** 2 * p[0] + 2 * t * (1 - t) * p[1] + t * t * p[2]


class Drawing:
    """The pictures in the making."""

    def __init__(self) -> None:
        size = int((RIGHT - LEFT) * PIXELS_PER_METRE), int((TOP - BOTTOM) * PIXELS_PER_METRE)
        self.pictures = {name: Image.new("L", size, 0) for name in LAYERS}
        self.pens = {name: ImageDraw.Draw(picture) for name, picture in self.pictures.items()}

    def fill(self, layer: str, points: Points, value: int = 255) -> None:
        """A polygon."""
        self.pens[layer].polygon([_pixel(x, z) for x, z in points], fill=value)

    def stroke(self, points: Points, width: float, start: float = 0.15, end: float = 0.05, layer: str = "ink") -> None:
        """A pen stroke that swells and thins out."""
        for t, (x, z) in zip(np.linspace(0, 1, 420), _curve(points, 420), strict=True):
            swell = (start + (1 - start) * min(1, t / 0.25)) * (end + (1 - end) * min(1, (1 - t) / 0.6))
            radius, (a, b) = width * swell * 0.5 * PIXELS_PER_METRE, _pixel(x, z)
            self.pens[layer].ellipse((a - radius, b - radius, a + radius, b + radius), fill=255)

    def wedge(self, points: Points, width: float) -> None:
        """A crease's shadow, to one side of its line."""
        line = _curve(points, 80)
        along = np.gradient(line, axis=0)
        across = np.stack([-along[:, 1], along[:, 0]], 1)
        across /= np.maximum(np.linalg.norm(across, axis=1, keepdims=True), 1e-9)
        reach = width * np.sin(math.pi * np.linspace(0, 1, 80)[:, None] ** 0.7)
        self.fill("shade", np.concatenate([line, (line + across * reach)[::-1]]))

    def picture(self, name: str, layers: Sequence[str]) -> bpy.types.Image:
        """Three layers as one Blender picture."""
        soft = [self.pictures[layer].filter(ImageFilter.GaussianBlur(1.2)) for layer in layers]
        return patterns.make_picture(name, np.stack([np.asarray(layer, np.float32) / 255 for layer in soft], 2))


def _mirror(points: Points, side: int) -> list[tuple[float, float]]:
    return [(side * x, z) for x, z in points]


def _scaled(points: Points, factor: float) -> list[tuple[float, float]]:
    x0, z0 = CREST_CENTRE
    return [((x - x0) * factor + x0, (z - z0) * factor + z0) for x, z in points]


def _draw() -> Drawing:
    drawing = Drawing()
    opening = (
        (-0.078, 1.50),
        (0.078, 1.50),
        (0.078, 1.40),
        (0.058, 1.345),
        (0, CLOSING_Z),
        (-0.058, 1.345),
        (-0.078, 1.40),
    )
    drawing.fill("shirt", opening)
    pullover = ((-0.058, 1.347), (-0.040, 1.345), (0, 1.262), (0.040, 1.345), (0.058, 1.347), (0, CLOSING_Z))
    drawing.fill("knit", pullover)
    drawing.stroke(((0, 1.27), (0, 1.43)), 0.0018, 1, 1)
    drawing.stroke(((0.004, CLOSING_Z), (0.003, 0.97), (0.010, 0.80)), 0.0030, 1, 1)
    drawing.stroke(((0.078, 1.246), (0.146, 1.254)), 0.0034, 1, 1)
    drawing.stroke(((0.079, 1.237), (0.146, 1.245)), 0.0022, 1, 1)
    _draw_crest(drawing)
    for side in (-1, 1):
        for x, z, width, layer in (
            (0.040, 1.262, 0.0024, "ink"),
            (0.0335, 1.276, 0.0050, "gold"),
            (0.029, 1.284, 0.0016, "ink"),
        ):
            drawing.stroke(((side * x, 1.345), (0, z)), width, 1, 1, layer)
        for points, width, start, end in SEAMS:
            drawing.stroke(_mirror(points, side), width, start, end)
        for points, width in CREASES:
            drawing.stroke(_mirror(points, side), width)
        drawing.wedge(_mirror(CREASES[2][0], side), -0.016 * side)
        drawing.wedge(_mirror(CREASES[5][0], side), 0.012 * side)
        # The lapels' shadow falls down and to the guest's left.
        drawing.fill("shade", [(side * x + 0.010, z - 0.013) for x, z in LAPEL_SHADOW])
    drawing.fill("shade", BOW_SHADOW)
    return drawing


def _draw_crest(drawing: Drawing) -> None:
    """A red shield with a star, on the breast pocket."""
    drawing.fill("gold", _scaled(CREST, 1.16))
    drawing.fill("gold", CREST, 0)
    drawing.fill("crest", CREST)
    star = []
    for corner in range(10):
        angle, radius = corner * math.pi / 5, 0.0155 if corner % 2 == 0 else 0.0066
        star.append((0.114 + math.sin(angle) * radius, 1.213 + math.cos(angle) * radius))
    drawing.fill("gold", star)
    outline = _scaled(CREST, 1.22)
    for start, end in zip(outline, outline[1:] + outline[:1], strict=True):
        drawing.stroke((start, end), 0.0020, 1, 1)


def blazer_material() -> bpy.types.Material:
    """The coat with all that is drawn on its front."""
    drawing = _draw()
    first, second = drawing.picture("coat 1", LAYERS[:3]), drawing.picture("coat 2", LAYERS[3:])

    def colour(graph: ShaderGraph) -> Value:
        x, y, z = graph.split(graph.object_place())
        across, up = graph.remap(x, LEFT, RIGHT), graph.remap(z, BOTTOM, TOP)
        shirt, knit, ink = patterns.look_up(graph, first, across, up, repeat=False)
        shade, gold, crest = patterns.look_up(graph, second, across, up, repeat=False)
        front = graph.math("LESS_THAN", y, 0.03)
        dark = shade * front * 0.26 - _armpit(graph, x, z) * 0.07
        stretched = graph.node("VectorMath", {0: graph.geometry("Normal"), 1: (1.0, 1.0, 0.35)}, operation="MULTIPLY")
        normal = graph.normalize(graph.value(stretched))

        def tones(name: str, *limits: float) -> Value:
            return toon.tones(graph, name, limits, darker=dark, normal=normal)

        cloth = graph.mix(shirt * front, tones("blazer", 0.30, 0.555, 0.93), tones("white", 0.30, 0.54, 0.97))
        cloth = graph.mix(knit * front, cloth, tones("knit", 0.30, 0.55, 0.97))
        cloth = graph.mix(crest, cloth, tones("red", 0.30, 0.555, 0.93))
        cloth = graph.mix(gold * front, cloth, tones("gold", 0.30, 0.555, 0.93))
        return graph.mix(ink * front, cloth, toon.linear(toon.INK))

    return toon.painted("coat", colour)


def _armpit(graph: ShaderGraph, x: Value, z: Value) -> Value:
    """1 where the body's crease at the armpit would draw a blob of shadow."""
    oval = graph.join((abs(x) - 0.172) * (1 / 0.050), 0.0, (z - 1.305) * (1 / 0.095))
    reach = graph.value(graph.node("VectorMath", {0: oval}, operation="LENGTH"), "Value")
    return graph.remap(reach, 0.6, 1.0, 1, 0)
