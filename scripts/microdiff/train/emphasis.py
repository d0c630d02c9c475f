"""Which renders training draws oftener than others."""
import numpy as np

from scripts.microdiff.render import sample_scene

#: How often a kind of picture is drawn for training, others being 1: shapes that are harder to learn come oftener.
SHARES = {("bacteria", "fluorescence"): 5.0, ("mitochondria", "fluorescence"): 3.0, ("yeast", "fluorescence"): 2.0,
          ("vesicles", "fluorescence"): 1.5, ("vesicles", "electron"): 3.0, ("yeast", "phase"): 3.0, ("yeast", "electron"): 2.0,
          ("bacteria", "phase"): 3.0, ("bacteria", "histology"): 1.5, ("bacteria", "electron"): 1.5, ("neurons", "phase"): 2.0,
          ("yeast", "dic"): 8.0, ("bacteria", "dic"): 5.0, ("neurons", "dic"): 3.0, ("membranes", "dic"): 2.0}
PAIRS_SHARE, HARD_PAIRS_SHARE = 3.0, 6.0
HARD_PAIRS = ({"mitochondria", "nuclei"}, {"vesicles", "microtubules"}, {"vesicles", "nuclei"})
#: Two of these colours share no channel, and are what most pictures of two stains have: such pairs come so much oftener.
PLAIN_COLOURS, PLAIN_SHARE = {"red", "green", "blue"}, 1.5
#: Half of the pairs have blue nuclei: those with red or green ones come so much oftener.
OTHER_NUCLEI_SHARE = 2.0
#: One structure in grey is what a prompt without a colour means: one picture in six, and most prompts.
GREY_SHARE = 2.0
#: Large nuclei run together where small ones do not.
LARGE_NUCLEI_SHARE = 2.0
#: How many of the pictures are crops of real images, where there are any.
REAL_SHARE = 0.17
#: No weight is larger.
MOST = 18.0


def shares(scenes, hard=0):
    """float64 [n] with sum one: how often each picture is drawn for training. hard: how many of the scenes come from `hard_scene`.

    A kind has the same share with these and without; it is spread over more pictures.
    """
    weights = np.array([weight(scene) for scene in scenes])
    real = np.array([bool(scene.origin) for scene in scenes])
    if hard:
        rendered = weights[~real]
        # With p as the share of plain scenes that are of a kind of weight w, hard scenes have it w p / mean(w) times.
        mean = 1 / np.mean(1 / rendered[-hard:])
        weights[~real] = rendered / (len(rendered) - hard + hard * rendered / mean)
    if real.any() and not real.all():
        weights *= np.where(real, REAL_SHARE / weights[real].sum(), (1 - REAL_SHARE) / weights[~real].sum())
    return weights / weights.sum()


def hard_scene(rng, pixels=128):
    """A random scene as `sample_scene` draws it, but of each kind in proportion to how often training is to draw it."""
    while True:
        scene = sample_scene(rng, pixels)
        if rng.random() * MOST < weight(scene):
            return scene


def weight(scene):
    """How often a picture of this scene is drawn, beside a picture of no special kind."""
    if scene.origin:
        return 1.0
    names = {subject.structure for subject in scene.subjects}
    if len(scene.subjects) == 2:
        plain = {subject.colour for subject in scene.subjects} <= PLAIN_COLOURS
        other = plain and any(subject.structure == "nuclei" and subject.colour != "blue" for subject in scene.subjects)
        return ((HARD_PAIRS_SHARE if names in HARD_PAIRS else PAIRS_SHARE) * (PLAIN_SHARE if plain else 1.0)
                * (OTHER_NUCLEI_SHARE if other else 1.0))
    subject = scene.subjects[0]
    grey = scene.modality == "fluorescence" and subject.colour == "grey"
    large = scene.modality == "fluorescence" and names == {"nuclei"} and subject.size == "large"
    return SHARES.get((*names, scene.modality), 1.0) * (GREY_SHARE if grey else 1.0) * (LARGE_NUCLEI_SHARE if large else 1.0)
