"""Shader graphs as arithmetic: `0.5 * noise + height` instead of Blender's nodes and links.

A `Value` is the output of a node: a number, a vector, a colour or a whole shader. Numbers know + - * / ** and abs().
All of them, and plain numbers and tuples, can be given wherever a node takes an input.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeAlias

import bpy

Number: TypeAlias = "Value | float"
Colour: TypeAlias = "Value | Sequence[float]"
Stop: TypeAlias = "tuple[float, float | Sequence[float]]"


class Value:
    """The output of a node."""

    def __init__(self, graph: ShaderGraph, socket: bpy.types.NodeSocket) -> None:
        self.graph, self.socket = graph, socket

    def __add__(self, other: Number) -> Value:
        return self.graph.math("ADD", self, other)

    def __radd__(self, other: Number) -> Value:
        return self.graph.math("ADD", other, self)

    def __sub__(self, other: Number) -> Value:
        return self.graph.math("SUBTRACT", self, other)

    def __rsub__(self, other: Number) -> Value:
        return self.graph.math("SUBTRACT", other, self)

    def __mul__(self, other: Number) -> Value:
        return self.graph.math("MULTIPLY", self, other)

    def __rmul__(self, other: Number) -> Value:
        return self.graph.math("MULTIPLY", other, self)

    def __truediv__(self, other: Number) -> Value:
        return self.graph.math("DIVIDE", self, other)

    def __pow__(self, other: Number) -> Value:
        return self.graph.math("POWER", self, other)

    def __abs__(self) -> Value:
        return self.graph.math("ABSOLUTE", self)


class ShaderGraph:
    """Builds the nodes of one material, or of the sky."""

    def __init__(self, tree: bpy.types.NodeTree) -> None:
        self.tree = tree

    def node(self, kind: str, inputs: dict[str | int, Any] | None = None, **settings: Any) -> bpy.types.Node:
        """Adds a node; `kind` is its Blender name without `ShaderNode`."""
        node = self.tree.nodes.new(f"ShaderNode{kind}")
        for name, setting in settings.items():
            setattr(node, name, setting)
        for name, value in (inputs or {}).items():
            self._fill(node.inputs[name], value)
        return node

    def value(self, node: bpy.types.Node, output: str | int = 0) -> Value:
        """One output of a node."""
        return Value(self, node.outputs[output])

    def _fill(self, socket: bpy.types.NodeSocket, value: Any) -> None:
        if isinstance(value, Value):
            self.tree.links.new(value.socket, socket)
        elif value is not None:
            if hasattr(socket.default_value, "__len__"):
                value = tuple(value)
                if len(socket.default_value) == 4 and len(value) == 3:
                    value = (*value, 1)
            socket.default_value = value

    def math(self, operation: str, *values: Number, clamp: bool = False) -> Value:
        """Blender's Math node, for what has no operator: FRACT, MINIMUM, LESS_THAN, GREATER_THAN, EXPONENT..."""
        return self.value(self.node("Math", dict(enumerate(values)), operation=operation, use_clamp=clamp))

    def remap(self, value: Number, low: float, high: float, to_low: float = 0, to_high: float = 1) -> Value:
        """Maps low..high linearly onto to_low..to_high and clamps."""
        return self._map_range("LINEAR", value, low, high, to_low, to_high)

    def smoothstep(self, value: Number, low: float, high: float, to_low: float = 0, to_high: float = 1) -> Value:
        """The same with soft ends."""
        return self._map_range("SMOOTHSTEP", value, low, high, to_low, to_high)

    def _map_range(self, interpolation: str, *values: Number) -> Value:
        return self.value(self.node("MapRange", dict(enumerate(values)), clamp=True, interpolation_type=interpolation))

    def split(self, vector: Value) -> tuple[Value, Value, Value]:
        """x, y and z of a vector; red, green and blue of a colour."""
        node = self.node("SeparateXYZ", {0: vector})
        return self.value(node, 0), self.value(node, 1), self.value(node, 2)

    def join(self, x: Number, y: Number, z: Number = 0.0) -> Value:
        """A vector of three numbers."""
        return self.value(self.node("CombineXYZ", {0: x, 1: y, 2: z}))

    def add_vectors(self, first: Value, second: Value) -> Value:
        """The sum of two vectors."""
        return self.value(self.node("VectorMath", {0: first, 1: second}, operation="ADD"))

    def scale_vector(self, vector: Value, factor: float) -> Value:
        """A vector times a number."""
        return self.value(self.node("VectorMath", {0: vector, "Scale": factor}, operation="SCALE"))

    def normalize(self, vector: Value) -> Value:
        """A vector of length 1."""
        return self.value(self.node("VectorMath", {0: vector}, operation="NORMALIZE"))

    def dot(self, vector: Value, direction: Sequence[float]) -> Value:
        """How far a vector points in a direction."""
        return self.value(self.node("VectorMath", {0: vector, 1: direction}, operation="DOT_PRODUCT"), "Value")

    def stretch(self, vector: Value, scale: Sequence[float] = (1, 1, 1), shift: Sequence[float] = (0, 0, 0)) -> Value:
        """Moves and scales texture coordinates: a factor below 1 draws the texture out along that axis."""
        return self.value(self.node("Mapping", {0: vector, 1: shift, 3: scale}))

    def noise(
        self,
        place: Value,
        scale: float,
        detail: float = 6,
        roughness: float = 0.55,
        distortion: float = 0.0,
        *,
        colour: bool = False,
    ) -> Value:
        """Fractal noise around 0.5; with `colour`, three of them as a vector."""
        shape = {"Scale": scale, "Detail": detail, "Roughness": roughness, "Distortion": distortion}
        return self.value(self.node("TexNoise", {"Vector": place, **shape}), 1 if colour else 0)

    def cells(
        self, place: Value, scale: float, feature: str = "F1", *, randomness: float = 1.0, output: str = "Distance"
    ) -> Value:
        """Voronoi cells: distance to the centre (F1) or to the edge (DISTANCE_TO_EDGE), or a colour a cell."""
        inputs = {"Vector": place, "Scale": scale, "Randomness": randomness, "Detail": 0}
        return self.value(self.node("TexVoronoi", inputs, feature=feature), output)

    def ramp(self, position: Number, stops: Sequence[Stop], interpolation: str = "LINEAR") -> Value:
        """Colours (or greys, given as one number) at positions from 0 to 1, and what lies between them."""
        node = self.node("ValToRGB", {0: position})
        ramp = node.color_ramp
        ramp.interpolation = interpolation
        while len(ramp.elements) < len(stops):
            ramp.elements.new(0.5)
        for element, (stop, colour) in zip(ramp.elements, stops, strict=True):
            element.position = stop
            rgb = (colour,) * 3 if isinstance(colour, int | float) else tuple(colour)[:3]
            element.color = (*rgb, 1)
        return self.value(node)

    def mix(self, factor: Number, first: Colour, second: Colour, blend: str = "MIX") -> Value:
        """The first colour at 0, the second at 1."""
        inputs = {0: factor, 6: first, 7: second}
        return self.value(self.node("Mix", inputs, data_type="RGBA", blend_type=blend, clamp_factor=True), 2)

    def bump(self, height: Value, strength: float, distance_m: float) -> Value:
        """A normal that shows a height without any geometry."""
        return self.value(self.node("Bump", {"Height": height, "Strength": strength, "Distance": distance_m}))

    def object_place(self) -> Value:
        """Where on the object, in its own coordinates."""
        return self.value(self.node("TexCoord"), "Object")

    def box_place(self) -> Value:
        """Where in the object's box, from 0 to 1; in the sky, the direction of view."""
        return self.value(self.node("TexCoord"), "Generated")

    def uv(self) -> Value:
        """Where on the unrolled surface."""
        return self.value(self.node("TexCoord"), "UV")

    def world_place(self) -> Value:
        """Where in the world, in metres."""
        return self.geometry("Position")

    def geometry(self, output: str) -> Value:
        """Position, Normal, True Normal or Backfacing."""
        return self.value(self.node("NewGeometry"), output)

    def object_random(self) -> Value:
        """A number from 0 to 1 that differs from object to object; Blender takes it from the object's name."""
        return self.value(self.node("ObjectInfo"), "Random")

    def attribute(self, name: str, output: str = "Fac") -> Value:
        """An attribute that the geometry carries: Fac for a number, Vector for a vector."""
        return self.value(self.node("Attribute", attribute_name=name), output)

    def view_distance(self) -> Value:
        """Metres from the camera."""
        return self.value(self.node("CameraData"), "View Distance")
