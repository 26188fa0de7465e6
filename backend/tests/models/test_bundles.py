"""Bundles of fusion heads: numbers come out, whatever else they ask for is not done."""

import io
import pickle
from pathlib import Path
from typing import Any

import joblib
import numpy as np
import pytest

from assay.errors import AssayError
from assay.models.bundles import open_bundle
from assay.settings import Settings
from tests.model_factory import install_fusion

HEADS = sorted((Settings().models_dir / "fusion").glob("*.joblib"))


class Asks:
    """A pickle that asks for a call."""

    def __init__(self, function: Any, *arguments: Any) -> None:
        self.call = function, arguments

    def __reduce__(self) -> tuple[Any, tuple[Any, ...]]:
        return self.call


def dumped(content: object) -> bytes:
    file = io.BytesIO()
    joblib.dump(content, file)
    return file.getvalue()


def test_a_head_is_opened_as_joblib_would(tmp_path: Path) -> None:
    install_fusion(tmp_path, "tiny+visual")
    content = (tmp_path / "fusion" / "tiny_visual.joblib").read_bytes()
    head, same = open_bundle(content), joblib.load(io.BytesIO(content))
    values = np.random.default_rng(1).random((20, len(head["feature_cols"])))
    assert head.keys() == same.keys()
    assert (head["model"].predict_proba(values) == same["model"].predict_proba(values)).all()


@pytest.mark.parametrize("path", HEADS, ids=lambda path: path.stem)
def test_released_heads_are_opened(path: Path) -> None:
    assert {"model", "feature_cols", "temperature"} <= set(open_bundle(path.read_bytes()))


@pytest.mark.parametrize("where", ["alone", "in the head", "in an array"])
def test_what_a_bundle_asks_for_is_not_done(tmp_path: Path, where: str) -> None:
    marker = tmp_path / "ran"
    bomb = Asks(Path.touch, marker)
    content = {
        "alone": bomb,
        "in the head": {"model": {"temperature": bomb}},
        "in an array": {"model": np.array([bomb, None], dtype=object)},
    }[where]
    bundle = dumped(content)
    with pytest.raises(AssayError) as caught:
        open_bundle(bundle)
    assert caught.value.code == "model_rejected"
    assert not marker.exists()
    joblib.load(io.BytesIO(bundle))
    assert marker.exists(), "the bomb of this test would not have gone off"


@pytest.mark.parametrize(
    "function", [getattr, eval, __import__, joblib.load, np.load], ids=lambda f: f.__name__
)
def test_functions_are_refused_by_name(function: Any) -> None:
    with pytest.raises(AssayError):
        open_bundle(pickle.dumps(Asks(function, "x")))


def test_damaged_bundles_are_refused(tmp_path: Path) -> None:
    install_fusion(tmp_path, "audio")
    content = (tmp_path / "fusion" / "audio.joblib").read_bytes()
    for damaged in (b"", b"x", content[:-1], content[: len(content) // 2], content[7:]):
        with pytest.raises(AssayError):
            open_bundle(damaged)
