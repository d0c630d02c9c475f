"""Whether an augmentation whose disk fills up in the middle loses nothing: on a real file system of a few megabytes, with a ballast that leaves less or more.

    python -m scripts.experiment.full_disk --work work

Linux alone: mounts a tmpfs of 20 MB, as root or, for everybody else, in a user namespace of its own (`unshare`). Makes small sources and a whole run with the
smallest test model on the ordinary disk. Then the same command fills the small disk until it is full, at random moments; after each the files that are there
must be those of the whole run, byte for byte, and no unfinished file may be left. At last the ballast goes, and the command must end as if nothing had been.
"""

import argparse
import hashlib
import os
import random
import subprocess
import sys
from pathlib import Path

import numpy as np
import tifffile

ROOT = Path(__file__).resolve().parents[2]
MODEL = ROOT / "src" / "test" / "resources" / "net" / "diffusionj" / "models" / "sd1"
SIZE = 20 << 20
SIDE = 96
SOURCES = 6
VARIANTS = 8


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--work", type=Path, required=True, help="folder for the images; gets a mounted folder inside")
    parser.add_argument("--moments", type=int, default=10, help="how often the disk is full; default 10")
    options = parser.parse_args()
    if os.geteuid() != 0:
        os.execvp("unshare", ["unshare", "--user", "--map-root-user", "--mount", sys.executable, "-m", "scripts.experiment.full_disk", *sys.argv[1:]])
    work = options.work.resolve()
    sources(work / "images")
    # As deep as the folder on the small disk: a manifest names sources by their place beside it.
    whole = work / "whole" / "out"
    assert augment(work, whole).returncode == 0
    disk = work / "disk"
    disk.mkdir(exist_ok=True)
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={SIZE}", "tmpfs", disk], check=True)
    try:
        fill(work, whole, disk, options.moments)
    finally:
        subprocess.run(["umount", disk], check=True)


def fill(work, whole, disk, moments):
    right, output, ballast = hashes(whole), disk / "out", disk / "ballast"
    needed = sum(file.stat().st_size for file in whole.rglob("*") if file.is_file())
    made = {}
    chance = random.Random(1)
    for room in sorted(chance.randrange(20_000, needed) for _ in range(moments)):
        taken = sum(file.stat().st_size for file in output.rglob("*") if file.is_file()) if output.exists() else 0
        ballast.write_bytes(bytes(max(0, SIZE - max(room, taken + 20_000))))
        run = augment(work, output)
        assert run.returncode != 0, f"there was room for {room} bytes of {needed}, and the run ended well"
        assert "space" in run.stderr, run.stderr
        check(output, right, made)
        print(f"room for {room} of {needed} bytes: {len(made)} outputs are there; {run.stderr.strip().splitlines()[-1]}", flush=True)
        ballast.unlink()
    run = augment(work, output)
    assert run.returncode == 0, run.stderr
    check(output, right, made)
    there = hashes(output)
    other = sorted(name for name in there.keys() | right.keys() if there.get(name) != right.get(name))
    assert not other, f"not as in the run that nothing has stopped: {', '.join(other)}"
    print(f"with room again: {len(made)} outputs, and every file is that of a run that nothing has stopped")


def check(output, right, made):
    there = hashes(output)
    for name, value in there.items():
        assert ".part" not in name, f"{name} is left"
        if name.endswith(".tif"):
            assert right[name] == value, f"{name} is not whole"
    for name, time in made.items():
        assert (output / name).stat().st_mtime_ns == time, f"{name} was made twice"
    text = (output / "manifest.csv").read_text(encoding="utf-8") if (output / "manifest.csv").exists() else ""
    # A row that was cut off says nothing; its output is made again.
    names = [row.split(",")[0] for row in text[:text.rfind("\n") + 1].splitlines()[1:]]
    assert len(names) == len(set(names)), "a row is there twice"
    made.update({name: (output / name).stat().st_mtime_ns for name in names if (output / name).exists()})


def hashes(folder):
    return {str(file.relative_to(folder)): hashlib.sha256(file.read_bytes()).hexdigest() for file in sorted(folder.rglob("*"))
            if file.is_file() and not file.name.endswith(".lock")}


def sources(images):
    y, x = np.mgrid[:SIDE, :SIDE]
    images.mkdir(parents=True, exist_ok=True)
    for n in range(SOURCES):
        inside = np.hypot(x - 30 - n, y - 40) < 12
        noise = np.random.default_rng(n).normal(0, 3, inside.shape)
        tifffile.imwrite(images / f"s{n}.tif", np.clip(np.where(inside, 200, 30) + noise, 0, 255).astype(np.uint8))


def augment(work, output):
    # Without labels: the smallest model draws noise, which no gate would let through.
    return subprocess.run([ROOT / "scripts" / "diffusionj", "augment", "--input", work / "images", "--output", output, "--model", MODEL, "--variants",
                           str(VARIANTS), "--strength", "0.5", "--steps", "2", "--scale", "1", "--camera", "off", "--seed", "3"],
                          capture_output=True, text=True, check=False)


if __name__ == "__main__":
    main()
