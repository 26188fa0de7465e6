"""Release the EfficientNet: cross-fitted numbers, the combination with ResNet-18, int8, card.

    python -m assay_lab release-effnet --bank BANK --runs RUNS/effnet --models models --work WORK

RUNS/effnet-0, -1 and -2, those that there are, held out one fold each; the mean of their weights
is released. What is said of a source is said by the network that held it out, and of the test part,
which none has seen, by the released one. Sources of a fold that no run held out are known to all of
them, so they are not measured on. WORK/fold-K holds the network of each fold for `examine`.
"""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any, Final

import numpy as np
import torch
import typer

from assay.models.sessions import open_session
from assay.types import Doubles, Flags
from assay_lab.augment.pictures import Corruption
from assay_lab.core import metrics
from assay_lab.core.calibrate import fit_platt
from assay_lab.core.combination import Combination, by_maker, evened, fit_combination
from assay_lab.core.export import release
from assay_lab.core.loop import load_average, read_config
from assay_lab.core.quantise import milliseconds, quantise
from assay_lab.core.scored import numbers_of
from assay_lab.core.soup import averaged
from assay_lab.data.split import runs_by_fold
from assay_lab.visual.bank import FaceBank
from assay_lab.visual.effnet.card import card
from assay_lab.visual.effnet.net import EfficientNetAutoAtt
from assay_lab.visual.effnet.served import export
from assay_lab.visual.scored_faces import (
    by_file,
    condition_row,
    feeds_of,
    kind_of,
    measured_crops,
    say,
    say_out_of_fold,
    unknown_to_resnet,
)
from assay_lab.visual.usual import FILE as USUAL
from assay_lab.visual.usual import measure

NAME: Final = "visual_effnet"
FILE: Final = "model.int8.onnx"
RESNET: Final = "visual_resnet18"
CONDITIONS: Final[Mapping[str, Corruption]] = {
    "jpeg 90": Corruption(jpeg=90),
    "jpeg 70": Corruption(jpeg=70),
    "jpeg 40": Corruption(jpeg=40),
    "half size": Corruption(scale=0.5),
    "crf 28": Corruption(crf=28),
    "crf 35": Corruption(crf=35),
    "grain": Corruption(noise=5.0, seed=1),
    "blur": Corruption(blur=1.2),
    "beauty": Corruption(beauty=25.0),
}


def command(
    bank: Annotated[Path, typer.Option(help="Folder of build-face-bank")],
    runs: Annotated[Path, typer.Option(help="Run folders of train-effnet, less -0, -1 and -2")],
    models: Annotated[Path, typer.Option(help="The repository's models folder")],
    work: Annotated[Path, typer.Option(help="Where the networks of the folds go")],
) -> None:
    """Export the networks, combine them with ResNet-18, measure, and put them under models/."""
    torch.set_num_threads(2)
    folds = runs_by_fold(runs, "train-effnet")
    faces = FaceBank(bank)
    networks = {fold: load(run) for fold, run in folds.items()}
    everything = measured_crops(faces)
    crops = [n for n in everything if str(faces.faces[n].fold) in (*networks, "test")]
    feeds = feeds_of(faces, everything, "faces")
    soup = EfficientNetAutoAtt(next(iter(networks.values())).variant)
    soup.load_state_dict(averaged([net.state_dict() for net in networks.values()]))
    whole = {name: export(net) for name, net in {**networks, "test": soup}.items()}
    small = {name: quantise(content, feeds) for name, content in whole.items()}
    sessions = {name: open_session(content, threads=2) for name, content in small.items()}
    resnet = open_session((models / RESNET / FILE).read_bytes(), threads=2)

    said = say_out_of_fold(sessions, faces, crops)
    other = say(resnet, faces, crops)
    lines = [faces.faces[number] for number in crops]
    labels = np.array([line.fake for line in lines])
    unseen = np.array([unknown_to_resnet(line) for line in lines])
    is_test = np.array([line.fold == "test" for line in lines])
    fit = unseen & ~is_test
    learnt = [line for line, kept in zip(lines, fit, strict=True) if kept]
    # Stills, clips and swaps alike, or the one source of swaps would have no say.
    weights = evened(
        by_maker([line.maker for line in learnt]),
        [f"{kind_of(line)} {line.fake}" for line in learnt],
    )
    logits = {"resnet": other.logits, "effnet": said.logits}
    combination = fit_combination(
        labels[fit], {name: values[fit] for name, values in logits.items()}, weights
    )
    alone = fit_platt(labels[fit], said.logits[fit])
    combined = combination.logit(logits)
    report: dict[str, Any] = {
        "command": "python -m assay_lab release-effnet",
        "runs": [read_config(run) for run in folds.values()],
        "combination": combination.parameters,
        "calibration": alone._asdict(),
        "out_of_fold": table(faces, crops, logits, combined, fit),
        "test": table(faces, crops, logits, combined, unseen & is_test),
        "sources": by_source(faces, crops, combined, unseen),
        "conditions": conditions(
            faces, [crops[n] for n in np.flatnonzero(unseen)[::3]], sessions, resnet, combination
        ),
        "int8": audit(faces, crops, whole, small, next(iter(folds))),
    }
    usual, report["out_of_distribution"] = measure(
        {name: say(session, faces, everything).embeddings for name, session in sessions.items()},
        [faces.faces[number] for number in everything],
    )
    scored = {
        f"{kind}, sources never seen": of_kind
        for kind, (of_kind, _) in by_file(faces, crops, combined, fit).items()
        if of_kind.has_both
    }
    parameters = {**alone._asdict(), "combination": combination.parameters}
    files = {FILE: small["test"], USUAL: usual}
    release(
        models,
        NAME,
        files,
        serve=FILE,
        metrics=report,
        card=card(report),
        scored=scored,
        parameters=parameters,
    )
    for fold in folds:
        of_fold = work / f"fold-{fold}" / NAME
        of_fold.mkdir(parents=True, exist_ok=True)
        (of_fold / FILE).write_bytes(small[fold])
    print(json.dumps(report, indent=2))


def load(run: Path) -> EfficientNetAutoAtt:
    """The averaged network of a run."""
    net = EfficientNetAutoAtt(read_config(run)["variant"])
    load_average(run, net)
    return net.eval()


def table(
    bank: Any,
    crops: Sequence[int],
    logits: Mapping[str, Doubles],
    combined: Doubles,
    keep: Flags,
) -> dict[str, Any]:
    """Numbers of some crops' files by kind: of each network alone the AUC, of both everything."""
    found = {}
    for kind, (scored, _) in by_file(bank, crops, combined, keep).items():
        if not scored.has_both:
            continue
        alone = {
            f"auc_{name}": round(metrics.auc(one.labels, one.probabilities), 4)
            for name, own in logits.items()
            for one, _ in [by_file(bank, crops, own, keep)[kind]]
        }
        found[kind] = {**numbers_of(scored), **alone, "sources": len(set(scored.groups))}
    return found


def by_source(
    bank: Any, crops: Sequence[int], combined: Doubles, keep: Flags
) -> list[dict[str, Any]]:
    """For each site and generator the number of files and how many score over a half."""
    rows = []
    for kind, (scored, makers) in by_file(bank, crops, combined, keep).items():
        for maker in sorted(set(makers)):
            mine = np.array([other == maker for other in makers])
            for fake in (False, True):
                some = scored.probabilities[mine & (scored.labels == fake)]
                if len(some):
                    rows.append(
                        {
                            "kind": kind,
                            "source": maker.strip(),
                            "label": "fake" if fake else "real",
                            "files": len(some),
                            "over_half": round(float((some > 0.5).mean()), 3),
                            "mean": round(float(some.mean()), 3),
                        }
                    )
    return rows


def conditions(
    bank: FaceBank,
    crops: Sequence[int],
    sessions: Mapping[str, Any],
    resnet: Any,
    combination: Combination,
) -> dict[str, dict[str, float]]:
    """AUC by kind, and shares over a half of both classes, after each corruption."""
    found: dict[str, dict[str, float]] = {}
    lines = [bank.faces[number] for number in crops]
    for name, corruption in {"clean": Corruption(), **CONDITIONS}.items():
        mine = say_out_of_fold(sessions, bank, crops, corruption.apply)
        theirs = say(resnet, bank, crops, corruption.apply)
        odds = combination.logit({"resnet": theirs.logits, "effnet": mine.logits})
        found[name] = condition_row(lines, odds)
    return found


def audit(
    bank: FaceBank,
    crops: Sequence[int],
    networks: Mapping[str, bytes],
    quantised: Mapping[str, bytes],
    fold: str,
) -> dict[str, float]:
    """What int8 changes in the network of a fold: size, time, AUC, scores."""
    mine = [number for number in crops if str(bank.faces[number].fold) == fold][::2]
    labels = np.array([bank.faces[number].fake for number in mine])
    whole, small = networks[fold], quantised[fold]
    before, after = (say(open_session(c, threads=2), bank, mine) for c in (whole, small))
    feed = {"faces": np.stack([bank.picture(number) for number in mine[:8]])}
    return {
        "megabytes": round(len(whole) / 1e6, 2),
        "megabytes_int8": round(len(small) / 1e6, 2),
        "milliseconds_8_faces": round(milliseconds(whole, feed), 1),
        "milliseconds_8_faces_int8": round(milliseconds(small, feed), 1),
        "auc": round(metrics.auc(labels, before.logits), 4),
        "auc_int8": round(metrics.auc(labels, after.logits), 4),
        "mean_logit_change": round(float(np.abs(before.logits - after.logits).mean()), 4),
    }
