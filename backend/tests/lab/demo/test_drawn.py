"""Drawn faces: people of their own, that the served detector finds."""

from pathlib import Path

import cv2
import numpy as np

from assay.models.sessions import ModelStore
from assay.settings import Settings
from assay_lab.data.faces import extract
from assay_lab.data.rows import Row
from assay_lab.demo.command import GENERATOR, draw_site
from assay_lab.demo.drawn import SIDE, draw_face


def test_a_seed_is_a_person() -> None:
    one, again, other = draw_face(1), draw_face(1), draw_face(2)
    assert one.shape == (SIDE, SIDE, 3) and one.dtype == np.uint8
    assert np.array_equal(one, again)
    assert np.abs(one.astype(int) - other).mean() > 5


def test_the_face_detector_finds_each_of_them(tmp_path: Path) -> None:
    settings = Settings(threads=1)
    session = ModelStore(settings.models_dir, threads=1).session("blazeface")
    for seed in range(6):
        file = tmp_path / f"{seed}.png"
        cv2.imwrite(str(file), cv2.cvtColor(draw_face(seed), cv2.COLOR_RGB2BGR))
        found = extract(Row(file, "image", "real", "", "g", "s"), session, tmp_path, settings)
        assert len(found.faces) == 1, seed


def test_a_site_holds_each_person_real_and_forged(tmp_path: Path) -> None:
    site = draw_site(tmp_path / "site", 3)
    real, fake = sorted((site / "real").iterdir()), sorted((site / "fake" / GENERATOR).iterdir())
    assert [file.name for file in real] == [file.name for file in fake]
    before, after = (cv2.imread(str(files[0])).astype(int) for files in (real, fake))
    assert 0.2 < np.abs(before - after).mean() < 30, "a trace, not another picture"
    real[0].write_bytes(b"kept")
    draw_site(site, 3)
    assert real[0].read_bytes() == b"kept", "what is there is not drawn again"
