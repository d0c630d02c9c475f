"""Ten by ten pictures of every structure and every modality, to look at: what is wrong with the worst?"""
import numpy as np
from PIL import Image

from scripts.microdiff.render.scene import MODALITIES

from .naming import drawn_modalities, drawn_structures


def write(bench, folder, each=100):
    """One PNG a structure (25 pictures of each phrasing, in order) and one a modality; not chosen."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, pictures in drawn_structures(bench, each).items():
        mosaic(pictures).save(folder / f"structure-{name}.png", optimize=True)
    parts = drawn_modalities(bench, each)
    for modality in MODALITIES:
        found = np.concatenate([pictures for kind, _, pictures in parts if kind == modality])
        mosaic(found[:each]).save(folder / f"modality-{modality}.png", optimize=True)


def mosaic(pictures, columns=10, gap=2):
    """A PIL image of uint8 pictures [n, h, w, 3], row by row, on white."""
    rows = -(-len(pictures) // columns)
    high, wide = pictures.shape[1:3]
    sheet = np.full((rows * (high + gap) - gap, columns * (wide + gap) - gap, 3), 255, np.uint8)
    for place, picture in enumerate(pictures):
        top, left = (place // columns) * (high + gap), (place % columns) * (wide + gap)
        sheet[top:top + high, left:left + wide] = picture
    return Image.fromarray(sheet)
