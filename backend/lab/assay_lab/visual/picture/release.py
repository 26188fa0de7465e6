"""Fit and release the picture network: heads, combination with those of faces, numbers, card.

    python -m assay_lab release-picture --bank BANK --pictures PICTURES --models models --work WORK

The heads learn from folds 1 and 2, as the EfficientNet of faces does; fold 0 fits the combination,
and nothing here is chosen by the test part. WORK keeps the embeddings, so that a second run is
quick. DFDC comes as crops of faces without a picture around them: there this network has no say.
"""

import json
from collections import defaultdict
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Annotated, Any, Final

import numpy as np
import torch
import typer

from assay.models.sessions import open_session
from assay.types import Doubles, Floats, Image
from assay_lab.augment.pictures import Corruption
from assay_lab.core import metrics
from assay_lab.core.calibrate import fit_platt
from assay_lab.core.combination import Combination, by_maker, evened, fit_combination
from assay_lab.core.export import release
from assay_lab.core.quantise import milliseconds, quantise
from assay_lab.data.rows import DFDC_CROPS
from assay_lab.visual.bank import FaceBank
from assay_lab.visual.effnet.release import CONDITIONS, RESNET, by_source, table
from assay_lab.visual.effnet.release import FILE as FACE_FILE
from assay_lab.visual.effnet.release import NAME as EFFNET
from assay_lab.visual.effnet.train import pretrained
from assay_lab.visual.picture.card import card
from assay_lab.visual.picture.heads import (
    MODALITY,
    READS,
    STRENGTH,
    fit_heads,
    pictures_of,
    squares_to_learn,
)
from assay_lab.visual.picture.net import HEADS, PictureNetwork, embed, export
from assay_lab.visual.scored_faces import (
    BATCH,
    by_file,
    condition_row,
    feeds_of,
    kind_of,
    measured_crops,
    say,
    unknown_to_resnet,
)

NAME: Final = "visual_picture"
WHOLE: Final = "model.onnx"
INT8: Final = "model.int8.onnx"
MOST_LOST: Final = 0.005
"""AUC that int8 may cost."""
LEARNT: Final = ("1", "2")
JUDGED: Final = ("0", "test")
CLEAN: Final = "clean"
EVERY: Final = 8
"""Of the crops every eighth goes through the conditions."""

Change = Callable[[Image], Image]


def command(
    bank: Annotated[Path, typer.Option(help="Folder of build-face-bank")],
    pictures: Annotated[Path, typer.Option(help="Folder of build-picture-bank")],
    models: Annotated[Path, typer.Option(help="The repository's models folder")],
    work: Annotated[Path, typer.Option(help="Where embeddings are kept")],
) -> None:
    """Fit the heads, combine them with the networks of faces, measure, and put it in models/."""
    torch.set_num_threads(2)
    faces, patches = FaceBank(bank), FaceBank(pictures)
    network = PictureNetwork(pretrained())
    numbers = squares_to_learn(patches)
    embeddings = _embeddings(network, patches, numbers, work)
    learnt_from = pictures_of(patches, numbers, embeddings)
    network.set_heads(*fit_heads(learnt_from, LEARNT))
    whole = export(network)
    small = quantise(whole, feeds_of(patches, range(len(patches)), "squares"))
    float_judges, int8_judges = (
        Judges(faces, patches, open_session(content, threads=2), models)
        for content in (whole, small)
    )
    crops = float_judges.known(JUDGED)
    lines = [faces.faces[number] for number in crops]
    labels = np.array([line.fake for line in lines])
    before, after = (
        metrics.auc(labels, judges.picture(crops)) for judges in (float_judges, int8_judges)
    )
    lost = before - after
    serve = INT8 if lost <= MOST_LOST else WHOLE
    judges = int8_judges if serve == INT8 else float_judges

    unseen = np.array([unknown_to_resnet(line) for line in lines])
    is_test = np.array([line.fold == "test" for line in lines])
    fit = unseen & ~is_test
    learnt = [line for line, kept in zip(lines, fit, strict=True) if kept]
    # Stills, clips and swaps alike, or the one source of swaps would have no say.
    weights = evened(
        by_maker([line.maker for line in learnt]),
        [f"{kind_of(line)} {line.fake}" for line in learnt],
    )
    of_picture = judges.picture(crops)
    has_picture = np.array([line.source != DFDC_CROPS for line in lines])
    neutral = round(float(of_picture[fit & has_picture].mean()), 5)
    logits = judges.say(crops, neutral)
    combination = fit_combination(
        labels[fit], {name: values[fit] for name, values in logits.items()}, weights
    )
    combined = combination.logit(logits)
    alone = fit_platt(labels[fit & has_picture], of_picture[fit & has_picture])
    parameters = {**combination.parameters, "neutral": neutral}
    some = [crops[place] for place in np.flatnonzero(unseen)[::EVERY]]
    squares = {"squares": np.stack([patches.picture(number) for number in range(8)])}
    report: dict[str, Any] = {
        "command": "python -m assay_lab release-picture",
        "heads": {name: {"reads": READS[name], "learns_from": MODALITY[name]} for name in HEADS},
        "strength": STRENGTH,
        "pictures": sum(str(line.fold) in LEARNT for line in learnt_from.lines),
        "combination": parameters,
        "calibration": alone._asdict(),
        "out_of_fold": table(faces, crops, logits, combined, fit),
        "test": table(faces, crops, logits, combined, unseen & is_test),
        "sources": by_source(faces, crops, combined, unseen),
        "conditions": {
            name: _row(judges, some, neutral, combination, corruption.apply)
            for name, corruption in {CLEAN: Corruption(), **CONDITIONS}.items()
        },
        "int8": {
            "served": serve,
            "auc_lost": round(lost, 4),
            "megabytes": round(len(whole) / 1e6, 2),
            "megabytes_int8": round(len(small) / 1e6, 2),
            "milliseconds_8_squares": round(milliseconds(whole, squares), 1),
            "milliseconds_8_squares_int8": round(milliseconds(small, squares), 1),
        },
    }
    scored = {
        f"{kind}, sources never seen": of_kind
        for kind, (of_kind, _) in by_file(faces, crops, combined, fit).items()
        if of_kind.has_both
    }
    release(
        models,
        NAME,
        {serve: small if serve == INT8 else whole},
        serve=serve,
        metrics=report,
        card=card(report),
        scored=scored,
        parameters={**alone._asdict(), "combination": parameters},
    )
    print(json.dumps(report, indent=2))


class Judges:
    """What the three networks say of faces.

    Args:
        faces: All crops of faces.
        patches: All squares of pictures.
        network: A session of the picture network.
        models: Folder of the released networks of faces.
    """

    def __init__(self, faces: FaceBank, patches: FaceBank, network: Any, models: Path) -> None:
        self.faces, self._patches, self._network = faces, patches, network
        self._models = models
        self._of_file: dict[str, list[int]] = defaultdict(list)
        for number, line in enumerate(patches.faces):
            self._of_file[line.file].append(number)

    def known(self, folds: Sequence[str]) -> list[int]:
        """Crops that can be judged: of these folds, with a picture."""
        return [
            number
            for number in measured_crops(self.faces)
            if str((face := self.faces.faces[number]).fold) in folds
            and (face.source == DFDC_CROPS or face.file in self._of_file)
        ]

    def say(
        self, crops: Sequence[int], neutral: float, change: Change = lambda p: p
    ) -> dict[str, Doubles]:
        """Logits (n,) by network; every picture is changed first.

        Args:
            crops: Numbers of faces.
            neutral: What the picture network says where there is nothing but the face.
            change: What happens to faces and squares.
        """
        resnet, effnet = (
            open_session((self._models / name / FACE_FILE).read_bytes(), threads=2)
            for name in (RESNET, EFFNET)
        )
        return {
            "resnet": say(resnet, self.faces, crops, change).logits,
            "effnet": say(effnet, self.faces, crops, change).logits,
            "picture": np.where(
                [self.faces.faces[crop].source == DFDC_CROPS for crop in crops],
                neutral,
                self.picture(crops, change),
            ),
        }

    def picture(self, crops: Sequence[int], change: Change = lambda p: p) -> Doubles:
        """The mean logit of each crop's picture, (n,), by the head of its kind of media."""
        of_file: dict[str, float] = {}
        logits = []
        for crop in crops:
            line = self.faces.faces[crop]
            if line.source == DFDC_CROPS:
                logits.append(self._mean([self.faces.picture(crop)], "still", change))
                continue
            if line.file not in of_file:
                squares = [self._patches.picture(number) for number in self._of_file[line.file]]
                head = "still" if line.modality == "image" else "video"
                of_file[line.file] = self._mean(squares, head, change)
            logits.append(of_file[line.file])
        return np.array(logits)

    def _mean(self, squares: Sequence[Image], head: str, change: Change) -> float:
        shown = np.stack([change(square) for square in squares])
        batches = [shown[start : start + BATCH] for start in range(0, len(shown), BATCH)]
        return float(
            np.concatenate(
                [self._network.run([head], {"squares": some})[0] for some in batches]
            ).mean()
        )


def _embeddings(
    network: PictureNetwork, patches: FaceBank, numbers: Sequence[int], work: Path
) -> Floats:
    """Of some squares, computed once."""
    file = work / "embeddings.npy"
    if not file.exists():
        work.mkdir(parents=True, exist_ok=True)
        np.save(file, embed(network, patches, numbers))
    embeddings: Floats = np.load(file)
    if len(embeddings) != len(numbers):
        raise SystemExit(f"{file} is of another bank; delete it, or choose another --work")
    return embeddings


def _row(
    judges: Judges, crops: Sequence[int], neutral: float, combination: Combination, change: Change
) -> dict[str, float]:
    """What all three together say of changed crops."""
    lines = [judges.faces.faces[number] for number in crops]
    return condition_row(lines, combination.logit(judges.say(crops, neutral, change)))
