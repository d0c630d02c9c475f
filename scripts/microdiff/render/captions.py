"""Captions of a scene in many phrasings. Every attribute word that appears is true of the picture."""

NAMES = {
    "nuclei": ("nuclei", "nuclei", "nuclei", "cell nuclei", "stained nuclei"),
    "mitochondria": ("mitochondria", "mitochondria", "a mitochondrial network", "cell mitochondria"),
    "actin": ("actin filaments", "actin filaments", "actin", "actin stress fibers", "f-actin", "actin fibres"),
    "microtubules": ("microtubules", "microtubules", "tubulin", "a microtubule network"),
    "membranes": ("cell membranes", "epithelium", "epithelial cells", "cell borders", "membranes",
                  "an epithelial sheet"),
    "vesicles": ("vesicles", "vesicles", "puncta", "spots", "endosomes"),
    "bacteria": ("rod bacteria", "bacteria", "rod-shaped bacteria", "bacterial cells", "e. coli"),
    "yeast": ("yeast", "yeast cells", "budding yeast"),
    "neurons": ("neurons", "neurons", "nerve cells", "neurons with dendrites"),
}
COLOUR_WORDS = {"magenta": ("magenta", "magenta", "purple"), "grey": ("grey", "gray", "white", "greyscale")}
#: Stains and labels that imply a structure and a colour.
STAINS = {("nuclei", "blue"): ("dapi-stained nuclei", "dapi", "hoechst-stained nuclei"),
          ("actin", "green"): ("phalloidin-stained actin", "gfp actin"), ("actin", "red"): ("phalloidin actin",),
          ("mitochondria", "red"): ("mitotracker mitochondria",), ("microtubules", "green"): ("gfp tubulin",)}
LEVEL_WORDS = {"sparse": ("sparse", "sparse", "few", "a few"), "dense": ("dense", "dense", "many", "crowded"),
               "small": ("small", "small", "tiny"), "large": ("large", "large", "big"),
               "dim": ("dim", "dim", "faint", "dark"), "bright": ("bright", "bright", "intense"),
               "sharp": ("sharp", "in focus"), "blurred": ("blurred", "blurry", "out of focus"),
               "noisy": ("noisy", "grainy"), "clean": ("clean", "low noise"),
               "clustered": ("clustered", "clustered", "in clusters"),
               "spread": ("spread", "spread out", "evenly spread"),
               "aligned": ("aligned", "aligned", "parallel"), "random": ("random", "randomly oriented")}
#: Words that stand before a noun; the others follow after a comma.
BEFORE = {"sparse", "few", "a few", "dense", "many", "crowded", "small", "tiny", "large", "big", "dim", "faint",
          "dark", "bright", "intense", "sharp", "blurred", "blurry", "noisy", "grainy", "clustered", "spread",
          "aligned", "parallel"}
MODALITY_WORDS = {
    "fluorescence": ("fluorescence micrograph of {}", "fluorescence microscopy image of {}", "fluorescence image of {}",
                     "fluorescent {}", "{}, fluorescence", "confocal image of {}", "{} in fluorescence microscopy",
                     "{}, fluorescence microscopy"),
    "phase": ("phase contrast image of {}", "phase contrast micrograph of {}", "{}, phase contrast",
              "{} in phase contrast microscopy", "phase-contrast microscopy of {}"),
    "histology": ("brightfield histology of {}", "histology section of {}", "{}, brightfield histology",
                  "{}, histology", "h&e histology image of {}", "brightfield micrograph of {}",
                  "stained tissue with {}"),
    "electron": ("electron micrograph of {}", "electron microscopy image of {}", "{}, electron micrograph",
                 "transmission electron micrograph of {}", "tem image of {}", "{} in electron microscopy"),
}
PLAIN = ("{}", "{}", "{}", "an image of {}", "a picture of {}", "micrograph of {}", "microscopy image of {}",
         "a photo of {}")
JOINS = ("{} and {}", "{} and {}", "{} with {}", "{}, {}")


def caption(scene, rng, drop=0.3):
    """A caption of the scene; each attribute word is left out with probability `drop`.

    What holds for the whole picture has a meaning when it is left out: fluorescence, and the customary colours. Any other modality
    or colour is always named, so that a prompt without them asks for one kind of picture and not for a mixture of all.
    """
    named = not customary(scene.subjects) or rng.random() > drop
    parts = [_subject(scene, subject, rng, drop, named) for subject in scene.subjects]
    after = [word for _, trailing in parts for word in trailing]
    text = parts[0][0] if len(parts) == 1 else _choose(rng, JOINS).format(parts[0][0], parts[1][0])
    silent = scene.modality == "fluorescence" and rng.random() < 0.55
    frames = PLAIN if silent else MODALITY_WORDS[scene.modality]
    text = _choose(rng, frames).format(text)
    if len(parts) == 2:
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
    words = [_choose(rng, LEVEL_WORDS[level]) for level in levels if level and rng.random() > drop]
    words = [words[i] for i in rng.permutation(len(words))]
    two = len(scene.subjects) == 2
    before = [word for word in words if word in BEFORE and (two or rng.random() < 0.8)]
    after = [] if two else [word for word in words if word not in before]
    # A number stands first in English; "large a few nuclei" is nobody's prompt.
    before.sort(key=lambda word: word not in ("a few", "few", "many"))
    name = _choose(rng, NAMES[subject.structure])
    if name.startswith(("a ", "an ")) and before:
        name = name.split(" ", 1)[1]
    if scene.modality == "fluorescence" and named:
        stain = STAINS.get((subject.structure, subject.colour))
        if stain and rng.random() < 0.2:
            name = _choose(rng, stain)
        else:
            colour = _choose(rng, COLOUR_WORDS.get(subject.colour, (subject.colour,)))
            place = int(rng.integers(len(before) + 1)) if before and before[0] not in ("a few", "few", "many") \
                else len(before)
            before.insert(place, colour)
            name = name.split(" ", 1)[1] if name.startswith(("a ", "an ")) else name
    return " ".join([*before, name]), after


def _choose(rng, options):
    return options[int(rng.integers(len(options)))]
