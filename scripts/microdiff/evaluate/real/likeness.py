"""Rows about text to image beside real images: how far its pictures are from real ones, and whether one is a copy of a train image."""
import numpy as np
from scipy.ndimage import gaussian_filter

from .. import distribution
from ..row import Row
from .crops import SIDE, crops, crops_by_image
from .sets import SETS

_BY_FOLDER = {real_set.folder: real_set for real_set in SETS}
#: What is typed; the sets that show it; and the scale of their crops, at which objects have the size in which the model draws them: nuclei
#: and yeast of about 20 pixels at the sources' own scale, chloroplasts of about 43 at half of it.
PROMPTS = (("fluorescence image of nuclei", ("bbbc039_u2os_nuclei", "bbbc038_fluo_nuclei"), 1.0),
           ("phase contrast image of yeast", ("yeast_phase_yeastvision",), 1.0),
           ("histology of nuclei", ("bbbc038_histology_nuclei",), 1.0),
           ("electron micrograph of mitochondria", ("em_chloroplast_wsu",), 0.5))
#: Pixels between crops that pictures are compared with, and how many crops at most.
STRIDE, MOST = 24, 200
#: Train images are searched at these scales, at every so many pixels of each.
SEARCHED = ((0.5, 16), (1.0, 16), (2.0, 32))
BLUR = 2.5


def drawn(bench):
    """{prompt: uint8 [n, 128, 128, 3]}."""
    each = max(8, bench.count // 2)
    return {prompt: bench.drawer.draw(prompt, each, 60000 + 1000 * place, SIDE) for place, (prompt, _, _) in enumerate(PROMPTS)}


def real_crops(bench, folders, scale, split):
    """Crops of all sets in equal parts."""
    return np.concatenate([crops(bench.real, _BY_FOLDER[folder], split, STRIDE, scale, MOST // len(folders)) for folder in folders])


def distance(bench):
    """Beside each: train crops of the same sets, which is what no model can beat; blurred test crops; and test crops of the others."""
    tests = {prompt: real_crops(bench, folders, scale, "test") for prompt, folders, scale in PROMPTS}
    for (prompt, folders, scale), pictures in zip(PROMPTS, drawn(bench).values()):
        near = tests[prompt]
        blurred = np.stack([gaussian_filter(p, (BLUR, BLUR, 0)) for p in near])
        compared = {"train": real_crops(bench, folders, scale, "train"), "blurred": blurred,
                    **{other.split()[-1] if "nuclei" not in other else other.split()[0]: tests[other] for other in tests if other != prompt}}
        to = Distance(bench, near)
        value, error = to(pictures)
        beside = ", ".join(f"{name} {to(found)[0]:.0f}" for name, found in compared.items())
        yield Row(f"kernel distance x 1000 of \"{prompt}\" to real test crops", len(pictures), f"{value:.0f} ± {error:.0f}", beside)


class Distance:
    """Kernel distance to reference pictures, over features standardised by the reference."""

    def __init__(self, bench, reference):
        self.bench = bench
        features = bench.picture_features(reference)
        self.mean, self.spread = features.mean(0), features.std(0) + 1e-3
        self.reference = self._standard(features)

    def __call__(self, pictures):
        return distribution.kernel_distance(self.reference, self._standard(self.bench.picture_features(pictures)))

    def _standard(self, features):
        return np.clip((features - self.mean) / self.spread, -6, 6)


def nearest(bench):
    """One minus the correlation of 16 by 16 block means to the closest crop of any train image, at three scales and in all eight ways."""
    folders = [folder for _, folders, _ in PROMPTS for folder in folders if folder != "em_chloroplast_wsu"]
    bank = np.concatenate([_thumbnails(bench, folder, scale, stride) for folder in folders for scale, stride in SEARCHED])
    pictures = np.concatenate([found for (_, folders, _), found in zip(PROMPTS, drawn(bench).values()) if folders[0] in folders])
    tests = np.concatenate([real_crops(bench, sets, scale, "test") for _, sets, scale in PROMPTS if sets[0] in folders])
    model, real = (distribution.closest(found, bank) for found in (pictures, tests))
    texts = [f"closest {d.min():.3f}, median {np.median(d):.3f}" for d in (model, real)]
    yield Row(f"distance to the closest of {len(bank)} crops of real train images", len(pictures), texts[0],
              f"{len(tests)} test crops: {texts[1]}", goal="no copy: none closer than the closest test crop", reached=model.min() >= real.min())


def _thumbnails(bench, folder, scale, stride):
    def make():
        return {"small": np.concatenate([distribution.small(found) for found in
                                         crops_by_image(bench.real, _BY_FOLDER[folder], "train", stride, scale)])}

    return bench.kept("thumbnails", ("real", folder, scale, stride), make)["small"]
