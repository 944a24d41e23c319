"""Adds comparisons up, and prints them as a table: a row a variant, then a row a tag."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np

from .comparison import Comparison
from .recognition import SAME_PERSON

HUE_LIMIT_DEGREES = 6.0
LIGHTNESS_LIMIT = 8.0
"""What a guest's skin may be moved by, in CIELAB."""

COLUMNS = (
    ("portraits", "portraits", "{}"),
    ("refused", "refused", "{}"),
    ("faces", "faces_in", "{}"),
    ("kept", "faces_kept", "{}"),
    ("kept %", "faces_kept_share", "{:.1%}"),
    ("costume %", "full_costume_share", "{:.1%}"),
    ("compared", "faces_compared", "{}"),
    ("identity", "identity_median", "{:.3f}"),
    ("p95", "identity_p95", "{:.3f}"),
    ("same %", "same_person_share", "{:.1%}"),
    ("hue", "hue_median_degrees", "{:.1f}"),
    ("p95", "hue_p95_degrees", "{:.1f}"),
    ("<= 6 %", "hue_within_limit_share", "{:.1%}"),
    ("lightness", "lightness_median", "{:.1f}"),
    ("p95", "lightness_p95", "{:.1f}"),
    ("<= 8 %", "lightness_within_limit_share", "{:.1%}"),
)
"""Heading, figure and format. Hue and lightness are absolute values."""


def summarise(comparisons: Iterable[Comparison]) -> dict[str, Any]:
    """The figures of some portraits; None where there is nothing to count."""
    chosen = list(comparisons)
    faces, kept = sum(it.faces for it in chosen), sum(it.kept for it in chosen)
    distances = np.array([distance for it in chosen for distance in it.distances])
    hues = np.abs([hue for it in chosen for hue in it.hues if hue is not None])
    lightnesses = np.abs([lightness for it in chosen for lightness in it.lightnesses])
    return {
        "portraits": sum(it.refused is None for it in chosen),
        "refused": sum(it.refused is not None for it in chosen),
        "faces_in": faces,
        "faces_kept": kept,
        "faces_kept_share": _ratio(kept, faces),
        "full_costume_share": _ratio(sum(it.in_costume for it in chosen), sum(it.guests for it in chosen)),
        "faces_compared": len(distances),
        "identity_median": _quantile(distances, 0.5),
        "identity_p95": _quantile(distances, 0.95),
        "same_person_share": _ratio(int((distances < SAME_PERSON).sum()), len(distances)),
        "hue_median_degrees": _quantile(hues, 0.5),
        "hue_p95_degrees": _quantile(hues, 0.95),
        "hue_within_limit_share": _ratio(int((hues <= HUE_LIMIT_DEGREES).sum()), len(hues)),
        "lightness_median": _quantile(lightnesses, 0.5),
        "lightness_p95": _quantile(lightnesses, 0.95),
        "lightness_within_limit_share": _ratio(int((lightnesses <= LIGHTNESS_LIMIT).sum()), len(lightnesses)),
    }


def all_figures(comparisons: list[Comparison]) -> dict[str, dict[str, dict[str, Any]]]:
    """Figures by variant, by theme, by tag, and of everything."""
    variants = list(dict.fromkeys((it.theme, it.variant) for it in comparisons))
    themes = list(dict.fromkeys(it.theme for it in comparisons))
    tags = sorted({tag for it in comparisons for tag in it.tags})
    return {
        "by variant": {
            f"{theme}, {variant}": summarise(it for it in comparisons if (it.theme, it.variant) == (theme, variant))
            for theme, variant in variants
        },
        "by theme": {theme: summarise(it for it in comparisons if it.theme == theme) for theme in themes},
        "by tag": {tag: summarise(it for it in comparisons if tag in it.tags) for tag in tags},
        "in all": {"everything": summarise(comparisons)},
    }


def as_table(figures: dict[str, dict[str, dict[str, Any]]]) -> str:
    """The figures for people to read."""
    width = max(len(name) for group in figures.values() for name in group)
    lines = []
    for group, rows in figures.items():
        lines.append(group.ljust(width) + "".join(heading.rjust(10) for heading, _, _ in COLUMNS))
        for name, row in rows.items():
            lines.append(name.ljust(width) + "".join(_cell(row[key], form).rjust(10) for _, key, form in COLUMNS))
        lines.append("")
    return "\n".join(lines)


def _cell(value: Any, form: str) -> str:
    return "-" if value is None else form.format(value)


def _ratio(part: int, whole: int) -> float | None:
    return part / whole if whole else None


def _quantile(values: np.ndarray, share: float) -> float | None:
    return float(np.quantile(values, share)) if len(values) else None
