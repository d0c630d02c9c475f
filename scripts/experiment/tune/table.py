"""One run's figures, and the table of all runs in a Markdown page."""
import json
from dataclasses import dataclass

STRENGTHS = (0.3, 0.4, 0.5, 0.6)
DISTANCE_GOAL, NAMED_GOAL = 0.6, 0.95
MARK = ("<!-- table: written by scripts/experiment/tune -->", "<!-- end of table -->")
HEAD = ("set, images, seed", "validation loss", "kernel distance x 1000 to test crops", "objects kept at " + ", ".join(map(str, STRENGTHS)),
        "other prompts named", "goals")


@dataclass(frozen=True)
class Row:
    """set_: folder of the set; losses: first and lowest; far: (distance, spread) before and after; kept: objects at each strength, before and after, of
    `seen`, which the source itself shows, of `labelled`; named: (right, all) before and after, None where it was not measured."""
    set_: str
    title: str
    count: int
    seed: int
    steps: int
    pictures: int
    losses: list
    far: list
    kept: list
    seen: int
    labelled: int
    named: list | None

    def goals(self):
        """Whether the distance, the objects at 0.5 and the other prompts are as they should be; None for what was not measured."""
        before, after = (kept[STRENGTHS.index(0.5)] for kept in self.kept)
        named = None
        if self.named:
            shares = [right / of for right, of in self.named]
            named = shares[1] >= NAMED_GOAL * shares[0]
        return self.far[1][0] <= DISTANCE_GOAL * self.far[0][0], after >= before + (self.seen - before) / 2, named

    def text(self):
        kept = ", ".join(f"{a} → {b}" for a, b in zip(*self.kept))
        named = " → ".join(f"{right / of:.0%}" for right, of in self.named) if self.named else "-"
        goals = ", ".join({True: "reached", False: "missed", None: "-"}[goal] for goal in self.goals())
        return (f"| {self.title}, {self.count}, {self.seed} | {self.losses[0]:.3f} → {self.losses[1]:.3f} | "
                f"{self.far[0][0]:.0f} ± {self.far[0][1]:.0f} → {self.far[1][0]:.0f} ± {self.far[1][1]:.0f} ({self.far[1][0] / self.far[0][0]:.2f}) | "
                f"{kept} of {self.seen} ({self.labelled} labelled) | {named} | {goals} |")


def report(page, rows, order):
    """Replaces the table of a Markdown page by one of all rows in a folder; sets come in the given order."""
    found = [Row(**json.loads(path.read_text(encoding="utf-8"))) for path in rows.glob("*.json")]
    found.sort(key=lambda row: (order.index(row.set_), row.count, row.seed, row.steps))
    text = page.read_text(encoding="utf-8")
    start, rest = text.split(MARK[0], 1)
    lines = [f"| {' | '.join(HEAD)} |", "|" + " --- |" * len(HEAD), *(row.text() for row in found), "", _summary(found)]
    page.write_text(f"{start}{MARK[0]}\n" + "\n".join(lines) + f"\n{MARK[1]}{rest.split(MARK[1], 1)[1]}", encoding="utf-8")


def _summary(rows):
    reached = [f"{sum(bool(row.goals()[goal]) for row in rows)} of {sum(row.goals()[goal] is not None for row in rows)}" for goal in range(3)]
    steps = "/".join(str(step) for step in sorted({row.steps for row in rows}))
    runs = "1 run" if len(rows) == 1 else f"{len(rows)} runs"
    return (f"{runs} of {steps} steps; {rows[0].pictures} drawn pictures each; ± is the spread when crops and pictures are drawn again from\nthemselves. "
            f"Goals: distance at most {DISTANCE_GOAL} of before, reached in {reached[0]}; objects kept at 0.5 at least halfway from before\n"
            f"to all, reached in {reached[1]}; other prompts named at least {NAMED_GOAL} times as often, reached in {reached[2]}.")
