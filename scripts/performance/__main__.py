"""Runs the commands of docs/performance.md and writes what they print into its marked sections. Needs a machine that does nothing else.

    python -m scripts.performance [--only SECTION ...] [--peers PYTHON] [--python PYTHON]

Sections: model, callers, augment, quality, soak; with --python, a Python with scripts/requirements.txt, also int8 and large; with --peers, one with
scripts/peers/requirements.txt, also peers. Each begins with the day, the processor and, but for large, the bundled model by its content. Sections that were
made with another model are emptied; a test holds that none is older than the model.
"""
import argparse
import datetime
import os
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "performance.md"
PROGRAM = str(ROOT / "scripts" / "diffusionj")
FIXTURE = "src/test/resources/net/diffusionj/models/sd1"
LARGE = "target/large"
BENCH = [PROGRAM, "bench", "--steps", "20", "--repeat", "10", "--parts"]
#: Section: the command whose output it shows; PEERS and PYTHON stand for a Python.
SECTIONS = {
    "model": [*BENCH, "START,WARM,BATCH,BRANCH,OVERLAP"],
    "callers": [*BENCH, "CALLERS"],
    "augment": [*BENCH, "AUGMENT"],
    "quality": [PROGRAM, "bench", "--quality", "--repeat", "10", "--plot", "docs/images/steps.png"],
    "int8": ["PYTHON", "-m", "scripts.optimize.quantize", "--model", "models/MicroDiff", "--dry"],
    "soak": [PROGRAM, "bench", "--soak", "300", "--model", "MicroDiff", "--model", FIXTURE],
    "peers": ["PEERS", "-m", "scripts.peers.compare", "--model", "models/MicroDiff", "--steps", "20", "--rounds", "5"],
    "large": [PROGRAM, "bench", "--model", LARGE, "--steps", "20", "--width", "128", "--height", "128", "--repeat", "10", "--parts", "WARM"],
}


#: A model of its own is measured there.
WITHOUT_MODEL = {"large"}
#: What stands in a section until it is made anew.
OLD = "Not measured with the bundled model of today."


def replaced(page, section, text):
    """The page with another text between the section's marks."""
    before, begin, rest = page.partition(mark(section))
    _, end, after = rest.partition(end_mark(section))
    if not begin or not end:
        raise SystemExit(f"{PAGE} has no section {section}: it needs the lines\n{mark(section)}\n{end_mark(section)}")
    return f"{before}{begin}\n{text}\n{end}{after}"


def mark(section):
    return f"<!-- {section}: written by scripts/performance -->"


def end_mark(section):
    return f"<!-- end of {section} -->"


def indented(output):
    """As a block of Markdown; without paths of this machine."""
    lines = output.rstrip().replace(f"{ROOT}/", "").splitlines()
    return "\n".join(f"    {line}".rstrip() for line in lines if str(Path.home()) not in line)


def about():
    """What made the measurements' model: its content and its guidance, in words."""
    told = output([PROGRAM, "info", "--model", "models/MicroDiff"])
    content, guidance = (re.search(rf"^{key}\s+(\S+)", told, re.MULTILINE).group(1).rstrip(",") for key in ("Content", "Guidance"))
    return f"MicroDiff {content}, guidance {guidance}"


def heading(section, model):
    """Day, machine and model."""
    names = [line.split(":")[1].strip() for line in Path("/proc/cpuinfo").read_text().splitlines() if line.startswith("model name")]
    made = f"Made on {datetime.datetime.now(datetime.UTC).date()} on {os.cpu_count()} processors ({names[0] if names else 'unknown CPU'})"
    return f"{made}." if section in WITHOUT_MODEL else f"{made} with {model}."


def without_old(page, model):
    """The page without what another model was measured by."""
    for section in SECTIONS:
        begin = page.index(mark(section))
        if section not in WITHOUT_MODEL and f" with {model}." not in page[begin:page.index(end_mark(section), begin)]:
            page = replaced(page, section, OLD)
    return page


def output(command):
    done = subprocess.run(list(map(str, command)), cwd=ROOT, stdout=subprocess.PIPE, text=True)
    if done.returncode:
        raise SystemExit(f"performance: {' '.join(map(str, command))} ended with code {done.returncode}")
    return done.stdout


def main():
    parser = argparse.ArgumentParser(prog="python -m scripts.performance", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", nargs="+", choices=SECTIONS, help="these sections")
    parser.add_argument("--peers", help="a Python with scripts/peers/requirements.txt")
    parser.add_argument("--python", help="one with scripts/requirements.txt")
    options = parser.parse_args()
    pythons = {"peers": options.peers, "large": options.python, "int8": options.python}
    wanted = options.only or [name for name in SECTIONS if pythons.get(name, "none needed")]
    for name in wanted:
        if name in pythons and not pythons[name]:
            raise SystemExit(f"performance: section {name} needs --{'peers' if name == 'peers' else 'python'} PYTHON")
    model = about()
    PAGE.write_text(without_old(PAGE.read_text(encoding="utf-8"), model), encoding="utf-8")
    for name in wanted:
        if name == "large" and not (ROOT / LARGE).exists():
            output([options.python, "-m", "scripts.fixtures.large_unet", "--output", LARGE, "--external-data"])
        print(f"performance: {name} ...", file=sys.stderr)
        head = heading(name, model)
        text = f"{head}\n\n{indented(output([{'PEERS': options.peers, 'PYTHON': options.python}.get(part, part) for part in SECTIONS[name]]))}"
        # Read anew: a person may have written in it meanwhile.
        PAGE.write_text(replaced(PAGE.read_text(encoding="utf-8"), name, text), encoding="utf-8")


if __name__ == "__main__":
    main()
