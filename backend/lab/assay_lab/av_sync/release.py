"""Release the sync branch's towers: fit its head, measure it, write its card."""

import json
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import torch
import typer
from sklearn.linear_model import LogisticRegression

from assay.branches.av_sync.branch import Session as Towers
from assay.branches.av_sync.branch import motion, probability, spoken
from assay.branches.av_sync.curve import STATISTICS
from assay.branches.av_sync.mel import BANDS
from assay.branches.av_sync.windows import FRAMES, PICTURES, SIDE
from assay.models.sessions import open_session
from assay.types import Doubles
from assay_lab.av_sync.clips import Talk, load_all
from assay_lab.av_sync.dataset import is_lesson
from assay_lab.av_sync.net import AvSyncNet
from assay_lab.av_sync.train import HELD_OUT
from assay_lab.av_sync.trials import (
    FOREIGN,
    KINDS,
    REAL,
    SHIFTS,
    Trial,
    shift_kind,
    speaker_curve,
    trials,
)
from assay_lab.core import metrics
from assay_lab.core.export import release, to_onnx
from assay_lab.core.loop import load_average, read_config
from assay_lab.core.scored import Scored, interval_words
from assay_lab.data.split import split_of

NAME = "av_sync_head"
LEAST_MOTION = 0.05
"""Under this a mouth is taken to be shut, see `motion`."""
STRENGTH = 0.03
"""Inverse of the head's regularisation: it is fitted on few clips."""

Parameters = dict[str, Any]


def command(
    clips: Annotated[Path, typer.Option(help="Cache of extract-talking")],
    run: Annotated[Path, typer.Option(help="Run folder of train-av-sync")],
    models: Annotated[Path, typer.Option(help="The repository's models folder")],
) -> None:
    """Export the averaged towers of a run, measure them, and put them under models/."""
    net = AvSyncNet()
    steps = load_average(run, net)
    content = export(net)
    towers = open_session(content)
    talks = list(load_all(clips))
    lessons = [talk for talk in talks if is_lesson(talk)]
    learnt = [talk for talk in lessons if talk.about.source not in HELD_OUT]
    strange = [talk for talk in lessons if talk.about.source in HELD_OUT]
    test = trials(_of_part(learnt, "test"), towers)
    held_out = trials(strange, towers)
    # The other parts are kept for the fusion and the evaluation, which trust this head.
    head = fit([trial for trial in held_out if split_of(trial.about.group) == "train"])
    cross_fitted = judge_by_others(held_out)
    like_training = judge(test, head)
    metrics_ = {
        "command": "python -m assay_lab release-av-sync",
        "run": read_config(run),
        "steps": steps,
        "weights": sum(p.numel() for p in net.parameters()),
        "trained_on": _amount(_of_part(learnt, "train")),
        "head_fitted_on": _amount(_of_part(strange, "train")),
        "test": {
            "clips like those of training": report(like_training),
            "sources held out": report(cross_fitted),
        },
        "sources": by_source(cross_fitted),
        "still_mouths": still_mouths(lessons),
        "published_fakes": published_fakes(talks, towers, head),
    }
    release(
        models,
        NAME,
        {"model.onnx": content},
        serve="model.onnx",
        metrics=metrics_,
        card=card(metrics_),
        scored={
            "clips like those of training": scored_by(like_training),
            "sources held out": scored_by(cross_fitted),
        },
        parameters=head,
    )
    print(json.dumps(metrics_, indent=2))


def export(net: AvSyncNet) -> bytes:
    """The towers as an ONNX file, for any numbers of windows."""
    lips = torch.randint(0, 256, (3, PICTURES, SIDE, SIDE), dtype=torch.uint8)
    return to_onnx(
        net,
        {"lips": lips, "voice": torch.randn(5, FRAMES, BANDS)},
        ("lips_embedding", "voice_embedding"),
        {"lips": {0: "batch"}, "voice": {0: "time"}},
    )


@dataclass(frozen=True, slots=True)
class Judged:
    """A trial and the P(in sync) that a head which did not see it gives."""

    trial: Trial
    in_sync: float

    @property
    def score(self) -> float:
        """P(fake)."""
        return 1 - self.in_sync


def fit(found: Sequence[Trial]) -> Parameters:
    """The head: P(in sync) by logistic regression on the statistics of curves.

    Fitted on sources that the towers do not know, for such is what people upload: on clips like
    those of training the towers are so good that the head would be far too sure of itself.
    Both classes weigh the same, so that 0.5 means that nothing is known, and sources weigh as the
    roots of their sizes: what is learnt from one camera and language holds less for others.
    """
    known = [trial for trial in found if trial.curve is not None]
    values = np.array([trial.curve.statistics() for trial in known if trial.curve is not None])
    centre, scale = values.mean(axis=0), values.std(axis=0) + 1e-6
    model = LogisticRegression(C=STRENGTH, max_iter=1000)
    model.fit((values - centre) / scale, [not t.fake for t in known], sample_weight=_weights(known))
    weights = model.coef_[0] / scale
    bias = float(model.intercept_[0] - weights @ centre)
    return {
        "weights": [round(float(weight), 5) for weight in weights],
        "bias": round(bias, 5),
        "least_motion": LEAST_MOTION,
    }


def _weights(found: Sequence[Trial]) -> Doubles:
    """One weight a trial, 1 on average."""
    kinds = [(trial.fake, trial.about.source) for trial in found]
    sizes = Counter(kinds)
    weights = np.array([sizes[kind] ** -0.5 for kind in kinds])
    fakes = np.array([trial.fake for trial in found])
    for mine in (fakes, ~fakes):
        weights[mine] *= len(found) / 2 / weights[mine].sum()
    return weights


def judge(found: Iterable[Trial], head: Parameters) -> list[Judged]:
    """Those of the trials that have a curve, judged by one head."""
    return [
        Judged(trial, probability(trial.curve, head)) for trial in found if trial.curve is not None
    ]


def judge_by_others(found: Sequence[Trial]) -> list[Judged]:
    """Each source judged by a head that was fitted on the other sources."""
    judged = []
    for source in sorted({trial.about.source for trial in found}):
        others = [trial for trial in found if trial.about.source != source]
        mine = (trial for trial in found if trial.about.source == source)
        judged += judge(mine, fit(others))
    return judged


def report(found: Sequence[Judged]) -> dict[str, Any]:
    """Numbers on trials that chose nothing; intervals resample whole groups."""
    real = [one for one in found if not one.trial.fake]
    in_sync = np.array([one.in_sync for one in real])
    return {
        "clips": len(real),
        "auc": {
            name: _auc(real, [one for one in found if one.trial.kind in kinds])
            for name, kinds in _FAMILIES.items()
        },
        "false_alarms": {
            "P(in sync) < 0.5": round(float((in_sync < 0.5).mean()), 4),
            "P(in sync) < 0.3": round(float((in_sync < 0.3).mean()), 4),
        },
        "ece": round(metrics.ece(*scored_by(found)[:2]), 4),
    }


_FAMILIES = {
    **{f"moved by {by} s": (shift_kind(-by), shift_kind(by)) for by in SHIFTS},
    "foreign voice": (FOREIGN,),
}


def _auc(real: Sequence[Judged], tampered: Sequence[Judged]) -> dict[str, float]:
    both = [*real, *tampered]
    interval = metrics.group_bootstrap(
        metrics.auc,
        [one.trial.fake for one in both],
        [one.score for one in both],
        [one.trial.about.group for one in both],
    )
    return {"trials": len(both)} | {
        name: round(value, 4) for name, value in interval._asdict().items()
    }


def scored_by(found: Sequence[Judged]) -> Scored:
    """Equally many real and tampered ones: of each clip one kind of tampering, in turn."""
    clips: dict[str, dict[str, Judged]] = defaultdict(dict)
    for one in found:
        clips[one.trial.about.key][one.trial.kind] = one
    both = []
    for turn, kinds in enumerate(clips.values()):
        kind = KINDS[1 + turn % (len(KINDS) - 1)]
        if REAL in kinds and kind in kinds:
            both += [kinds[REAL], kinds[kind]]
    return Scored(
        np.array([one.trial.fake for one in both], bool),
        np.array([one.score for one in both]),
        [one.trial.about.group for one in both],
    )


def by_source(found: Iterable[Judged]) -> dict[str, Any]:
    """The held-out sources one by one; without intervals, for they are few clips each."""
    sources: dict[str, list[Judged]] = defaultdict(list)
    for one in found:
        sources[one.trial.about.source].append(one)
    numbers = {}
    for source, mine in sorted(sources.items()):
        labels = [one.trial.fake for one in mine]
        if len(set(labels)) == 2:
            real = [one.in_sync for one in mine if not one.trial.fake]
            numbers[source] = {
                "clips": len(real),
                "auc": round(metrics.auc(labels, [one.score for one in mine]), 4),
                "false_alarms": round(float((np.array(real) < 0.5).mean()), 4),
            }
    return numbers


def still_mouths(talks: Iterable[Talk]) -> dict[str, float]:
    """Share of real talking clips that the least motion keeps from being judged."""
    found = []
    for talk in talks:
        assert talk.speech is not None
        stretches = spoken(talk.mouths[0], talk.speech)
        if any(stretch.spoken.any() for stretch in stretches):
            found.append(motion(stretches))
    return {"clips": len(found), "share": round(float(np.mean(np.array(found) < LEAST_MOTION)), 4)}


def published_fakes(talks: Iterable[Talk], towers: Towers, head: Parameters) -> dict[str, Any]:
    """How generated talking clips are judged, of which none was learnt from."""
    fakes = [talk for talk in talks if talk.about.fake and talk.speech is not None]
    curves = [speaker_curve(talk, towers, LEAST_MOTION) for talk in fakes]
    found = np.array([probability(curve, head) for curve in curves if curve is not None])
    return {
        "clips": len(fakes),
        "judged": len(found),
        "not_in_sync": round(float((found < 0.5).mean()), 4) if len(found) else None,
    }


def _of_part(talks: Iterable[Talk], name: str) -> list[Talk]:
    return [talk for talk in talks if split_of(talk.about.group) == name]


def _amount(talks: Sequence[Talk]) -> dict[str, Any]:
    spoken_seconds = sum(talk.speech.voiced_seconds for talk in talks if talk.speech)
    return {
        "clips": len(talks),
        "minutes_of_speech": round(spoken_seconds / 60, 1),
        "median_seconds": round(float(np.median([talk.about.duration for talk in talks])), 1),
        "sources": dict(Counter(talk.about.source for talk in talks).most_common()),
    }


def card(numbers: dict[str, Any]) -> str:
    """The model card, from the numbers alone."""
    names = list(numbers["test"])
    rows = [f"| real against | {' | '.join(names)} |", "|---|" + "---|" * len(names)]
    for family in _FAMILIES:
        cells = [numbers["test"][name]["auc"][family] for name in names]
        rows.append(f"| {family} | {' | '.join(map(interval_words, cells))} |")
    more: dict[str, Callable[[dict[str, Any]], str]] = {
        "real clips": lambda one: str(one["clips"]),
        "false alarms (P(in sync) < 0.5)": lambda one: (
            f"{one['false_alarms']['P(in sync) < 0.5']:.1%}"
        ),
        "false alarms (P(in sync) < 0.3)": lambda one: (
            f"{one['false_alarms']['P(in sync) < 0.3']:.1%}"
        ),
        "calibration error": lambda one: f"{one['ece']:.3f}",
    }
    for name, tell in more.items():
        rows.append(f"| {name} | {' | '.join(tell(numbers['test'][one]) for one in names)} |")
    sources = [
        f"| {source} | {one['clips']} | {one['auc']:.3f} | {one['false_alarms']:.0%} |"
        for source, one in numbers["sources"].items()
    ]
    source, most = next(iter(numbers["trained_on"]["sources"].items()))
    return CARD.format(
        source=source,
        share=most / numbers["trained_on"]["clips"],
        statistics=", ".join(STATISTICS),
        table="\n".join(rows),
        sources="\n".join(sources),
        steps=numbers["steps"],
        weights=numbers["weights"],
        trained=numbers["trained_on"],
        fitted=numbers["head_fitted_on"],
        fakes=numbers["published_fakes"],
        still=numbers["still_mouths"]["share"],
        batch=numbers["run"]["batch"],
        alarms=numbers["test"]["sources held out"]["false_alarms"]["P(in sync) < 0.5"],
        sure=numbers["test"]["sources held out"]["false_alarms"]["P(in sync) < 0.3"],
    )


CARD = """
# av_sync_head

Do these lips speak these words? Two towers that embed 0.2 s of mouth pictures and 0.2 s of sound
into one space, {weights:,} weights. The branch compares them at all shifts of the sound up to
0.6 s; a logistic regression on the curve's statistics ({statistics}) gives P(in sync).
The idea is SyncNet's (Chung and Zisserman 2016), the towers and weights are our own.

**Input** `lips` (batch, 5, 48, 48) uint8 grey, `voice` (time, 20, 40) log-mel spectra as
`backend/assay/branches/av_sync/windows.py` cuts them. **Output** unit vectors (batch, 128) and
(time, 128).

**Training**: from scratch, {steps} batches of {batch} excerpts of {trained[clips]} real clips
({trained[minutes_of_speech]} minutes of speech), in the median {trained[median_seconds]} s long,
{share:.0%} of them of one source, {source}. Each mouth window has to find its
own moment among those of its excerpt and of all others in the batch. No fake was learnt from. The
head was fitted on {fitted[clips]} clips of sources that the towers do not know, of training groups
alone, real and tampered with, both weighing the same.

**Measured** on clips that neither trained the towers nor fitted the head that judges them: each
source held out is judged by a head fitted on the others. "Moved" is both earlier and later; what
leaves at one end comes back at the other, so that length tells nothing. A foreign voice is another
clip's of the same source. AUC with 95 % intervals by bootstrap over groups:

{table}

Clips like those of training are other clips of the same sources: their speakers are partly known
to the towers. The honest numbers are those of the sources held out:

| source | clips | AUC, all kinds of tampering | false alarms |
|---|---|---|---|
{sources}

**Published fakes**: {fakes[clips]} generated talking clips with sound, {fakes[judged]} of them
judged; the branch calls {fakes[not_in_sync]:.0%} of those not in sync. Most generators are driven
by the very sound they are shown with: their lips are in sync, and this branch cannot tell.

**Limits**: {trained[minutes_of_speech]} minutes of speech are very little. Of real clips of sources
held out, {alarms:.0%} get P(in sync) under 0.5 and {sure:.0%} under 0.3: this is a hint, not a
proof. Clips in which several faces are seen are judged by whoever fits best, which
was not measured. {still:.1%} of real talking clips are passed over because the mouth hardly moves.
Dubbed films and badly muxed recordings are out of sync without being deepfakes. Beards, masks,
profiles and languages were not measured apart.
"""
