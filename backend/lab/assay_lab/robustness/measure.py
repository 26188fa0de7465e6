"""What attacks came to: for the network under attack, and for the service that got the files."""

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np

from assay.evidence import Verdict
from assay_lab.core import metrics
from assay_lab.robustness.sweep import Outcome, Said

Numbers = dict[str, Any]


def report_of(outcomes: Sequence[Outcome]) -> Numbers:
    """All numbers, one entry a trial, in the order in which they were done."""
    by_trial: dict[Any, list[Outcome]] = {}
    for outcome in outcomes:
        # The files' formats tell stills and voices apart where both are attacked together.
        by_trial.setdefault((tuple(outcome.said), outcome.trial), []).append(outcome)
    return {
        "trials": [
            {
                "target": trial.target,
                "method": trial.method,
                "epsilon": trial.epsilon,
                "unit": "grey levels" if "png" in formats else "thousandths of full scale",
                "real": sum(not outcome.fake for outcome in mine),
                "fake": sum(outcome.fake for outcome in mine),
                "network": of_network(mine),
                "service": {
                    name: of_service((outcome.fake, outcome.said[name]) for outcome in mine)
                    for name in formats
                },
            }
            for (formats, trial), mine in by_trial.items()
        ]
    }


def of_network(outcomes: Sequence[Outcome]) -> Numbers:
    """The target's own logits: mean of each class, and how they rank."""
    fakes = np.array([outcome.fake for outcome in outcomes], bool)
    logits = np.array([outcome.logit for outcome in outcomes])
    return {
        "auc": _auc(fakes, logits),
        "real_logit": _mean(logits[~fakes]),
        "fake_logit": _mean(logits[fakes]),
    }


def of_service(said: Iterable[tuple[bool, Said]]) -> Numbers:
    """Verdicts of each class, counted, and P(fake)."""
    pairs = list(said)
    weighed = [(fake, of.probability) for fake, of in pairs if of.probability is not None]
    fakes = np.array([fake for fake, _ in weighed], bool)
    probabilities = np.array([probability for _, probability in weighed], np.float64)
    return {
        "real_called_deepfake": _count(pairs, False, Verdict.DEEPFAKE),
        "real_called_authentic": _count(pairs, False, Verdict.AUTHENTIC),
        "fake_called_deepfake": _count(pairs, True, Verdict.DEEPFAKE),
        "fake_called_authentic": _count(pairs, True, Verdict.AUTHENTIC),
        "auc": _auc(fakes, probabilities),
        "real_probability": _mean(probabilities[~fakes]),
        "fake_probability": _mean(probabilities[fakes]),
    }


def _count(pairs: Iterable[tuple[bool, Said]], fake: bool, verdict: Verdict) -> int:
    return sum(is_fake == fake and of.verdict is verdict for is_fake, of in pairs)


def _auc(fakes: Any, scores: Any) -> float | None:
    if not fakes.any() or fakes.all():
        return None
    return round(metrics.auc(fakes, scores), 4)


def _mean(values: Any) -> float | None:
    return round(float(values.mean()), 4) if len(values) else None
