"""What each medium weighs when a head is fitted."""

from collections import Counter
from collections.abc import Sequence

import numpy as np

from assay.types import Doubles, Flags
from assay_lab.data.rows import FORGE
from assay_lab.fusion.examine import Examined
from assay_lab.fusion.patterns import HEARD_BY, methods_of


def balance(lines: Sequence[Examined]) -> Doubles:
    """Weights: both classes alike; within a class, kinds as the roots of their numbers of groups.

    So a camera with one speaker counts once, however many clips there are of it, and a generator of
    three clips speaks less loudly than one of hundreds, but not a hundred times less.
    """
    kinds = [_kind(line) for line in lines]
    media = Counter(kinds)
    groups = Counter(kind for kind, _ in {(_kind(line), line.group) for line in lines})
    weights = np.array([groups[kind] ** 0.5 / media[kind] for kind in kinds])
    return even_classes(weights, np.array([line.fake for line in lines]))


def _kind(line: Examined) -> str:
    """A real source, a published generator, or what our own forge altered."""
    if not line.fake:
        return f"real {line.source}"
    if not line.generator.startswith(FORGE):
        return f"fake {line.generator}"
    heard = {HEARD_BY.get(method) for method in methods_of(line.generator)}
    altered = next((name for name in ("sync", "audio") if name in heard), "picture")
    return f"fake {FORGE}{altered}"


def even_classes(weights: Doubles, labels: Flags) -> Doubles:
    """The weights, scaled so that both classes have the same sum and the mean is 1."""
    sums = np.where(labels, weights[labels].sum(), weights[~labels].sum())
    return np.asarray(weights * len(labels) / 2 / sums)
