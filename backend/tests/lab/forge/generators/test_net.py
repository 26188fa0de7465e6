import pytest
import torch

from assay_lab.forge.generators.net import Design, Painting, PatchCritic, Upsampler, upsample
from assay_lab.forge.generators.train import PRESETS


@pytest.mark.parametrize("name", [n for n, (d, _) in PRESETS.items() if d.code != "waist"])
def test_a_generator_paints_pictures_of_any_size_it_can_divide(name: str) -> None:
    painting = Painting(PRESETS[name][0])
    picture = torch.rand(2, 3, 48, 64) * 2 - 1
    painted, cost = painting(picture)
    assert painted.shape == picture.shape and cost.ndim == 0
    (painted.mean() + cost).backward()
    assert all(p.grad is not None for p in painting.parameters())


def test_a_waist_takes_faces_of_its_own_size() -> None:
    painting = Painting(Design("shuffle", code="waist", depth=16, side=32))
    assert painting(torch.zeros(1, 3, 32, 32))[0].shape == (1, 3, 32, 32)


@pytest.mark.parametrize("kind", ["nearest", "bilinear", "transposed", "shuffle"])
def test_upsamplers_double(kind: Upsampler) -> None:
    assert upsample(kind, 4, 6)(torch.zeros(1, 4, 5, 7)).shape == (1, 6, 10, 14)


def test_painting_is_repeatable_once_trained() -> None:
    painting = Painting(Design("nearest")).eval()
    picture = torch.rand(1, 3, 32, 32)
    assert torch.equal(painting(picture)[0], painting(picture)[0])


def test_a_quantised_code_has_eight_levels() -> None:
    painting = Painting(Design("nearest", code="quantised", depth=2))
    seen: list[torch.Tensor] = []
    painting.squeeze.widen.register_forward_pre_hook(lambda _, inputs: seen.append(inputs[0]))
    painting(4 * torch.randn(2, 3, 64, 64))
    levels = seen[0].unique().round(decimals=4).unique()
    assert len(levels) <= 8 and levels.abs().max() <= 1


def test_the_critic_judges_patches() -> None:
    opinion, maps = PatchCritic()(torch.zeros(2, 3, 64, 64))
    assert opinion.shape == (2, 1, 8, 8) and len(maps) == 3
