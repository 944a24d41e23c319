"""Lamps."""

from __future__ import annotations

import math
from collections.abc import Sequence

import bpy
from mathutils import Vector

from .geometry import add_to_scene


def add_sun(towards: Sequence[float], strength: float, colour: Sequence[float], angle_degrees: float) -> None:
    """Parallel light from a direction; the angle is how large the sun looks, and so how soft shadows are."""
    data = _lamp("SUN", strength, colour)
    data.angle = math.radians(angle_degrees)
    _place(data, towards, (0, 0, 0))


def add_area(
    location: Sequence[float], watts: float, colour: Sequence[float], size_m: float, target: Sequence[float]
) -> bpy.types.Object:
    """A bright square."""
    data = _lamp("AREA", watts, colour)
    data.size = size_m
    return _place(data, location, target)


def add_point(location: Sequence[float], watts: float, colour: Sequence[float], radius_m: float) -> bpy.types.Object:
    """A bright ball."""
    data = _lamp("POINT", watts, colour)
    data.shadow_soft_size = radius_m
    return _place(data, location, None)


def add_spot(
    location: Sequence[float],
    watts: float,
    colour: Sequence[float],
    radius_m: float,
    target: Sequence[float],
    *,
    cone_degrees: float,
    blend: float,
) -> None:
    """A cone of light."""
    data = _lamp("SPOT", watts, colour)
    data.shadow_soft_size, data.spot_size, data.spot_blend = radius_m, math.radians(cone_degrees), blend
    _place(data, location, target)


def _lamp(kind: str, energy: float, colour: Sequence[float]) -> bpy.types.Light:
    data = bpy.data.lights.new(kind, kind)
    data.energy, data.color = energy, colour
    return data


def _place(data: bpy.types.Light, location: Sequence[float], target: Sequence[float] | None) -> bpy.types.Object:
    lamp = bpy.data.objects.new(data.name, data)
    lamp.location = location
    if target is not None:
        lamp.rotation_euler = (Vector(target) - Vector(location)).to_track_quat("-Z", "Y").to_euler()
    return add_to_scene(lamp)
