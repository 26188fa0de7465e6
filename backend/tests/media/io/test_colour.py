"""Colours as a viewer sees them: HDR, wide gamut, matrices that nobody named, combs."""

import io
from pathlib import Path

import av
import cv2
import numpy as np
import PIL.Image
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import ImageCms

from assay.media.io.gamut import narrowed
from assay.media.io.hdr import PEAK, WHITE, luma_table, pq, to_standard, tone_mapped
from assay.media.io.interlace import deinterlaced
from assay.media.io.picture import DecodedPicture
from assay.media.io.reader import open_media
from assay.media.sampling import Span
from assay.settings import Settings
from assay.types import Image
from tests.media_factory import hdr_coded, run_ffmpeg, still, talking_head, write_video

SETTINGS = Settings(threads=2)


def picture(path: Path) -> Image:
    with open_media(path, SETTINGS) as media:
        return next(iter(media.frames([Span(0.0, 0.2)]))).rgb()


def greys(light: list[float]) -> np.ndarray:
    return np.repeat(pq(light)[:, None], 3, axis=1)


@pytest.mark.parametrize("transfer", ["pq", "hlg"])
def test_black_stays_black_and_light_only_rises(transfer) -> None:
    ramp = to_standard(np.repeat(np.linspace(0, 1, 500)[:, None], 3, axis=1), transfer)[:, 0]
    assert ramp[0] == 0
    assert ramp[-1] == pytest.approx(1, abs=0.002)
    assert (np.diff(ramp) >= -1e-9).all()


def test_faces_keep_their_light_and_highlights_stay_apart() -> None:
    shown = to_standard(greys([20.0, 90.0, WHITE, 500.0, PEAK]), "pq")[:, 0]
    linear = np.where(shown <= 0.04045, shown / 12.92, ((shown + 0.055) / 1.055) ** 2.4)
    assert linear[:2] == pytest.approx([20 / WHITE, 90 / WHITE], rel=1e-3)
    assert 0.7 < linear[2] < linear[3] < linear[4] <= 1.0


@given(st.lists(st.floats(0, 1), min_size=3, max_size=3), st.sampled_from(["pq", "hlg"]))
def test_any_colour_has_a_place(colour, transfer) -> None:
    shown = to_standard(np.array([colour]), transfer)
    assert ((shown >= 0) & (shown <= 1)).all()


@pytest.mark.parametrize("transfer", ["pq", "hlg"])
def test_the_cube_interpolates_what_it_is_made_of(transfer) -> None:
    deep = np.random.default_rng(1).integers(0, 65_536, (40, 60, 3)).astype(np.uint16)
    shown = tone_mapped(av.VideoFrame.from_ndarray(deep, format="rgb48le"), transfer).astype(
        np.int16
    )
    exact = 255 * to_standard(deep / 65_535, transfer)
    assert np.abs(shown - exact).mean() < 2.5


@pytest.mark.parametrize(("transfer", "tag"), [("pq", "smpte2084"), ("hlg", "arib-std-b67")])
def test_hdr_video_looks_as_its_source(transfer, tag, tmp_path) -> None:
    source = talking_head(320, 240, 0.0) // 2  # below the knee: light is to stay as it was
    raw, path = tmp_path / "deep.png", tmp_path / "hdr.mp4"
    assert cv2.imwrite(str(raw), hdr_coded(source, transfer)[..., ::-1])
    run_ffmpeg(
        *("-loop", "1", "-i", str(raw), "-t", "0.4", "-vf"),
        "scale=out_color_matrix=bt2020:out_range=tv,format=yuv420p10le,"
        f"setparams=color_primaries=bt2020:color_trc={tag}:colorspace=bt2020nc",
        *("-c:v", "libx265", "-crf", "6", "-x265-params", "log-level=none", str(path)),
    )
    with open_media(path, SETTINGS) as media:
        frame = next(iter(media.frames([Span(0.0, 0.2)])))
        shown, grey = frame.rgb(), frame.grey()
    assert np.abs(shown.astype(int) - source).mean() < 6
    assert np.abs(grey.astype(int) - cv2.cvtColor(shown, cv2.COLOR_RGB2GRAY)).mean() < 6


def test_hdr_png_by_its_cicp(tmp_path) -> None:
    source = talking_head(160, 120, 0.0) // 2
    _, content = cv2.imencode(".png", hdr_coded(source, "pq")[..., ::-1])
    path = tmp_path / "hdr.png"
    path.write_bytes(with_cicp(content.tobytes(), bytes([9, 16, 0, 1])))
    assert np.abs(picture(path).astype(int) - source).mean() < 4
    plain = tmp_path / "plain.png"
    plain.write_bytes(content.tobytes())
    assert np.abs(picture(plain).astype(int) - source).mean() > 8


def with_cicp(content: bytes, numbers: bytes) -> bytes:
    """A PNG with the chunk that names primaries, transfer, matrix and range, behind IHDR."""
    import zlib

    body = b"cICP" + numbers
    chunk = len(numbers).to_bytes(4) + body + zlib.crc32(body).to_bytes(4)
    return content[:33] + chunk + content[33:]


def test_hdr_avif(tmp_path) -> None:
    source = talking_head(160, 120, 0.0) // 2
    raw, path = tmp_path / "deep.png", tmp_path / "hdr.avif"
    assert cv2.imwrite(str(raw), hdr_coded(source, "pq")[..., ::-1])
    run_ffmpeg(
        *("-i", str(raw), "-vf"),
        "scale=out_color_matrix=bt2020:out_range=pc,format=yuv444p10le,setparams=range=pc:"
        "color_primaries=bt2020:color_trc=smpte2084:colorspace=bt2020nc",
        *("-c:v", "libaom-av1", "-still-picture", "1", "-crf", "10", "-cpu-used", "8", str(path)),
    )
    assert np.abs(picture(path).astype(int) - source).mean() < 8


def test_standard_pictures_are_not_tone_mapped(tmp_path) -> None:
    path = write_video(tmp_path / "clip.mp4", seconds=0.2, size=(160, 120))
    with av.open(str(path)) as container:
        frame = next(container.decode(video=0))
        assert np.array_equal(DecodedPicture(frame).rgb(), frame.to_ndarray(format="rgb24"))


def test_luma_of_hdr_follows_its_greys() -> None:
    table = luma_table("pq")
    assert table[0] == 0
    codes = (greys([5.0, 100.0])[:, 0] * 65_535).round().astype(int)
    assert table[codes] == pytest.approx(255 * to_standard(greys([5.0, 100.0]), "pq")[:, 0], abs=1)


@pytest.mark.parametrize("primaries", [9, 12])
def test_wide_colour_becomes_more_vivid_and_grey_stays(primaries) -> None:
    grey = np.full((2, 2, 3), 128, np.uint8)
    assert np.abs(narrowed(grey, primaries).astype(int) - 128).max() <= 1
    skin = np.full((1, 1, 3), (200, 150, 120), np.uint8)
    red, _, blue = narrowed(skin, primaries)[0, 0].tolist()
    assert red > 200
    assert blue < 120


def test_a_profile_is_heeded_where_it_asks_for_something(tmp_path) -> None:
    source = talking_head(160, 120, 0.0)
    wide = profile_with_wide_red()
    srgb = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    for name, profile, moves in (
        ("none", None, False),
        ("srgb", srgb, False),
        ("wide", wide, True),
    ):
        path = tmp_path / f"{name}.png"
        options = {} if profile is None else {"icc_profile": profile}
        PIL.Image.fromarray(source).save(path, **options)
        assert np.array_equal(picture(path), source) != moves


def profile_with_wide_red() -> bytes:
    """sRGB's profile with red and green of each other's colorant: whoever heeds it must show it."""
    profile = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    red, green = profile.index(b"rXYZ"), profile.index(b"gXYZ")
    profile[red : red + 4], profile[green : green + 4] = b"gXYZ", b"rXYZ"
    return bytes(profile)


@pytest.mark.parametrize("profile", [b"", b"not a profile", bytes(200)])
def test_a_broken_profile_is_ignored(profile: bytes, tmp_path) -> None:
    path = tmp_path / "a.png"
    path.write_bytes(still("png", icc_profile=profile))
    assert np.array_equal(picture(path), talking_head(200, 150, 0.0))


@pytest.mark.parametrize(("size", "matrix"), [((640, 480), "bt601"), ((1280, 720), "bt709")])
def test_the_matrix_that_nobody_named_follows_the_size(size, matrix, tmp_path) -> None:
    path = tmp_path / "clip.mp4"
    run_ffmpeg(
        *("-f", "lavfi", "-i", f"color=c=0xB05020:s={size[0]}x{size[1]}:d=0.4:r=25"),
        *("-vf", f"scale=out_color_matrix={matrix},format=yuv420p,setparams=colorspace=unknown"),
        *("-c:v", "libx264", "-crf", "1", str(path)),
    )
    assert picture(path).mean(axis=(0, 1)) == pytest.approx([0xB0, 0x50, 0x20], abs=4)


def test_combs_are_taken_out_and_nothing_else() -> None:
    still_half = talking_head(160, 120, 0.0)
    moved = np.roll(still_half, 12, axis=1)
    woven = still_half.copy()
    woven[1::2] = moved[1::2]
    grey = cv2.cvtColor(woven, cv2.COLOR_RGB2GRAY)
    clean = deinterlaced(woven, grey)
    before = np.abs(woven.astype(int) - still_half).mean()
    assert np.abs(clean.astype(int) - still_half).mean() < before / 2
    assert np.array_equal(clean[::2], woven[::2])
    smooth = cv2.GaussianBlur(still_half, (0, 0), 2)
    assert np.array_equal(deinterlaced(smooth, cv2.cvtColor(smooth, cv2.COLOR_RGB2GRAY)), smooth)


@pytest.mark.parametrize("height", [1, 2, 3, 4, 5])
def test_combs_of_few_lines(height: int) -> None:
    woven = np.zeros((height, 8), np.uint8)
    woven[1::2] = 255
    assert deinterlaced(woven, woven).shape == woven.shape


def test_interlaced_video_has_no_combs(tmp_path) -> None:
    path = tmp_path / "interlaced.ts"
    run_ffmpeg(
        *("-f", "lavfi", "-i", "testsrc2=s=320x240:r=50:d=0.6"),
        *("-vf", "tinterlace=interleave_top,setfield=tff", "-c:v", "mpeg2video", "-q:v", "2"),
        *("-flags", "+ilme+ildct", str(path)),
    )
    with av.open(str(path)) as container:
        frame = list(container.decode(video=0))[5]
    assert frame.interlaced_frame
    shown = DecodedPicture(frame)
    assert combing(shown.grey()) < combing(frame.to_ndarray(format="gray")) / 2
    assert combing(cv2.cvtColor(shown.rgb(), cv2.COLOR_RGB2GRAY)) < combing(
        frame.to_ndarray(format="gray")
    )


def combing(grey: Image) -> float:
    """How far lines leave both of their neighbours to the same side."""
    lines = grey.astype(int)
    up, down = lines[1:-1] - lines[:-2], lines[1:-1] - lines[2:]
    return float(np.maximum(np.minimum(up, down), 0).mean())


def test_a_profile_of_another_space_is_ignored(tmp_path) -> None:
    buffer = io.BytesIO()
    lab = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")).tobytes()
    PIL.Image.fromarray(talking_head(80, 60, 0.0)).save(buffer, "PNG", icc_profile=lab)
    path = tmp_path / "lab.png"
    path.write_bytes(buffer.getvalue())
    assert np.array_equal(picture(path), talking_head(80, 60, 0.0))
