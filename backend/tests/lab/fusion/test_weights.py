"""What each medium weighs."""

from dataclasses import replace

import numpy as np
import pytest

from assay_lab.fusion.weights import balance
from tests.lab.examined import media


def test_both_classes_weigh_the_same() -> None:
    lines = media(101)
    weights, fakes = balance(lines), np.array([line.fake for line in lines])

    assert weights[fakes].sum() == pytest.approx(weights[~fakes].sum())


def test_one_person_counts_once_however_many_clips_there_are_of_him() -> None:
    one = [replace(line, source="lab", group="he") for line in media(60) if not line.fake]
    many = [replace(line, source="street") for line in media(60, seed=1) if not line.fake]
    weights = balance([*one, *many, *(line for line in media(60) if line.fake)])

    groups = len({line.group for line in many})
    shares = weights[: len(one)].sum(), weights[len(one) : len(one) + len(many)].sum()
    assert shares[1] / shares[0] == pytest.approx(groups**0.5)


def test_our_forge_counts_as_what_it_alters_not_as_every_mixture_of_methods() -> None:
    fakes = [line for line in media(80) if line.fake]
    names = ("forge:self-blend", "forge:mouth-swap", "forge:face-paint")
    mixed = [replace(line, generator=names[i % 3]) for i, line in enumerate(fakes)]
    same = [replace(line, generator=names[0]) for line in fakes]
    published = [replace(line, generator="SimSwap") for line in media(80, seed=1) if line.fake]
    reals = [line for line in media(80) if not line.fake]

    assert np.allclose(balance([*mixed, *published, *reals]), balance([*same, *published, *reals]))
