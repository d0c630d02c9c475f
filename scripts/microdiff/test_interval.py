"""The search for the smallest interval with guidance, and the errors by which rows are compared."""
import numpy as np
import pytest

from scripts.microdiff.evaluate.interval import kept, lost, smallest
from scripts.microdiff.evaluate.row import Row, mean_error, share_error


@pytest.mark.parametrize("begin, end", [(0, 10), (0, 6), (2, 7), (4, 5), (0, 1)])
def test_the_smallest_interval_is_found(begin, end):
    asked = []

    def keeps(one, other):
        asked.append((one, other))
        return one <= begin and other >= end

    assert smallest(keeps) == (begin, end)
    assert len(asked) == len(set(asked)) <= 8


def test_a_row_is_lost_where_it_falls_by_more_than_two_errors():
    before = [Row("a", 10, "", value=0.9, error=0.02), Row("b", 10, "", value=2.5, error=0.1)]
    assert lost([Row("a", 10, "", value=0.861, error=0.5), Row("b", 10, "", value=9.0, error=0.1)], before) == []
    assert lost([Row("a", 10, "", value=0.859, error=0.5), Row("b", 10, "", value=2.5, error=0.1)], before) == ["a: 0.859 of 0.900 ± 0.020"]
    with pytest.raises(ValueError):
        lost([Row("b", 10, "", value=1.0, error=0.1), Row("a", 10, "", value=1.0, error=0.1)], before)


def test_an_interval_is_given_up_at_the_first_lost_row():
    before = [[Row(name, 10, "", value=0.9, error=0.02)] for name in "abc"]
    asked = []

    def parts(*values):
        for name, value in zip("abc", values, strict=True):
            asked.append(name)
            yield [Row(name, 10, "", value=value, error=0.02)]

    assert not kept(parts(0.9, 0.8, 0.9), before)
    assert asked == ["a", "b"]
    assert kept(parts(0.9, 0.9, 0.9), before)


def test_errors_are_those_of_many_samples():
    rng = np.random.default_rng(3)
    shares = [(rng.random(100) < 0.8).mean() for _ in range(4000)]
    assert share_error(np.arange(100) < 80) == pytest.approx(np.std(shares), rel=0.05)
    assert share_error(np.ones(50, bool)) > 0
    means = [rng.normal(3, 2, 100).mean() for _ in range(4000)]
    assert mean_error(np.append(rng.normal(3, 2, 100), np.nan)) == pytest.approx(np.std(means), rel=0.2)
