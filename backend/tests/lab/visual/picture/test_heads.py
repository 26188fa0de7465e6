"""Heads learn from the folds and the kind of media that are theirs, and read their layers alone."""

from pathlib import Path

import numpy as np
import pytest

from assay_lab.data.rows import Modality
from assay_lab.visual.picture.heads import (
    COLUMNS,
    MODALITY,
    READS,
    Pictures,
    fit_heads,
    pictures_of,
    squares_to_learn,
)
from assay_lab.visual.picture.net import EMBEDDING, HEADS, LAYERS
from tests.lab.visual.faces import LEARNT, TEST, face, write_bank


def media(modality: Modality, source: str = LEARNT, turned: bool = False) -> Pictures:
    """Fakes have larger embeddings than real ones, or the other way round."""
    rng = np.random.default_rng(len(modality))
    lines = [face(number, number % 2 == 1, source, modality) for number in range(60)]
    sign = np.array([1.0 if line.fake != turned else -1.0 for line in lines])
    noise = rng.standard_normal((60, EMBEDDING))
    return Pictures(lines, (noise + sign[:, None]).astype(np.float32))


def joined(*some: Pictures) -> Pictures:
    return Pictures(
        [line for each in some for line in each.lines],
        np.concatenate([each.embeddings for each in some]),
    )


def test_layers_fill_the_embedding() -> None:
    assert [columns.stop - columns.start for columns in COLUMNS.values()] == list(LAYERS.values())
    assert max(columns.stop for columns in COLUMNS.values()) == EMBEDDING
    assert set(MODALITY) == set(READS) == set(HEADS)


def test_a_head_reads_its_layers_alone() -> None:
    heads = fit_heads(joined(media("image"), media("video")), ["0", "1", "2"])
    for number, name in enumerate(HEADS):
        for layer, columns in COLUMNS.items():
            assert heads.weights[number, columns].any() == (layer in READS[name])


def test_a_head_learns_from_its_kind_of_media() -> None:
    heads = fit_heads(joined(media("image"), media("video", turned=True)), ["0", "1", "2"])
    one = np.ones(EMBEDDING)
    still, video = heads.weights @ one + heads.biases
    assert still > 1
    assert video < -1


def test_what_is_held_out_teaches_nothing() -> None:
    known = joined(media("image"), media("video"))
    other = joined(known, media("image", TEST, turned=True), media("video", TEST, turned=True))
    one, two = (fit_heads(pictures, ["0", "1", "2"]) for pictures in (known, other))
    assert np.array_equal(one.weights, two.weights)
    assert np.array_equal(one.biases, two.biases)


def test_a_picture_is_the_mean_of_some_of_its_squares(tmp_path: Path) -> None:
    lines = [face(1)] * 8 + [face(2, modality="video")] * 14 + [face(3)]
    bank = write_bank(tmp_path, lines)
    numbers = squares_to_learn(bank)
    assert numbers == [0, 1, 2, *(8 + place for place in (0, 2, 5, 7, 10, 13)), 22]
    embeddings = np.arange(len(numbers), dtype=np.float32)[:, None].repeat(EMBEDDING, axis=1)
    pictures = pictures_of(bank, numbers, embeddings)
    assert [line.file for line in pictures.lines] == ["image1", "video2", "image3"]
    assert pictures.embeddings[:, 0].tolist() == pytest.approx([1, 5.5, 9])
