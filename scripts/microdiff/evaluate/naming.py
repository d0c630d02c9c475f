"""Rows about what a picture shows, named by linear probes that saw renders only: structure, modality, two structures."""
import numpy as np

from scripts.microdiff.render.modality import HUES
from scripts.microdiff.render.scene import SHOWN_IN, STRUCTURES

from .probe import Probe
from .prompts import FRAMES, NAMES, PAIRS, pair_prompt, phrasings
from .row import Row

#: Every structure in every modality that shows it.
KINDS = tuple((modality, name) for modality, names in SHOWN_IN.items() for name in names)
#: Renders to train on, a kind, by side in pixels.
FLUORESCENT = {128: 500, 192: 60, 256: 60}
OTHERS = {128: 120}
#: A pair's channel counts as shown where its levels span at least this much of 0..255.
LEAST_SPAN = 60


class KindProbe:
    """One probe over all kinds; it names the structure, or the modality, to which it gives most.

    Trained on noisy renders and on the same after the autoencoder: it is not to care for noise or fine detail, which the autoencoder
    takes away. Half of the renders have all attributes as often as training has, half are like those of plain prompts.
    """

    def __init__(self, bench, scale=1.0):
        features, labels = [], []
        for place, (modality, name) in enumerate(KINDS):
            for side, amount in (FLUORESCENT if modality == "fluorescence" else OTHERS).items():
                half = max(10, int(amount * scale) // 2)
                for unnamed, seed in ((1.0, 40000), (0.3, 41000)):
                    found = bench.renders(half, seed + side + 1000000 * place, (name,), modality=modality, pixels=side,
                                          unnamed=unnamed)
                    for pictures in (found.noisy, found.smooth):
                        features.append(bench.picture_features(pictures))
                        labels += [f"{modality}/{name}"] * half
        self.probe = Probe(np.concatenate(features), labels)
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


def drawn_structures(bench, each):
    """{structure: uint8 [each, 128, 128, 3]}: a quarter of each by each phrasing."""
    found = {}
    for place, name in enumerate(STRUCTURES):
        texts = phrasings(name)
        amounts = [each // 4 + (k < each % 4) for k in range(4)]
        found[name] = np.concatenate([bench.drawer.draw(text, amount, 5000 + 1000 * place + 100 * k)
                                      for k, (text, amount) in enumerate(zip(texts, amounts)) if amount])
    return found


def drawn_modalities(bench, each):
    """[(modality, structure, uint8 [n, 128, 128, 3])]; each modality gets at least `each` pictures over its structures."""
    return [(modality, name, bench.drawer.draw(FRAMES[modality].format(NAMES[name]), -(-each // len(SHOWN_IN[modality])),
                                               20000 + 100 * place))
            for place, (modality, name) in enumerate(KINDS)]


def structures(bench, probe, each):
    drawn = drawn_structures(bench, each)
    truth = [name for name in STRUCTURES for _ in range(each)]
    half = -(-max(bench.count, 2 * len(STRUCTURES)) // len(STRUCTURES))
    renders = [bench.renders(half, 50000 + place, (name,)) for place, name in enumerate(STRUCTURES)]
    yield _named(bench, "structure named by a probe", probe.structures, np.concatenate(list(drawn.values())), truth,
                 renders, [name for name in STRUCTURES for _ in range(half)], 0.85)


def modalities(bench, probe, each):
    drawn = drawn_modalities(bench, each)
    renders = [bench.renders(len(p), 51000 + place, (name,), modality=m) for place, (m, name, p) in enumerate(drawn)]
    pictures = np.concatenate([p for _, _, p in drawn])
    truth = [m for m, _, p in drawn for _ in p]
    yield _named(bench, "modality named by a probe", probe.modalities, pictures, truth, renders, truth, 0.95)
    other = [i for i, (m, _, _) in enumerate(drawn) if m != "fluorescence"]
    truth = [drawn[i][1] for i in other for _ in drawn[i][2]]
    yield _named(bench, "structure named by a probe, other modalities", probe.structures,
                 np.concatenate([drawn[i][2] for i in other]), truth, [renders[i] for i in other], truth, 0.85)


def sizes(bench, probe):
    """The structure row again at larger sizes than training mostly has."""
    each = -(-bench.count // len(STRUCTURES))
    for side in (192, 256):
        drawn = np.concatenate([bench.drawer.draw(NAMES[name], each, 30000 + 100 * place, side)
                                for place, name in enumerate(STRUCTURES)])
        renders = [bench.renders(each, 52000 + place, (name,), pixels=side) for place, name in enumerate(STRUCTURES)]
        truth = [name for name in STRUCTURES for _ in range(each)]
        yield _named(bench, f"{side} by {side}: structure named by a probe", probe.structures, drawn, truth, renders, truth, 0.85)


def _named(bench, what, names, drawn, truth, renders, renders_truth, goal):
    def share(pictures, expected):
        right = np.array([a == b for a, b in zip(names(bench.picture_features(pictures)), expected)])
        each = {t: right[[e == t for e in expected]].mean() for t in dict.fromkeys(expected)}
        worst = sorted(each, key=each.get)[:2]
        return right.mean(), f"{right.mean():.1%} (worst: {', '.join(f'{t} {each[t]:.0%}' for t in worst)})"

    reached, text = share(drawn, truth)
    ceilings = [share(np.concatenate([getattr(r, kind) for r in renders]), renders_truth)[1] for kind in ("noisy", "smooth")]
    return Row(what, len(drawn), text, *ceilings, f"at least {goal:.0%}", reached >= goal)


def pairs(bench, scale=1.0):
    """Each structure is asked for in its own colour; a probe looks at that colour's share of the picture alone."""
    train = max(20, int(300 * scale))
    features, labels = [], []
    for place, pair in enumerate(PAIRS):
        found = _pair_renders(bench, train, 60000 + place, pair)
        for pictures in (found.noisy, found.smooth):
            for half, name in zip(_shares(pictures, pair), (pair[0], pair[2])):
                features.append(bench.field_features(half))
                labels += [name] * train
    probe = Probe(np.concatenate(features), labels)

    def seen(pictures, pair):
        both = np.ones(len(pictures), bool)
        for half, name in zip(_shares(pictures, pair), (pair[0], pair[2])):
            both &= np.array([a == name for a in probe.names(bench.field_features(half))])
            both &= np.ptp(half, axis=(1, 2)) > LEAST_SPAN
        return both.mean()

    each = -(-bench.count // len(PAIRS))
    drawn = {pair: seen(bench.drawer.draw(pair_prompt(pair), each, 7000 + 100 * place), pair) for place, pair in enumerate(PAIRS)}
    renders = [_pair_renders(bench, each, 70000 + place, pair) for place, pair in enumerate(PAIRS)]
    ceilings = [np.mean([seen(getattr(r, kind), pair) for r, pair in zip(renders, PAIRS)]) for kind in ("noisy", "smooth")]
    model, worst = np.mean(list(drawn.values())), min(drawn, key=drawn.get)
    yield Row("both structures of two seen by a probe", each * len(PAIRS),
              f"{model:.1%} (worst: {pair_prompt(worst)} {drawn[worst]:.0%})", *(f"{c:.1%}" for c in ceilings), "at least 70%",
              model >= 0.70)


def _pair_renders(bench, count, seed, pair):
    one, hue, other, tone = pair
    return bench.renders(count, seed, (one, other), colours=(hue, tone))


def _shares(pictures, pair):
    """Two float32 [n, h, w] of 0..255: how much of each colour there is, by least squares over the colours' nominal hues."""
    unmix = np.linalg.pinv(np.array([HUES[pair[1]], HUES[pair[3]]]).T)
    shares = np.clip(pictures.astype(np.float32) @ unmix.T.astype(np.float32), 0, 255)
    return shares[..., 0], shares[..., 1]
