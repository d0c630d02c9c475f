"""Rows about all pictures together: how far they are from renders, and whether one is a copy of a training render."""
import numpy as np
from scipy.ndimage import gaussian_filter

from scripts.microdiff.render.scene import COLOURS, STRUCTURES

from .naming import drawn_structures
from .prompts import NAMES
from .row import Row

#: Pictures are compared with training renders by this many block means a side.
BLOCKS = 16


def kernel_distance(first, second, subsets=50, size=100, seed=0):
    """(mean, standard error) of the squared MMD with the cubic kernel (Binkowski and others, 2018), times 1000.

    The error is the spread over the subsets divided by the root of how many of them are independent: as many as fit in the sets.
    """
    rng = np.random.default_rng(seed)
    size = min(size, len(first) // 2, len(second) // 2)
    values = []
    for _ in range(subsets):
        a = first[rng.choice(len(first), size, replace=False)]
        b = second[rng.choice(len(second), size, replace=False)]
        aa, bb, ab = (_kernel(p, q) for p, q in ((a, a), (b, b), (a, b)))
        values.append((aa.sum() - np.trace(aa) + bb.sum() - np.trace(bb)) / (size * (size - 1)) - 2 * ab.mean())
    independent = min(len(first), len(second)) / size
    return 1000 * float(np.mean(values)), 1000 * float(np.std(values) / np.sqrt(independent))


def _kernel(a, b):
    return (a.astype(np.float64) @ b.T / a.shape[1] + 1) ** 3


def distance(bench):
    """To noisy held-out renders, and to the same after the autoencoder, each beside controls made of other held-out renders.

    Every structure is drawn in every colour. Grey pictures alone would not do: renders of grey objects have no hue at all, so the faintest
    tint, the autoencoder's own too, would count as much as a wrong picture.
    """
    kinds = [(name, colour) for name in STRUCTURES for colour in COLOURS]
    each, half = (-(-amount // len(kinds)) for amount in (bench.count, 2 * bench.ceiling))
    drawn = np.concatenate([bench.drawer.draw(f"{colour} {NAMES[name]}", each, 10000 + 100 * place)
                            for place, (name, colour) in enumerate(kinds)])
    first, other = ([bench.renders(half, seed + place, (name,), colours=(colour,)) for place, (name, colour) in enumerate(kinds)]
                    for seed in (82000, 87000))
    smooth, clean = (np.concatenate([getattr(r, kind) for r in other]) for kind in ("smooth", "clean"))
    for kind, what in (("noisy", "held-out renders"), ("smooth", "held-out renders through the autoencoder")):
        reference, control = (np.concatenate([getattr(r, kind) for r in found]) for found in (first, other))
        yield _distance_row(bench, what, reference, drawn, control, smooth, clean)


def _distance_row(bench, what, reference, drawn, control, smooth, clean):
    rng = np.random.default_rng(0)
    blurred = np.stack([gaussian_filter(p, (2.5, 2.5, 0)) for p in control])
    # Half as many will do for these: they lie far off.
    noise = rng.integers(0, 256, control[::2].shape, dtype=np.uint8)
    shuffled = np.stack([_shuffled(rng, p) for p in control[::2]])
    features = [bench.picture_features(p) for p in (reference, drawn, control, smooth, blurred, clean, noise, shuffled)]
    mean, spread = features[0].mean(0), features[0].std(0) + 1e-3
    near, *others = (np.clip((f - mean) / spread, -6, 6) for f in features)
    model, same, through, *controls = (kernel_distance(near, f) for f in others)
    beside = ", ".join(f"{name} {value:.0f}" for name, (value, _) in zip(("blurred", "noise-free", "noise", "shuffled blocks"), controls))
    share = model[0] / controls[0][0]
    return Row(f"kernel distance x 1000 to {what}", len(drawn),
               f"{model[0]:.1f} ± {model[1]:.1f}, {share:.0%} of blurred ({beside})",
               *(f"{value:.1f} ± {error:.1f}" for value, error in (same, through)), "at most 15% of blurred", share <= 0.15)


def _shuffled(rng, picture):
    blocks = picture.reshape(8, 16, 8, 16, 3).transpose(0, 2, 1, 3, 4).reshape(64, 16, 16, 3)[rng.permutation(64)]
    return blocks.reshape(8, 8, 16, 16, 3).transpose(0, 2, 1, 3, 4).reshape(picture.shape)


def nearest(bench, each):
    """Correlation distance to the closest training render, turned and mirrored in all eight ways; held-out renders beside it."""
    bank = _training(bench)
    drawn = np.concatenate(list(drawn_structures(bench, each).values()))
    half = -(-2 * bench.ceiling // len(STRUCTURES))
    renders = [bench.renders(half, 80000 + place, (name,)) for place, name in enumerate(STRUCTURES)]
    found = [closest(pictures, bank) for pictures in (drawn, np.concatenate([r.noisy for r in renders]),
                                                       np.concatenate([r.smooth for r in renders]))]
    texts = [f"closest {d.min():.3f}, median {np.median(d):.3f}" for d in found]
    yield Row(f"distance to the closest of {len(bank)} training renders", len(drawn), *texts, "no copy: closest above 0.02",
              found[0].min() > 0.02)


def _training(bench):
    """float32 [n, 256] thumbnails of the training shards of 128 by 128 pixels."""
    parts = []
    for path in sorted(bench.training.glob("*.npz")):
        key = (path.resolve(), path.stat().st_size, path.stat().st_mtime_ns)
        parts.append(bench.kept("thumbnails", key, lambda: {"small": _thumbnails(path)})["small"])
    if not sum(map(len, parts)):
        raise FileNotFoundError(f"no shards of 128 by 128 renders in {bench.training}")
    return np.concatenate(parts)


def _thumbnails(path):
    with np.load(path) as shard:
        noisy = shard["noisy"]
    return small(noisy if noisy.shape[1] == 128 else noisy[:0])


def small(pictures):
    """[n, 256]: 16 by 16 block means of the brightest channel, centred, of unit length; so a dot product is a correlation."""
    level = pictures.max(axis=3).astype(np.float32)
    block = level.shape[1] // BLOCKS
    level = level.reshape(len(level), BLOCKS, block, BLOCKS, block).mean(axis=(2, 4)).reshape(len(level), BLOCKS ** 2)
    level -= level.mean(axis=1, keepdims=True)
    return level / np.maximum(np.linalg.norm(level, axis=1, keepdims=True), 1e-6)


def closest(pictures, bank):
    """float [n]: one minus the correlation of each picture with the closest thumbnail of the bank [m, 256], over all eight turns and reflections."""
    views = [np.rot90(side, turn, (1, 2)) for side in (pictures, pictures[:, :, ::-1]) for turn in range(4)]
    thumbnails = np.concatenate([small(view) for view in views])
    best = np.concatenate([(thumbnails[i:i + 500] @ bank.T).max(axis=1) for i in range(0, len(thumbnails), 500)])
    return 1 - best.reshape(len(views), len(pictures)).max(axis=0)
