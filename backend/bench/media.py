"""Large files for the benchmark: what a camera's, a phone's and a recorder's largest cost."""

from pathlib import Path

import cv2
import numpy as np

from tests.media_factory import VOICE_RATE, speak, talking_head, write_sound

FACE = 100
"""Pixels of the face in each picture: the search has to go to its finest windows."""
HOUR = 3600


def make_large(folder: Path) -> dict[str, Path]:
    """Each file by what it is called in the table."""
    return {
        "12 MP photo": _photo(folder / "12mp.jpg", 4000, 3000),
        "48 MP photo": _photo(folder / "48mp.jpg", 8000, 6000),
        "1080 x 20,000 screenshot": _photo(folder / "tall.png", 1080, 20_000),
        "one hour of sound": _hour(folder / "hour.ogg"),
    }


def _photo(path: Path, width: int, height: int) -> Path:
    """A soft ground with one face on it, a third from the right and from below."""
    rng = np.random.default_rng(width)
    small = rng.uniform(90, 150, (6, 8, 3)).astype(np.float32)
    picture = cv2.resize(small, (width, height), interpolation=cv2.INTER_CUBIC).astype(np.uint8)
    head = talking_head(2 * FACE, 2 * FACE, 0.0)
    top, left = 2 * height // 3, 2 * width // 3
    picture[top : top + 2 * FACE, left : left + 2 * FACE] = head
    assert cv2.imwrite(str(path), picture[..., ::-1])
    return path


def _hour(path: Path) -> Path:
    """Quiet but for sixteen seconds near the end."""
    wave = np.random.default_rng(1).normal(0, 1e-4, HOUR * VOICE_RATE).astype(np.float32)
    voice = np.tile(speak(), 10)[: 16 * VOICE_RATE]
    wave[-len(voice) - VOICE_RATE : -VOICE_RATE] += voice
    return write_sound(path, wave, codec="libopus")
