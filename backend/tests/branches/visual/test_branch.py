"""The visual branch: its sentence fits the scores, and the picture counts where there is one."""

from collections.abc import Mapping
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from assay.branches.visual.branch import EFFNET, PICTURE, RESNET, Visual, _sentence
from assay.evidence import MediaInfo
from assay.types import Image
from tests.branches.faces import crop

PARAMETERS = {
    "combination": {
        "weights": {"resnet": 1.0, "effnet": 1.0, "picture": 1.0},
        "bias": 0.0,
        "neutral": -0.5,
    }
}


class Models:
    """Networks that say the same of every face: 0; of squares their mean grey level, less 1."""

    threads = 2

    def session(self, name: str) -> Any:
        outputs = {RESNET: self._resnet, EFFNET: self._effnet, PICTURE: self._picture}
        return SimpleNamespace(run=outputs[name])

    def parameters(self, name: str) -> Mapping[str, Any]:
        return {PICTURE: PARAMETERS}[name]

    @staticmethod
    def _resnet(_: Any, feeds: Mapping[str, Image]) -> list[Any]:
        count = len(feeds["faces"])
        return [np.zeros(count), np.zeros((count, 512)), np.zeros((count, 7, 7))]

    @staticmethod
    def _effnet(_: Any, feeds: Mapping[str, Image]) -> list[Any]:
        return [np.zeros(len(feeds["faces"])), np.zeros((len(feeds["faces"]), 1280))]

    @staticmethod
    def _picture(outputs: list[str], feeds: Mapping[str, Image]) -> list[Any]:
        (head,) = outputs
        sign = {"still": 1, "video": -1}[head]
        return [sign * (feeds["squares"].mean(axis=(1, 2, 3)) - 1)]


def media(kind: str, width: int, height: int) -> MediaInfo:
    video = SimpleNamespace(width=width, height=height)
    return MediaInfo.model_construct(kind=kind, video=video, audio=None)


def squares(*shades: int) -> list[Image]:
    return [np.full((224, 224, 3), shade, np.uint8) for shade in shades]


def odds(scores: Any) -> list[float]:
    return np.log(scores / (1 - scores)).tolist()


@pytest.mark.parametrize(("kind", "wanted"), [("image", 2.0), ("video", -2.0)])
def test_the_mean_of_the_squares_counts_for_every_face(kind: str, wanted: float) -> None:
    visual = Visual(Models())  # type: ignore[arg-type]
    shades = [0, 1, 2, 3, 4, 5, 6, 2, 4]
    scores = visual.score([crop(), crop(0.25)], squares(*shades), media(kind, 640, 480))
    assert odds(scores) == pytest.approx([wanted, wanted], abs=1e-4)


def test_a_face_that_fills_the_picture_is_judged_by_itself() -> None:
    visual = Visual(Models())  # type: ignore[arg-type]
    scores = visual.score([crop()], squares(200), media("image", 100, 100))
    assert odds(scores) == pytest.approx([-0.5], abs=1e-4)


@pytest.mark.parametrize(
    ("scores", "words"),
    [
        ([0.34], "How face and picture look scores 34 %."),
        (
            [0.2, 0.9],
            "How face and picture look scores 55 % on average over 2 pictures, 90 % at most.",
        ),
    ],
)
def test_the_sentence_gives_the_scores(scores: list[float], words: str) -> None:
    assert _sentence(np.array(scores, np.float32)) == words
