"""Where to put a threshold on P(fake), by what one wants of it, and what comes of it there."""

from collections.abc import Callable, Mapping
from typing import Any, Final, NamedTuple

import numpy as np

from assay.types import Doubles
from assay_lab.core import metrics
from assay_lab.core.scored import THRESHOLD, Scored
from assay_lab.data.split import fold


class Confusion(NamedTuple):
    """Answers at a threshold, counted. Rates are None where there is nothing to divide by."""

    detected: int
    missed: int
    false_alarms: int
    cleared: int

    @property
    def accuracy(self) -> float | None:
        """Share of all media that is called what it is."""
        return _ratio(self.detected + self.cleared, sum(self))

    @property
    def recall(self) -> float | None:
        """Share of the fakes that is called fake."""
        return _ratio(self.detected, self.detected + self.missed)

    @property
    def false_alarm_rate(self) -> float | None:
        """Share of the real media that is called fake."""
        return _ratio(self.false_alarms, self.false_alarms + self.cleared)

    @property
    def balanced_accuracy(self) -> float | None:
        """Mean of both classes' accuracies."""
        if self.recall is None or self.false_alarm_rate is None:
            return None
        return (self.recall + 1 - self.false_alarm_rate) / 2

    @property
    def precision(self) -> float | None:
        """Share of fakes among what is called fake. It depends on how many of each there are."""
        return _ratio(self.detected, self.detected + self.false_alarms)

    @property
    def f1(self) -> float | None:
        """Harmonic mean of precision and recall."""
        return _ratio(2 * self.detected, 2 * self.detected + self.false_alarms + self.missed)

    def numbers(self) -> dict[str, Any]:
        """Counts, and rates to four digits, for JSON."""
        names = ("accuracy", "balanced_accuracy", "precision", "recall", "f1", "false_alarm_rate")
        rates = {name: getattr(self, name) for name in names}
        rounded = {name: None if rate is None else round(rate, 4) for name, rate in rates.items()}
        return {"confusion": self._asdict(), **rounded}


def _ratio(part: int, whole: int) -> float | None:
    return part / whole if whole else None


def confusion(scored: Scored, threshold: float) -> Confusion:
    """What comes of calling fake what lies above a threshold."""
    called = scored.probabilities > threshold
    return Confusion(
        detected=int((called & scored.labels).sum()),
        missed=int((~called & scored.labels).sum()),
        false_alarms=int((called & ~scored.labels).sum()),
        cleared=int((~called & ~scored.labels).sum()),
    )


Choose = Callable[[Scored], float]
"""Media of both classes to a threshold in 0..1."""


def best_f1(scored: Scored) -> float:
    """Where F1 is highest; of several such, the lowest."""
    thresholds, alarms, misses = _candidates(scored)
    fakes, reals = int(scored.labels.sum()), int((~scored.labels).sum())
    detected = (1 - misses) * fakes
    return float(thresholds[np.argmax(2 * detected / (detected + alarms * reals + fakes))])


def youden(scored: Scored) -> float:
    """Where recall stands highest above the rate of false alarms; of several such, the lowest.

    Youden, "Index for rating diagnostic tests", 1950.
    """
    thresholds, alarms, misses = _candidates(scored)
    return float(thresholds[np.argmax(1 - misses - alarms)])


def at_false_alarms(share: float) -> Choose:
    """The lowest threshold with at most such a share of false alarms."""

    def choose(scored: Scored) -> float:
        thresholds, alarms, _ = _candidates(scored)
        return float(thresholds[np.argmax(alarms <= share)])

    return choose


CHOICES: Final[Mapping[str, Choose]] = {
    "as calibrated": lambda scored: THRESHOLD,
    "best F1": best_f1,
    "Youden": youden,
    "at most 1 % false alarms": at_false_alarms(0.01),
    "at most 5 % false alarms": at_false_alarms(0.05),
    "at most 10 % false alarms": at_false_alarms(0.10),
}


def threshold_table(scored: Scored) -> dict[str, dict[str, Any]]:
    """Each choice's threshold, what comes of it, and what comes of one that is chosen elsewhere.

    Args:
        scored: Media of both classes.
    """
    table = {}
    for name, choose in CHOICES.items():
        threshold = choose(scored)
        elsewhere = chosen_elsewhere(scored, choose)
        table[name] = {
            "threshold": threshold,
            **confusion(scored, threshold).numbers(),
            "chosen_elsewhere": None if elsewhere is None else elsewhere.numbers(),
        }
    return table


def chosen_elsewhere(scored: Scored, choose: Choose) -> Confusion | None:
    """What comes of thresholds that do not know the media: each half's is chosen on the other.

    None where a half lacks a class. Groups stay whole.
    """
    first = np.array([fold(group, 2) == 0 for group in scored.groups], bool)
    halves = scored.where(first), scored.where(~first)
    if not all(half.has_both for half in halves):
        return None
    counts = [confusion(mine, choose(other)) for mine, other in (halves, halves[::-1])]
    return Confusion(*(sum(both) for both in zip(*counts, strict=True)))


def _candidates(scored: Scored) -> tuple[Doubles, Doubles, Doubles]:
    """Thresholds (rising) half-way between neighbouring scores, with both error rates there."""
    scores, alarms, misses = metrics.error_curve(scored.labels, scored.probabilities)
    edges = np.concatenate([[0.0], scores[1:], [1.0]])
    between = (edges[:-1] + edges[1:]) / 2
    return between, alarms, misses
