"""Media for tests, made on the spot: talking heads, stills and voices.

Nothing is downloaded: the face is scikit-image's public-domain portrait, the voice is espeak-ng
where it is installed and a synthetic one where it is not. Hostile files are in `hostile_media.py`.
"""

import io
import shutil
import subprocess
import wave
from collections.abc import Iterator, Sequence
from fractions import Fraction
from functools import lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import av
import cv2
import imageio_ffmpeg
import numpy as np
import PIL.Image
from numpy.typing import NDArray
from skimage import data

from assay.types import Floats, Image
from tests.lab.voice import voice

VOICE_RATE = 16_000


@lru_cache(maxsize=1)
def portrait() -> Image:
    """Eileen Collins, 512 x 512 RGB, public domain (NASA); her face fills about a quarter."""
    return np.asarray(data.astronaut(), np.uint8)


def talking_head(width: int, height: int, time: float, *, face: float = 0.5) -> Image:
    """A portrait that sways, zooms and moves its mouth.

    Args:
        width, height: Of the picture.
        time: Seconds; the same time gives the same picture.
        face: Height of the face as a share of the picture's.

    Returns:
        RGB, (height, width, 3).
    """
    source = portrait().copy()
    opening = round(6 + 5 * np.sin(2 * np.pi * 3 * time))  # the mouth lies at about (228, 172)
    cv2.ellipse(source, (226, 172), (14, max(1, opening)), 0, 0, 360, (60, 20, 20), -1)
    scale = face * height / 150 * (1 + 0.05 * np.sin(2 * np.pi * 0.4 * time))
    x = width / 2 + 0.05 * width * np.sin(2 * np.pi * 0.3 * time)
    y = height / 2 + 0.03 * height * np.cos(2 * np.pi * 0.5 * time)
    matrix = np.array([[scale, 0, x - 225 * scale], [0, scale, y - 130 * scale]])
    return np.asarray(
        cv2.warpAffine(
            source, matrix, (width, height), flags=cv2.INTER_AREA, borderMode=cv2.BORDER_REFLECT
        ),
        np.uint8,
    )


def numbered(width: int, height: int, number: int) -> Image:
    """A picture that says which it is: 12 bits as black and white columns, see `read_number`."""
    columns = [255 * (number >> bit & 1) for bit in range(12)]
    row = np.repeat(np.array(columns, np.uint8), -(-width // 12))[:width]
    return np.repeat(np.broadcast_to(row, (height, width))[..., None], 3, axis=2).copy()


def read_number(grey: Image) -> int:
    """The number of a `numbered` picture after any codec."""
    height, width = grey.shape
    middles = [min(width - 1, int((bit + 0.5) * -(-width // 12))) for bit in range(12)]
    return sum(int(grey[height // 2, x] > 127) << bit for bit, x in enumerate(middles))


def write_video(
    path: Path,
    *,
    seconds: float = 1.0,
    fps: float = 25.0,
    size: tuple[int, int] = (160, 120),
    codec: str = "libx264",
    pixel_format: str = "yuv420p",
    options: dict[str, str] | None = None,
    container: str | None = None,
    container_options: dict[str, str] | None = None,
    rotation: int = 0,
    aspect: Fraction | None = None,
    times: Sequence[float] | None = None,
    pictures: Sequence[Image] | None = None,
    sound: Floats | None = None,
    sound_rate: int = VOICE_RATE,
    sound_codec: str = "aac",
    sound_from: float = 0.0,
    metadata: dict[str, str] | None = None,
) -> Path:
    """Encode a video.

    Args:
        path: Its suffix chooses the container unless `container` names FFmpeg's muxer.
        seconds, fps: Length and rate, unless `times` gives each picture's time.
        size: Width and height as stored, before `rotation`.
        codec, pixel_format, options: Of the encoder, as FFmpeg names them.
        rotation: Clockwise turn that the metadata asks players for, degrees.
        aspect: Width of a stored pixel over its height.
        pictures: What to show; talking heads by default.
        sound: Mono samples at `sound_rate`, or None for a silent film; it begins at `sound_from`.
    """
    width, height = size
    moments = times if times is not None else [i / fps for i in range(round(seconds * fps))]
    with av.open(str(path), "w", format=container, options=container_options or {}) as output:
        output.metadata.update(metadata or {})
        video = output.add_stream(codec, rate=Fraction(fps).limit_denominator(1001))
        video.width, video.height, video.pix_fmt = width, height, pixel_format
        video.options = {"threads": "1", **_FAST.get(codec, {}), **(options or {})}
        if times is not None:
            video.codec_context.time_base = Fraction(1, 1000)
        if aspect is not None:
            video.codec_context.sample_aspect_ratio = aspect
        if rotation:
            video.set_display_rotation(-rotation)
        voice_over: Iterator[float] = iter(())
        if sound is not None:
            track = output.add_stream(sound_codec, rate=sound_rate)
            track.layout = "mono"
            voice_over = _encode_sound(output, track, sound, sound_rate, sound_from)
        heard = 0.0
        for number, moment in enumerate(moments):
            while heard <= moment:  # side by side, as recorders write it
                heard = next(voice_over, float("inf"))
            rgb = pictures[number] if pictures is not None else talking_head(*size, moment)
            frame = av.VideoFrame.from_ndarray(rgb, format="rgb24")
            if times is not None:
                frame.time_base, frame.pts = Fraction(1, 1000), round(moment * 1000)
            output.mux(video.encode(frame))
        output.mux(video.encode(None))
        for _ in voice_over:
            pass
    return path


_FAST: dict[str, dict[str, str]] = {
    "libx264": {"preset": "ultrafast"},
    "libx265": {"preset": "ultrafast", "x265-params": "log-level=none:pools=1"},
    "libvpx-vp9": {"deadline": "realtime", "cpu-used": "8"},
    "libsvtav1": {"preset": "12", "svtav1-params": "lp=1"},
}


def write_sound(
    path: Path,
    samples: Floats,
    rate: int = VOICE_RATE,
    *,
    codec: str = "pcm_s16le",
    container: str | None = None,
    layout: str = "mono",
) -> Path:
    """Encode sound; `samples` is (n,) for mono or (channels, n)."""
    with av.open(str(path), "w", format=container) as output:
        track = output.add_stream(codec, rate=rate)
        track.layout = layout
        for _ in _encode_sound(output, track, samples, rate):
            pass
    return path


def _encode_sound(
    output: Any, track: Any, samples: Floats, rate: int, begin: float = 0.0
) -> Iterator[float]:
    """Write sound piece by piece; yields the seconds written so far."""
    channels = np.atleast_2d(samples).astype(np.float32)
    resampler = av.AudioResampler(format=track.format.name, layout=track.layout, rate=rate)
    for start in range(0, channels.shape[1], 1024):
        piece = np.ascontiguousarray(channels[:, start : start + 1024])
        frame = av.AudioFrame.from_ndarray(piece, format="fltp", layout=track.layout.name)
        frame.sample_rate, frame.time_base = rate, Fraction(1, rate)
        frame.pts = start + round(begin * rate)
        for converted in resampler.resample(frame):
            output.mux(track.encode(converted))
        yield begin + (start + piece.shape[1]) / rate
    output.mux(track.encode(None))


def remux(
    source: Path, target: Path, *, options: dict[str, str] | None = None, later: float = 0.0
) -> Path:
    """Copy the packets into another container, without encoding, all times `later` by seconds."""
    with av.open(str(source)) as reading, av.open(str(target), "w", options=options or {}) as out:
        streams = {s.index: out.add_stream_from_template(s) for s in reading.streams}
        for packet in reading.demux():
            if packet.dts is None or packet.pts is None:
                continue
            shift = round(later / packet.time_base)
            packet.pts, packet.dts = packet.pts + shift, packet.dts + shift
            packet.stream = streams[packet.stream.index]
            out.mux(packet)
    return target


def add_late_sound(source: Path, target: Path, late: float, seconds: float = 2.0) -> Path:
    """A tone that starts `late` seconds after the beginning of a silent film's copy."""
    run_ffmpeg(
        *("-i", str(source), "-itsoffset", str(late)),
        *("-f", "lavfi", "-i", f"sine=f=300:r=16000:d={seconds}"),
        *("-map", "0:v", "-map", "1:a", "-c:v", "copy", "-c:a", "aac", str(target)),
    )
    return target


def loop_video(source: Path, target: Path, seconds: float, *, container: str | None = None) -> Path:
    """A long video, cheaply: the packets of a short one over and over."""
    with av.open(str(source)) as reading:
        stream = reading.streams.video[0]
        base = stream.time_base
        assert base is not None
        packets = [p for p in reading.demux(stream) if p.dts is not None]
        period = sum(p.duration or 0 for p in packets)
        with av.open(str(target), "w", format=container) as output:
            copy = output.add_stream_from_template(stream)
            for turn in range(round(seconds / float(period * base))):
                for packet in packets:
                    again = av.Packet(bytes(packet))
                    again.pts = (packet.pts or 0) + turn * period
                    again.dts = (packet.dts or 0) + turn * period
                    again.duration, again.time_base = packet.duration, base
                    again.is_keyframe, again.stream = packet.is_keyframe, copy
                    output.mux(again)
    return target


def run_ffmpeg(*arguments: str) -> None:
    """Use FFmpeg's program for what PyAV cannot write."""
    binary = imageio_ffmpeg.get_ffmpeg_exe()
    subprocess.run([binary, "-v", "error", "-nostdin", "-y", *arguments], check=True)


def still(kind: str, *, size: tuple[int, int] = (200, 150), **options: Any) -> bytes:
    """A talking head as PIL saves it: `kind` is PIL's name of the format."""
    mode = options.pop("mode", "RGB")
    image = PIL.Image.fromarray(talking_head(*size, 0.0))
    image = image.quantize(64) if mode == "P" else image.convert(mode)
    buffer = io.BytesIO()
    image.save(buffer, kind, **options)
    return buffer.getvalue()


def wav(samples: NDArray[Any], rate: int = VOICE_RATE, channels: int = 1) -> bytes:
    """16-bit PCM from integer samples, interleaved."""
    buffer = io.BytesIO()
    with wave.open(buffer, "wb") as file:
        file.setnchannels(channels)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes(samples.astype("<i2").tobytes())
    return buffer.getvalue()


def has_espeak() -> bool:
    """Whether a real synthesiser is installed."""
    return shutil.which("espeak-ng") is not None


@lru_cache(maxsize=8)
def speak(
    text: str = "The quick brown fox jumps over the lazy dog, and nobody knows why.",
) -> Floats:
    """Speech at `VOICE_RATE`: espeak-ng's, or a synthetic voice where it is not installed."""
    if not has_espeak():
        return voice(len(text) / 15)
    with TemporaryDirectory() as folder:
        path = Path(folder) / "speech.wav"
        subprocess.run(["espeak-ng", "-w", str(path), text], check=True)
        return np.concatenate(list(_decoded(path)))


def _decoded(path: Path) -> Iterator[Floats]:
    resampler = av.AudioResampler(format="flt", layout="mono", rate=VOICE_RATE)
    with av.open(str(path)) as container:
        for frame in container.decode(audio=0):
            for piece in resampler.resample(frame):
                yield piece.to_ndarray()[0].astype(np.float32)
        for piece in resampler.resample(None):
            yield piece.to_ndarray()[0].astype(np.float32)


def hdr_coded(rgb: Image, transfer: str) -> NDArray[np.uint16]:
    """A standard picture as HDR codes it: white at 203 cd/m2, on BT.2020's primaries, 16 bits.

    Formulas of ITU-R BT.2100 and BT.2087, for a display of 1,000 cd/m2.
    """
    code = rgb.astype(np.float64) / 255
    light = np.where(code <= 0.04045, code / 12.92, ((code + 0.055) / 1.055) ** 2.4)
    to_2020 = np.array(
        [[0.6274, 0.3293, 0.0433], [0.0691, 0.9195, 0.0114], [0.0164, 0.0880, 0.8956]]
    )
    nits = 203 * light @ to_2020.T
    if transfer == "pq":
        power = (nits / 10_000) ** 0.1593017578125
        coded = ((0.8359375 + 18.8515625 * power) / (1 + 18.6875 * power)) ** 78.84375
    else:
        luminance = np.maximum(nits @ np.array([0.2627, 0.6780, 0.0593]), 1e-9)[..., None]
        scene = nits / 1000 * (luminance / 1000) ** (1 / 1.2 - 1)
        coded = np.where(
            scene <= 1 / 12,
            np.sqrt(3 * scene),
            0.17883277 * np.log(np.maximum(12 * scene - 0.28466892, 1e-9)) + 0.55991073,
        )
    return (65_535 * np.clip(coded, 0, 1)).round().astype(np.uint16)
