"""One row of the table, and how it is written."""
from dataclasses import dataclass

HEADINGS = ("measure", "images", "MicroDiff", "held-out renders", "the same through the autoencoder", "goal", "reached")


@dataclass(frozen=True)
class Row:
    """All but `images` (how many were measured) and `reached` (None: no goal) are texts for the table's cells."""
    what: str
    images: int
    model: str
    renders: str = "-"
    smooth: str = "-"
    goal: str = "-"
    reached: bool | None = None

    def cells(self):
        reached = {True: "yes", False: "**no**", None: "-"}[None if self.reached is None else bool(self.reached)]
        return self.what, str(self.images), self.model, self.renders, self.smooth, self.goal, reached


def table(rows):
    lines = [HEADINGS, ["---"] * len(HEADINGS), *(row.cells() for row in rows)]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)
