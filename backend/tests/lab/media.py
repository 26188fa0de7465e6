"""What the lab examines: a still with texture, a moving clip with sound, a recording; models."""

import json
from pathlib import Path

import cv2
import numpy as np
import soundfile

from assay.branches.audio.cqcc import RATE
from assay_lab.augment.video import VideoCorruption
from assay_lab.data.rows import Row
from tests.lab.voice import voice


def textured(height: int, width: int) -> np.ndarray:
    """(height, width, 3), smooth at the scale of eight pixels."""
    rng = np.random.default_rng(0)
    coarse = rng.integers(0, 256, (height // 8, width // 8, 3), np.uint8)
    return cv2.resize(coarse, (width, height), interpolation=cv2.INTER_CUBIC)


def written(folder: Path) -> list[Row]:
    """a.png, b.mp4 and c.wav of a folder, as rows."""
    still, clip, speech = (folder / name for name in ("a.png", "b.mp4", "c.wav"))
    cv2.imwrite(str(still), textured(120, 160))
    frames = np.stack([np.roll(textured(96, 128), 4 * n, axis=1) for n in range(20)])
    VideoCorruption().write(clip, frames, 20, voice(1.0))
    soundfile.write(speech, voice(1.0), RATE)
    files = (("image", still), ("video", clip), ("speech", speech))
    return [Row(file, kind, "real", "", "g", "s") for kind, file in files]


def folder_of_models(folder: Path, gate: str) -> Path:
    """A models folder with nothing but a manifest, for those who ask what judged."""
    made = folder / f"models-{gate}"
    made.mkdir(exist_ok=True)
    entries = {"tiny_ladeda": {"files": {"model.onnx": gate}}, "fusion": {}}
    (made / "manifest.json").write_text(json.dumps({"models": entries}))
    return made
