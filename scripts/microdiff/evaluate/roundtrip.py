"""Rows about the autoencoder alone: noisy held-out renders through its exported graphs, against the same renders without noise.

Attributes are drawn as often as in training, so that a third is noisy and a quarter blurred.
"""
import numpy as np

from scripts.microdiff.render.scene import COLOURS

from . import measures
from .naming import KINDS
from .renders import held_out
from .row import Row


def rows(bench):
    fluorescent = _sets(bench, [kind for kind in KINDS if kind[0] == "fluorescence"])
    yield from _psnr("fluorescence", *fluorescent)
    yield from _psnr("all modalities", *_sets(bench, KINDS))
    results, clean = fluorescent
    kept = np.mean([measures.colour(r) == measures.colour(c) for r, c in zip(results, clean)])
    yield Row("autoencoder, fluorescence: colour kept", len(results), f"{kept:.1%}", "100%", "-", "at least 99.5%", kept >= 0.995)
    yield _lines(bench)


def _sets(bench, kinds):
    each = -(-bench.ceiling // len(kinds))
    found = [bench.renders(each, 95000 + place, (name,), modality=modality, unnamed=1.0)
             for place, (modality, name) in enumerate(kinds)]
    return np.concatenate([f.smooth for f in found]), np.concatenate([f.clean for f in found])


def _psnr(of, results, clean):
    chosen = [measures.object_pixels(c) for c in clean]
    objects = [measures.psnr(r, c, o) for r, c, o in zip(results, clean, chosen) if o.sum() > 20]
    whole = [measures.psnr(r, c) for r, c in zip(results, clean)]
    for where, values, goal in (("object pixels", objects, 26), ("the picture", whole, 28)):
        mean = np.mean(values)
        yield Row(f"autoencoder, {of}: PSNR over {where}", len(values), f"{mean:.1f} dB (lowest {min(values):.1f})", "-", "-",
                  f"at least {goal} dB", mean >= goal)


def _lines(bench):
    """Thin, sharp, sparse filaments: what share of their contrast is left."""
    each = -(-bench.ceiling // 12)
    ratios = []
    for place in range(12):
        found = held_out(each, 97000 + place, ("actin", "microtubules")[place % 2:place % 2 + 1], colours=(COLOURS[place // 2],),
                         density="sparse", size="small", sharpness="sharp")
        for picture, result in zip(found, bench.autoencoder.round_trip([p.noisy for p in found])):
            field = measures.grey(picture.clean)
            lines = (picture.labels[0] > 0) & (field > 0.5 * field.max())
            if lines.sum() >= 30:
                ratios.append(measures.line_contrast(result, lines) / measures.line_contrast(picture.clean, lines))
    contrast = np.mean(ratios)
    return Row("autoencoder, fluorescence: contrast of thin lines kept", len(ratios), f"{contrast:.2f}", "1.00", "-",
               "at least 0.7", contrast >= 0.7)
