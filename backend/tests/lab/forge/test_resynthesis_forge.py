import json
from dataclasses import asdict
from pathlib import Path

import cv2
import numpy as np
import pytest
import torch

from assay_lab.core.loop import Run
from assay_lab.data.face_picture import FacePicture
from assay_lab.forge.blend import Blend
from assay_lab.forge.generators.apply import NeuralPaint
from assay_lab.forge.generators.net import Design, Painting
from assay_lab.forge.generators.train import Config
from assay_lab.forge.masks import FaceMask
from assay_lab.forge.resynthesis import Resynthesis, Resynthesiser
from assay_lab.forge.texture import TextureLoss
from assay_lab.forge.upsampling import UpsamplingTrace, Way

WAYS: tuple[Way, ...] = ("shuffle", "transposed", "nearest")


@pytest.fixture(scope="module")
def generator(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An untrained generator, saved as the trainer saves one."""
    folder = tmp_path_factory.mktemp("generator")
    design = Design("nearest", stride=4, width=4)
    torch.manual_seed(0)
    run = Run(folder, Config(Path("data"), design))
    run.save(average=Painting(design).state_dict(), step=1)
    return folder


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("levels", [1, 2, 3])
def test_sound_kernels_leave_no_trace(face: FacePicture, way: Way, levels: int) -> None:
    trace = UpsamplingTrace(way, levels, fault=0.0)
    assert np.array_equal(trace.paint(face.picture), face.picture)


@pytest.mark.parametrize("levels", [1, 2])
def test_a_trace_repeats_with_its_period(levels: int) -> None:
    """On a plain surface only the imbalance of the four new pixels shows."""
    plain = np.full((64, 64, 3), 128, np.uint8)
    painted = UpsamplingTrace("shuffle", levels, fault=0.4, seed=3).paint(plain).astype(int)
    period = 2**levels
    inner = painted[16:48, 16:48]
    assert inner.std() > 0
    assert np.array_equal(inner[:-period], inner[period:])
    assert not np.array_equal(inner[: -period // 2], inner[period // 2 :])


def test_coring_takes_noise_and_leaves_edges() -> None:
    step = np.full((64, 64, 3), 60, np.float32)
    step[:, 32:] = 180
    noisy = step + np.random.default_rng(0).normal(0, 3, step.shape)
    painted = TextureLoss("core", reach=8, bands=2).paint(noisy.astype(np.uint8)).astype(float)
    assert painted[:, 4:24].std() < 0.6 * noisy[:, 4:24].std()
    assert painted[:, 34:37].mean() - painted[:, 27:30].mean() > 100


def test_grain_is_added_and_repeats() -> None:
    plain = np.full((64, 64, 3), 128, np.uint8)
    loss = TextureLoss("bilateral", grain=2.0, seed=1)
    assert abs(loss.paint(plain).std() - 2.0) < 0.3
    assert np.array_equal(loss.paint(plain), loss.paint(plain))


@pytest.mark.parametrize("scale", [1.0, 1.25, 2.0])
def test_neural_paint_takes_any_size_and_offset(
    face: FacePicture, generator: Path, scale: float
) -> None:
    paint = NeuralPaint(str(generator), scale, offset=(3, 5))
    odd = np.ascontiguousarray(face.picture[:101, :77])
    assert paint.paint(odd).shape == odd.shape == paint.resampled(odd).shape
    assert np.array_equal(paint.paint(odd), paint.paint(odd))


def test_paint_keeps_the_tone(face: FacePicture, generator: Path) -> None:
    """An untrained generator paints anything but the right colours."""
    painted = NeuralPaint(str(generator)).paint(face.picture)
    gap = cv2.blur(painted.astype(np.float32) - face.picture, (48, 48))
    assert np.abs(gap).mean() < 4


def test_the_real_member_shares_the_resampling(face: FacePicture, generator: Path) -> None:
    paint = NeuralPaint(str(generator), scale=1.5)
    made = Resynthesis((paint,), None, Blend()).apply(face)
    grown = cv2.resize(face.picture, None, fx=1.5, fy=1.5, interpolation=cv2.INTER_CUBIC)
    assert np.array_equal(made.real, cv2.resize(grown, (224, 224), interpolation=cv2.INTER_AREA))
    assert made.mask.min() == 1


def test_a_masked_resynthesis_spares_the_rest(face: FacePicture) -> None:
    brushes = (UpsamplingTrace(fault=0.1, seed=1), TextureLoss(reach=10))
    made = Resynthesis(brushes, FaceMask("mouth"), Blend()).apply(face)
    delta = np.abs(made.fake.astype(int) - made.real).max(axis=2)
    assert delta[made.mask == 0].max() == 0 and made.change > 1
    assert json.loads(json.dumps(made.log))["brushes"][1]["reach"] == 10


@pytest.mark.parametrize("seed", range(6))
def test_draws_repeat_and_log_as_json(face: FacePicture, generator: Path, seed: int) -> None:
    rng = np.random.default_rng(seed)
    for brush in (
        UpsamplingTrace.draw(rng),
        TextureLoss.draw(rng),
        NeuralPaint.draw(rng, [generator]),
    ):
        assert json.loads(json.dumps(asdict(brush)))
        assert np.array_equal(brush.paint(face.picture), brush.paint(face.picture))
    forge = Resynthesiser(TextureLoss.draw, whole=0.5)
    first, again = (forge(face, np.random.default_rng(seed)) for _ in range(2))
    assert np.array_equal(first.fake, again.fake)
