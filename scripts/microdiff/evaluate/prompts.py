"""What is typed: prompts as a plain user writes them, from the words that captions have."""
NAMES = {"nuclei": "nuclei", "mitochondria": "mitochondria", "actin": "actin filaments", "microtubules": "microtubules",
         "membranes": "cell membranes", "vesicles": "vesicles", "bacteria": "rod bacteria", "yeast": "yeast cells",
         "neurons": "neurons"}
OTHER_NAMES = {"nuclei": "cell nuclei", "mitochondria": "a mitochondrial network", "actin": "actin", "microtubules": "tubulin",
               "membranes": "epithelial cells", "vesicles": "puncta", "bacteria": "bacteria", "yeast": "yeast",
               "neurons": "nerve cells"}
FRAMES = {"fluorescence": "fluorescence micrograph of {}", "phase": "phase contrast image of {}",
          "histology": "brightfield histology of {}", "electron": "electron micrograph of {}", "dic": "dic image of {}"}
#: Two structures, each in a colour of its own that shares no channel with the other's.
PAIRS = (("actin", "green", "nuclei", "blue"), ("microtubules", "green", "nuclei", "blue"),
         ("mitochondria", "red", "nuclei", "blue"), ("vesicles", "red", "nuclei", "green"),
         ("membranes", "red", "nuclei", "blue"), ("actin", "green", "mitochondria", "red"),
         ("microtubules", "green", "vesicles", "red"), ("neurons", "green", "nuclei", "blue"))


def phrasings(structure):
    """Four ways to ask for a structure in fluorescence."""
    name = NAMES[structure]
    return name, f"an image of {name}", FRAMES["fluorescence"].format(name), OTHER_NAMES[structure]


def pair_prompt(pair):
    one, hue, other, tone = pair
    return f"{hue} {NAMES[one]} and {tone} {NAMES[other]}"
