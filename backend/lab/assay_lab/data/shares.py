"""How often sources of unequal size are drawn."""

from collections.abc import Sequence

import numpy as np

from assay.types import Doubles


def by_root(sizes: Sequence[int]) -> Doubles:
    """Chances by the root of each size, summing to 1: between equal ones and proportion.

    In proportion, one large source would be most of what is learnt; in equal parts, tiny ones
    would be learnt by heart.
    """
    roots = np.sqrt(np.array(sizes, float))
    return np.asarray(roots / roots.sum())
