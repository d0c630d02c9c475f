"""Square pieces of real images, of the size that text to image draws, and turned into the same kind of picture."""
import numpy as np
from scipy import ndimage

from .sets import examples, picture

SIDE = 128


def crops(root, real_set, split, stride, scale=1.0, most=None):
    """uint8 [n, 128, 128, 3] at every `stride` pixels of images resized by `scale`; `most` of them, evenly chosen."""
    found = np.concatenate(list(crops_by_image(root, real_set, split, stride, scale)))
    if most is not None and len(found) > most:
        found = found[[i * len(found) // most for i in range(most)]]
    return found


def crops_by_image(root, real_set, split, stride, scale=1.0):
    """The same one image after the other: uint8 [n, 128, 128, 3] each; nothing of an image that is too small."""
    for example in examples(root, real_set, split):
        found = list(_pieces(_resized(picture(example.image), scale), stride))
        yield np.stack(found) if found else np.zeros((0, SIDE, SIDE, 3), np.uint8)


def _resized(level, scale):
    if scale == 1:
        return level
    # Before pixels are left out, what they cannot show is blurred away.
    blur = 0.5 * max(0, 1 / scale - 1)
    smooth = ndimage.gaussian_filter(level.astype(np.float32), (blur, blur, 0))
    return np.clip(np.round(ndimage.zoom(smooth, (scale, scale, 1), order=1)), 0, 255).astype(np.uint8)


def _pieces(level, stride):
    height, width = level.shape[:2]
    for top in range(0, height - SIDE + 1, stride):
        for left in range(0, width - SIDE + 1, stride):
            yield level[top:top + SIDE, left:left + SIDE]
