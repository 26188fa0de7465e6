"""A network that was trained, released and taken up again."""

import math

import numpy as np
import pytest
import torch
from torch import Tensor, nn

from assay_lab.core.quantise import quantise
from assay_lab.core.released import dequantised, restore
from assay_lab.visual.resnet18.net import FaceResNet
from assay_lab.visual.resnet18.release import export


@pytest.fixture(scope="module")
def pictures() -> Tensor:
    """Smooth ones, and all different."""
    rough = torch.rand(48, 3, 14, 14, generator=torch.Generator().manual_seed(3))
    return 255 * nn.functional.interpolate(rough, size=224, mode="bicubic").clamp(0, 1)


@pytest.fixture(scope="module")
def trained(pictures: Tensor) -> FaceResNet:
    """Every layer normalises by its own statistics, scales and shifts."""
    torch.manual_seed(5)
    net = FaceResNet()
    for module in net.modules():
        if isinstance(module, nn.BatchNorm2d):
            nn.init.uniform_(module.weight, 0.5, 1.5)
            nn.init.normal_(module.bias, 0, 0.2)
            module.momentum = None  # the plain mean over all batches
    with torch.inference_mode():
        for batch in pictures.split(16):
            net.train()(batch)
    return net.eval()


@pytest.fixture(scope="module")
def released(trained: FaceResNet, pictures: Tensor) -> bytes:
    faces = pictures.permute(0, 2, 3, 1).numpy().astype(np.uint8)
    return quantise(export(trained, 224), [{"faces": faces[at : at + 16]} for at in (0, 16, 32)])


@pytest.fixture(scope="module")
def restored(released: bytes, pictures: Tensor) -> FaceResNet:
    net = FaceResNet()
    restore(released, net, pictures.split(16))
    return net


@torch.inference_mode()
def embeddings(net: FaceResNet, pictures: Tensor) -> Tensor:
    """Less their mean, which all pictures share."""
    found = net(pictures).embedding
    return found - found.mean(dim=0)


def likeness(a: Tensor, b: Tensor) -> float:
    return float(nn.functional.cosine_similarity(a, b).mean())


def test_it_says_what_the_trained_one_said(
    trained: FaceResNet, restored: FaceResNet, pictures: Tensor
) -> None:
    wanted = embeddings(trained, pictures)
    assert likeness(embeddings(restored.eval(), pictures), wanted) > 0.98
    assert likeness(embeddings(FaceResNet().eval(), pictures), wanted) < 0.5


def test_it_says_the_same_while_it_trains(restored: FaceResNet, pictures: Tensor) -> None:
    """Layers that normalise by the batch do not upset what was learnt."""
    quiet = embeddings(restored.eval(), pictures)
    assert likeness(embeddings(restored.train(), pictures), quiet) > 0.95


def test_kernels_have_the_size_of_fresh_ones(restored: FaceResNet) -> None:
    for name, conv in restored.named_modules():
        if isinstance(conv, nn.Conv2d) and conv.bias is None:
            size = conv.weight.square().mean(dim=(1, 2, 3)).sqrt()
            fresh = math.sqrt(2 / (conv.out_channels * math.prod(conv.kernel_size)))
            torch.testing.assert_close(size, torch.full_like(size, fresh), msg=name)


def test_weights_lose_less_than_a_step_of_int8(trained: FaceResNet, released: bytes) -> None:
    wanted, found = trained.classify.weight, dequantised(released)["classify.weight"]
    step = float(wanted.detach().abs().max()) / 127
    assert float((found - wanted.detach()).abs().max()) <= step


def test_another_network_is_refused(released: bytes, pictures: Tensor) -> None:
    with pytest.raises(KeyError):
        restore(released, nn.Sequential(nn.Conv2d(3, 8, 3, bias=False), nn.BatchNorm2d(8)), [])
