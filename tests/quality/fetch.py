#!/usr/bin/env python3
"""Fetches the photos of tests/photos/people.toml and dlib's face recognition into folders.

Run it with the Python of a virtual environment that holds tests/quality/requirements.txt, with models/ on PYTHONPATH.
What is there already with the right sha256 is left alone.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from pathlib import Path

from photobooth_models.problems import run_reporting
from photobooth_quality.fetch import fetch_photos, fetch_recogniser
from photobooth_quality.photo_list import Photo, read_photo_list

HERE = Path(__file__).resolve().parent
PHOTO_LIST = HERE.parent / "photos" / "people.toml"


def parse_arguments() -> argparse.Namespace:
    """Reads the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--photos", type=Path, required=True, help="folder for the photos, with photos.json about them")
    parser.add_argument("--recogniser", type=Path, help="folder for dlib's networks; not fetched without it")
    return parser.parse_args()


def describe(photos: tuple[Photo, ...]) -> str:
    """What is known of each photo, as the JSON that `cargo xtask` and measure.py read."""
    entries = [
        {"name": photo.name, "file": photo.file, "faces": photo.faces, "tags": photo.tags, "sheet": photo.sheet}
        for photo in photos
    ]
    return json.dumps(entries, indent=1)


def main() -> None:
    """Fetches as the command line says."""
    arguments = parse_arguments()
    photos = read_photo_list(PHOTO_LIST)
    with tempfile.TemporaryDirectory(prefix="photobooth-photos-") as work:
        fetch_photos(photos, arguments.photos, Path(work))
        if arguments.recogniser:
            fetch_recogniser(HERE / "recognition.toml", arguments.recogniser, Path(work))
    (arguments.photos / "photos.json").write_text(describe(photos), encoding="utf-8")


if __name__ == "__main__":
    sys.exit(run_reporting(main))
