"""Finds faces and their landmarks: MediaPipe's full-range detector, then its face mesh on each face."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

from .networks import Network, Stopwatch

DETECTOR_SIDE, DETECTOR_CELLS = 192, 48
LEAST_SCORE, SAME_FACE_OVERLAP = 0.5, 0.3
MESH_SIDE, MESH_MARGIN = 192, 1.5
FOREHEAD, CHIN, EYE_LEFT, EYE_RIGHT = 10, 152, 33, 263


@dataclass(frozen=True)
class Face:
    """A face's 468 points in photo pixels, shape (468, 2)."""

    points: np.ndarray

    @property
    def height(self) -> float:
        """Forehead to chin, in pixels."""
        return float(np.linalg.norm(self.points[CHIN] - self.points[FOREHEAD]))

    @property
    def roll(self) -> float:
        """Clockwise, in radians."""
        across = self.points[EYE_RIGHT] - self.points[EYE_LEFT]
        return float(np.arctan2(across[1], across[0]))


class FaceFinder:
    """Detector and mesh."""

    def __init__(self, models: Path) -> None:
        self._detector = Network(models / "face_detector_full.onnx")
        self._mesh = Network(models / "face_mesh_attention.onnx")
        rows, columns = np.mgrid[:DETECTOR_CELLS, :DETECTOR_CELLS]
        self._anchors = (np.stack([columns.ravel(), rows.ravel()], 1) + 0.5) * DETECTOR_SIDE / DETECTOR_CELLS

    def find(self, photo: np.ndarray, watch: Stopwatch) -> list[tuple[np.ndarray, float, float]]:
        """Centre, size and roll of every face in the photo (8-bit RGB)."""
        height, width = photo.shape[:2]
        scale = DETECTOR_SIDE / max(height, width)
        small = cv2.resize(photo, (round(width * scale), round(height * scale)), interpolation=cv2.INTER_AREA)
        left, top = (DETECTOR_SIDE - small.shape[1]) // 2, (DETECTOR_SIDE - small.shape[0]) // 2
        square = np.zeros((DETECTOR_SIDE, DETECTOR_SIDE, 3), np.float32)
        square[top : top + small.shape[0], left : left + small.shape[1]] = small / np.float32(127.5) - 1
        outputs = self._detector.run(square, watch)
        scores = 1 / (1 + np.exp(-np.clip(outputs["scores"].ravel(), -50, 50)))
        found = scores >= LEAST_SCORE
        boxes, anchors, scores = outputs["boxes"][0][found], self._anchors[found], scores[found]
        centres, sizes = boxes[:, :2] + anchors, boxes[:, 2:4]
        corners = np.concatenate([centres - sizes / 2, sizes], 1)
        kept = cv2.dnn.NMSBoxes(corners.tolist(), scores.tolist(), LEAST_SCORE, SAME_FACE_OVERLAP)
        faces = []
        for index in kept:
            across = boxes[index, 6:8] - boxes[index, 4:6]
            centre = (centres[index] - [left, top]) / scale
            faces.append((centre, float(sizes[index].max() / scale), float(np.arctan2(across[1], across[0]))))
        return sorted(faces, key=lambda face: face[0][0])

    def read(self, photo: np.ndarray, found: tuple[np.ndarray, float, float], watch: Stopwatch) -> Face:
        """The landmarks of one face."""
        centre, size, roll = found
        scale = size * MESH_MARGIN / MESH_SIDE
        turn = scale * np.array([[np.cos(roll), -np.sin(roll)], [np.sin(roll), np.cos(roll)]])
        to_photo = np.column_stack([turn, centre - turn @ [MESH_SIDE / 2, MESH_SIDE / 2]])
        flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
        crop = cv2.warpAffine(photo, to_photo, (MESH_SIDE, MESH_SIDE), flags=flags)
        outputs = self._mesh.run(crop / np.float32(255), watch)
        points = outputs["landmarks"].reshape(-1, 3)[:468, :2]
        return Face(points @ to_photo[:, :2].T + to_photo[:, 2])
