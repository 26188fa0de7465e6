"""What is usual is measured on sources that were left out."""

import io

import numpy as np
import pytest

from assay.branches.visual.out_of_distribution import ood_score
from assay.types import Floats
from assay_lab.visual.usual import distances, measure, statistics
from tests.lab.visual.faces import LEARNT, TEST, UNSEEN, face

RNG = np.random.default_rng(0)


def embeddings(count: int, away: float = 0.0) -> Floats:
    """Floats that vary in 64 of 200 directions around a point that is off in all of them."""
    found = np.zeros((count, 200), np.float32)
    found[:, :64] = RNG.normal(away, 1, (count, 64))
    return found


def test_distances_count_in_how_far_embeddings_vary() -> None:
    known = statistics(embeddings(2000))
    assert distances(embeddings(400), known).mean() == pytest.approx(8, abs=0.2)
    assert distances(embeddings(400, away=2.0), known).min() > 12


def test_the_border_is_where_sources_lie_that_were_left_out() -> None:
    lines = [
        *(face(number) for number in range(400)),
        *(face(number, source=UNSEEN) for number in range(400, 800)),
        *(face(number, source=TEST) for number in range(800, 900)),
        *(face(number, source=UNSEEN, modality="video") for number in range(900, 940)),
        *(face(number, source=LEARNT, modality="video") for number in range(940, 980)),
    ]
    # Cameras that were left out lie further away; those of the test part further still.
    own = np.concatenate(
        [embeddings(400), embeddings(400, 0.5), embeddings(100, 2.0), embeddings(80, 0.5)]
    )

    content, report = measure({"0": own, "test": own}, lines)

    known = dict(np.load(io.BytesIO(content)))
    others = np.r_[0:400, 940:980]
    away = distances(own[400:800], statistics(own[others]))
    assert known["usual_face"] == pytest.approx(np.percentile(away, 95), rel=0.01)
    assert np.mean([ood_score(one[None], known) > 1 for one in own[:400]]) < 0.05
    assert report["real image, test"] > 0.4
    assert report["fake image, test"] is None
