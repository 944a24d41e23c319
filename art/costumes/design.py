"""What a costume's file has to say: who wears it, how it is lit, rendered, cut into layers and graded."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from scenery import scene

from .frame import Format
from .layers import Cut, Grade
from .mannequin import Mannequin

LOOK = scene.Look(samples=14, bounces=5)


@dataclass(frozen=True)
class Design:
    """A costume or a head prop. `build` gets the mannequin and the grids' density: 1, or less for drafts."""

    body: Callable[[], Mannequin]
    build: Callable[[Mannequin, float], None]
    light: Callable[[], None]
    grade: Grade
    cut: Cut = field(default_factory=lambda: Cut(0.012, (-0.21, 0.21, 1.30, 1.62)))
    look: scene.Look = LOOK
    form: Format = field(default_factory=Format)
    kind: str = "costume"
    seed: int = 3
    # Flat colours, which need no denoiser.
    drawn: bool = False
    hood: bool = False
