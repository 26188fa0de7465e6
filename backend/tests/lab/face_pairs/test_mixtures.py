"""Pair sources by name, over a cache of real faces."""

from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest
from skimage.data import astronaut

from assay_lab.core.loop import Run
from assay_lab.data.faces import FaceSample, FileFaces
from assay_lab.data.rows import DFDC_CROPS as DFDC
from assay_lab.data.rows import Row, read_manifest, write_manifest
from assay_lab.data.split import known_generator, split_of
from assay_lab.face_pairs import mixtures
from assay_lab.face_pairs.mixtures import build_mixture, parse_shares
from assay_lab.face_pairs.sources import Generated
from assay_lab.forge.generators.net import Design, Painting
from assay_lab.forge.generators.train import Config, trained_generators
from assay_lab.gate.release import FORGERIES, forged
from tests.lab.forge_media import BOX, KEYPOINTS

from ..face_cache import write_index


@pytest.fixture
def portraits(tmp_path: Path) -> Path:
    """Data and cache in one folder: two people of the validation part, one of the training part."""
    names = [f"person{number}" for number in range(200)]
    val = [name for name in names if split_of(f"studio|{name}") == "val"][:2]
    train = next(name for name in names if split_of(f"studio|{name}") == "train")
    found, rows = [], []
    for shift, name in enumerate([*val, train]):
        file = tmp_path / f"{name}.png"
        picture = np.clip(astronaut().astype(int) + 12 * shift, 0, 255).astype(np.uint8)
        cv2.imwrite(str(file), cv2.cvtColor(picture, cv2.COLOR_RGB2BGR))
        sample = FaceSample(0, 0.0, 0, BOX.tolist(), KEYPOINTS.tolist(), 0.9, None, None)
        found.append(FileFaces(name, 512, 512, [sample], [], {}))
        rows.append(Row(file, "image", "real", "", f"studio|{name}", "studio"))
    write_index(tmp_path, found)
    write_manifest(tmp_path, rows)
    return tmp_path


@pytest.mark.parametrize("name", FORGERIES)
def test_our_forgeries_differ_from_their_own_real_face_where_the_mask_says(
    name: str, portraits: Path
) -> None:
    mixture = build_mixture([(name, 1.0)], portraits, portraits, "val")
    pair = mixture.draw(np.random.default_rng(1))

    assert pair.together
    assert pair.mask is not None
    change = np.abs(pair.real.astype(int) - pair.fake).mean(axis=2)
    assert change[pair.mask > 0.5].mean() > 1
    assert (change[pair.mask == 0] <= 1).all()


def test_the_gate_is_bounded_by_forgeries_of_native_crops_always_the_same(portraits: Path) -> None:
    kinds = forged(portraits, portraits, "val", 3, None)
    again = forged(portraits, portraits, "val", 3, None)

    assert list(kinds) == [f"fake: {name} by our forge" for name in FORGERIES]
    for kind, crops in kinds.items():
        assert len(crops) == 3
        assert all(crop.shape[0] % 2 == crop.shape[1] % 2 == 0 for crop in crops)
        assert all(np.array_equal(*both) for both in zip(crops, again[kind], strict=True))


def test_own_fakes_come_beside_own_photographs(portraits: Path) -> None:
    rows = read_manifest(portraits)
    with pytest.raises(SystemExit, match="fake stills besides"):
        build_mixture([("own", 1.0)], portraits, portraits, "val")
    fake = replace(rows[0], label="fake", generator="somebody's")
    write_manifest(portraits, [fake, *rows[1:]])
    mixtures._rows.cache_clear()
    pair = build_mixture([("own", 1.0)], portraits, portraits, "val").draw(np.random.default_rng(0))

    assert not pair.together
    assert pair.real.shape == pair.fake.shape


@pytest.fixture
def clips(tmp_path: Path) -> Path:
    """Data and cache of four clips of the validation part, a frame each, and a crop of DFDC.

    One site shows a fake beside a real clip, another a fake alone, a third a real clip alone.
    """
    group = next(name for name in map("any|{}".format, range(200)) if split_of(name) == "val")
    known = [site for site in map("site{}".format, range(40)) if known_generator(site, "")]
    found, rows = [], []
    for label, source in [("fake", known[0]), ("real", known[0]), ("fake", known[1]), ("real", "")]:
        name = f"{label}-{source}"
        cv2.imwrite(str(tmp_path / f"{name}.png"), np.full((224, 224, 3), 90, np.uint8))
        keypoints = KEYPOINTS.tolist()
        sample = FaceSample(0, 0.0, 0, BOX.tolist(), keypoints, 0.9, f"{name}.png", None)
        found.append(FileFaces(name, 512, 512, [sample], [], {}))
        rows.append(Row(tmp_path / f"{name}.mp4", "video", label, "", group, source))
    rows.append(Row(tmp_path / f"{name}.png", "image", "real", "", group, DFDC))
    write_index(tmp_path, found)
    write_manifest(tmp_path, rows)
    return tmp_path


def test_published_fakes_come_beside_their_own_site_and_every_other_camera(clips: Path) -> None:
    mixture = build_mixture([("published", 1.0)], clips, clips, "val")
    source = mixture.sources["published"]

    assert isinstance(source, Generated)
    assert [len(maker.fakes) for maker in source.makers] == [1, 1]
    assert [len(maker.neighbours) for maker in source.makers] == [1, 0]
    assert [len(camera) for camera in source.cameras] == [1, 1, 1]
    assert mixture.draw(np.random.default_rng(0)).fake.shape == (224, 224, 3)


def test_shares_are_read_from_text() -> None:
    assert parse_shares("dfdc=7, swapped,stylegan=0.35") == [
        ("dfdc", 7.0),
        ("swapped", 1.0),
        ("stylegan", 0.35),
    ]


@pytest.fixture
def generators(tmp_path: Path) -> Path:
    """A generator of whole pictures, one with a waist, and one that was never finished."""
    folder = tmp_path / "generators"
    for name, design in {
        "whole": Design("nearest", stride=4, width=4),
        "waist": Design("shuffle", code="waist", depth=8, width=4, side=32),
        "unfinished": Design("transposed", stride=4, width=4),
    }.items():
        run = Run(folder / name, Config(tmp_path, design))
        if name != "unfinished":
            run.save(average=Painting(design).state_dict(), step=1)
    return folder


def test_trained_generators_are_told_apart(generators: Path) -> None:
    assert [run.name for run in trained_generators(generators, waist=False)] == ["whole"]
    assert [run.name for run in trained_generators(generators, waist=True)] == ["waist"]


@pytest.mark.parametrize("native", [False, True])
@pytest.mark.parametrize("name", ["painted", "refaced"])
def test_trained_generators_forge(
    name: str, native: bool, portraits: Path, generators: Path
) -> None:
    mixture = build_mixture([(name, 1.0)], portraits, portraits, "val", native, generators)
    rng = np.random.default_rng(3)

    for _ in range(4):
        pair = mixture.draw(rng)
        change = np.abs(pair.real.astype(int) - pair.fake).mean(axis=2)
        assert change[pair.mask > 0.5].mean() > 1


def test_the_gate_is_bounded_by_refaced_faces_where_a_waist_is_trained(
    portraits: Path, generators: Path
) -> None:
    refaced = "fake: refaced by our forge"
    assert refaced in forged(portraits, portraits, "val", 2, generators)
    (generators / "waist" / "checkpoint.pt").unlink()
    assert refaced not in forged(portraits, portraits, "val", 2, generators)


def test_faces_cannot_be_refaced_without_a_generator(portraits: Path) -> None:
    with pytest.raises(SystemExit, match="generators"):
        build_mixture([("refaced", 1.0)], portraits, portraits, "val")
