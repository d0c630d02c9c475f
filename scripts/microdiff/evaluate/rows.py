"""The rows of the table. Each takes the drawer and a size, and yields Row: what, model, ceiling, goal, reached."""
from dataclasses import dataclass

import numpy as np

from scripts.microdiff.render.scene import COLOURS, SHOWN_IN, STRUCTURES

from . import measures
from .features import field_features, picture_features
from .probe import Probe, kernel_distance
from .source import held_out

NAMES = {"nuclei": "nuclei", "mitochondria": "mitochondria", "actin": "actin filaments", "microtubules": "microtubules",
         "membranes": "cell membranes", "vesicles": "vesicles", "bacteria": "rod bacteria", "yeast": "yeast cells",
         "neurons": "neurons"}
FRAMES = {"fluorescence": "fluorescence micrograph of {}", "phase": "phase contrast image of {}",
          "histology": "brightfield histology of {}", "electron": "electron micrograph of {}"}
#: Pairs in colours that do not share a channel, so that each structure can be looked at alone.
PAIRS = (("actin", "green", "nuclei", "blue"), ("microtubules", "green", "nuclei", "blue"),
         ("mitochondria", "red", "nuclei", "blue"), ("vesicles", "red", "nuclei", "green"))
CHANNEL = {"red": 0, "green": 1, "blue": 2}


@dataclass(frozen=True)
class Row:
    what: str
    images: int
    model: str
    ceiling: str
    goal: str
    reached: bool


def attributes(drawer, count):
    """Density, brightness and size of nuclei: a ratio of the means for opposite words."""
    plan = (("objects, dense nuclei / sparse nuclei", "density", "dense", "sparse", 2.5,
             lambda p: len(measures.particles(p))),
            ("mean level, bright nuclei / dim nuclei", "brightness", "bright", "dim", 1.5, lambda p: float(p.mean())),
            ("object area, large nuclei / small nuclei", "size", "large", "small", 1.8, _area))
    for what, attribute, high, low, goal, measure in plan:
        ratios = []
        for pictures in ((lambda word, seed: drawer.draw(f"{word} nuclei", count, seed)),
                         (lambda word, seed: [p.noisy for p in held_out(count, seed, ("nuclei",), **{attribute: word})])):
            values = [np.nanmean([measure(p) for p in pictures(word, seed)]) for word, seed in ((high, 1000), (low, 2000))]
            ratios.append((values[0] / values[1], values))
        (model, (a, b)), (ceiling, (c, d)) = ratios
        yield Row(what, 2 * count, f"{model:.2f} ({a:.1f} / {b:.1f})", f"{ceiling:.2f} ({c:.1f} / {d:.1f})",
                  f"at least {goal}", model >= goal)


def _area(picture):
    areas = measures.particles(picture)
    return np.median(areas) if areas.size else np.nan


def colours(drawer, count):
    """How often the colour word is the colour of the brightest pixels, over colours and structures."""
    each = max(2, count // len(COLOURS))
    right, ceiling, total = 0, 0, 0
    misses = {}
    for place, word in enumerate(COLOURS):
        structure = STRUCTURES[place]
        drawn = drawer.draw(f"{word} {NAMES[structure]}", each, 3000 + 100 * place)
        found = [measures.colour(p) for p in drawn]
        right += sum(name == word for name in found)
        ceiling += sum(measures.colour(p.noisy) == word for p in held_out(each, 3000 + place, (structure,), colours=(word,)))
        total += each
        wrong = [name for name in found if name != word]
        if wrong:
            misses[word] = sorted(set(wrong))
    detail = f" (wrong: {misses})" if misses else ""
    yield Row("colour word is the colour", total, f"{right / total:.1%}{detail}", f"{ceiling / total:.1%}", "at least 97%",
              right / total >= 0.97)


def structures(drawer, count, probe_size):
    """A linear probe, trained on renders, names the structure and the modality."""
    shown = [(modality, name) for modality, names in SHOWN_IN.items() for name in names]
    each = max(4, probe_size // len(shown))
    train = [(picture_features(p.noisy), modality, name) for place, (modality, name) in enumerate(shown)
             for p in held_out(each * (2 if modality == "fluorescence" else 1), 4000 + place, (name,), modality=modality)]
    features = np.stack([f for f, _, _ in train])
    structure_probe = Probe(features, [name for _, _, name in train], STRUCTURES)
    modality_probe = Probe(features, [modality for _, modality, _ in train], SHOWN_IN)

    drawn, truth = _drawn_structures(drawer, max(2, -(-count // len(STRUCTURES))))
    check = [(picture_features(p.noisy), name) for place, name in enumerate(STRUCTURES)
             for p in held_out(max(2, count // len(STRUCTURES)), 5000 + place, (name,))]
    yield _named("structure named by a probe", structure_probe, np.stack([picture_features(p) for p in drawn]), truth,
                 np.stack([f for f, _ in check]), [n for _, n in check], 0.85)

    drawn, truth, check, check_truth = [], [], [], []
    for place, (modality, name) in enumerate((m, n) for m in SHOWN_IN for n in SHOWN_IN[m][:2]):
        amount = max(2, -(-count // 8))
        drawn += list(drawer.draw(FRAMES[modality].format(NAMES[name]), amount, 6000 + 100 * place))
        truth += [modality] * amount
        check += [p.noisy for p in held_out(amount, 6500 + place, (name,), modality=modality)]
        check_truth += [modality] * amount
    yield _named("modality named by a probe", modality_probe, np.stack([picture_features(p) for p in drawn]), truth,
                 np.stack([picture_features(p) for p in check]), check_truth, 0.95)


def _drawn_structures(drawer, each):
    drawn, truth = [], []
    for place, name in enumerate(STRUCTURES):
        drawn += list(drawer.draw(NAMES[name], each, 5000 + 100 * place))
        truth += [name] * each
    return drawn, truth


def _named(what, probe, features, truth, check, check_truth, goal):
    names = probe.names(features)
    right = np.mean([a == b for a, b in zip(names, truth)])
    ceiling = np.mean([a == b for a, b in zip(probe.names(check), check_truth)])
    worst = min(set(truth), key=lambda t: np.mean([a == b for a, b in zip(names, truth) if b == t]))
    share = np.mean([a == b for a, b in zip(names, truth) if b == worst])
    return Row(what, len(truth), f"{right:.1%} (worst: {worst} {share:.0%})", f"{ceiling:.1%}", f"at least {goal:.0%}",
               right >= goal)


def pairs(drawer, count, probe_size):
    """Two structures, each in its colour: a probe looks at each colour's channel alone."""
    names = sorted({pair[i] for pair in PAIRS for i in (0, 2)})
    each = max(20, probe_size // 2 // (len(PAIRS) * 2))
    features, labels = [], []
    for place, (one, hue, other, tone) in enumerate(PAIRS):
        for p in held_out(each, 7000 + place, (one, other), colours=(hue, tone), brightness=""):
            features += [field_features(p.noisy[..., CHANNEL[hue]]), field_features(p.noisy[..., CHANNEL[tone]])]
            labels += [one, other]
    probe = Probe(np.stack(features), labels, names)

    def both(pictures, pair):
        one, hue, other, tone = pair
        seen = [(probe.names([field_features(p[..., CHANNEL[hue]])])[0] == one and np.ptp(p[..., CHANNEL[hue]]) > 60,
                 probe.names([field_features(p[..., CHANNEL[tone]])])[0] == other and np.ptp(p[..., CHANNEL[tone]]) > 60)
                for p in pictures]
        return [a and b for a, b in seen]

    model, ceiling = [], []
    for place, pair in enumerate(PAIRS):
        one, hue, other, tone = pair
        amount = max(2, count // len(PAIRS))
        model += both(drawer.draw(f"{hue} {NAMES[one]} and {tone} {NAMES[other]}", amount, 7000 + 100 * place), pair)
        ceiling += both([p.noisy for p in held_out(amount, 7500 + place, (one, other), colours=(hue, tone),
                                                   brightness="")], pair)
    yield Row("both structures of two seen by a probe", len(model), f"{np.mean(model):.1%}", f"{np.mean(ceiling):.1%}",
              "at least 70%", np.mean(model) >= 0.70)


def distribution(drawer, count, training):
    """Kernel distance to held-out renders beside controls, and the closest training render."""
    from scipy.ndimage import gaussian_filter
    each = max(2, -(-count // len(STRUCTURES)))
    drawn, _ = _drawn_structures(drawer, each)
    renders = [p.noisy for place, name in enumerate(STRUCTURES) for p in held_out(each, 8000 + place, (name,))]
    others = [p.noisy for place, name in enumerate(STRUCTURES) for p in held_out(each, 8500 + place, (name,))]
    rng = np.random.default_rng(0)
    blurred = [gaussian_filter(p, (2.5, 2.5, 0)) for p in others]
    noise = [rng.integers(0, 256, p.shape, dtype=np.uint8) for p in others]
    shuffled = [_shuffled(rng, p) for p in others]
    sets = [np.stack([picture_features(p) for p in pictures]) for pictures in (renders, drawn, others, blurred, noise, shuffled)]
    mean, spread = sets[0].mean(0), sets[0].std(0) + 1e-3
    sets = [np.clip((s - mean) / spread, -6, 6) for s in sets]
    results = [kernel_distance(sets[0], s) for s in sets[1:]]
    text = ", ".join(f"{name} {value:.0f}" for name, (value, _) in zip(("blurred", "noise", "shuffled blocks"), results[2:]))
    share = results[0][0] / results[2][0]
    yield Row("kernel distance x 1000 to held-out renders", len(drawn),
              f"{results[0][0]:.1f} ± {results[0][1]:.1f}, {share:.0%} of blurred ({text})",
              f"{results[1][0]:.1f} ± {results[1][1]:.1f}", "at most 15% of blurred", share <= 0.15)
    if training is not None:
        bank = _small(training)
        near = _nearest(_small(np.stack(drawn)), bank)
        usual = _nearest(_small(np.stack(others)), bank)
        yield Row("closest training render, correlation distance", len(drawn),
                  f"closest {near.min():.3f}, median {np.median(near):.3f}",
                  f"closest {usual.min():.3f}, median {np.median(usual):.3f}", "no copy (closest above 0.02)", near.min() > 0.02)


def _shuffled(rng, picture):
    blocks = picture.reshape(8, 16, 8, 16, 3).transpose(0, 2, 1, 3, 4).reshape(64, 16, 16, 3)[rng.permutation(64)]
    return blocks.reshape(8, 8, 16, 16, 3).transpose(0, 2, 1, 3, 4).reshape(picture.shape)


def _small(pictures):
    """Each picture as 16 by 16 block means of its brightest channel, centred, of unit length."""
    level = pictures.max(axis=3).astype(np.float32)
    level = level.reshape(len(level), 16, level.shape[1] // 16, 16, level.shape[2] // 16).mean(axis=(2, 4)).reshape(len(level), -1)
    level -= level.mean(axis=1, keepdims=True)
    return level / np.maximum(np.linalg.norm(level, axis=1, keepdims=True), 1e-6)


def _nearest(pictures, bank):
    return 1 - (pictures @ bank.T).max(axis=1)


def image_to_image(drawer, count):
    """Similarity to the source must fall as the strength rises."""
    strengths = (0.2, 0.4, 0.6, 0.8, 0.9)
    sources = [p for place, name in enumerate(("nuclei", "actin", "vesicles", "yeast"))
               for p in held_out(1, 9000 + place, (name,), noise="clean")]
    each = max(2, count // (len(sources) * len(strengths)))
    values = [np.mean([measures.ssim(p, source.noisy) for place, source in enumerate(sources)
                       for p in drawer.redraw(source.noisy, NAMES[source.scene.subjects[0].structure], strength, each,
                                              9000 + place)]) for strength in strengths]
    falling = all(a > b for a, b in zip(values, values[1:]))
    yield Row("image to image: SSIM at strength " + ", ".join(map(str, strengths)), each * len(sources) * len(strengths),
              ", ".join(f"{v:.2f}" for v in values), "-", "falls steadily", falling)
