#!/usr/bin/env python3
"""Renders the backdrop of a theme: `python art/render.py greek --out greek.png --width 600 --height 800 --samples 48`.

The result is what the camera saw; art/grade.py finishes it.
"""

from __future__ import annotations

import argparse
import importlib
import time
from pathlib import Path

from scenery import scene

WORLDS = ("anime", "barbarian", "greek", "mystic")


def parse_arguments() -> argparse.Namespace:
    """Reads the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("world", choices=WORLDS)
    parser.add_argument("--out", type=Path, required=True, help="PNG file")
    parser.add_argument("--width", type=int, default=600, help="pixels; the backdrops in themes/ have 1800")
    parser.add_argument("--height", type=int, default=800, help="pixels; the backdrops in themes/ have 2400")
    parser.add_argument("--samples", type=int, help="samples a pixel; what the world asks for by default")
    parser.add_argument(
        "--border",
        type=float,
        nargs=4,
        metavar=("LEFT", "RIGHT", "BOTTOM", "TOP"),
        help="renders only this part, each number from 0 to 1",
    )
    return parser.parse_args()


def main() -> None:
    """Builds a world, renders it and says how long that took."""
    arguments = parse_arguments()
    border = tuple(arguments.border) if arguments.border else None
    picture = scene.Picture(arguments.width, arguments.height, arguments.samples, border)
    world = importlib.import_module(f"worlds.{arguments.world}")
    started = time.monotonic()
    scene.start_scene(world.LOOK, picture)
    world.build()
    built = time.monotonic()
    scene.render(arguments.out)
    print(f"{arguments.out}: built in {built - started:.1f} s, rendered in {time.monotonic() - built:.1f} s")


if __name__ == "__main__":
    main()
