"""What is usual for the EfficientNet's embeddings, measured on sources that were left out.

Mahalanobis distance in the leading directions, after Lee et al., "A Simple Unified Framework for
Detecting Out-of-Distribution Samples and Adversarial Attacks", NeurIPS 2018. The border of the
usual is not where known sources lie, but where sources lie that neither the network nor the
statistics have seen: a camera is not strange merely for being new.
"""

import io
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np

from assay.types import Doubles, Floats
from assay_lab.visual.bank import BankFace

FILE: Final = "usual.npz"
DIRECTIONS: Final = 64
USUAL: Final = 95.0
"""Per cent of unseen media, each source of equal weight, within the border."""

Statistics = dict[str, Any]


def statistics(embeddings: Floats) -> Statistics:
    """Centre and whitening of crops' embeddings (n, size)."""
    centre = embeddings.mean(axis=0)
    _, spread, directions = np.linalg.svd(embeddings - centre, full_matrices=False)
    scale = np.sqrt(len(embeddings)) / spread[:DIRECTIONS]
    return {"centre": centre, "whiten": (directions[:DIRECTIONS].T * scale).astype(np.float32)}


def distances(embeddings: Floats, known: Mapping[str, Any]) -> Doubles:
    """Of each embedding, (n,)."""
    return np.linalg.norm((embeddings - known["centre"]) @ known["whiten"], axis=1).astype(float)


def measure(
    by_network: Mapping[str, Floats], faces: Sequence[BankFace]
) -> tuple[bytes, dict[str, Any]]:
    """The statistics that are shipped, and a report.

    Args:
        by_network: By fold the embeddings of all crops by the network that held that fold out, by
            "test" those of the released network. Folds that no network held out give no border.
        faces: The crops.

    Returns:
        Content of FILE: `centre`, `whiten`, `usual_face` and `usual_clip`; shares that are strange.
    """
    folds = np.array([str(face.fold) for face in faces])
    found: dict[str, list[tuple[BankFace, float]]] = defaultdict(list)
    for fold, own in by_network.items():
        if fold == "test":
            continue
        known = statistics(own[(folds != fold) & (folds != "test")])
        for face, away in _of_files(own, faces, np.flatnonzero(folds == fold), known):
            found[face.modality].append((face, away))
    shipped = statistics(by_network["test"][folds != "test"])
    test = _of_files(by_network["test"], faces, np.flatnonzero(folds == "test"), shipped)
    shipped["usual_face"] = _border(found["image"])
    shipped["usual_clip"] = _border(found["video"])
    borders = {"image": shipped["usual_face"], "video": shipped["usual_clip"]}
    report = {
        f"{'fake' if fake else 'real'} {modality}, test": _share(
            [(face, away) for face, away in test if (face.modality, face.fake) == (modality, fake)],
            borders[modality],
        )
        for modality in borders
        for fake in (False, True)
    }
    memory = io.BytesIO()
    np.savez(memory, **shipped)
    return memory.getvalue(), report


def _of_files(
    embeddings: Floats, faces: Sequence[BankFace], places: Any, known: Statistics
) -> list[tuple[BankFace, float]]:
    """Distance of the mean embedding of each file."""
    files: dict[str, list[int]] = defaultdict(list)
    for place in places:
        files[faces[place].file].append(int(place))
    means = np.stack([embeddings[some].mean(axis=0) for some in files.values()])
    firsts = [faces[some[0]] for some in files.values()]
    return list(zip(firsts, distances(means, known).tolist(), strict=True))


def _border(found: Sequence[tuple[BankFace, float]]) -> float:
    """The distance within which USUAL per cent of media lie, sources weighing alike."""
    sizes: dict[str, int] = defaultdict(int)
    for face, _ in found:
        sizes[face.source] += 1
    away = np.array([distance for _, distance in found])
    weights = np.array([1 / sizes[face.source] for face, _ in found])
    order = np.argsort(away)
    reached = np.cumsum(weights[order]) / weights.sum()
    return float(away[order][np.searchsorted(reached, USUAL / 100)])


def _share(found: Sequence[tuple[BankFace, float]], border: float) -> float | None:
    if not found:
        return None
    return round(float(np.mean([away > border for _, away in found])), 4)
