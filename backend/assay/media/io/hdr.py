"""High dynamic range to the standard range that players show and networks know.

PQ and HLG code light far beyond the white of paper, on the wide primaries of BT.2020. A picture is
brought to sRGB as a display of 203 cd/m2 would show it: that is the level of diffuse white (ITU-R
BT.2408). Up to about 93 cd/m2, where faces lie, light stays exactly as it is; what is
brighter is rolled off by the curve of ITU-R BT.2390 (section 5.4.1), on the largest of the three
colours so that hues stay. The whole is one cube of colours, interpolated by FFmpeg's `lut3d`.
"""

from fractions import Fraction
from functools import lru_cache
from pathlib import Path
from tempfile import mkdtemp
from typing import Final, Literal, cast

import av
import numpy as np
from av.filter import Graph
from av.video.reformatter import Colorspace
from numpy.typing import ArrayLike

from assay.types import Doubles, Image

Transfer = Literal["pq", "hlg"]

TRANSFERS: Final[dict[int, Transfer]] = {16: "pq", 18: "hlg"}
"""Transfer characteristics of HDR by their number (ITU-T H.273, table 3)."""
WHITE: Final = 203.0
"""cd/m2 of diffuse white, and the brightest that a standard picture can show."""
PEAK: Final = 1000.0
"""cd/m2 up to which light is told apart; phones, cameras and most films are graded to it."""

_UNSPECIFIED: Final = 2
"""The matrix of a stream that names none (ITU-T H.273, table 4)."""
_CUBE: Final = 33
_TO_709: Final = np.array(
    [[1.6605, -0.5876, -0.0728], [-0.1246, 1.1329, -0.0083], [-0.0182, -0.1006, 1.1187]]
)
"""Linear BT.2020 to BT.709 (ITU-R BT.2087, annex 2)."""
_LUMA_2020: Final = np.array([0.2627, 0.6780, 0.0593])
_HLG_GAMMA: Final = 1.2
"""Of the system at a peak of 1,000 cd/m2 (ITU-R BT.2100, note 5f)."""


def to_standard(coded: ArrayLike, transfer: Transfer) -> Doubles:
    """Colours as sRGB.

    Args:
        coded: (..., 3) RGB in 0..1, non-linear, on BT.2020's primaries.
        transfer: How light was coded.

    Returns:
        (..., 3) RGB in 0..1, non-linear.
    """
    light = _light(np.asarray(coded, np.float64), transfer) @ _TO_709.T
    return _srgb(np.clip(_rolled_off(np.maximum(light, 0.0)) / WHITE, 0.0, 1.0))


def pq(light: ArrayLike) -> Doubles:
    """Code of light in cd/m2 (SMPTE ST 2084; the inverse of its EOTF)."""
    power = (np.asarray(light, np.float64) / 10_000) ** 0.1593017578125
    coded: Doubles = ((0.8359375 + 18.8515625 * power) / (1 + 18.6875 * power)) ** 78.84375
    return coded


def _light(coded: Doubles, transfer: Transfer) -> Doubles:
    """cd/m2 of each colour on a display of `PEAK`."""
    if transfer == "pq":
        return _pq_light(coded)
    # BT.2100, table 5: the inverse OETF, then the system's gamma on luminance.
    a, b, c = 0.17883277, 0.28466892, 0.55991073
    scene = np.where(coded <= 0.5, coded**2 / 3, (np.exp((coded - c) / a) + b) / 12)
    luminance = np.maximum(scene @ _LUMA_2020, 1e-9)[..., None]
    light: Doubles = PEAK * scene * luminance ** (_HLG_GAMMA - 1)
    return light


def _pq_light(coded: Doubles) -> Doubles:
    power = coded ** (1 / 78.84375)
    ratio = np.maximum(power - 0.8359375, 0.0) / (18.8515625 - 18.6875 * power)
    light: Doubles = 10_000 * ratio ** (1 / 0.1593017578125)
    return light


def _rolled_off(light: Doubles) -> Doubles:
    """Highlights up to `PEAK` fitted below `WHITE`, by a Hermite spline above a knee."""
    brightest = np.maximum(light.max(axis=-1, keepdims=True), 1e-6)
    scale = float(pq(PEAK))
    most = float(pq(WHITE)) / scale
    knee = 1.5 * most - 0.5
    coded = np.minimum(pq(brightest) / scale, 1.0)
    t = np.maximum((coded - knee) / (1 - knee), 0.0)
    spline = (
        (2 * t**3 - 3 * t**2 + 1) * knee
        + (t**3 - 2 * t**2 + t) * (1 - knee)
        + (3 * t**2 - 2 * t**3) * most
    )
    mapped = _pq_light(np.where(coded < knee, coded, spline) * scale)
    rolled: Doubles = light * np.where(coded < knee, 1.0, mapped / brightest)
    return rolled


def _srgb(linear: Doubles) -> Doubles:
    """The inverse EOTF of IEC 61966-2-1."""
    coded: Doubles = np.where(
        linear <= 0.0031308, 12.92 * linear, 1.055 * linear ** (1 / 2.4) - 0.055
    )
    return coded


@lru_cache(maxsize=2)
def luma_table(transfer: Transfer) -> Image:
    """Standard luma, (65536,), of each grey that is coded with 16 bits."""
    codes = np.linspace(0, 1, 65_536)
    return (
        (to_standard(np.repeat(codes[:, None], 3, axis=1), transfer)[:, 0] * 255)
        .round()
        .astype(np.uint8)
    )


@lru_cache(maxsize=2)
def _cube(transfer: Transfer) -> Path:
    """A file that `lut3d` reads; it takes none but files."""
    steps = np.linspace(0, 1, _CUBE)
    blue, green, red = np.meshgrid(steps, steps, steps, indexing="ij")  # red varies fastest
    colours = to_standard(np.stack([red, green, blue], axis=-1).reshape(-1, 3), transfer)
    lines = [f"LUT_3D_SIZE {_CUBE}", *(f"{r:.6f} {g:.6f} {b:.6f}" for r, g, b in colours)]
    path = Path(mkdtemp(prefix="assay-hdr-")) / f"{transfer}.cube"
    path.write_text("\n".join(lines) + "\n")
    return path


@lru_cache(maxsize=1)
def _graph(width: int, height: int, transfer: Transfer) -> Graph:
    graph = Graph()
    source = graph.add_buffer(
        width=width,
        height=height,
        format=av.VideoFormat("rgb48le", width, height),
        time_base=Fraction(1, 25),
    )
    cube = graph.add("lut3d", f"file={_cube(transfer)}:interp=tetrahedral")
    last = graph.add("format", "pix_fmts=rgb24")
    graph.link_nodes(source, cube, last, graph.add("buffersink")).configure()
    return graph


def tone_mapped(frame: av.VideoFrame, transfer: Transfer) -> Image:
    """A picture as sRGB, (height, width, 3).

    Args:
        frame: Of any pixel format, on BT.2020's primaries; with its own matrix and range.
        transfer: How light was coded.
    """
    matrix = Colorspace.BT2020 if frame.colorspace == _UNSPECIFIED else None
    deep = frame.reformat(format="rgb48le", src_colorspace=matrix)
    graph = _graph(deep.width, deep.height, transfer)
    graph.vpush(deep)
    return cast(Image, graph.vpull().to_ndarray())
