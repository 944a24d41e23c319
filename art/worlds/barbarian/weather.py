"""Falling snow, blurred where it is near, and low mist."""

from __future__ import annotations

import numpy as np

from scenery.geometry import add_card, make_ball
from scenery.materials import make_material, mist, surface
from scenery.nodes import ShaderGraph, Value
from scenery.scatter import scatter

# y, top and width.
MIST_BANKS = [(8.5, 1.9, 10), (11.0, 2.4, 12), (15, 4.0, 24), (30, 7, 60)]


def build(rng: np.random.Generator) -> None:
    """Lets it snow."""
    _snow(rng)
    material = make_material("mist", mist((0.24, 0.29, 0.36), 0.8, _mist_density))
    for y, top, width in MIST_BANKS:
        add_card("mist", y, -1, top, width, material)


def _snow(rng: np.random.Generator) -> None:
    count = 1500
    points = np.stack([rng.uniform(-5, 5, count), rng.uniform(-3.2, 13, count), rng.uniform(0, 7.5, count)], 1)
    # None right before the lens, where the guest will stand.
    points = points[~((np.abs(points[:, 0]) < 0.7) & (points[:, 1] < 0))]
    normals = rng.normal(size=points.shape)
    sizes = 0.006 + 0.010 * rng.random(len(points))
    scatter("flakes", make_ball(2), points, normals, sizes, make_material("flake", _flake), 3)


def _flake(graph: ShaderGraph) -> Value:
    lit_within = {"Emission_Color": (0.6, 0.68, 0.8), "Emission_Strength": 0.35}
    return surface(graph, Base_Color=(0.9, 0.93, 1.0), Roughness=0.8, **lit_within)


def _mist_density(graph: ShaderGraph) -> Value:
    u, v, _ = graph.split(graph.uv())
    wisps = graph.noise(graph.stretch(graph.world_place(), (0.3, 0.3, 0.9)), 0.9, 6, 0.58, 0.6)
    upwards = graph.ramp(v, [(0, 0.2), (0.25, 1.0), (1, 0.0)], "EASE")
    sideways = graph.ramp(u, [(0, 0.0), (0.2, 1.0), (0.8, 1.0), (1, 0.0)], "EASE")
    return graph.remap(wisps, 0.34, 0.72) * upwards * sideways * 0.5
