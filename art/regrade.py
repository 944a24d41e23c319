#!/usr/bin/env python3
"""Turns a backdrop into another hour: `python art/regrade.py evening-lake themes --out evening-lake.jpg`.

Another framing (mirrored, nearer), and other light: by colour, by place and by brightness. Nothing is rendered.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from hours import anime, barbarian, greek, mystic
from hours.picture import open_backdrop, write

HOURS = {
    "dawn-pass": ("barbarian/backdrops/mountain-hall.jpg", barbarian.break_dawn),
    "noon-terrace": ("greek/backdrops/sunset-terrace.jpg", greek.raise_sun),
    "ice-grotto": ("mystic/backdrops/moonlit-cave.jpg", mystic.freeze),
    "evening-lake": ("anime/backdrops/blossom-lake.jpg", anime.set_sun),
}


def parse_arguments() -> argparse.Namespace:
    """Reads the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("hour", choices=HOURS)
    parser.add_argument("themes", type=Path, help="the folder themes/, where the backdrop comes from")
    parser.add_argument("--out", type=Path, required=True, help="JPEG file")
    return parser.parse_args()


def main() -> None:
    """Reads, changes and writes a backdrop."""
    arguments = parse_arguments()
    source, change = HOURS[arguments.hour]
    write(change(open_backdrop(arguments.themes / source)), arguments.out)


if __name__ == "__main__":
    main()
