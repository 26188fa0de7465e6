"""The visual branch's sentence: what it says must fit the scores it stands beside."""

import numpy as np
import pytest

from assay.branches.visual.branch import _sentence


@pytest.mark.parametrize(
    ("scores", "words"),
    [
        ([0.1, 0.2], "no blending"),
        ([0.34], "not conclusive"),
        ([0.2, 0.9], "Some faces look altered (50 %"),
        ([0.95] * 3 + [0.05] * 10, "Some faces look altered (23 %"),
        ([0.6], "altered or generated in 100 %"),
        ([0.9, 0.8], "altered or generated in 100 %"),
    ],
)
def test_the_sentence_follows_the_scores(scores: list[float], words: str) -> None:
    assert words in _sentence(np.array(scores, np.float32))
