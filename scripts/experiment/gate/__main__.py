"""How often the gate is right, on real micrographs.

    python -m scripts.experiment.gate --real ../shared/real --work work

Two checks, and a table of each. In the first, damage is planted into the test images, so the truth is known. In the second, image to image makes outputs
of the test images (`scripts.experiment.objects_kept` keeps them under --work), and a U-Net that was trained on the train images says which objects are
right: those that it segments there with an IoU of 0.5 or more, of those that it segments with 0.7 or more in the source and in a harmless copy of it (what
it is not sure of in an untouched picture says nothing of an output); what it segments in the output alone has appeared. The gate learns from the test images that the outputs come from, as
it does for a user, and from neither check.

An output is right if of its judged objects at most 2 percent are wrong or new. "Passed: objects right": of all judged objects in outputs that the gate
passes, those that are right. "Right outputs rejected" and "right objects rejected": what the gate takes for wrong of what is right.
"""

import argparse
import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import tifffile
from scripts.experiment import objects_kept
from scripts.experiment.gate import damage

ROOT = Path(__file__).resolve().parents[3]
SETS = ["bbbc039_u2os_nuclei", "bbbc038_fluo_nuclei", "bbbc038_histology_nuclei", "yeast_phase_yeastvision"]
KINDS = ["harmless", "erased", "moved", "merged", "added"]
WRONG_SHARE = 0.02
RIGHT_IOU = 0.5
SURE_IOU = 0.7


def main():
    options = arguments()
    for name in options.sets:
        files = sorted((options.real / name / options.split / "images").glob("*.tif"))[: options.images]
        if "planted" in options.checks:
            table(name, planted(name, files, options), "planted", options)
        if "segmenter" in options.checks:
            table(name, judged_by_segmenter(name, files, options), "segmenter", options)


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--real", type=Path, required=True, help="folder of the sets")
    parser.add_argument("--work", type=Path, required=True, help="folder for outputs, networks and planted damage")
    parser.add_argument("--sets", nargs="+", default=SETS, choices=SETS, metavar="SET")
    parser.add_argument("--checks", nargs="+", default=["planted", "segmenter"], choices=["planted", "segmenter"])
    parser.add_argument("--kinds", nargs="+", default=KINDS, choices=KINDS, help="of planted damage")
    parser.add_argument("--split", default="test", choices=["train", "test"], help="train: for work on the gate itself")
    parser.add_argument("--strengths", nargs="+", default=["0.2", "0.3", "0.4", "0.5", "0.6"])
    parser.add_argument("--images", type=int, help="of every set, so many at most; all by default")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--options", default="", help="further options of img2img")
    parser.add_argument("--made-only", action="store_true", help="outputs that are not under --work are not made but left out")
    parser.add_argument("--classpath", default=None, help="of the built program; by default what scripts/diffusionj runs")
    parser.add_argument("--details", type=Path, help="a folder for one JSON file a set and check, with every object")
    return parser.parse_args()


def read(file):
    """[channel, y, x] float."""
    planes = tifffile.imread(file).astype(float)
    if planes.ndim == 2:
        return planes[None]
    return planes if planes.shape[0] == 3 else planes.transpose(2, 0, 1)


def labels_of(file):
    return file.parent.parent / "labels" / file.name


def planted(name, files, options):
    """Rows of (kind, source, output, wrong objects, how many were added); all others are right."""
    rows = []
    for file in files:
        source, labels = tifffile.imread(file), tifffile.imread(labels_of(file)).astype(int)
        for kind in options.kinds:
            output = options.work / "planted" / name / f"{file.stem}-{kind}-{options.seed}.tif"
            if not output.exists():
                planes, wrong = getattr(damage, kind)(read(file), labels, np.random.default_rng([options.seed, KINDS.index(kind)]))
                limits = np.iinfo(source.dtype)
                stored = np.clip(np.rint(planes), limits.min, limits.max).astype(source.dtype)
                output.parent.mkdir(parents=True, exist_ok=True)
                output.with_suffix(".json").write_text(json.dumps(wrong, default=int))
                tifffile.imwrite(output, stored[0] if source.ndim == 2 else stored.transpose(1, 2, 0))
            wrong = json.loads(output.with_suffix(".json").read_text())
            if kind == "added":
                rows.append({"kind": kind, "source": file, "output": output, "wrong": [], "new": wrong, "known": None})
            else:
                rows.append({"kind": kind, "source": file, "output": output, "wrong": wrong, "new": 0, "known": None})
    return rows


def judged_by_segmenter(name, files, options):
    import torch
    from scripts.experiment.gate import segmenter

    torch.set_num_threads(1)
    train = sorted((options.real / name / "train" / "images").glob("*.tif"))
    net = segmenter.trained(name, [(read(f).astype(np.float32), tifffile.imread(labels_of(f)).astype(int)) for f in train], options.work / "nets" / f"{name}.pt")
    rows, judged, count = [], 0, 0
    for file in files:
        labels, source = tifffile.imread(labels_of(file)).astype(int), read(file)
        before = segmenter.segmented(net, source, source)
        copy, _ = damage.harmless(source, labels, np.random.default_rng(options.seed))
        twice = [overlaps(labels, before), overlaps(labels, segmenter.segmented(net, copy, source))]
        known = {n for n in twice[0] if min(found[n] for found in twice) >= SURE_IOU}
        judged, count = judged + len(known), count + len(np.unique(labels)) - 1
        for strength in options.strengths:
            output = made(file, name, strength, options)
            if output is None:
                continue
            after = segmenter.segmented(net, read(output), source)
            right = overlaps(labels, after)
            rows.append({"kind": strength, "source": file, "output": output, "wrong": [n for n in known if right[n] < RIGHT_IOU],
                         "new": appeared(labels, before, after), "known": sorted(known)})
    print(f"{name}: in the sources the U-Net is sure of {judged} of {count} labelled objects", flush=True)
    return rows


def made(file, name, strength, options):
    if options.made_only:
        found = sorted((options.work / name).glob(f"{file.stem}-{strength}-*.tif"))
        return found[0] if found else None
    return objects_kept.made(file, name, float(strength), options)


def overlaps(labels, segments):
    """Of every labelled object, the largest IoU with a segment."""
    best = {}
    sizes = np.bincount(segments.ravel())
    for number in np.unique(labels)[1:]:
        inside = labels == number
        common = np.bincount(segments[inside], minlength=len(sizes))
        common[0] = 0
        best[int(number)] = float((common / (inside.sum() + sizes - common)).max())
    return best


def appeared(labels, before, after):
    """Segments of a typical size that lie on neither labels nor segments of the source."""
    smallest = np.quantile(np.bincount(labels.ravel())[1:], 0.05) / 2
    count = 0
    for number, size in enumerate(np.bincount(after.ravel())):
        if number and size >= max(smallest, 8):
            count += (((labels != 0) | (before != 0))[after == number]).mean() < 0.2
    return int(count)


def asked(rows, options):
    """Adds what the gate says to every row."""
    classpath = options.classpath or (ROOT / "target/launch/classpath").read_text()
    sources = sorted({row["source"] for row in rows})
    lines = [f"learn\t{f}\t{labels_of(f)}" for f in sources]
    lines += [f"judge\t{row['source']}\t{labels_of(row['source'])}\t{row['output']}" for row in rows]
    answer = subprocess.run(["java", "-Xmx3g", "-cp", classpath, str(Path(__file__).with_name("Judge.java"))], input="\n".join(lines) + "\n",
                            stdout=subprocess.PIPE, text=True, check=True).stdout.splitlines()
    for row, line in zip(rows, answer[1:], strict=True):
        verdict, new, objects = line.split("\t") if line.count("\t") == 2 else (*line.split("\t"), "")
        row["passed"], row["gate_new"] = verdict == "passed", int(new)
        fields = [o.split(":") for o in objects.split()]
        row["objects"] = [{"id": int(f[0]), "told": f[1] == "1", "lost": f[2] == "1", "iou": float(f[3]), "contrast": float(f[4]), "joined": f[5] == "1"}
                          for f in fields]
    return answer[0]


def table(name, rows, check, options):
    if not rows:
        return
    print(f"\n{name}, {check}: thresholds {asked(rows, options)}\n", flush=True)
    print("| set | what | outputs | right | passed | passed: objects right | right outputs rejected | right objects rejected | wrong objects found | new found |")
    print("| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |")
    kinds = sorted({row["kind"] for row in rows}, key=lambda kind: KINDS.index(kind) if kind in KINDS else kind)
    for kind in kinds:
        print(line(name, kind, [row for row in rows if row["kind"] == kind]))
    print(line(name, "all", rows), flush=True)
    if options.details:
        options.details.mkdir(parents=True, exist_ok=True)
        (options.details / f"{name}-{check}.json").write_text(json.dumps(rows, default=str))


def line(name, kind, rows):
    passed_right = passed_all = right_rejected = right_objects = wrong_found = wrong_all = new = new_found = right_outputs = outputs_rejected = 0
    for row in rows:
        known = [o for o in row["objects"] if row["known"] is None or o["id"] in row["known"]]
        wrong = set(row["wrong"])
        is_right = len(wrong) + row["new"] <= WRONG_SHARE * len(known)
        right_outputs += is_right
        outputs_rejected += is_right and not row["passed"]
        if row["passed"]:
            passed_all += len(known) + row["new"]
            passed_right += len(known) - len(wrong)
        right_objects += len(known) - len(wrong)
        right_rejected += sum(o["lost"] for o in known if o["id"] not in wrong)
        wrong_all += len(wrong)
        wrong_found += sum(o["lost"] for o in known if o["id"] in wrong)
        new += row["new"]
        new_found += min(row["new"], row["gate_new"])
    passed = sum(row["passed"] for row in rows)
    return (f"| {name} | {kind} | {len(rows)} | {right_outputs} | {passed} | {share(passed_right, passed_all)} | {share(outputs_rejected, right_outputs)} | "
            f"{share(right_rejected, right_objects)} | {share(wrong_found, wrong_all)} | {share(new_found, new)} |")


def share(part, whole):
    return f"{part} of {whole} ({part / whole:.1%})" if whole else "-"


if __name__ == "__main__":
    sys.exit(main())
