"""ONNX Runtime sessions that add up how long they ran, and the steps' stopwatch."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import onnxruntime as ort


class Stopwatch:
    """Milliseconds by step, and inside networks."""

    def __init__(self) -> None:
        self.steps: dict[str, float] = {}
        self.networks_ms = 0.0
        self._began = time.perf_counter()

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        """Times a step; one that happens again is added to."""
        began = time.perf_counter()
        yield
        self.steps[name] = self.steps.get(name, 0.0) + (time.perf_counter() - began) * 1000

    def report(self) -> dict:
        """What `portrait bench` reports of a portrait, too."""
        steps = [{"step": name, "duration_ms": duration} for name, duration in self.steps.items()]
        total = (time.perf_counter() - self._began) * 1000
        return {"steps": steps, "total_ms": total, "networks_ms": self.networks_ms}


class Network:
    """A session on all cores, as ONNX Runtime opens it by default."""

    def __init__(self, path: Path) -> None:
        options = ort.SessionOptions()
        options.log_severity_level = 3
        self._session = ort.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
        self._names = [output.name for output in self._session.get_outputs()]

    def run(self, picture: np.ndarray, watch: Stopwatch) -> dict[str, np.ndarray]:
        """Runs on one picture (height, width, 3) of 32-bit floats; returns the outputs by name."""
        began = time.perf_counter()
        outputs = self._session.run(None, {"input": np.ascontiguousarray(picture.transpose(2, 0, 1)[None])})
        watch.networks_ms += (time.perf_counter() - began) * 1000
        return dict(zip(self._names, outputs, strict=True))
