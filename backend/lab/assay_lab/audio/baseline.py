"""`score-aasist`: published AASIST-L on the recordings that the audio branch is measured on.

python -m assay_lab score-aasist --work WORK --weights AASIST-L.pth --out WORK/AASIST-L.csv
python -m assay_lab release-audio --work WORK --run RUN --models models --baseline WORK/AASIST-L.csv
"""

import csv
from pathlib import Path
from typing import Annotated

import torch
import typer

from assay_lab.audio.aasist import fitted, load_aasist
from assay_lab.audio.report import some_of_each
from assay_lab.audio.scores import read_scores
from assay_lab.data.speech import Store, half


def command(
    work: Annotated[Path, typer.Option(help="Folder of prepare-speech")],
    weights: Annotated[Path, typer.Option(help="Published weights of AASIST-L")],
    out: Annotated[Path, typer.Option(help="Table of key and logit; another run continues it")],
    fold: Annotated[int, typer.Option(help="The fold that the audio branch holds out")] = 0,
    each: Annotated[int, typer.Option(help="Recordings of each label")] = 150,
) -> None:
    """Score held-out recordings with AASIST-L, for release-audio's --baseline."""
    torch.set_num_threads(1)
    net = load_aasist(weights)
    store = Store(work / "stores" / "speech")
    held_out = [row for row in store.rows if row.fold == fold and row.kind == "speech"]
    rows = some_of_each([row for row in held_out if half(row) == "test"], each)
    known = {score.key for score in read_scores(out)} if out.exists() else set()
    with out.open("a", newline="") as file:
        table = csv.writer(file)
        if not known:
            table.writerow(("key", "logit"))
        for row in rows:
            if row.key not in known:
                with torch.inference_mode():
                    logit = net(torch.from_numpy(fitted(store.wave(row)))[None])
                table.writerow((row.key, f"{float(logit):.5f}"))
                file.flush()
