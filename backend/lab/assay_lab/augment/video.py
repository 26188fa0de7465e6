"""What happens to a video on its way: made smaller, shown at another rate, encoded once more.

Both classes pass through the same distribution, and a forged clip through the very draw that its
real counterpart went through, so that nothing here can become a class label.
"""

from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Literal

import av
import cv2
import numpy as np
from numpy.random import Generator

from assay.branches.audio.cqcc import RATE
from assay.types import Floats, Image

Codec = Literal["libx264", "libx265"]

SOUND_RATE = 44_100


@dataclass(frozen=True, slots=True)
class VideoCorruption:
    """One draw. The default encodes well enough that nobody sees it.

    codec: H.264 or H.265. crf: quality, 18 (fine) to 38 (coarse). preset: of the encoder. group:
    pictures from key frame to key frame. scale: linear size, 1 keeps it. rate: pictures a second,
    0 keeps them. sound_bits: of the AAC stream, bit/s.
    """

    codec: Codec = "libx264"
    crf: int = 18
    preset: str = "veryfast"
    group: int = 250
    scale: float = 1.0
    rate: float = 0.0
    sound_bits: int = 96_000

    @classmethod
    def draw(cls, rng: Generator) -> "VideoCorruption":
        """From a careful copy to a picture that has gone through several messengers."""
        presets = ("ultrafast", "superfast", "veryfast", "faster", "medium")
        return cls(
            codec="libx265" if rng.random() < 0.15 else "libx264",
            crf=int(rng.integers(18, 37)),
            preset=presets[rng.integers(len(presets))],
            group=int(rng.choice([12, 25, 50, 250])),
            scale=float(rng.uniform(0.6, 1.0)) if rng.random() < 0.3 else 1.0,
            rate=float(rng.choice([15, 20, 24, 30])) if rng.random() < 0.15 else 0.0,
            sound_bits=int(rng.choice([32_000, 48_000, 64_000, 96_000, 128_000])),
        )

    def write(self, path: Path, frames: Image, rate: float, sound: Floats | None) -> None:
        """Encode to an MP4.

        Args:
            path: Overwritten.
            frames: (n, height, width, 3) RGB.
            rate: Of the frames, pictures a second.
            sound: (samples,) at 16 kHz in -1..1.
        """
        shown = self._at_rate(frames, rate)
        pace = Fraction(self.rate or rate).limit_denominator(1001)
        height, width = (round(x * self.scale / 2) * 2 for x in frames.shape[1:3])
        with av.open(str(path), "w", format="mp4") as container:
            video = container.add_stream(self.codec, rate=pace)
            video.width, video.height, video.pix_fmt = width, height, "yuv420p"
            video.codec_context.thread_count = 1
            video.options = {"crf": str(self.crf), "preset": self.preset, "g": str(self.group)}
            if self.codec == "libx265":
                # hvc1 is the tag that players accept; its encoder is chatty and greedy otherwise.
                video.codec_context.codec_tag = "hvc1"
                video.options |= {"x265-params": "log-level=error:pools=none:frame-threads=1"}
            audio = None
            if sound is not None:
                audio = container.add_stream("aac", rate=SOUND_RATE, layout="mono")
                audio.bit_rate = self.sound_bits
            for picture in shown:
                container.mux(
                    video.encode(av.VideoFrame.from_ndarray(_sized(picture, height, width)))
                )
            container.mux(video.encode(None))
            if audio is not None and sound is not None:
                for packet in _encoded(audio, sound):
                    container.mux(packet)

    def _at_rate(self, frames: Image, rate: float) -> Image:
        """Each new moment shows the picture that was on display then."""
        if self.rate == 0:
            return frames
        times = np.arange(int(len(frames) / rate * self.rate)) / self.rate
        return frames[np.minimum((times * rate).astype(int), len(frames) - 1)]


def _sized(picture: Image, height: int, width: int) -> Image:
    if picture.shape[:2] == (height, width):
        return np.ascontiguousarray(picture)
    return cv2.resize(picture, (width, height), interpolation=cv2.INTER_AREA)


def _encoded(stream: "av.AudioStream", sound: Floats) -> list["av.Packet[av.AudioStream]"]:
    resampler = av.AudioResampler(format="fltp", layout="mono", rate=SOUND_RATE)
    frame = av.AudioFrame.from_ndarray(sound[None].astype(np.float32), "fltp", "mono")
    frame.rate, frame.pts, frame.time_base = RATE, 0, Fraction(1, RATE)
    packets = []
    for piece in [*resampler.resample(frame), *resampler.resample(None)]:
        packets += stream.encode(piece)
    return packets + stream.encode(None)
