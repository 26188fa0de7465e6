"""Edge networks say what the released files say, but for the rounding of activations."""

import io

import numpy as np
import pytest
import torch
from scipy.special import expit

from assay.models.sessions import ModelStore
from assay.settings import get_settings
from assay_lab.edge.nets import EDGE_NETWORKS, GATE_NETWORK, SIDE, program_of
from tests.lab.media import textured


@pytest.mark.parametrize("name", EDGE_NETWORKS)
def test_an_edge_network_answers_as_the_released_one(name: str) -> None:
    store = ModelStore(get_settings().models_dir, 1)
    picture = textured(SIDE, SIDE)[None]
    (put,) = store.session(name).get_inputs()
    wanted = torch.from_numpy(store.session(name).run(None, {put.name: picture})[0])
    with torch.inference_mode():
        found = EDGE_NETWORKS[name](store).eval()(torch.from_numpy(picture).float())
    assert found.shape == ((1, 27, 27) if name == GATE_NETWORK else (1,))
    tolerance = 1e-5 if name == GATE_NETWORK else 0.1
    assert expit(found.numpy()) == pytest.approx(expit(wanted.numpy()), abs=tolerance)


def test_a_program_is_what_export_writes() -> None:
    store = ModelStore(get_settings().models_dir, 1)
    net = EDGE_NETWORKS[GATE_NETWORK](store).eval()
    program = torch.export.load(io.BytesIO(program_of(net)))
    picture = torch.from_numpy(textured(SIDE, SIDE)[None]).float()
    assert np.allclose(program.module()(picture).detach(), net(picture).detach(), atol=1e-5)
