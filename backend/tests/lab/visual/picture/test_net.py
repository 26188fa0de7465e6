"""The picture network: what is served says what was trained, and the trunk stays as it came."""

import numpy as np
import pytest
import torch

from assay.models.sessions import open_session
from assay_lab.visual.effnet.judge import normalised
from assay_lab.visual.effnet.net import EfficientNetAutoAtt
from assay_lab.visual.picture.net import EMBEDDING, HEADS, PictureNetwork, export


@pytest.fixture(scope="module")
def network() -> PictureNetwork:
    torch.manual_seed(1)
    whole = EfficientNetAutoAtt("lite0").efficientnet.state_dict()
    weights = {name: value for name, value in whole.items() if not name.startswith("attconv.")}
    found = PictureNetwork(weights)
    rng = np.random.default_rng(1)
    found.set_heads(rng.standard_normal((len(HEADS), EMBEDDING)), np.array([0.5, -0.5]))
    return found


def test_the_file_says_what_the_network_says(network: PictureNetwork) -> None:
    squares = np.random.default_rng(2).integers(0, 256, (3, 224, 224, 3), np.uint8)
    still, video = open_session(export(network)).run(list(HEADS), {"squares": squares})
    with torch.inference_mode():
        logits, embeddings = network(normalised(torch.from_numpy(squares).permute(0, 3, 1, 2)))
    assert embeddings.shape == (3, EMBEDDING)
    scale = float(logits.abs().max())
    assert np.abs(np.stack([still, video], axis=1) - logits.numpy()).max() < 1e-3 * scale


def test_nothing_of_it_is_trained(network: PictureNetwork) -> None:
    assert not any(weights.requires_grad for weights in network.parameters())
    assert not network.stem.training
