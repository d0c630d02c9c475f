"""Draws the gallery in docs/ with the Java pipeline: prompts beside results; and of some of them the README's picture.

    python -m scripts.microdiff.gallery --model models/MicroDiff --cache FOLDER --docs docs
"""
import argparse
from pathlib import Path

import numpy as np
from PIL import Image

from scripts.microdiff.evaluate.source import JavaPipeline

PROMPTS = (
    "sparse bright blue nuclei", "dense small green nuclei", "large magenta nuclei", "green actin filaments and blue nuclei",
    "aligned red actin filaments", "cyan microtubules", "dense red mitochondria", "green cell membranes, small",
    "dense grey vesicles", "red vesicles and blue nuclei", "bright green yeast cells", "aligned magenta rod bacteria",
    "sparse cyan neurons", "rod bacteria, phase contrast", "phase contrast image of yeast",
    "brightfield histology of dense nuclei", "histology of epithelium", "histology of neurons",
    "electron micrograph of mitochondria", "electron micrograph of yeast",
)
EACH = 4
#: In the README, first seeds again.
STRIP = ("sparse bright blue nuclei", "aligned red actin filaments", "green cell membranes, small", "green actin filaments and blue nuclei",
         "cyan microtubules", "histology of epithelium")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", type=Path, required=True)
    parser.add_argument("--cache", type=Path, required=True)
    parser.add_argument("--docs", type=Path, required=True)
    parser.add_argument("--steps", type=int, default=20)
    options = parser.parse_args()
    drawer = JavaPipeline(options.model, options.cache, options.steps)
    folder = options.docs / "gallery"
    folder.mkdir(parents=True, exist_ok=True)
    lines = ["# What MicroDiff draws", "",
             f"The first {EACH} seeds, not chosen: `scripts/diffusionj txt2img --prompt PROMPT --seed 1 --batch {EACH} "
             f"--steps {options.steps}`. Written by `scripts/microdiff/gallery.py`.", "", "| prompt | seed 1 and on |",
             "| --- | --- |"]
    strip = {}
    for prompt in PROMPTS:
        pictures = drawer.draw(prompt, EACH, 1)
        strip[prompt] = pictures[0]
        name = "-".join("".join(c if c.isalnum() else " " for c in prompt).split()) + ".png"
        Image.fromarray(np.concatenate(list(pictures), axis=1)).save(folder / name, optimize=True)
        lines.append(f"| {prompt} | ![{prompt}](gallery/{name}) |")
    Image.fromarray(np.concatenate([strip[prompt] for prompt in STRIP], axis=1)).save(options.docs / "images" / "microdiff.png", optimize=True)
    (options.docs / "gallery.md").write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
