"""Which renders training draws oftener than others."""
import numpy as np

#: How often a kind of picture is drawn for training, others being 1: shapes that are harder to learn come oftener.
SHARES = {("bacteria", "fluorescence"): 5.0, ("mitochondria", "fluorescence"): 3.0, ("yeast", "fluorescence"): 2.0,
          ("vesicles", "fluorescence"): 1.5, ("vesicles", "electron"): 3.0, ("yeast", "phase"): 3.0, ("yeast", "electron"): 2.0,
          ("bacteria", "phase"): 3.0, ("bacteria", "histology"): 1.5, ("bacteria", "electron"): 1.5, ("neurons", "phase"): 2.0}
PAIRS_SHARE, HARD_PAIRS_SHARE = 2.0, 4.0
HARD_PAIRS = ({"mitochondria", "nuclei"}, {"vesicles", "microtubules"})
#: One structure in grey is what a prompt without a colour means: one picture in six, and most prompts.
GREY_SHARE = 2.0
#: How many of the pictures are crops of real images, where there are any.
REAL_SHARE = 0.25


def shares(scenes):
    """float64 [n] with sum one: how often each picture is drawn for training."""
    weights = np.array([_weight(scene) for scene in scenes])
    real = np.array([bool(scene.origin) for scene in scenes])
    if real.any() and not real.all():
        weights *= np.where(real, REAL_SHARE / weights[real].sum(), (1 - REAL_SHARE) / weights[~real].sum())
    return weights / weights.sum()


def _weight(scene):
    if scene.origin:
        return 1.0
    names = {subject.structure for subject in scene.subjects}
    if len(scene.subjects) == 2:
        return HARD_PAIRS_SHARE if names in HARD_PAIRS else PAIRS_SHARE
    grey = scene.modality == "fluorescence" and scene.subjects[0].colour == "grey"
    return SHARES.get((*names, scene.modality), 1.0) * (GREY_SHARE if grey else 1.0)
