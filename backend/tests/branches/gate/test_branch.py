"""The gate: which crops it judges, what it makes of their patches, and when it lets pass."""

from collections.abc import Callable
from typing import Any, cast

import numpy as np
import pytest
from scipy.special import expit

from assay.branches.gate import BRANCH
from assay.branches.gate.branch import Gate, GateFinding, exit_statistic, pooled
from assay.errors import AssayError
from assay.evidence import BranchState
from assay.media.material import Material
from assay.models.sessions import ModelStore
from assay.types import Floats
from tests.branches.faces import crop, people

SIDE = 10
"""Rows and columns of patches of the scripted network."""


class Scripted:
    """A model store whose network gives every patch of a crop the logit that its shade stands for,
    and its first patches another one."""

    threads = 1

    def __init__(self, bright: int = 0, logit: float = 0.0) -> None:
        self._bright, self._logit = bright, logit
        self.fed: list[tuple[int, ...]] = []

    def parameters(self, name: str) -> dict[str, float]:
        assert name == "tiny_ladeda"
        return {"slope": 2.0, "bias": -0.5, "top": 0.5, "exit_below": 0.3}

    def session(self, name: str) -> "Scripted":
        assert name == "tiny_ladeda"
        return self

    def run(self, outputs: None, feed: dict[str, Any]) -> list[Floats]:
        picture = feed["picture"]
        self.fed.append(picture.shape)
        patches = np.full((1, SIDE, SIDE), picture[0, 0, 0, 0] / 100 - 1, np.float32)
        patches.reshape(-1)[: self._bright] = self._logit
        return [patches]


def examine(
    material: Material, store: Scripted | None = None, on_progress: Any = lambda percent: None
) -> Any:
    return Gate(cast(ModelStore, store or Scripted())).examine(material, {}, on_progress)


def score_of(logit: float) -> float:
    return float(expit(2.0 * logit - 0.5))


def test_every_untouched_crop_of_everybody_is_judged_once() -> None:
    store = Scripted()
    steps: list[float] = []
    crops = [crop(0.0, native=32), crop(0.25, native=None), crop(0.5, native=64)]
    other = crop(0.0, native=48)
    finding = examine(people(crops, [other]), store, steps.append)
    assert isinstance(finding, GateFinding)
    assert store.fed == [(1, 32, 32, 3), (1, 64, 64, 3), (1, 48, 48, 3)]
    assert finding.crops == [crops[0], crops[2], other]
    assert finding.features["tiny_num_files"] == 3
    assert finding.features["tiny_num_patches"] == 3 * SIDE * SIDE
    assert steps == [pytest.approx(100 / 3), pytest.approx(200 / 3), 100]


def test_scores_are_calibrated_and_summarised() -> None:
    finding = examine(people([crop(shade=shade) for shade in (50, 100, 150, 200)]))
    expected = [score_of(logit) for logit in (-0.5, 0.0, 0.5, 1.0)]
    assert finding.scores == pytest.approx(expected)
    assert finding.evidence.state is BranchState.DONE
    assert finding.evidence.score == pytest.approx(np.mean(expected))
    assert finding.evidence.models == BRANCH.models
    assert set(finding.features) == set(BRANCH.features)
    assert finding.features["tiny_prob_mean"] == pytest.approx(np.mean(expected))
    assert finding.features["tiny_prob_max"] == pytest.approx(max(expected))
    assert finding.features["tiny_prob_p90"] == pytest.approx(np.percentile(expected, 90))


def test_the_most_suspect_half_of_the_patches_speaks_for_a_crop() -> None:
    finding = examine(people([crop(shade=0)]), Scripted(bright=25, logit=3.0))
    assert finding.scores == pytest.approx([score_of((25 * 3.0 + 25 * -1.0) / 50)])


def test_the_most_suspect_crop_is_shown() -> None:
    finding = examine(people([crop(shade=0), crop(shade=250), crop(shade=90)]))
    rows = np.array(finding.evidence.preview.scores)
    assert rows.shape == (SIDE, SIDE)
    assert rows == pytest.approx(np.full((SIDE, SIDE), score_of(1.5)), abs=1e-3)


@pytest.mark.parametrize(
    ("shades", "bright", "clears"),
    [
        ((0, 0), 0, True),
        ((0, 0), 1, True),
        ((0, 0), 2, False),
        ((0, 129), 0, True),
        ((0, 131), 0, False),
        ((250,), 0, False),
    ],
)
def test_it_lets_pass_what_is_clean_in_every_crop(
    shades: tuple[int, ...], bright: int, clears: bool
) -> None:
    """Above the threshold of 0.3 may be one patch in a hundred of a crop."""
    crops = [crop(shade=shade) for shade in shades]
    finding = examine(people(crops), Scripted(bright=bright, logit=9.0))
    assert finding.clears is clears
    assert finding.evidence.detail["clean"] is clears


@pytest.mark.parametrize(
    ("shades", "words"),
    [
        ((250,), "The finest pixel structure of the faces scores 92 %."),
        ((0, 250), "over 2 pictures, 92 % at most."),
    ],
)
def test_the_sentence_gives_the_scores(shades: tuple[int, ...], words: str) -> None:
    crops = [crop(shade=shade) for shade in shades]
    assert examine(people(crops)).evidence.sentence.endswith(words)


@pytest.mark.parametrize("material", [people(), people([crop(native=None)])])
def test_without_an_untouched_crop_it_says_nothing_and_lets_nothing_pass(
    material: Material,
) -> None:
    store = Scripted()
    finding = examine(material, store)
    assert finding.evidence.state is BranchState.NOT_APPLICABLE
    assert (finding.evidence.score, finding.features, finding.clears) == (None, {}, False)
    assert store.fed == []


def test_a_cancelled_analysis_stops() -> None:
    store = Scripted()

    def cancel(percent: float) -> None:
        raise AssayError("cancelled", "The analysis was cancelled.")

    with pytest.raises(AssayError, match="cancelled"):
        examine(people([crop(), crop()]), store, cancel)
    assert len(store.fed) == 1


@pytest.mark.parametrize(
    ("top", "logit"), [(1.0, 1.5), (0.5, 2.5), (0.25, 3.0), (0.0, 3.0), (0.001, 3.0)]
)
def test_pooling_is_the_mean_of_the_highest(top: float, logit: float) -> None:
    assert pooled(np.array([[3, 0], [1, 2]], np.float32), top) == logit


@pytest.mark.parametrize("make", [np.ones, np.zeros])
def test_equal_patches_are_their_own_statistic(make: Callable[[int], Floats]) -> None:
    assert exit_statistic(make(7)) == make(1)[0]
