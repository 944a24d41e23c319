"""Cherry trees: trunks that fork four times, and balls of blossom at the tips."""

from __future__ import annotations

import math
import random
from dataclasses import dataclass

import bpy
import numpy as np
from mathutils import Vector

from scenery.geometry import Point, add_tubes
from scenery.scatter import Template, ball_points, scatter

from .cel import SUN, Materials
from .hill import height as ground_height

SEGMENTS = 8
FORKS = 4


@dataclass(frozen=True)
class Tree:
    """Where a tree stands and how it leans; branches nearer to the middle than `clearance` grow outwards again."""

    x: float
    y: float
    height: float
    lean: float
    seed: int
    density: float
    clearance: float
    # Blossom only above this height, and how much more it faces the sun than it really does.
    lowest_blossom: float = 0.0
    brightness: float = 0.0

    @property
    def side(self) -> int:
        """-1 to the left of the path, 1 to the right."""
        return 1 if self.x > 0 else -1


TREES = [
    Tree(-3.9, 5.0, 4.7, -0.05, 3, 1.0, 2.55),
    Tree(3.7, 5.0, 4.9, 0.0, 8, 1.0, 2.4),
    Tree(-5.6, 10.5, 5.2, 0.1, 14, 0.7, 3.2),
    Tree(5.9, 11.5, 5.0, -0.1, 21, 0.7, 3.4),
    # So near that only their blossom hangs into the picture.
    Tree(-3.6, 0.6, 7.2, 0.2, 33, 0.8, 1.5, 3.5, 0.5),
    Tree(3.4, 0.9, 7.2, -0.2, 41, 0.7, 1.5, 3.3, 0.3),
]


def build(materials: Materials) -> list[bpy.types.Object]:
    """Plants all of them and returns the trunks, which are to be outlined."""
    return [_plant(tree, materials) for tree in TREES]


def _plant(tree: Tree, materials: Materials) -> bpy.types.Object:
    growth = Growth(tree)
    foot = Vector((tree.x, tree.y, ground_height(tree.x, tree.y) - 0.2))
    heading = Vector((tree.lean * 0.22, -0.05, 1)).normalized()
    growth.grow(foot, heading, tree.height * 0.42, 0.24 * tree.height / 5, 0)
    trunk = add_tubes("trunk", growth.paths, growth.radii, materials.bark, 4)
    _blossom(tree, np.array(growth.tips), materials.blossom)
    return trunk


class Growth:
    """A tree that grows: branches as paths with radii, and the places where blossom sits."""

    def __init__(self, tree: Tree) -> None:
        self.tree, self.dice = tree, random.Random(tree.seed)
        self.paths: list[list[Point]] = []
        self.radii: list[list[float]] = []
        self.tips: list[Point] = []

    def grow(self, place: Vector, heading: Vector, length: float, width: float, depth: int) -> None:
        """Grows one branch and what forks off it."""
        side = self.tree.side
        path, radii = [tuple(place)], [width]
        for i in range(SEGMENTS):
            if place.x * side <= self.tree.clearance:
                heading = Vector((side * abs(heading.x), heading.y, heading.z))
            wander = Vector((self.dice.gauss(0, 0.13), self.dice.gauss(0, 0.13), self.dice.gauss(0.02, 0.10)))
            heading = (heading + wander).normalized()
            place = place + heading * (length / SEGMENTS)
            path.append(tuple(place))
            radii.append(width * (1 - 0.55 * (i + 1) / SEGMENTS))
            if depth >= 2 and i > 2:
                self.tips.append(tuple(place))
        self.paths.append(path)
        self.radii.append(radii)
        if depth == FORKS:
            self.tips.append(tuple(place))
            return
        for _ in range(self.dice.choice((2, 3, 3)) if depth else 4):
            self._fork(path, heading, length, radii[-1], depth)

    def _fork(self, path: list[Point], heading: Vector, length: float, width: float, depth: int) -> None:
        dice = self.dice
        angle = dice.uniform(0, 6.28)
        x = math.cos(angle) * 0.9 + self.tree.lean * 0.45 * (depth < 2)
        away = Vector((x, math.sin(angle) * 0.75 - 0.12, dice.uniform(0.05, 0.75) - 0.10 * depth)).normalized()
        start = Vector(path[dice.choice((5, 6, 7, 8))])
        self.grow(
            start, (heading * 0.55 + away).normalized(), length * dice.uniform(0.60, 0.80), width * 0.85, depth + 1
        )


def _blossom(tree: Tree, tips: np.ndarray, material: bpy.types.Material) -> None:
    rng = np.random.default_rng(tree.seed)
    rng.shuffle(tips)
    kept = (tips[:, 0] * tree.side > tree.clearance - 0.35) & (tips[:, 2] > tree.lowest_blossom)
    centres = tips[kept][: int(250 * tree.density)]
    balls = [_blossom_ball(centre, tree.height, rng) for centre in centres]
    points, outwards = (np.concatenate(part) for part in zip(*balls, strict=True))
    normals = outwards + rng.normal(size=points.shape) * 0.35
    sizes = 0.075 + 0.035 * rng.random(len(points))
    blossom = scatter("blossom", _flower(), points, normals, sizes, material, tree.seed)
    # Light falls on balls and on the crown as a whole, not on single flowers.
    crown = points - centres.mean(0)
    crown /= np.linalg.norm(crown, axis=1, keepdims=True)
    facing = 0.78 * outwards + 0.26 * crown + tree.brightness * np.array(SUN)
    facing = np.repeat(facing, len(blossom.data.vertices) // len(points), axis=0)
    blossom.data.attributes["ctr"].data.foreach_set("vector", facing.astype(np.float32).ravel())


def _blossom_ball(centre: np.ndarray, height: float, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    radius = rng.choice((0.15, 0.20, 0.26, 0.34)) * rng.uniform(0.85, 1.2) * height / 5
    count = int(330 * (radius / 0.36) ** 2 * 0.9)
    centre = centre + rng.normal(size=3) * 0.12
    radii = (radius * rng.uniform(0.8, 1.3), radius, radius * rng.uniform(0.6, 0.95))
    points, outwards = ball_points(count, centre, radii, rng, 0.55)
    return points + rng.normal(size=points.shape) * radius * 0.10, outwards


def _flower() -> Template:
    """Five petals."""
    vertices: list[Point] = [(0, 0, 0)]
    faces = []
    for petal in range(5):
        angle, first = 2 * math.pi * petal / 5, len(vertices)
        for radius, turn, rise in ((0.82, -0.46, 0.2), (0.98, 0, 0.22), (0.82, 0.46, 0.2)):
            vertices.append((radius * math.cos(angle + turn), radius * math.sin(angle + turn), rise))
        faces += [(0, first, first + 1), (0, first + 1, first + 2)]
    return vertices, faces
