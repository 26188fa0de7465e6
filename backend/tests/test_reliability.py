"""How often verdicts were right: told where it was measured, and nowhere else."""

from typing import cast

import pytest
from pydantic import ValidationError

from assay.evidence import Reliability, Verdict
from assay.models.sessions import ModelStore
from assay.reliability import measured
from tests.fused import fused

NUMBERS = {"tiny+visual": {"Deepfake": {"right": 0.97, "of": 412, "sources": 23}}}


class Store:
    def __init__(self, **parameters: object) -> None:
        self._parameters = parameters

    def parameters(self, name: str) -> dict[str, object]:
        assert name == "fusion"
        return self._parameters


def store(**parameters: object) -> ModelStore:
    return cast(ModelStore, Store(**parameters))


def test_it_is_that_of_the_verdict_by_the_head_that_gave_it() -> None:
    models = store(reliability=NUMBERS)
    assert measured(Verdict.DEEPFAKE, fused(0.9), models) == Reliability(
        right=0.97, of=412, sources=23
    )
    assert measured(Verdict.AUTHENTIC, fused(0.1), models) is None
    assert measured(Verdict.INCONCLUSIVE, None, models) is None


def test_models_whose_verdicts_were_not_measured_have_none() -> None:
    assert measured(Verdict.DEEPFAKE, fused(0.9), store()) is None
    assert measured(Verdict.DEEPFAKE, fused(0.9), store(reliability={"audio": {}})) is None


@pytest.mark.parametrize("wrong", [{"right": 1.2}, {"of": 0}, {"sources": 0}, {"by": "us"}])
def test_numbers_that_cannot_be_are_refused(wrong: dict[str, object]) -> None:
    numbers = NUMBERS["tiny+visual"]["Deepfake"] | wrong
    models = store(reliability={"tiny+visual": {"Deepfake": numbers}})
    with pytest.raises(ValidationError):
        measured(Verdict.DEEPFAKE, fused(0.9), models)
