"""The network: the published layout, what stays as it is, and what the service is given."""

from pathlib import Path

import pytest
import torch

from assay.models.sessions import open_session
from assay_lab.visual.effnet.net import EfficientNetAutoAtt
from assay_lab.visual.effnet.served import export
from assay_lab.visual.effnet.train import read_weights

PUBLISHED = {
    "lite0": 4_652_008 - 1_281_000,
    "b0": 5_288_548 - 1_281_000,
    "b4": 19_341_616 - 1_793_000,
}
"""Parameters of the published networks without their last layer of 1,000 classes."""


@pytest.mark.parametrize("variant", PUBLISHED)
def test_a_variant_has_as_many_parameters_as_the_published_one(variant: str) -> None:
    net = EfficientNetAutoAtt(variant)
    own = {"efficientnet.attconv", "classifier"}
    counts = {
        name: parameter.numel()
        for name, parameter in net.named_parameters()
        if name.rpartition(".")[0] not in own
    }
    assert sum(counts.values()) == PUBLISHED[variant]


def test_weights_in_the_published_layout_load_as_they_are() -> None:
    torch.manual_seed(0)
    net = EfficientNetAutoAtt("b4")
    random = {
        name: torch.randn_like(value) if value.is_floating_point() else value
        for name, value in net.state_dict().items()
    }
    shapes = {name: tuple(value.shape) for name, value in random.items()}

    # As Bonettini et al. published them.
    assert shapes["efficientnet._conv_stem.weight"] == (48, 3, 3, 3)
    assert shapes["efficientnet.attconv.weight"] == (1, 56, 1, 1)
    assert shapes["efficientnet._blocks.31._project_conv.weight"] == (448, 2688, 1, 1)
    assert shapes["efficientnet._blocks.9._se_reduce.bias"] == (14,)
    assert shapes["efficientnet._conv_head.weight"] == (1792, 448, 1, 1)
    assert shapes["classifier.weight"] == (1, 1792)
    net.load_state_dict(random)


def test_imagenet_weights_of_another_variant_are_refused() -> None:
    net = EfficientNetAutoAtt("lite0")
    weights = dict(net.efficientnet.state_dict()) | {"_fc.weight": torch.zeros(1000, 1280)}
    plain = {name: value for name, value in weights.items() if not name.startswith("attconv")}
    net.load_pretrained(plain)

    with pytest.raises(RuntimeError, match="another variant"):
        net.load_pretrained(plain | {"_blocks.16._se_reduce.weight": torch.zeros(1)})
    with pytest.raises(RuntimeError, match="another variant"):
        net.load_pretrained({name: plain[name] for name in list(plain)[5:]})


def test_a_published_detector_is_taken_bare_or_from_its_snapshot(tmp_path: Path) -> None:
    torch.manual_seed(0)
    published = EfficientNetAutoAtt("lite0").state_dict()
    for name, kept in {"bare": published, "snapshot": {"net": published, "epoch": 3}}.items():
        torch.save(kept, tmp_path / name)
        net = EfficientNetAutoAtt("lite0")
        net.load_published(read_weights(tmp_path / name))
        assert all(torch.equal(value, published[key]) for key, value in net.state_dict().items())
    with pytest.raises(RuntimeError):
        EfficientNetAutoAtt("b0").load_published(published)


def test_a_file_that_holds_no_weights_is_told(tmp_path: Path) -> None:
    (tmp_path / "a.pth").write_bytes(b"nothing")
    for name in ("a.pth", "absent.pth"):
        with pytest.raises(SystemExit, match="holds no weights"):
            read_weights(tmp_path / name)


def test_statistics_and_frozen_blocks_stay_in_training() -> None:
    torch.manual_seed(0)
    net = EfficientNetAutoAtt()
    net.freeze(2)
    before = {name: value.clone() for name, value in net.state_dict().items()}
    net.train()
    optimiser = torch.optim.SGD(net.parameters(), lr=0.1)
    net(torch.randn(2, 3, 224, 224))[0].sum().backward()
    optimiser.step()

    changed = {name for name, value in net.state_dict().items() if not value.equal(before[name])}
    assert not any("running" in name or "num_batches" in name for name in changed)
    frozen = ("_conv_stem", "_bn0", "_blocks.0.", "_blocks.1.")
    assert not any(name.removeprefix("efficientnet.").startswith(frozen) for name in changed)
    assert {"classifier.weight", "efficientnet._conv_head.weight"} <= changed


def test_mixed_precision_changes_little() -> None:
    torch.manual_seed(0)
    net = EfficientNetAutoAtt().eval()
    faces = torch.randn(2, 3, 224, 224)
    with torch.inference_mode():
        exact, _, _ = net(faces)
        with torch.autocast("cpu", torch.bfloat16):
            mixed, _, _ = net(faces)
    assert mixed.float() == pytest.approx(exact, abs=0.05)


def test_what_is_served_sees_bytes_and_tells_where_it_looked() -> None:
    torch.manual_seed(0)
    net = EfficientNetAutoAtt().eval()
    session = open_session(export(net))
    faces = torch.randint(0, 256, (3, 224, 224, 3), dtype=torch.uint8).numpy()

    logit, embedding, attention = session.run(None, {"faces": faces})

    assert logit.shape == (3,)
    assert embedding.shape == (3, 1280)
    assert attention.shape == (3, 28, 28)
    assert 0 <= attention.min() <= attention.max() <= 1
