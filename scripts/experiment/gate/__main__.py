"""How often the gate is right, on real micrographs.

    python -m scripts.experiment.gate --real ../shared/real --work work

Two checks, and a table of each. In the first, damage is planted into the test images, so the truth is known. In the second, image to image draws them again
(scripts/experiment/drawn.py keeps the drawings under --work; they get the camera's noise, as in `augment`), and a U-Net that was trained on the train images
says which objects are right: those that it segments there with an IoU of 0.5 or more, of those that it segments with 0.7 or more in the source and in a
harmless copy of it (what it is not sure of in an untouched picture says nothing of an output); what it segments in the output alone has appeared. The gate
learns from the test images that the outputs come from, as it does for a user, and from neither check.

An output is right if of its judged objects at most 2 percent are wrong or new. "Passed: objects right": of all judged objects in outputs that the gate
passes, those that are right. "Right outputs rejected" and "right objects rejected": what the gate takes for wrong of what is right; "for judged objects": of
the outputs, those that the gate would reject if it saw only the objects that are judged. For the others nobody can say whether it is right. A run that was
stopped goes on with the drawings and networks that are there.
"""

import argparse
import json
import sys
from pathlib import Path

import numpy as np
import tifffile

from scripts.experiment import drawn
from scripts.experiment.drawn import labels_of
from scripts.experiment.gate import damage

SETS = list(drawn.PROMPTS)
KINDS = ["harmless", "erased", "moved", "merged", "faded", "added"]
WRONG_SHARE = 0.02
RIGHT_IOU = 0.5
SURE_IOU = 0.7


def main():
    options = arguments()
    rows = {"planted": [], "segmenter": []}
    with drawn.Exposer() as exposer:
        for name in options.sets:
            files = drawn.sources(name, options)
            for check in options.checks:
                found = planted(name, files, options) if check == "planted" else judged_by_segmenter(name, files, exposer, options)
                rows[check] += table(name, found, check, options)
    for check, all_rows in rows.items():
        if len(options.sets) > 1 and all_rows:
            print(f"\nAll sets, {check}:\n\n" + head() + "\n" + line("all", "all", all_rows), flush=True)


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    drawn.add_options(parser)
    parser.add_argument("--sets", nargs="+", default=SETS, choices=SETS, metavar="SET")
    parser.add_argument("--checks", nargs="+", default=["planted", "segmenter"], choices=["planted", "segmenter"])
    parser.add_argument("--kinds", nargs="+", default=KINDS, choices=KINDS, help="of planted damage")
    parser.add_argument("--strengths", nargs="+", type=float, default=[0.2, 0.3, 0.4])
    parser.add_argument("--details", type=Path, help="a folder for one JSON file a set and check, with every object")
    return parser.parse_args()


def read(file):
    """[channel, y, x] float."""
    planes = tifffile.imread(file).astype(float)
    if planes.ndim == 2:
        return planes[None]
    return planes if planes.shape[0] == 3 else planes.transpose(2, 0, 1)


def planted(name, files, options):
    """Rows of (kind, source, output, wrong objects, how many were added); all others are right."""
    rows = []
    for file in files:
        source, labels = tifffile.imread(file), tifffile.imread(labels_of(file)).astype(int)
        for kind in options.kinds:
            output = options.work / "planted" / name / options.split / f"{file.stem}-{options.height}x{options.width}-{kind}-{options.seed}.tif"
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


def judged_by_segmenter(name, files, exposer, options):
    import torch

    from scripts.experiment.gate import segmenter

    torch.set_num_threads(1)
    train = sorted((options.real / name / "train" / "images").glob("*.tif"))
    samples = [(read(f).astype(np.float32), tifffile.imread(labels_of(f)).astype(int)) for f in train]
    net = segmenter.trained(name, samples, options.work / "nets" / f"{name}.pt")
    rows, judged, count = [], 0, 0
    for place, file in enumerate(files):
        labels, source = tifffile.imread(labels_of(file)).astype(int), read(file)
        before = segmenter.segmented(net, source, source)
        copy, _ = damage.harmless(source, labels, np.random.default_rng(options.seed))
        twice = [overlaps(labels, before), overlaps(labels, segmenter.segmented(net, copy, source))]
        known = {n for n in twice[0] if min(found[n] for found in twice) >= SURE_IOU}
        judged, count = judged + len(known), count + len(np.unique(labels)) - 1
        for strength in options.strengths:
            kept = drawn.drawing(file, name, strength, options)
            if kept is None:
                continue
            plain, noisy, camera = exposer.finished(file, *kept, place)
            output = plain if camera == "none" else noisy
            after = segmenter.segmented(net, read(output), source)
            right = overlaps(labels, after)
            rows.append({"kind": strength, "source": file, "output": output, "wrong": [n for n in known if right[n] < RIGHT_IOU],
                         "new": appeared(labels, before, after), "known": sorted(known)})
    print(f"{name}: in the sources the U-Net is sure of {judged} of {count} labelled objects", flush=True)
    return rows


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
    sizes = np.bincount(labels.ravel())[1:]
    smallest = np.quantile(sizes, 0.05) / 2 if len(sizes) else 0
    count = 0
    for number, size in enumerate(np.bincount(after.ravel())):
        if number and size >= max(smallest, 8):
            count += (((labels != 0) | (before != 0))[after == number]).mean() < 0.2
    return int(count)


def asked(rows):
    """Adds what the gate says to every row, and gives its thresholds."""
    sources = sorted({row["source"] for row in rows})
    lines = [f"learn\t{f}\t{labels_of(f)}" for f in sources]
    lines += [f"judge\t{row['source']}\t{labels_of(row['source'])}\t{row['output']}" for row in rows]
    with drawn.java(Path(__file__).with_name("Judge.java")) as process:
        answer = process.communicate("\n".join(lines) + "\n")[0].splitlines()
    if process.returncode:
        raise RuntimeError("Judge.java failed")
    for row, said in zip(rows, answer[1:], strict=True):
        verdict, new, objects = said.split("\t") if said.count("\t") == 2 else (*said.split("\t"), "")
        row["passed"], row["gate_new"] = verdict == "passed", int(new)
        row["objects"] = [object_of(o.split(":")) for o in objects.split()]
    return answer[0]


def object_of(fields):
    return {"id": int(fields[0]), "told": fields[1] == "1", "lost": float(fields[2]) > 0, "weight": float(fields[2]), "iou": float(fields[3]), "contrast": float(fields[4]),
            "parted": float(fields[5])}


def table(name, rows, check, options):
    if not rows:
        return []
    print(f"\n{name}, {check}: thresholds {asked(rows)}\n\n" + head(), flush=True)
    kinds = sorted({row["kind"] for row in rows}, key=lambda kind: KINDS.index(kind) if kind in KINDS else kind)
    for kind in kinds:
        print(line(name, kind, [row for row in rows if row["kind"] == kind]))
    print(line(name, "all", rows), flush=True)
    if options.details:
        options.details.mkdir(parents=True, exist_ok=True)
        (options.details / f"{name}-{check}.json").write_text(json.dumps(rows, default=str))
    return rows


def head():
    heads = ["set", "what", "outputs", "right", "passed", "passed: objects right", "right outputs rejected", "for judged objects", "right objects rejected",
             "wrong objects found", "new found"]
    return "| " + " | ".join(heads) + " |\n" + "| --- " * len(heads) + "|"


def line(name, kind, rows):
    passed_right = passed_all = right_rejected = right_objects = wrong_found = wrong_all = new = new_found = right_outputs = outputs_rejected = judged = 0
    for row in rows:
        known = [o for o in row["objects"] if row["known"] is None or o["id"] in row["known"]]
        wrong = set(row["wrong"])
        is_right = len(wrong) + row["new"] <= WRONG_SHARE * len(known)
        right_outputs += is_right
        outputs_rejected += is_right and not row["passed"]
        judged += is_right and not row["passed"] and sum(o["weight"] for o in known) + min(row["new"], row["gate_new"]) > WRONG_SHARE * len(known)
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
            f"{share(judged, right_outputs)} | {share(right_rejected, right_objects)} | {share(wrong_found, wrong_all)} | {share(new_found, new)} |")


def share(part, whole):
    return f"{part} of {whole} ({part / whole:.1%})" if whole else "-"


if __name__ == "__main__":
    sys.exit(main())
