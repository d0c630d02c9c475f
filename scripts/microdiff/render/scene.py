"""What a picture shows: structures, their attributes and the modality. Draws nothing."""
from dataclasses import dataclass, field

STRUCTURES = ("nuclei", "mitochondria", "actin", "microtubules", "membranes", "vesicles", "bacteria", "yeast",
              "neurons")
MODALITIES = ("fluorescence", "phase", "histology", "electron", "dic")
COLOURS = ("blue", "green", "red", "magenta", "cyan", "grey")
#: Each attribute has a low and a high word; "" is the middle, for which captions have no word.
LEVELS = {
    "density": ("sparse", "", "dense"),
    "size": ("small", "", "large"),
    "brightness": ("dim", "", "bright"),
    "sharpness": ("blurred", "", "sharp"),
    "noise": ("clean", "", "noisy"),
}
ROUND = ("nuclei", "vesicles", "bacteria", "yeast")
LINEAR = ("actin", "bacteria", "mitochondria")
SHOWN_IN = {
    "fluorescence": STRUCTURES,
    "phase": ("bacteria", "yeast", "neurons", "membranes"),
    "histology": ("nuclei", "membranes", "neurons", "bacteria"),
    "electron": ("mitochondria", "vesicles", "bacteria", "yeast", "membranes"),
    "dic": ("bacteria", "yeast", "neurons", "membranes"),
}
#: Pairs that people image together; any other pair is drawn now and then.
PAIRS = (("actin", "nuclei"), ("microtubules", "nuclei"), ("mitochondria", "nuclei"), ("vesicles", "nuclei"),
         ("membranes", "nuclei"), ("actin", "mitochondria"), ("microtubules", "mitochondria"),
         ("microtubules", "vesicles"), ("neurons", "nuclei"))
#: How often a pair with nuclei has the colours of a prompt that names none, and which colour the other structure mostly has then.
CUSTOMARY_SHARE = 0.5
USUAL = {"actin": ("green", "green", "red"), "microtubules": ("green", "green", "red"), "mitochondria": ("red", "red", "green")}


@dataclass(frozen=True)
class Subject:
    """One structure with its own attributes; "" means the middle of the range."""
    structure: str
    colour: str = "grey"
    density: str = ""
    size: str = ""
    arrangement: str = ""

    def __post_init__(self):
        if self.structure not in STRUCTURES:
            raise ValueError(f"structure must be one of {STRUCTURES}, found {self.structure!r}")
        if self.colour not in COLOURS:
            raise ValueError(f"colour must be one of {COLOURS}, found {self.colour!r}")


@dataclass(frozen=True)
class Scene:
    """A picture's content: one subject, or two in different colours (fluorescence only). origin: the set of a real image, "" of a render."""
    subjects: tuple = field(default_factory=tuple)
    modality: str = "fluorescence"
    brightness: str = ""
    sharpness: str = ""
    noise: str = ""
    pixels: int = 128
    origin: str = ""

    def __post_init__(self):
        if self.modality not in MODALITIES:
            raise ValueError(f"modality must be one of {MODALITIES}, found {self.modality!r}")
        if not 1 <= len(self.subjects) <= 2:
            raise ValueError(f"a scene shows one or two subjects, found {len(self.subjects)}")


def sample_scene(rng, pixels=128, pair_share=0.25):
    """A random scene; about a quarter of the fluorescence pictures show two structures."""
    modality = str(rng.choice(MODALITIES, p=(0.62, 0.11, 0.10, 0.11, 0.06)))
    if modality == "fluorescence" and rng.random() < pair_share:
        subjects = _pair(rng)
        brightness = ""
    else:
        structure = str(rng.choice(SHOWN_IN[modality]))
        colour = str(rng.choice(COLOURS)) if modality == "fluorescence" else "grey"
        subjects = (_subject(rng, structure, colour),)
        brightness = _level(rng, "brightness")
    return Scene(subjects, modality, brightness, _level(rng, "sharpness", (0.25, 0.4, 0.35)),
                 _level(rng, "noise"), pixels)


def _pair(rng):
    if rng.random() < 0.8:
        names = PAIRS[rng.integers(len(PAIRS))]
    else:
        names = rng.choice(STRUCTURES, 2, replace=False)
    colours = rng.choice(COLOURS[:5], 2, replace=False)
    if "nuclei" in names and rng.random() < CUSTOMARY_SHARE:
        other = USUAL.get(next((str(name) for name in names if name != "nuclei"), ""), ("green", "red"))
        colours = ["blue" if name == "nuclei" else other[rng.integers(len(other))] for name in names]
    elif {"cyan", "magenta"} & set(colours):
        # A magenta structure over a red one, say, could not be told apart.
        colours = [("magenta", "green"), ("green", "magenta"), ("cyan", "red"), ("red", "cyan")][rng.integers(4)]
    order = rng.permutation(2)
    return tuple(_subject(rng, str(names[i]), str(colours[i])) for i in order)


def _subject(rng, structure, colour):
    size = _level(rng, "size")
    density = "" if structure == "membranes" else _level(rng, "density")
    arrangement = ""
    if structure in LINEAR and rng.random() < 0.6:
        arrangement = str(rng.choice(("aligned", "random")))
    elif structure in ROUND and rng.random() < 0.5:
        arrangement = str(rng.choice(("clustered", "spread")))
    return Subject(structure, colour, density, size, arrangement)


def _level(rng, attribute, shares=(0.33, 0.34, 0.33)):
    return str(rng.choice(LEVELS[attribute], p=shares))


def pick(rng, level, words, low, middle, high):
    """A number from the range (start, end) that belongs to the level's word."""
    start, end = {words[0]: low, words[1]: middle, words[2]: high}[level]
    return float(rng.uniform(start, end))
