"""What the world does to a picture after it was taken or forged.

Both classes pass through the same distribution, and both members of a pair through the very same
draw, so that nothing here can become a class label. Order as in life: shrunk, blurred, noisy,
recompressed.
"""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.random import Generator

from assay.media.material import Pixels


@dataclass(frozen=True, slots=True)
class Degradation:
    """One draw; applying it twice to one picture gives one result.

    scale: linear size in 0..1 to which the picture is shrunk before it is grown back. blur: sigma
    in pixels. noise: sigma in grey levels. jpeg: quality, 0 for none. gain, bias, saturation, and
    gamma act on tone. seed: of the noise.
    """

    scale: float = 1.0
    blur: float = 0.0
    noise: float = 0.0
    jpeg: int = 0
    gain: float = 1.0
    bias: float = 0.0
    saturation: float = 1.0
    gamma: float = 1.0
    tint: tuple[float, float, float] = (1.0, 1.0, 1.0)
    seed: int = 0

    @classmethod
    def draw(cls, rng: Generator) -> "Degradation":
        """Everyday damage: about a fifth of all draws leave the pixels untouched."""
        if rng.random() < 0.2:
            return cls()
        return cls(
            scale=float(rng.uniform(0.4, 1.0)) if rng.random() < 0.35 else 1.0,
            blur=float(rng.uniform(0.3, 1.5)) if rng.random() < 0.2 else 0.0,
            noise=float(rng.uniform(1, 10)) if rng.random() < 0.2 else 0.0,
            jpeg=int(rng.integers(30, 98)) if rng.random() < 0.65 else 0,
            gain=float(rng.uniform(0.75, 1.25)),
            bias=float(rng.uniform(-20, 20)),
            saturation=float(rng.uniform(0.6, 1.4)) if rng.random() > 0.05 else 0.0,
            gamma=float(rng.uniform(0.8, 1.25)),
            tint=tuple(rng.uniform(0.93, 1.07, 3)) if rng.random() < 0.3 else (1.0, 1.0, 1.0),
            seed=int(rng.integers(2**31)),
        )

    def apply(self, picture: Pixels) -> Pixels:
        """The damaged picture, same size."""
        return self._compress(self._retone(self._soften(picture)))

    def _soften(self, picture: Pixels) -> Pixels:
        height, width = picture.shape[:2]
        if self.scale < 1.0:
            small = (max(8, round(width * self.scale)), max(8, round(height * self.scale)))
            picture = cv2.resize(picture, small, interpolation=cv2.INTER_AREA)
            picture = cv2.resize(picture, (width, height), interpolation=cv2.INTER_LINEAR)
        if self.blur > 0:
            picture = cv2.GaussianBlur(picture, (0, 0), self.blur)
        return picture

    def _retone(self, picture: Pixels) -> Pixels:
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

    def _compress(self, picture: Pixels) -> Pixels:
        return jpeg(picture, self.jpeg) if self.jpeg else picture


def jpeg(picture: Pixels, quality: int) -> Pixels:
    """RGB uint8 through a JPEG round trip."""
    _, data = cv2.imencode(
        ".jpg", cv2.cvtColor(picture, cv2.COLOR_RGB2BGR), [cv2.IMWRITE_JPEG_QUALITY, quality]
    )
    return read_rgb(np.asarray(data))


def read_rgb(data: Pixels) -> Pixels:
    """Decode an encoded picture to RGB, (height, width, 3)."""
    return cv2.cvtColor(cv2.imdecode(data, cv2.IMREAD_COLOR), cv2.COLOR_BGR2RGB)
