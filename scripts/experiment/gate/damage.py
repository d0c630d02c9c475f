"""Damage planted into pictures whose labels are known: objects erased, moved, merged (apart before, or touching), added; and harmless changes, as a control.

Every function takes planes [channel, y, x] float, labels [y, x] and a numpy generator, and gives the changed planes and the numbers of the objects
that its labels no longer hold for (for added ones: how many were added).
"""

import numpy as np
from scipy import ndimage

#: Objects smaller than this are left alone, in pixels.
SMALLEST = 30
RIM = 3
MARGIN = 5
#: A line that differs from two objects by so much of their contrast is seen.
VISIBLE = 0.2


def harmless(planes, labels, drawn):
    """Other sharpness, noise and brightness, as another exposure would have; every object stays."""
    spread = background_spread(planes, labels)
    out = ndimage.gaussian_filter(planes, (0, 0.7, 0.7)) * drawn.uniform(0.95, 1.05)
    return out + drawn.normal(0, 1, planes.shape) * spread[:, None, None] * 0.7, []


def erased(planes, labels, drawn, share=0.1):
    out = planes.copy()
    chosen = choose(labels, drawn, share)
    for number in chosen:
        fill(out, labels, labels == number, drawn)
    return out, chosen


def moved(planes, labels, drawn, share=0.1):
    """To a place where their old and new outline have little in common."""
    out, occupied, gone = planes.copy(), labels.copy(), []
    for number in choose(labels, drawn, 1, whole=True)[: 3 * max(1, round(share * labels.max()))]:
        inside = labels == number
        side = np.sqrt(inside.sum())
        for _ in range(20):
            angle, far = drawn.uniform(0, 2 * np.pi), side * drawn.uniform(0.8, 1.6)
            shift = (round(far * np.sin(angle)), round(far * np.cos(angle)))
            place = shifted(inside, shift)
            if place is None or touches(place, (occupied != 0) & ~inside, RIM):
                continue
            copy = planes.copy()
            fill(out, labels, inside, drawn)
            paste(out, copy, inside, shift)
            occupied[inside] = 0
            occupied[place] = number
            gone.append(number)
            break
        if len(gone) >= max(1, round(share * len(np.unique(labels)))):
            break
    return out, gone


def added(planes, labels, drawn, share=0.1):
    """Copies of objects where there is background alone; gives how many."""
    out, occupied, count = planes.copy(), labels != 0, 0
    wanted = max(1, round(share * len(np.unique(labels))))
    for number in choose(labels, drawn, 1, whole=True):
        inside = labels == number
        y, x = np.nonzero(inside)
        for _ in range(60):
            shift = (int(drawn.integers(-y.min(), labels.shape[0] - y.max())), int(drawn.integers(-x.min(), labels.shape[1] - x.max())))
            place = shifted(inside, shift)
            if place is None or touches(place, occupied, 2 * RIM):
                continue
            paste(out, planes, inside, shift)
            occupied |= place
            count += 1
            break
        if count >= wanted:
            break
    return out, count


def merged(planes, labels, drawn, share=0.1, gap=8):
    """Neighbours with background between them become one: what lies between gets the brightness of both. Gives the numbers of both."""
    return joined(planes, labels, drawn, share, gap, lambda background, core, dip: background >= 20 and core >= 10)


def faded(planes, labels, drawn, share=0.1, gap=1):
    """Neighbours that touch become one: the line between them gets the brightness of both, where it had another. Gives the numbers of both."""
    return joined(planes, labels, drawn, share, gap, lambda background, core, dip: core >= 10 and dip >= VISIBLE)


def joined(planes, labels, drawn, share, gap, fit):
    """fit: a function of pixels of background between two, of pixels of both elsewhere, and of how visible the line is, to whether they are joined."""
    out, gone = planes.copy(), []
    wanted = max(1, round(share * len(np.unique(labels)) / 2))
    for number in choose(labels, drawn, 1):
        box = around(labels == number, 60)
        part = labels[box]
        inside = part == number
        near = np.unique(part[ndimage.binary_dilation(inside, iterations=gap)])
        others = [n for n in near if n not in (0, number) and n not in gone and (labels == n).sum() >= SMALLEST]
        if number in gone or not others:
            continue
        other = part == others[0]
        closed = ndimage.binary_closing(np.pad(inside | other, 20), disc(gap + 2))[20:-20, 20:-20]
        # The line where they touch, and what lies between them.
        seam = closed & (ndimage.distance_transform_edt(~inside) < gap + 3) & (ndimage.distance_transform_edt(~other) < gap + 3)
        seam &= (part == 0) | inside | other
        core = (inside | other) & ~seam
        if not fit((seam & (part == 0)).sum(), core.sum(), visible(planes[(slice(None), *box)], inside, other, part)):
            continue
        weight = np.clip(ndimage.gaussian_filter(seam.astype(float), 1) * 1.5, 0, 1)
        for plane in out:
            values = plane[box]
            texture = np.median(values[core]) + ndimage.gaussian_filter(drawn.normal(0, 1, values.shape), 0.7) * values[core].std() * 0.5
            values += weight * (texture - values)
        gone += [number, others[0]]
        if len(gone) >= 2 * wanted:
            break
    return out, gone


def visible(planes, first, second, labels):
    """How far the line between two that touch differs from what is beside it, as a share of how far that differs from the background."""
    smooth = ndimage.gaussian_filter(planes, (0, 1, 1))
    to_first, to_second = (ndimage.distance_transform_edt(~mask) for mask in (first, second))
    line = (to_first <= 2) & (to_second <= 2) & (first | second | (labels == 0))
    beside = [mask & (away > 3) & (away < 9) for mask, away in ((first, to_second), (second, to_first))]
    if line.sum() < 10 or min(mask.sum() for mask in beside) < 10 or not (labels == 0).any():
        return 0
    middle, one, two, ground = (smooth[:, mask].mean(1) for mask in (line, *beside, labels == 0))
    away = (one + two) / 2 - middle
    away = away / max(np.linalg.norm(away), 1e-9)
    return min(away @ (one - middle), away @ (two - middle)) / max(min(abs(away @ (one - ground)), abs(away @ (two - ground))), 1e-9)


def choose(labels, drawn, share, whole=False):
    """Numbers in random order; whole: none that the border of the picture cuts."""
    sizes = np.bincount(labels.ravel())
    cut = np.unique(np.concatenate([labels[0], labels[-1], labels[:, 0], labels[:, -1]])) if whole else []
    numbers = [n for n in range(1, len(sizes)) if sizes[n] >= SMALLEST and n not in cut]
    drawn.shuffle(numbers)
    return numbers[: max(1, round(share * len(numbers)))]


def around(inside, margin):
    """The part of a picture that holds these pixels and so many around them."""
    y, x = np.nonzero(inside)
    return slice(max(0, y.min() - margin), y.max() + margin + 1), slice(max(0, x.min() - margin), x.max() + margin + 1)


def touches(place, occupied, reach):
    box = around(place, reach + 1)
    return (ndimage.binary_dilation(place[box], iterations=reach) & occupied[box]).any()


def disc(radius):
    y, x = np.mgrid[-radius:radius + 1, -radius:radius + 1]
    return x * x + y * y <= radius * radius


def background_spread(planes, labels):
    """Of what changes from pixel to pixel there."""
    fine = planes - ndimage.gaussian_filter(planes, (0, 1.5, 1.5))
    return np.array([plane[labels == 0].std() for plane in fine])


def fill(out, labels, inside, drawn):
    """The background around, and its noise, in place of an object."""
    box = around(inside, 25 + RIM)
    labels, inside = labels[box], inside[box]
    hole = ndimage.binary_dilation(inside, iterations=RIM) & ((labels == 0) | inside)
    known = ~ndimage.binary_dilation(labels != 0, iterations=RIM)
    near = np.flatnonzero(known)
    weight = ndimage.gaussian_filter(known.astype(float), 8)
    for plane in out:
        part = plane[box]
        smooth = ndimage.gaussian_filter(np.where(known, part, 0), 8) / np.maximum(weight, 1e-6)
        if len(near) < 50:
            smooth = np.full(part.shape, np.percentile(part[labels == 0], 30) if (labels == 0).any() else part.min())
            noise = np.zeros(1)
        else:
            noise = (part - ndimage.gaussian_filter(part, 1.5)).ravel()[near]
        soft = np.clip(ndimage.gaussian_filter(hole.astype(float), 1) * 2, 0, 1) * ((labels == 0) | inside)
        part += soft * (smooth + drawn.choice(noise, part.shape) - part)


def shifted(inside, shift):
    """The outline elsewhere; None where it, or its soft edge, leaves the picture."""
    y, x = np.nonzero(inside)
    y, x = y + shift[0], x + shift[1]
    if min(y.min(), x.min()) < MARGIN or y.max() >= inside.shape[0] - MARGIN or x.max() >= inside.shape[1] - MARGIN:
        return None
    place = np.zeros_like(inside)
    place[y, x] = True
    return place


def paste(out, planes, inside, shift):
    soft = np.clip(ndimage.gaussian_filter(ndimage.binary_dilation(inside, iterations=1).astype(float), 1), 0, 1)
    for target, plane in zip(out, planes):
        there, weight = (np.roll(a, shift, (0, 1)) for a in (plane, soft))
        target += weight * (there - target)
