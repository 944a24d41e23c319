"""Compares one photo with one portrait of it: which faces are there, whose they look like, what became of their skin."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image, ImageOps

from .recognition import Recogniser
from .skin import median_skin, shift


@dataclass
class Comparison:
    """What is known of one portrait. Lists have one entry a face that was found in both pictures."""

    photo: str
    tags: tuple[str, ...]
    theme: str
    variant: str
    faces: int
    """Faces in the photo."""
    kept: int = 0
    """Those of them that are in the portrait."""
    refused: str | None = None
    """Why there is no portrait."""
    guests: int = 0
    """Guests whose costume the report tells."""
    in_costume: int = 0
    """Those of them in full costume."""
    distances: list[float] = field(default_factory=list)
    hues: list[float | None] = field(default_factory=list)
    """Degrees by which the skin's hue turned."""
    lightnesses: list[float] = field(default_factory=list)


class Photo:
    """A photo, and the faces that dlib finds in it, which are looked for once for all of its portraits."""

    def __init__(self, picture: Image.Image, recogniser: Recogniser) -> None:
        self.picture, self.recogniser = picture, recogniser

    @cached_property
    def faces(self) -> list[np.ndarray]:
        """Five points of each face, faces from left to right."""
        return self.recogniser.find_faces(self.picture)


def open_picture(path: Path) -> Image.Image:
    """A picture the right way up, as 8-bit RGB."""
    with Image.open(path) as picture:
        return ImageOps.exif_transpose(picture).convert("RGB")


def compare(comparison: Comparison, photo: Photo, portrait: Path) -> None:
    """Fills in what the files of a portrait say: `portrait` is its JPEG, and beside it lies its report."""
    describe = photo.recogniser.describe
    outcome = json.loads(portrait.with_suffix(".json").read_text(encoding="utf-8"))
    if "refused" in outcome:
        comparison.refused = outcome["refused"]
        return
    report, picture = outcome["report"], open_picture(portrait)
    comparison.kept = min(report["faces"], comparison.faces)
    guests = report.get("guests", [])
    comparison.guests = len(guests)
    comparison.in_costume = sum(guest["costume"] == "full" for guest in guests)
    for before, after, colours in match_faces(guests, photo, picture):
        distance = np.linalg.norm(describe(photo.picture, before) - describe(picture, after))
        hue, lightness = shift(*(colours or (median_skin(photo.picture, before), median_skin(picture, after))))
        comparison.distances.append(float(distance))
        comparison.hues.append(hue)
        comparison.lightnesses.append(lightness)


def match_faces(guests: list[dict[str, Any]], photo: Photo, picture: Image.Image) -> list[tuple]:
    """Five points in the photo, five in the portrait, and the skin's two colours where the report knows them.

    The report says it where it can. Otherwise dlib looks for faces, and takes them from left to right; where it finds
    unequal numbers nobody can tell which are which.
    """
    if guests and all("photo_points" in guest and "portrait_points" in guest for guest in guests):
        return [_from_report(guest) for guest in guests]
    before, after = photo.faces, photo.recogniser.find_faces(picture)
    return [(*pair, None) for pair in zip(before, after, strict=True)] if len(before) == len(after) else []


def _from_report(guest: dict[str, Any]) -> tuple:
    points = (np.array(guest[name], float) for name in ("photo_points", "portrait_points"))
    skin = guest.get("skin")
    return (*points, (np.array(skin["photo"]), np.array(skin["portrait"])) if skin else None)
