"""What is usual is set from faces and from clips, each by its own kind."""

import numpy as np
import pytest

from assay.branches.visual.out_of_distribution import ood_score
from assay.types import Floats
from assay_lab.visual.out_of_distribution import familiar, shares_strange

RNG = np.random.default_rng(0)


def faces(count: int, away: float = 0.0, spread: float = 1.0) -> Floats:
    """Floats that vary in 48 of 512 directions around a point that is off in all of them."""
    found = np.zeros((count, 512), np.float32)
    found[:, :48] = RNG.normal(away, spread, (count, 48))
    return found


def test_one_face_of_a_hundred_is_strange_and_one_clip_of_twenty() -> None:
    stills = faces(2000)
    clips = [faces(6) for _ in range(400)]
    known = familiar(stills, clips)

    assert np.mean([ood_score(face[None], known) > 1 for face in stills]) == pytest.approx(0.01)
    assert np.mean([ood_score(clip, known) > 1 for clip in clips]) == pytest.approx(0.05)


def test_a_clip_off_by_less_than_faces_vary_is_strange_and_no_single_face_of_it_is() -> None:
    known = familiar(faces(2000), [faces(6) for _ in range(400)])
    other = [faces(6, away=0.4) for _ in range(50)]

    assert np.mean([ood_score(clip, known) > 1 for clip in other]) > 0.9
    assert np.mean([ood_score(clip[:1], known) > 1 for clip in other]) < 0.3


def test_without_clips_they_count_like_single_faces() -> None:
    known = familiar(faces(500), [])

    assert known["usual_clip"] == known["usual_face"]


def test_strange_media_are_counted_by_kind() -> None:
    known = familiar(faces(500), [faces(6) for _ in range(100)])

    kinds = ["real: near", "real: far", "fake: far"]
    media = [faces(6, 0.0, 0.1), faces(6, 9.0, 0.1), faces(1, 9.0, 0.1)]
    assert shares_strange(kinds, media, known) == {
        "real: near": {"media": 1, "strange": 0.0},
        "real: far": {"media": 1, "strange": 1.0},
        "fake: far": {"media": 1, "strange": 1.0},
    }
