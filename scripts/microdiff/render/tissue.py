"""Structures without a blob or a line of their own: cell membranes of an epithelium, and vesicles."""
import numpy as np
from scipy.spatial import cKDTree

from .placing import places
from .texture import texture


def membranes(rng, canvas, count, scale, arrangement):
    """Cell borders of an epithelium: edges of a warped Voronoi tessellation. `count` is not used: size sets it."""
    pitch = 21.0 * scale
    side = int(canvas.side / pitch) + 3
    grid = (np.stack(np.meshgrid(np.arange(side), np.arange(side)), -1).reshape(-1, 2) - 0.8) * pitch
    seeds = grid + rng.uniform(-0.36, 0.36, grid.shape) * pitch
    rows, columns = np.mgrid[0:canvas.side, 0:canvas.side].astype(np.float32)
    warp = 0.05 * pitch
    points = np.stack([columns + warp * texture(rng, canvas.side, canvas.side, 6),
                       rows + warp * texture(rng, canvas.side, canvas.side, 6)], -1).reshape(-1, 2)
    distance, nearest = cKDTree(seeds).query(points, k=2)
    border = ((distance[:, 1] - distance[:, 0]) / 2).reshape(canvas.side, canvas.side).astype(np.float32)
    width = rng.uniform(0.9, 1.3) * scale ** 0.5
    wall = np.exp(-(border / width) ** 2)
    strength = np.clip(0.85 + 0.12 * texture(rng, canvas.side, canvas.side, 6), 0.4, 1.2)
    canvas.planes[0] += wall * strength + 0.06
    canvas.labels = (nearest[:, 0].reshape(border.shape) + 1).astype(np.int32)
    canvas.count += len(seeds)
    canvas.body = np.ones_like(canvas.body)
    canvas.edge = wall
    centre = seeds[nearest[:, 0]]
    offset = np.hypot(*(points - centre).T).reshape(border.shape)
    canvas.inner = (1 / (1 + np.exp((offset - 0.26 * pitch) / 0.7))).astype(np.float32)


def vesicles(rng, canvas, count, scale, arrangement, magnified=False):
    """Small round spots; large ones, and all in electron micrographs, look hollow."""
    radius = (6.0 if magnified else 1.45) * scale * rng.normal(1, 0.15, count).clip(0.6, 1.5)
    centres, kept = places(rng, canvas, count, radius * 1.3, arrangement, 0.9)
    for (x, y), r in zip(centres, radius[kept]):
        found = canvas.window(x, y, r + 4)
        if found is None:
            continue
        where, dx, dy = found
        distance = np.hypot(dx, dy)
        inside = r - distance
        hollow = 0.5 * np.exp(-(distance / (0.5 * r)) ** 2) if r > 2.4 else 0.0
        canvas.add(where, rng.integers(3), (1.0 - hollow) * rng.uniform(0.55, 1.1) * np.ones_like(inside), inside,
                   np.exp(-(inside / (1.3 if magnified else 0.8)) ** 2), np.exp(-(distance / (0.7 * r)) ** 2))
