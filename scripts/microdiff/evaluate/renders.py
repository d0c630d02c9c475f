"""Held-out renders: pictures that training never saw, drawn as a prompt's pictures were in training.

An attribute that a prompt does not name is not drawn evenly: captions have no word for the middle of a range, and leave out a word
for an end only now and then (`caption`'s `drop`). So most pictures whose caption says "nuclei" and nothing else lie in the middle of
every range, and a held-out render for the prompt "nuclei" is drawn with just these shares (Bayes' rule). A colour that is not named
is grey (`captions.customary`). Seeds never meet those of training, whose seeds begin with a small number.
"""
import inspect

import numpy as np

from scripts.microdiff.render import Scene, Subject, caption, render
from scripts.microdiff.render.scene import COLOURS, LEVELS, LINEAR, ROUND

HELD_OUT = 987_654
#: How often a caption leaves an attribute word out.
DROP = inspect.signature(caption).parameters["drop"].default
#: Shares of low, middle and high in training (`sample_scene`).
EVEN = (0.33, 0.34, 0.33)
SHARES = {name: EVEN for name in LEVELS} | {"sharpness": (0.25, 0.40, 0.35)}


def unnamed_level(rng, attribute, unnamed=DROP):
    """A level of an attribute that the caption does not name. unnamed: how often training leaves a word out; 1 draws all levels
    as often as training does."""
    weights = np.array(SHARES[attribute]) * (unnamed, 1, unnamed)
    return str(rng.choice(LEVELS[attribute], p=weights / weights.sum()))


def unnamed_arrangement(rng, structure, unnamed=DROP):
    words, share = (("aligned", "random"), 0.6) if structure in LINEAR else (("clustered", "spread"), 0.5)
    if structure not in LINEAR + ROUND:
        return ""
    said = share * unnamed / (share * unnamed + 1 - share)
    return str(rng.choice(words)) if rng.random() < said else ""


def scene_like(rng, structures, modality="fluorescence", pixels=128, colours=None, unnamed=DROP, **named):
    """A scene for a prompt that names these structures, colours and levels (density="dense" and so on) and nothing else.

    Two structures need their colours named.
    """
    if len(structures) == 2 and not colours:
        raise ValueError(f"no colours for {' and '.join(structures)}")
    subjects = []
    for place, structure in enumerate(structures):
        every = unnamed == 1 and modality == "fluorescence"
        colour = colours[place] if colours else str(rng.choice(COLOURS)) if every else "grey"
        drawn = {"density": "" if structure == "membranes" else unnamed_level(rng, "density", unnamed),
                 "size": unnamed_level(rng, "size", unnamed), "arrangement": unnamed_arrangement(rng, structure, unnamed)}
        subjects.append(Subject(structure, colour, **{key: named.get(key, value) for key, value in drawn.items()}))
    drawn = {name: unnamed_level(rng, name, unnamed) for name in ("brightness", "sharpness", "noise")}
    if len(structures) == 2:
        drawn["brightness"] = ""
    return Scene(tuple(subjects), modality, pixels=pixels, **{key: named.get(key, value) for key, value in drawn.items()})


def scenes_like(count, seed, structures, **named):
    """That many scenes; the same seed gives the same."""
    rng = np.random.default_rng((HELD_OUT, seed))
    return [scene_like(rng, structures, **named) for _ in range(count)]


def held_out(count, seed, structures, **named):
    """That many renders, with their instance masks."""
    return [render(scene, (HELD_OUT, seed, index)) for index, scene in enumerate(scenes_like(count, seed, structures, **named))]
