"""Lossy audio codecs as a corruption: through a container in memory and back, by PyAV."""

import io
from dataclasses import dataclass
from typing import Final

import av
import numpy as np
from av.audio.resampler import AudioResampler
from numpy.random import Generator

from assay.branches.audio.cqcc import RATE
from assay.types import Floats


@dataclass(frozen=True, slots=True)
class Codec:
    """One setting of an encoder. rate: Hz. bit_rate: bit/s, 0 where the format fixes it."""

    name: str
    container: str
    rate: int
    bit_rate: int = 0


_Choice = tuple[float, str, str, tuple[int, ...], tuple[int, ...]]
_CHOICES: Final[tuple[_Choice, ...]] = (
    # weight, encoder, container, rates, bit rates: the web, messengers, telephones, recorders
    (5, "libmp3lame", "mp3", (16_000, 22_050, 44_100), (32_000, 48_000, 64_000, 96_000, 128_000)),
    (4, "aac", "adts", (16_000, 22_050, 44_100, 48_000), (32_000, 48_000, 64_000, 96_000)),
    (4, "libopus", "ogg", (48_000,), (12_000, 16_000, 24_000, 32_000, 64_000)),
    (1, "wmav2", "asf", (22_050, 44_100), (48_000, 64_000, 96_000)),
    (1, "mp2", "mp2", (22_050, 44_100), (64_000, 96_000)),
    (1, "libopencore_amrnb", "amr", (8_000,), (5_900, 7_950, 12_200)),
    (1, "g723_1", "wav", (8_000,), (6_300,)),
    (1, "adpcm_g726", "wav", (8_000,), (32_000,)),
    (1, "pcm_mulaw", "wav", (8_000, 16_000), (0,)),
    (1, "pcm_alaw", "wav", (8_000,), (0,)),
    (1, "g722", "wav", (16_000,), (64_000,)),
    (1, "adpcm_ima_wav", "wav", (16_000, 22_050), (0,)),
)


def draw(rng: Generator) -> Codec:
    """A codec and a setting of it."""
    weights = np.array([choice[0] for choice in _CHOICES])
    _, name, container, rates, bits = _CHOICES[rng.choice(len(_CHOICES), p=weights / weights.sum())]
    return Codec(name, container, int(rng.choice(rates)), int(rng.choice(bits)))


def through(wave: Floats, codec: Codec) -> Floats:
    """The wave after encoding and decoding: as long as before, the codec's delay kept.

    Args:
        wave: (samples,) at 16 kHz in -1..1.
        codec: One that FFmpeg can encode.
    """
    file = io.BytesIO()
    with av.open(file, "w", format=codec.container) as output:
        stream = output.add_stream(codec.name, rate=codec.rate)
        assert isinstance(stream, av.AudioStream)
        stream.codec_context.layout = "mono"
        if codec.bit_rate:
            stream.bit_rate = codec.bit_rate
        frame = av.AudioFrame.from_ndarray(wave[None], format="fltp", layout="mono")
        frame.sample_rate = RATE
        # Without a time of its own the last packet of some lengths may lie before the one ahead.
        frame.pts = 0
        for packet in [*stream.encode(frame), *stream.encode(None)]:
            output.mux(packet)
    file.seek(0)
    parts: list[Floats] = []
    with av.open(file, "r") as coded:
        resampler = AudioResampler(format="fltp", layout="mono", rate=RATE)
        for heard in coded.decode(audio=0):
            parts.extend(out.to_ndarray()[0] for out in resampler.resample(heard))
        parts.extend(out.to_ndarray()[0] for out in resampler.resample(None))
    back = np.concatenate(parts)[: len(wave)]
    return np.pad(back, (0, len(wave) - len(back)))
