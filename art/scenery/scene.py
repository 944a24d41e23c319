"""The Blender scene: an empty one, how it is rendered, its camera, and the render itself."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import bpy
from mathutils import Vector

RENDER_THREADS = 2
CAMERA_SENSOR_MM = 36
CAMERA_CLIP_END_M = 100_000


@dataclass(frozen=True)
class Look:
    """How a world is rendered: samples a pixel, light bounces, and the tone curve from light to picture."""

    samples: int = 96
    bounces: int = 6
    adaptive_threshold: float = 0.02
    view: str = "AgX"
    contrast: str = "AgX - Medium High Contrast"
    exposure: float = 0.0


@dataclass(frozen=True)
class Picture:
    """Size in pixels, samples (None: what the world's look says), and a part of the picture to render at full size.

    The part is left, right, bottom, top, each from 0 to 1.
    """

    width: int
    height: int
    samples: int | None = None
    border: tuple[float, float, float, float] | None = None


def start_scene(look: Look, picture: Picture) -> None:
    """Empties Blender and sets up Cycles on the CPU."""
    bpy.ops.wm.read_factory_settings(use_empty=True)
    scene = bpy.context.scene
    scene.world = bpy.data.worlds.new("World")
    scene.render.engine = "CYCLES"
    _set_sampling(scene.cycles, look, picture.samples or look.samples)
    _set_output(scene.render, picture)
    scene.view_settings.view_transform = look.view
    scene.view_settings.look = look.contrast
    scene.view_settings.exposure = look.exposure


def _set_sampling(cycles: bpy.types.PropertyGroup, look: Look, samples: int) -> None:
    cycles.device = "CPU"
    cycles.samples = samples
    cycles.use_adaptive_sampling, cycles.adaptive_threshold = True, look.adaptive_threshold
    cycles.use_denoising, cycles.denoiser = True, "OPENIMAGEDENOISE"
    cycles.denoising_input_passes, cycles.denoising_prefilter = "RGB_ALBEDO_NORMAL", "ACCURATE"
    cycles.max_bounces = look.bounces
    cycles.diffuse_bounces = cycles.glossy_bounces = 3
    cycles.transmission_bounces, cycles.volume_bounces = 6, 0
    # Mist, fire and aurora are stacks of transparent cards.
    cycles.transparent_max_bounces = 24
    cycles.sample_clamp_indirect = 4.0
    cycles.caustics_reflective = cycles.caustics_refractive = False


def _set_output(render: bpy.types.RenderSettings, picture: Picture) -> None:
    render.threads_mode, render.threads = "FIXED", RENDER_THREADS
    render.resolution_x, render.resolution_y, render.resolution_percentage = picture.width, picture.height, 100
    render.image_settings.file_format, render.image_settings.color_mode = "PNG", "RGB"
    render.image_settings.color_depth = "8"
    if picture.border:
        render.use_border = render.use_crop_to_border = True
        render.border_min_x, render.border_max_x, render.border_min_y, render.border_max_y = picture.border


def place_camera(
    location: tuple[float, float, float],
    target: tuple[float, float, float],
    *,
    lens_mm: float,
    focus_m: float,
    f_stop: float,
) -> None:
    """Puts the camera at eye height; what is nearer or farther than the focus blurs."""
    data = bpy.data.cameras.new("camera")
    camera = bpy.data.objects.new("camera", data)
    scene = bpy.context.scene
    scene.collection.objects.link(camera)
    scene.camera = camera
    data.lens, data.sensor_fit, data.sensor_height = lens_mm, "VERTICAL", CAMERA_SENSOR_MM
    data.clip_end = CAMERA_CLIP_END_M
    data.dof.use_dof, data.dof.focus_distance, data.dof.aperture_fstop = True, focus_m, f_stop
    camera.location = location
    camera.rotation_euler = (Vector(target) - Vector(location)).to_track_quat("-Z", "Y").to_euler()


def add_bloom(strength: float, size: float, threshold: float) -> None:
    """Lets what is brighter than the threshold glow."""
    scene = bpy.context.scene
    scene.use_nodes = True
    tree = scene.node_tree
    tree.nodes.clear()
    layers, glare = tree.nodes.new("CompositorNodeRLayers"), tree.nodes.new("CompositorNodeGlare")
    glare.glare_type, glare.quality = "BLOOM", "HIGH"
    for name, value in (("Threshold", threshold), ("Strength", strength), ("Size", size)):
        glare.inputs[name].default_value = value
    output = tree.nodes.new("CompositorNodeComposite")
    tree.links.new(layers.outputs["Image"], glare.inputs["Image"])
    tree.links.new(glare.outputs["Image"], output.inputs["Image"])


def render(path: Path) -> None:
    """Renders the scene into a PNG file."""
    bpy.context.scene.render.filepath = str(path.resolve())
    with _silence():
        bpy.ops.render.render(write_still=True)


@contextlib.contextmanager
def _silence() -> Iterator[None]:
    """Keeps Blender's line a sample off the terminal; it writes past Python, straight to the file descriptor."""
    sys.stdout.flush()
    kept = os.dup(1)
    with open(os.devnull, "wb") as nowhere:
        os.dup2(nowhere.fileno(), 1)
    try:
        yield
    finally:
        os.dup2(kept, 1)
        os.close(kept)
