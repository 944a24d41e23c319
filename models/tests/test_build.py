"""The build on a made-up package: what is refused, what is kept, and what a person is told."""

from __future__ import annotations

import contextlib
import io
import os
import tempfile
import tomllib
import unittest
import zipfile
from dataclasses import replace
from pathlib import Path
from unittest import mock

from onnx import helper

from build import build_models
from fetch_onnxruntime import fetch_libraries
from photobooth_models.checked_files import sha256_of, write_atomically
from photobooth_models.convert import convert_onnx
from photobooth_models.convert.onnx_file import float_value, make_model
from photobooth_models.manifest import Model, Package, Runtime, Source, read_manifest
from photobooth_models.problems import Problem, run_reporting

WHEEL = Package("tiny", "pypi", "1.0")


def tiny_model_file() -> bytes:
    """An ONNX file that copies its input."""
    nodes = [helper.make_node("Identity", ["a"], ["b"])]
    return make_model(nodes, [], [float_value("a", [1])], [float_value("b", [1])], graph_name="g").SerializeToString()


class Folders(unittest.TestCase):
    """A work folder that holds a package already, and an empty output folder."""

    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.work, self.out = Path(folder.name, "work"), Path(folder.name, "out")
        self.content = tiny_model_file()
        (self.work / "tiny-1.0").mkdir(parents=True)
        with zipfile.ZipFile(self.work / "tiny-1.0" / "tiny-1.0-py3-none-any.whl", "w") as wheel:
            wheel.writestr("tiny/model.onnx", self.content)
        source = Source("tiny/model.onnx", sha256_of(self.content))
        result = sha256_of(convert_onnx([self.content], {"b": "copy"}))
        self.model = Model("copy.onnx", result, WHEEL, (source,), "onnx", "MIT", "tests", {"b": "copy"})

    def build(self, *models: Model) -> str:
        """Builds and returns what was printed."""
        with contextlib.redirect_stdout(io.StringIO()) as printed:
            build_models(models or (self.model,), self.out, self.work)
        return printed.getvalue()


class BuildTest(Folders):
    """From a package to a file in the output folder."""

    def test_builds_and_then_leaves_alone(self) -> None:
        self.assertIn("[1/1] copy.onnx: built from tiny 1.0", self.build())
        self.assertEqual(sha256_of((self.out / "copy.onnx").read_bytes()), self.model.sha256)
        before = (self.out / "copy.onnx").stat().st_ino
        self.assertIn("already there", self.build())
        self.assertEqual((self.out / "copy.onnx").stat().st_ino, before)

    def test_resumes_behind_what_is_finished_and_repairs_what_is_damaged(self) -> None:
        second = replace(self.model, file="second.onnx")
        self.build()
        (self.out / "second.onnx").write_bytes(b"cut off")
        printed = self.build(self.model, second).splitlines()
        self.assertIn("already there", printed[0])
        self.assertIn("second.onnx: built", printed[1])
        self.assertEqual(sha256_of((self.out / "second.onnx").read_bytes()), second.sha256)

    def test_refuses_another_source(self) -> None:
        changed = replace(self.model, sources=(Source("tiny/model.onnx", "0" * 64),))
        with self.assertRaisesRegex(Problem, "tiny/model.onnx of tiny 1.0 has sha256 .* 0000.* is pinned"):
            self.build(changed)
        self.assertFalse(self.out.exists())

    def test_refuses_another_result(self) -> None:
        with self.assertRaisesRegex(Problem, "copy.onnx came out with sha256 .*requirements.txt"):
            self.build(replace(self.model, sha256="0" * 64))
        self.assertFalse(self.out.exists())

    def test_says_which_package_is_damaged(self) -> None:
        (self.work / "tiny-1.0" / "tiny-1.0-py3-none-any.whl").write_bytes(b"PK cut off")
        with self.assertRaisesRegex(Problem, "cannot be read: .* Delete .*tiny-1.0 and run"):
            self.build()


class DownloadTest(Folders):
    """What a person is told when a package cannot be fetched."""

    def test_no_network(self) -> None:
        missing = replace(self.model, package=Package("tiny", "pypi", "2.0"))
        nowhere = {"PIP_INDEX_URL": "http://127.0.0.1:9/simple", "PIP_RETRIES": "0", "PIP_CONFIG_FILE": os.devnull}
        with (
            mock.patch.dict(os.environ, nowhere),
            self.assertRaisesRegex(Problem, "pip could not fetch tiny 2.0.*network"),
        ):
            self.build(missing)
        self.assertFalse((self.work / "tiny-2.0").exists())

    def test_no_npm(self) -> None:
        missing = replace(self.model, package=Package("tiny", "npm", "2.0"))
        with (
            mock.patch.dict(os.environ, {"PATH": ""}),
            self.assertRaisesRegex(Problem, "npm is needed .*apt install npm"),
        ):
            self.build(missing)


class DiskTest(Folders):
    """A full disk, which /dev/full plays."""

    def test_full_disk_is_one_sentence(self) -> None:
        def fill() -> None:
            with open("/dev/full", "wb", buffering=0) as file:
                file.write(b"anything")

        with contextlib.redirect_stderr(io.StringIO()) as printed:
            status = run_reporting(fill)
        self.assertEqual(status, 1)
        self.assertRegex(printed.getvalue(), "error: The disk is full .*--work")

    def test_failed_write_leaves_the_old_file_and_nothing_else(self) -> None:
        write_atomically(self.out / "model.onnx", b"old")
        with self.assertRaises(TypeError):
            write_atomically(self.out / "model.onnx", "not bytes")  # type: ignore[arg-type]
        self.assertEqual([path.read_bytes() for path in self.out.iterdir()], [b"old"])


class RuntimeTest(Folders):
    """ONNX Runtime's libraries."""

    def test_refuses_unknown_machine(self) -> None:
        manifest = read_manifest()
        with self.assertRaisesRegex(Problem, "no pinned ONNX Runtime for z80, only for aarch64 and x86_64"):
            fetch_libraries(manifest.runtime, "z80", self.out)
        with self.assertRaisesRegex(Problem, "no pinned ONNX Runtime for aarch64, only for x86_64"):
            fetch_libraries(manifest.runtime_gpu, "aarch64", self.out)

    def test_finished_library_is_kept_and_linked(self) -> None:
        write_atomically(self.out / "library.so.1", b"library")
        runtime = self.runtime(Source("capi/library.so.1", sha256_of(b"library")))
        self.assertEqual(fetch_libraries(runtime, "here", self.out), ["library.so.1: already there"])
        self.assertEqual((self.out / "library.so").read_bytes(), b"library")

    def test_damaged_provider_is_not_left_beside_its_library(self) -> None:
        write_atomically(self.out / "library.so.1", b"library")
        write_atomically(self.out / "provider.so", b"cut off")
        runtime = self.runtime(
            Source("capi/library.so.1", sha256_of(b"library")), Source("capi/provider.so", sha256_of(b"provider"))
        )
        with mock.patch("fetch_onnxruntime.read_source", return_value=b"provider") as read:
            lines = fetch_libraries(runtime, "here", self.out)
        self.assertEqual(lines, ["library.so.1: already there", "provider.so: taken from tiny 1.0"])
        self.assertEqual(read.call_count, 1)
        self.assertEqual((self.out / "provider.so").read_bytes(), b"provider")
        self.assertEqual(os.readlink(self.out / "library.so"), "library.so.1")

    def runtime(self, *sources: Source) -> Runtime:
        """A runtime of these files for the machine type `here`."""
        return Runtime({"here": (WHEEL, sources)}, "library.so")


class ManifestTest(unittest.TestCase):
    """models/manifest.toml itself."""

    def test_every_model_is_pinned_and_licensed(self) -> None:
        models = read_manifest().models
        self.assertEqual(len({model.file for model in models}), 10)
        for model in models:
            for sha256 in (model.sha256, *(source.sha256 for source in model.sources)):
                self.assertRegex(sha256, "^[0-9a-f]{64}$")
            self.assertTrue(model.licence and model.used_by)

    def test_models_that_no_theme_paints_with_are_optional(self) -> None:
        themes = Path(__file__).resolve().parents[2] / "themes"
        brushes = {tomllib.loads(path.read_text())["paint"]["kind"] for path in themes.glob("*/theme.toml")}
        is_optional = {model.file: model.optional for model in read_manifest().models}
        self.assertEqual(is_optional.pop("style_multi26.onnx"), "styles" not in brushes)
        self.assertFalse(any(is_optional.values()))

    def test_both_runtimes_are_one_version_with_what_a_graphics_card_needs(self) -> None:
        manifest = read_manifest()
        runtimes = {"onnxruntime": manifest.runtime, "onnxruntime-gpu": manifest.runtime_gpu}
        packages = [package for runtime in runtimes.values() for package, _ in runtime.machines.values()]
        self.assertEqual({package.name for package in packages}, set(runtimes))
        self.assertEqual(len({package.version for package in packages}), 1)
        _, sources = manifest.runtime_gpu.machines["x86_64"]
        self.assertEqual([Path(source.path).name.split(".")[0] for source in sources], [
            "libonnxruntime", "libonnxruntime_providers_shared", "libonnxruntime_providers_cuda",
        ])  # fmt: skip
        for source in sources:
            self.assertRegex(source.sha256, "^[0-9a-f]{64}$")
