"""Fit the fusion heads: for each pattern of modalities a regression, its temperature, its band.

Learns from `examine` lines of media that no branch has trained on (cross-fitted or held out).
Everything that is chosen here (regularisation, temperature, band) is chosen on predictions for
groups that the regression at hand has not seen either.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize, minimize_scalar
from scipy.special import expit, logit
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold, StratifiedGroupKFold
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import MinMaxScaler, StandardScaler

from assay.fusion import MODALITIES
from assay_lab.data.rows import FORGE
from assay_lab.examine import Examined

Floats = NDArray[np.float64]
Places = NDArray[np.int64]

HEADS: tuple[str, ...] = (
    "tiny+visual",
    "tiny+visual+audio",
    "tiny+visual+audio+temporal",
    "tiny+visual+audio+temporal+sync",
    "tiny",
    "audio",
    "tiny+audio",
    "tiny+audio+sync",
    "tiny+visual+temporal",
    "tiny+visual+audio+sync",
)
"""The four that each add a modality to the last, then what media and early exit leave over."""
OWN_MEDIA = {"audio": "speech", "tiny+visual": "image"}
"""Heads that one kind of media comes to, and no other should teach."""
HEARD_BY = {"shift": "sync", "foreign": "sync", "revoice": "audio"}
"""Our forgeries that leave every picture as it was, and the modality that can notice them."""
STRENGTHS = (0.003, 0.01, 0.03, 0.1, 0.3, 1.0, 3.0)
"""Inverse regularisation to choose from."""
FOLDS = 5
LOG_TEMPERATURE = 3.0
"""Bound of |log T|: an optimum on it is no optimum, and is refused."""
FALSE_ALARMS = 0.02
"""Share of real media that may be called a deepfake."""
MISSES = 0.05
"""Share of fakes that may be called authentic."""
FEWEST = 40
"""Media of each class under which no head is fitted."""
TIE = 1e-4
"""Added to an edge: heads that know nothing say the same of many media, and none of those that lie
on the edge may be decided."""
CAP = (0.01, 0.99)
"""No head saw enough media to be surer than this."""


@dataclass(frozen=True, slots=True)
class Head:
    """A fitted head.

    authentic_below, deepfake_above: edges of the Inconclusive band.
    """

    name: str
    model: Pipeline
    columns: list[str]
    temperature: float
    strength: float
    authentic_below: float
    deepfake_above: float

    def probabilities(self, lines: Sequence[Examined]) -> Floats:
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


class Votes(NamedTuple):
    """What the features of a head may say, (k,) each.

    signs: 1, -1, or 0 for no vote. penalties: factors of a coefficient's square in the cost.
    """

    signs: Floats
    penalties: Floats


class Judged(NamedTuple):
    """What was said of media, (n,) each. called: Deepfake. cleared: Authentic."""

    probabilities: Floats
    called: NDArray[np.bool_]
    cleared: NDArray[np.bool_]


def fit_heads(lines: Sequence[Examined]) -> dict[str, Head]:
    """Every head that has enough media of both classes, by name."""
    heads = {}
    for name in HEADS:
        some = usable(lines, name)
        if are_enough(some):
            heads[name] = fit_head(some, name, FALSE_ALARMS, MISSES)
    return heads


def are_enough(lines: Sequence[Examined]) -> bool:
    """Whether a head can be fitted on media: FEWEST of each class, damaged copies not counted."""
    intact = [line for line in lines if not line.damaged]
    fakes = sum(line.fake for line in intact)
    return min(fakes, len(intact) - fakes) >= FEWEST


def settings_of(heads: Mapping[str, Head]) -> dict[str, Any]:
    """What the manifest says of them, see `assay.fusion`."""
    return {
        "heads": {
            name: {
                "file": f"{head.file}_calibrated.joblib",
                "authentic_below": round(head.authentic_below, 5),
                "deepfake_above": round(head.deepfake_above, 5),
            }
            for name, head in heads.items()
        },
        "cap": list(CAP),
    }


def columns_of(head: str) -> list[str]:
    """The features of a head, in the order of the twelve."""
    return [name for modality in head.split("+") for name in MODALITIES[modality]]


def usable(lines: Sequence[Examined], head: str) -> list[Examined]:
    """The media that have all modalities of a head.

    A head that only listens learns from speech, for the sound of a forged picture may be genuine;
    that of faces without time or sound learns from stills, for no other media come to it. No head
    learns forgeries that none of its branches can notice: all it could learn is their clips.
    """
    columns = columns_of(head)
    return [
        line
        for line in lines
        if line.error is None
        and all(line.features[name] is not None for name in columns)
        and line.modality == OWN_MEDIA.get(head, line.modality)
        and can_notice(head, line.generator)
    ]


def can_notice(head: str, generator: str) -> bool:
    """Whether a branch of a head looks where a generator leaves traces."""
    modalities = head.split("+")
    methods = _methods(generator)
    return any(method not in HEARD_BY or HEARD_BY[method] in modalities for method in methods)


def _methods(generator: str) -> list[str]:
    """Of our own forge; another generator is one method of a name of its own."""
    return generator.removeprefix(FORGE).split("+")


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
    groups = np.array([line.group for line in lines])
    weights = balance(lines)
    strength, logits = _choose_strength(values, labels, groups, weights, votes)
    try:
        temperature = fit_temperature(labels, logits, weights)
    except ValueError as reason:
        print(f"{name}: {reason}; it stays at 1")
        temperature = 1.0
    probabilities = np.clip(expit(logits / temperature), *CAP)
    low, high = conformal_band(labels, probabilities, weights, false_alarms, misses)
    return Head(
        name=name,
        model=_regression(values, labels, weights, strength, votes),
        columns=columns,
        temperature=temperature,
        strength=strength,
        authentic_below=low,
        deepfake_above=high,
    )


def values_of(lines: Sequence[Examined], columns: Sequence[str]) -> Floats:
    """Features of media that have them, (n, columns)."""
    found = [[line.features[column] for column in columns] for line in lines]
    return np.array(found, np.float64)


def judged_by_others(lines: Sequence[Examined], name: str) -> Judged:
    """Judge each medium by a head that knows none of its group.

    Regularisation, temperature and band come from the other groups too: rates counted on the very
    predictions that set a band would only say how it was set.

    Args:
        lines: Media with all modalities of the head.
        name: As in HEADS.
    """
    probabilities = np.zeros(len(lines))
    called, cleared = np.zeros((2, len(lines)), bool)
    for learn, judge in folds_of(lines):
        head = fit_head([lines[place] for place in learn], name, FALSE_ALARMS, MISSES)
        probabilities[judge] = head.probabilities([lines[place] for place in judge])
        called[judge] = probabilities[judge] >= head.deepfake_above
        cleared[judge] = probabilities[judge] <= head.authentic_below
    return Judged(probabilities, called, cleared)


def folds_of(lines: Sequence[Examined]) -> Iterator[tuple[Places, Places]]:
    """Which lines to learn from and which to judge, fold by fold: no group is on both sides, and
    each fold has about the same mixture of modalities and labels."""
    kinds = [f"{line.modality} {line.label}" for line in lines]
    return StratifiedGroupKFold(FOLDS).split(kinds, kinds, [line.group for line in lines])


def balance(lines: Sequence[Examined]) -> Floats:
    """Weights: both classes alike; within a class, kinds as the roots of their numbers of groups.

    So a camera with one speaker counts once, however many clips there are of it, and a generator of
    three clips speaks less loudly than one of hundreds, but not a hundred times less.
    """
    kinds = [_kind(line) for line in lines]
    media = Counter(kinds)
    groups = Counter(kind for kind, _ in {(_kind(line), line.group) for line in lines})
    weights = np.array([groups[kind] ** 0.5 / media[kind] for kind in kinds])
    return _even_classes(weights, np.array([line.fake for line in lines]))


def _kind(line: Examined) -> str:
    """A real source, a published generator, or what our own forge altered."""
    if not line.fake:
        return f"real {line.source}"
    if not line.generator.startswith(FORGE):
        return f"fake {line.generator}"
    heard = {HEARD_BY.get(method) for method in _methods(line.generator)}
    altered = next((name for name in ("sync", "audio") if name in heard), "picture")
    return f"fake {FORGE}{altered}"


def _even_classes(weights: Floats, labels: NDArray[np.bool_]) -> Floats:
    """The weights, scaled so that both classes have the same sum and the mean is 1."""
    sums = np.where(labels, weights[labels].sum(), weights[~labels].sum())
    return np.asarray(weights * len(labels) / 2 / sums)


def fit_temperature(labels: NDArray[np.bool_], logits: Floats, weights: Floats) -> float:
    """The T > 0 that minimises the negative log-likelihood of sigmoid(logits / T).

    Guo et al., "On Calibration of Modern Neural Networks", ICML 2017.

    Raises:
        ValueError: The optimum sits on the bound, so there is none within reason.
    """

    def cost(log_temperature: float) -> float:
        return _cost(labels, logits / np.exp(log_temperature), weights)

    found = minimize_scalar(cost, bounds=(-LOG_TEMPERATURE, LOG_TEMPERATURE), method="bounded")
    if abs(found.x) > LOG_TEMPERATURE - 0.05:
        raise ValueError("the temperature's optimum sits on its bound")
    return float(np.exp(found.x))


def _cost(labels: NDArray[np.bool_], logits: Floats, weights: Floats) -> float:
    """Weighted mean of the negative log-likelihood."""
    return float(np.average(np.logaddexp(0, np.where(labels, -logits, logits)), weights=weights))


def conformal_band(
    labels: NDArray[np.bool_],
    probabilities: Floats,
    weights: Floats,
    false_alarms: float,
    misses: float,
) -> tuple[float, float]:
    """Edges between which the verdict is Inconclusive, by class-conditional conformal prediction.

    Vovk, "Conditional validity of inductive conformal predictors", 2012: at most `misses` of the
    fakes lie below the lower edge, if they are like these. Above the upper one lie at most
    `false_alarms` of the real media as they are weighed (Tibshirani et al., "Conformal prediction
    under covariate shift", NeurIPS 2019): whoever has one camera must not pay for the hundred clips
    of another that are easy to clear. Where the classes are so far apart that the edges cross, both
    meet half-way.

    Args:
        labels, probabilities, weights: (n,), of media that the regression does not know.
        false_alarms, misses: Shares in 0..1.
    """
    fakes = probabilities[labels]
    high = _edge(probabilities[~labels], weights[~labels], false_alarms) + TIE
    low = 1 - _edge(1 - fakes, np.ones(len(fakes)), misses) - TIE
    if low > high:
        low = high = float(expit((logit(low) + logit(high)) / 2))
    low, high = np.clip([low, high], CAP[0] + 1e-3, CAP[1] - 1e-3)
    return float(min(low, 0.5)), float(max(high, 0.5))


def _edge(scores: Floats, weights: Floats, share: float) -> float:
    """The value that at most `share` of further scores of the same kinds exceed.

    The further one weighs as much as these do on average.
    """
    order = np.argsort(scores)
    reached = np.cumsum(weights[order]) / (weights.sum() + weights.mean())
    place = int(np.searchsorted(reached, 1 - share - 1e-9))
    return 1.0 if place >= len(scores) else float(scores[order][place])


def _choose_strength(
    values: Floats,
    labels: NDArray[np.bool_],
    groups: NDArray[np.str_],
    weights: Floats,
    votes: Votes,
) -> tuple[float, Floats]:
    """The regularisation whose out-of-fold predictions are likeliest, and those as logits."""
    tried = {}
    for strength in STRENGTHS:
        logits = _out_of_fold(values, labels, groups, weights, strength, votes)
        tried[strength] = _cost(labels, logits, weights), logits
    best = min(tried, key=lambda strength: tried[strength][0])
    return best, tried[best][1]


def _out_of_fold(
    values: Floats,
    labels: NDArray[np.bool_],
    groups: NDArray[np.str_],
    weights: Floats,
    strength: float,
    votes: Votes,
) -> Floats:
    logits = np.zeros(len(labels))
    folds = GroupKFold(FOLDS, shuffle=True, random_state=0)
    for learn, judge in folds.split(values, labels, groups):
        # Without the fold's media one class may weigh less, and the intercept would tell which.
        evened = _even_classes(weights[learn], labels[learn])
        model = _regression(values[learn], labels[learn], evened, strength, votes)
        logits[judge] = model.decision_function(values[judge])
    return logits


def _regression(
    values: Floats, labels: NDArray[np.bool_], weights: Floats, strength: float, votes: Votes
) -> Pipeline:
    """Clipped to what training saw, centred, weighed: nothing that the service cannot explain."""
    centre = make_pipeline(MinMaxScaler(clip=True), StandardScaler())
    return make_pipeline(
        *(step for _, step in centre.fit(values).steps),
        signed_regression(centre.transform(values), labels, weights, strength, votes),
    )


def signed_regression(
    values: Floats, labels: NDArray[np.bool_], weights: Floats, strength: float, votes: Votes
) -> LogisticRegression:
    """Ridge logistic regression whose coefficients have the signs that their features mean.

    A branch may be ignored, but never be read backwards: that a high score of a branch should
    speak for authenticity is a habit of the sources at hand and would not hold elsewhere.

    Args:
        values: (n, k), centred. labels: (n,). weights: (n,).
        strength: Inverse regularisation, scikit-learn's C.
        votes: Of the k features.
    """
    sides = np.where(labels, 1.0, -1.0)

    def cost(parameters: Floats) -> tuple[float, Floats]:
        margins = sides * (values @ parameters[1:] + parameters[0])
        slopes = -strength * weights * sides * expit(-margins)
        loss = strength * float(weights @ np.logaddexp(0, -margins))
        pulls = votes.penalties * parameters[1:]
        loss += float(parameters[1:] @ pulls) / 2
        return loss, np.append(slopes.sum(), slopes @ values + pulls)

    limits = {1.0: (0.0, None), -1.0: (None, 0.0), 0.0: (0.0, 0.0)}
    found = minimize(
        cost,
        np.zeros(values.shape[1] + 1),
        jac=True,
        method="L-BFGS-B",
        bounds=[(None, None), *(limits[float(sign)] for sign in votes.signs)],
    )
    model = LogisticRegression(C=strength)
    model.classes_ = np.array([False, True])
    model.intercept_, model.coef_ = found.x[:1], found.x[None, 1:]
    model.n_features_in_ = values.shape[1]
    return model


def votes_of(columns: Sequence[str]) -> Votes:
    """In which direction each feature may vote, and what that costs.

    Scores are P(fake) except `sync_prob`. What counts faces or patches has no vote: it follows
    from length and size of a clip, which are a source's habit and no trace of forgery. The
    features of a modality share one penalty: three that say nearly the same would otherwise have
    three votes, against one of the lips.
    """
    signs = [0.0 if "_num_" in c else -1.0 if c == "sync_prob" else 1.0 for c in columns]
    modality = {name: of for of, features in MODALITIES.items() for name in features}
    voting = Counter(modality[c] for c, sign in zip(columns, signs, strict=True) if sign)
    return Votes(np.array(signs), np.array([float(voting[modality[c]]) for c in columns]))
