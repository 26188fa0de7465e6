"""Who is a photograph of a person, and who is drawn, painted or masked."""

from collections.abc import Mapping, Sequence
from typing import Any

import cv2
import numpy as np
import pytest

from assay.media.faces.crops import crop_face
from assay.media.faces.detector import FaceDetector
from assay.media.faces.photographs import LOOKS, PhotographCheck
from assay.media.material import Face, FaceCrop
from assay.media.stages import FACE_DETECTOR, PHOTOGRAPH
from assay.models.sessions import ModelStore
from assay.settings import Settings
from assay.types import Image
from tests.media_factory import portrait
from tests.serving import has_all_models

needs_models = pytest.mark.skipif(not has_all_models(), reason="not all models are installed")
NOWHERE = Face(np.zeros(4, np.float32), np.zeros((6, 2), np.float32), 0.9)


class Scripted:
    """Says of each face the value of its first pixel; counts what it is shown."""

    def __init__(self) -> None:
        self.shown = 0

    def run(self, output_names: None, feed: Mapping[str, Any]) -> Sequence[Any]:
        self.shown += len(feed["faces"])
        return [feed["faces"][:, 0, 0, 0].astype(np.float32)]


def crops_saying(*logits: int) -> list[FaceCrop]:
    return [
        FaceCrop(float(n), 0, NOWHERE, np.full((224, 224, 3), logit, np.uint8))
        for n, logit in enumerate(logits)
    ]


@pytest.mark.parametrize(
    ("logits", "passes"),
    [((9,), True), ((5,), True), ((4,), False), ((9, 9, 0), True), ((9, 0, 0), False)],
)
def test_half_of_the_pictures_decide(logits: tuple[int, ...], passes: bool) -> None:
    assert PhotographCheck(Scripted(), least=5).passes(crops_saying(*logits)) is passes


def test_few_pictures_of_many_are_looked_at_spread_over_time() -> None:
    session = Scripted()
    assert PhotographCheck(session, least=5).passes(crops_saying(9, *[0] * 14, 9, *[0] * 14, 9))
    assert session.shown == LOOKS


def test_each_for_itself() -> None:
    crops = crops_saying(9, 0, 9)
    check = PhotographCheck(Scripted(), least=5)
    assert check.those_of(crops) == [crops[0], crops[2]]
    assert check.those_of([]) == []


@pytest.fixture(scope="module")
def check() -> PhotographCheck:
    store = ModelStore(Settings().models_dir, threads=1)
    return PhotographCheck(store.session(PHOTOGRAPH), **store.parameters(PHOTOGRAPH))


@pytest.fixture(scope="module")
def crop() -> FaceCrop:
    store = ModelStore(Settings().models_dir, threads=1)
    (face, *_) = FaceDetector(store.session(FACE_DETECTOR)).search(portrait())
    return FaceCrop(0.0, 0, face, crop_face(portrait(), face)[0])


def grey(face: Image) -> Image:
    return np.repeat(cv2.cvtColor(face, cv2.COLOR_RGB2GRAY)[..., None], 3, axis=2)


def dim(face: Image) -> Image:
    return (255 * (face / 255) ** 2 * 0.6).astype(np.uint8)


def smoothed_skin(face: Image) -> Image:
    return np.asarray(cv2.addWeighted(cv2.bilateralFilter(face, 9, 30, 7), 0.7, face, 0.3, 0))


def few_pixels(face: Image) -> Image:
    return np.asarray(cv2.resize(cv2.resize(face, (64, 64), None, 0, 0, 3), (224, 224)))


@needs_models
@pytest.mark.parametrize("treat", [np.copy, grey, dim, smoothed_skin, few_pixels, np.fliplr])
def test_a_photograph_passes_whatever_a_phone_did_to_it(
    check: PhotographCheck, crop: FaceCrop, treat: Any
) -> None:
    treated = np.ascontiguousarray(treat(crop.aligned))
    assert check.passes([FaceCrop(0.0, 0, crop.face, treated)])


def cartoon(face: Image) -> Image:
    flat = face
    for _ in range(5):
        flat = np.asarray(cv2.bilateralFilter(flat, 9, 50, 7))
    luma = cv2.medianBlur(cv2.cvtColor(face, cv2.COLOR_RGB2GRAY), 5)
    ink = cv2.adaptiveThreshold(luma, 255, cv2.ADAPTIVE_THRESH_MEAN_C, cv2.THRESH_BINARY, 9, 4)
    return np.asarray(cv2.bitwise_and(flat // 24 * 24, flat // 24 * 24, mask=ink))


def pencil(face: Image) -> Image:
    lines, _ = cv2.pencilSketch(face, sigma_s=60, sigma_r=0.07, shade_factor=0.05)
    return np.repeat(lines[..., None], 3, axis=2)


def stylised(face: Image) -> Image:
    return np.asarray(cv2.stylization(face, sigma_s=60, sigma_r=0.45))


def two_tones(face: Image) -> Image:
    luma = cv2.GaussianBlur(cv2.cvtColor(face, cv2.COLOR_RGB2GRAY), (0, 0), 2)
    return np.where((luma > np.median(luma))[..., None], (240, 200, 60), (20, 40, 90)).astype(
        np.uint8
    )


@needs_models
@pytest.mark.parametrize("draw", [cartoon, pencil, stylised, two_tones])
def test_what_is_drawn_is_turned_away(check: PhotographCheck, crop: FaceCrop, draw: Any) -> None:
    drawn = np.ascontiguousarray(draw(crop.aligned))
    assert not check.passes([FaceCrop(0.0, 0, crop.face, drawn)])
