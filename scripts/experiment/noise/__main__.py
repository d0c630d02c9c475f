"""Whether a classifier tells images of the model from their sources by their noise, and how well a camera is estimated from real images.

    python -m scripts.experiment.noise --real ../shared/real --work work

Two checks. `classifier`: image to image draws the test images (scripts/experiment/drawn.py keeps the drawings under --work), and every drawing is finished
three times by the code that `augment` and `img2img` run: without a camera, with the one that its source tells, and with the one that all sources of its set
tell together. Crops of 128 x 128 pixels of sources and results go to gradient boosting (scikit-learn), cross-validated by source: all crops of a source and
of what was made of it are in one fold. Prints the share of crops that it tells right; 50 % is guessing.

The residual's spectrum begins at --lowest cycles a pixel. Below 0.45 lies fine texture of the objects, of which the model draws less than the source has:
that is no noise, and no camera adds it. Run with --lowest 0.35 to see what it tells. --features names those that tell most.

`estimate`: each image gets the noise of a known camera on top of its own, and the camera is estimated before and after: the difference of the two variances
must be the known camera's. And a corner of 256 x 256 pixels must tell the variance that the whole image tells. Prints how far off they are, at the values
of the darkest twentieth, of the middle and of the brightest twentieth of the pixels.
"""

import argparse
import sys

import numpy as np
import tifffile

from scripts.experiment import drawn

SETS = ("bbbc039_u2os_nuclei", "bbbc038_fluo_nuclei")
FOLDS = 10
STRENGTH = 0.3
CORNER = 256


def main():
    options = arguments()
    with drawn.Exposer() as exposer:
        if "estimate" in options.checks:
            estimates(exposer, options)
        if "classifier" in options.checks:
            classifier(exposer, options)


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    drawn.add_options(parser)
    parser.add_argument("--sets", nargs="+", default=SETS, choices=drawn.PROMPTS, metavar="SET")
    parser.add_argument("--checks", nargs="+", default=["estimate", "classifier"], choices=["estimate", "classifier"])
    parser.add_argument("--lowest", type=float, default=0.45, help="lowest frequency of the spectrum, in cycles a pixel")
    parser.add_argument("--features", type=int, default=0, help="name so many features that tell most")
    return parser.parse_args()


def classifier(exposer, options):
    finished = {}
    for name in options.sets:
        kept = [(file, drawn.drawing(file, name, STRENGTH, options)) for file in drawn.sources(name, options)]
        kept = [(file, drawing) for file, drawing in kept if drawing and min(tifffile.imread(file).shape[:2]) >= 128]
        common = exposer.estimate([file for file, _ in kept])
        finished[name] = []
        for seed, (file, drawing) in enumerate(kept):
            images = [tifffile.imread(file).astype(float)]
            for camera in ("", common):
                plain, exposed, used = exposer.finished(file, *drawing, seed, camera)
                images += [tifffile.imread(path).astype(float) for path in ((plain, exposed) if not camera else (exposed,))]
                if not camera:
                    print(f"{name} {file.stem}: {used}", flush=True)
            finished[name].append(images)
        print(f"{name}, together: {common}", flush=True)
    if len(finished) > 1:
        finished["all"] = [images for every in list(finished.values()) for images in every]
    print("| set | sources | crops | told right without a camera | with the source's camera | with the set's camera |\n| --- | --- | --- | --- | --- | --- |")
    for name, images in finished.items():
        told = [accuracy([(one[0], one[kind]) for one in images], options) for kind in (1, 2, 3)]
        print(f"| {name} | {len(images)} | {told[0][1]} | " + " | ".join(f"{right:.0%}" for right, _ in told) + " |", flush=True)


def accuracy(pairs, options):
    """Share of crops told right, and how many there are: of each pair the first is a source, the second made of it."""
    from sklearn.ensemble import GradientBoostingClassifier
    from sklearn.model_selection import GroupKFold

    from .features import crops, features, names

    rows, truth, groups = [], [], []
    for group, pair in enumerate(pairs):
        for kind, image in enumerate(pair):
            for crop in crops(image):
                rows.append(features(crop, options.lowest))
                truth.append(kind)
                groups.append(group)
    rows, truth, groups = (np.array(values) for values in (rows, truth, groups))
    right, weights = np.zeros(len(truth), bool), np.zeros(rows.shape[1])
    for train, test in GroupKFold(min(len(pairs), FOLDS)).split(rows, truth, groups):
        model = GradientBoostingClassifier(random_state=0, n_estimators=100, max_depth=3, subsample=0.7).fit(rows[train], truth[train])
        right[test] = model.predict(rows[test]) == truth[test]
        weights += model.feature_importances_
    for place in np.argsort(-weights)[: options.features]:
        print(f"  {names(options.lowest)[place]}: weight {weights[place] / weights.sum():.2f}, median {np.median(rows[truth == 0, place]):.3f} in sources, "
              f"{np.median(rows[truth == 1, place]):.3f} in results")
    return right.mean(), len(truth)


def estimates(exposer, options):
    print("| set | images | what | median off | within 10 % | within 20 % |\n| --- | --- | --- | --- | --- | --- |")
    for name in options.sets:
        added, corners = [], []
        files = drawn.sources(name, options)
        for seed, file in enumerate(files):
            image = tifffile.imread(file).astype(float)
            own = exposer.estimate([file])
            if own == "none":
                continue
            means = np.quantile(image, [0.05, 0.5, 0.95])
            # About as much noise again, of another kind of camera: twice the gain in the light, half of the read noise.
            values = parsed(own)
            known = {"gain": 2 * values["gain"], "read": max(values["read"], 0.5), "offset": float(means[0])}
            target = options.work / "noisier" / name / options.split / file.name
            exposer.noisier(file, ",".join(f"{k}={v}" for k, v in known.items()), seed, target)
            after = exposer.estimate([target])
            # The image was rounded once more.
            rounding = 0 if tifffile.imread(file).dtype.kind == "f" else 1 / 12
            added += [off(variance(parsed(after), m) - variance(values, m), variance(known, m) + rounding) for m in means]
            corner = image[:CORNER, :CORNER]
            if corner.size == CORNER * CORNER < image.size / 2:
                part = target.with_name(f"corner-{file.name}")
                tifffile.imwrite(part, corner.astype(tifffile.imread(file).dtype))
                told = exposer.estimate([part])
                if told != "none":
                    corners += [off(variance(parsed(told), m), variance(values, m)) for m in means]
        for what, values in (("noise added to a real image", added), ("a corner of 256 x 256 pixels", corners)):
            values = np.array(values)
            if not len(values):
                continue
            print(f"| {name} | {len(values) // 3} | {what} | {np.median(values):.1%} | {(values < 0.1).mean():.0%} | {(values < 0.2).mean():.0%} |", flush=True)


def parsed(camera):
    return {key: float(value) for key, value in (part.split("=") for part in camera.split(","))}


def variance(camera, mean):
    return camera["gain"] * max(mean - camera["offset"], 0) + camera["read"] ** 2


def off(found, truth):
    return abs(found / truth - 1)


if __name__ == "__main__":
    sys.exit(main())
