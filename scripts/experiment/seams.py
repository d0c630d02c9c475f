"""Whether the tiles of image to image can be measured in a field of 2048 pixels.

    python -m scripts.experiment.seams --real ../shared/real --work work [--options "--strength 0.4"]

Puts fields of BBBC039 together to one of 2048 x 2048, draws it at scale 1 with the bundled model, and prints how much neighbouring pixels differ
across the borders of tiles, through how much they differ elsewhere: in the result, in its source (which has no tiles), and in what was changed.
Compared are pixels that lie alike in the decoder's own grid of eight; the borders of the fields are left out. 1 means no seam.
"""

import argparse
import subprocess
from pathlib import Path

import numpy as np
import tifffile

ROOT = Path(__file__).resolve().parents[2]
SIDE = 2048
#: Pixels of a latent pixel; MicroDiff's tiles have 16 of these and begin every 12.
LATENT = 8
STRIDE = 12
TILE = 16
#: Fields are so large, and so much of the picture beside their borders is not looked at.
HEIGHT, WIDTH, BESIDE = 520, 696, 24


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--real", type=Path, required=True, help="folder of the sets")
    parser.add_argument("--work", type=Path, required=True, help="folder for the field and the result")
    parser.add_argument("--options", default="--strength 0.4", help="further options of img2img")
    options = parser.parse_args()
    options.work.mkdir(parents=True, exist_ok=True)
    source, result = options.work / "field.tif", options.work / "field-varied.tif"
    before = field(sorted((options.real / "bbbc039_u2os_nuclei" / "test" / "images").glob("*.tif")))
    tifffile.imwrite(source, before)
    subprocess.run([ROOT / "scripts" / "diffusionj", "img2img", "--input", source, "--prompt", "nuclei", "--scale", "1", "--seed", "1",
                    "--output", result, *options.options.split()], check=True)
    after = tifffile.imread(result).astype(float)
    print("| pixels of | across columns | across rows |\n| --- | --- | --- |")
    for name, picture in (("the result", after), ("the source", before.astype(float)), ("the change", after - before)):
        print(f"| {name} | {seams(picture, 1, WIDTH):.3f} | {seams(picture, 0, HEIGHT):.3f} |")


def field(files):
    """Fields side by side, every second one mirrored so that no two borders are alike."""
    images = [tifffile.imread(file) for file in files]
    across, down = -(-SIDE // WIDTH), -(-SIDE // HEIGHT)
    rows = [np.concatenate([images[(r * across + c) % len(images)][:, :: -1 if (r + c) % 2 else 1] for c in range(across)], 1) for r in range(down)]
    return np.concatenate(rows, 0)[:SIDE, :SIDE]


def seams(picture, axis, field_side):
    """Mean difference across borders of tiles through that elsewhere."""
    steps = np.abs(np.diff(picture, axis=axis)).mean(1 - axis)
    across, elsewhere = [], []
    for latent in range(1, SIDE // LATENT - 1):
        pixel = latent * LATENT
        if min(pixel % field_side, -pixel % field_side) < BESIDE:
            continue
        at_border = latent % STRIDE == 0 or latent % STRIDE == TILE % STRIDE
        (across if at_border else elsewhere).append(steps[pixel - 1])
    return np.mean(across) / np.mean(elsewhere)


if __name__ == "__main__":
    main()
