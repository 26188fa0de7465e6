"""The visual branch's sentence: what it says must fit the scores it stands beside."""

import numpy as np
import pytest

from assay.branches.visual.branch import _sentence


@pytest.mark.parametrize(
    ("scores", "words"),
    [
        ([0.34], "How the face looks scores 34 %."),
        ([0.2, 0.9], "How the face looks scores 55 % on average over 2 pictures, 90 % at most."),
    ],
)
def test_the_sentence_gives_the_scores(scores: list[float], words: str) -> None:
    assert _sentence(np.array(scores, np.float32)) == words
