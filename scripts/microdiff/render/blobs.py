"""Round and rod-shaped objects: nuclei, yeast, rod bacteria and mitochondria."""
import numpy as np

from .placing import places
from .texture import texture


def outline(rng, dx, dy, radius, aspect, roughness):
    """Signed distance in pixels to a random closed outline (positive inside), and distance over radius."""
    angle = rng.uniform(0, np.pi)
    u = (dx * np.cos(angle) + dy * np.sin(angle)) / np.sqrt(aspect)
    v = (-dx * np.sin(angle) + dy * np.cos(angle)) * np.sqrt(aspect)
    distance = np.hypot(u, v)
    theta = np.arctan2(v, u)
    edge = np.ones_like(theta)
    for harmonic in (2, 3, 4, 5):
        edge += roughness / harmonic * rng.normal() * np.cos(harmonic * theta + rng.uniform(0, 2 * np.pi))
    return radius * edge - distance, distance / (radius * edge)


def nuclei(rng, canvas, count, scale, arrangement):
    """Ellipses with chromatin texture and dark nucleoli."""
    radius = 7.4 * scale * rng.normal(1, 0.1, count).clip(0.75, 1.25)
    centres, kept = places(rng, canvas, count, radius, arrangement, 0.95 if arrangement == "clustered" else 1.12)
    for (x, y), r in zip(centres, radius[kept]):
        found = canvas.window(x, y, 1.9 * r + 2)
        if found is None:
            continue
        where, dx, dy = found
        inside, relative = outline(rng, dx, dy, r, rng.uniform(1.0, 1.45), 0.07)
        chromatin = texture(rng, *inside.shape, 1.5 if r < 9 else 2.0)
        density = (0.8 + 0.17 * chromatin) * rng.uniform(0.8, 1.1)
        spots = np.zeros_like(inside)
        for _ in range(rng.integers(0, 4)):
            sx, sy = rng.uniform(-0.45, 0.45, 2) * r
            spots = np.maximum(spots, np.exp(-((dx - sx) ** 2 + (dy - sy) ** 2) / (0.16 * r) ** 2 / 2))
        canvas.add(where, rng.integers(3), np.clip(density * (1 - 0.45 * spots), 0.05, 1.3), inside,
                   np.exp(-(inside / 0.9) ** 2), np.clip(0.35 + 0.3 * chromatin, 0, 1) + 0.4 * spots)


def yeast(rng, canvas, count, scale, arrangement):
    """Ovoid cells with a bright wall and a dark vacuole; one in three carries a bud."""
    radius = 7.0 * scale * rng.normal(1, 0.1, count).clip(0.75, 1.25)
    centres, kept = places(rng, canvas, count, radius * 1.2, arrangement, 0.85)
    for (x, y), r in zip(centres, radius[kept]):
        plane = rng.integers(3)
        if rng.random() < 0.4:
            turn = rng.uniform(0, 2 * np.pi)
            bud = r * rng.uniform(0.45, 0.65)
            _yeast_cell(rng, canvas, x + np.cos(turn) * (r + 0.6 * bud), y + np.sin(turn) * (r + 0.6 * bud), bud,
                        plane, False)
            canvas.count -= 1
            merged = canvas.count + 1
            _yeast_cell(rng, canvas, x, y, r, plane, True)
            canvas.labels[canvas.labels == merged] = canvas.count
        else:
            _yeast_cell(rng, canvas, x, y, r, plane, True)


def _yeast_cell(rng, canvas, x, y, r, plane, vacuole):
    found = canvas.window(x, y, 1.6 * r + 2)
    if found is None:
        canvas.count += 1
        return
    where, dx, dy = found
    inside, relative = outline(rng, dx, dy, r, rng.uniform(1.0, 1.2), 0.01)
    wall = np.exp(-((inside - 1.0) / 1.1) ** 2)
    hole = np.zeros_like(inside)
    if vacuole:
        sx, sy = rng.uniform(-0.25, 0.25, 2) * r
        hole = 1 / (1 + np.exp((np.hypot(dx - sx, dy - sy) - rng.uniform(0.35, 0.5) * r) / 0.6))
    density = np.clip(0.38 + 0.06 * texture(rng, *inside.shape, 1.5) - 0.28 * hole + 0.75 * wall, 0.03, 1.2)
    canvas.add(where, plane, density, inside, np.exp(-(inside / 1.2) ** 2), hole)


def bacteria(rng, canvas, count, scale, arrangement):
    """Capsule-shaped rods, as wide as at the high magnification they are looked at with; aligned ones share a direction."""
    half_width = 3.6 * scale * rng.normal(1, 0.07, count).clip(0.8, 1.2)
    half_length = half_width * rng.uniform(1.5, 3.0, count)
    spread = arrangement if arrangement in ("clustered", "spread") else ""
    centres, kept = places(rng, canvas, count, (half_length + half_width) * 0.62, spread, 0.9)
    angle = rng.uniform(0, np.pi) + (rng.normal(0, 0.13, count) if arrangement == "aligned"
                                     else rng.uniform(0, np.pi, count))
    for (x, y), index in zip(centres, kept):
        w, h = half_width[index], half_length[index]
        found = canvas.window(x, y, h + w + 3)
        if found is None:
            continue
        where, dx, dy = found
        along = dx * np.cos(angle[index]) + dy * np.sin(angle[index])
        across = -dx * np.sin(angle[index]) + dy * np.cos(angle[index])
        across = across - rng.normal(0, 0.015) * along ** 2 / w
        inside = w - np.hypot(np.maximum(np.abs(along) - h, 0), across)
        density = np.clip(0.8 + 0.1 * texture(rng, *inside.shape, 1.5), 0.2, 1.2) * rng.uniform(0.75, 1.1)
        nucleoid = np.exp(-(across / (0.5 * w)) ** 2) * (np.abs(along) < 0.6 * h)
        canvas.add(where, rng.integers(3), density, inside, np.exp(-(inside / (0.35 * w)) ** 2), 0.6 * nucleoid)


def mitochondria(rng, canvas, count, scale, arrangement, magnified=False):
    """Short worms; magnified, for electron micrographs, with a double membrane and cristae."""
    half_width = (7.5 if magnified else 1.75) * scale * rng.normal(1, 0.1, count).clip(0.75, 1.3)
    half_length = half_width * (rng.uniform(0.5, 1.6, count) if magnified else rng.uniform(1.6, 4.2, count))
    centres, kept = places(rng, canvas, count, (half_length + half_width) * 0.62, "", 1.0 if magnified else 0.7)
    angle = rng.uniform(0, np.pi) + (rng.normal(0, 0.16, count) if arrangement == "aligned"
                                     else rng.uniform(0, np.pi, count))
    for (x, y), index in zip(centres, kept):
        w, h = half_width[index], half_length[index]
        found = canvas.window(x, y, h + 2 * w + 3)
        if found is None:
            continue
        where, dx, dy = found
        along = dx * np.cos(angle[index]) + dy * np.sin(angle[index])
        across = -dx * np.sin(angle[index]) + dy * np.cos(angle[index])
        bend = rng.normal(0, 0.12) * along ** 2 / h + rng.normal(0, 0.25) * w * np.sin(along * 2.2 / h)
        inside = w - np.hypot(np.maximum(np.abs(along) - h, 0), across - bend)
        density = np.clip(0.8 + 0.2 * texture(rng, *inside.shape, 1.5), 0.2, 1.2) * rng.uniform(0.65, 1.1)
        pitch = 0.42 * w if magnified else 2.0
        cristae = np.clip(1.6 * np.cos(along * np.pi / pitch + 0.8 * texture(rng, *inside.shape, 6)) - 0.5, 0, 1)
        cristae *= (np.abs(across - bend) < 0.75 * w)
        wall = np.exp(-((inside - 0.3) / 0.9) ** 2) + 0.7 * np.exp(-((inside - 2.8) / 0.8) ** 2)
        canvas.add(where, rng.integers(3), density, inside, np.clip(wall, 0, 1), cristae)
