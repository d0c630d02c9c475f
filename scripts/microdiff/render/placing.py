"""Where objects lie: spread, clustered or just at random, overlapping no more than allowed."""
import numpy as np


def places(rng, canvas, count, radius, arrangement="", gap=1.0):
    """Centres [n, 2] as (x, y); n may fall short of `count` where the picture is full.

    radius: [count] the radius that each object keeps free; gap: share of it that must stay free.
    """
    low, high = canvas.margin, canvas.margin + canvas.pixels
    if arrangement == "clustered":
        hubs = rng.uniform(low + 0.2 * canvas.pixels, high - 0.2 * canvas.pixels, (max(1, rng.integers(1, 3)), 2))
        width = max(0.09 * canvas.pixels, 0.62 * float(np.mean(radius)) * np.sqrt(count / len(hubs)))
    chosen = np.empty((count, 2))
    kept = []
    for index in range(count):
        tries = 40 if arrangement == "spread" else 14
        best, best_room = None, -np.inf
        for _ in range(tries):
            if arrangement == "clustered":
                point = hubs[rng.integers(len(hubs))] + rng.normal(0, width, 2)
            else:
                point = rng.uniform(low, high, 2)
            if not ((point >= low - 2) & (point <= high + 2)).all():
                continue
            if kept:
                distance = np.hypot(*(chosen[:len(kept)] - point).T)
                room = np.min(distance - gap * (radius[kept] + radius[index]))
            else:
                room = 1e3
            if room > best_room:
                best, best_room = point, room
            if room >= 0 and (arrangement != "spread" or _ >= 10):
                break
        if best is not None and best_room >= 0:
            chosen[len(kept)] = best
            kept.append(index)
    return chosen[:len(kept)], np.asarray(kept, int)
