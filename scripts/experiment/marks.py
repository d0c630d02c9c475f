"""Whether exiftool reads the mark of generated images as DiffusionJ writes it.

    python -m scripts.experiment.marks --work work

Makes images with `scripts/diffusionj` and the smallest test model, from text and from an image, as PNG and TIFF, and again to see that equal
images make equal files. Reads them with exiftool (Debian: libimage-exiftool-perl) and with tifffile, and ends with an error where something is
missing.
"""

import argparse
import hashlib
import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import tifffile

ROOT = Path(__file__).resolve().parents[2]
MODEL = ROOT / "src" / "test" / "resources" / "net" / "diffusionj" / "models" / "sd1"
IRI = "http://cv.iptc.org/newscodes/digitalsourcetype/"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--work", type=Path, required=True, help="folder for the images")
    work = parser.parse_args().work
    work.mkdir(parents=True, exist_ok=True)
    source = work / "source.tif"
    pixels = (np.add.outer(np.arange(96), np.arange(80)) * 37 % 4000).astype(np.uint16)
    tifffile.imwrite(source, pixels)
    for ending in ("png", "tif"):
        check(work / f"text.{ending}", ["txt2img"], "trainedAlgorithmicMedia", None)
        check(work / f"image.{ending}", ["img2img", "--input", str(source), "--strength", "0.9"], "compositeWithTrainedAlgorithmicMedia",
              hashlib.sha256(pixels.tobytes()).hexdigest())
    assert "XMP-iptcExt:DigitalSourceType" not in read(source), "a source without a mark has one"
    print("exiftool reads every mark; equal images make equal files")


def check(file, command, kind, source):
    make(command, file)
    first = file.read_bytes()
    make(command, file)
    assert first == file.read_bytes(), f"{file}: the same command made other bytes"
    tags = read(file)
    wanted = {"XMP-iptcExt:DigitalSourceType": IRI + kind, "XMP-diffusionj:Model": "sd1", "XMP-diffusionj:Seed": 7}
    if source:
        wanted["XMP-diffusionj:SourcePixelsSHA256"] = source
    for name, value in wanted.items():
        assert tags.get(name) == value, f"{file}: {name} is {tags.get(name)}, not {value}"
    assert tags["XMP-xmp:CreatorTool"].startswith("DiffusionJ "), tags
    assert "prompt: a <cell> & \"more\"" in tags["XMP-diffusionj:Settings"], tags
    dates = [name for name in tags if name.startswith("XMP") and "Date" in name]
    assert not dates, f"{file} has dates: {dates}"
    if file.suffix == ".tif":
        with tifffile.TiffFile(file) as tiff:
            assert IRI + kind in tiff.pages[0].tags[700].value.decode(), f"{file}: tifffile does not find tag 700"
    print(f"{file.name}: {tags['XMP-iptcExt:DigitalSourceType']}, {tags['XMP-xmp:CreatorTool']}, source {tags.get('XMP-diffusionj:SourcePixelsSHA256')}")


def make(command, file):
    subprocess.run([str(ROOT / "scripts" / "diffusionj"), *command, "--model", str(MODEL), "--prompt", 'a <cell> & "more"', "--seed", "7", "--steps", "2",
                    "--output", str(file)], check=True, stdout=subprocess.DEVNULL)


def read(file):
    """Tags with their groups, values as they are stored."""
    answer = subprocess.run(["exiftool", "-json", "-n", "-G1", str(file)], check=True, capture_output=True, text=True).stdout
    return json.loads(answer)[0]


if __name__ == "__main__":
    sys.exit(main())
