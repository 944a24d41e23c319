"""The canonical face as a drawing surface: landmarks in pixels, smooth curves, tapered strokes, dry brushes and noise.

A stencil is a float array of SIZE x SIZE from 0 to 1; its y goes down, as in the UV coordinates.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
from PIL import Image, ImageChops, ImageDraw

SIZE = 1024
# Shapes are drawn this much larger and averaged down.
OVERSAMPLING = 4
LANDMARKS = 468

Point = Sequence[float]
Width = Callable[[np.ndarray], np.ndarray]


class Face:
    """Where the landmarks of the face mesh are, in pixels."""

    def __init__(self, uv_file: Path) -> None:
        pairs = re.findall(r"\[\s*([\d.e-]+),\s*([\d.e-]+)\s*\]", uv_file.read_text(encoding="utf-8"))
        self.points = np.array(pairs, float) * SIZE
        if self.points.shape != (LANDMARKS, 2):
            raise ValueError(f"{uv_file} has no {LANDMARKS} UV coordinates")

    def at(self, landmark: int, right: float = 0, down: float = 0) -> np.ndarray:
        """A landmark moved by some pixels."""
        return self.points[landmark] + (right, down)

    def path(self, *stops: int | tuple[int, float, float]) -> np.ndarray:
        """Several landmarks, each moved or not."""
        return np.array([self.at(*stop) if isinstance(stop, tuple) else self.at(stop) for stop in stops])


def curve(points: Sequence[Point] | np.ndarray, samples: int = 200) -> np.ndarray:
    """A smooth line through all points (Catmull-Rom), with samples at equal distances."""
    p = np.asarray(points, float)
    p = np.concatenate([2 * p[:1] - p[1:2], p, 2 * p[-1:] - p[-2:-1]])
    t = np.linspace(0, 1, 40, endpoint=False)[:, None]
    parts = []
    for a, b, c, d in zip(p, p[1:], p[2:], p[3:], strict=False):
        parts.append(0.5 * (2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * t**2 + (3 * b - a - 3 * c + d) * t**3))
    line = np.concatenate([*parts, p[-2:-1]])
    length = np.concatenate([[0], np.cumsum(np.linalg.norm(np.diff(line, axis=0), axis=1))])
    stops = np.linspace(0, length[-1], samples)
    return np.stack([np.interp(stops, length, line[:, axis]) for axis in (0, 1)], axis=1)


def sides(line: np.ndarray) -> np.ndarray:
    """Unit vectors across a line, to the right of its direction on the screen."""
    along = np.gradient(line, axis=0)
    along /= np.maximum(np.linalg.norm(along, axis=1, keepdims=True), 1e-9)
    return np.stack([-along[:, 1], along[:, 0]], axis=1)


def leaf_width(widest: float = 0.4) -> Width:
    """A width that grows from nothing to 1 and shrinks to nothing again."""
    power = np.log(0.5) / np.log(widest)
    return lambda t: np.sin(np.pi * t**power)


def brush_width(start: float = 0.3, end: float = 0.0) -> Width:
    """A width with a round start and a long taper."""

    def width(t: np.ndarray) -> np.ndarray:
        rise = np.sqrt(np.clip(t / 0.12, 0, 1))
        fall = np.sqrt(np.clip((1 - t) / 0.7, 0, 1))
        return (start + (1 - start) * rise) * (end + (1 - end) * fall)

    return width


class Sheet:
    """A stencil in the making: filled shapes, drawn large and averaged down."""

    def __init__(self) -> None:
        self.image = Image.new("L", (SIZE * OVERSAMPLING,) * 2, 0)
        self.draw = ImageDraw.Draw(self.image)

    def fill(self, outline: np.ndarray, value: float = 1.0) -> None:
        """A polygon."""
        self.draw.polygon([tuple(point) for point in np.asarray(outline) * OVERSAMPLING], fill=round(255 * value))

    def disc(self, centre: Point, radius: float, value: float = 1.0) -> None:
        """A dot."""
        self.oval(centre, (radius, radius), value)

    def oval(self, centre: Point, radii: Point, value: float = 1.0, turn: float = 0.0) -> None:
        """An ellipse, turned by an angle in radians."""
        angle = np.linspace(0, 2 * np.pi, 72)
        x, y = radii[0] * np.cos(angle), radii[1] * np.sin(angle)
        cos, sin = np.cos(turn), np.sin(turn)
        self.fill(np.stack([centre[0] + x * cos - y * sin, centre[1] + x * sin + y * cos], axis=1), value)

    def ring(self, centre: Point, radius: float, width: float, start: float = 0, end: float = 360) -> None:
        """A circle or an arc (degrees, clockwise from the right), with round ends."""
        angle = np.radians(np.linspace(start, end, 180))
        line = np.stack([centre[0] + radius * np.cos(angle), centre[1] + radius * np.sin(angle)], axis=1)
        self.stroke(line, width, lambda t: np.ones_like(t))
        for point in (line[0], line[-1]):
            self.disc(point, width / 2)

    def stroke(self, line: np.ndarray, width: float, profile: Width, value: float = 1.0) -> None:
        """A line as wide as `width * profile(t)`, t from 0 to 1 along it."""
        t = np.linspace(0, 1, len(line))
        offset = sides(line) * (profile(t) * width / 2)[:, None]
        self.fill(np.concatenate([line + offset, (line - offset)[::-1]]), value)

    def array(self) -> np.ndarray:
        """What was drawn, at the stencil's size."""
        small = self.image.resize((SIZE, SIZE), Image.Resampling.BOX)
        return np.asarray(small, np.float32) / 255


def brush(line: np.ndarray, width: float, seed: int, *, ends: float = 0.04, dryness: float = 0.2) -> np.ndarray:
    """Coverage of a dry brush or of fingers: bristles run along the line, start and end unevenly."""
    rng = np.random.default_rng(seed)
    scale = 2
    picture = Image.new("L", (SIZE * scale,) * 2, 0)
    across, count = sides(line), int(width / 1.5) + 3
    t = np.linspace(0, 1, len(line))
    for bristle in range(count):
        place = 2 * bristle / (count - 1) - 1
        offset = place * width / 2 * (0.62 + 0.38 * np.sqrt(np.sin(np.pi * np.clip(t * 0.9 + 0.08, 0, 1))))
        wander = np.cumsum(rng.normal(0, 0.07, len(line))) + rng.normal(0, width * 0.015)
        first = abs(rng.normal(0, ends)) + ends * abs(place) ** 2
        last = 1 - abs(rng.normal(0, ends * 1.6)) - ends * abs(place) ** 2
        keep = (t >= first) & (t <= last)
        if keep.sum() < 3:
            continue
        path = (line + across * (offset + wander)[:, None])[keep] * scale
        strength = np.clip(rng.normal(1 - dryness * 0.6, dryness), 0.25, 1) * (1 - 0.35 * abs(place) ** 4)
        layer = Image.new("L", picture.size, 0)
        ImageDraw.Draw(layer).line(
            [tuple(p) for p in path], fill=int(255 * strength), width=max(2, round(rng.normal(5, 1)))
        )
        picture = ImageChops.lighter(picture, layer)
    array = np.asarray(picture.resize((SIZE, SIZE), Image.Resampling.BOX), np.float32) / 255
    return blur(array, 0.9)


def blur(array: np.ndarray, sigma_x: float, sigma_y: float | None = None) -> np.ndarray:
    """A Gaussian blur, by Fourier transform; the stencil's edges are empty, so that it may wrap round."""
    sigma_y = sigma_x if sigma_y is None else sigma_y
    fx = np.fft.rfftfreq(array.shape[1])[None, :] * sigma_x
    fy = np.fft.fftfreq(array.shape[0])[:, None] * sigma_y
    spectrum = np.fft.rfft2(array) * np.exp(-2 * np.pi**2 * (fx**2 + fy**2))
    return np.fft.irfft2(spectrum, array.shape).astype(np.float32)


def noise(sigma_x: float, sigma_y: float, seed: int) -> np.ndarray:
    """Smooth noise with mean 0 and deviation 1."""
    field = blur(np.random.default_rng(seed).normal(0, 1, (SIZE, SIZE)), sigma_x, sigma_y)
    return (field - field.mean()) / field.std()


def smooth(low: float, high: float, value: np.ndarray) -> np.ndarray:
    """0 below `low`, 1 above `high`, soft between."""
    t = np.clip((value - low) / (high - low), 0, 1)
    return t * t * (3 - 2 * t)


def mirrored(stencil: np.ndarray) -> np.ndarray:
    """The stencil and its mirror image on the other half of the face."""
    return np.maximum(stencil, stencil[:, ::-1])
