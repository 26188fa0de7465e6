r"""Release the audio encoder: cross-fitted numbers, the combination with the CQCC CNN, int8, card.

    python -m assay_lab release-audio-encoder --stores STORES --runs RUNS/audio \
        --models models --work WORK

RUNS/audio-0, -1 and -2, those that there are, held out one fold of sites each; their mean is
released, and every number is said by a network that has not heard the site. Sites of a fold that
no run held out are known to all of them, so they are not measured on.
"""

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any, Final

import numpy as np
import torch
import typer
from torch import Tensor, nn

from assay.branches.audio.log_mel import RATE, levelled, log_mel
from assay.branches.audio.windows import FRONT_END, trim, windows
from assay.models.sessions import open_session
from assay.types import Doubles, Flags, Waveform
from assay_lab.audio.encoder.card import card
from assay_lab.audio.encoder.dataset import Recording, fold_of, recordings_of
from assay_lab.audio.encoder.net import EncoderDetector
from assay_lab.audio.scores import CONDITIONS, LONGEST_SECONDS
from assay_lab.core import metrics
from assay_lab.core.calibrate import fit_platt
from assay_lab.core.combination import Combination, by_maker, fit_combination
from assay_lab.core.export import release, to_onnx
from assay_lab.core.loop import load_average, read_config
from assay_lab.core.quantise import milliseconds, quantise_weights
from assay_lab.core.scored import Scored, numbers_of
from assay_lab.core.soup import averaged
from assay_lab.data.held_out import AUDIO_FOLD
from assay_lab.data.speech import Store
from assay_lab.data.split import bucket, first_recipe, runs_by_fold

NAME: Final = "audio_encoder"
FILE: Final = "model.int8.onnx"
CNN: Final = "audio_cqcc_cnn"
OF_A_MAKER: Final = 20
REALS: Final = 4
"""Real recordings of a site for each of a generator: sites have one class of real ones."""
EVERY: Final = 8
"""Of the recordings every eighth goes through the conditions."""

Said = dict[str, Doubles]
"""Mean logit of each recording's windows by network: `encoder` and `cnn`."""


class Served(nn.Module):
    """spectra (n, 80, frames) of `log_mel` -> logit (n,), embedding (n, 256)."""

    def __init__(self, net: EncoderDetector) -> None:
        super().__init__()
        self.net = net

    def forward(self, spectra: Tensor) -> tuple[Tensor, Tensor]:
        return self.net(spectra)


def command(
    stores: Annotated[Path, typer.Option(help="Folder of the stores of prepare-speech")],
    runs: Annotated[Path, typer.Option(help="Run folders, less -0, -1 and -2")],
    models: Annotated[Path, typer.Option(help="The repository's models folder")],
    work: Annotated[Path, typer.Option(help="Where the networks of the folds go")],
) -> None:
    """Export the networks, combine them with the CNN, measure, and put them under models/."""
    torch.set_num_threads(2)
    folds = runs_by_fold(runs, "train-audio-encoder")
    configs = [read_config(run) for run in folds.values()]
    networks = {fold: load(run) for fold, run in folds.items()}
    soup = EncoderDetector(configs[0]["blocks"])
    soup.load_state_dict(averaged([net.state_dict() for net in networks.values()]))
    whole = {name: export(net) for name, net in {**networks, "test": soup}.items()}
    small = {name: quantise_weights(content) for name, content in whole.items()}
    sessions = {name: open_session(content, threads=2) for name, content in small.items()}
    cnn = open_session((models / CNN / "model.onnx").read_bytes(), threads=2)

    recordings = recordings_of([Store(stores / "speech")])
    chosen = measured(one for one in recordings if fold_of(one) in sessions)
    said = say(chosen, sessions, cnn, "clean")
    labels = np.array([one.about.fake for one in chosen])
    is_test = np.array([fold_of(one) == "test" for one in chosen])
    unseen = np.array([unknown_to_cnn(one) for one in chosen])
    weights = by_maker([f"{one.maker} {one.about.fake}" for one in chosen])
    fit = unseen & ~is_test
    combination = fit_combination(
        labels[fit], {name: values[fit] for name, values in said.items()}, weights[fit]
    )
    alone = fit_platt(labels[~is_test], said["encoder"][~is_test])
    report: dict[str, Any] = {
        "command": "python -m assay_lab release-audio-encoder",
        "runs": configs,
        "combination": combination.parameters,
        "calibration": alone._asdict(),
        "out_of_fold": numbers(chosen, said, combination, unseen & ~is_test),
        "out_of_fold_all_sites": numbers(chosen, said, combination, ~is_test),
        "test": numbers(chosen, said, combination, is_test),
        "sources": by_source(chosen, combination.logit(said)),
        "conditions": {
            name: _condition(chosen[::EVERY], sessions, cnn, combination, name)
            for name in CONDITIONS
        },
        "int8": audit(chosen, whole, small, next(iter(folds))),
    }
    release(
        models,
        NAME,
        {FILE: small["test"]},
        serve=FILE,
        metrics=report,
        card=card(report),
        scored={
            "sites never heard, out of fold": _scored(chosen, said, combination, unseen & ~is_test),
            "sites never heard, test": _scored(chosen, said, combination, is_test),
        },
        parameters={**alone._asdict(), "combination": combination.parameters},
    )
    for fold in folds:
        of_fold = work / f"fold-{fold}" / NAME
        of_fold.mkdir(parents=True, exist_ok=True)
        (of_fold / FILE).write_bytes(small[fold])
    print(json.dumps(report, indent=2))


def load(run: Path) -> EncoderDetector:
    """The averaged network of a run."""
    net = EncoderDetector(read_config(run)["blocks"])
    load_average(run, net)
    return net.eval()


def export(net: EncoderDetector) -> bytes:
    """The served network as an ONNX file."""
    return to_onnx(
        Served(net).eval(),
        {"spectra": torch.randn(2, 80, 300)},
        ("logit", "embedding"),
        {"spectra": {0: "batch", 2: "frames"}},
        tolerance=2e-3,
    )


def measured(recordings: Iterable[Recording]) -> list[Recording]:
    """Recordings that numbers are computed from: evenly over makers, always the same."""
    seen: Counter[str] = Counter()
    chosen = []
    for one in sorted(recordings, key=lambda one: bucket(one.about.key, 2**32, salt="measure")):
        key = f"{one.maker} {one.about.fake}"
        seen[key] += 1
        if seen[key] <= OF_A_MAKER * (1 if one.about.fake else REALS):
            chosen.append(one)
    return chosen


def heard(wave: Waveform) -> list[Waveform]:
    """The windows that serving would cut from a recording."""
    first, last = trim(wave)
    last = min(last, first + int(LONGEST_SECONDS * RATE))
    return [wave[first + start : first + end] for start, end in windows(last - first)]


def say(
    recordings: Sequence[Recording], sessions: Mapping[str, Any], cnn: Any, condition: str
) -> Said:
    """Mean logits, each recording by the encoder that has not heard its site.

    A recording in which a condition leaves nothing to judge says nothing: 0.
    """
    found: dict[str, list[float]] = {"encoder": [], "cnn": []}
    for one in recordings:
        cut = heard(CONDITIONS[condition](one.store.wave(one.about)))
        session = sessions[fold_of(one)]
        encoder = [
            float(session.run(None, {"spectra": log_mel(levelled(wave))[None]})[0][0])
            for wave in cut
        ]
        other = [float(cnn.run(["logit"], {"cqcc": FRONT_END(w)[None]})[0][0]) for w in cut]
        found["encoder"].append(float(np.mean(encoder)) if cut else 0.0)
        found["cnn"].append(float(np.mean(other)) if cut else 0.0)
    return {name: np.array(values) for name, values in found.items()}


def unknown_to_cnn(one: Recording) -> bool:
    """Whether the released CNN has not learned from a recording's site."""
    known = one.about.source in first_recipe() and one.about.fold != AUDIO_FOLD
    return not known


def numbers(
    recordings: Sequence[Recording], said: Said, combination: Combination, keep: Flags
) -> dict[str, Any]:
    """Everything of both networks together, AUC and EER of each alone; intervals by site."""
    scored = _scored(recordings, said, combination, keep)
    alone = {
        f"{metric.__name__}_{name}": round(metric(scored.labels, values[keep]), 4)
        for name, values in said.items()
        for metric in (metrics.auc, metrics.eer)
    }
    return {**numbers_of(scored), **alone, "sources": len(set(scored.groups))}


def by_source(recordings: Sequence[Recording], odds: Doubles) -> list[dict[str, Any]]:
    """For each site and generator the number of recordings and how many score over a half."""
    found: dict[tuple[str, bool], list[float]] = {}
    for one, value in zip(recordings, odds, strict=True):
        found.setdefault((one.maker.strip(), one.about.fake), []).append(float(value))
    return [
        {
            "source": maker,
            "label": "fake" if fake else "real",
            "files": len(values),
            "over_half": round(float(np.mean(np.array(values) > 0)), 3),
        }
        for (maker, fake), values in sorted(found.items())
    ]


def audit(
    recordings: Sequence[Recording],
    whole: Mapping[str, bytes],
    small: Mapping[str, bytes],
    fold: str,
) -> dict[str, float]:
    """What int8 changes in the network of a fold: size, time, AUC."""
    mine = [one for one in recordings if fold_of(one) == fold][::2]
    labels = np.array([one.about.fake for one in mine])
    spectra = [log_mel(levelled(one.excerpt(0.0, 4.0)))[None] for one in mine]
    before, after = (
        np.array([float(session.run(None, {"spectra": s})[0][0]) for s in spectra])
        for session in (open_session(content, threads=2) for content in (whole[fold], small[fold]))
    )
    longest = max(spectra, key=lambda s: s.shape[2])
    return {
        "megabytes": round(len(whole[fold]) / 1e6, 2),
        "megabytes_int8": round(len(small[fold]) / 1e6, 2),
        "milliseconds": round(milliseconds(whole[fold], {"spectra": longest}), 1),
        "milliseconds_int8": round(milliseconds(small[fold], {"spectra": longest}), 1),
        "auc": round(metrics.auc(labels, before), 4),
        "auc_int8": round(metrics.auc(labels, after), 4),
    }


def _condition(
    recordings: Sequence[Recording],
    sessions: Mapping[str, Any],
    cnn: Any,
    combination: Combination,
    name: str,
) -> dict[str, float]:
    labels = np.array([one.about.fake for one in recordings])
    odds = combination.logit(say(recordings, sessions, cnn, name))
    return {
        "auc": round(metrics.auc(labels, odds), 4),
        "eer": round(metrics.eer(labels, odds), 4),
        "real over half": round(float((odds[~labels] > 0).mean()), 4),
        "fake over half": round(float((odds[labels] > 0).mean()), 4),
    }


def _scored(
    recordings: Sequence[Recording], said: Said, combination: Combination, keep: Flags
) -> Scored:
    odds = combination.logit(said)[keep]
    some = [one for one, kept in zip(recordings, keep, strict=True) if kept]
    labels = np.array([one.about.fake for one in some])
    return Scored(labels, 1 / (1 + np.exp(-odds)), [one.about.source for one in some])
