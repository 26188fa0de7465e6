"""The population stability index, and cards that tell something or nothing."""

import json
import math
from pathlib import Path

import pytest

from assay.jobs.drift import LEAST, card_histograms, psi


def test_the_same_shares_have_not_drifted() -> None:
    assert psi([100] * 10, [20] * 10) == pytest.approx(0, abs=1e-3)


def test_it_is_the_sum_that_is_written_there() -> None:
    found = psi([700, 300], [3000, 7000])
    by_hand = (0.3 - 0.7) * math.log(0.3 / 0.7) + (0.7 - 0.3) * math.log(0.7 / 0.3)
    assert found == pytest.approx(by_hand, rel=1e-2)


def test_a_tenth_without_any_is_no_infinity() -> None:
    found = psi([1000] + [0] * 9, [0] * 9 + [1000])
    assert found is not None
    assert math.isfinite(found)
    assert found > 5


@pytest.mark.parametrize(("expected", "seen"), [(LEAST - 1, 1000), (1000, LEAST - 1), (0, 0)])
def test_of_few_media_it_says_nothing(expected: int, seen: int) -> None:
    assert psi([expected, 0], [seen, 0]) is None


@pytest.mark.parametrize(
    "content",
    [
        "",
        "[]",
        "null",
        "{",
        '{"heads": []}',
        '{"heads": {"a": null}}',
        '{"heads": {"a": {"histogram": [1, 2]}}}',
        '{"heads": {"a": {"histogram": [-1, 1, 1, 1, 1, 1, 1, 1, 1, 1]}}}',
        '{"heads": {"a": {"histogram": ["1", 1, 1, 1, 1, 1, 1, 1, 1, 1]}}}',
        '{"heads": {"a": {"histogram": 7}}}',
    ],
)
def test_a_card_that_makes_no_sense_tells_nothing(tmp_path: Path, content: str) -> None:
    assert card_histograms(tmp_path) == {}
    (tmp_path / "fusion").mkdir()
    (tmp_path / "fusion" / "metrics.json").write_text(content)
    assert card_histograms(tmp_path) == {}


def test_a_card_that_tells_it(tmp_path: Path) -> None:
    (tmp_path / "fusion").mkdir()
    heads = {"audio": {"histogram": list(range(10))}, "tiny": {"auc": 0.5}}
    (tmp_path / "fusion" / "metrics.json").write_text(json.dumps({"heads": heads}))
    assert card_histograms(tmp_path) == {"audio": list(range(10))}
