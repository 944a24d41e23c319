"""Woven patterns as pictures: a meander, and a strip of invented signs (no alphabet, no emblem)."""

from __future__ import annotations

import functools
import math

import bpy
import numpy as np
from PIL import Image, ImageDraw
from scenery.nodes import Number, ShaderGraph, Value

# One unit of the meander, seven cells along and ten across the band, its two borders included.
MEANDER = (
    "1111111",
    "0000000",
    "1111110",
    "1000010",
    "1010010",
    "1011110",
    "1000000",
    "1111111",
    "0000000",
    "1111111",
)
MEANDER_ASPECT = 7 / 10
SIGNS_SIZE = (1536, 128)
SIGN_EVERY = 96
SIGNS_ASPECT = SIGNS_SIZE[0] / SIGNS_SIZE[1]


def make_picture(name: str, channels: np.ndarray) -> bpy.types.Image:
    """A Blender picture of one to three channels, as plain numbers from 0 to 1; the first row is the upper one."""
    height, width = channels.shape[:2]
    layers = channels if channels.ndim == 3 else np.repeat(channels[..., None], 3, 2)
    pixels = np.concatenate([layers, np.ones((height, width, 4 - layers.shape[2]))], 2)[::-1].astype(np.float32)
    picture = bpy.data.images.new(name, width, height)
    picture.colorspace_settings.name = "Non-Color"
    picture.pixels.foreach_set(pixels.ravel())
    picture.pack()
    return picture


def look_up(
    graph: ShaderGraph, picture: bpy.types.Image, x: Number, y: Number, *, repeat: bool = True
) -> tuple[Value, Value, Value]:
    """The picture's channels at a place in pictures' widths and heights."""
    extension = "REPEAT" if repeat else "EXTEND"
    node = graph.node("TexImage", {0: graph.join(x, y)}, image=picture, extension=extension, interpolation="Cubic")
    return graph.split(graph.value(node))


@functools.cache
def _meander() -> bpy.types.Image:
    cells = np.array([[float(cell) for cell in row] for row in MEANDER])
    return make_picture("meander", np.kron(cells, np.ones((16, 16))))


def meander(graph: ShaderGraph, along: Number, across: Number) -> Value:
    """1 where the meander is woven; `along` in heights of the band, `across` from 0 to 1."""
    return look_up(graph, _meander(), along * (1 / MEANDER_ASPECT), across)[0]


@functools.cache
def _signs() -> bpy.types.Image:
    width, height = SIGNS_SIZE
    picture = Image.new("L", SIGNS_SIZE, 0)
    draw = ImageDraw.Draw(picture)
    for y, thickness, grey in ((8, 5, 255), (height - 9, 5, 255), (18, 2, 170), (height - 19, 2, 170)):
        draw.line((0, y, width, y), grey, thickness)
    for number in range(width // SIGN_EVERY):
        x, y = SIGN_EVERY // 2 + number * SIGN_EVERY, height // 2
        SIGNS[number % len(SIGNS)](_Pen(draw, x, y))
        draw.ellipse((x + 45, y - 4, x + 53, y + 4), fill=200)
    return make_picture("signs", np.asarray(picture, np.float32) / 255)


def signs(graph: ShaderGraph, along: Number, across: Number) -> Value:
    """1 where a sign is embroidered; `along` in heights of the band, `across` from 0 to 1."""
    return look_up(graph, _signs(), along * (1 / SIGNS_ASPECT), across)[0]


class _Pen:
    """Draws round the centre of one sign."""

    def __init__(self, draw: ImageDraw.ImageDraw, x: int, y: int) -> None:
        self.draw, self.x, self.y = draw, x, y

    def line(self, *points: tuple[float, float]) -> None:
        self.draw.line([(self.x + a, self.y + b) for a, b in points], 255, 6, joint="curve")

    def ring(self, radius: float, width: int = 6) -> None:
        box = (self.x - radius, self.y - radius, self.x + radius, self.y + radius)
        self.draw.ellipse(box, outline=255, width=width)

    def dot(self, x: float, y: float, radius: float) -> None:
        centre_x, centre_y = self.x + x, self.y + y
        self.draw.ellipse((centre_x - radius, centre_y - radius, centre_x + radius, centre_y + radius), fill=255)

    def arc(self, box: tuple[float, float, float, float], start: float, end: float) -> None:
        left, top, right, bottom = box
        self.draw.arc((self.x + left, self.y + top, self.x + right, self.y + bottom), start, end, 255, 6)


def _rings(pen: _Pen) -> None:
    pen.ring(26)
    pen.ring(10, 10)


def _open_ring(pen: _Pen) -> None:
    pen.arc((-26, -26, 26, 26), 60, 300)
    pen.dot(11, 0, 7)


def _twig(pen: _Pen) -> None:
    pen.line((0, -30), (0, 30))
    pen.line((-20, -12), (0, 4), (20, -12))
    pen.line((-14, 14), (0, 26), (14, 14))


def _diamond(pen: _Pen) -> None:
    pen.line((0, -30), (22, 0), (0, 30), (-22, 0), (0, -30))
    pen.dot(0, 0, 6)


def _path(pen: _Pen) -> None:
    stops = ((-22, 24), (-8, 0), (8, 8), (22, -24))
    pen.line(*stops)
    for x, y in stops:
        pen.dot(x, y, 6)


def _sparks(pen: _Pen) -> None:
    pen.ring(14)
    for angle in np.arange(8) * math.pi / 4:
        x, y = math.cos(angle), math.sin(angle)
        pen.line((x * 19, y * 19), (x * 30, y * 30))


def _branch(pen: _Pen) -> None:
    pen.line((0, 30), (0, -6))
    pen.arc((-24, -40, 24, 8), 20, 160)
    pen.dot(0, -28, 6)


def _lens(pen: _Pen) -> None:
    pen.arc((-28, -16, 28, 40), 200, 340)
    pen.arc((-28, -40, 28, 16), 20, 160)
    pen.dot(0, 0, 6)


SIGNS = (_rings, _open_ring, _twig, _diamond, _path, _sparks, _branch, _lens)
