"""What the fusion would have said of media, also where it has nothing to weigh."""

import pytest

from assay.evidence import Verdict
from assay_lab.evaluation import out_of_fold
from tests.lab.examined import media


def test_media_that_no_head_can_weigh_lie_in_the_middle(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(out_of_fold, "fit_heads", lambda lines: {})
    lines = media(40)

    answers = out_of_fold.answer_all(lines, {"as they are": lines})["as they are"]

    assert len(answers) == 40
    assert {answer.probability for answer in answers} == {0.5}
    assert {answer.verdict for answer in answers} == {Verdict.INCONCLUSIVE}
    assert set(out_of_fold.scored_by(answers).probabilities) == {0.5}
