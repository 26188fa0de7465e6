"""A fusion head: a regression, its temperature and its band, fitted for a pattern of modalities."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.special import expit
from sklearn.pipeline import Pipeline

from assay.types import Doubles
from assay_lab.fusion.band import CAP, conformal_band
from assay_lab.fusion.examine import Examined
from assay_lab.fusion.patterns import HEADS, are_enough, columns_of, usable, values_of
from assay_lab.fusion.regression import regression, votes_of
from assay_lab.fusion.strength import choose_strength
from assay_lab.fusion.temperature import fit_temperature
from assay_lab.fusion.weights import balance

FALSE_ALARMS = 0.02
"""Share of real media that may be called a deepfake."""
MISSES = 0.03
"""Share of fakes that may be called authentic."""
DECISIVE_FALSE_ALARMS = 0.01
"""Share of real media that a modality may call a deepfake against all others."""


@dataclass(frozen=True, slots=True)
class Head:
    """A fitted head.

    authentic_below, deepfake_above: edges of the Inconclusive band. decisive_above: from where a
    modality decides alone.
    """

    name: str
    model: Pipeline
    columns: list[str]
    temperature: float
    strength: float
    authentic_below: float
    deepfake_above: float
    decisive_above: float

    def probabilities(self, lines: Sequence[Examined]) -> Doubles:
        """Calibrated P(fake) of media that have its modalities, (n,)."""
        logits = self.model.decision_function(values_of(lines, self.columns))
        return np.asarray(np.clip(expit(logits / self.temperature), *CAP))

    @property
    def file(self) -> str:
        """Name of the calibrated bundle."""
        ways = self.name.count("+") + 1
        plain = self.name in HEADS[:4]
        return f"clip_fusion_logreg_{ways}way{'' if plain else '_' + self.name.replace('+', '_')}"

    def bundle(self, temperature: float) -> dict[str, Any]:
        """What the service opens, at a temperature."""
        return {
            "model": self.model,
            "feature_cols": self.columns,
            "temperature": temperature,
        }


def fit_heads(lines: Sequence[Examined], names: Sequence[str] = HEADS) -> dict[str, Head]:
    """Those heads that have enough media of both classes, by name."""
    heads = {}
    for name in names:
        some = usable(lines, name)
        if are_enough(some):
            heads[name] = fit_head(some, name, FALSE_ALARMS, MISSES)
    return heads


def settings_of(heads: Mapping[str, Head]) -> dict[str, Any]:
    """What the manifest says of them, see `assay.fusion`."""
    return {
        "heads": {
            name: {
                "file": f"{head.file}_calibrated.joblib",
                "authentic_below": round(head.authentic_below, 5),
                "deepfake_above": round(head.deepfake_above, 5),
                "decisive_above": round(head.decisive_above, 5),
            }
            for name, head in heads.items()
        },
        "cap": list(CAP),
    }


def fit_head(lines: Sequence[Examined], name: str, false_alarms: float, misses: float) -> Head:
    """Fit one head.

    Args:
        lines: Media with all its modalities.
        name: As in HEADS.
        false_alarms: Share of real media that may be called a deepfake.
        misses: Share of fakes that may be called authentic.

    Returns:
        The head; with temperature 1 where the refitted one was rejected, see `fit_temperature`.
    """
    columns = columns_of(name)
    values = values_of(lines, columns)
    votes = votes_of(columns)
    labels = np.array([line.fake for line in lines])
    groups = np.array([line.unit for line in lines])
    weights = balance(lines)
    strength, logits = choose_strength(values, labels, groups, weights, votes)
    try:
        temperature = fit_temperature(labels, logits, weights)
    except ValueError as reason:
        print(f"{name}: {reason}; it stays at 1")
        temperature = 1.0
    probabilities = np.clip(expit(logits / temperature), *CAP)
    low, high = conformal_band(labels, probabilities, weights, false_alarms, misses)
    _, decisive = conformal_band(labels, probabilities, weights, DECISIVE_FALSE_ALARMS, misses)
    return Head(
        name=name,
        model=regression(values, labels, weights, strength, votes),
        columns=columns,
        temperature=temperature,
        strength=strength,
        authentic_below=low,
        deepfake_above=high,
        decisive_above=max(high, decisive),
    )
