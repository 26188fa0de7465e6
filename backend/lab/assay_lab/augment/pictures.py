"""What the world does to a picture after it was taken or forged.

Both classes pass through the same distribution, and both members of a pair through the very same
draw, so that nothing here can become a class label. Order as in life: made pleasing by the
camera, saved, shrunk, blurred, retoned, noisy, recompressed.
"""

from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Literal

import av
import cv2
import numpy as np
from numpy.random import Generator

from assay.types import Image

Kernel = Literal["nearest", "linear", "cubic", "area", "lanczos"]

KERNELS: dict[Kernel, int] = {
    "nearest": cv2.INTER_NEAREST,
    "linear": cv2.INTER_LINEAR,
    "cubic": cv2.INTER_CUBIC,
    "area": cv2.INTER_AREA,
    "lanczos": cv2.INTER_LANCZOS4,
}

FURTHEST_SHRUNK = 0.2
"""Of the scales that are drawn, alike in every octave: a face of 45 pixels, enlarged to 224."""


@dataclass(frozen=True, slots=True)
class Corruption:
    """One draw; applying it twice to one picture gives one result.

    beauty: strength of an edge-keeping smoothing in grey levels, 0 for none. sharpen: gain of an
    unsharp mask. first_jpeg: quality of an earlier save, 0 for none. scale: linear size in 0..1
    to which the picture is shrunk before it is grown back. blur: sigma in pixels. noise: sigma in
    grey levels. gain, bias, saturation, gamma and tint act on tone. jpeg, webp: quality, 0 for
    none; full_chroma: JPEG without chroma subsampling. crf: of an H.264 key frame, 0 for none.
    seed: of the noise.
    """

    beauty: float = 0.0
    sharpen: float = 0.0
    first_jpeg: int = 0
    scale: float = 1.0
    shrink: Kernel = "area"
    grow: Kernel = "linear"
    blur: float = 0.0
    gain: float = 1.0
    bias: float = 0.0
    saturation: float = 1.0
    gamma: float = 1.0
    tint: tuple[float, float, float] = (1.0, 1.0, 1.0)
    noise: float = 0.0
    jpeg: int = 0
    full_chroma: bool = False
    webp: int = 0
    crf: int = 0
    seed: int = 0

    @classmethod
    def draw(cls, rng: Generator) -> "Corruption":
        """Everyday corruption: about a fifth of all draws leave the pixels untouched."""
        if rng.random() < 0.2:
            return cls()
        codec = rng.choice(["none", "jpeg", "webp", "h264"], p=(0.25, 0.55, 0.06, 0.14))
        return cls(
            beauty=float(rng.uniform(5, 25)) if rng.random() < 0.06 else 0.0,
            sharpen=float(rng.uniform(0.2, 1.2)) if rng.random() < 0.12 else 0.0,
            first_jpeg=int(rng.integers(50, 98)) if rng.random() < 0.2 else 0,
            scale=FURTHEST_SHRUNK ** float(rng.random()) if rng.random() < 0.5 else 1.0,
            shrink=_pick(rng, {"area": 0.5, "linear": 0.25, "cubic": 0.25}),
            grow=_pick(rng, {"linear": 0.5, "cubic": 0.35, "lanczos": 0.15}),
            blur=float(rng.uniform(0.3, 1.5)) if rng.random() < 0.2 else 0.0,
            gain=float(rng.uniform(0.75, 1.25)),
            bias=float(rng.uniform(-20, 20)),
            saturation=float(rng.uniform(0.6, 1.4)) if rng.random() > 0.05 else 0.0,
            gamma=float(rng.uniform(0.8, 1.25)),
            tint=_tint(rng, 0.07) if rng.random() < 0.3 else (1.0, 1.0, 1.0),
            noise=float(rng.uniform(1, 10)) if rng.random() < 0.2 else 0.0,
            jpeg=int(rng.integers(30, 98)) if codec == "jpeg" else 0,
            full_chroma=bool(rng.random() < 0.3),
            webp=int(rng.integers(40, 96)) if codec == "webp" else 0,
            crf=int(rng.integers(18, 38)) if codec == "h264" else 0,
            seed=int(rng.integers(2**31)),
        )

    @classmethod
    def mismatch(cls, rng: Generator) -> "Corruption":
        """The small difference in history between a pasted face and the picture around it."""
        kind = rng.choice(["none", "scale", "sharpen", "blur", "noise", "jpeg", "beauty"])
        return cls(
            beauty=float(rng.uniform(5, 30)) if kind == "beauty" else 0.0,
            sharpen=float(rng.uniform(0.2, 1.0)) if kind == "sharpen" else 0.0,
            scale=float(rng.uniform(0.25, 0.8)) if kind == "scale" else 1.0,
            shrink=_pick(rng, {"area": 0.4, "linear": 0.2, "cubic": 0.2, "nearest": 0.2}),
            grow=_pick(rng, {"linear": 0.4, "cubic": 0.4, "lanczos": 0.2}),
            blur=float(rng.uniform(0.4, 1.4)) if kind == "blur" else 0.0,
            gain=float(rng.uniform(0.88, 1.12)),
            bias=float(rng.uniform(-12, 12)),
            saturation=float(rng.uniform(0.75, 1.25)),
            gamma=float(rng.uniform(0.88, 1.14)),
            tint=_tint(rng, 0.06) if rng.random() < 0.5 else (1.0, 1.0, 1.0),
            noise=float(rng.uniform(1, 6)) if kind == "noise" else 0.0,
            jpeg=int(rng.integers(30, 90)) if kind == "jpeg" else 0,
            seed=int(rng.integers(2**31)),
        )

    def apply(self, picture: Image) -> Image:
        """The corrupted picture, same size."""
        return self._compress(self._retone(self._soften(self._please(picture))))

    def _please(self, picture: Image) -> Image:
        """What phones and editors do: smooth skin, crisp edges, a first save."""
        if self.beauty > 0:
            picture = cv2.bilateralFilter(picture, 5, self.beauty, 3)
        if self.sharpen > 0:
            soft = cv2.GaussianBlur(picture, (0, 0), 1.2)
            picture = cv2.addWeighted(picture, 1 + self.sharpen, soft, -self.sharpen, 0)
        return jpeg(picture, self.first_jpeg) if self.first_jpeg else picture

    def _soften(self, picture: Image) -> Image:
        height, width = picture.shape[:2]
        if self.scale < 1.0:
            small = (max(8, round(width * self.scale)), max(8, round(height * self.scale)))
            picture = cv2.resize(picture, small, interpolation=KERNELS[self.shrink])
            picture = cv2.resize(picture, (width, height), interpolation=KERNELS[self.grow])
        if self.blur > 0:
            picture = cv2.GaussianBlur(picture, (0, 0), self.blur)
        return picture

    def _retone(self, picture: Image) -> Image:
        levels = np.arange(256, dtype=np.float32)
        curve = 255 * (levels / 255) ** self.gamma * self.gain + self.bias
        table = np.stack([np.clip(curve * tint, 0, 255) for tint in self.tint], axis=-1)
        picture = cv2.LUT(picture, table.astype(np.uint8)[None])
        if self.saturation != 1.0:
            grey = cv2.cvtColor(cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY), cv2.COLOR_GRAY2RGB)
            picture = cv2.addWeighted(picture, self.saturation, grey, 1 - self.saturation, 0)
        if self.noise > 0:
            noise = np.empty(picture.shape, np.int16)
            cv2.setRNGSeed(self.seed)
            cv2.randn(noise, 0, self.noise)
            picture = cv2.add(picture, noise, dtype=cv2.CV_8U)
        return picture

    def _compress(self, picture: Image) -> Image:
        if self.jpeg:
            return jpeg(picture, self.jpeg, self.full_chroma)
        if self.webp:
            return _through(picture, ".webp", [cv2.IMWRITE_WEBP_QUALITY, self.webp])
        return key_frame(picture, self.crf) if self.crf else picture


def _pick(rng: Generator, shares: dict[Kernel, float]) -> Kernel:
    return list(shares)[rng.choice(len(shares), p=list(shares.values()))]


def _tint(rng: Generator, reach: float) -> tuple[float, float, float]:
    red, green, blue = rng.uniform(1 - reach, 1 + reach, 3)
    return float(red), float(green), float(blue)


def jpeg(picture: Image, quality: int, full_chroma: bool = False) -> Image:
    """RGB uint8 through a JPEG round trip; colour at half resolution unless full_chroma."""
    chroma = (
        cv2.IMWRITE_JPEG_SAMPLING_FACTOR_444
        if full_chroma
        else cv2.IMWRITE_JPEG_SAMPLING_FACTOR_420
    )
    options = [cv2.IMWRITE_JPEG_QUALITY, quality, cv2.IMWRITE_JPEG_SAMPLING_FACTOR, chroma]
    return _through(picture, ".jpg", options)


def key_frame(picture: Image, crf: int) -> Image:
    """RGB uint8 through an H.264 key frame: what a frame grabbed from a video went through."""
    height, width = picture.shape[:2]
    # Colour is stored at half size, so both sides must be even.
    even = cv2.copyMakeBorder(picture, 0, height % 2, 0, width % 2, cv2.BORDER_REPLICATE)
    encoder = av.CodecContext.create("libx264", "w")
    encoder.width, encoder.height, encoder.pix_fmt = even.shape[1], even.shape[0], "yuv420p"
    encoder.time_base, encoder.thread_count = Fraction(1, 25), 1
    encoder.options = {"crf": str(crf), "preset": "veryfast", "tune": "zerolatency"}
    packets = encoder.encode(av.VideoFrame.from_ndarray(even, "rgb24")) + encoder.encode(None)
    decoder = av.CodecContext.create("h264", "r")
    decoder.thread_count = 1
    frames = [frame for packet in [*packets, None] for frame in decoder.decode(packet)]
    return np.ascontiguousarray(frames[0].to_ndarray(format="rgb24")[:height, :width])


def _through(picture: Image, suffix: str, options: list[int]) -> Image:
    _, data = cv2.imencode(suffix, cv2.cvtColor(picture, cv2.COLOR_RGB2BGR), options)
    return read_rgb(np.asarray(data))


def load_rgb(path: Path) -> Image:
    """Read a picture file, (height, width, 3)."""
    return read_rgb(np.fromfile(path, np.uint8))


def read_rgb(data: Image) -> Image:
    """Decode an encoded picture to RGB, (height, width, 3)."""
    return cv2.cvtColor(cv2.imdecode(data, cv2.IMREAD_COLOR), cv2.COLOR_BGR2RGB)
