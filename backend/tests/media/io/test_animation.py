"""Animations are short videos: every picture counts, for as long as browsers show it."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from assay.errors import AssayError
from assay.media.forensics.hints import read_hints
from assay.media.io import animation
from assay.media.io.reader import open_media
from assay.media.sampling import Span, plan
from assay.settings import Settings
from tests.media_factory import talking_head
from tests.networks import vad

SETTINGS = Settings(threads=2)
COLOURS = ((250, 0, 0), (0, 250, 0), (0, 0, 250))
KINDS = ("gif", "webp", "png", "avif")


def write_animation(path: Path, milliseconds: int = 400) -> Path:
    shown = [Image.new("RGB", (64, 48), colour) for colour in COLOURS]
    options = {"lossless": True} if path.suffix == ".webp" else {}
    shown[0].save(
        path, save_all=True, append_images=shown[1:], duration=milliseconds, loop=0, **options
    )
    return path


@pytest.mark.parametrize("kind", KINDS)
def test_every_picture_is_seen_at_its_time(kind: str, tmp_path) -> None:
    with open_media(write_animation(tmp_path / f"a.{kind}"), SETTINGS) as media:
        assert (media.info.kind, media.info.container) == ("video", kind)
        assert media.info.duration == pytest.approx(1.2)
        frames = list(media.frames(plan(media.info, read_hints(media))))
        assert media.speech([], vad()) is None
        assert media.warnings == []
    assert len(frames) == 30
    for number, frame in enumerate(frames):
        expected = COLOURS[number // 10]
        assert np.abs(frame.rgb()[24, 32].astype(int) - expected).max() <= 12


def test_a_long_one_is_sampled_from_end_to_end(tmp_path) -> None:
    with open_media(write_animation(tmp_path / "a.gif", 8_000), SETTINGS) as media:
        spans = plan(media.info)
        frames = list(media.frames(spans))
    assert len(spans) == 4
    colours = {tuple((f.rgb()[0, 0] > 100).tolist()) for f in frames}
    assert colours == {(True, False, False), (False, True, False), (False, False, True)}


def test_transparent_pictures_stand_on_white(tmp_path) -> None:
    path = tmp_path / "a.png"
    shown = [Image.new("RGBA", (20, 20), (9, 9, 9, alpha)) for alpha in (255, 0)]
    shown[0].save(path, save_all=True, append_images=shown[1:], duration=500, blend=0)
    with open_media(path, SETTINGS) as media:
        frames = list(media.frames([Span(0.0, 1.0)]))
    assert frames[0].rgb()[5, 5].tolist() == [9, 9, 9]
    assert frames[-1].rgb()[5, 5].tolist() == [255, 255, 255]


@pytest.mark.parametrize("kind", ["gif", "webp", "png"])
def test_half_of_one_gives_what_is_there(kind: str, tmp_path) -> None:
    path = tmp_path / f"a.{kind}"
    shown = [Image.fromarray(talking_head(160, 120, t / 10)) for t in range(10)]
    shown[0].save(path, save_all=True, append_images=shown[1:], duration=100)
    path.write_bytes(path.read_bytes()[: path.stat().st_size * 6 // 10])
    try:
        with open_media(path, SETTINGS) as media:
            assert len(list(media.frames([Span(0.0, 1.0)]))) <= 25
    except AssayError as error:
        assert error.code == "unreadable"


def test_the_cost_of_one_is_bounded(tmp_path, monkeypatch) -> None:
    monkeypatch.setattr(animation, "MAX_PICTURES", 2)
    with open_media(write_animation(tmp_path / "a.webp"), SETTINGS) as media:
        assert len(list(media.frames([Span(0.0, 1.2)]))) == 20
        assert media.warnings == ["The animation is very heavy; only a part was examined."]


def test_a_picture_larger_than_its_screen_ends_it(tmp_path) -> None:
    """Pillow would enlarge everything to 60,000 x 60,000."""
    path = write_animation(tmp_path / "a.gif")
    content = bytearray(path.read_bytes())
    whole = b"," + bytes(4) + b"\x40\x00\x30\x00"  # a picture's place: all of 64 x 48
    second = content.index(whole, content.index(whole) + 1)
    content[second + 5 : second + 9] = b"\x60\xea\x60\xea"
    path.write_bytes(content)
    with open_media(path, SETTINGS) as media:
        frames = list(media.frames([Span(0.0, 1.2)]))
        assert media.warnings == ["Skipped 1 damaged piece of the file."]
    assert frames
    assert all(frame.rgb().shape == (48, 64, 3) for frame in frames)
