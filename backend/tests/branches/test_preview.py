"""Previews and thumbnails: small, true to what they show, and fit for an event."""

import base64

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assay.branches.preview import CELLS, preview
from assay.media.faces.thumbnail import thumbnail


def decoded(address: str) -> np.ndarray:
    kind, _, content = address.partition(",")
    assert kind == "data:image/jpeg;base64"
    bgr = cv2.imdecode(np.frombuffer(base64.b64decode(content), np.uint8), cv2.IMREAD_COLOR)
    return bgr[..., ::-1]


def test_a_thumbnail_keeps_proportions_and_colours() -> None:
    rgb = np.zeros((100, 300, 3), np.uint8)
    rgb[..., 0] = 200
    small = decoded(thumbnail(rgb, 60))
    assert small.shape == (20, 60, 3)
    assert small.reshape(-1, 3).mean(axis=0) == pytest.approx([200, 0, 0], abs=6)


def test_a_thumbnail_is_never_larger_than_the_picture() -> None:
    assert decoded(thumbnail(np.full((8, 6, 3), 9, np.uint8), 64)).shape == (8, 6, 3)


@given(st.integers(1, 70), st.integers(1, 70))
def test_any_map_fits_into_an_event(rows: int, columns: int) -> None:
    scores = np.random.default_rng(rows).random((rows, columns)).astype(np.float32)
    seen = preview(np.zeros((32, 32, 3), np.uint8), scores)
    assert len(seen.scores) == min(CELLS, rows)
    assert {len(row) for row in seen.scores} == {min(CELLS, columns)}
    assert len(seen.model_dump_json()) < 8_000


def test_what_is_seen_stays_where_it_was_seen() -> None:
    scores = np.zeros((64, 64), np.float32)
    scores[:16, 48:] = 0.8
    seen = np.array(preview(np.zeros((32, 32, 3), np.uint8), scores).scores)
    assert seen[:4, 12:].min() == pytest.approx(0.8, abs=1e-3)
    assert seen[4:].max() == seen[:, :12].max() == 0
