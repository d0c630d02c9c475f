"""One row of the table, and how it is written."""
from dataclasses import dataclass, replace

HEADINGS = ("measure", "images", "MicroDiff", "the model before", "held-out renders, or real images", "the same through the autoencoder", "goal",
            "reached")


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
    before: str = "-"

    def beside(self, other):
        """This row with what another model gives for the same."""
        if other.what != self.what:
            raise ValueError(f"rows of different measures: {self.what!r} and {other.what!r}")
        return replace(self, before=other.model)

    def cells(self):
        reached = {True: "yes", False: "**no**", None: "-"}[None if self.reached is None else bool(self.reached)]
        return self.what, str(self.images), self.model, self.before, self.renders, self.smooth, self.goal, reached


def table(rows):
    lines = [HEADINGS, ["---"] * len(HEADINGS), *(row.cells() for row in rows)]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)
