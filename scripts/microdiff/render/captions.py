"""Captions of a scene in many phrasings. Every attribute word that appears is true of the picture.

Wordings of heldout_wordings.json, by which words are measured, are in no caption.
"""
import json
from functools import cache
from pathlib import Path

NAMES = {
    "nuclei": ("nuclei", "nuclei", "nuclei", "nuclei", "cell nuclei", "stained nuclei", "nuclear stain", "dna stain", "hela nuclei",
               "u2os nuclei", "a nuclear stain of cells"),
    "mitochondria": ("mitochondria", "mitochondria", "mitochondria", "a mitochondrial network", "cell mitochondria", "the mitochondria"),
    "actin": ("actin filaments", "actin filaments", "actin", "actin stress fibers", "f-actin", "actin fibres", "actin cytoskeleton",
              "stress fibres", "filamentous actin"),
    "microtubules": ("microtubules", "microtubules", "microtubules", "tubulin", "a microtubule network", "microtubule cytoskeleton"),
    "membranes": ("cell membranes", "cell membranes", "epithelium", "epithelial cells", "cell borders", "membranes", "an epithelial sheet",
                  "borders of epithelial cells", "plasma membranes", "cells"),
    "vesicles": ("vesicles", "vesicles", "vesicles", "puncta", "spots", "endosomes", "lysosomes", "granules"),
    "bacteria": ("rod bacteria", "bacteria", "bacteria", "rod-shaped bacteria", "bacterial cells", "e. coli", "e. coli", "e. coli cells",
                 "escherichia coli", "rods"),
    "yeast": ("yeast", "yeast", "yeast cells", "budding yeast", "budding yeast", "a yeast colony", "s. cerevisiae", "a colony of yeast cells",
              "yeast with buds"),
    "neurons": ("neurons", "neurons", "nerve cells", "neurons with dendrites", "neurons with axons", "cultured neurons", "neuronal cells",
                "a culture of nerve cells"),
}
#: Now and then a structure is said to lie in cells.
CELLS = ("hela cells", "u2os cells", "cells", "a cell", "cultured cells")
WITHIN_CELLS = ("nuclei", "mitochondria", "actin", "microtubules", "vesicles")
COLOUR_WORDS = {"magenta": ("magenta", "magenta", "purple"), "grey": ("grey", "gray", "white", "greyscale")}
#: Where a colour's word stands beside the noun.
COLOURED = ("{colour} {name}",) * 6 + ("{name} in {colour}", "{name} in {colour}", "{name} coloured {colour}", "{name} stained {colour}",
                                       "{colour} coloured {name}")
#: Stains and labels that imply a structure and a colour. Each has one colour, as pictures of it are shown: a prompt that names no stain
#: and no colour asks for grey.
STAINS = {("nuclei", "blue"): ("dapi-stained nuclei", "dapi", "dapi", "hoechst-stained nuclei", "hoechst", "dapi-labelled nuclei",
                               "cells stained with dapi", "hela cells stained with hoechst", "nuclei stained with hoechst"),
          ("actin", "green"): ("phalloidin-stained actin", "phalloidin", "phalloidin", "hela cells stained with phalloidin",
                               "phalloidin-labelled actin"),
          ("mitochondria", "red"): ("mitotracker mitochondria", "mitotracker", "mitotracker-stained mitochondria"),
          ("microtubules", "green"): ("tubulin-gfp", "gfp tubulin")}
#: Fluorescent proteins: a colour, whatever they label.
PROTEINS = {"green": ("gfp",), "red": ("mcherry", "rfp")}
LABELLED = ("{protein} {name}", "{protein}-labelled {name}", "{name} labelled with {protein}", "{name}, {protein}")
#: What pictures of two stains are called by.
PAIRED = {("nuclei", "blue"): ("dapi", "hoechst", "dna"), ("actin", "green"): ("phalloidin", "actin"),
          ("mitochondria", "red"): ("mitotracker",), ("microtubules", "green"): ("tubulin", "gfp tubulin", "microtubules")}
PAIRED_FRAMES = ("{} and {}", "{}, {}", "cells stained with {} and {}", "cells stained for {} and {}", "hela cells stained with {} and {}",
                 "u2os cells stained with {} and {}", "hela cells, {} and {}", "cells labelled with {} and {}", "{} and {} in u2os cells")
LEVEL_WORDS = {"sparse": ("sparse", "sparse", "sparse", "few", "a few", "only a few", "scattered", "isolated", "a handful of", "very few",
                          "far apart", "at low density"),
               "dense": ("dense", "dense", "dense", "many", "crowded", "packed", "tightly packed", "lots of", "numerous", "densely seeded",
                         "close together", "packed together", "at high density"),
               "small": ("small", "small", "small", "tiny", "little", "small in size"),
               "large": ("large", "large", "large", "big", "enlarged", "large in size"),
               "dim": ("dim", "dim", "dim", "faint", "dark", "weak", "weakly stained", "barely visible", "low intensity"),
               "bright": ("bright", "bright", "bright", "intense", "strong", "strongly stained", "brightly stained", "high intensity"),
               "sharp": ("sharp", "sharp", "in focus", "very sharp", "crisp"),
               "blurred": ("blurred", "blurred", "blurry", "out of focus", "very blurred"),
               "noisy": ("noisy", "grainy", "very noisy"), "clean": ("clean", "low noise", "very clean"),
               "clustered": ("clustered", "clustered", "in clusters", "clumped"),
               "spread": ("spread", "spread out", "evenly spread", "evenly spaced"),
               "aligned": ("aligned", "aligned", "parallel", "all in one direction"),
               "random": ("random", "randomly oriented", "in all directions")}
#: Words for few objects that would be untrue of clusters.
APART = ("scattered", "isolated", "far apart")
#: Words that stand before a noun; the others follow after a comma.
BEFORE = {"sparse", "few", "a few", "only a few", "very few", "scattered", "isolated", "a handful of", "dense", "many", "crowded", "packed",
          "tightly packed", "lots of", "numerous", "densely seeded", "small", "tiny", "little", "large", "big", "enlarged", "dim", "faint",
          "dark", "weak", "weakly stained", "barely visible", "bright", "intense", "strong", "strongly stained", "brightly stained", "sharp",
          "very sharp", "blurred", "blurry", "very blurred", "noisy", "grainy", "very noisy", "clustered", "clumped", "spread", "aligned",
          "parallel"}
#: Numbers stand first in English; "large a few nuclei" is nobody's prompt.
NUMBERS = ("a few", "few", "many", "only a few", "very few", "lots of", "a handful of", "numerous")
MODALITY_WORDS = {
    "fluorescence": ("fluorescence micrograph of {}", "fluorescence microscopy image of {}", "fluorescence image of {}",
                     "fluorescent {}", "{}, fluorescence", "confocal image of {}", "{} in fluorescence microscopy",
                     "{}, fluorescence microscopy", "fluorescence microscopy of {}", "widefield image of {}", "confocal micrograph of {}",
                     "fluorescence microscope image of {}", "immunofluorescence of {}"),
    "phase": ("phase contrast image of {}", "phase contrast micrograph of {}", "{}, phase contrast",
              "{} in phase contrast microscopy", "phase-contrast microscopy of {}", "phase contrast microscope image of {}",
              "{} in phase contrast"),
    "histology": ("brightfield histology of {}", "histology section of {}", "{}, brightfield histology",
                  "{}, histology", "h&e histology image of {}", "brightfield micrograph of {}", "histology of {}",
                  "stained tissue with {}", "h&e stain of {}", "{}, h&e", "h&e-stained tissue with {}", "tissue section of {}",
                  "histological image of {}"),
    "electron": ("electron micrograph of {}", "electron microscopy image of {}", "{}, electron micrograph",
                 "transmission electron micrograph of {}", "tem image of {}", "{} in electron microscopy", "{}, tem", "tem of {}",
                 "transmission electron microscopy of {}", "electron microscope image of {}"),
    "dic": ("dic image of {}", "{}, dic", "dic microscopy of {}", "differential interference contrast image of {}", "{} in dic",
            "dic microscope image of {}", "{}, differential interference contrast", "nomarski image of {}"),
}
PLAIN = ("{}", "{}", "{}", "{}", "an image of {}", "a picture of {}", "micrograph of {}", "microscopy image of {}",
         "a photo of {}", "a field of {}", "microscope image of {}", "{} under the microscope")
JOINS = ("{} and {}", "{} and {}", "{} with {}", "{}, {}")


def caption(scene, rng, drop=0.3):
    """A caption of the scene; each attribute word is left out with probability `drop`.

    What holds for the whole picture has a meaning when it is left out: fluorescence, and the customary colours. Any other modality
    or colour is always named, so that a prompt without them asks for one kind of picture and not for a mixture of all.
    """
    while True:
        text = _caption(scene, rng, drop)
        if not any(piece in text for piece in held_out_pieces()):
            return text


@cache
def held_out_pieces():
    """What no caption may contain: held-out wordings whole, and of those with {} what stands beside it."""
    rows = json.loads((Path(__file__).parents[1] / "heldout_wordings.json").read_text(encoding="utf-8"))
    wordings = [wording for row, sides in rows.items() if isinstance(sides, dict) for side in sides.values() for wording in side]
    return tuple(wording.replace("{}", "").strip(",") if "{}" in wording else wording for wording in wordings)


def _caption(scene, rng, drop):
    named = not customary(scene.subjects) or rng.random() > drop
    stains = [PAIRED.get((subject.structure, subject.colour)) for subject in scene.subjects]
    if len(stains) == 2 and all(stains) and rng.random() < 0.5:
        text, after = _choose(rng, PAIRED_FRAMES).format(*(_choose(rng, names) for names in stains)), []
    else:
        parts = [_subject(scene, subject, rng, drop, named) for subject in scene.subjects]
        after = [word for _, trailing in parts for word in trailing]
        text = parts[0][0] if len(parts) == 1 else _choose(rng, JOINS).format(parts[0][0], parts[1][0])
    silent = scene.modality == "fluorescence" and rng.random() < 0.55
    frames = PLAIN if silent else MODALITY_WORDS[scene.modality]
    text = _choose(rng, frames).format(text)
    if len(scene.subjects) == 2:
        after += [_choose(rng, LEVEL_WORDS[word]) for word in (scene.sharpness, scene.noise)
                  if word and rng.random() > drop]
    return ", ".join([text, *after])


def customary(subjects):
    """Whether the colours are those of a prompt that names none: grey, as a camera sees one structure; of two, nuclei are blue and
    what is not is green or red."""
    if len(subjects) == 1:
        return subjects[0].colour == "grey"
    return all(subject.colour in (("blue",) if subject.structure == "nuclei" else ("green", "red")) for subject in subjects)


def _subject(scene, subject, rng, drop, named):
    """The noun with the words before it, and the words that follow the whole phrase."""
    levels = [subject.density, subject.size, subject.arrangement]
    if len(scene.subjects) == 1:
        levels += [scene.brightness, scene.sharpness, scene.noise]
    named_levels = [level for level in levels if level and rng.random() > drop]
    words = [_word(rng, level, subject) for level in named_levels]
    if len(scene.subjects) == 1 and len(words) == 1 and rng.random() < 0.2:
        # Two words that mean the same are no two things.
        words = list(dict.fromkeys((*words, _word(rng, named_levels[0], subject))))
    words = [words[i] for i in rng.permutation(len(words))]
    two = len(scene.subjects) == 2
    before = [word for word in words if word in BEFORE and (two or rng.random() < 0.8)]
    after = [] if two else [word for word in words if word not in before]
    before.sort(key=lambda word: word not in NUMBERS)
    name = _choose(rng, NAMES[subject.structure])
    fluorescent = scene.modality == "fluorescence"
    if fluorescent and subject.structure in WITHIN_CELLS and not two and rng.random() < 0.1:
        name = f"{name} {_choose(rng, ('in', 'of'))} {_choose(rng, CELLS)}"
    if before or fluorescent and named:
        name = name.removeprefix("a ").removeprefix("an ").removeprefix("the ")
    if fluorescent and named:
        stain = STAINS.get((subject.structure, subject.colour))
        protein = PROTEINS.get(subject.colour)
        if stain and rng.random() < 0.3:
            name = _choose(rng, stain)
        elif protein and rng.random() < 0.12:
            name = _choose(rng, LABELLED).format(protein=_choose(rng, protein), name=name)
        else:
            colour = _choose(rng, COLOUR_WORDS.get(subject.colour, (subject.colour,)))
            if before and before[-1] not in NUMBERS and rng.random() < 0.4:
                before.insert(int(before[0] in NUMBERS), colour)
            else:
                name = _choose(rng, COLOURED).format(colour=colour, name=name)
    return " ".join([*_listed(before, rng), name]), after


def _listed(words, rng):
    """Now and then with a comma between two words that are no numbers."""
    apart = rng.random() < 0.25
    return [word + "," if apart and word not in NUMBERS and place < len(words) - 1 else word for place, word in enumerate(words)]


def _word(rng, level, subject):
    words = LEVEL_WORDS[level]
    return _choose(rng, [word for word in words if word not in APART] if subject.arrangement == "clustered" else words)


def _choose(rng, options):
    return options[int(rng.integers(len(options)))]
