"""One row of the table, and how it is written."""
from dataclasses import dataclass, replace

import numpy as np

HEADINGS = ("measure", "images", "MicroDiff", "the model before", "held-out renders, or real images", "the same through the autoencoder", "goal",
            "reached")


@dataclass(frozen=True)
class Row:
    """All but `images` (how many were measured), `reached` (None: no goal), `value` and `error` are texts for the table's cells.

    value: the model's number, the more the better; error: its standard error over the row's pictures; None where a row is no such number.
    """
    what: str
    images: int
    model: str
    renders: str = "-"
    smooth: str = "-"
    goal: str = "-"
    reached: bool | None = None
    before: str = "-"
    value: float | None = None
    error: float | None = None

    def beside(self, other):
        """This row with what another model gives for the same."""
        if other.what != self.what:
            raise ValueError(f"rows of different measures: {self.what!r} and {other.what!r}")
        return replace(self, before=other.model)

    def cells(self):
        reached = {True: "yes", False: "**no**", None: "-"}[None if self.reached is None else bool(self.reached)]
        return self.what, str(self.images), self.model, self.before, self.renders, self.smooth, self.goal, reached


def share_error(right):
    """Standard error of a share, of bool [n]; with a hit and a miss added, since even all of a few pictures prove no certainty."""
    share = (np.sum(right) + 1) / (len(right) + 2)
    return float(np.sqrt(share * (1 - share) / len(right)))


def mean_error(values):
    """Standard error of the mean of those that are numbers."""
    values = np.asarray(values, float)
    values = values[np.isfinite(values)]
    return float(values.std(ddof=1) / np.sqrt(len(values)))


def table(rows):
    lines = [HEADINGS, ["---"] * len(HEADINGS), *(row.cells() for row in rows)]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)
