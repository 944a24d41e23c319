"""Cloth as grids of points: arrays of rows x columns x 3, in metres. Smoothing, normals, folds, and grids as meshes."""

from __future__ import annotations

import bmesh
import bpy
import numpy as np
from mathutils import Vector
from mathutils import noise as blender_noise
from scenery.geometry import add_mesh

Grid = np.ndarray


def unit_interval(count: int, axis: int) -> Grid:
    """0 to 1 as a row (axis 1) or as a column (axis 0), ready to be combined with the other."""
    steps = np.linspace(0, 1, count)
    return steps[None, :] if axis else steps[:, None]


def join(x: Grid, y: Grid, z: Grid) -> Grid:
    """A grid of points from three grids of coordinates that broadcast together."""
    return np.stack(np.broadcast_arrays(x, y, z), axis=-1).astype(float)


def smoothstep(low: float, high: float, value: Grid) -> Grid:
    """0 below `low`, 1 above `high`, soft between."""
    t = np.clip((value - low) / (high - low), 0, 1)
    return t * t * (3 - 2 * t)


def bell(value: Grid, centre: float, width: float) -> Grid:
    """1 at the centre, soft to 0."""
    return np.exp(-(((value - centre) / width) ** 2))


def wave(phase: Grid) -> Grid:
    """A fold with one side steeper than the other."""
    return np.sin(phase) + 0.28 * np.sin(2 * phase + 0.9)


def ridges(phase: Grid) -> Grid:
    """Narrow ridges and wide valleys, as pulled cloth has them."""
    return (np.exp(1.3 * np.cos(phase)) - 1.25) * 0.72


def smooth_grid(grid: Grid, rounds: int, *, closed: bool = False) -> Grid:
    """Averages every point with its four neighbours; `closed` joins the first and the last column."""
    for _ in range(rounds):
        if closed:
            left, right = np.roll(grid, 1, 1), np.roll(grid, -1, 1)
        else:
            left = np.concatenate([grid[:, :1], grid[:, :-1]], 1)
            right = np.concatenate([grid[:, 1:], grid[:, -1:]], 1)
        above = np.concatenate([grid[:1], grid[:-1]], 0)
        below = np.concatenate([grid[1:], grid[-1:]], 0)
        grid = 0.5 * grid + 0.125 * (left + right + above + below)
    return grid


def smooth_values(values: Grid, rounds: int, *, closed: bool = False) -> Grid:
    """The same for one number a point."""
    return smooth_grid(values[..., None], rounds, closed=closed)[..., 0]


def smooth_rows(grid: Grid, rounds: int) -> Grid:
    """Averages along the rows only: the columns' ends stay."""
    for _ in range(rounds):
        inner = 0.25 * grid[:, :-2] + 0.5 * grid[:, 1:-1] + 0.25 * grid[:, 2:]
        grid = np.concatenate([grid[:, :1], inner, grid[:, -1:]], 1)
    return grid


def smooth_line(line: Grid, rounds: int) -> Grid:
    """The same for one line of points."""
    return smooth_rows(line[None], rounds)[0]


def normals(grid: Grid, *, closed: bool = False) -> tuple[Grid, Grid]:
    """The grid's unit normals, and its unit direction down the columns."""
    across = np.roll(grid, -1, 1) - np.roll(grid, 1, 1) if closed else np.gradient(grid, axis=1)
    down = np.gradient(grid, axis=0)
    return unit(np.cross(down, across)), unit(down)


def outward_normals(grid: Grid, centre: tuple[float, float, float], *, closed: bool = False) -> Grid:
    """Normals with one sign for the whole grid: away from a centre."""
    found = normals(grid, closed=closed)[0]
    return found * np.sign(((grid - np.array(centre)) * found).sum())


def unit(vectors: Grid) -> Grid:
    """Vectors of length 1."""
    return vectors / np.maximum(np.linalg.norm(vectors, axis=-1, keepdims=True), 1e-9)


def along_rows(grid: Grid) -> Grid:
    """The grid's unit direction along the rows."""
    return unit(np.gradient(grid, axis=1))


def sample(grid: Grid, columns: Grid, rows: Grid) -> Grid:
    """Looks points up between grid points (bilinear)."""
    height, width = grid.shape[:2]
    i, j = np.clip(columns.astype(int), 0, width - 2), np.clip(rows.astype(int), 0, height - 2)
    a, b = (columns - i)[:, None], (rows - j)[:, None]
    return (grid[j, i] * (1 - a) + grid[j, i + 1] * a) * (1 - b) + (
        grid[j + 1, i] * (1 - a) + grid[j + 1, i + 1] * a
    ) * b


def noise(points: Grid, frequency: float, seed: float = 0) -> Grid:
    """Smooth noise, three numbers a point."""
    shift = Vector((seed * 3.1, seed * 1.7, seed * 5.3))
    flat = points.reshape(-1, 3)
    return np.array([blender_noise.noise_vector(Vector(p) * frequency + shift) for p in flat]).reshape(points.shape)


def distances_down(grid: Grid) -> Grid:
    """Metres from the last row, up every column."""
    steps = np.linalg.norm(np.diff(grid, axis=0), axis=2)
    return np.concatenate([np.cumsum(steps[::-1], 0)[::-1], np.zeros((1, grid.shape[1]))], 0)


def distances_along(line: Grid) -> Grid:
    """Metres from a line's first point."""
    return np.concatenate([[0], np.cumsum(np.linalg.norm(np.diff(line, axis=0), axis=1))])


def add_grid(
    name: str,
    grid: Grid,
    material: bpy.types.Material | None,
    *,
    closed: bool = False,
    thickness: float = 0.0,
    uvs: Grid | None = None,
) -> bpy.types.Object:
    """A grid as a smooth mesh, subdivided once; UVs from 0 to 1, or in metres if given."""
    rows, columns = grid.shape[:2]
    faces = []
    for j in range(rows - 1):
        for i in range(columns if closed else columns - 1):
            after = (i + 1) % columns
            faces.append((j * columns + i, j * columns + after, (j + 1) * columns + after, (j + 1) * columns + i))
    if uvs is None:
        uvs = join(unit_interval(columns, 1), unit_interval(rows, 0), np.zeros(1))[..., :2]
    thing = add_mesh(name, grid.reshape(-1, 3), faces, material, uvs=uvs.reshape(-1, 2))
    if thickness:
        solid = thing.modifiers.new("thickness", "SOLIDIFY")
        solid.thickness, solid.offset = thickness, 1
    subdivide(thing, 1)
    return thing


def subdivide(thing: bpy.types.Object, levels: int) -> None:
    """Rounds a mesh off."""
    modifier = thing.modifiers.new("subdivision", "SUBSURF")
    modifier.levels = modifier.render_levels = levels


def face_outwards(
    thing: bpy.types.Object, centre: tuple[float, float, float], *, inwards: bool = False
) -> bpy.types.Object:
    """Turns all faces away from a centre (or towards it), so that linings and ink hulls know their side."""
    shape, middle = bmesh.new(), Vector(centre)
    shape.from_mesh(thing.data)
    facing = sum((face.calc_center_median() - middle).dot(face.normal) * face.calc_area() for face in shape.faces)
    if (facing < 0) != inwards:
        bmesh.ops.reverse_faces(shape, faces=shape.faces)
    shape.to_mesh(thing.data)
    shape.free()
    return thing
