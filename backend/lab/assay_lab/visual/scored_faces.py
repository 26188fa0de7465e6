"""What networks say of the crops of a bank, each by a network that has not seen its source."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from assay.types import Doubles, Flags, Floats, Image
from assay_lab.core.metrics import auc
from assay_lab.core.scored import Scored
from assay_lab.data.rows import DFDC_CROPS
from assay_lab.data.split import bucket, first_recipe, split_of
from assay_lab.visual.bank import BankFace, FaceBank

BATCH: Final = 16
FILES_OF_A_MAKER: Final = 40
DFDC_FACES: Final = 800
CROPS_OF_A_CLIP: Final = 6
CALIBRATION: Final = 192


@dataclass(frozen=True, slots=True)
class Said:
    """logits: (n,). embeddings: (n, size)."""

    logits: Doubles
    embeddings: Floats


def measured_crops(bank: FaceBank) -> list[int]:
    """Numbers of the crops that numbers are computed from: evenly over makers, always the same."""
    files: dict[str, list[int]] = defaultdict(list)
    for number, face in enumerate(bank.faces):
        files[face.file].append(number)
    seen: dict[tuple[str, bool, str], int] = defaultdict(int)
    chosen: list[int] = []
    for file in sorted(files, key=lambda name: bucket(name, 2**32, salt="measure")):
        crops = files[file]
        face = bank.faces[crops[0]]
        key = face.maker, face.fake, str(face.fold) if face.source == DFDC_CROPS else ""
        seen[key] += 1
        most = DFDC_FACES // 4 if face.source == DFDC_CROPS else FILES_OF_A_MAKER
        if seen[key] <= most:
            places = np.unique(np.linspace(0, len(crops) - 1, CROPS_OF_A_CLIP).astype(int))
            chosen += [crops[place] for place in places]
    return chosen


def say(
    session: Any,
    bank: FaceBank,
    crops: Sequence[int],
    change: Callable[[Image], Image] = lambda picture: picture,
) -> Said:
    """Run a served visual network over crops, each changed first."""
    logits, embeddings = [], []
    for start in range(0, len(crops), BATCH):
        faces = np.stack([change(bank.picture(n)) for n in crops[start : start + BATCH]])
        logit, embedding, *_ = session.run(None, {"faces": faces})
        logits.append(logit)
        embeddings.append(embedding)
    return Said(np.concatenate(logits).astype(np.float64), np.concatenate(embeddings))


def say_out_of_fold(
    sessions: Mapping[str, Any],
    bank: FaceBank,
    crops: Sequence[int],
    change: Callable[[Image], Image] = lambda picture: picture,
) -> Said:
    """Each crop by the network of its fold; the test part by the released one.

    Args:
        sessions: By fold the network that held it out, by "test" the released one.
        bank: All crops.
        crops: Which of them, of these folds alone.
        change: What happens to each crop first.
    """
    folds = np.array([str(bank.faces[number].fold) for number in crops])
    logits = np.empty(len(crops))
    embeddings: Floats | None = None
    for fold, session in sessions.items():
        places = np.flatnonzero(folds == fold)
        if not len(places):
            continue
        said = say(session, bank, [crops[int(place)] for place in places], change)
        if embeddings is None:
            embeddings = np.empty((len(crops), said.embeddings.shape[1]), np.float32)
        logits[places], embeddings[places] = said.logits, said.embeddings
    assert embeddings is not None
    return Said(logits, embeddings)


def unknown_to_resnet(face: BankFace) -> bool:
    """Whether the released ResNet-18 cannot have learned from a crop's source or group."""
    return face.source not in first_recipe() or split_of(face.group) != "train"


def kind_of(face: BankFace) -> str:
    """stills, clips or swaps (DFDC)."""
    if face.source == DFDC_CROPS:
        return "swaps"
    return "stills" if face.modality == "image" else "clips"


def condition_row(faces: Sequence[BankFace], odds: Doubles) -> dict[str, float]:
    """AUC of crops by kind, and shares over a half of both classes, by their log-odds (n,)."""
    labels = np.array([face.fake for face in faces])
    kinds = np.array([kind_of(face) for face in faces])
    row = {
        f"auc {kind}": round(auc(labels[kinds == kind], odds[kinds == kind]), 4)
        for kind in sorted(set(kinds))
    }
    row["real over half"] = round(float((odds[~labels] > 0).mean()), 4)
    row["fake over half"] = round(float((odds[labels] > 0).mean()), 4)
    return row


def feeds_of(bank: FaceBank, numbers: Sequence[int], put: str) -> list[dict[str, Image]]:
    """Crops to calibrate int8 on, as inputs of the name `put`; always the same ones."""
    chosen = np.random.default_rng(0).permutation(numbers)[:CALIBRATION]
    return [
        {put: np.stack([bank.picture(int(number)) for number in some])}
        for some in np.array_split(chosen, CALIBRATION // BATCH)
    ]


def by_file(
    bank: FaceBank, crops: Sequence[int], odds: Doubles, keep: Flags
) -> dict[str, tuple[Scored, list[str]]]:
    """Files by kind, with P(fake) of the mean log-odds of their crops; groups are sources.

    Returns:
        By kind the scored files, and the maker of each.
    """
    files: dict[str, list[int]] = defaultdict(list)
    for place in np.flatnonzero(keep).tolist():
        files[bank.faces[crops[place]].file].append(place)
    kinds: dict[str, list[tuple[BankFace, float]]] = defaultdict(list)
    for places in files.values():
        face = bank.faces[crops[places[0]]]
        kinds[kind_of(face)].append((face, float(odds[places].mean())))
    found = {}
    for kind, some in sorted(kinds.items()):
        labels = np.array([face.fake for face, _ in some])
        chances = 1 / (1 + np.exp(-np.array([value for _, value in some])))
        # DFDC is one source: there its original videos take the place of sources.
        groups = [face.group if kind == "swaps" else face.source for face, _ in some]
        found[kind] = Scored(labels, chances, groups), [face.maker for face, _ in some]
    return found
