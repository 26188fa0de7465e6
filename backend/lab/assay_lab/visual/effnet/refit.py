"""Serve a network that learned from every fold, with what the folds' networks calibrated.

    python -m assay_lab train-effnet --bank BANK --hold-out test --run RUNS/effnet-test
    python -m assay_lab refit-effnet --bank BANK --run RUNS/effnet-test --models models

`release-effnet` chooses: how both networks combine, the calibration, the border of the usual.
Nothing is left for that once a network has learned from all folds, so it takes these numbers over,
and the test part, of which it knows nothing either, shows whether they still hold.
"""

import io
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Final

import numpy as np
import torch
import typer

from assay.models.manifest import MANIFEST
from assay.models.sessions import open_session
from assay_lab.core.combination import Combination
from assay_lab.core.export import release
from assay_lab.core.loop import read_config
from assay_lab.core.quantise import quantise
from assay_lab.visual.bank import FaceBank
from assay_lab.visual.effnet.card import card
from assay_lab.visual.effnet.release import FILE, NAME, RESNET, load, table
from assay_lab.visual.effnet.served import export
from assay_lab.visual.scored_faces import by_file, measured_crops, say, unknown_to_resnet
from assay_lab.visual.usual import FILE as USUAL
from assay_lab.visual.usual import refitted

MOST_LOST: Final = 0.01
"""AUC on the test part, mean of the kinds, that may be lost before the release is refused."""


def command(
    bank: Annotated[Path, typer.Option(help="Folder of build-face-bank")],
    run: Annotated[Path, typer.Option(help="Run of train-effnet --hold-out test")],
    models: Annotated[Path, typer.Option(help="The repository's models folder")],
) -> None:
    """Put a network that learned from every fold in the place of the folds' network."""
    torch.set_num_threads(2)
    config = read_config(run)
    if config["hold_out"] != "test":
        raise SystemExit(f"{run} held out fold {config['hold_out']}: release-effnet is for that")
    entry = json.loads((models / MANIFEST).read_text())["models"][NAME]
    combination = Combination(**entry["parameters"]["combination"])
    faces = FaceBank(bank)
    everything = measured_crops(faces)
    crops = [
        n for n in everything if faces.faces[n].fold == "test" and unknown_to_resnet(faces.faces[n])
    ]
    feeds = [
        {"faces": np.stack([faces.picture(number) for number in some])}
        for some in np.array_split(np.random.default_rng(0).permutation(everything)[:192], 12)
    ]
    small = quantise(export(load(run)), feeds)
    before = open_session((models / NAME / FILE).read_bytes(), threads=2)
    after = open_session(small, threads=2)
    resnet = say(open_session((models / RESNET / FILE).read_bytes(), threads=2), faces, crops)

    keep = np.ones(len(crops), bool)
    tables: dict[str, Any] = {}
    for name, session in (("before", before), ("after", after)):
        logits = {"resnet": resnet.logits, "effnet": say(session, faces, crops).logits}
        combined = combination.logit(logits)
        tables[name] = table(faces, crops, logits, combined, keep)
    lost = mean_auc(tables["before"]) - mean_auc(tables["after"])
    print(json.dumps(tables, indent=2))
    if lost > MOST_LOST:
        raise SystemExit(f"not released: it loses {lost:.3f} on sources that neither has seen")

    known = np.load(io.BytesIO((models / NAME / USUAL).read_bytes()))
    usual, strange = refitted(
        say(after, faces, everything).embeddings,
        [faces.faces[number] for number in everything],
        {name: float(known[name]) for name in ("usual_face", "usual_clip")},
    )
    report = json.loads((models / NAME / "metrics.json").read_text())
    report["refit"] = {
        "command": "python -m assay_lab refit-effnet",
        "run": config,
        **tables,
        "out_of_distribution": strange,
    }
    scored = {
        f"{kind}, test part": of_kind
        for kind, (of_kind, _) in by_file(faces, crops, combined, keep).items()
        if of_kind.has_both
    }
    release(
        models,
        NAME,
        {FILE: small, USUAL: usual},
        serve=FILE,
        metrics=report,
        card=card(report),
        scored=scored,
        parameters=entry["parameters"],
    )


def mean_auc(kinds: Mapping[str, Mapping[str, Any]]) -> float:
    """Of both networks together, stills, clips and swaps alike."""
    return float(np.mean([one["auc"]["value"] for one in kinds.values()]))
