#!/usr/bin/env python3
"""Says how good portraits are: faces kept, whose they look like, what became of the skin, who wears a full costume.

It reads what `pictures portraits` wrote: a folder a photo, in it a JPEG and a report a variant.
"""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import asdict
from pathlib import Path

from photobooth_models.problems import Problem, run_reporting
from photobooth_quality.comparison import Comparison, Photo, compare, open_picture
from photobooth_quality.figures import all_figures, as_table
from photobooth_quality.recognition import Recogniser


def parse_arguments() -> argparse.Namespace:
    """Reads the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("photos", type=Path, nargs="+", help="the photos; of those in photos.json beside them, the faces are known")
    parser.add_argument("--portraits", type=Path, required=True, help="the folder that `pictures portraits` filled")
    parser.add_argument("--recogniser", type=Path, required=True, help="the folder of dlib's networks")
    parser.add_argument("--json", type=Path, help="where all figures go, with every single portrait's")
    return parser.parse_args()


def compare_photo(path: Path, portraits: Path, recogniser: Recogniser) -> list[Comparison]:
    """Compares a photo with every portrait that was made of it."""
    photo = Photo(open_picture(path), recogniser)
    known = read_entry(path)
    faces = known["faces"] if known else len(photo.faces)
    tags = tuple(known["tags"]) if known else ()
    comparisons = []
    for report in sorted((portraits / path.stem).glob("*/*.json")):
        comparison = Comparison(path.stem, tags, report.parent.name, report.stem, faces)
        compare(comparison, photo, report.with_suffix(".jpg"))
        comparisons.append(comparison)
    return comparisons


def read_entry(path: Path) -> dict | None:
    """What the photo list says of a photo, or None of one that is not on it."""
    index = path.with_name("photos.json")
    entries = json.loads(index.read_text(encoding="utf-8")) if index.is_file() else []
    return next((entry for entry in entries if entry["file"] == path.name), None)


def main() -> None:
    """Measures as the command line says."""
    arguments = parse_arguments()
    recogniser = Recogniser(arguments.recogniser)
    comparisons = []
    for path in arguments.photos:
        comparisons += compare_photo(path, arguments.portraits, recogniser)
    if not comparisons:
        raise Problem(f"{arguments.portraits} holds no portrait of these photos.")
    figures = all_figures(comparisons)
    print(as_table(figures))
    if arguments.json:
        content = {**figures, "portraits": [asdict(comparison) for comparison in comparisons]}
        arguments.json.write_text(json.dumps(content, indent=1), encoding="utf-8")


if __name__ == "__main__":
    sys.exit(run_reporting(main))
