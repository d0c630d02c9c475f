"""Rows about wordings that training never contained (heldout_wordings.json): each of three is to do what the captions' own words do."""
import json
from functools import lru_cache
from pathlib import Path

import numpy as np

from scripts.microdiff.render.scene import SHOWN_IN, STRUCTURES

from . import attributes, measures, naming
from .prompts import NAMES
from .row import Row

FILE = Path(__file__).resolve().parents[1] / "heldout_wordings.json"
#: Wordings a row.
WORDINGS = 3
#: A two-stain prompt names no colours; these are customary, and the second structure's may be either.
SECOND_COLOURS = ("green", "red")


@lru_cache(maxsize=1)
def held_out():
    return json.loads(FILE.read_text(encoding="utf-8"))


def opposites(bench):
    """Ratios of nuclei by opposite wordings, the first of one list beside the first of the other, and so on."""
    each = max(4, bench.count // 10)
    for row, (what, attribute, high, low, goal, measure) in enumerate(attributes.OPPOSITES):
        ends = [held_out()[attribute][word][:WORDINGS] for word in (high, low)]
        ratios, texts = [], []
        for place, pair in enumerate(zip(*ends)):
            prompts = [wording.format("nuclei") for wording in pair]
            a, b = (np.nanmean([measure(p) for p in bench.drawer.draw(prompt, each, 110000 + 1000 * row + 100 * place + 50 * end)])
                    for end, prompt in enumerate(prompts))
            ratios.append(a / b)
            texts.append(f"{a / b:.2f} \"{prompts[0]}\" / \"{prompts[1]}\"")
        yield Row(f"held-out wordings, {what}: {high} / {low}", 2 * each * len(ratios), "; ".join(texts), goal=f"each at least {goal}",
                  reached=min(ratios) >= goal)


def colours(bench):
    each = max(2, bench.count // 30)
    right = np.zeros((WORDINGS, 0), bool)
    for place, (colour, wordings) in enumerate(held_out()["colour"].items()):
        name = NAMES[STRUCTURES[(2 * place) % len(STRUCTURES)]]
        found = [[measures.colour(p) == colour for p in bench.drawer.draw(wording.format(name), each, 120000 + 100 * place + 10 * k)]
                 for k, wording in enumerate(wordings[:WORDINGS])]
        right = np.concatenate([right, found], axis=1)
    yield _shares("held-out wordings: colour word is the colour", right, ("shown in", "-coloured", "that glow"), 0.97)


def structures(bench, probe):
    each = max(2, bench.count // 50)
    rows = {name: [probe.structures(bench.picture_features(bench.drawer.draw(wording, each, 130000 + 100 * place + 10 * k)))
                   for k, wording in enumerate(held_out()["structure"][name][:WORDINGS])] for place, name in enumerate(STRUCTURES)}
    yield _named("held-out wordings: structure named by a probe", rows, held_out()["structure"], 0.85)


def modalities(bench, probe):
    """Of modalities that the renderer knows; the structures that each shows take turns."""
    each = max(4, bench.count // 25)
    rows = {}
    for place, modality in enumerate(SHOWN_IN):
        names = SHOWN_IN[modality]
        rows[modality] = []
        for k, wording in enumerate(held_out()["modality"][modality][:WORDINGS]):
            drawn = [bench.drawer.draw(wording.format(NAMES[names[turn % len(names)]]), 1, 140000 + 1000 * place + 100 * k + turn)
                     for turn in range(each)]
            rows[modality].append(probe.modalities(bench.picture_features(np.concatenate(drawn))))
    yield _named("held-out wordings: modality named by a probe", rows, held_out()["modality"], 0.95)


def stains(bench, share):
    """Two stains in one prompt: both structures seen, nuclei in blue and the other in green or red."""
    each = max(2, bench.count // 25)
    probe = naming.pair_probe(bench, share)
    shares = {}
    for place, (names, wordings) in enumerate(held_out()["stains"].items()):
        nuclei, other = names.split(" and ")
        drawn = np.concatenate([bench.drawer.draw(wording, each, 150000 + 100 * place + 10 * k) for k, wording in enumerate(wordings)])
        seen = [naming.pair_seen(bench, probe, drawn, (other, colour, nuclei, "blue")).all(axis=1) for colour in SECOND_COLOURS]
        shares[names] = np.any(seen, axis=0)
    mean = np.mean(list(shares.values()))
    yield Row("held-out wordings: both stained structures seen by a probe", sum(map(len, shares.values())),
              f"{mean:.1%} ({', '.join(f'{names} {found.mean():.0%}' for names, found in shares.items())})")


def _named(what, found, wordings, goal):
    """found: {right name: [names that the probe gave, for each wording]}."""
    right = np.concatenate([[[name == expected for name in names] for names in rows] for expected, rows in found.items()], axis=1)
    worst = sorted(((np.mean([n == expected for n in names]), wordings[expected][k]) for expected, rows in found.items()
                    for k, names in enumerate(rows)))[:4]
    text = ", ".join(f"{share:.0%}" for share in right.mean(axis=1)) + "; worst: " + ", ".join(f"\"{w}\" {share:.0%}" for share, w in worst)
    return Row(what, right.size, text, goal=f"each at least {goal:.0%}", reached=right.mean(axis=1).min() >= goal)


def _shares(what, right, names, goal):
    shares = right.mean(axis=1)
    return Row(what, right.size, ", ".join(f"{share:.1%} \"{name}\"" for share, name in zip(shares, names)), goal=f"each at least {goal:.0%}",
               reached=shares.min() >= goal)
