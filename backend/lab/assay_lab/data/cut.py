"""Cutting a labelled cell or tile out of a picture or clip, as a recipe's `crop` column names it.

Figures and comparison videos show several results side by side; only the cell is what its row
says. A picture's cell is stored without loss; a clip's is encoded again so finely that its traces
vanish under any training augmentation, its sound copied.
"""

import subprocess
from pathlib import Path
from typing import Final

import cv2
import imageio_ffmpeg
import numpy as np

from assay_lab.data.rows import Modality

ENDING: Final[dict[Modality, str]] = {"image": ".png", "video": ".mp4"}
"""What a cut file is stored as."""

Cell = tuple[int, int, int, int]
"""x, y, width, height in displayed pixels."""


def parse_cell(text: str) -> Cell | None:
    """A cell from a recipe's column; None where the whole file is meant.

    Raises:
        ValueError: It is not four whole numbers, of which the last two are positive.
    """
    if not text.strip():
        return None
    x, y, width, height = (int(part) for part in text.split())
    if min(x, y) < 0 or min(width, height) <= 0:
        raise ValueError(f"no cell: {text!r}")
    return x, y, width, height


def cut(content: bytes, modality: Modality, cell: Cell, place: Path) -> None:
    """Write the cell of a picture or clip.

    Raises:
        ValueError: The content cannot be read, or the cell lies outside it.
    """
    place.parent.mkdir(parents=True, exist_ok=True)
    partial = place.with_suffix(f".part{place.suffix}")
    if modality == "image":
        _cut_picture(content, cell, partial)
    else:
        _cut_clip(content, cell, partial)
    partial.replace(place)


def _cut_picture(content: bytes, cell: Cell, place: Path) -> None:
    picture = cv2.imdecode(np.frombuffer(content, np.uint8), cv2.IMREAD_COLOR)
    if picture is None:
        raise ValueError("the picture cannot be decoded")
    x, y, width, height = cell
    piece = picture[y : y + height, x : x + width]
    if not piece.size:
        raise ValueError(f"{cell} lies outside the picture")
    cv2.imwrite(str(place), piece)


def _cut_clip(content: bytes, cell: Cell, place: Path) -> None:
    whole = place.with_suffix(".whole")
    whole.write_bytes(content)
    x, y, width, height = cell
    command = [imageio_ffmpeg.get_ffmpeg_exe(), "-v", "error", "-y", "-i", str(whole)]
    # Chroma is shared by pairs of pixels, so both sides have to be even.
    command += ["-vf", f"crop={width // 2 * 2}:{height // 2 * 2}:{x}:{y}"]
    command += ["-c:v", "libx264", "-crf", "8", "-preset", "fast", "-pix_fmt", "yuv420p"]
    command += ["-c:a", "copy", str(place)]
    try:
        subprocess.run(command, check=True, capture_output=True)
    except subprocess.CalledProcessError as error:
        raise ValueError(error.stderr.decode(errors="replace").strip()) from None
    finally:
        whole.unlink()
