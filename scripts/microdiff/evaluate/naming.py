"""Rows about what a picture shows, named by linear probes that saw renders only: structure, modality, two structures."""
from collections import Counter

import numpy as np

from scripts.microdiff.render.modality import HUES
from scripts.microdiff.render.scene import SHOWN_IN, STRUCTURES

from .prompts import FRAMES, NAMES, PAIRS, pair_prompt, phrasings
from .real.crops import crops
from .real.sets import SETS
from .row import Row, share_error

#: Every structure in every modality that shows it.
KINDS = tuple((modality, name) for modality, names in SHOWN_IN.items() for name in names)
#: Renders to train on: of a kind, by side in pixels, and of a pair.
FLUORESCENT = {128: 200, 192: 24, 256: 24}
OTHERS = {128: 60}
#: Kinds that training saw real images of, by the sets' folders, and how many of their crops the probe sees, too: they look otherwise than renders.
REAL_KINDS = {("fluorescence", "nuclei"): ("bbbc039_u2os_nuclei", "bbbc038_fluo_nuclei"), ("histology", "nuclei"): ("bbbc038_histology_nuclei",),
              ("phase", "yeast"): ("yeast_phase_yeastvision",)}
REAL_CROPS, STRIDE = 80, 24
PAIR = 120
#: A pair's channel counts as shown where its levels span at least this much of 0..255.
LEAST_SPAN = 60


class KindProbe:
    """One probe over all kinds; it names the structure, or the modality, to which it gives most.

    Trained on noisy renders and on the same after the autoencoder: it is not to care for noise or fine detail, which the autoencoder
    takes away. Half of the renders have all attributes as often as training has, half are like those of plain prompts.
    Where the bench has real images, crops of train images are among them.
    """

    def __init__(self, bench, share=1.0):
        features, labels, groups, seen = [], [], [], 0
        for place, (modality, name) in enumerate(KINDS):
            for side, amount in (FLUORESCENT if modality == "fluorescence" else OTHERS).items():
                half = max(3, int(amount * share) // 2)
                for unnamed, seed in ((1.0, 40000), (0.3, 41000)):
                    found = bench.renders(half, seed + side + 1000000 * place, (name,), modality=modality, pixels=side,
                                          unnamed=unnamed)
                    for pictures in (found.noisy, found.smooth):
                        features.append(bench.picture_features(pictures))
                        labels += [f"{modality}/{name}"] * half
                        groups += range(seen, seen + half)
                    seen += half
            if bench.real and (modality, name) in REAL_KINDS:
                pieces = real_crops(bench, (modality, name), "train", max(6, int(REAL_CROPS * share)))
                for pictures in (pieces, bench.autoencoder.round_trip(pieces)):
                    features.append(bench.picture_features(pictures))
                    labels += [f"{modality}/{name}"] * len(pieces)
                    groups += range(seen, seen + len(pieces))
                seen += len(pieces)
        self.probe = bench.probe(np.concatenate(features), labels, groups)
        self.parts = [kind.split("/") for kind in self.probe.classes]

    def structures(self, features):
        return self._names(features, 1)

    def modalities(self, features):
        return self._names(features, 0)

    def _names(self, features, part):
        shares = self.probe.shares(features)
        names = sorted({parts[part] for parts in self.parts})
        totals = [shares[:, [parts[part] == name for parts in self.parts]].sum(1) for name in names]
        return [names[i] for i in np.argmax(totals, axis=0)]


def real_crops(bench, kind, split, count):
    """uint8 [n, 128, 128, 3]: about `count` crops at the sources' own scale, of all sets of the kind in equal parts."""
    chosen = [one for one in SETS if one.folder in REAL_KINDS[kind]]
    return np.concatenate([crops(bench.real, one, split, STRIDE, most=-(-count // len(chosen))) for one in chosen])


def real_named(bench, probe):
    """Row: how often the probe gives real test crops the right modality, which no model's pictures of these kinds can be asked to beat."""
    found = {kind: real_crops(bench, kind, "test", 40) for kind in REAL_KINDS}
    right = {kind: np.mean([name == kind[0] for name in probe.modalities(bench.picture_features(pictures))]) for kind, pictures in found.items()}
    text = ", ".join(f"{name} in {modality} {share:.0%}" for (modality, name), share in right.items())
    return Row("modality named by the probe, real test crops", sum(map(len, found.values())), "-", text)


def drawn_phrasings(bench, each):
    """{structure: [uint8 [n, 128, 128, 3] for each of four phrasings]}; `each` pictures of every structure."""
    amounts = [each // 4 + (k < each % 4) for k in range(4)]
    return {name: [bench.drawer.draw(text, amount, 5000 + 1000 * place + 100 * k)
                   for k, (text, amount) in enumerate(zip(phrasings(name), amounts)) if amount]
            for place, name in enumerate(STRUCTURES)}


def drawn_structures(bench, each):
    """{structure: uint8 [each, 128, 128, 3]}: a quarter of each by each phrasing."""
    return {name: np.concatenate(parts) for name, parts in drawn_phrasings(bench, each).items()}


def drawn_modalities(bench, each):
    """[(modality, structure, uint8 [n, 128, 128, 3])]; each modality gets about `each` pictures over its structures.

    Those of fluorescence are the structures' own, by the phrasing that names it.
    """
    third = {name: parts[2][:-(-each // len(STRUCTURES))] for name, parts in drawn_phrasings(bench, each).items()}
    return [(modality, name, third[name] if modality == "fluorescence" else
             bench.drawer.draw(FRAMES[modality].format(NAMES[name]), -(-each // len(SHOWN_IN[modality])), 20000 + 100 * place))
            for place, (modality, name) in enumerate(KINDS)]


def structures(bench, probe, each):
    half = -(-bench.ceiling // len(STRUCTURES))
    renders = [bench.renders(half, 50000 + place, (name,)) for place, name in enumerate(STRUCTURES)]
    yield _named(bench, "structure named by a probe", probe.structures, drawn_structures(bench, each).items(),
                 zip(STRUCTURES, renders), 0.85)


def modalities(bench, probe, each):
    drawn = drawn_modalities(bench, each)
    renders = [bench.renders(-(-bench.ceiling // (2 * len(SHOWN_IN[m]))), 51000 + place, (name,), modality=m)
               for place, (m, name) in enumerate(KINDS)]
    yield _named(bench, "modality named by a probe", probe.modalities, [(m, p) for m, _, p in drawn],
                 [(m, r) for (m, _), r in zip(KINDS, renders)], 0.95)
    yield _named(bench, "structure named by a probe, other modalities", probe.structures,
                 [(name, p) for m, name, p in drawn if m != "fluorescence"],
                 [(name, r) for (m, name), r in zip(KINDS, renders) if m != "fluorescence"])
    if bench.real:
        yield real_named(bench, probe)


def sizes(bench, probe):
    """The structure row again at larger sizes than training mostly has; half of the pictures at each."""
    each = -(-bench.count // (2 * len(STRUCTURES)))
    half = -(-bench.ceiling // (2 * len(STRUCTURES)))
    for side in (192, 256):
        drawn = [(name, bench.drawer.draw(NAMES[name], each, 30000 + 100 * place, side)) for place, name in enumerate(STRUCTURES)]
        renders = [(name, bench.renders(half, 52000 + place, (name,), pixels=side)) for place, name in enumerate(STRUCTURES)]
        yield _named(bench, f"{side} by {side}: structure named by a probe", probe.structures, drawn, renders)


def _named(bench, what, names, drawn, renders, goal=None):
    """drawn: pairs of the right name and pictures; renders: pairs of the right name and Renders."""
    def share(pairs):
        pairs = list(pairs)
        expected = [name for name, pictures in pairs for _ in pictures]
        found = names(bench.picture_features(np.concatenate([pictures for _, pictures in pairs])))
        right = np.array([a == b for a, b in zip(found, expected)])
        each = {name: right[[e == name for e in expected]].mean() for name in dict.fromkeys(expected)}
        worst = sorted(each, key=each.get)[:3]
        taken = (max(counted, key=counted.get) if (counted := Counter(f for f, e in zip(found, expected) if e == name != f)) else ""
                 for name in worst)
        text = ", ".join(f"{name} {each[name]:.0%}" + (f" (as {other})" if other else "") for name, other in zip(worst, taken))
        return right, f"{right.mean():.1%}; worst: {text}"

    renders = list(renders)
    right, text = share(drawn)
    reached = right.mean()
    ceilings = [share((name, getattr(r, kind)) for name, r in renders)[1] for kind in ("noisy", "smooth")]
    return Row(what, len(right), text, *ceilings, *(() if goal is None else (f"at least {goal:.0%}", reached >= goal)), value=float(reached),
               error=share_error(right))


def pairs(bench, share=1.0):
    """Each structure is asked for in its own colour; a probe looks at that colour's share of the picture alone."""
    probe = pair_probe(bench, share)

    each, half = -(-bench.count // len(PAIRS)), -(-bench.ceiling // len(PAIRS))
    drawn = {pair: pair_seen(bench, probe, bench.drawer.draw(pair_prompt(pair), each, 7000 + 100 * place), pair) for place, pair in enumerate(PAIRS)}
    renders = [_pair_renders(bench, half, 70000 + place, pair) for place, pair in enumerate(PAIRS)]
    ceilings = [np.mean([pair_seen(bench, probe, getattr(r, kind), pair).all(1) for r, pair in zip(renders, PAIRS)]) for kind in ("noisy", "smooth")]
    both = {pair: found.all(axis=1).mean() for pair, found in drawn.items()}
    model, worst, single = np.mean(list(both.values())), min(both, key=both.get), np.mean([found for found in drawn.values()])
    yield Row("both structures of two seen by a probe", each * len(PAIRS),
              f"{model:.1%} (worst: {pair_prompt(worst)} {both[worst]:.0%}; one of the two, on average: {single:.1%})",
              *(f"{c:.1%}" for c in ceilings), "at least 70%", model >= 0.70, value=float(model),
              error=share_error(np.concatenate([found.all(axis=1) for found in drawn.values()])))


def pair_seen(bench, probe, pictures, pair):
    """bool [n, 2]: whether the probe names each of the two structures in its colour's share of the picture."""
    return np.stack([(np.array(probe.names(bench.field_features(half))) == name) & (np.ptp(half, axis=(1, 2)) > LEAST_SPAN)
                     for half, name in zip(_shares(pictures, pair), (pair[0], pair[2]))], axis=1)


def pair_probe(bench, share=1.0):
    train = max(20, int(PAIR * share))
    features, labels, groups = [], [], []
    for place, pair in enumerate(PAIRS):
        found = _pair_renders(bench, train, 60000 + place, pair)
        for pictures in (found.noisy, found.smooth):
            for half, name in zip(_shares(pictures, pair), (pair[0], pair[2])):
                features.append(bench.field_features(half))
                labels += [name] * train
                groups += range(train)
    return bench.probe(np.concatenate(features), labels, groups)


def _pair_renders(bench, count, seed, pair):
    one, hue, other, tone = pair
    return bench.renders(count, seed, (one, other), colours=(hue, tone))


def _shares(pictures, pair):
    """Two float32 [n, h, w] of 0..255: how much of each colour there is, by least squares over the colours' nominal hues."""
    unmix = np.linalg.pinv(np.array([HUES[pair[1]], HUES[pair[3]]]).T)
    shares = np.clip(pictures.astype(np.float32) @ unmix.T.astype(np.float32), 0, 255)
    return shares[..., 0], shares[..., 1]
