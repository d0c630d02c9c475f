"""Which labelled objects a picture still shows, and how much of their texture is the source's."""
import numpy as np
from scipy import ndimage

#: In pixels; smaller labels are not counted.
SMALLEST = 30
#: Intersection over union from which a label counts as found.
OVERLAP = 0.5
MARGIN = 8


def counted(labels):
    """The numbers of the labels of 30 pixels or more."""
    return np.flatnonzero(np.bincount(labels.ravel())[1:] >= SMALLEST) + 1


def bright(labels, field):
    """bool for each of `counted(labels)`: whether a bright object is still there in float [h, w].

    In a window around the label: what is brighter than halfway between surroundings and object, other labels left out, overlaps the label
    by half or more; and the object stands out by more than twice the spread of its surroundings.
    """
    field = ndimage.gaussian_filter(field.astype(float), 0.7)
    boxes = ndimage.find_objects(labels)
    return np.array([_stands_out(labels, field, number, boxes[number - 1]) for number in counted(labels)], bool)


def _stands_out(labels, field, number, box):
    window = tuple(slice(max(0, side.start - MARGIN), side.stop + MARGIN) for side in box)
    near, level = labels[window], field[window]
    own, around = near == number, near == 0
    if around.sum() < 20:
        around = ~own
    low, high = np.percentile(level[around], 30), np.percentile(level[own], 80)
    spread = np.percentile(level[around], 50) - np.percentile(level[around], 10)
    if high - low <= 2 * spread + 1e-9:
        return False
    pieces, _ = ndimage.label((level > (low + high) / 2) & (own | (near == 0)))
    return _best_overlap(own, pieces) >= OVERLAP


def segmented(labels, pieces):
    """bool for each of `counted(labels)`: whether one segment of int [h, w] overlaps it by half or more."""
    return np.array([_best_overlap(labels == number, pieces) >= OVERLAP for number in counted(labels)], bool)


def _best_overlap(own, pieces):
    """Intersection over union with the piece that covers most of the label."""
    inside = np.bincount(pieces[own], minlength=2)
    inside[0] = 0
    best = int(inside.argmax())
    if not inside[best]:
        return 0.0
    return inside[best] / (own.sum() + (pieces == best).sum() - inside[best])


def correlations(before, after, labels):
    """For every counted label: correlation of two float [h, w] inside it, of what changes over less than two pixels; 1 is unchanged."""
    fine = [picture - ndimage.gaussian_filter(picture, 2) for picture in (before, after)]
    found = []
    for number in counted(labels):
        values = [picture[labels == number] for picture in fine]
        if min(v.std() for v in values) > 0:
            found.append(np.corrcoef(*values)[0, 1])
    return found


def grey(picture):
    """float [h, w]: the mean of the channels of [h, w] or [h, w, channels]."""
    return picture.astype(float) if picture.ndim == 2 else picture.astype(float).mean(axis=2)
