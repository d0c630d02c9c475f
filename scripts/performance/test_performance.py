"""The writing of sections."""
import pytest

from scripts.performance.__main__ import OLD, ROOT, SECTIONS, heading, indented, replaced, without_old

PAGE = "a\n<!-- model: written by scripts/performance -->\nold\n<!-- end of model -->\nb\n"


def test_a_section_is_replaced_and_nothing_else():
    made = replaced(PAGE, "model", "new\nlines")
    assert made == PAGE.replace("old", "new\nlines")
    assert replaced(made, "model", "old") == PAGE
    with pytest.raises(SystemExit):
        replaced(PAGE, "soak", "new")


def test_output_is_a_block_without_paths_of_this_machine():
    assert indented(f"warm_ms   3\n\n{ROOT}/docs/images/steps.png\n") == "    warm_ms   3\n\n    docs/images/steps.png"


def test_the_page_has_every_section():
    page = (ROOT / "docs" / "performance.md").read_text(encoding="utf-8")
    for section in SECTIONS:
        assert replaced(page, section, "x") != page


def test_what_another_model_was_measured_by_goes():
    page = "".join(PAGE.replace("model", section).replace("old", heading(section, "MicroDiff abc, guidance 2.0") + "\n\n    x") for section in SECTIONS)
    assert without_old(page, "MicroDiff abc, guidance 2.0") == page
    for other in ("MicroDiff abd, guidance 2.0", "MicroDiff abc, guidance 2.5"):
        assert without_old(page, other).count(OLD) == len(SECTIONS) - 1
        assert without_old(page, other).count("    x") == 1
