"""Pairs of faces: half real, evenly over makers, nothing that is held out."""

from collections import Counter

import numpy as np
import pytest

from assay_lab.visual.bank import FaceBank
from assay_lab.visual.effnet.dataset import FacePairs, Mix, View, batches
from assay_lab.visual.effnet.train import parts
from tests.lab.visual.faces import LEARNT, TEST, UNSEEN, face, write_bank


@pytest.fixture(scope="module")
def bank(tmp_path_factory: pytest.TempPathFactory) -> FaceBank:
    reals = [face(number) for number in range(6)]
    clips = [face(number, modality="video") for number in range(6, 9)]
    fakes = [face(number, fake=True) for number in range(9, 14)]
    fakes += [face(number, fake=True, modality="video") for number in range(14, 17)]
    others = [face(17, source=UNSEEN), face(18, fake=True, source=UNSEEN), face(19, source=TEST)]
    return write_bank(tmp_path_factory.mktemp("bank"), [*reals, *clips, *fakes, *others])


def test_the_held_out_fold_and_the_test_part_are_not_learned_from(bank: FaceBank) -> None:
    learnt, judged = parts(bank, "0")
    assert {bank.faces[number].source for number in learnt} == {LEARNT}
    assert {bank.faces[number].source for number in judged} == {UNSEEN}
    learnt, judged = parts(bank, "test")
    assert {bank.faces[number].source for number in learnt} == {LEARNT, UNSEEN}
    assert {bank.faces[number].source for number in judged} == {TEST}


def test_unrelated_pairs_are_of_one_kind_of_file(bank: FaceBank) -> None:
    learnt, _ = parts(bank, "0")
    pairs = FacePairs(bank, learnt, Mix(forged=0, swapped=0, paired=0, levelled=0))
    means = {round(float(bank.picture(number).mean())): number for number in range(len(bank))}
    kinds: Counter[str] = Counter()
    for seed in range(60):
        pair = pairs.draw(np.random.default_rng(seed))
        real, fake = (
            bank.faces[means[round(float(picture.mean()))]] for picture in (pair.real, pair.fake)
        )
        assert (real.fake, fake.fake) == (False, True)
        assert real.modality == fake.modality
        kinds[fake.modality] += 1
    assert min(kinds.values()) > 15


def test_a_forgery_stands_beside_its_original(bank: FaceBank) -> None:
    learnt, _ = parts(bank, "0")
    pairs = FacePairs(bank, learnt, Mix(forged=1.0))
    pair = pairs.draw(np.random.default_rng(3))

    assert pair.together
    assert pair.real.shape == pair.fake.shape == (224, 224, 3)
    assert not np.array_equal(pair.real, pair.fake)


def test_batches_are_the_same_on_any_machine_and_go_on_anywhere(bank: FaceBank) -> None:
    learnt, _ = parts(bank, "0")
    remaining = batches(FacePairs(bank, learnt, Mix()), seed=1, size=2, steps=3)

    whole = list(remaining(0))
    rest = list(remaining(2))

    assert [tuple(batch.shape) for batch in whole] == [(4, 3, 224, 224)] * 3
    assert len(rest) == 1
    assert rest[0].equal(whole[2])


def test_half_of_the_views_are_the_whole_crop() -> None:
    views = [View.draw(np.random.default_rng(seed)) for seed in range(200)]
    picture = np.arange(224 * 224 * 3, dtype=np.uint32).reshape(224, 224, 3).astype(np.uint8)

    assert 70 < sum(view.side == 224 for view in views) < 140
    for view in views[:40]:
        shown = view.of(picture)
        assert shown.shape == (224, 224, 3)
        if view.side == 224:
            assert np.array_equal(shown[:, ::-1] if view.mirrored else shown, picture)
