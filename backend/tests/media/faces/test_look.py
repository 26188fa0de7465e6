"""A face that the planned moments miss."""

import numpy as np
import pytest

from assay.media.faces.look import look_for_persons, with_moment
from assay.media.forensics.hints import read_hints
from assay.media.io.reader import open_media
from assay.media.sampling import Span
from assay.models.sessions import ModelStore
from assay.settings import Settings
from tests.media_factory import talking_head, write_video
from tests.serving import has_all_models

pytestmark = pytest.mark.skipif(not has_all_models(), reason="models are missing")
SETTINGS = Settings(threads=2)
SIZE = (320, 240)


@pytest.fixture(scope="module")
def session():
    return ModelStore(SETTINGS.models_dir, threads=2).session("blazeface")


def film(path, face_from: float, face_to: float, keys: int):
    grey = np.full((SIZE[1], SIZE[0], 3), 120, np.uint8)
    pictures = [
        talking_head(*SIZE, n / 25) if face_from <= n / 25 < face_to else grey for n in range(700)
    ]
    options = {"g": str(keys), "sc_threshold": "0"}
    return write_video(path, seconds=28, size=SIZE, pictures=pictures, options=options)


@pytest.mark.parametrize(
    ("face_from", "face_to", "keys"), [(25.5, 28.0, 250), (0.0, 2.0, 50), (8.0, 10.4, 25)]
)
def test_a_face_outside_the_plan_is_found(face_from, face_to, keys, session, tmp_path) -> None:
    path = film(tmp_path / "film.mp4", face_from, face_to, keys)
    with open_media(path, SETTINGS) as media:
        look = look_for_persons(media, read_hints(media), session, lambda _: None)
    [person] = look.persons
    assert all(face_from - 0.1 <= crop.time < face_to for crop in person.crops)
    assert sum(span.end - span.start for span in look.spans) <= 8.0 + 1e-6


def test_outside_a_range_nobody_is_looked_for(session, tmp_path) -> None:
    path = film(tmp_path / "film.mp4", 25.5, 28.0, 250)
    with open_media(path, SETTINGS) as media:
        hints = read_hints(media)
        before = look_for_persons(media, hints, session, lambda _: None, Span(2.0, 24.0))
        there = look_for_persons(media, hints, session, lambda _: None, Span(24.0, 28.0))
    assert before.persons == []
    assert all(2.0 <= span.start < span.end <= 24.0 for span in before.spans)
    [person] = there.persons
    assert all(25.4 <= crop.time < 28.0 for crop in person.crops)


def test_a_moment_outside_the_spans_moves_the_nearest() -> None:
    spans = [Span(2.0, 4.0), Span(9.0, 11.0), Span(16.0, 18.0)]
    assert with_moment(spans, 10.0, Span(0.0, 28.0)) == spans
    assert with_moment(spans, 27.9, Span(0.0, 28.0)) == [*spans[:2], Span(26.0, 28.0)]
    assert with_moment(spans, 5.0, Span(0.0, 28.0)) == [Span(4.0, 6.0), *spans[1:]]
    assert with_moment([], 5.0, Span(0.0, 28.0)) == []


def test_where_nobody_is_the_plan_stands(session, tmp_path) -> None:
    path = film(tmp_path / "film.mp4", 90.0, 91.0, 50)
    with open_media(path, SETTINGS) as media:
        look = look_for_persons(media, read_hints(media), session, lambda _: None)
    assert look.persons == []
    assert len(look.spans) == 4
    assert look.counters.frames_without_face > 20
