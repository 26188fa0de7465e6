"""What every card says of scored media: ranking, calibration, and what abstaining buys."""

from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np

from assay.types import Doubles, Flags
from assay_lab.core import metrics

THRESHOLD = 0.5
"""Of calibrated scores: where a branch says fake."""


class Scored(NamedTuple):
    """Media that chose nothing, with what was said of them.

    labels: (n,) True for fake. probabilities: (n,) calibrated P(fake). groups: a key each; media
    of a group are not independent.
    """

    labels: Flags
    probabilities: Doubles
    groups: list[str]

    def where(self, keep: Flags) -> "Scored":
        """Some of them, by a mask (n,)."""
        groups = [group for group, kept in zip(self.groups, keep, strict=True) if kept]
        return Scored(self.labels[keep], self.probabilities[keep], groups)

    @property
    def has_both(self) -> bool:
        """Whether there are real and fake ones."""
        return bool(self.labels.any() and not self.labels.all())


def numbers_of(scored: Scored) -> dict[str, Any]:
    """All numbers of media of both classes; the AUC with a 95 % interval by bootstrap of groups."""
    y, p, _ = scored
    return {
        "real": int((~y).sum()),
        "fake": int(y.sum()),
        "auc": auc_interval(scored),
        "eer": round(metrics.eer(y, p), 4),
        "average_precision": round(metrics.average_precision(y, p), 4),
        "balanced_accuracy": round(metrics.balanced_accuracy(y, p, THRESHOLD), 4),
        "false_alarms": round(metrics.false_alarm_rate(y, p, THRESHOLD), 4),
        "ece": round(metrics.ece(y, p), 4),
        "ece_even": round(metrics.ece(y, p, even=True), 4),
        "ece_by_chance": round(metrics.ece_by_chance(p), 4),
        "brier": round(metrics.brier(y, p), 4),
        "nll": round(metrics.nll(y, p), 4),
        "cllr": round(metrics.cllr(y, p), 4),
        "accuracy_at_80_percent_coverage": round(1 - metrics.risk_at(y, p, 0.8), 4),
        # Scores by tenths: a running service tells how far its own lie from these.
        "histogram": np.histogram(p, 10, (0.0, 1.0))[0].tolist(),
    }


def verdict_rates(fakes: Flags, called_fake: Flags, called_real: Flags) -> dict[str, float | None]:
    """How often the service would decide, and how often it would be right when it does.

    Args:
        fakes: (n,) what the media are. called_fake, called_real: (n,) verdicts; neither where it
            does not decide.
    """
    decided = called_fake | called_real
    return {
        "coverage": share(decided),
        "accuracy_when_decided": share((called_fake == fakes)[decided]),
        "real_called_deepfake": share(called_fake[~fakes]),
        "fake_called_authentic": share(called_real[fakes]),
    }


def share(these: Flags) -> float | None:
    """Of a mask, None where it is empty."""
    return round(float(these.mean()), 4) if len(these) else None


def auc_interval(scored: Scored) -> dict[str, float]:
    """AUC with its 95 % interval, by bootstrap over groups."""
    interval = metrics.group_bootstrap(metrics.auc, *scored)
    return {name: round(value, 4) for name, value in interval._asdict().items()}


def interval_words(found: Mapping[str, float]) -> str:
    """An interval for a table of a card, as in "0.803 (0.642 to 0.921)"."""
    return f"{found['value']:.3f} ({found['low']:.3f} to {found['high']:.3f})"
