"""Headers of stills, read without a decoder."""

import io
import random

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from assay.errors import AssayError
from assay.media.io.sniff import STILLS
from assay.media.io.still_header import read_still_header
from tests.hostile_media import original
from tests.media_factory import still

KINDS = ("jpeg", "png", "webp", "gif", "bmp", "avif")


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("size", [(1, 1), (37, 61), (640, 480)])
def test_size(kind: str, size: tuple[int, int], tmp_path) -> None:
    path = tmp_path / "still"
    path.write_bytes(still(kind, size=size))
    header = read_still_header(path, kind)
    assert (header.width, header.height) == size == header.displayed_size


@pytest.mark.parametrize(
    "options", [{"lossless": True}, {"mode": "RGBA"}, {"quality": 10}], ids=str
)
def test_every_coding_of_webp(options: dict, tmp_path) -> None:
    path = tmp_path / "still.webp"
    path.write_bytes(still("webp", size=(301, 77), **options))
    header = read_still_header(path, "webp")
    assert (header.width, header.height) == (301, 77)


@pytest.mark.parametrize("kind", ["png", "webp", "gif"])
@pytest.mark.parametrize("pictures", [1, 2])
def test_an_animation_says_so(kind: str, pictures: int, tmp_path) -> None:
    path = tmp_path / f"moving.{kind}"
    shown = [Image.new("RGB", (64, 48), (60 * number, 80, 90)) for number in range(pictures)]
    shown[0].save(path, save_all=pictures > 1, append_images=shown[1:], duration=100, loop=0)
    header = read_still_header(path, kind)
    assert header.has_more == (pictures > 1)
    assert header.seconds == (pytest.approx(0.1 * pictures) if pictures > 1 else None)


@pytest.mark.parametrize("kind", ["jpeg", "png", "webp"])
@pytest.mark.parametrize("orientation", range(1, 9))
def test_exif(kind: str, orientation: int, tmp_path) -> None:
    exif = Image.Exif()
    exif[0x0112], exif[0x010F], exif[0x0110] = orientation, "Lens & Co", "Eye 3"
    exif[0x0131] = "Editor\x1b[31m 7"
    path = tmp_path / "still"
    path.write_bytes(still(kind, size=(80, 60), exif=exif))
    header = read_still_header(path, kind)
    assert header.orientation == orientation
    assert header.exif == {"make": "Lens & Co", "model": "Eye 3", "software": "Editor [31m 7"}
    assert header.displayed_size == ((60, 80) if orientation >= 5 else (80, 60))


@pytest.mark.parametrize(
    ("name", "depth"), [("a.png", 8), ("a.png", 16), ("a.avif", 8), ("a.avif", 10), ("a.avif", 12)]
)
def test_depth(name: str, depth: int, tmp_path) -> None:
    pixels = np.zeros((8, 8, 3), np.uint8 if depth == 8 else np.uint16)
    path = tmp_path / name
    options = [cv2.IMWRITE_AVIF_DEPTH, depth] if path.suffix == ".avif" else []
    assert cv2.imwrite(str(path), pixels, options)
    assert read_still_header(path, path.suffix[1:]).depth == depth


def test_quantisation_tables_are_the_encoders(tmp_path) -> None:
    content = still("jpeg", quality=71)
    path = tmp_path / "still.jpg"
    path.write_bytes(content)
    truth = Image.open(io.BytesIO(content)).quantization
    found = read_still_header(path, "jpeg").quantisation
    assert found.keys() == truth.keys()
    assert all(found[number].tolist() == list(truth[number]) for number in truth)


def test_png_keywords(tmp_path) -> None:
    from PIL.PngImagePlugin import PngInfo

    notes = PngInfo()
    notes.add_text("parameters", "a portrait, 20 steps")
    notes.add_text("Software", "Painter")
    path = tmp_path / "still.png"
    path.write_bytes(still("png", pnginfo=notes))
    header = read_still_header(path, "png")
    assert "parameters" in header.texts
    assert header.exif["software"] == "Painter"


@given(st.sampled_from(sorted(STILLS - {"jxl"})), st.binary(max_size=400))
def test_random_bytes_give_an_answer(tmp_path_factory, family: str, content: bytes) -> None:
    path = tmp_path_factory.getbasetemp() / "random-still"
    path.write_bytes(content)
    _answers(path, family)


@given(st.sampled_from(KINDS), st.integers(0, 2**32))
def test_damaged_headers_give_an_answer(tmp_path_factory, kind: str, seed: int) -> None:
    rng = random.Random(seed)
    content = bytearray(original("jpg" if kind == "jpeg" else kind))
    for _ in range(8):
        content[rng.randrange(min(400, len(content)))] = rng.randrange(256)
    path = tmp_path_factory.getbasetemp() / "damaged-still"
    path.write_bytes(content)
    _answers(path, kind)


def _answers(path, family: str) -> None:
    try:
        header = read_still_header(path, family)
    except AssayError as error:
        assert error.code == "unreadable"
    else:
        assert header.width > 0
        assert header.height > 0
        assert 1 <= header.orientation <= 8
