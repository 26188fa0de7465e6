"""The heads of the picture network: logistic regressions on media of many sources.

One for stills and one for video, for what tells a still best, fine texture, compression takes away
from video. Each is the mean of one regression a layer: better on sources left out than one on all
layers together, which leans on what the known sources happen to share.
"""

from collections import Counter, defaultdict
from collections.abc import Sequence
from itertools import accumulate, pairwise
from typing import Final, NamedTuple

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.preprocessing import StandardScaler

from assay.types import Doubles, Flags, Floats
from assay_lab.core.combination import evened
from assay_lab.data.rows import Modality
from assay_lab.visual.bank import BankFace, FaceBank
from assay_lab.visual.picture.net import EMBEDDING, HEADS, LAYERS

STRENGTH: Final = 0.003
"""Inverse regularisation. It and the layers were chosen on sources left out of three folds."""
MODALITY: Final[dict[str, Modality]] = {"still": "image", "video": "video"}
READS: Final = {"still": (4, 7, 10, 14), "video": (10, 14, 15)}
_ENDS: Final = [0, *accumulate(LAYERS.values())]
COLUMNS: Final = {
    layer: slice(first, last) for layer, (first, last) in zip(LAYERS, pairwise(_ENDS), strict=True)
}


class Heads(NamedTuple):
    """In the order of HEADS: logits = embeddings @ weights.T + biases; (2, 744) and (2,)."""

    weights: Doubles
    biases: Doubles


class Pictures(NamedTuple):
    """Whole pictures: of each the line of one patch, and the mean embedding (n, 744)."""

    lines: list[BankFace]
    embeddings: Floats


def squares_to_learn(bank: FaceBank) -> list[int]:
    """Numbers of the squares that heads learn from: three of a still, six of a video."""
    return [
        numbers[place]
        for numbers in _by_file(bank).values()
        for place in _places(len(numbers), bank.faces[numbers[0]].modality)
    ]


def pictures_of(bank: FaceBank, numbers: Sequence[int], embeddings: Floats) -> Pictures:
    """The mean of each file's squares; a head is linear, so that is the mean of its logits too.

    Args:
        bank: All squares.
        numbers: Some of them.
        embeddings: Of these, (n, 744).
    """
    places: dict[str, list[int]] = defaultdict(list)
    for place, number in enumerate(numbers):
        places[bank.faces[number].file].append(place)
    lines = [bank.faces[numbers[some[0]]] for some in places.values()]
    return Pictures(lines, np.stack([embeddings[some].mean(axis=0) for some in places.values()]))


def _by_file(bank: FaceBank) -> dict[str, list[int]]:
    files: dict[str, list[int]] = defaultdict(list)
    for number, line in enumerate(bank.faces):
        files[line.file].append(number)
    return files


def _places(count: int, modality: Modality) -> list[int]:
    """The first squares of a still lie well apart; those of a video are spread over time."""
    if modality == "image":
        return list(range(min(3, count)))
    return [int(place) for place in np.unique(np.linspace(0, count - 1, 6).astype(int))]


def fit_heads(pictures: Pictures, folds: Sequence[str]) -> Heads:
    """Learn from the pictures of some folds.

    Each maker weighs the root of its number of files, and both classes the same.
    """
    fitted = [_fit(pictures, folds, head) for head in HEADS]
    return Heads(
        np.stack([weights for weights, _ in fitted]), np.array([bias for _, bias in fitted])
    )


def _fit(pictures: Pictures, folds: Sequence[str], head: str) -> tuple[Doubles, float]:
    chosen = [
        number
        for number, line in enumerate(pictures.lines)
        if str(line.fold) in folds and line.modality == MODALITY[head]
    ]
    lines = [pictures.lines[number] for number in chosen]
    labels = np.array([line.fake for line in lines])
    weights, bias = np.zeros(EMBEDDING), 0.0
    for layer in READS[head]:
        columns = COLUMNS[layer]
        own, own_bias = _regression(pictures.embeddings[chosen, columns], labels, _evened(lines))
        weights[columns] = own / len(READS[head])
        bias += own_bias / len(READS[head])
    return weights, bias


def _evened(lines: Sequence[BankFace]) -> Doubles:
    counts = Counter((line.maker, line.fake) for line in lines)
    rooted = np.array([counts[line.maker, line.fake] ** -0.5 for line in lines])
    weights = evened(rooted, [str(line.fake) for line in lines])
    return weights * len(weights) / weights.sum()


def _regression(embeddings: Floats, labels: Flags, weights: Doubles) -> tuple[Doubles, float]:
    """Weights and bias for embeddings as they are."""
    scaler = StandardScaler().fit(embeddings)
    model = LogisticRegression(C=STRENGTH, max_iter=1000)
    model.fit(scaler.transform(embeddings), labels, sample_weight=weights)
    scaled = model.coef_[0] / scaler.scale_
    return scaled, float(model.intercept_[0] - scaled @ scaler.mean_)
