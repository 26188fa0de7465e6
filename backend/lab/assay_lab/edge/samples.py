"""Labelled inputs of one network: what quantisation is calibrated on, and what audits ask.

A file of them is made by `export-edge`, or by anybody for a model of their own:

    np.savez("samples.npz", inputs=pictures, labels=fake)

inputs (n, ...) as the model takes them, one a row; labels (n,) 1 for fake; groups (n,) text, where
known: media of a group are not independent.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple, cast
from zipfile import BadZipFile

import cv2
import numpy as np
from numpy.typing import NDArray

from assay.types import Flags, Image
from assay_lab.edge.nets import GATE_NETWORK, SIDE
from assay_lab.face_pairs.held_out import Shown


class Samples(NamedTuple):
    """inputs: (n, ...). labels: (n,) True for fake. groups: a key each."""

    inputs: NDArray[np.generic]
    labels: Flags
    groups: list[str]


def write_samples(file: Path, samples: Samples) -> None:
    """For `read_samples`."""
    groups = np.array(samples.groups, np.str_)
    np.savez(file, inputs=samples.inputs, labels=samples.labels, groups=groups)


def read_samples(file: Path) -> Samples:
    """Samples of a file.

    Raises:
        ValueError: It holds none, or they do not fit together; the message says what is missing.
    """
    try:
        with np.load(file, allow_pickle=False) as stored:
            found = {name: stored[name] for name in stored.files}
    except (OSError, BadZipFile, ValueError) as error:
        raise ValueError(f"{file} cannot be read as an .npz of plain arrays") from error
    if not {"inputs", "labels"} <= found.keys():
        raise ValueError(f"{file} needs the arrays `inputs` and `labels`")
    inputs, labels = found["inputs"], found["labels"].astype(bool)
    groups = found.get("groups", np.arange(len(labels))).astype(str).tolist()
    if inputs.ndim < 2 or labels.shape != (len(inputs),) or len(groups) != len(inputs):
        raise ValueError(f"{file}: a row of `inputs`, a label and a group belong to each sample")
    if labels.all() or not labels.any():
        raise ValueError(f"{file} needs real and fake samples")
    return Samples(inputs, labels, groups)


def samples_for(name: str, faces: Sequence[Shown]) -> Samples:
    """Faces as an edge network takes them, pixels in 0..255; LiteRT is handed them as floats."""
    seen = [(shown, picture) for shown in faces if (picture := _picture(name, shown)) is not None]
    return Samples(
        np.stack([picture for _, picture in seen]),
        np.array([shown.row.fake for shown, _ in seen]),
        [shown.row.group for shown, _ in seen],
    )


def _picture(name: str, shown: Shown) -> Image | None:
    if name != GATE_NETWORK:
        return shown.aligned
    return None if shown.native is None else middle(shown.native)


def middle(native: Image) -> Image:
    """The middle of a native crop at even pixels, (224, 224, 3); what is smaller is mirrored on."""
    height, width = native.shape[:2]
    top, left = (max(0, length - SIDE) // 4 * 2 for length in (height, width))
    cut = native[top : top + SIDE, left : left + SIDE]
    down, right = SIDE - cut.shape[0], SIDE - cut.shape[1]
    if down or right:
        cut = cast(Image, cv2.copyMakeBorder(cut, 0, down, 0, right, cv2.BORDER_REFLECT_101))
    return np.ascontiguousarray(cut)
