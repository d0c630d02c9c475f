"""Line-like objects: actin filaments, microtubules and neurons, drawn as points along random walks."""
import numpy as np
from scipy.ndimage import gaussian_filter, maximum_filter

STEP = 0.8


def actin(rng, canvas, count, scale, arrangement):
    """Long, nearly straight filaments and bundles that cross the field; aligned ones share a direction."""
    length = int(canvas.side * 1.5 / STEP)
    heading = rng.uniform(0, np.pi) + (rng.normal(0, 0.1, count) if arrangement == "aligned"
                                       else rng.uniform(0, np.pi, count))
    middle = rng.uniform(canvas.margin, canvas.margin + canvas.pixels, (count, 2))
    turn = np.cumsum(rng.normal(0, 0.006, (count, length)), axis=1) + rng.normal(0, 0.0015, (count, 1)) \
        * np.arange(length)
    angle = heading[:, None] + turn - turn[:, length // 2:length // 2 + 1]
    x, y = np.cumsum(np.cos(angle), 1) * STEP, np.cumsum(np.sin(angle), 1) * STEP
    x += middle[:, :1] - x[:, length // 2:length // 2 + 1]
    y += middle[:, 1:] - y[:, length // 2:length // 2 + 1]
    reach = rng.uniform(0.2, 0.5, count) * length
    shown = np.abs(np.arange(length) - length / 2) < reach[:, None]
    weight = shown * rng.uniform(0.4, 1.2, (count, 1))
    _draw(rng, canvas, x, y, weight, 0.75 * scale)


def microtubules(rng, canvas, count, scale, arrangement):
    """Thin wavy fibres that radiate from one or two organising centres."""
    length = int(canvas.side * 0.75 / STEP)
    centres = rng.uniform(canvas.margin + 0.2 * canvas.pixels, canvas.margin + 0.8 * canvas.pixels,
                          (1 if canvas.pixels <= 160 else 2, 2))
    which = rng.integers(len(centres), size=count)
    heading = rng.uniform(0, 2 * np.pi, count)
    wave = np.cumsum(rng.normal(0, 0.075, (count, length)), axis=1)
    angle = heading[:, None] + 0.75 * wave
    x = centres[which, :1] + np.cumsum(np.cos(angle), 1) * STEP
    y = centres[which, 1:] + np.cumsum(np.sin(angle), 1) * STEP
    shown = np.arange(length) < rng.uniform(0.4, 1.0, (count, 1)) * length
    near = np.minimum(1, 0.12 + np.arange(length) * STEP / 26)
    weight = shown * near * rng.uniform(0.6, 1.1, (count, 1))
    _draw(rng, canvas, x, y, weight, 0.6 * scale)


def neurons(rng, canvas, count, scale, arrangement):
    """Cell bodies with tapering, branching processes."""
    for _ in range(count):
        cx, cy = rng.uniform(canvas.margin + 0.08 * canvas.pixels, canvas.margin + 0.92 * canvas.pixels, 2)
        soma = 5.2 * scale * rng.uniform(0.85, 1.2)
        plane = int(rng.integers(3))
        canvas.count += 1
        number = canvas.count
        stems = int(rng.integers(3, 6))
        start = rng.uniform(0, 2 * np.pi)
        for stem in range(stems):
            heading = start + 2 * np.pi * stem / stems + rng.normal(0, 0.25)
            _process(rng, canvas, cx + 0.5 * soma * np.cos(heading), cy + 0.5 * soma * np.sin(heading), heading,
                     1.5 * scale, rng.uniform(26, 60) * scale ** 0.7, plane, number, 2)
        found = canvas.window(cx, cy, 1.8 * soma + 2)
        if found is None:
            continue
        where, dx, dy = found
        theta = np.arctan2(dy, dx)
        rim = soma * (1 + 0.22 * np.cos(stems * (theta - start)))
        inside = rim - np.hypot(dx, dy)
        canvas.add(where, plane, np.full(inside.shape, 1.0, np.float32), inside, np.exp(-(inside / 1.0) ** 2),
                   np.exp(-(dx ** 2 + dy ** 2) / (0.3 * soma) ** 2 / 2))
        canvas.labels[canvas.labels == canvas.count] = number
        canvas.count = number


def _process(rng, canvas, x, y, heading, width, length, plane, number, branches):
    count = max(4, int(length / STEP))
    angle = heading + np.cumsum(rng.normal(0, 0.07, count))
    px, py = x + np.cumsum(np.cos(angle)) * STEP, y + np.cumsum(np.sin(angle)) * STEP
    taper = np.linspace(1, 0.45, count)
    drawn = np.zeros_like(canvas.body)
    line = canvas.splat(px, py, np.zeros(count, int), taper * STEP)[0]
    sigma = 0.6 * width
    drawn = np.clip(gaussian_filter(line, sigma, truncate=3) * sigma * 2.5066, 0, 1)
    canvas.planes[plane] = np.maximum(canvas.planes[plane], 0.75 * drawn)
    canvas.body = np.maximum(canvas.body, drawn)
    canvas.labels[drawn > 0.45] = number
    for _ in range(branches):
        if rng.random() < 0.6:
            at = int(rng.uniform(0.3, 0.9) * (count - 1))
            _process(rng, canvas, px[at], py[at], angle[at] + rng.choice((-1, 1)) * rng.uniform(0.4, 0.9),
                     0.75 * width, 0.5 * length, plane, number, branches - 1)


def _draw(rng, canvas, x, y, weight, sigma):
    plane = np.broadcast_to(rng.integers(3, size=(len(x), 1)), x.shape)
    lines = canvas.splat(x, y, plane, weight * STEP)
    for depth in range(len(lines)):
        canvas.planes[depth] += gaussian_filter(lines[depth], sigma, truncate=3) * sigma * 2.5066
    number = np.broadcast_to(canvas.count + 1 + np.arange(len(x))[:, None], x.shape)
    shown = weight > 0
    canvas.mark(x[shown], y[shown], number[shown])
    canvas.labels = maximum_filter(canvas.labels, size=3)
    canvas.count += len(x)
    canvas.body = np.maximum(canvas.body, np.clip(canvas.planes.sum(0), 0, 1))
