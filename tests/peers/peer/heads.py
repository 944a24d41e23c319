"""A guest's head: cut out of the photo, its colours moved to the backdrop's, painted."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from .faces import CHIN, Face

MOST_FACE_PIXELS = 400
"""Height of a face in its frame at most; photos seldom have more, and a painting needs no more."""
FRAME = 4.4
"""Side of the frame in face heights."""
CHIN_AT = (0.5, 0.62)
"""Where the chin lies in the frame, of its side."""
NECK = 0.40
"""How much neck is kept, in face heights below the chin; the collar covers the rest."""
TRANSFER = 0.3
BRUSH = 0.009
"""Radius of the Kuwahara filter in face heights: 3.6 pixels of 400."""


@dataclass(frozen=True)
class Head:
    """A head in its own upright frame: 8-bit RGB, 8-bit alpha, pixels of a face's height, and the chin's place."""

    colour: np.ndarray
    alpha: np.ndarray
    face_height: float
    chin: np.ndarray


def cut_head(photo: np.ndarray, matte: np.ndarray, faces: list[Face], index: int, face_height: float) -> Head:
    """Cuts one head out; in a group each pixel goes to the person that it is nearest to, in face heights."""
    face = faces[index]
    side = round(FRAME * face_height)
    chin = np.array(CHIN_AT) * side
    scale = face.height / face_height
    turn = scale * np.array([[np.cos(face.roll), -np.sin(face.roll)], [np.sin(face.roll), np.cos(face.roll)]])
    to_photo = np.column_stack([turn, face.points[CHIN] - turn @ chin])
    flags = cv2.INTER_CUBIC | cv2.WARP_INVERSE_MAP
    colour = cv2.warpAffine(photo, to_photo, (side, side), flags=flags, borderMode=cv2.BORDER_REPLICATE)
    alpha = cv2.warpAffine(matte, to_photo, (side, side), flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP)
    below = (np.arange(side, dtype=np.float32) - chin[1]) / face_height
    alpha *= np.clip((NECK + 0.1 - below) / 0.1, 0, 1)[:, None]
    if len(faces) > 1:
        alpha *= own_pixels(faces, index, to_photo, side)
    return Head(colour, (alpha * 255).astype(np.uint8), face_height, chin)


def own_pixels(faces: list[Face], index: int, to_photo: np.ndarray, side: int) -> np.ndarray:
    """1 where this person is the nearest one, softened at the border."""
    coarse = np.stack(np.meshgrid(np.arange(0, side, 4), np.arange(0, side, 4)), -1).astype(np.float32)
    places = coarse @ to_photo[:, :2].T.astype(np.float32) + to_photo[:, 2].astype(np.float32)
    centres = [face.points.mean(0).astype(np.float32) for face in faces]
    distances = [np.hypot(*(places - centre).transpose(2, 0, 1)) / face.height for centre, face in zip(centres, faces, strict=True)]
    mine = (np.argmin(distances, axis=0) == index).astype(np.float32)
    return cv2.resize(cv2.GaussianBlur(mine, (0, 0), 2), (side, side), interpolation=cv2.INTER_LINEAR)


def transfer_colour(head: Head, target: tuple[np.ndarray, np.ndarray]) -> Head:
    """Moves mean and spread of the head's colours a part of the way to the backdrop's, in CIELAB (Reinhard, 2001)."""
    lab = cv2.cvtColor(head.colour, cv2.COLOR_RGB2LAB)
    mean, spread = (values.ravel() for values in cv2.meanStdDev(lab, mask=(head.alpha > 128).astype(np.uint8)))
    gain = 1 + TRANSFER * (np.clip(target[1] / np.maximum(spread, 1), 0.7, 1.3) - 1)
    shift = TRANSFER * (target[0] - mean)
    # A table a channel: the same for all pixels of one value.
    tables = [np.clip((np.arange(256) - mean[c]) * gain[c] + mean[c] + shift[c], 0, 255) for c in range(3)]
    moved = cv2.merge([cv2.LUT(plane, table.astype(np.uint8)) for plane, table in zip(cv2.split(lab), tables, strict=True)])
    return Head(cv2.cvtColor(moved, cv2.COLOR_LAB2RGB), head.alpha, head.face_height, head.chin)


def paint(head: Head) -> Head:
    """A Kuwahara filter: each pixel becomes the mean of that quarter of its surroundings which varies least."""
    radius = max(2, round(BRUSH * head.face_height))
    window = radius + 1
    colour = head.colour.astype(np.float32)
    luma = cv2.cvtColor(head.colour, cv2.COLOR_RGB2GRAY).astype(np.float32)
    best, least = None, None
    for anchor in ((0, 0), (radius, 0), (0, radius), (radius, radius)):
        mean = cv2.boxFilter(colour, -1, (window, window), anchor=anchor)
        spread = cv2.sqrBoxFilter(luma, cv2.CV_32F, (window, window), anchor=anchor)
        spread -= cv2.boxFilter(luma, -1, (window, window), anchor=anchor) ** 2
        if best is None:
            best, least = mean, spread
            continue
        better = (spread < least).astype(np.uint8)
        cv2.copyTo(mean, better, best)
        cv2.min(spread, least, least)
    painted = cv2.addWeighted(best, 0.7, colour, 0.3, 0)
    return Head(np.clip(painted, 0, 255).astype(np.uint8), head.alpha, head.face_height, head.chin)
