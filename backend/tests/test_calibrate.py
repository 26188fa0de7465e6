"""An installation's own edges: set, kept, used, switched off."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assay.calibrate import LEAST_FAKE, LEAST_REAL, Margins, calibrate, lower_shift, upper_shift
from assay.calibration import (
    FILE,
    OFF,
    Calibration,
    in_use,
    keep,
    moved,
    switch,
    version_with,
)
from assay.errors import AssayError
from assay.settings import Settings

PIPELINE = "1.0.0+0123456789ab"


def files(ups: list[float], kind: str = "video", down: float = 1.0) -> list[Margins]:
    return [Margins(kind, up, down, suspect=False) for up in ups]  # type: ignore[arg-type]


def made(real: list[Margins], fake: list[Margins] | None = None) -> Calibration:
    return calibrate("Desk", PIPELINE, real, fake or [])


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(data_dir=tmp_path / "data")


def test_genuine_files_never_seen_are_rarely_called_fake() -> None:
    chance = np.random.default_rng(7)
    passed = []
    for _ in range(400):
        edge = upper_shift(chance.normal(size=100))
        passed.append(np.mean(chance.normal(size=200) >= edge))
    assert np.mean(passed) <= 0.022


def test_fakes_never_seen_are_rarely_missed() -> None:
    chance = np.random.default_rng(7)
    missed = []
    for _ in range(400):
        edge = lower_shift(chance.normal(size=60))
        missed.append(np.mean(chance.normal(size=200) <= edge))
    assert np.mean(missed) <= 0.052


def test_a_camera_that_scores_high_moves_the_edge_up_and_it_is_told_what_that_costs() -> None:
    real = files(list(np.linspace(-3.0, 1.0, 100)))
    fake = files([0.5] * 10 + [3.0] * 10)
    shift = made(real, fake).kinds["video"]
    assert shift.deepfake == pytest.approx(0.96, abs=0.01)
    assert shift.before.false_alarms == pytest.approx(0.25)
    assert shift.after.false_alarms <= 0.02
    assert (shift.before.detected, shift.after.detected) == (1.0, 0.5)


def test_without_fakes_the_other_edge_stays() -> None:
    shift = made(files([-1.0] * 60)).kinds["video"]
    assert shift.authentic == 0.0
    assert shift.after.missed is None
    few = made(files([-1.0] * 60), files([1.0] * (LEAST_FAKE - 1), down=-2.0)).kinds["video"]
    assert few.authentic == 0.0


def test_fakes_set_the_other_edge() -> None:
    fake = [Margins("video", -1.5 + n / 20, -1.0 + n / 10, suspect=False) for n in range(20)]
    shift = made(files([-1.0] * 60), fake).kinds["video"]
    assert shift.authentic == pytest.approx(-1.0, abs=1e-3)
    assert shift.before.missed == pytest.approx(11 / 20)
    assert shift.after.missed is not None
    assert shift.after.missed <= 0.1


def test_a_kind_with_too_few_keeps_its_edges() -> None:
    found = made([*files([0.0] * LEAST_REAL, "image"), *files([0.0] * (LEAST_REAL - 1), "audio")])
    assert list(found.kinds) == ["image"]
    assert made([]).kinds == {}


@given(st.lists(st.floats(-20, 20), min_size=LEAST_REAL, max_size=120))
def test_of_the_files_themselves_few_pass(ups: list[float]) -> None:
    shift = made(files(ups)).kinds["video"]
    assert np.mean([up >= shift.deepfake for up in ups]) <= 0.02
    assert 0 <= shift.after.false_alarms <= 1


def test_it_is_used_until_it_is_switched_off(settings: Settings) -> None:
    assert in_use(settings, PIPELINE) is None
    assert switch(settings, on=True) is False
    keep(settings, made(files([0.0] * 60)))
    own = in_use(settings, PIPELINE)
    assert own is not None
    assert version_with(settings, PIPELINE) == f"{PIPELINE}.{own.sha256[:12]}"
    told = own.told("video")
    assert told is not None
    assert (told.name, told.real, told.sha256) == ("Desk", 60, own.sha256)
    assert own.told("audio") is None
    assert switch(settings, on=False)
    assert in_use(settings, PIPELINE) is None
    assert version_with(settings, PIPELINE) == PIPELINE
    assert switch(settings, on=True)
    assert in_use(settings, PIPELINE) == own


def test_a_new_one_takes_the_place_of_one_that_is_off(settings: Settings) -> None:
    keep(settings, made(files([0.0] * 60)))
    switch(settings, on=False)
    keep(settings, made(files([1.0] * 60)))
    assert (settings.data_dir / FILE).is_file()
    assert not (settings.data_dir / OFF).exists()


def test_what_another_pipeline_judged_moves_nothing(settings: Settings) -> None:
    keep(settings, made(files([0.0] * 60)))
    assert in_use(settings, "1.0.1+ba9876543210") is None


@pytest.mark.parametrize(
    "content", [b"", b"{}", b"\xff", b'{"kinds": {"video": {"deepfake": NaN}}}']
)
def test_a_file_that_is_none_is_said_and_not_passed_over(
    settings: Settings, content: bytes
) -> None:
    settings.data_dir.mkdir()
    (settings.data_dir / FILE).write_bytes(content)
    with pytest.raises(AssayError, match="--off") as caught:
        in_use(settings, PIPELINE)
    assert caught.value.code == "not_ready"


@given(st.floats(0.01, 0.99), st.floats(-30, 30))
def test_an_edge_stays_a_probability(edge: float, by: float) -> None:
    assert 0 <= moved(edge, by) <= 1
    assert (moved(edge, by) >= edge) == (by >= 0) or moved(edge, by) == pytest.approx(edge)
