"""The table of the tuning's experiment: goals, order, and that only what lies between the marks is replaced."""
import dataclasses
import json

from .table import MARK, Row, report

ROW = Row("em", "leaves", 8, 0, 500, 48, [0.5, 0.25], [[1000, 50], [590, 40]], [[10, 8, 4, 2], [10, 9, 7, 3]], 10, 12, [[90, 100], [85, 100]])


def test_goals():
    assert ROW.goals() == (True, True, False)
    assert dataclasses.replace(ROW, far=[[1000, 50], [610, 40]], kept=[[10, 8, 4, 2], [10, 9, 6, 3]], named=[[90, 100], [86, 100]]).goals() == (
        False, False, True)
    assert dataclasses.replace(ROW, named=None).goals()[2] is None


def test_report(tmp_path):
    rows = tmp_path / "rows"
    rows.mkdir()
    for count in (16, 8):
        (rows / f"a{count}.json").write_text(json.dumps(dataclasses.asdict(dataclasses.replace(ROW, count=count))))
    (rows / "b.json").write_text(json.dumps(dataclasses.asdict(dataclasses.replace(ROW, set_="cells", title="cells"))))
    page = tmp_path / "page.md"
    page.write_text(f"before\n{MARK[0]}\nold\n{MARK[1]}\nafter\n")
    report(page, rows, ["em", "cells"])
    text = page.read_text()
    assert text.startswith(f"before\n{MARK[0]}\n| set") and text.endswith(f"{MARK[1]}\nafter\n") and "old" not in text
    lines = [line for line in text.splitlines() if line.startswith("| ")][1:]
    assert [line.split(" | ")[0] for line in lines[-3:]] == ["| leaves, 8, 0", "| leaves, 16, 0", "| cells, 8, 0"]
    assert "4 → 7" in lines[-1] and "reached, reached, missed" in lines[-1] and "(0.59)" in lines[-1]
    assert "3 runs of 500 steps" in text and "reached in 3 of 3" in text
