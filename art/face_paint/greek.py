"""Gold leaf: a spray of laurel on each cheekbone, olive sprigs along the brows, and the eyelids.

Each design has a coverage and a height; portrait makes relief and shine of the height.
"""

from __future__ import annotations

import numpy as np

from .canvas import Face, Sheet, blur, curve, leaf_width, mirrored

LID = (226, 247, 30, 29, 27, 28, 56, 190, 173, 157, 158, 159, 160, 161, 246, 33)
RIDGES = 6


class Relief:
    """A coverage and a height that are drawn together."""

    def __init__(self) -> None:
        self.coverage, self.height = Sheet(), Sheet()

    def leaf(self, foot: np.ndarray, angle: float, length: float, width: float, bend: float = 0.10) -> None:
        """A pointed leaf with a ridge along its middle."""
        t = np.linspace(0, 1, 40)
        x, y = t * length, bend * length * np.sin(np.pi * t * 0.9)
        cos, sin = np.cos(angle), np.sin(angle)
        line = foot + np.stack([x * cos - y * sin, x * sin + y * cos], axis=1)
        profile = leaf_width(0.42)
        self.coverage.stroke(line, width, profile)
        for ridge in range(RIDGES):
            level = (ridge + 1) / RIDGES
            self.height.stroke(line, width * (1 - ridge / RIDGES), profile, 0.25 + 0.6 * level)
        self.height.stroke(line, 2.4, lambda s: 1 - 0.6 * s, 1.0)

    def stem(self, line: np.ndarray, width: float) -> None:
        """A tapering stem."""
        self.coverage.stroke(line, width, lambda t: 1 - 0.65 * t)
        self.height.stroke(line, width, lambda t: 1 - 0.65 * t, 0.55)
        self.height.stroke(line, width * 0.45, lambda t: 1 - 0.65 * t, 0.85)

    def berry(self, centre: np.ndarray, radii: tuple[float, float], turn: float = 0.0) -> None:
        """A berry or an olive, domed."""
        self.coverage.oval(centre, radii, turn=turn)
        for level in np.linspace(1, 0.15, 8):
            dome = 0.35 + 0.65 * float(np.sqrt(1 - level**2))
            self.height.oval(centre, (radii[0] * level, radii[1] * level), dome, turn)

    def arrays(self) -> tuple[np.ndarray, np.ndarray]:
        """Coverage and height, on both halves of the face."""
        return mirrored(blur(self.coverage.array(), 0.6)), mirrored(blur(self.height.array(), 1.1))


def draw(face: Face) -> dict[str, np.ndarray]:
    """All stencils by name."""
    laurel, laurel_height = _laurel(face)
    olive, olive_height = _olive(face)
    return {
        "laurel": laurel,
        "laurel-height": laurel_height,
        "olive": olive,
        "olive-height": olive_height,
        "lids": _lids(face),
    }


def _directions(line: np.ndarray) -> np.ndarray:
    along = np.gradient(line, axis=0)
    return np.arctan2(along[:, 1], along[:, 0])


def _laurel(face: Face) -> tuple[np.ndarray, np.ndarray]:
    """From the temple round the eye's corner and in along the cheekbone; leaves in pairs that grow smaller."""
    stops = ((71, -8, -62), (156, -14, -14), (143, -14, 34), (117, -38, 34), (118, -8, 52), (101, 18, 34))
    line = curve(face.path(*stops))
    angles, relief = _directions(line), Relief()
    relief.stem(line[6:194], 7)
    pairs = 7
    for pair in range(pairs):
        place = int(10 + pair * 172 / (pairs - 0.4))
        size = 1 - 0.50 * pair / pairs
        for side in (-1, 1):
            spread = side * (0.70 - 0.14 * pair / pairs)
            relief.leaf(line[place], angles[place] + spread, 88 * size, 30 * size, 0.10 * side)
        if pair % 2:
            outward = angles[place] + np.pi / 2
            for step, radius in ((26, 7.5), (14, 5.5)):
                berry = line[place - 6] + np.array([np.cos(outward), np.sin(outward)]) * -step * size * 1.3
                relief.berry(berry, (radius * size, radius * size))
    relief.leaf(line[186], angles[186], 54, 19, 0.0)
    return relief.arrays()


def _olive(face: Face) -> tuple[np.ndarray, np.ndarray]:
    """A sprig above each brow, from the middle of the forehead to the temple, and a drop between the brows."""
    stops = ((9, -14, -18), (107, -10, -36), (66, -6, -42), (105, -14, -34), (63, -28, -18), (71, 4, 26), (139, 2, -2))
    line = curve(face.path(*stops))
    angles, relief = _directions(line), Relief()
    relief.stem(line[4:196], 5)
    leaves = 11
    for number in range(leaves):
        place = int(14 + number * 176 / leaves)
        size = 0.66 + 0.42 * np.sin(np.pi * (number + 1.5) / (leaves + 2))
        side = -1 if number % 2 else 1
        relief.leaf(line[place], angles[place] + side * 0.48, 64 * size, 15.5 * size, 0.07 * side)
        if number in (2, 5, 8):
            turn = angles[place] - side * 0.9
            stalk = curve([line[place], line[place] + np.array([np.cos(turn), np.sin(turn)]) * 14 * size], 20)
            relief.stem(stalk, 2.6)
            relief.berry(stalk[-1] + np.array([np.cos(turn), np.sin(turn)]) * 8, (10.5 * size, 7.2 * size), turn)
    relief.leaf(line[192], angles[192], 48, 13, 0.0)
    relief.berry(face.at(9, 0, -12), (6, 9))
    relief.berry(face.at(9, 0, 12), (3.6, 3.6))
    return relief.arrays()


def _lids(face: Face) -> np.ndarray:
    """The upper lids up to their fold, soft."""
    sheet = Sheet()
    sheet.fill(face.points[list(LID)])
    return mirrored(np.clip(blur(sheet.array(), 5) * 1.15, 0, 1))
