"""Numbers of the audio branch on the half of a fold that chose nothing: by condition, family, site.

The network learned neither from the fold's sites and speakers nor from the families of vocoders
that are tested there; the calibration comes from the fold's other half.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
from scipy.special import expit

from assay.types import Doubles, Flags
from assay_lab.audio.scores import Score
from assay_lab.core import metrics
from assay_lab.core.calibrate import Platt
from assay_lab.data.speech import Utterance, is_unseen
from assay_lab.data.split import bucket

LEAST = 8
"""Fakes of a family, or recordings of a site, below which no number is given."""


@dataclass(frozen=True, slots=True)
class Judged:
    """Recordings with their logits and calibrated P(fake)."""

    rows: list[Utterance]
    labels: Flags
    logits: Doubles
    probabilities: Doubles

    def where(self, keep: Callable[[Utterance], bool]) -> "Judged":
        """Those that fulfil a condition."""
        chosen = np.array([keep(row) for row in self.rows], bool)
        return Judged(
            [row for row, kept in zip(self.rows, chosen, strict=True) if kept],
            self.labels[chosen],
            self.logits[chosen],
            self.probabilities[chosen],
        )


def judge(rows: Sequence[Utterance], scores: Sequence[Score], platt: Platt) -> Judged:
    """Join rows and scores; rows without a score are left out."""
    logit = {score.key: score.logit for score in scores}
    found = [row for row in rows if row.key in logit]
    logits = np.array([logit[row.key] for row in found], np.float64)
    labels = np.array([row.fake for row in found], bool)
    return Judged(found, labels, logits, expit(platt.slope * logits + platt.bias))


def headline(judged: Judged) -> dict[str, Any]:
    """Ranking on everything, calibration on as many fakes as real ones.

    The first with 95 % intervals by bootstrap over speakers; the second as the probabilities
    assume.
    """
    even = evened(judged)
    y, p = even.labels, even.probabilities
    return {
        **ranking(judged),
        "average_precision": round(metrics.average_precision(judged.labels, judged.logits), 4),
        "calibration_on": len(y),
        "ece": round(metrics.ece(y, p), 4),
        "brier": round(metrics.brier(y, p), 4),
        "nll": round(metrics.nll(y, p), 4),
        "cllr": round(metrics.cllr(y, p), 4),
        "risk_at_80_percent_coverage": round(metrics.risk_at(y, p, 0.8), 4),
    }


def ranking(judged: Judged) -> dict[str, Any]:
    """AUC and EER with intervals, and both kinds of error at the shipped threshold."""
    y, s, p = judged.labels, judged.logits, judged.probabilities
    groups = [row.group for row in judged.rows]
    return {
        "real": int((~y).sum()),
        "fake": int(y.sum()),
        "auc": _rounded(metrics.group_bootstrap(metrics.auc, y, s, groups)),
        "eer": _rounded(metrics.group_bootstrap(metrics.eer, y, s, groups)),
        "false_alarms": round(metrics.false_alarm_rate(y, p, 0.5), 4),
        "misses": round(float((p[y] <= 0.5).mean()), 4),
    }


def per_family(judged: Judged) -> dict[str, dict[str, Any]]:
    """For each family of vocoders: its fakes against all real speech."""
    sizes = Counter(row.vocoder for row in judged.rows if row.fake)
    table = {}
    for family, fakes in sizes.most_common():
        if fakes < LEAST:
            break
        part = judged.where(partial(_is_real_or_by, family))
        table[family] = {
            "fakes": fakes,
            "unseen": all(is_unseen(row) for row in part.rows if row.fake),
            "auc": round(metrics.auc(part.labels, part.logits), 4),
            "eer": round(metrics.eer(part.labels, part.logits), 4),
            "detected": round(float((part.probabilities[part.labels] > 0.5).mean()), 3),
        }
    return table


def _is_real_or_by(family: str, row: Utterance) -> bool:
    return not row.fake or row.vocoder == family


def per_source(judged: Judged) -> dict[str, dict[str, Any]]:
    """For each source of real speech: its share of false alarms."""
    real = judged.where(lambda row: not row.fake)
    table = {}
    for source, size in Counter(row.source for row in real.rows).most_common():
        here = real.where(partial(_is_from, source))
        if size >= LEAST:
            alarms = float((here.probabilities > 0.5).mean())
            table[source] = {"real": size, "false_alarms": round(alarms, 3)}
    return table


def _is_from(source: str, row: Utterance) -> bool:
    return row.source == source


def some_of_each(rows: Sequence[Utterance], each: int) -> list[Utterance]:
    """So many real and so many fake rows, the same ones every time."""
    mixed = sorted(rows, key=lambda row: bucket(row.key, 2**31, salt="some"))
    return [row for fake in (False, True) for row in [r for r in mixed if r.fake is fake][:each]]


def evened(judged: Judged) -> Judged:
    """As many fakes as real ones, the same ones every time."""
    each = min(int(judged.labels.sum()), int((~judged.labels).sum()))
    kept = {row.key for row in some_of_each(judged.rows, each)}
    return judged.where(lambda row: row.key in kept)


def _rounded(interval: metrics.Interval) -> dict[str, float]:
    return {name: round(value, 4) for name, value in interval._asdict().items()}
