"""What the visual branch's trainer shows its network: windows, pairs and masks."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
import torch
from numpy.random import Generator
from skimage.data import astronaut

from assay.types import Image
from assay_lab.augment.sharpness import sharpness
from assay_lab.core.loop import Run, Schedule
from assay_lab.face_pairs.pairs import Mixture, Pair
from assay_lab.visual.resnet18 import train as visual
from assay_lab.visual.resnet18.net import MASK_STRIDE, FaceReading, FaceResNet
from assay_lab.visual.resnet18.train import (
    INT8_FILE,
    MEASURED,
    Config,
    PairJudge,
    PairViews,
    View,
    attacked,
    begun,
    loss,
)

FACE = np.ascontiguousarray(astronaut()[:224, 100:324])
MASK = (FACE.mean(axis=2) / 255).astype(np.float32)


def config(**changes: Any) -> Config:
    return Config(shares=[("pair", 1.0)], schedule=Schedule(steps=4), pairs=2, **changes)


class Drawn:
    """The same pair, whoever draws."""

    def __init__(self, pair: Pair) -> None:
        self.pair = pair

    def draw(self, rng: Generator) -> Pair:
        return self.pair


def same(together: bool, mask: np.ndarray | None = None) -> Drawn:
    """The same picture as real and as fake."""
    return Drawn(Pair(FACE, FACE, mask, together))


def softened(together: bool) -> Drawn:
    return Drawn(Pair(FACE, cv2.GaussianBlur(FACE, (0, 0), 0.9), None, together))


def views(source: Drawn, **changes: float) -> PairViews:
    return PairViews(Mixture({"pair": source}, {"pair": 1.0}), config(**changes), 0, 8)


def lies_in(window: Image, picture: Image) -> bool:
    return float(cv2.matchTemplate(picture, window, cv2.TM_SQDIFF).min()) < 1


@pytest.mark.parametrize("seed", range(6))
def test_an_untouched_window_shows_pixels_as_they_are(seed: int) -> None:
    view = View.draw(np.random.default_rng(seed), config(resampled=0.0))
    window = view.of(FACE)
    assert window.shape == (144, 144, 3)
    unmirrored = np.ascontiguousarray(window[:, ::-1]) if view.mirror else window
    assert lies_in(unmirrored, FACE)


def test_a_resampled_window_does_not() -> None:
    drawn = [View.draw(np.random.default_rng(seed), config(resampled=1.0)) for seed in range(6)]
    windows = [view.of(FACE) for view in drawn]
    assert not any(lies_in(window[:, ::-1].copy(), FACE) for window in windows)
    assert not any(lies_in(window, FACE) for window in windows)


@pytest.mark.parametrize("resampled", [0.0, 1.0])
def test_a_mask_is_cut_where_its_picture_is(resampled: float) -> None:
    view = View.draw(np.random.default_rng(3), config(resampled=resampled))
    cells = 144 // MASK_STRIDE
    shown = cv2.resize(view.of(FACE).mean(axis=2) / 255, (cells, cells), None, 0, 0, cv2.INTER_AREA)
    assert view.of_mask(MASK, cells) == pytest.approx(shown, abs=0.01)


def test_members_of_a_pair_share_window_and_corruption() -> None:
    together, apart = views(same(True), corrupted=1.0), views(same(False), corrupted=1.0)
    assert all(torch.equal(*together[index][0]) for index in range(8))
    assert not any(torch.equal(*apart[index][0]) for index in range(8))


def test_a_pair_is_the_same_whenever_it_is_asked_for() -> None:
    first, again = views(same(True))[5], views(same(True))[5]
    assert torch.equal(first[0], again[0])
    assert not torch.equal(first[0], views(same(True))[4][0])


def sharper_side(pictures: torch.Tensor) -> float:
    real, fake = (sharpness(picture.permute(1, 2, 0).numpy()) for picture in pictures)
    return real / fake


def test_soft_is_not_what_tells_a_forgery_from_its_original() -> None:
    as_forged = views(softened(True), corrupted=0.0, evened=0.0, resampled=0.0)
    evened = views(softened(True), corrupted=0.0, evened=1.0, resampled=0.0)
    assert all(sharper_side(as_forged[index][0]) > 1.4 for index in range(8))
    assert all(0.8 < sharper_side(evened[index][0]) < 1.2 for index in range(8))


def test_unrelated_pictures_were_levelled_where_they_were_drawn() -> None:
    untouched = views(softened(False), corrupted=0.0, evened=1.0, resampled=0.0)
    assert all(sharper_side(untouched[index][0]) > 1.2 for index in range(8))


class Brightness(torch.nn.Module):
    """Calls a picture fake by how far it is brighter than a grey level."""

    def __init__(self, grey: float) -> None:
        super().__init__()
        self.grey = grey

    def forward(self, pictures: torch.Tensor) -> FaceReading:
        logit = pictures.mean(dim=(1, 2, 3)) - self.grey
        return FaceReading(logit, logit, logit)


@pytest.mark.parametrize(("grey", "alarms"), [(255.0, 0.0), (0.0, 1.0)])
def test_the_judge_counts_false_alarms_which_ranking_does_not_show(
    grey: float, alarms: float
) -> None:
    brighter = Drawn(Pair(FACE // 2, FACE, None, together=True))
    judge = PairJudge(Mixture({"pair": brighter}, {"pair": 1.0}), config(), pairs=4)
    assert judge(Brightness(grey)) == {"val_pair": 1.0, "alarms_pair": alarms}


def test_what_nobody_masked_counts_for_the_class_alone() -> None:
    torch.manual_seed(0)
    net = FaceResNet()
    known, unknown = views(same(True, MASK)), views(same(True))
    batches = [
        tuple(torch.stack(parts) for parts in zip(some[0], some[1], strict=True))
        for some in (known, unknown)
    ]
    assert torch.equal(batches[0][0], batches[1][0])
    with_mask, without = (loss(config(), net, batch) for batch in batches)
    assert with_mask["class"].item() == pytest.approx(without["class"].item(), rel=1e-4)
    assert with_mask["mask"].item() != pytest.approx(without["mask"].item(), rel=1e-4)
    assert all(torch.isfinite(term) for terms in (with_mask, without) for term in terms.values())


def test_an_attack_grows_over_the_first_half_and_spares_the_rest() -> None:
    pair = Mixture({"pair": same(True)}, {"pair": 1.0})
    settings = config(attacked=0.5, epsilon=8.0)  # 4 steps of 2 pairs
    items = PairViews(pair, settings, 0, 400)
    strengths = [float(items[index][2]) for index in range(40)]
    assert 8 < sum(strength > 0 for strength in strengths[4:]) < 28
    assert all(strength in (0.0, 8.0) for strength in strengths[4:])
    assert all(strengths[n] in (0.0, 2.0 * n) for n in range(4))
    spared = PairViews(pair, config(), 0, 400)
    assert all(float(spared[index][2]) == 0 for index in range(8))
    assert torch.equal(spared[5][0], items[5][0]), "the same pictures, attacked or not"


def test_attacked_pictures_say_the_opposite_within_epsilon() -> None:
    pictures = torch.full((4, 3, 32, 32), 100.0)
    pictures[2:] = 254.0
    net = Brightness(100.0)
    shown = attacked(net, pictures, torch.tensor([4.0, 0.0]))  # type: ignore[arg-type]
    assert torch.equal(shown[2:], pictures[2:])
    change = shown[:2] - pictures[:2]
    assert change.abs().max() <= 4
    real, fake = net(shown[:2]).logit
    assert real > 3 and fake < -3
    with_room = attacked(net, pictures, torch.tensor([0.0, 4.0]))  # type: ignore[arg-type]
    assert with_room.max() <= 255


def test_an_attack_leaves_statistics_and_mode_alone() -> None:
    torch.manual_seed(0)
    net = FaceResNet().train()
    before = {name: value.clone() for name, value in net.state_dict().items()}
    attacked(net, torch.rand(2, 3, 64, 64) * 255, torch.tensor([2.0]))
    assert net.training
    assert all(torch.equal(before[name], value) for name, value in net.state_dict().items())
    assert all(parameter.grad is None for parameter in net.parameters())


def test_frozen_stages_stay_in_training() -> None:
    torch.manual_seed(0)
    net = FaceResNet()
    net.freeze(2)
    before = {name: value.clone() for name, value in net.state_dict().items()}
    net.train()
    optimiser = torch.optim.SGD([p for p in net.parameters() if p.requires_grad], lr=0.1)
    net(torch.rand(2, 3, 64, 64) * 255).logit.sum().backward()
    optimiser.step()
    moved = {
        name for name, value in net.state_dict().items() if not torch.equal(before[name], value)
    }
    assert not any(name.startswith(("stem", "stage1")) for name in moved)
    assert any(name.startswith("stage2") for name in moved)


def test_training_goes_on_from_a_run(tmp_path: Path) -> None:
    trained = FaceResNet()
    Run(tmp_path, config()).save(step=4, average=trained.state_dict())
    net = begun(config(start=tmp_path), Mixture({}, {}))
    for name, weight in net.state_dict().items():
        torch.testing.assert_close(weight, trained.state_dict()[name], msg=name)


def test_training_goes_on_from_a_release(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its layers are measured on whole batches of what training will show, both classes alike."""
    seen: list[torch.Tensor] = []

    def restore(content: bytes, net: FaceResNet, batches: Iterable[torch.Tensor]) -> None:
        assert content == b"weights"
        seen.extend(batches)

    monkeypatch.setattr(visual, "restore", restore)
    (tmp_path / INT8_FILE).write_bytes(b"weights")
    settings = config(start=tmp_path, corrupted=0.0, resampled=0.0)
    begun(settings, Mixture({"pair": same(together=False)}, {"pair": 1.0}))
    assert {tuple(batch.shape) for batch in seen} == {(4, 3, 144, 144)}
    assert sum(len(batch) for batch in seen) == 2 * MEASURED
