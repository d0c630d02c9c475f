"""Draws one subject on a canvas: turns attribute words into counts and sizes, and calls the structure's function."""

from . import blobs, curves, tissue
from .canvas import Canvas
from .scene import LEVELS, pick

#: Objects on 128 by 128 pixels: ranges for sparse, no word, dense.
COUNTS = {
    "nuclei": ((2, 5), (8, 12), (20, 30)),
    "mitochondria": ((4, 8), (14, 22), (40, 60)),
    "actin": ((4, 7), (12, 18), (30, 42)),
    "microtubules": ((7, 11), (18, 26), (42, 60)),
    "vesicles": ((5, 12), (25, 45), (85, 140)),
    "bacteria": ((3, 5), (9, 14), (24, 34)),
    "yeast": ((2, 5), (8, 12), (19, 27)),
    "neurons": ((1, 1), (2, 3), (4, 6)),
    "membranes": ((1, 1), (1, 1), (1, 1)),
}
SIZES = ((0.62, 0.75), (0.92, 1.08), (1.35, 1.6))
#: Electron micrographs magnify: fewer, larger objects.
MAGNIFIED = {"mitochondria": (0.17, 1.0), "vesicles": (0.3, 1.0), "bacteria": (0.5, 1.55), "yeast": (0.3, 2.2),
             "membranes": (1.0, 1.7)}
DRAWERS = {"nuclei": blobs.nuclei, "mitochondria": blobs.mitochondria, "bacteria": blobs.bacteria,
           "yeast": blobs.yeast, "actin": curves.actin, "microtubules": curves.microtubules,
           "neurons": curves.neurons, "membranes": tissue.membranes, "vesicles": tissue.vesicles}


def draw(rng, subject, modality, pixels):
    """A canvas with the subject's objects."""
    canvas = Canvas(pixels)
    count = pick(rng, subject.density, LEVELS["density"], *COUNTS[subject.structure]) * canvas.area_factor()
    scale = pick(rng, subject.size, LEVELS["size"], *SIZES)
    options = {}
    if modality == "electron":
        fewer, larger = MAGNIFIED[subject.structure]
        count, scale = count * fewer, scale * larger
        if subject.structure in ("mitochondria", "vesicles"):
            options["magnified"] = True
    DRAWERS[subject.structure](rng, canvas, max(1, int(round(count))), scale, subject.arrangement, **options)
    return canvas
