"""Row about words that no caption has: a prompt with one is to draw the colour and the modality of the same prompt without it."""
import numpy as np

from . import measures
from .row import Row
from .wordings import held_out

#: Whether the picture's colour is compared, too: stained tissue has many.
PROMPTS = (("nuclei", True), ("actin filaments", True), ("vesicles", True), ("green microtubules", True), ("red mitochondria", True),
           ("phase contrast image of yeast", True), ("histology of nuclei", False), ("electron micrograph of mitochondria", True))
PLACES = ("{prompt}, {word}", "{word} {prompt}", "{prompt} {word}")
SEEDS = 4
MOST_CHANGED = 0.03


def rows(bench, probe):
    """Every word with every prompt, before or after it in turn, from the same noise. Beside it: how often another seed changes them."""
    changed, other, texts = [], [], {}
    for place, (prompt, coloured) in enumerate(PROMPTS):
        seed = 160000 + 100 * place
        plain = _seen(bench, probe, bench.drawer.draw(prompt, SEEDS, seed), coloured)
        other += [a != b for a, b in zip(plain, plain[1:] + plain[:1])]
        drawn = np.concatenate([bench.drawer.draw(PLACES[(place + k) % len(PLACES)].format(prompt=prompt, word=word), 1, seed + k % SEEDS)
                                for k, word in enumerate(held_out()["unknown"])])
        found = [seen != plain[k % SEEDS] for k, seen in enumerate(_seen(bench, probe, drawn, coloured))]
        changed += found
        if any(found):
            texts[prompt] = np.mean(found)
    share = np.mean(changed)
    worst = ", ".join(f"\"{prompt}\" {texts[prompt]:.0%}" for prompt in sorted(texts, key=texts.get, reverse=True)[:3])
    yield Row("an unknown word changes colour or modality", len(changed), f"{share:.1%}" + (f" (most: {worst})" if worst else ""),
              f"another seed: {np.mean(other):.1%}", goal=f"at most {MOST_CHANGED:.0%}", reached=share <= MOST_CHANGED)


def _seen(bench, probe, pictures, coloured):
    modalities = probe.modalities(bench.picture_features(pictures))
    return [(modality, measures.colour(picture) if coloured else "") for modality, picture in zip(modalities, pictures)]
